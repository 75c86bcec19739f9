import IngestCore
import TabularText

/// Reads the rows below the heading of a table whose format is not known, and those of further tables below it.
final class TableRows {
    private let text: DelimitedText
    private let vocabulary: any TableVocabulary
    private var heading: [String]
    /// A line of units that was met below the heading; it may stand again where the heading does.
    @exclusivity(unchecked) private var units: Header?
    /// Made when the first row shows what its columns hold.
    @exclusivity(unchecked) private var table: ResultTable?
    @exclusivity(unchecked) private var summary = SummaryRows([])
    private var toldOfTrailing = false

    /// - Parameter heading: The cells of the first heading.
    init(_ heading: [String], _ text: DelimitedText, in vocabulary: any TableVocabulary) {
        self.heading = heading
        self.text = text
        self.vocabulary = vocabulary
    }

    /// Reads a table from the first line of its text to the last.
    /// - Parameter headingLine: Where the first heading begins; what stands above it describes the run.
    static func read(
        _ text: DelimitedText, headingLine: Int, in vocabulary: any TableVocabulary, into output: AdapterOutput
    ) async throws {
        let beginning = try TableBeginning(of: text, headingLine: headingLine) {
            UnknownHeadings.tell($0, isKnown: vocabulary.knows)
        }
        try await output.begin(RunRecord(extras: beginning.extras))
        let rows = TableRows(beginning.heading, text, in: vocabulary)
        var record = ResultRecord(kind: .sample, measurements: [], location: SourceLocation(file: ""))
        try await output.emitResults(reusing: &record, from: text.next) { try rows.fill(&$0, from: $1) }
    }

    /// Brings the record up to date with a row; false for a row that is no result.
    /// - Throws: A ``Diagnostic`` at the cell that leaves the row out.
    func fill(_ record: inout ResultRecord, from row: Row) throws -> Bool {
        guard let table, isOrdinary(row, table) else { return try lookClosely(at: row, &record) }
        return try read(row, table, &record)
    }

    /// Nothing about the row asks for more than its values, as is so of nearly all.
    @inline(__always)
    private func isOrdinary(_ row: Row, _ table: ResultTable) -> Bool {
        guard table.hasNumbers, row.fitsPlainly(table.header), !row.mayRepeat(table.header), !summary.mayBe(row) else {
            return false
        }
        guard let units else { return true }
        return !row.mayRepeat(units)
    }

    private func lookClosely(at row: Row, _ record: inout ResultRecord) throws -> Bool {
        if row.isEmpty(0), row.isBlank { return false }
        guard let table else {
            row.header = Header(heading)
            if units == nil, vocabulary.areUnits(row.cells, below: heading) {
                units = Header(row.cells)
                row.describe()
                return false
            }
            let table = makeTable(from: row)
            row.header = table.header
            summary = SummaryRows(vocabulary.namingColumns(table.header))
            self.table = table
            record = table.blank
            return try fill(&record, from: row)
        }
        if row.repeats(table.header) || units.map(row.repeats) == true {
            row.ignore(.repeatedHeading)
            return false
        }
        if row.count != table.header.count || !table.hasNumbers, try beginsTable(row) { return false }
        if let column = summary.word(row) {
            row.source.account.report(
                row.fault(
                    "table.summary-row", "\"\(row[column])\" sums up the rows above and is no result", at: column,
                    severity: .note, hint: "the row was ignored; if it is a sample of that name, give it a vial or an id"))
            row.ignore(.summaryRow)
            return false
        }
        guard table.fits(row) else { return false }
        if row.count > table.header.count, !toldOfTrailing { tellTrailing(row, table.header.count) }
        return try read(row, table, &record)
    }

    private func read(_ row: Row, _ table: ResultTable, _ record: inout ResultRecord) throws -> Bool {
        do {
            try table.fill(&record, from: row)
        } catch {
            // The texts of another heading are no numbers.
            guard try beginsTable(row) else { throw error }
            return false
        }
        return true
    }

    /// Whether the row is the heading of another table, which then begins.
    /// - Throws: A `FileFault` where nobody can tell, for the rows below it could be of either.
    private func beginsTable(_ row: Row) throws -> Bool {
        let cells = row.cells
        switch vocabulary.likeness(cells) {
        case .none: return false
        case .doubtful:
            throw FileFault(
                row.fault(
                    "table.doubtful-heading", "this line is no row of the table, and may be the heading of another", at: 0,
                    hint: "nothing of the file was used; correct the row if it is one, or split the file here"))
        case .sure:
            row.describe()
            UnknownHeadings.tell(row, isKnown: vocabulary.knows)
            heading = cells
            units = nil
            table = nil
            return true
        }
    }

    /// - Parameter row: The first row with values.
    private func makeTable(from row: Row) -> ResultTable {
        let header = Header(heading, units: units?.names ?? [])
        // Beyond the beginning of the file, the row alone.
        let lines = text.source.opening.wholeLines.dropFirst(row.line - 1)
        let seen = text.dialect.records(of: lines).map { $0.cells.map(\.trimmed) }
            .filter { $0 != header.names && $0 != units?.names && !$0.allSatisfy(\.isEmpty) }
            .prefix { vocabulary.likeness($0) == .none }
        let rows = seen.isEmpty ? [row.cells] : Array(seen)
        let numeric = NumericColumns.find(rows, columns: header.count, in: text)
        watchWords(row, numeric)
        for column in 0..<header.count where !numeric.contains(column) && !vocabulary.knows(header.names[column]) {
            watchMixture(row, column, rows)
        }
        return vocabulary.table(header, rows: rows, numeric: numeric, missing: text.missing)
    }

    /// A first row without a number, above others that have some, may be a line of units of which one is damaged.
    private func watchWords(_ row: Row, _ numeric: Set<Int>) {
        let filled = (0..<row.count).filter { !row.isEmpty($0) && !text.missing.contains(row[$0]) }
        guard units == nil, !numeric.isEmpty, let first = filled.first, filled.count * 2 <= row.count,
            !filled.contains(where: { row[$0].contains(where: \.isNumber) })
        else { return }
        row.source.account.report(
            row.fault(
                "table.words-below-heading", "this row below the headings has no number", at: first, severity: .warning,
                hint: "it was read as a row; if it is a line of units, \"\(row[first])\" is none that is known"))
    }

    /// Some programs end each row with a separator and the heading without; here nobody knows which program it was.
    private func tellTrailing(_ row: Row, _ count: Int) {
        toldOfTrailing = true
        row.source.account.report(
            row.fault(
                "table.trailing-cells", "this row has \(row.count) cells, the header has \(count)", at: count,
                severity: .warning,
                hint: "the row was read; if all rows end with a separator that is well, unless the header has lost one"))
    }

    private func isNumberOfOtherMark(_ cell: String) -> Bool {
        guard let mark = text.survey.decimalMark, !text.isNumber(cell) else { return false }
        if case .number = NumberText.read(cell, mark: mark.other) { return true }
        return false
    }

    /// Tells a column that is kept as text for numbers that are garbled; too many of them for a column of numbers.
    private func watchMixture(_ row: Row, _ column: Int, _ rows: [[String]]) {
        let cells = rows.compactMap { column < $0.count ? $0[column] : nil }.filter { !$0.isEmpty && !text.missing.contains($0) }
        if let first = cells.first, cells.allSatisfy(isNumberOfOtherMark) {
            row.source.account.report(
                row.fault(
                    "table.other-mark-column", "the numbers of this column, such as \"\(first)\", have another decimal mark",
                    at: column,
                    severity: .warning,
                    hint: "it is kept in the extras as text; export the file with one decimal mark"))
        }
        guard cells.contains(where: text.isNumber), cells.allSatisfy({ $0.first?.isNumber == true || text.isNumber($0) }),
            let odd = cells.first(where: { !text.isNumber($0) })
        else { return }
        row.source.account.report(
            row.fault(
                "table.mixed-column", "this column has numbers, and \"\(odd)\", which is none", at: column, severity: .warning,
                hint: "it is kept in the extras as text; if it is a column of numbers, correct the file at its source"))
    }
}
