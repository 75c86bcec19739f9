public import IngestCore
import StreamingXML

/// Reads ACAML, the XML that Agilent's data systems write: `sequence.acam_` of ChemStation, and `.acaml` and the results of an
/// injection of OpenLab CDS 2. A whole result set (`.rslt`) is read by xml.openlab.
///
///     <ACAML xmlns="urn:schemas-agilent-com:acaml15"><Doc>…
///       <Injections>
///         <MeasData id="…21"><Signal id="…31"><Name>FID1A</Name>…
///         <Result id="…22"><InjectionMeasData_ID id="…21"/>
///           <SignalResult><Signal_ID id="…31"/>
///             <Peak id="…52"><RetentionTime val="1.204"/><Area val="120.5"/><AreaPercent val="24.1"/>…
///           <InjectionCompound><IdentifiedCompound><CompoundName>Methyl palmitate</CompoundName>…<Peak_ID id="…52"/>
///             <Amount val="0.0643" unit="ng/ul"/>…
///
/// - Everything has an id, and elements named `…_ID` say what belongs together; so peaks get their signal, injection, sample
///   and compound, in whichever order the file has them. A reference to nothing is told.
/// - Each injection is a result of kind `sample` with all that is said of it, its sample and its processing; readings of the
///   devices that have a unit are measurements of it. Each peak is one of kind `peak`, in the order of the file, which is not
///   that of time.
/// - A compound that is made of one peak, and has no other numbers than it, completes that peak with its name and amount. Any
///   other (not found, a group, contradictory) is a result of kind `compound`.
/// - Units are those that are stated. ChemStation states none: times and widths are in minutes, areas and heights have no unit.
/// - `-INF`, an expected time of 0, a relative time of -1 and, where nobody knows the compound, an amount of 0 are no numbers.
/// - The area % of each signal add up to 100, which shows that no peak is missing.
///
/// Known from files that ChemStation C.01.10 (acaml15) and OpenLab CDS 2.5 (acaml21) wrote, and from the public reader allotropy.
public struct ACAMLAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "xml.acaml", version: 1, instrument: "Agilent ACAML (ChemStation sequence.acam_, OpenLab .acaml)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let namespace = Self.namespace(of: opening) else { return .no }
        return .certain(because: "the outermost element is <ACAML> of \(namespace)")
    }

    /// The namespace of an ACAML document; `nil` for anything else.
    static func namespace(of opening: SourceOpening) -> String? {
        guard let start = XMLOpening(opening), start.root.name == "ACAML", let namespace = start.root.namespace,
            namespace.hasPrefix("urn:schemas-agilent-com:acaml")
        else { return nil }
        return namespace
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let index = ACAMLIndex()
        try index.look(at: source)
        source.account.name(format: index.format)
        let reading = try ACAMLReading(source, index, output)
        try await output.begin(index.finishedRun)
        try await reading.read()
        try await reading.emitSamplesNotInjected()
        note(source, index)
    }

    private func note(_ source: SourceFile, _ index: ACAMLIndex) {
        if index.injections.isEmpty {
            source.account.doubt("there are no injections")
            source.account.report(
                Diagnostic(
                    .warning, "acaml.no-injections", "there are no injections and no results in this file", at: source.location(),
                    hint:
                        "it is a method or a sequence that was not run, or the file is cut or edited; give sequence.acam_, or the whole result set (.rslt)"
                ))
        }
        let without = index.injectionOrder.filter { index.injections[$0]?.peaks == nil }
        if !without.isEmpty {
            let files = without.compactMap { index.injections[$0]?.resultFile }
            source.account.report(
                Diagnostic(
                    .note, "acaml.no-results",
                    "there are no results of \(without.count) of \(index.injectionOrder.count) injections in this file",
                    at: source.location(),
                    hint: files.isEmpty
                        ? "one result tells each injection; they were not processed, or the results are in other files"
                        : "one result tells each injection; the peaks are in \(files.prefix(3).joined(separator: ", ")): "
                            + "give the whole result set (.rslt)"))
        }
        guard index.injectionOrder.isEmpty, !index.injections.isEmpty else { return }
        source.account.report(
            Diagnostic(
                .note, "acaml.part-of-sequence", "these are results without the sequence they belong to", at: source.location(),
                hint: "the peaks were read without sample and signal; give the whole result set (.rslt) for them"))
    }
}
