import IngestCore
import TabularText

/// Reads the parts of a Chromeleon export one after another.
final class ChromeleonReader {
    private let text: DelimitedText
    private let output: AdapterOutput
    private let account: ReadingAccount

    private var draft: InjectionDraft
    private var injections = 1
    private var block: Block
    /// Keys behind data: of the injection to come, unless they only say more of this one.
    private var behind: Block?
    /// Keys that stood behind data, in front of the one that came again. They may be the end of a page (`Printed:`), which
    /// begins no injection when it comes again.
    private var between: Set<String> = []
    private var lines = Extras()
    /// Rows of data came, were they read or left out: keys are behind them.
    private var sawData = false
    private var isDescribed = false
    private var traces: [ChromeleonTrace] = []
    private var content = Content.keys
    private var columns = KnownColumns<ChromeleonColumns>()

    private var proofs: [String] = []
    private var isDoubtful = false
    private var endsOpen = false

    /// Keys with their values, and which there are.
    private final class Block {
        let fields: KeyedFields
        var keys: Set<String> = []
        /// Where they begin.
        let line: Int

        init(_ text: DelimitedText, line: Int) {
            fields = text.keyedFields()
            self.line = line
        }
    }

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
        block = Block(text, line: 1)
    }

    func read() async throws {
        var row: Row?
        // The last injection is asked for when nothing more can follow it.
        text.atEnd = { [unowned self] in
            endBehind()
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
            if row.count == 1, !ChromeleonBlock.titles.contains(title) { keep(row) } else { row.describe() }
            if ChromeleonBlock.isData(title) { content = .dataTitle }
            return
        }
        switch content {
        case .dataTitle:
            try await settleBehind()
            let trace = try ChromeleonTrace(heading: row, signal: facts.signal(), draft: draft, source: text.source)
            traces.append(trace)
            sawData = true
            content = .trace(trace)
        case .trace(let trace)
        where !block.keys.contains(Self.key(row[0]))
            && (filled.count >= trace.header.count || row.count > 1 && text.isNumber(row[0])):
            try trace.take(row)
        case .trace where row.count == 1:
            // A line of text among the points does not end them.
            keep(row)
        case .table(let table):
            if try await !take(row, table) { try await takeKey(row) }
        default:
            if ChromeleonTable.isHeading(row) {
                endContent()
                try await settleBehind()
                content = .table(ChromeleonTable(heading: row, signal: facts.signal(), text, &columns))
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
        if row.count == table.header.count, (0..<row.count).allSatisfy({ row[$0] == table.header.names[$0] }) {
            row.ignore(.repeatedHeading)
            return true
        }
        if ChromeleonTable.isHeading(row) {
            endContent()
            content = .table(ChromeleonTable(heading: row, signal: facts.signal(), text, &columns))
            return true
        }
        if table.takesHeadingLine(row, &columns) { return true }
        guard table.isRow(row) else { return false }
        row.header = table.header
        sawData = true
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
            keep(row)
            return
        }
        if text.isNumber(row[first]) || columns.filter({ text.isNumber(row[$0]) }).count > 2 {
            // Keys are words.
            sawData = true
            row.leaveOut(
                row.fault(
                    "chromeleon.stray-row", "a row of numbers stands below no headings that are known", at: first,
                    hint: "this row was left out; the headings of its table were lost: export the file again"))
            account.contradict("line \(row.line) is a row of a table without headings")
            return
        }
        // A printed report has several to the line: "Sample Name:  A  Vial:  3".
        let isReport = row[first].hasSuffix(":")
        let starts = [first] + columns.dropFirst().filter { isReport && row[$0].hasSuffix(":") && row[$0].count > 1 }
        let target = sawData ? behind ?? Block(text, line: row.line) : block
        let keys = starts.map { Self.key(row[$0]) }
        let isRepeated = sawData && keys.contains { block.keys.contains($0) && !between.contains($0) }
        if isRepeated { between.formUnion(target.keys) }
        target.keys.formUnion(keys)
        for (index, start) in starts.enumerated() {
            target.fields.take(row, columns: start..<(index + 1 < starts.count ? starts[index + 1] : row.count))
        }
        guard sawData else { return }
        behind = target
        if isRepeated { try await nextInjection(target) }
    }

    private static func key(_ cell: String) -> String { cell.hasSuffix(":") ? String(cell.dropLast()).trimmed : cell }

    /// Keeps a line of text as it stands.
    private func keep(_ row: Row) { lines.append(distinct: "line \(row.line)", row.extra(0) ?? "") }

    /// Data follow the keys behind data: theirs is another injection if the keys tell of one, else they say more of this one.
    private func settleBehind() async throws {
        guard let behind else { return }
        if behind.keys.isDisjoint(with: ChromeleonRun.subject) { takeBehind() } else { try await nextInjection(behind) }
    }

    /// No data follow: the keys say more of this injection, unless it is known already to be another's they name.
    private func endBehind() {
        guard let behind else { return }
        if let name = behind.keys.intersection(ChromeleonRun.names).min(),
            !block.keys.isDisjoint(with: ChromeleonRun.names)
        {
            draft.tellLate(name, of: behind.fields, text.source)
            lines.add(behind.fields.unread.withoutFolders)
            self.behind = nil
            return
        }
        if draft.isBegun, let key = behind.keys.intersection(ChromeleonRun.subject).min() {
            draft.tellLate(key, of: behind.fields, text.source)
        }
        takeBehind()
    }

    private func takeBehind() {
        guard let behind else { return }
        block.fields.take(behind.fields)
        behind.fields.settle()
        block.keys.formUnion(behind.keys)
        self.behind = nil
    }

    private func nextInjection(_ next: Block) async throws {
        behind = nil
        endFields()
        try await finishInjection()
        block.fields.settle()
        injections += 1
        draft = InjectionDraft(output, number: injections)
        block = next
        traces = []
        sawData = false
        isDescribed = false
    }

    private func endFields() {
        endContent()
        // What the injections before it prove says nothing of one that only begins.
        if injections > 1, !draft.hasData, traces.isEmpty { isDoubtful = true }
        describe(draft)
        lines.add(block.fields.unread.withoutFolders)
        checkPoints()
    }

    private func finishInjection() async throws {
        try await draft.finish(late: lines, at: text.source.location(line: block.line, column: 1))
        lines = Extras()
    }

    // MARK: What is known

    private func checkPoints() {
        let check = ChromeleonPointCheck(fields: block.fields, stated: draft.run.extras, text: text)
        if let proof = check.proof(of: traces) {
            proofs.append(proof)
        } else if !traces.isEmpty {
            isDoubtful = true
        }
    }

    private var facts: ChromeleonRun { ChromeleonRun(fields: block.fields, text: text, draft: draft) }

    private func describe(_ draft: InjectionDraft) {
        guard !isDescribed else { return }
        isDescribed = true
        facts.describe(isFirst: injections == 1)
    }
}
