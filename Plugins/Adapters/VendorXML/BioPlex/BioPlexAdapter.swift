public import IngestCore
import StreamingXML

/// Reads the XML that Bio-Rad Bio-Plex Manager 6 exports of a plate (multiplex bead assays, also of other xMAP readers).
///
///     <bpm:BioPlexManager xmlns:bpm="http://www.Bio-Rad.com/XMLschema/2010/Bio-Plex_5" BioPlexManagerVersion="6.2.0.175" …>
///       <Wells><Well RowNo="1" ColNo="1" WellNo="1">
///           <AcquisitionTime>2025-02-11T08:12:05Z</AcquisitionTime> … <TotalEvents>717</TotalEvents>
///           <BeadRegions><BeadRegion RegionNumber="14"><RegionCount>60</RegionCount><Median>812.00</Median> …
///           <BeadEventData Events="717" NumberColumns="5" Column_1="RegionNumber" …>14 9120 812 210 118 …
///       <Samples><Unknowns><Unknown><Label>X1</Label>
///           <Analytes><Analyte RegionNumber="14"><AnalyteName>IL-6</AnalyteName><Mean>8.01000000000000000E+002</Mean> …
///           <MemberWells><MemberWell RowNo="1" ColNo="1" WellNumber="1"><MWAnalytes><MWAnalyte RegionNumber="14">
///               <Reading Valid="true" Code="0" OutlierType="None">8.12000000000000000E+002</Reading>
///               <MWObsConc ReadingOK="true" ReadErrorCode="0" …>5.05500000000000000E+002</MWObsConc>
///
/// - Each well becomes a result of kind `well` (its events and the conditions of the run), each bead region in it one of kind
///   `region` with count, median, mean and their spread, and the events themselves a trace with a column for each axis.
/// - Each analyte of a well of a sample becomes a result of kind `compound` with its reading as fluorescence and the
///   concentration, each analyte of a sample one of kind `sample` with the statistics of its wells.
/// - Regions get the name of their analyte, and wells their sample, from the samples at the end of the file: it is read twice.
///   A sample is called what its description says, or else its label, which is its `id`.
/// - A number counts when its code is 0: Bio-Plex Manager writes 0 for a concentration that was never calculated. With any other
///   code there is no value, and the code is a flag.
/// - Concentrations have the unit of their standard curve; fluorescence has none. CV is a ratio, as Bio-Plex Manager writes it
///   beside its percentage.
/// - The file is checked against itself: the events of a well are as many as it says, the regions add up to the gated events,
///   those of interest to the region events, and the well number is that of row and column.
///
/// Known from an export of Bio-Plex Manager 6.2 that the public converter allotropy is tested with.
public struct BioPlexAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("xml.bioplex", version: 1, instrument: "Bio-Rad Bio-Plex Manager 6 XML export")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let start = XMLOpening(opening) else { return .no }
        if start.root.name == "BioPlexManager" {
            return start.root.namespace?.lowercased().hasPrefix("http://www.bio-rad.com/") == true
                ? .certain(because: "the outermost element is <BioPlexManager> in a namespace of Bio-Rad") : .no
        }
        guard let part = Self.fragment(start) else { return .no }
        return .certain(because: "the outermost element is <\(part)>, cut out of a Bio-Plex Manager export")
    }

    /// A piece of an export that stands alone, by what is in it.
    private static func fragment(_ start: XMLOpening) -> String? {
        guard start.root.namespace == nil else { return nil }
        switch start.root.name {
        case "Well":
            let isWell = ["RowNo", "ColNo", "WellNo"].allSatisfy { start.root.attributes[$0] != nil }
            return isWell && start.has("/Well/AcquisitionTime") ? "Well" : nil
        case "Samples":
            let groups = ["Blanks/Blank", "Standards/Standard", "Controls/Control", "Unknowns/Unknown"]
            return groups.contains { start.has("/Samples/\($0)/Label") } ? "Samples" : nil
        default: return nil
        }
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let outline = try BioPlexOutline(source)
        let document = try ElementReader(source)
        var run = outline.run
        if let version = run.software?.version { source.account.name(format: "Bio-Plex Manager \(version)") }
        run.extras = run.extras.withoutFolders
        try await output.begin(run)
        // Told with the run already: what is read now is only accounted for.
        var told = RunRecord()
        BioPlexOutline.take(document.root, into: &told)
        var wells = BioPlexWells(outline, output)
        var samples = BioPlexSamples(outline)
        while let part = try document.next(in: document.root) {
            if ["Wells", "Samples"].contains(part.name) { part.keepAttributes(in: &told.extras) }
            switch part.name {
            case "Wells": while let well = try document.nextWhole(in: part) { try await wells.read(well) }
            case "Samples":
                while let group = try document.next(in: part) {
                    group.keepAttributes(in: &told.extras)
                    while let sample = try document.nextWhole(in: group) { try await samples.read(sample, output) }
                }
            default: if let element = try document.whole(part) { BioPlexOutline.take(element, into: &told) }
            }
        }
        wells.tellProof()
        try document.finish()
    }
}
