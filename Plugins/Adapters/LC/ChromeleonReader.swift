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
            let trace = try ChromeleonTrace(heading: row, signal: signal(), draft: draft, source: text.source)
            traces.append(trace)
            content = .trace(trace)
        case .trace(let trace) where filled.count >= trace.header.count || row.count > 1 && isNumber(row[0]):
            try trace.take(row)
        case .table(let table):
            if try await !take(row, table) { try await takeKey(row) }
        default:
            if ChromeleonTable.isHeading(row.cells) {
                endContent()
                content = .table(ChromeleonTable(heading: row, signal: signal(), text))
            } else {
                try await takeKey(row)
            }
        }
    }

    private func isNumber(_ cell: String) -> Bool {
        if case .number = NumberText.read(cell, mark: text.survey.decimalMark) { true } else { false }
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
            content = .table(ChromeleonTable(heading: row, signal: signal(), text))
            return true
        }
        if table.takesHeadingLine(row) { return true }
        guard table.isRow(row) else { return false }
        row.header = table.header
        guard row.fits(table.header) else { return true }
        try await draft.add(row, known: describe) { try table.result(from: row) }
        return true
    }

    private func endContent() {
        if case .table(let table) = content {
            if table.isProven {
                proofs.append("the totals of \(table.rows) peaks are the sums of their columns")
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
                    "chromeleon.range", "\(key) is \(written.trimmed), but the points \(isPassed ? "pass" : "do not reach") it: \(found)",
                    at: key, severity: isPassed ? .error : .warning,
                    hint: "the points were read; if they are not a part of the signal, a number is garbled: export the file again"))
            if isPassed { account.contradict("\(key) said \(written.trimmed), the points have \(found)") }
            return key
        }
    }

    // MARK: What run and sample are

    private func describe(_ draft: InjectionDraft) {
        guard !isDescribed else { return }
        isDescribed = true
        describeRun(draft)
        let role = first("Type", "Sample Type")
        let sample = Sample(
            name: first("Injection", "Injection Name", "Sample", "Sample Name"), id: first("Sample ID"),
            role: role.map { Sample.Role(written: $0) }, roleWritten: role)
        if sample != Sample() { draft.sample = sample }
        if let position = first("Position", "Sample Position", "Vial Number", "Vial") {
            draft.position = Position(well: position) ?? Position(written: position, vial: Int(position) == nil ? nil : position)
        }
        var injection = Injection()
        if let number = first("Injection Number", "Sample Number") {
            injection.ordinal = Int(number)
            if injection.ordinal == nil { draft.run.extras.add("Injection Number", number) }
        }
        injection.acquired = acquired(draft)
        if let acquired = injection.acquired { draft.run.times.append(.init(.started, acquired)) }
        if let key = fields.keys.first(where: { ["injectionvolume", "injvolume", "injvol"].contains(ColumnHeading.normalized($0)) }) {
            do {
                injection.volume = try fields.quantity(key, ColumnUnit(heading: key))
            } catch {
                keepUnread(error, key, draft)
            }
        }
        if injection != Injection() { draft.injection = injection }
        draft.run.extras.add(fields.unread.withoutFolders)
    }

    private func describeRun(_ draft: InjectionDraft) {
        if let system = first("Generating Data System", "Exporting Data System") {
            let words = system.split(separator: " ", maxSplits: 1).map(String.init)
            draft.run.software = .init(name: words.first, version: words.count > 1 ? words[1] : nil)
        } else if let system = first("Data System") {
            let high = first("Version High").flatMap { Int($0) }, low = first("Version Low")
            let version = high.map { "\($0)" + (low.map { "." + $0 } ?? "") }
            let build = first("Build No.").map { " build \($0)" } ?? ""
            draft.run.software = .init(name: system, version: version.map { $0 + build })
        }
        if injections == 1 {
            let version = draft.run.software?.version.map { " " + $0 } ?? ""
            account.name(format: "Chromeleon\(version) text export")
        }
        if let path = first("File Path", "Filepath") {
            draft.run.extras.add("File Path", FileReference.name(path))
            let folders = path.split(whereSeparator: { $0 == "/" || $0 == "\\" })
            draft.run.sequence = folders.first { $0.lowercased().hasSuffix(".seq") }.map(String.init)
        }
        if let sequence = first("Sequence", "Sequence Name") { draft.run.sequence = FileReference.name(sequence) }
        draft.run.operatorName = first("Operator", "Run Operator")
        if let name = first("Instrument Name", "Instrument", "Timebase") { draft.run.instrument = .init(name: name) }
        for (role, method) in [
            (RunRecord.Method.Role.acquisition, first("Instrument Method", "PGM file", "Program", "Control Program")),
            (.processing, first("Processing Method", "QNT method", "Quantif. Method", "Quantification Method")),
            (.report, first("Report Template")),
        ] {
            if let method { draft.run.methods.append(.init(role, FileReference.name(method))) }
        }
    }

    private func acquired(_ draft: InjectionDraft) -> Timestamp? {
        for (date, time) in [("Injection Date", "Injection Time"), ("Date", "Time"), ("Recording Time", ""), ("Injection Date/Time", "")]
        where fields.keys.contains(date) {
            do {
                return try fields.timestamp(date, joinedTo: fields.keys.contains(time) ? time : nil)
            } catch {
                keepUnread(error, date, draft)
                if let rest = fields.text(time) { draft.run.extras.add(time, rest) }
            }
        }
        return nil
    }

    /// The signal that the keys tell so far.
    private func signal() -> Signal? {
        guard let name = first("Channel", "Channel Name", "Signal") else { return nil }
        var wavelength = fields.text("Wavelength").flatMap(quantity)
        if let info = fields.text("Signal Info") {
            // Kept as it stands besides; version 6 writes "WVL:254 nm".
            if draft.run.extras["Signal Info"] == nil { draft.run.extras.add("Signal Info", info) }
            if wavelength == nil, info.hasPrefix("WVL:") { wavelength = quantity(String(info.dropFirst(4))) }
        }
        if wavelength == nil, let written = fields.text("Wavelength") { draft.run.extras.add("Wavelength", written) }
        return Signal(name: name, wavelength: wavelength)
    }

    /// `254 nm` as a number with its unit.
    private func quantity(_ written: String) -> Quantity? {
        let parts = written.split(separator: " ")
        guard parts.count == 2, let unit = Unit(spelling: parts[1]),
            case .number(let value, let bound) = NumberText.read(parts[0], mark: text.survey.decimalMark)
        else { return nil }
        return Quantity(written: written.trimmed, value: value, unit: unit, unitWritten: String(parts[1]), bound: bound)
    }

    /// The first of these keys that has a value.
    private func first(_ keys: String...) -> String? {
        for key in keys {
            if let text = fields.text(key) { return text }
        }
        return nil
    }

    /// A field of the run that cannot be read stays as text: no result depends on it.
    private func keepUnread(_ error: any Error, _ key: String, _ draft: InjectionDraft) {
        draft.run.extras.add(key, fields.text(key) ?? "")
        guard var diagnostic = error as? Diagnostic else { return }
        diagnostic.severity = .warning
        diagnostic.hint = "it was kept as text among the extras of the run"
        account.report(diagnostic)
    }
}
