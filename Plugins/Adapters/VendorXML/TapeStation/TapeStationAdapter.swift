public import IngestCore
import StreamingXML
import TabularText

/// Reads the XML that Agilent TapeStation Analysis exports (`File > Export data > XML`), of versions 2 to 5.
///
///     <File>
///       <FileInformation><FileName>plate-7.RNA</FileName><Assay>RNA</Assay><RunEndDate>2024-03-05T10:41:07+01:00</RunEndDate>…
///       <ScreenTapes><ScreenTape><ScreenTapeID>77-S001</ScreenTapeID><TapeRunDate>…</TapeRunDate>…</ScreenTape></ScreenTapes>
///       <Assay><Units><ConcentrationUnit>ng/µl</ConcentrationUnit><MolarityUnit>nmol/l</MolarityUnit>…</Units></Assay>
///       <Samples>
///         <Sample>
///           <WellNumber>A1</WellNumber><Comment>liver 1</Comment><Concentration>352</Concentration>
///           <RNA><RINe>8.7</RINe></RNA><ScreenTapeID>77-S001</ScreenTapeID>
///           <Peaks><Peak><Area>1.661</Area><Size>1733</Size><Number>1</Number><Observations>18S</Observations>…
///           <Regions><Region><From>50</From><To>700</To><AverageSize>375</AverageSize>…
///
/// - Each sample becomes a ``ResultRecord`` of kind `sample` (concentration; RINe or DIN as `integrity`; ratios under their
///   own names), each of its peaks one of kind `peak`, each region one of kind `region`. `Comment` is the name of a sample
///   and of a region; names repeat.
/// - Concentrations, molarities and sizes are in the units of `Assay`; positions in the gel are percents. Areas are relative
///   to a marker, and heights are in fluorescence units that the file does not name.
/// - `-` is no value; `>60000` is a size beyond the range of the assay.
/// - The time of a sample is that of its tape. Older versions write times without a zone (`19-Jan-2017 12:14 PM`).
/// - A sample whose tape is not in the list is read and told (`tapestation.unknown-tape`): temperature and time of its tape
///   are missing, and the file is not complete.
///
/// Known from exports that the public readers allotropy and bioanalyzeR are tested with.
public struct TapeStationAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "xml.tapestation", version: 1, instrument: "Agilent TapeStation Analysis XML export")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let document = XMLOpening(opening), document.root.path == "/File", document.root.namespace == nil,
            document.has("/File/FileInformation"),
            document.has("/File/ScreenTapes") || document.has("/File/Samples/Sample/ScreenTapeID")
        else { return .no }
        return .certain(because: "the outermost element is <File>, with <FileInformation> and screen tapes")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let document = try ElementReader(source, missing: ["-": .notReported])
        var run = TapeStationRun(source)
        var samples: TapeStationSamples?
        var late = Extras()
        document.root.keepAttributes(in: &run.extras)
        while let part = try document.next(in: document.root) {
            switch part.name {
            case "Samples":
                var reader: TapeStationSamples
                if let begun = samples {
                    part.keepAttributes(in: &late)
                    reader = begun
                } else {
                    part.keepAttributes(in: &run.extras)
                    try await output.begin(run.record())
                    reader = TapeStationSamples(run, output)
                }
                while let sample = try document.nextWhole(in: part) { try await reader.read(sample) }
                samples = reader
            case _ where samples != nil: try document.keep(part, in: &late)
            case "FileInformation": if let element = try document.whole(part) { run.readInformation(element) }
            case "ScreenTapes":
                part.keepAttributes(in: &run.extras)
                while let child = try document.nextWhole(in: part) { run.readTape(child) }
            case "Assay": if let element = try document.whole(part) { run.readUnits(element) }
            default: try document.keep(part, in: &run.extras)
            }
        }
        if samples == nil {
            document.tellNoResults("Samples")
            try await output.begin(run.record())
        }
        if !late.isEmpty {
            // The run was begun: what stands behind its samples is told by a finding of its own.
            try await output.emit(
                ResultRecord(kind: .sample, measurements: [], extras: late.withoutFolders, location: document.root.location))
        }
        try document.finish()
    }
}
