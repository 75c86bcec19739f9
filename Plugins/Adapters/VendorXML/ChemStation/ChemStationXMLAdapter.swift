public import IngestCore
import StreamingXML

/// Reads the XML files that Agilent ChemStation writes into the folder of an injection: `Result.xml`, and `SAMPLE.XML` and
/// `Limsinf.xml` beside it.
///
///     <ChemStationResult>
///       <SampleInformation><SampleName>LOT7-0412</SampleName><InjectionDateTime>14-Mar-24, 09:41:07</InjectionDateTime>…
///       <Chromatograms><Signal><Description>DAD1 A, Sig=254,4 Ref=360,100</Description><YUnits>mAU</YUnits>
///         <IntegrationResults><RetTime>1.204</RetTime><Area>120.5</Area><AreaSum>500</AreaSum>…
///       <Results><ResultsGroup>
///         <Peak><MeasRetTime Unit="min">1.204</MeasRetTime><Area Unit="mAU*s">120.5</Area><Name>Formic acid</Name>
///           <Amount Unit="mg/l">0.0643</Amount>…
///
/// - Given the folder, a zip of it, or one of the files with the others beside it, all are read as one injection, a
///   ``RunRecord``. A folder of such folders is a run for each.
/// - The file tells each peak twice: as it was integrated, and in the list of compounds. The two are joined by signal and
///   retention time into one result of kind `peak`, where their numbers agree. What only one of them has is a result of its
///   own with the flag `unmatched`; a compound that was looked for and not found is one of kind `compound`, without numbers.
/// - Retention times, areas, heights, widths and amounts have the units that the list of compounds states; where a peak is
///   not in it, those of the signal, and the area that of its height times seconds. `Width` is ChemStation's own, not at half height.
/// - An expected retention time of 0 is none, and so is the amount 0 of a peak that nobody knows.
/// - A signal without peaks is a result of kind `sample` without measurements.
/// - The sums of areas and heights, which each peak repeats, show that no peak is missing.
/// - A file that has the name of one of them and holds something else is an error; a folder without a `Result.xml` is a warning.
/// - A folder that has `Report00.CSV` too is left to lc.chemstation, unless this adapter is named.
///
/// Known from a folder that ChemStation C.01.10 wrote for GC, and from the public reader GC2ASM.
public struct ChemStationXMLAdapter: CompanionReading {
    public init() {}
    public let identity = AdapterIdentity(
        "xml.chemstation", version: 1, instrument: "Agilent ChemStation Result.xml, with SAMPLE.XML and Limsinf.xml (.D folder)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty else { return recognize(folder: opening.members) }
        guard let part = ChemStationXMLPart(opening) else { return .no }
        let isCut = part == .sample && ChemStationXMLPart.isCutSample(opening)
        return .certain(
            because: "the outermost element is <\(part.rawValue)>"
                + (isCut ? ", which begins as in SAMPLE.XML of ChemStation and is cut" : part.further))
    }

    private func recognize(folder members: [SourceOpening]) -> Recognition {
        let hasReport = members.contains(where: ChemStationFiles.isHeader)
        if let result = members.first(where: { ChemStationXMLPart($0) == .result }) {
            let because = "the outermost element of \(result.name) is <ChemStationResult>"
            return hasReport ? .possible(because: because) : .certain(because: because)
        }
        guard !hasReport, let sample = members.first(where: { ChemStationXMLPart($0) != nil }) else { return .no }
        return .possible(because: "\(sample.name) is a description of a sample as ChemStation writes it")
    }

    public func companions(of opening: SourceOpening) -> [String] {
        guard ChemStationXMLPart(opening) != nil else { return [] }
        return opening.neighbours.filter { ChemStationXMLPart.names.contains($0.lowercased()) && $0 != opening.name }
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let (injections, unread) = ChemStationXMLInjection.find(in: source.members.isEmpty ? [source] : source.members)
        source.account.name(format: "ChemStation XML")
        guard !injections.isEmpty else {
            throw Diagnostic(
                "chemstation-xml.no-result", "there is no <ChemStationResult> and no <Sample> of ChemStation in this",
                at: source.location(), hint: "nothing was read; give the .D folder or its Result.xml")
        }
        noteFiles(source, unread)
        for injection in injections { try await read(injection, isFolder: !source.opening.members.isEmpty, into: output) }
    }

    private func read(_ injection: ChemStationXMLInjection, isFolder: Bool, into output: AdapterOutput) async throws {
        var facts = ChemStationXMLFacts(output.account)
        let before = output.counts.results
        let place: SourceLocation
        if let file = injection.result {
            // The sample's own files come first in the records: the run has to be whole before its first peak.
            let survey = try ChemStationXMLSurvey(file)
            facts.take(survey)
            let reading = try ChemStationXMLReading(file, survey)
            try reading.readFacts(into: &facts)
            place = reading.place
            if let sample = injection.sample { try facts.readSample(sample) }
            if let lims = injection.lims { try facts.readLims(lims) }
            try await output.begin(facts.finishedRun)
            try await reading.readPeaks(facts, into: output)
            if survey.signals.isEmpty, !survey.isBroken { tellNoSignals(place, output.account) }
        } else {
            let ofSample = try injection.sample.map { try facts.readSample($0) }
            let ofLims = try injection.lims.map { try facts.readLims($0) }
            guard let known = ofSample ?? ofLims else { return }
            place = known
            if !injection.hasOtherResult { tellNoResult(place, isFolder: isFolder, output.account) }
            try await output.begin(facts.finishedRun)
        }
        guard output.counts.results == before, output.resultsLeftOut == 0 else { return }
        try await output.emit(
            ResultRecord(
                kind: .sample, ordinal: 1, sample: facts.sample, position: facts.position, injection: facts.injection,
                measurements: [], flags: injection.result == nil ? [] : [Flag("noPeaks")], location: place))
    }

    /// A file may have been given without its folder; a folder has no peaks anywhere.
    private func tellNoResult(_ place: SourceLocation, isFolder: Bool, _ account: ReadingAccount) {
        guard isFolder else {
            return account.report(
                Diagnostic(
                    .note, "chemstation-xml.no-result", "there is no Result.xml beside it: this tells the sample alone",
                    at: place, hint: "one result without measurements tells the sample; give the .D folder for its peaks"))
        }
        account.doubt("there is no Result.xml, so no peaks")
        account.report(
            Diagnostic(
                .warning, "chemstation-xml.no-result",
                "no peaks were read: there is no Result.xml in this folder", at: place,
                hint: "one result without measurements tells the sample; report the injection again in ChemStation, as XML too"))
    }

    private func tellNoSignals(_ place: SourceLocation, _ account: ReadingAccount) {
        account.doubt("there are no signals")
        account.report(
            Diagnostic(
                .warning, "chemstation-xml.no-signals", "there is no <Signal> in this Result.xml, so no peaks", at: place,
                hint: "nothing but the sample was read; the file was edited, or the injection was not integrated"))
    }

    /// A part that has the name of one of ChemStation's and is none of them is missed: what should be in it is not known.
    private func tellDamage(of name: String, _ source: SourceFile) {
        guard ChemStationXMLPart.names.contains(PrivateText.fileName(name).lowercased()), let part = source.member(name)
        else { return }
        do {
            let document = try ElementReader(part, survey: true)
            let other = otherContent(of: name, document.root)
            while try document.next(in: document.root) != nil {}
            try document.finish()
            guard document.isBroken else { throw other }
            throw Diagnostic(
                "xml.malformed", "\(name) breaks off or is damaged", at: part.location(line: 1, column: 1),
                hint: "nothing of it was read; copy the folder again")
        } catch {
            if let diagnostic = error as? Diagnostic { source.account.report(diagnostic) }
            source.account.contradict("\(name) cannot be read as what it should be")
        }
    }

    private func otherContent(of name: String, _ root: OpenElement) -> Diagnostic {
        let expected = ChemStationXMLPart(named: PrivateText.fileName(name))?.rawValue ?? ""
        let message =
            root.name == expected
            ? "\(name) holds another <\(expected)> than ChemStation writes, or one that was read already"
            : "\(name) holds <\(root.name)>, where ChemStation writes <\(expected)>"
        return Diagnostic(
            "chemstation-xml.other-content", message, at: root.location,
            hint: "nothing of it was read; something else was saved under its name: copy the folder again from the instrument")
    }

    private func noteFiles(_ source: SourceFile, _ unread: [String]) {
        if source.opening.members.isEmpty, source.members.count > 1 {
            let names = source.members.map(\.name).joined(separator: ", ")
            source.account.report(
                Diagnostic(
                    .note, "chemstation-xml.read-together", "\(names) were read together, as one injection",
                    at: source.location(), hint: "give one of them, or their folder; each would give the same peaks again"))
        }
        for name in unread { tellDamage(of: name, source) }
        guard !unread.isEmpty else { return }
        let shown = unread.prefix(8).joined(separator: ", ") + (unread.count > 8 ? " and \(unread.count - 8) more" : "")
        source.account.report(
            Diagnostic(
                .note, "chemstation-xml.not-read", "\(shown) \(unread.count == 1 ? "was" : "were") not read",
                at: source.location(),
                hint: unread.contains { PrivateText.fileName($0).lowercased() == "result.xml" }
                    ? "the peaks would be in Result.xml, so there are none: copy the folder again, or report the injection again"
                    : "the peaks are in Result.xml; the files are told with their digests as attachments"))
    }
}

/// The files of ChemStation that are XML, by their outermost element.
enum ChemStationXMLPart: String {
    case result = "ChemStationResult"
    case sample = "Sample"
    case lims = "SampleLimsInfo"

    static let names: Set<String> = ["result.xml", "sample.xml", "limsinf.xml"]

    /// What a file of that name should be.
    init?(named name: String) {
        switch name.lowercased() {
        case "result.xml": self = .result
        case "sample.xml": self = .sample
        case "limsinf.xml": self = .lims
        default: return nil
        }
    }

    var further: String { self == .sample ? ", with the paths of ChemStation's methods" : "" }

    init?(_ opening: SourceOpening) {
        guard let start = XMLOpening(opening), let part = ChemStationXMLPart(rawValue: start.root.name) else { return nil }
        // Many formats have a <Sample>.
        let isOurs =
            ["ISTDs", "TargetMasses", "ACQMethodPath", "DAMethodPath"].count { start.has("/Sample/" + $0) } > 1
            || ChemStationXMLPart.isCutSample(opening)
        guard start.root.namespace == nil, part != .sample || isOurs else { return nil }
        self = part
    }
}

extension ChemStationXMLPart {
    /// What ChemStation writes first into `SAMPLE.XML`, in this order.
    private static let firstFields = ["Version", "Name", "Amount", "Multiplier", "Dilution", "Description", "ISTDs"]

    /// Whether it begins as `SAMPLE.XML` does, and breaks off before anything tells it from other descriptions of samples.
    static func isCutSample(_ opening: SourceOpening) -> Bool {
        guard opening.bytes.count < SourceOpening.length, let start = XMLOpening(opening), start.root.name == "Sample",
            start.root.namespace == nil
        else { return false }
        // As text: of a document that is cut the parser does not give all that stands before the cut.
        let tags = opening.lines.joined(separator: "\n").split(separator: "<").filter { $0.contains(">") }
            .map { $0.prefix { $0.isLetter || $0 == "/" } }.filter { !$0.isEmpty }
        guard tags.first == "Sample", !tags.contains("/Sample") else { return false }
        let fields = tags.dropFirst().filter { !$0.hasPrefix("/") }.map(String.init)
        let isNamed = PrivateText.fileName(opening.name).lowercased() == "sample.xml"
        return fields.count >= (isNamed ? 0 : 3) && fields.elementsEqual(firstFields.prefix(fields.count))
    }
}

/// The files of one injection: those of one folder.
struct ChemStationXMLInjection {
    var result: SourceFile?
    var sample: SourceFile?
    var lims: SourceFile?
    /// There is a `Result.xml` that is none, which is told as such.
    var hasOtherResult = false

    /// The injections among `files`, and the names of the files that belong to none.
    static func find(in files: [SourceFile]) -> (found: [ChemStationXMLInjection], unread: [String]) {
        var found: [ChemStationXMLInjection] = []
        var unread: [String] = []
        for folder in Set(files.map { ChemStationFiles.folder(of: $0.name) }).sorted() {
            var injection = ChemStationXMLInjection()
            for file in files where ChemStationFiles.folder(of: file.name) == folder {
                switch ChemStationXMLPart(file.opening) {
                case .result where injection.result == nil: injection.result = file
                case .sample where injection.sample == nil: injection.sample = file
                case .lims where injection.lims == nil: injection.lims = file
                default:
                    unread.append(file.name)
                    if ChemStationXMLPart(named: PrivateText.fileName(file.name)) == .result { injection.hasOtherResult = true }
                }
            }
            if injection.result != nil || injection.sample != nil || injection.lims != nil { found.append(injection) }
        }
        return (found, unread)
    }
}
