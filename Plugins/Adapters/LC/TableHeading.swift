import IngestCore
import TabularText

/// Tells the headings and the lines of units of tables whose format is not known.
enum TableHeading {
    /// The last line on which the first heading may begin.
    static let lastLine = 60

    /// The first record with two known headings and no number.
    static func find(_ opening: SourceOpening, _ dialect: Dialect) -> (line: Int, cells: [String])? {
        dialect.records(of: opening.lines.prefix(lastLine)).first { isHeading($0.cells) }
    }

    private static func isHeading(_ cells: [String]) -> Bool {
        cells.count >= 2 && ResultTable.recognizedColumns(cells) >= 2 && !cells.contains(where: isNumber)
    }

    enum Likeness { case none, doubtful, sure }

    /// Whether a row that does not fit the table above it is the heading of another: most of its texts are headings, and
    /// one of them is of a measurement. A garbled row may have some of these words in it, as `Sample`, `Trace`, `Area`.
    static func likeness(_ cells: [String]) -> Likeness {
        guard isHeading(cells) else { return .none }
        let texts = cells.filter { !$0.trimmed.isEmpty }
        let fields = texts.compactMap(ColumnHeading.field)
        let measures = fields.contains { if case .measurement = $0 { true } else { false } }
        guard measures, Set(fields).count >= 2 else { return .none }
        return fields.count * 2 > texts.count ? .sure : .doubtful
    }

    /// Whether cells are the units of headings: as many, each a unit or empty, some unit at least, and none where a name
    /// belongs or where it does not fit. `A` below `Sample Name` is no unit of ampere.
    static func areUnits(_ cells: [String], below headings: [String], field: (String) -> ColumnField?) -> Bool {
        guard cells.count == headings.count else { return false }
        var hasUnit = false
        for (cell, heading) in zip(cells, headings) where !cell.trimmed.isEmpty {
            guard let unit = Unit(spelling: cell) else { return false }
            switch field(heading) {
            case .measurement(let name) where name.canBe(in: unit): break
            case .injectionVolume where MeasurementName.volume.canBe(in: unit): break
            case nil: break
            default: return false
            }
            hasUnit = true
        }
        return hasUnit
    }

    static func isNumber(_ cell: String) -> Bool { NumberText.read(cell, mark: .point) != .fault(.notANumber) }
}
