import IngestCore
import TabularText

/// The words of dose-response tables.
struct PlateVocabulary: TableVocabulary {
    /// What people write where there is no value.
    static let missing = TableBeginning.missing + ["null", "NULL", "Null", "N.A.", "#VALUE!", "#DIV/0!"]

    /// The first record that is the heading of a table of doses and responses, and what its columns hold.
    static func find(_ opening: SourceOpening, _ dialect: Dialect) -> (line: Int, layout: PlateLayout)? {
        guard opening.members.isEmpty else { return nil }
        for record in dialect.records(of: opening.lines.prefix(TableHeading.lastLine)) where mayBeHeading(record.cells) {
            guard record.cells.contains(where: PlateHeading.mayBeDose) else { continue }
            let records = dialect.records(of: opening.wholeLines.dropFirst(record.line - 1)).dropFirst().map(\.cells)
            let rows = records.filter { $0.count > 1 }.prefix { PlateVocabulary().likeness($0) == .none }
            if let layout = PlateLayout(record.cells, rows: Array(rows), missing: Set(missing)) { return (record.line, layout) }
        }
        return nil
    }

    /// Two cells and no number: asked of every line at the beginning of any file.
    private static func mayBeHeading(_ cells: [String]) -> Bool {
        cells.count >= 2 && !cells.contains(where: TableHeading.isNumber)
    }

    func knows(_ heading: String) -> Bool { PlateHeading(heading).column != nil }

    func likeness(_ cells: [String]) -> TableHeading.Likeness {
        guard Self.mayBeHeading(cells), let layout = PlateLayout(cells, rows: [], missing: []) else { return .none }
        return layout.known * 2 > cells.filter { !$0.trimmed.isEmpty }.count ? .sure : .doubtful
    }

    func areUnits(_ cells: [String], below headings: [String]) -> Bool {
        TableHeading.areUnits(cells, below: headings) { heading in
            switch PlateHeading(heading).column {
            case .dose, .concentration: .measurement(.dose)
            case .response(let name), .measurement(let name): .measurement(name)
            case .logDose, .series, .weight, .label, nil: nil
            default: .sampleName
            }
        }
    }

    func namingColumns(_ header: Header) -> [Int] {
        header.names.indices.filter { index in
            switch PlateHeading(header.names[index]).column {
            case .response, .series, .measurement, .weight, .doseUnit, .responseUnit, .unit, .label, nil: false
            default: true
            }
        }
    }

    func table(_ header: Header, rows: [[String]], numeric: Set<Int>, missing: Set<String>) -> ResultTable {
        var header = header
        var context = ResultTable.Context(kind: .well)
        context.isWatched = false
        // Further tables may have texts for responses.
        let layout =
            PlateLayout(header.names, rows: rows, missing: missing) ?? PlateLayout(header.names, rows: [], missing: missing)
        guard let layout else { return ResultTable(header, context: context, numeric: numeric) }
        for index in 0..<header.count { header.units[index] = layout.unit(index, below: header) }
        context.signal = layout.signal
        return ResultTable(header, context: context, fields: layout.fields, numeric: layout.numbers)
    }
}
