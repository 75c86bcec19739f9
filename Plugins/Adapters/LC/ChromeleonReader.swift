import IngestCore
import TabularText

/// Reads the parts of a Chromeleon export one after another.
final class ChromeleonReader {
    private let text: DelimitedText
    private let output: AdapterOutput
    private let account: ReadingAccount

    private var draft: InjectionDraft
    private var injections = 1
    private var fields: KeyedFields
    private var lines = Extras()
    private var isDescribed = false
    private var traces: [ChromeleonTrace] = []
    private var content = Content.keys

    private var proofs: [String] = []
    private var isDoubtful = false
    private var endsOpen = false

    private enum Content {
        case keys
        /// `Chromatogram Data:` was read; its headings follow.
        case dataTitle
        case trace(ChromeleonTrace)
        case table(ChromeleonTable)
    }

    init(_ text: DelimitedText, _ output: AdapterOutput) {
        self.text = text
        self.output = output
        account = text.source.account
        draft = InjectionDraft(output, number: 1)
        fields = text.keyedFields()
    }

    func read() async throws {
        var row: Row?
        // The last injection is asked for when nothing more can follow it.
        text.atEnd = { [unowned self] in
            endFields()
            endsOpen = row?.isOpenEnded ?? false
        }
        while let next = try text.next() {
            row = next
            if case .trace(let trace) = content, try trace.takes(next) { continue }
            if next.isBlank { continue }
            try await read(next)
        }
        try await finishInjection()
        if !proofs.isEmpty, !isDoubtful, !endsOpen { account.prove(proofs.joined(separator: "; ")) }
    }

    private func read(_ row: Row) async throws {
        let filled = (0..<row.count).filter { !row.isEmpty($0) }
        if filled.count == 1, let title = ChromeleonBlock.title(row[filled[0]]), !ChromeleonTable.isTotal(row) {
            endContent()
            row.describe()
            if ChromeleonBlock.isData(title) { content = .dataTitle }
            return
        }
        switch content {
        case .dataTitle:
            let trace = try ChromeleonTrace(heading: row, signal: facts.signal(), draft: draft, source: text.source)
            traces.append(trace)
            content = .trace(trace)
        case .trace(let trace) where filled.count >= trace.header.count || row.count > 1 && text.isNumber(row[0]):
            try trace.take(row)
        case .table(let table):
            if try await !take(row, table) { try await takeKey(row) }
        default:
            if ChromeleonTable.isHeading(row.cells) {
                endContent()
                content = .table(ChromeleonTable(heading: row, signal: facts.signal(), text))
            } else {
                try await takeKey(row)
            }
        }
    }

    // MARK: Tables

    /// - Returns: False for a line that is no part of the table.
    private func take(_ row: Row, _ table: ChromeleonTable) async throws -> Bool {
        if ChromeleonTable.isTotal(row) {
            table.check(total: row)
            return true
        }
        if ChromeleonTable.isStatistic(row) {
            row.ignore(.summaryRow)
            return true
        }
        if row.cells.map(\.trimmed) == table.header.names {
            row.ignore(.repeatedHeading)
            return true
        }
        if ChromeleonTable.isHeading(row.cells) {
            endContent()
            content = .table(ChromeleonTable(heading: row, signal: facts.signal(), text))
            return true
        }
        if table.takesHeadingLine(row) { return true }
        guard table.isRow(row) else { return false }
        row.header = table.header
        guard table.fits(row) else { return true }
        try await draft.add(row, known: describe) { try table.result(from: row) }
        return true
    }

    private func endContent() {
        if case .table(let table) = content {
            if table.isProven {
                proofs.append("the totals are the sums of \(table.rows) \(table.rows == 1 ? "row" : "rows")")
            } else {
                isDoubtful = true
            }
        }
        content = .keys
    }

    // MARK: Keys and values

    private func takeKey(_ row: Row) async throws {
        endContent()
        row.header = nil
        let columns = (0..<row.count).filter { !row.isEmpty($0) }
        guard let first = columns.first else { return }
        if columns.count == 1, first == 0, row.count == 1 {
            // A line of text: no key has a value without a separator.
            lines.append(distinct: "line \(row.line)", row.extra(0) ?? "")
            return
        }
        if columns.filter({ text.isNumber(row[$0]) }).count > 2 {
            row.leaveOut(
                row.fault(
                    "chromeleon.stray-row", "a row of numbers stands below no headings that are known", at: first,
                    hint: "this row was left out; the headings of its table were lost: export the file again"))
            account.contradict("line \(row.line) is a row of a table without headings")
            return
        }
        let key = row[first].hasSuffix(":") ? String(row[first].dropLast()).trimmed : row[first]
        if draft.hasData, fields.keys.contains(key) { try await nextInjection() }
        // A printed report has several to the line: "Sample Name:  A  Vial:  3".
        let isReport = row[first].hasSuffix(":")
        let starts = [first] + columns.dropFirst().filter { isReport && row[$0].hasSuffix(":") && row[$0].count > 1 }
        for (index, start) in starts.enumerated() {
            fields.take(row, columns: start..<(index + 1 < starts.count ? starts[index + 1] : row.count))
        }
    }

    private func nextInjection() async throws {
        endFields()
        try await finishInjection()
        injections += 1
        draft = InjectionDraft(output, number: injections)
        fields = text.keyedFields()
        traces = []
        isDescribed = false
    }

    private func endFields() {
        endContent()
        // What the injections before it prove says nothing of one that only begins.
        if injections > 1, !draft.hasData, traces.isEmpty { isDoubtful = true }
        describe(draft)
        lines.add(fields.unread.withoutFolders)
        checkPoints()
    }

    private func finishInjection() async throws {
        try await draft.finish(late: lines, at: text.source.location(line: 1, column: 1))
        lines = Extras()
    }

    // MARK: Checks

    /// `Data Points`, `Signal Min.` and `Signal Max.` against the points.
    private func checkPoints() {
        let extras = draft.run.extras
        guard let written = extras["Data Points"] else {
            if !traces.isEmpty { isDoubtful = true }
            for trace in traces { trace.end { _ in } }
            return
        }
        let rows = traces.reduce(0) { $0 + $1.rows }
        let isMet = Int(written.trimmed) == rows
        if isMet {
            proofs.append("Data Points said \(rows), \(rows) rows read")
        } else {
            let found = traces.isEmpty ? "no data follow" : "\(rows) rows follow"
            account.report(
                fields.fault(
                    "chromeleon.count", "Data Points is \(written.trimmed), but \(found)", at: "Data Points",
                    hint: "what is there was read; the file was cut or edited: export it again"))
            account.contradict("Data Points said \(written.trimmed), \(found)")
        }
        guard traces.count == 1, let trace = traces.first else {
            for trace in traces { trace.end { _ in } }
            return
        }
        let deviations = isMet ? rangeDeviations(trace, extras) : []
        trace.end { record in
            for key in deviations { record.flags.append(Flag("signalRange", written: extras[key])) }
        }
    }

    /// The keys of the stated range that the points do not reach, or pass: a number among them was garbled.
    private func rangeDeviations(_ trace: ChromeleonTrace, _ extras: Extras) -> [String] {
        [("Signal Min.", trace.lowest, 1.0), ("Signal Max.", trace.highest, -1.0)].compactMap { key, found, inside in
            guard let written = extras[key], found.isFinite,
                case .number(let stated, .exact) = NumberText.read(written, mark: text.survey.decimalMark),
                abs(stated - found) > max(1e-6, abs(stated) * 1e-9)
            else { return nil }
            let isPassed = (found - stated) * inside < 0
            account.report(
                fields.fault(
                    "chromeleon.range",
                    "\(key) is \(written.trimmed), but the points \(isPassed ? "pass" : "do not reach") it: \(found)",
                    at: key, severity: isPassed ? .error : .warning,
                    hint:
                        "the points were read; if they are not a part of the signal, a number is garbled: export the file again"
                ))
            if isPassed { account.contradict("\(key) said \(written.trimmed), the points have \(found)") }
            return key
        }
    }

    private var facts: ChromeleonRun { ChromeleonRun(fields: fields, text: text, draft: draft) }

    private func describe(_ draft: InjectionDraft) {
        guard !isDescribed else { return }
        isDescribed = true
        facts.describe(isFirst: injections == 1)
    }
}
