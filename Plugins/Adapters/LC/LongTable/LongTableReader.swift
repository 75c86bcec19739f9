import IngestCore
import TabularText

/// Reads the rows of a long table in the words of its program.
final class LongTableReader {
    private let text: DelimitedText
    private let format: LongTableFormat
    private let heading: LongTableHeading
    private let table: ResultTable
    private let grid: InjectionGrid
    /// The columns that tell injections apart and are not among the texts of the table.
    private let keptKeys: [Int]
    private let unitColumn: Int?
    private let roleColumn: Int?
    /// The places of measurements that are never negative.
    private let sizes: [Int]
    private var negatives = 0
    private var rows = 0
    private var toldOf: Set<String> = []

    private init(_ text: DelimitedText, _ heading: LongTableHeading, _ format: LongTableFormat) {
        self.text = text
        self.format = format
        self.heading = heading
        table = ResultTable(
            heading.header, context: ResultTable.Context(kind: heading.kind), fields: heading.fields, units: format.units,
            numeric: heading.numeric)
        grid = InjectionGrid(heading, family: format.family, account: text.source.account)
        let names = heading.header.names
        keptKeys = heading.injectionColumns.filter { heading.fields[names[$0]] == .extra }
        unitColumn = names.firstIndex { heading.fields[$0] == .concentrationUnit }
        roleColumn = names.firstIndex { heading.fields[$0] == .sampleRole }
        let measurements = table.blank.measurements
        sizes = measurements.indices.filter { heading.isSize(measurements[$0]) }
    }

    /// Reads a file of the format to its end.
    static func read(_ source: SourceFile, as format: LongTableFormat, into output: AdapterOutput) async throws {
        guard let found = format.find(source.opening) else {
            throw Diagnostic(
                "\(format.family).no-header", "no line has the headings of a table of \(format.program)", at: source.location(),
                hint:
                    "nothing of the file was used; it has \"\(format.required.map { $0[0] }.joined(separator: "\", \""))\" and others"
            )
        }
        source.account.name(format: format.program)
        let text = try DelimitedText(source, dialect: found.dialect, missing: format.missing, absent: format.absent)
        var heading: LongTableHeading?
        let beginning = try TableBeginning(of: text, headingLine: found.line) { row in
            let numbers = NumericColumns.find(in: row, below: Header(row.cells), known: [:], in: text)
            let read = LongTableHeading(row.cells, format: format, numbers: numbers)
            try read.check(row)
            heading = read
        }
        guard let heading else { return }
        try await output.begin(RunRecord(extras: beginning.extras))
        let reader = LongTableReader(text, heading, format)
        var record = reader.table.blank
        try await output.emitResults(reusing: &record, from: text.next) { try reader.fill(&$0, from: $1) }
        reader.finish()
    }

    /// Brings the record up to date with a row; false for a row that is no result.
    /// - Throws: A ``Diagnostic`` at the cell that leaves the row out.
    private func fill(_ record: inout ResultRecord, from row: Row) throws -> Bool {
        row.header = table.header
        if row.isEmpty(0), row.isBlank { return false }
        if row.mayRepeat(table.header), row.repeats(table.header) {
            tellRepeated(row)
            return false
        }
        if row.count != table.header.count { try refuseHeading(row) }
        rows += 1
        guard table.fits(row) else { return false }
        if grid.take(row) { table.restart() }
        for column in keptKeys { table.state.ordinals.take(row, column) }
        do {
            try table.fill(&record, from: row)
        } catch {
            // The texts of another heading are no numbers.
            try refuseHeading(row)
            throw error
        }
        if unitColumn != nil { shareUnit(&record) }
        if let roleColumn, record.sample?.role == .other { tellWord(roleColumn, row, "no kind of sample that is known") }
        watchSizes(row, &record)
        for (column, mark) in heading.marks { take(mark, column, row, &record) }
        return true
    }

    private func tellRepeated(_ row: Row) {
        row.source.account.report(
            row.fault(
                "\(format.family).repeated-heading", "the heading stands here again", at: 0, severity: .warning,
                hint:
                    "the rows below were read too; \(format.program) writes it once, so files were joined: check that none is double"
            ))
        row.source.account.doubt("the heading stands again in line \(row.line)")
        row.ignore(.repeatedHeading)
    }

    /// - Throws: A `FileFault` where another table begins: its rows would be read in the words of this one.
    private func refuseHeading(_ row: Row) throws {
        guard format.isHeading(row.cells) else { return }
        throw FileFault(
            row.fault(
                "\(format.family).second-table", "the heading of another table stands here", at: 0,
                hint: "nothing of the file was used; split the file here"))
    }

    /// The unit of a row is that of all its concentrations.
    private func shareUnit(_ record: inout ResultRecord) {
        guard let known = record.measurements.first(where: { $0.standard == .concentration })?.quantity,
            let index = record.measurements.firstIndex(where: { $0.standard == .expectedConcentration })
        else { return }
        record.measurements[index].quantity.unit = known.unit
        record.measurements[index].quantity.unitWritten = known.unitWritten
    }

    private func finish() {
        grid.finish()
        guard rows == 0 else { return }
        text.source.account.report(
            Diagnostic(
                .warning, "\(format.family).no-rows", "no row follows the heading", at: text.source.location(),
                hint: "if there were results, the file was cut: export it again"))
        text.source.account.doubt("there is no row")
    }

    // MARK: Words

    private func take(_ mark: LongTableFormat.Mark, _ column: Int, _ row: Row, _ record: inout ResultRecord) {
        switch mark {
        case .internalStandard:
            let isStandard = isTrue(column, row)
            if record.analyte != nil { record.analyte?.role = isStandard.map { $0 ? .istd : .target } }
        case .standardType:
            let word = ColumnHeading.folded(row[column])
            if word == "surrogatestandard" || word == "globalstandard" {
                record.analyte?.role = .istd
            } else {
                record.analyte?.role = nil
            }
        case .manualIntegration:
            if isManual(column, row) { record.flags.append(Flag("manualIntegration", written: row[column])) }
        case .truncated:
            if isTrue(column, row) == true { record.flags.append(Flag("truncated", written: row[column])) }
        case .person: hide(column, row, &record)
        }
    }

    /// `nil` for an empty cell and for a word that is neither, which is told once.
    private func isTrue(_ column: Int, _ row: Row) -> Bool? {
        switch row[column].lowercased() {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        case let word where word.isEmpty || text.missing.contains(row[column]): return nil
        default:
            tellWord(column, row, "neither True nor False")
            return nil
        }
    }

    /// Once for each word of a column, at most ``mostTold`` of them.
    private func tellWord(_ column: Int, _ row: Row, _ what: String) {
        guard toldOf.count < Self.mostTold, toldOf.insert("\(column) \(row[column])").inserted else { return }
        row.source.account.report(
            row.fault(
                "\(format.family).unknown-word", "\"\(row[column])\" is \(what)", at: column, severity: .warning,
                hint: "it was kept as it stands, and nothing is concluded from it"))
    }

    private static let mostTold = 50

    /// No area, height, mass or time is negative; a number that is was garbled, or the program subtracted more than there was.
    private func watchSizes(_ row: Row, _ record: inout ResultRecord) {
        for index in sizes {
            guard let value = record.measurements[index].quantity.value, value < 0 else { continue }
            let measurement = record.measurements[index]
            record.flags.append(Flag("negative", written: measurement.quantity.written))
            negatives += 1
            guard negatives <= Self.mostTold, let column = heading.column(of: measurement) else { continue }
            row.source.account.report(
                row.fault(
                    "\(format.family).negative", "\"\(measurement.quantity.written)\" is negative", at: column,
                    severity: .warning,
                    hint: "the row was read; compare it with the instrument"
                        + (negatives == Self.mostTold ? "; further ones are flagged without telling" : "")))
        }
    }

    private func isManual(_ column: Int, _ row: Row) -> Bool {
        let word = row[column].lowercased()
        return word == "true" || word.hasPrefix("manual")
    }

    /// An account of Windows does not go into records.
    private func hide(_ column: Int, _ row: Row, _ record: inout ResultRecord) {
        guard PrivateText.isAccount(row[column]) else { return }
        let heading = table.header.distinct[column]
        if toldOf.insert("\(column)").inserted { _ = row.person(column, heading, format.family) } else { row.describe(column) }
        record.extras = record.extras.without(heading)
    }
}
