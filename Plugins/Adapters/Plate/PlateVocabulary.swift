import IngestCore
import TabularText

/// The words of dose-response tables.
struct PlateVocabulary: TableVocabulary {
    /// What people write where there is no value.
    static let missing = TableBeginning.missing + ["null", "NULL", "Null", "N.A.", "#VALUE!", "#DIV/0!"]

    /// The first record that is the heading of a table of doses and responses, and what its columns hold.
    static func find(_ opening: SourceOpening, _ dialect: Dialect) -> (line: Int, layout: PlateLayout)? {
        guard opening.members.isEmpty else { return nil }
        var rows = PlateRows(opening, dialect)
        for record in dialect.records(of: opening.lines.prefix(TableHeading.lastLine)) where mayBeHeading(record.cells) {
            guard record.cells.contains(where: PlateHeading.mayBeDose) else { continue }
            if let layout = PlateLayout(record.cells, rows: rows.below(record.line), missing: Set(missing)) {
                return (record.line, layout)
            }
        }
        return nil
    }

    /// Two cells and no number: asked of every line at the beginning of any file.
    private static func mayBeHeading(_ cells: [String]) -> Bool {
        cells.count >= 2 && !cells.contains(where: TableHeading.isNumber)
    }

    func knows(_ heading: String) -> Bool { PlateHeading(heading).column != nil }

    func likeness(_ cells: [String]) -> TableHeading.Likeness {
        guard cells.contains(where: PlateHeading.hasLettersOfDose), Self.mayBeHeading(cells),
            let layout = PlateLayout(cells, rows: [], missing: [])
        else { return .none }
        return layout.known * 2 > cells.filter { !$0.trimmed.isEmpty }.count ? .sure : .doubtful
    }

    func areUnits(_ cells: [String], below headings: [String]) -> Bool {
        TableHeading.areUnits(cells, below: headings) { PlateHeading($0).column?.fieldWithUnit }
    }

    func namingColumns(_ header: Header) -> [Int] {
        header.names.indices.filter { PlateHeading(header.names[$0]).column?.tellsWhose ?? false }
    }

    func table(_ header: Header, rows: [[String]], numeric: Set<Int>, missing: Set<String>) -> ResultTable {
        // Further tables may have texts for responses.
        let layout =
            PlateLayout(header.names, rows: rows, missing: missing) ?? PlateLayout(header.names, rows: [], missing: missing)
        guard let layout else { return ResultTable(header, context: Self.context, numeric: numeric) }
        return layout.table(header)
    }

    /// Nothing numbers wells, and two may be alike.
    static var context: ResultTable.Context {
        var context = ResultTable.Context(kind: .well)
        context.isWatched = false
        return context
    }
}

extension PlateLayout {
    /// The table below a heading, with the units of its columns.
    func table(_ header: Header) -> ResultTable {
        var header = header
        for index in 0..<header.count { header.units[index] = unit(index, below: header) }
        var context = PlateVocabulary.context
        context.signal = signal
        return ResultTable(header, context: context, fields: fields, numeric: numbers)
    }
}
