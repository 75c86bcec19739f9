import IngestCore
import TabularText

/// Reads the tables of an Empower text export: peaks or injections, with or without fields above, one table after
/// another where results were appended to one file.
struct EmpowerTable {
    private let text: DelimitedText
    private let source: SourceFile
    private let layout: EmpowerLayout
    private var legend = EmpowerLegend()
    private var legendPlace: SourceLocation?
    /// How many rows there were below the fields; a file may hold injections without peaks.
    private var rows = 0
    private var labels: [String] = []
    private var table: ResultTable?
    private var columns = EmpowerColumns()
    /// The record that rows are read into.
    private var record = ResultRecord(kind: .peak, measurements: [], location: SourceLocation(file: ""))
    private var run: RunRecord?
    /// A line of one text below a table: the title of what follows, unless the table goes on.
    private var title: (legend: EmpowerLegend, place: SourceLocation)?
    /// Rows without headings were told of these fields.
    private var isHeadless = false
    /// The row before was not one of the table.
    private var isMisfit = false

    init(_ text: DelimitedText, _ source: SourceFile, _ layout: EmpowerLayout) {
        self.text = text
        self.source = source
        self.layout = layout
    }

    /// Reads the file to its end.
    mutating func read(into output: AdapterOutput) async throws {
        source.account.name(format: "Empower text export")
        var previous = EmpowerLine.blank
        while let row = try text.next() {
            if isSurelyRow(row) {
                try await read(row, into: output)
                previous = .data
                continue
            }
            let cells = row.cells.map(\.trimmed)
            let kind = line(cells, after: previous)
            switch kind {
            case .blank: continue
            case .header: try await beginTable(row, cells, output)
            case .labels where previous == .labels: row.ignore(.repeatedHeading)
            case .labels:
                try await renewLegend(row, cells, output)
                row.describe()
                labels = cells
            case .values: legend.take(row, below: labels)
            case .field:
                try await renewLegend(row, [cells[0]], output)
                if layout.legendIsOpen { legend.takeOpen(row) } else { legend.take(row) }
            case .title where EmpowerLayout.isTitle(cells): row.describe()
            case .title where Self.isPageNumber(cells): row.ignore(.pageNumber)
            case .title: takeTitle(row)
            default: try await read(row, into: output)
            }
            previous = kind
        }
        if previous == .labels { tellNoValues() }
        if title != nil { try await endTable(output) }
        try await finishLegend(output)
        if run == nil { try await begin(legend.run, output) }
    }

    /// A row of the table without doubt, told without a look at its words: as long as the header, with a number among
    /// three cells or more.
    private func isSurelyRow(_ row: Row) -> Bool {
        guard let table, row.count == table.header.count else { return false }
        var filled = 0
        var hasNumber = false
        for column in 0..<row.count where !row.isEmpty(column) {
            filled += 1
            if !hasNumber { hasNumber = EmpowerLine.isNumber(row.bytes(at: column)) }
            if hasNumber, filled > 2 { return true }
        }
        return false
    }

    /// What a line is. Below a header, what could be a row of the table is one.
    private func line(_ cells: [String], after previous: EmpowerLine) -> EmpowerLine {
        let kind = EmpowerLine(cells, after: previous, labels: labels)
        switch kind {
        case .labels where table != nil && !cells.allSatisfy({ $0.isEmpty || EmpowerName.isOne($0) }):
            return table?.header.names.first == cells.first ? .header : .data
        case .labels where !layout.hasPeaks: return .header
        case .field where table != nil && !EmpowerName.isOne(cells[0]): return .data
        case .title where table != nil && cells.count > 1 && !EmpowerLayout.isTitle(cells) && !Self.isPageNumber(cells):
            return .data
        default: return kind
        }
    }

    /// `page 2`, `Page 2 of 7`.
    private static func isPageNumber(_ cells: [String]) -> Bool {
        let words = (cells.first { !$0.isEmpty } ?? "").lowercased().split(separator: " ")
        return (words.count == 2 || words.count == 4 && words[2] == "of") && words[0] == "page"
            && words.indices.allSatisfy { $0 % 2 == 0 || Int(words[$0]) != nil }
    }

    private mutating func takeTitle(_ row: Row) {
        if table != nil {
            var (legend, place) = title ?? (EmpowerLegend(), row.location)
            legend.keep(row, as: "Title")
            title = (legend, place)
        } else {
            legend.keep(row, as: "Title")
            if legendPlace == nil { legendPlace = row.location }
        }
    }

    /// Fields of that name begin, or go on: behind a table, or where they are told already, they are of another injection.
    private mutating func renewLegend(_ row: Row, _ labels: [String], _ output: AdapterOutput) async throws {
        if table != nil || legend.isOfAnother(labels.map(EmpowerName.plain)) { try await endTable(output) }
        if legendPlace == nil { legendPlace = row.location }
    }

    private mutating func endTable(_ output: AdapterOutput) async throws {
        try await finishLegend(output)
        (legend, legendPlace) = (title?.legend ?? EmpowerLegend(), title?.place)
        title = nil
        table = nil
        isHeadless = false
        isMisfit = false
        rows = 0
    }

    /// Fields without peaks are a finding too: of a blank, or of a file that was cut.
    private mutating func finishLegend(_ output: AdapterOutput) async throws {
        if let legendPlace, rows == 0, !legend.isEmpty {
            tellNoPeaks(at: legendPlace, output)
            try await begin(legend.run, output)
            let context = legend.context
            try await output.emit(
                ResultRecord(
                    kind: .sample, ordinal: 1, sample: context.sample, position: context.position,
                    injection: context.injection, signal: context.signal, measurements: [], extras: context.extras,
                    location: legendPlace))
        } else if rows == 1, !layout.hasPeaks, record.measurements.isEmpty, record.location.line != nil {
            tellNoPeaks(at: record.location, output)
        }
    }

    private func tellNoValues() {
        source.account.report(
            Diagnostic(
                "empower.fields", "the file ends with the names of fields, and their values are missing",
                at: legendPlace ?? source.location(), hint: "the file was cut: export it again"))
        source.account.contradict("the last line holds names without values")
    }

    private func tellNoPeaks(at location: SourceLocation, _ output: AdapterOutput) {
        output.report(
            Diagnostic(
                .warning, "empower.no-peaks", "no peak follows these fields", at: location,
                hint: "the fields were read; if the injection had peaks, the file was cut: export it again"))
    }

    // MARK: The header

    private mutating func beginTable(_ row: Row, _ cells: [String], _ output: AdapterOutput) async throws {
        // What stood above may have been the fields of another injection.
        if title != nil || isMisfit { try await endTable(output) }
        var names = cells
        while names.last?.isEmpty == true { names.removeLast() }
        if let table, table.header.names == names {
            table.restart()
            row.ignore(.repeatedHeading)
            return
        }
        row.describe()
        let numeric = NumericColumns.find(
            layout.firstRows.filter { $0.count >= names.count }, columns: names.count, in: text)
        columns = EmpowerColumns(names)
        UnknownHeadings.tell(row, isKnown: columns.knows)
        let table = columns.table(numeric: numeric, context: legend.context)
        self.table = table
        record = table.blank
    }

    // MARK: Rows

    private mutating func read(_ row: Row, into output: AdapterOutput) async throws {
        guard let table else { return passOver(row) }
        row.header = table.header
        rows += 1
        isMisfit = !table.fits(row)
        if isMisfit { return }
        if columns.isSummary(row) {
            row.ignore(.summaryRow)
            rows -= 1
            return
        }
        var run = legend.run
        if let sequence = columns.sequence, !row.isEmpty(sequence) { run.sequence = row[sequence] }
        try await begin(run, output)
        let hasSequence = columns.sequence != nil
        let fill = { (record: inout ResultRecord) throws -> Void in
            try table.fill(&record, from: row)
            if hasSequence { record.sample?.batch = nil }
        }
        let isMissing = columns.says("missing", row), isGroup = columns.says("group", row)
        guard isMissing || isGroup || title != nil else {
            try await output.emitResult {
                try fill(&record)
                return record
            }
            return
        }
        try await output.emitResult {
            try fill(&record)
            var result = record
            if isMissing { result.setNotFound() }
            if isGroup {
                result.kind = .compound
                result.flags.append(Flag("group", written: "Group"))
            }
            if let title {
                source.account.report(
                    Diagnostic(
                        .warning, "empower.line-in-table", "this line stands among the rows of a table", at: title.place,
                        hint: "the rows below were read as rows of the same table; it is kept in the extras of the next one"))
                result.extras.add(title.legend.extras)
                self.title = nil
            }
            return result
        }
    }

    /// A line where no table has begun.
    private mutating func passOver(_ row: Row) {
        if legendPlace == nil { legendPlace = row.location }
        guard (0..<row.count).contains(where: { !row.isEmpty($0) && EmpowerLine.isNumber(row.bytes(at: $0)) }) else {
            return legend.takeUnknown(row)
        }
        if !isHeadless { source.account.contradict("line \(row.line) is a row, and no headings stand above it") }
        isHeadless = true
        row.leaveOut(
            row.fault(
                "empower.no-header", "this row has no headings above it", at: 0,
                hint: "this row was left out; the line of headings is missing or damaged: export the table again"))
    }

    /// Begins a run unless it is the one at hand.
    private mutating func begin(_ run: RunRecord, _ output: AdapterOutput) async throws {
        guard self.run != run else { return }
        self.run = run
        try await output.begin(run)
    }
}

extension ResultRecord {
    /// The component was looked for and is not there: what stands in the row is what was expected.
    fileprivate mutating func setNotFound() {
        flags.removeAll { $0.code == "outsidePeak" }
        flags.append(Flag("notFound", written: "Missing"))
        makeAbsent(.notFound) {
            $0.standard != nil && $0.standard != .expectedRetentionTime && $0.standard != .expectedConcentration
        }
    }
}
