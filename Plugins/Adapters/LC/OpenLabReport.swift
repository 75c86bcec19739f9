import IngestCore
import TabularText

/// The tables of an OpenLab sequence report: the injections, then the compounds found in them.
final class OpenLabReport {
    private let text: DelimitedText
    private let source: SourceFile
    private var run: RunRecord
    private var injections: OpenLabInjections
    private let injectionHeader: Header
    private var table: ResultTable
    private var keyColumn: Int
    private var hasBegun = false
    private var compounds = OpenLabCompounds()

    /// - Parameter heading: The row of the injection table's headings.
    init(_ text: DelimitedText, run: RunRecord, heading: Row) throws {
        self.text = text
        self.run = run
        source = text.source
        injectionHeader = Header(heading.cells)
        guard !Self.isOfCompounds(injectionHeader) else {
            throw Diagnostic(
                "openlab.no-injection-table", "the first table is of compounds, not of injections", at: heading.location,
                hint: "nothing was read: without the injections nobody knows what was injected when; report the sequence again")
        }
        injections = OpenLabInjections(
            namesSamples: injectionHeader.names.contains { ColumnHeading.field($0) == .sampleName })
        table = ResultTable(injectionHeader, context: ResultTable.Context(kind: .sample))
        keyColumn = injectionHeader.column(OpenLabAdapter.key) ?? 0
        try Self.checkHeading(heading, source)
        heading.describe()
        UnknownHeadings.tell(heading, isKnown: Self.knows)
    }

    /// Whether a heading means something in one of the tables.
    private static func knows(_ heading: String) -> Bool {
        heading == OpenLabAdapter.key || methodRole(heading) != nil || ColumnHeading.field(heading) != nil
            || ["resultname", "description", "datafile", "acqmethodversion", "injectiondamethodversion", "timeoffset"].contains(
                ColumnHeading.normalized(heading))
    }

    static func isHeading(_ row: Row) -> Bool { (0..<row.count).contains { row[$0] == OpenLabAdapter.key } }

    private static func isOfCompounds(_ header: Header) -> Bool {
        header.names.contains {
            switch ColumnHeading.field($0) {
            case .analyteName, .measurement(.retentionTime), .measurement(.area), .measurement(.height): true
            default: false
            }
        }
    }

    /// A heading that ends with the file was cut, and its last column may be another.
    private static func checkHeading(_ row: Row, _ source: SourceFile) throws {
        guard row.isOpenEnded else { return }
        throw FileFault(
            row.fault(
                "openlab.cut-heading", "the file ends in this heading", at: row.count - 1,
                hint: "nothing of the file was used; it was cut: copy it again"))
    }

    /// Reads the rest of the file, from the row below the first heading.
    func read(into output: AdapterOutput) async throws {
        while let row = try text.next() {
            row.header = table.header
            if row.isBlank { continue }
            if !startsWithDigit(row), try await takesHeading(row, output) { continue }
            guard table.fits(row) else {
                if hasBegun, let line = Int(row[keyColumn]) { injections.mention(line: line) }
                continue
            }
            if hasBegun {
                try await output.emitResult { try compound(from: row) }
            } else {
                try takeInjection(row)
            }
        }
        if !hasBegun {
            source.account.report(
                Diagnostic(
                    .warning, "openlab.no-compounds", "no table of compounds follows the injections", at: source.location(),
                    hint: "the injections were read; if compounds were found in them, the file was cut: report the sequence again"
                ))
            try await output.begin(run)
        }
        try await emitInjections(output)
    }

    /// The usual row, told without reading a text.
    private func startsWithDigit(_ row: Row) -> Bool {
        guard keyColumn < row.count, let first = row.bytes(at: keyColumn).first else { return false }
        return first &- 48 < 10
    }

    // MARK: Headings

    /// Takes the row if it is a heading.
    private func takesHeading(_ row: Row, _ output: AdapterOutput) async throws -> Bool {
        guard Self.isHeading(row) else {
            try checkStray(row)
            return false
        }
        try Self.checkHeading(row, source)
        let header = Header(row.cells)
        if header.names == table.header.names {
            row.ignore(.repeatedHeading)
            return true
        }
        if header.names == injectionHeader.names { throw secondReport(row) }
        if !hasBegun { try await begin(output) }
        row.describe()
        UnknownHeadings.tell(row, isKnown: Self.knows)
        let rows = firstRows(below: header)
        var numeric = NumericColumns.find(rows, columns: header.count, in: text)
        if let key = header.column(OpenLabAdapter.key) { numeric.remove(key) }
        table = ResultTable(header, fields: Self.fields(header, rows), numeric: numeric, codes: .agilent)
        keyColumn = header.column(OpenLabAdapter.key) ?? 0
        row.header = header
        return true
    }

    /// A line that is no heading and no row: the report begins again, or a heading was damaged.
    private func checkStray(_ row: Row) throws {
        if row[0].lowercased().hasPrefix("sequence name") { throw secondReport(row) }
        let known = (0..<row.count).filter { !row[$0].isEmpty && table.header.column(row[$0]) != nil }
        if known.count >= 2 {
            throw FileFault(
                row.fault(
                    "openlab.damaged-heading", "this heading has no column \"\(OpenLabAdapter.key)\"", at: 0,
                    hint: "nothing of the file was used: the rows below it belong to no injection; report the sequence again"))
        }
    }

    private func secondReport(_ row: Row) -> FileFault {
        FileFault(
            row.fault(
                "openlab.second-report", "a second report begins here", at: 0,
                hint: "nothing of the file was used: its line numbers stand for other injections; split the file here"))
    }

    /// A "Type" is of the sample in the injection table, and of the peak beside compounds.
    private static func fields(_ header: Header, _ rows: [[String]]) -> [String: ColumnField] {
        guard isOfCompounds(header), let column = header.names.firstIndex(where: { ColumnHeading.folded($0) == "type" }) else {
            return [:]
        }
        let cells = rows.map { $0[column].trimmed }.filter { !$0.isEmpty }
        return cells.isEmpty || IntegrationCode.are(cells) ? [header.names[column]: .integrationCode] : [:]
    }

    /// The rows of a table of these headings, as far as the beginning of the file shows them.
    private func firstRows(below header: Header) -> [[String]] {
        var rows: [[String]] = []
        var isBelow = false
        for line in source.opening.wholeLines {
            let cells = text.dialect.cells(of: line)
            if cells.contains(where: { $0.trimmed == OpenLabAdapter.key }) {
                isBelow = cells.map(\.trimmed) == header.names
            } else if isBelow, cells.count == header.count {
                rows.append(cells)
            }
        }
        return rows
    }

    // MARK: Injections

    private func takeInjection(_ row: Row) throws {
        var line: Int?
        do {
            line = try lineNumber(row)
            var record = try table.result(from: row)
            settle(&record)
            if injections.has(line: line ?? 0) {
                source.account.report(
                    row.fault(
                        "openlab.repeated-line", "line \(line ?? 0) stands twice in the injection table", at: keyColumn,
                        severity: .warning,
                        hint: "its compounds get what both rows have in common, and the flag ambiguousInjection"))
            }
            try injections.add(record, line: line ?? 0)
        } catch let diagnostic as Diagnostic {
            if let line { injections.lose(line: line) }
            row.leaveOut(diagnostic)
        }
    }

    /// What the table does not know of OpenLab: the sampler's places, the star of an unsaved method, paths.
    private func settle(_ record: inout ResultRecord) {
        if let written = record.position?.written {
            record.position = Position(agilent: written)
            if record.position == nil { record.extras.add("Location", written) }
        }
        for field in record.extras.fields {
            guard let role = Self.methodRole(field.heading) else { continue }
            if field.text.hasPrefix("*") { record.flags.append(Flag("unsavedMethod", written: field.text)) }
            let method = RunRecord.Method(role, field.text)
            if !run.methods.contains(method) { run.methods.append(method) }
        }
    }

    private static func methodRole(_ heading: String) -> RunRecord.Method.Role? {
        switch ColumnHeading.normalized(heading) {
        case "acqmethodname", "acqmethod", "acquisitionmethod", "acquisitionmethodname", "instrumentmethod": .acquisition
        case "injectiondamethodname", "injectiondamethod", "damethod", "damethodname", "processingmethod",
            "processingmethodname", "analysismethod":
            .processing
        default: nil
        }
    }

    private func lineNumber(_ row: Row) throws -> Int {
        guard let line = try row.integer(keyColumn) else {
            throw row.fault(
                "openlab.no-line", "this row has no \"\(OpenLabAdapter.key)\"", at: keyColumn,
                hint: "this row was left out, the others were read")
        }
        return line
    }

    private func begin(_ output: AdapterOutput) async throws {
        hasBegun = true
        try await output.begin(run)
    }

    /// An injection without results is told once; so is one that has numbers of its own.
    private func emitInjections(_ output: AdapterOutput) async throws {
        var lines: [String] = []
        for entry in injections.entries where !entry.isUsed || !entry.record.measurements.isEmpty {
            var record = entry.record
            record.ordinal = nil
            // Rows that were left out were there, and without any table of compounds the file says nothing of peaks.
            if !entry.isMentioned, hasBegun {
                record.flags.append(Flag("noPeaks"))
                lines.append(record.extras[OpenLabAdapter.key] ?? "")
            }
            try await output.emit(record)
        }
        guard !lines.isEmpty else { return }
        let shown = lines.prefix(10).joined(separator: ", ") + (lines.count > 10 ? " and \(lines.count - 10) more" : "")
        source.account.report(
            Diagnostic(
                .note, "openlab.no-peaks", "no compound is told for the injections of line \(shown)", at: source.location(),
                hint: "one result without measurements for each says so"))
    }

    // MARK: Compounds

    private func compound(from row: Row) throws -> ResultRecord {
        let line = try lineNumber(row)
        injections.mention(line: line)
        var result = try table.result(from: row)
        do {
            try injections.complete(&result, line: line)
        } catch {
            throw row.fault(
                "openlab.no-injection", error.message, at: keyColumn,
                hint: "this row was left out, the others were read; one of the two was changed: report the sequence again")
        }
        watchRepeat(&result, line, row)
        return result
    }

    private func watchRepeat(_ result: inout ResultRecord, _ line: Int, _ row: Row) {
        if compounds.isRepeated(result, line: line) {
            result.flags.append(Flag("repeatedCompound"))
            source.account.report(
                row.fault(
                    "openlab.repeated-compound", "\"\(result.analyte?.name ?? "")\" stands twice for line \(line)", at: keyColumn,
                    severity: .warning,
                    hint: "both rows were read; if OpenLab wrote it once, the file was edited or put together from two"))
        }
        if compounds.isFullNow {
            source.account.report(
                row.fault(
                    "openlab.repeats-unwatched", "from here on it is not watched whether a compound stands twice",
                    at: keyColumn, severity: .note))
        }
    }
}
