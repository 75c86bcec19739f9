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
    private var columns = Columns()
    /// The record that rows are read into.
    private var record = ResultRecord(kind: .peak, measurements: [], location: SourceLocation(file: ""))
    private var run: RunRecord?

    init(_ text: DelimitedText, _ source: SourceFile, _ layout: EmpowerLayout) {
        self.text = text
        self.source = source
        self.layout = layout
    }

    /// The columns looked at besides those that ``ResultTable`` reads.
    private struct Columns {
        /// Where `Missing` and `Group` stand.
        var peakType: [Int] = []
        var sequence: Int?
        /// Of the injection: without text in a row of sums or means.
        var ofInjection: [Int] = []
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
            case .header: beginTable(row, cells)
            case .labels:
                try await renewLegend(row, output)
                row.describe()
                labels = cells
            case .values: legend.take(row, labels: labels)
            case .field:
                try await renewLegend(row, output)
                if layout.legendIsOpen { legend.takeOpen(row) } else { legend.take(row, labels: nil) }
            case .title where EmpowerLayout.isTitle(cells): row.describe()
            case .title:
                try await renewLegend(row, output)
                legend.keep(row, as: "Title")
            default: try await read(row, into: output)
            }
            previous = kind
        }
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
        let kind = EmpowerLine(cells, after: previous)
        switch kind {
        case .labels where table != nil && !cells.allSatisfy({ $0.isEmpty || EmpowerName.isOne($0) }):
            return table?.header.names.first == cells.first ? .header : .data
        case .labels where !layout.hasPeaks: return .header
        case .field where table != nil && !EmpowerName.isOne(cells[0]): return .data
        case .title where table != nil && cells.count > 1 && !EmpowerLayout.isTitle(cells): return .data
        default: return kind
        }
    }

    /// Other fields begin, unless they go on.
    private mutating func renewLegend(_ row: Row, _ output: AdapterOutput) async throws {
        if table != nil {
            try await finishLegend(output)
            legend = EmpowerLegend()
            legendPlace = nil
            table = nil
            rows = 0
        }
        if legendPlace == nil { legendPlace = row.location }
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
        } else if rows == 1, !layout.hasPeaks, record.measurements.isEmpty {
            tellNoPeaks(at: record.location, output)
        }
    }

    private func tellNoPeaks(at location: SourceLocation, _ output: AdapterOutput) {
        output.report(
            Diagnostic(
                .warning, "empower.no-peaks", "no peak follows these fields", at: location,
                hint: "the fields were read; if the injection had peaks, the file was cut: export it again"))
    }

    // MARK: The header

    private mutating func beginTable(_ row: Row, _ cells: [String]) {
        var names = cells
        while names.last?.isEmpty == true { names.removeLast() }
        if let table, table.header.names == names {
            table.restart()
            row.ignore(.repeatedHeading)
            return
        }
        row.describe()
        var header = Header(names)
        columns = Columns()
        var fields: [String: ColumnField] = [:]
        var numeric = NumericColumns.find(
            layout.firstRows.filter { $0.count >= names.count }, columns: names.count, in: text)
        for (index, name) in names.enumerated() {
            let word = ColumnHeading.normalized(name)
            fields[name] = Self.fields[word]
            // Widths are in seconds, though times are in minutes.
            if word.hasPrefix("width"), header.units[index] == .none {
                header.units[index] = ColumnUnit(ofFormat: .second)
            }
            if word.hasSuffix("id") || Self.describing.contains(word) { numeric.remove(index) }
            if word == "peaktype" || word == "inttype" { columns.peakType.append(index) }
            if word == "samplesetname" { columns.sequence = index }
            if Self.ofInjection.contains(word) { columns.ofInjection.append(index) }
        }
        if names.contains("Channel") { fields["Channel Description"] = .extra }
        // The number of the row may stand under no heading.
        if names.first == "", numeric.contains(0) { fields[""] = .peakNumber }
        table = ResultTable(
            header, context: legend.context, fields: fields, units: Self.units, numeric: numeric, codes: .waters)
        if let table { record = table.blank }
    }

    /// Where Empower's words mean something else than those of others.
    private static let fields: [String: ColumnField] = [
        "injection": .injectionNumber, "injectionid": .extra, "vialid": .extra, "peaktype": .extra,
        "samplesetname": .batch,
        "component": .analyteName, "type": .extra, "processed": .extra, "dateprocessed": .extra,
    ]

    /// Texts, whatever they look like.
    private static let describing: Set<String> = [
        "channel", "channelname", "channeldescription", "label", "samplename",
    ]
    private static let ofInjection: Set<String> = ["vial", "injection", "inttype", "#", "dateacquired", "injectionid"]

    /// The documented units of the export, where the headings state none.
    private static let units: [MeasurementName: Unit] = [
        .retentionTime: .minute, .startTime: .minute, .endTime: .minute, .expectedRetentionTime: .minute,
        .area: Unit("uV.s"), .height: Unit("uV"),
    ]

    // MARK: Rows

    private mutating func read(_ row: Row, into output: AdapterOutput) async throws {
        guard let table else {
            if legendPlace == nil { legendPlace = row.location }
            legend.keep(row, as: "line \(row.line)")
            return
        }
        row.header = table.header
        rows += 1
        guard table.fits(row) else { return }
        if isSummary(row) {
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
        let isMissing = says("missing", row), isGroup = says("group", row)
        guard isMissing || isGroup else {
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
            return result
        }
    }

    /// Begins a run unless it is the one at hand.
    private mutating func begin(_ run: RunRecord, _ output: AdapterOutput) async throws {
        guard self.run != run else { return }
        self.run = run
        try await output.begin(run)
    }

    /// Whether the peak type or the integration type is a word and no code.
    private func says(_ word: String, _ row: Row) -> Bool {
        columns.peakType.contains { column in
            column < row.count && row.bytes(at: column).count >= word.utf8.count && row[column].lowercased() == word
        }
    }

    /// A row of sums or means below the peaks: its word stands where a name would, and it has no injection.
    private func isSummary(_ row: Row) -> Bool {
        guard !columns.ofInjection.isEmpty, columns.ofInjection.allSatisfy(row.isEmpty),
            let first = (0..<row.count).first(where: { !row.isEmpty($0) })
        else { return false }
        return Self.summaries.contains(row[first].lowercased())
    }

    private static let summaries: Set<String> = [
        "sum", "total", "totals", "mean", "average", "std. dev.", "std dev", "std. dev", "% rsd", "%rsd", "rsd", "min",
        "max",
        "minimum", "maximum", "median", "count",
    ]
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
