import IngestCore
import TabularText

/// Takes what a printed report tells, as it is read.
protocol ChemStationTextTaking {
    /// A report of an injection begins.
    func begin(_ header: ChemStationTextHeader) async throws
    /// A row of a table. What `make` throws leaves out the row.
    func take(_ row: Row, of table: ChemStationTextTable, _ make: () throws -> ResultRecord) async throws
    /// A signal without peaks, or a sample without signals, and what a person has to be told of it.
    func takeEmpty(_ result: ResultRecord, _ note: Diagnostic) async throws
}

/// Reads ChemStation's printed report line by line: what stands above the tables, the signals, their tables, the end mark.
///
/// A line is told by itself and by the lines above it (``ChemStationTextLine``). Headings are known only by the rule below
/// them, so lines nothing else explains wait for it, a few of them; those that wait in vain are reported.
final class ChemStationTextReader {
    private let source: SourceFile
    private let text: DelimitedText
    private let receiver: any ChemStationTextTaking

    /// What the lines above the one at hand were.
    private enum Above { case nothing, ruler, field, dataFile, sampleName }
    private var above = Above.nothing
    private var waiting: [(text: String, line: Int, cells: Int)] = []
    private var unknown = 0

    // Of the injection at hand.
    private var header: ChemStationTextHeader?
    private var isBegun = false
    private var isEnded = false
    private var title = ""
    private var firstTitle: String?
    private var lastSignal = 0
    private var signalsOfFirst = 0
    /// Signals named of which no table came yet.
    private var signals: [(number: Int, written: String, place: SourceLocation)] = []
    private var signalExtras = Extras()
    private var standards: ChemStationTextColumns?
    private var table: ChemStationTextTable?
    /// The table is closed by its totals, of which there may be two lines.
    private var totalled: ChemStationTextTable?
    private var page: (last: Int, of: Int)?
    private var messages = (declared: 0, found: 0)
    private var line = 0
    /// The first lines of the injection, which stand again on each page.
    private var pageHeads: [String] = []
    private var injections: Set<String> = []

    /// What stands in another file of the injection, and is not told again.
    private let known: Set<String>

    /// - Parameter known: The keys that another file of the injection tells.
    init(_ source: SourceFile, _ receiver: any ChemStationTextTaking, known: Set<String> = []) throws {
        self.source = source
        self.receiver = receiver
        self.known = known
        text = try DelimitedText(source, dialect: .printed, missing: ["-"])
    }

    func read() async throws {
        while let row = try text.next() {
            row.uncut()
            line = row.line
            try await take(row, row.text(at: 0).replacing("\u{C}", with: " "))
        }
        try await finishInjection()
        if unknown > Self.mostTold {
            source.account.report(
                Diagnostic(
                    .warning, "chemstation.unknown-line", "\(unknown - Self.mostTold) more lines belong to no part of this report",
                    at: source.location(), hint: "they were not read; see those that are told above"))
        }
        if injections.isEmpty {
            throw Diagnostic(
                "chemstation.no-report", "this is no report of ChemStation: no line names a data file or a sample",
                at: source.location(), hint: "try ingest detect")
        }
    }

    // MARK: Lines

    private func take(_ row: Row, _ line: String) async throws {
        let kind = ChemStationTextLine(line)
        let above = above
        if case .blank = kind {
            if !row.isBlank { row.ignore(.pageNumber) }
            flush()
            standards = nil
            self.above = .nothing
            return
        }
        self.above = .nothing
        switch kind {
        case .blank: break
        case .ruler:
            try await closeTable()
            row.ignore(.ruler)
            self.above = .ruler
        case .rule(let rule): try await takeRule(row, rule)
        case .endMark:
            try await closeTable()
            row.ignore(.endMark)
            isEnded = true
        case .page(let number, let count): takePage(row, number, of: count)
        case .dataFile: try await takeDataFile(row, line)
        case .sampleName:
            takeSampleName(row, line)
            self.above = .sampleName
        case .signal(let number, let name) where !isEnded: try await takeSignal(row, number, name)
        case .totals(let label, let end) where table != nil || totalled != nil:
            flush()
            let table = table ?? totalled
            table?.takeTotals(row, line, label: label, end: end)
            (self.table, totalled) = (nil, table)
        case .message(let message):
            messages.found += 1
            row.describe()
            source.account.report(
                row.fault(
                    "chemstation.message", "ChemStation warned: \"\(PrivateText.withoutFolders(message))\"", at: 0,
                    severity: .warning, hint: "the peaks were read as they stand"))
        case .messages(let count):
            messages.declared += count
            row.describe()
        case .fields(let fields) where table == nil || !startsWithNumber(line): try await takeFields(row, line, fields)
        default: try await takeOther(row, line, above)
        }
    }

    private func startsWithNumber(_ line: String) -> Bool { line.trimmed.first?.isNumber == true }

    /// What only the lines around it explain.
    private func takeOther(_ row: Row, _ line: String, _ above: Above) async throws {
        let trimmed = line.trimmed
        if isPageHead(trimmed, row) { return row.ignore(.pageNumber) }
        if above == .sampleName, !isBegun, header?.stamp == nil {
            header?.takeStamp(row)
            return
        }
        if above == .ruler, line.hasPrefix(" "), !isEnded { return takeTitle(row, trimmed) }
        if let standards, ChemStationTextTable.mayBeRow(line) {
            if let spilled = row.cut(by: standards.rule) {
                row.leaveOut(
                    row.fault(
                        "table.spilled-cell", "\"\(row[spilled])\" goes over the border of its column", at: spilled,
                        hint: "this line was left out; the amounts of the peaks do not depend on it"))
            } else {
                header?.takeStandard(row, standards.header)
            }
            return
        }
        if let table, ChemStationTextTable.mayBeRow(line) {
            flush()
            return try await receiver.take(row, of: table) { try table.result(from: row) }
        }
        if !isBegun, header != nil, above == .dataFile || above == .field && line.hasPrefix("        ") {
            header?.takeFurther(row)
            if above == .dataFile { pageHeads.append(trimmed) }
            self.above = above
            return
        }
        if !isBegun, header != nil, trimmed.hasSuffix("Multiplier & Dilution Factor with ISTDs") {
            header?.takeRemark(row, as: "Calculation")
        } else if !isBegun, trimmed == "Sample ISTD Information:" {
            row.describe()
        } else if trimmed.hasPrefix("Results obtained with ") {
            row.describe()
            source.account.report(
                row.fault("chemstation.remark", "ChemStation remarks: \"\(trimmed)\"", at: 0, severity: .note))
        } else {
            wait(row, line)
        }
    }

    // MARK: Lines that wait for a rule

    private static let mostWaiting = 3

    private func wait(_ row: Row, _ line: String) {
        if waiting.count == Self.mostWaiting { flush() }
        waiting.append((line, row.line, row.setAside()))
    }

    /// Reports the lines that waited in vain.
    private func flush() {
        for line in waiting {
            source.account.add(Coverage(values: line.cells, leftOut: line.cells))
            tellUnknown(line.text.trimmed, at: source.location(line: line.line, column: 1))
        }
        waiting = []
    }

    private static let mostTold = 20

    private func tellUnknown(_ text: String, at place: SourceLocation) {
        unknown += 1
        guard unknown <= Self.mostTold else { return }
        source.account.report(
            Diagnostic(
                .warning, "chemstation.unknown-line", "\"\(PrivateText.withoutFolders(text))\" belongs to no part of this report",
                at: place, hint: "this line was not read; if a number of yours stands in it, the file was edited: report the injection again in ChemStation"))
    }

    // MARK: The injection

    private func takeDataFile(_ row: Row, _ line: String) async throws {
        let trimmed = line.trimmed
        if header != nil, !isEnded, pageHeads.first == trimmed { return row.ignore(.pageNumber) }
        try await finishInjection()
        beginInjection()
        pageHeads = [trimmed]
        header?.take(row, line, key: "Data File", ending: "Data File ")
        above = .dataFile
    }

    private func takeSampleName(_ row: Row, _ line: String) {
        let trimmed = line.trimmed
        if pageHeads.contains(trimmed) { return row.ignore(.pageNumber) }
        if header == nil { beginInjection() }
        pageHeads.append(trimmed)
        header?.take(row, line, key: "Sample Name", ending: "Sample Name:")
    }

    private func beginInjection() {
        header = ChemStationTextHeader(text, source)
        pageHeads = []
        (isBegun, isEnded, title, firstTitle, lastSignal, signalsOfFirst) = (false, false, "", nil, 0, 0)
        (page, messages, totalled) = (nil, (0, 0), nil)
    }

    /// A line that stands again on each page: what the injection is, or the instrument and the time of the report.
    private func isPageHead(_ line: String, _ row: Row) -> Bool {
        guard let header else { return false }
        if pageHeads.contains(line) || line == header.stamp { return true }
        guard isBegun, let name = header.run.instrument?.name, line.hasPrefix(name + " ") else { return false }
        let words = line.dropFirst(name.count).split(separator: " ")
        return [3, 2].contains { words.count >= $0 && row.time(words.prefix($0).joined(separator: " ")) != nil }
    }

    private func takePage(_ row: Row, _ number: Int, of count: Int) {
        row.ignore(.pageNumber)
        if number != (page?.last ?? 0) + 1 || count != page?.of ?? count {
            source.account.report(
                row.fault(
                    "chemstation.page", "page \(number) of \(count) follows page \(page?.last ?? 0) of \(page?.of ?? count)", at: 0,
                    hint: "all lines that are there were read; a page is missing: report the injection again in ChemStation"))
            source.account.contradict("page \(number) follows page \(page?.last ?? 0)")
        }
        page = (number, count)
    }

    private func takeTitle(_ row: Row, _ title: String) {
        flush()
        row.describe()
        let base = title.replacing(" (after recalibration)", with: "")
        if !Self.titles.contains(base) {
            let near = NearestName.of(base, among: Self.titles).map { ", \"\($0)\" is" } ?? ""
            source.account.report(
                row.fault(
                    "chemstation.unknown-title", "\"\(title)\" is no report of ChemStation\(near)", at: 0, severity: .warning,
                    hint: "the tables below it were read by their headings"))
        }
        if !self.title.isEmpty { checkSignals() }
        self.title = title
        lastSignal = 0
        if firstTitle == nil { firstTitle = title }
    }

    private static let titles: Set<String> = [
        "Area Percent Report", "Height Percent Report", "External Standard Report", "Internal Standard Report",
        "ESTD Percent Report", "ISTD Percent Report", "Normalized Percent Report", "Norm Percent Report", "Normalization Report",
        "Summed Peaks Report", "Final Summed Peaks Report", "Performance Report", "Compound Summary Report",
    ]

    // MARK: Signals and their tables

    private var isSummed: Bool { title.contains("Summed") }

    private func takeSignal(_ row: Row, _ number: Int, _ name: String) async throws {
        try await closeTable(keepingSignals: true)
        if header == nil { beginInjection() }
        try await begin()
        row.describe()
        if number != lastSignal + 1 {
            source.account.report(
                row.fault(
                    "chemstation.signal-number", "signal \(number) follows signal \(lastSignal)", at: 0,
                    hint: "the peaks that are there were read; a signal is missing or stands twice: report the injection again in ChemStation"))
            source.account.contradict("signal \(number) follows signal \(lastSignal)")
        }
        lastSignal = number
        if name.contains("Sig="), ChemStationHeader.signal(name).signal.wavelength == nil {
            source.account.report(
                row.fault(
                    "chemstation.unreadable-value", "no wavelength can be read from \"\(name)\"", at: 0, severity: .warning,
                    hint: "the peaks were read without it; the text is kept in their extras"))
        }
        if name.isEmpty {
            source.account.report(
                row.fault("chemstation.unreadable-value", "the signal has no name", at: 0, severity: .warning))
        }
        if !isSummed { signals.append((number, name, row.location)) }
    }

    /// What stands between the name of a signal and its table, and above the signals.
    private func takeFields(_ row: Row, _ line: String, _ fields: [ChemStationTextLine.Field]) async throws {
        flush()
        guard isBegun else {
            if header == nil { beginInjection() }
            header?.take(row, line, fields)
            above = .field
            return
        }
        guard table == nil, !signals.isEmpty, let field = fields.first else { return wait(row, line) }
        row.cut([field.keySpan, field.valueSpan.lowerBound..<Int.max])
        row.describe(0)
        if let value = row.extra(1) { signalExtras.add(field.key, value.trimmed) }
        if !ChemStationTextHeader.keys.contains(field.key) {
            source.account.report(
                row.fault(
                    "chemstation.unknown-key", "\"\(field.key)\" is no field of this report", at: 0, severity: .warning,
                    hint: "its value is kept in the extras of the peaks below it"))
        }
    }

    private func takeRule(_ row: Row, _ rule: RuledColumns) async throws {
        row.ignore(.ruler)
        let headings = waiting
        waiting = []
        guard !headings.isEmpty, !isEnded else {
            source.account.report(
                row.fault(
                    "chemstation.no-headings", "there are no headings above this rule", at: 0,
                    hint: "the lines below it were not read; the file was edited: report the injection again in ChemStation"))
            source.account.contradict("the table at line \(row.line) has no headings")
            table = nil
            signals = []
            return
        }
        let cells = headings.reduce(0) { $0 + $1.cells }
        source.account.add(Coverage(values: cells, described: cells))
        let columns = ChemStationTextColumns(rule, headings.map(\.text), line: row.line)
        if columns.isOfStandards, !isBegun {
            standards = columns
        } else if let table, table.columns.header.names == columns.header.names, table.columns.rule == rule {
            // On the next page.
        } else {
            try await open(columns)
        }
    }

    private func open(_ columns: ChemStationTextColumns) async throws {
        table?.close(at: columns.line)
        if header == nil { beginInjection() }
        try await begin()
        var own = signals
        if columns.signalColumn == nil {
            own = signals.suffix(1)
            signals.removeLast(own.count)
            try await tellWithoutPeaks()
        }
        signals = []
        guard let header else { return }
        if own.isEmpty, !isSummed {
            source.account.report(
                Diagnostic(
                    "chemstation.no-signal", "no line above this table says which signal it is of",
                    at: source.location(line: columns.line, column: 1),
                    hint: "its peaks were read without a signal; the file was edited: report the injection again in ChemStation"))
            source.account.contradict("the table at line \(columns.line) is of no signal")
        }
        let sorted = header.fields["Sorted By"] ?? "Signal"
        table = ChemStationTextTable(
            columns,
            ChemStationTextTable.Subject(
                title: title.isEmpty ? "report" : title, sample: header.sample, position: header.position,
                injection: header.injection, signals: own.map { ($0.number, $0.written) }, extras: signalExtras,
                isByTime: !isSummed && ["Signal", "Retention Time"].contains(sorted)),
            in: text)
        signalExtras = Extras()
    }

    private func closeTable(keepingSignals: Bool = false) async throws {
        flush()
        table?.close(at: line)
        (table, totalled) = (nil, nil)
        if !keepingSignals { try await tellWithoutPeaks() }
    }

    private func begin() async throws {
        guard !isBegun else { return }
        isBegun = true
        header?.settle(title: firstTitle, known: known)
        if let header { try await receiver.begin(header) }
    }

    /// A result for each signal named of which there is no table.
    private func tellWithoutPeaks() async throws {
        guard let header else { return }
        for (number, written, place) in signals {
            let (signal, extras) = ChemStationHeader.signal(written)
            try await receiver.takeEmpty(
                ResultRecord(
                    kind: .sample, sample: header.sample, position: header.position, injection: header.injection, signal: signal,
                    measurements: [], flags: [Flag("noPeaks")], extras: extras, location: place),
                Diagnostic(
                    .note, "chemstation.no-peaks", "there are no peaks of signal \(number) (\(written))", at: place,
                    hint: "one result without measurements says so"))
        }
        signals = []
    }

    // MARK: The end

    private func checkSignals() {
        if signalsOfFirst == 0 { signalsOfFirst = lastSignal }
        guard lastSignal != signalsOfFirst, lastSignal > 0 else { return }
        source.account.report(
            Diagnostic(
                "chemstation.signal-count",
                "the part \"\(title)\" of the report has \(lastSignal) signals, the first part has \(signalsOfFirst)",
                at: source.location(line: line),
                hint: "the peaks that are there were read; the file was edited: report the injection again in ChemStation"))
        source.account.contradict("\(lastSignal) of \(signalsOfFirst) signals stand in \"\(title)\"")
    }

    private func finishInjection() async throws {
        try await closeTable()
        guard let header else { return }
        if !isBegun { try await tellWithoutSignals() }
        checkSignals()
        checkEnd()
        let injection = (pageHeads.first ?? "") + "\n" + (header.fields["Injection Date"] ?? "")
        if !injections.insert(injection).inserted {
            source.account.report(
                Diagnostic(
                    "chemstation.same-injection", "this injection was reported above already: the same data file and time",
                    at: source.location(line: line), hint: "all reports were read; files were put together: leave one of them out"))
            source.account.contradict("an injection stands twice")
        }
        header.fields.settle()
        self.header = nil
    }

    private func tellWithoutSignals() async throws {
        try await begin()
        guard let header else { return }
        let place = source.location(line: line)
        try await receiver.takeEmpty(
            ResultRecord(
                kind: .sample, ordinal: 1, sample: header.sample, position: header.position, injection: header.injection,
                measurements: [], flags: [Flag("noPeaks")], location: place),
            Diagnostic(
                .note, "chemstation.no-signals", "this report names no signal, so there are no tables of peaks", at: place,
                hint: "one result without measurements tells the sample; if peaks were integrated, report it again"))
    }

    private func checkEnd() {
        if messages.declared > messages.found {
            source.account.report(
                Diagnostic(
                    .warning, "chemstation.messages-missing",
                    "ChemStation counts \(messages.declared) warnings or errors, \(messages.found) are told",
                    at: source.location(line: line), hint: "look at the printed report for the others"))
        }
        if let page, page.last != page.of, isEnded {
            source.account.report(
                Diagnostic(
                    "chemstation.page", "the last page is \(page.last) of \(page.of)", at: source.location(line: line),
                    hint: "the pages that are there were read; report the injection again in ChemStation"))
            source.account.contradict("the last page is \(page.last) of \(page.of)")
        }
        guard !isEnded else { return source.account.prove("the end mark of the report is there") }
        source.account.report(
            Diagnostic(
                "chemstation.no-end", "the report has no \"*** End of Report ***\"", at: source.location(line: line),
                hint: "what is there was read; the file was cut: copy the folder again, or report the injection again in ChemStation"))
        source.account.contradict("the report has no end mark")
    }
}
