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
    let source: SourceFile
    let text: DelimitedText
    let receiver: any ChemStationTextTaking

    /// What the lines above the one at hand were.
    enum Above { case nothing, ruler, field, dataFile, sampleName }
    var above = Above.nothing
    var waiting: [(text: String, line: Int, cells: Int)] = []
    var unknown = 0

    // Of the injection at hand.
    var header: ChemStationTextHeader?
    var isBegun = false
    /// Its fields were asked for.
    var isSettled = false
    var isEnded = false
    var title = ""
    var firstTitle: String?
    var lastSignal = 0
    var signalsOfFirst = 0
    /// Signals named of which no table came yet.
    var signals: [(number: Int, written: String, place: SourceLocation)] = []
    var signalExtras = Extras()
    var standards: ChemStationTextColumns?
    var table: ChemStationTextTable?
    /// The table is closed by its totals, of which there may be two lines.
    var totalled: ChemStationTextTable?
    var page: (last: Int, of: Int)?
    var messages = (declared: 0, found: 0)
    var line = 0
    /// The first lines of the injection, which stand again on each page.
    var pageHeads: [String] = []
    var injections: Set<String> = []

    /// What stands in another file of the injection, and is not told again.
    let known: Set<String>

    /// - Parameter known: The keys that another file of the injection tells.
    init(_ source: SourceFile, _ receiver: any ChemStationTextTaking, known: Set<String> = []) throws {
        self.source = source
        self.receiver = receiver
        self.known = known
        text = try DelimitedText(source, dialect: .printed, missing: ["-"])
    }

    func read() async throws {
        // The fields of a report without signals are asked for before their account is closed.
        text.atEnd = { [unowned self] in settle() }
        while let row = try text.next() {
            row.uncut()
            line = row.line
            try await take(row, row.text(at: 0).replacing("\u{C}", with: " "))
        }
        try await finishInjection()
        if unknown > Self.mostTold {
            source.account.report(
                Diagnostic(
                    .warning, "chemstation.unknown-line",
                    "\(unknown - Self.mostTold) more lines belong to no part of this report",
                    at: source.location(), hint: "they were not read; see those that are told above"))
        }
        if injections.isEmpty {
            throw Diagnostic(
                "chemstation.no-report", "this is no report of ChemStation: no line names a data file or a sample",
                at: source.location(), hint: "try ingest detect")
        }
    }

    // MARK: Lines

    func take(_ row: Row, _ line: String) async throws {
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

    func startsWithNumber(_ line: String) -> Bool { line.trimmed.first?.isNumber == true }

    /// What only the lines around it explain.
    func takeOther(_ row: Row, _ line: String, _ above: Above) async throws {
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

    static let mostWaiting = 3

    func wait(_ row: Row, _ line: String) {
        if waiting.count == Self.mostWaiting { flush() }
        waiting.append((line, row.line, row.setAside()))
    }

    /// Reports the lines that waited in vain.
    func flush() {
        for line in waiting {
            source.account.add(Coverage(values: line.cells, leftOut: line.cells))
            tellUnknown(line.text.trimmed, at: source.location(line: line.line, column: 1))
        }
        waiting = []
    }

    static let mostTold = 20

    func tellUnknown(_ text: String, at place: SourceLocation) {
        unknown += 1
        guard unknown <= Self.mostTold else { return }
        source.account.report(
            Diagnostic(
                .warning, "chemstation.unknown-line", "\"\(PrivateText.withoutFolders(text))\" belongs to no part of this report",
                at: place,
                hint: "this line was not read; if a number of yours stands in it, the file was edited: report the injection again"
            ))
    }
}
