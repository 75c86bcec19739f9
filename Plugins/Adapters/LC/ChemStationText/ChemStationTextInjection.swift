import IngestCore
import TabularText

/// The injection that a printed report is of: where it begins and on which pages it stands, its titles, and its end.
extension ChemStationTextReader {
    func takeDataFile(_ row: Row, _ line: String) async throws {
        let trimmed = line.trimmed
        if header != nil, !isEnded, pageHeads.first == trimmed { return row.ignore(.pageNumber) }
        try await finishInjection()
        beginInjection()
        pageHeads = [trimmed]
        header?.take(row, line, key: "Data File", ending: "Data File ")
        above = .dataFile
    }

    func takeSampleName(_ row: Row, _ line: String) {
        let trimmed = line.trimmed
        if pageHeads.contains(trimmed) { return row.ignore(.pageNumber) }
        if header == nil { beginInjection() }
        pageHeads.append(trimmed)
        header?.take(row, line, key: "Sample Name", ending: "Sample Name:")
    }

    func beginInjection() {
        header = ChemStationTextHeader(text, source)
        pageHeads = []
        (isBegun, isSettled, isEnded, title, firstTitle) = (false, false, false, "", nil)
        (lastSignal, signalsOfFirst) = (0, 0)
        (page, messages, totalled) = (nil, (0, 0), nil)
    }

    /// A line that stands again on each page: what the injection is, or the instrument and the time of the report.
    func isPageHead(_ line: String, _ row: Row) -> Bool {
        guard let header else { return false }
        if pageHeads.contains(line) || line == header.stamp { return true }
        guard isBegun, let name = header.run.instrument?.name, line.hasPrefix(name + " ") else { return false }
        let words = line.dropFirst(name.count).split(separator: " ")
        return [3, 2].contains { words.count >= $0 && row.time(words.prefix($0).joined(separator: " ")) != nil }
    }

    func takePage(_ row: Row, _ number: Int, of count: Int) {
        row.ignore(.pageNumber)
        if number != (page?.last ?? 0) + 1 || count != page?.of ?? count {
            source.account.report(
                row.fault(
                    "chemstation.page", "page \(number) of \(count) follows page \(page?.last ?? 0) of \(page?.of ?? count)",
                    at: 0,
                    hint: "all lines that are there were read; a page is missing: report the injection again in ChemStation"))
            source.account.contradict("page \(number) follows page \(page?.last ?? 0)")
        }
        page = (number, count)
    }

    func takeTitle(_ row: Row, _ title: String) {
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

    static let titles: Set<String> = [
        "Area Percent Report", "Height Percent Report", "External Standard Report", "Internal Standard Report",
        "ESTD Percent Report", "ISTD Percent Report", "Normalized Percent Report", "Norm Percent Report", "Normalization Report",
        "Summed Peaks Report", "Final Summed Peaks Report", "Performance Report", "Compound Summary Report",
    ]

    func checkSignals() {
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

    func finishInjection() async throws {
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
                    at: source.location(line: line), hint: "all reports were read; files were put together: leave one of them out"
                ))
            source.account.contradict("an injection stands twice")
        }
        header.fields.settle()
        self.header = nil
    }

    func tellWithoutSignals() async throws {
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

    func checkEnd() {
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
                hint:
                    "what is there was read; the file was cut: copy the folder again, or report the injection again in ChemStation"
            ))
        source.account.contradict("the report has no end mark")
    }
}
