public import IngestCore
import TabularText

/// Reads the report that Agilent ChemStation writes as CSV files into the folder of an injection.
///
///     Report00.CSV                                          REPORT01.CSV
///     "Sample Name","S-0031",""                             1,2.8244,"BB S",0.0881,45713.66,7718.08,97.9152
///     "Injection Date","24-Jul-23, 21:37:10",""             2,4.0565,"BB  ",0.0927,955.59,149.11,2.0468
///     "Number of Signals",2,""
///     "Signal 1","FID1 A, Front Signal",""
///     "Column 2","Retention Time","min"
///
/// - Given the folder, a zip of it, or one of the files with the others beside it, all are read as one injection: a
///   ``RunRecord``, and a peak for each row of each table. A folder of such folders is a run for each.
/// - The tables have no headings; `Column 1` to `Column n` of the header are theirs, with their units. Area and height
///   have none here. Where the folder also holds the printed report, `Report.TXT`, and it prints the same numbers, they get
///   the units that stand there; where it prints others, that is told.
/// - A table of nothing but a byte order mark is a signal without peaks: one result of kind `sample` says so. So does one
///   for an injection of which no table gave a result.
/// - The area % of a signal add up to 100; with the declared numbers of signals and columns that proves a table whole.
/// - The operator, the time of the report and other facts that only Report.TXT has are taken from it.
/// - SAMPLE.XML and the raw data are named in a note and not read.
///
/// Known from folders that ChemStation B and C wrote for GC, and from the public readers PyExpLabSys and chromatopy.
public struct ChemStationAdapter: CompanionReading {
    public init() {}
    public let identity = AdapterIdentity("lc.chemstation", version: 3, instrument: "Agilent ChemStation report CSV (.D folder)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        if let header = opening.members.first(where: ChemStationFiles.isHeader) {
            return .certain(because: "\(header.name) names a sample, its signals and the columns of their tables")
        }
        if let table = opening.members.first(where: Self.isTableByName) {
            return .certain(because: "\(table.name) is a peak table of ChemStation")
        }
        guard opening.members.isEmpty else { return .no }
        if ChemStationFiles.isHeader(opening) {
            return .certain(because: "the keys from \"Sample Name\" on are those of ChemStation's Report00.CSV")
        }
        let hasHeader = opening.neighbours.contains { ChemStationFiles.number(of: $0) == 0 }
        if ChemStationFiles.isTable(opening), hasHeader || ChemStationFiles.isNumbered(opening) {
            return .certain(because: "rows of a number, a time, a peak type and areas, without a heading")
        }
        if ChemStationFiles.isBare(opening), hasHeader, ChemStationFiles.number(of: opening.name) != nil {
            return .certain(because: "a byte order mark alone, and Report00.CSV beside it: a signal without peaks")
        }
        return .no
    }

    /// Whether the files of a folder are told by a header of tables, or by a table.
    static func claims(_ opening: SourceOpening) -> Bool {
        opening.members.contains { ChemStationFiles.isHeader($0) || isTableByName($0) }
    }

    private static func isTableByName(_ member: SourceOpening) -> Bool {
        ChemStationFiles.number(of: member.name) != nil && ChemStationFiles.isTable(member)
    }

    public func companions(of opening: SourceOpening) -> [String] {
        let isHeader = ChemStationFiles.isHeader(opening)
        guard isHeader || ChemStationFiles.number(of: opening.name) != nil else { return [] }
        return opening.neighbours.filter {
            if ChemStationFiles.isReport($0) {
                return isHeader || opening.neighbours.contains { ChemStationFiles.number(of: $0) == 0 }
            }
            guard let number = ChemStationFiles.number(of: $0) else { return false }
            return !isHeader || number > 0
        }
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        source.account.name(format: "ChemStation report CSV")
        let (injections, reports, unread) = try ChemStationInjection.find(
            in: source.members.isEmpty ? [source] : source.members, named: source)
        noteReadTogether(source, injections)
        Self.noteUnread(source, unread)
        for (index, injection) in injections.enumerated() {
            var header = try ChemStationHeader(injection.header)
            if index == 0 { try surveyTables(injections, header.dialect) }
            let twin = injection.report.map(ChemStationTwin.init)
            if let printed = try await twin?.read(beside: header) { header.add(printed) }
            try await output.begin(header.run)
            if header.isOpen { source.account.doubt("the last line of \(injection.header.name) has no line end") }
            checkTables(injection, header)
            let results = output.counts.results
            for number in 1..<header.signals.count + 1 {
                guard let file = injection.tables[number] else { continue }
                try await ChemStationTable(file, number: number, header: header, twin: twin).read(into: output)
            }
            if output.counts.results == results { try await emitWithoutPeaks(header, injection, into: output) }
            twin?.finish()
        }
        for report in reports { try await ChemStationTextReader(report, EmittedPeaks(output: output)).read() }
    }

    /// The sample and its injection, of which no table tells a peak.
    private func emitWithoutPeaks(
        _ header: ChemStationHeader, _ injection: ChemStationInjection, into output: AdapterOutput
    ) async throws {
        let place = injection.header.location()
        if header.signals.isEmpty {
            injection.header.account.report(
                Diagnostic(
                    .note, "chemstation.no-signals", "Report00.CSV names no signal, so there are no tables of peaks", at: place,
                    hint: "one result without measurements tells the sample; if peaks were integrated, report it again"))
        }
        try await output.emit(
            ResultRecord(
                kind: .sample, ordinal: 1, sample: header.sample, position: header.position, injection: header.injection,
                measurements: [], flags: [Flag("noPeaks")], location: place))
    }

    /// The assumptions stand in the first line of the records, so all files settle them before any is read.
    private func surveyTables(_ injections: [ChemStationInjection], _ dialect: Dialect) throws {
        for file in injections.flatMap({ $0.tables.values }).sorted(by: { $0.name < $1.name }) {
            _ = try TextSurvey(file, dialect)
        }
    }

    // MARK: What the files say of one another

    private func checkTables(_ injection: ChemStationInjection, _ header: ChemStationHeader) {
        let account = injection.header.account
        for number in 1..<header.signals.count + 1 where injection.tables[number] == nil {
            let name = "REPORT" + (number < 10 ? "0" : "") + "\(number).CSV"
            account.report(
                Diagnostic(
                    "chemstation.missing-table",
                    "\(name) is missing, the table of signal \(number) (\(header.signals[number] ?? ""))",
                    at: injection.header.location(),
                    hint: "the other tables were read; copy the whole folder again, or report the injection again in ChemStation")
            )
            account.contradict("Report00.CSV names \(header.signals.count) signals, \(name) is missing")
        }
        for (number, file) in injection.tables.sorted(by: { $0.key < $1.key }) where header.signals[number] == nil {
            account.report(
                Diagnostic(
                    "chemstation.unknown-signal", "Report00.CSV names \(header.signals.count) signals, and no signal \(number)",
                    at: file.location(),
                    hint: "this table was not read; it is of another report: report the injection again in ChemStation"))
            account.contradict("\(file.name) belongs to no signal of Report00.CSV")
        }
        var seen: [String: String] = [:]
        for (number, file) in injection.tables.sorted(by: { $0.key < $1.key }) where !ChemStationFiles.isBare(file.opening) {
            guard file.size > 0, header.signals[number] != nil else { continue }
            if let other = seen.updateValue(file.name, forKey: file.digest.sha256) {
                account.report(
                    Diagnostic(
                        .warning, "chemstation.same-table", "\(other) and \(file.name) are the same, byte for byte",
                        at: file.location(),
                        hint: "both were read; two signals with equal peaks are unlikely: compare them with ChemStation"))
            }
        }
    }

    private func noteReadTogether(_ source: SourceFile, _ injections: [ChemStationInjection]) {
        guard source.opening.members.isEmpty, source.members.count > 1 else { return }
        source.account.report(
            Diagnostic(
                .note, "chemstation.read-together",
                source.members.map(\.name).joined(separator: ", ") + " were read together, as one injection",
                at: source.location(), hint: "give one of them, or their folder; each would give the same peaks again"))
    }

    static func noteUnread(
        _ source: SourceFile, _ names: [String], instead: String = "the peaks are in Report00.CSV and the tables"
    ) {
        guard !names.isEmpty else { return }
        let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
        source.account.report(
            Diagnostic(
                .note, "chemstation.not-read", "\(shown) \(names.count == 1 ? "was" : "were") not read", at: source.location(),
                hint: "\(instead); the files are told with their digests as attachments"))
    }
}
