public import IngestCore
import StreamingXML
import TabularText

/// Reads the XML that the Agilent 2100 Expert software exports for a chip of the 2100 Bioanalyzer, also compressed (`.xml.gz`).
///
///     <Chipset>
///       <Chips><Chip>
///         <AssayHeader><Title>Example RNA Pico</Title>…  <ChipInformation><CreationDate>2024-05-14T13:28:36.000</CreationDate>…
///         <AssayBody><DAAssaySetpoints><DAMAssayInfoMolecular><SizeUnit>nt</SizeUnit><ConcentrationUnit>pg/µl</ConcentrationUnit>…
///         <Files><File><Samples>
///           <Sample><Category>Sample</Category><Name>leaf 1:8</Name><WellNumber>1</WellNumber>
///             <DAResultStructures><DARIntegrator><Channel key="1"><PeaksMolecular><PeakMolecular>
///               <MigrationTime>40.1</MigrationTime><Area>15.05</Area><FragmentSize>1702.5</FragmentSize>…
///             <DASignals><DetectorChannels><Channel key="1"><SignalData><XStart>17</XStart><XStep>0.05</XStep>
///               <ProcessedSignal vartype="LE_R4" numvalues="1060">AEADO…</ProcessedSignal>…
///
/// - Each sample becomes a ``ResultRecord`` of kind `sample` for each channel it has results of (total area and
///   concentration; the RIN as `integrity`), each peak one of kind `peak`, each fragment and smear region one of kind `region`.
///   A sample slot without data is flagged `noData`.
/// - The software calculates the RIN on a channel of its own (62), a copy of the red one. Where it repeats the red one to
///   the letter it is not read twice.
/// - Times are in seconds; sizes and concentrations in the units of the assay. Molarities are nmol/l where concentrations are
///   in ng/µl, and pmol/l where they are in pg/µl, as the software reports them.
/// - A concentration, molarity or share of `0` of a peak that has an area was not calculated, and neither was a ratio of `-1`.
/// - Signals are traces: the processed one over time, the raw one over time where it has as many values, otherwise by number.
///   Their length and their lowest and highest value are compared with what the file states.
/// - Settings that a sample shares with the assay, what is shown on the screen, the script of the chip, the packet the
///   instrument sent, the log book and the Windows user are not kept.
///
/// Known from the export that the public reader bioanalyzeR is tested with.
public struct BioanalyzerAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "xml.bioanalyzer", version: 1, instrument: "Agilent 2100 Expert XML export (Bioanalyzer)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let document = XMLOpening(opening), document.root.path == "/Chipset", document.root.namespace == nil,
            document.has("/Chipset/Chips") || document.has("/Chipset/Method")
        else { return .no }
        return .certain(because: "the outermost element is <Chipset>")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        // What tells of a chip stands before, between and behind its signals, and units behind some of them.
        let survey = BioanalyzerReader(try ElementReader(source, survey: true), chips: [], nil)
        let chips = try await survey.read()
        let reader = BioanalyzerReader(try ElementReader(source), chips: chips, output)
        _ = try await reader.read()
    }
}

/// Goes through the document: once to learn of its chips, once to read them.
private final class BioanalyzerReader {
    private let document: ElementReader
    /// What was learned; empty the first time.
    private let known: [BioanalyzerChip]
    /// `nil` the first time.
    private let output: AdapterOutput?
    private var chips: [BioanalyzerChip] = []
    private var common = Extras()
    private let repeats = Repeats("bioanalyzer.repeated-chip")

    init(_ document: ElementReader, chips: [BioanalyzerChip], _ output: AdapterOutput?) {
        self.document = document
        known = chips
        self.output = output
    }

    func read() async throws -> [BioanalyzerChip] {
        document.root.keepAttributes(in: &common)
        while let part = try document.next(in: document.root) {
            switch part.name {
            case "Chips":
                part.keepAttributes(in: &common)
                while let chip = try document.next(in: part) { try await readChip(chip) }
            case "Method": try document.ignore(part, "the workflow of reviews and the layout of the printed report")
            case "LogBook": try document.ignore(part, "the log book, which names accounts and computers")
            default: try document.keep(part, in: &common)
            }
        }
        if chips.isEmpty {
            if output != nil { document.tellNoResults("Chip") }
            chips.append(BioanalyzerChip())
            if let output, let first = known.first { try await output.begin(first.record) }
        }
        chips[0].extras.add(common)
        try document.finish()
        return chips
    }

    private func readChip(_ part: OpenElement) async throws {
        var chip = BioanalyzerChip()
        let index = chips.count
        if let output { repeats.note(["Chip"], "<Chip>", at: part.location, output.account) }
        if let output, known.indices.contains(index) { try await output.begin(known[index].record) }
        part.keepAttributes(in: &chip.extras)
        let place = part.location
        while let child = try document.next(in: part) {
            switch child.name {
            case "RawSignals":
                child.keepAttributes(in: &chip.extras)
                try readRawSignals(child)
            case "Files":
                child.keepAttributes(in: &chip.extras)
                while let file = try document.next(in: child) {
                    file.keepAttributes(in: &chip.extras)
                    while let member = try document.next(in: file) {
                        if member.name == "Samples" {
                            member.keepAttributes(in: &chip.extras)
                            try await readSamples(member, &chip)
                        } else if let element = try document.whole(member) {
                            chip.take(file: element)
                        }
                    }
                }
            default: if let element = try document.whole(child) { try chip.take(element, output) }
            }
        }
        chips.append(chip)
        if let output { chip.compareCounts(place, output, isBroken: document.isBroken) }
    }

    private func readSamples(_ part: OpenElement, _ chip: inout BioanalyzerChip) async throws {
        var numbers = Numbering("bioanalyzer.sample-number", of: "sample")
        while let child = try document.next(in: part) {
            // The samples are nothing to be learned from: they are read past the first time.
            guard let output else { continue }
            guard let sample = try document.whole(child) else { return }
            let known = known.indices.contains(chips.count) ? known[chips.count] : chip
            let reader = BioanalyzerSample(sample, known, numbers.note(sample.attribute("key")), output)
            try await reader.read()
            if reader.hasData { chip.samplesWithData += 1 }
        }
    }

    private func readRawSignals(_ part: OpenElement) throws {
        while let child = try document.next(in: part) {
            guard let output, let element = try document.whole(child) else { continue }
            for (signal, key) in BioanalyzerSignal.signals(in: element) {
                try BioanalyzerSignal(signal, key: key, of: nil, output).read()
            }
            element.ignore("whether a signal has data, which shows")
        }
    }
}
