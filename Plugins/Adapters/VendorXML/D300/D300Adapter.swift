public import IngestCore
import StreamingXML

/// Reads what the HP and Tecan D300 digital dispensers report of a run (`… .DATA.xml`): how much of which fluid went into which
/// well.
///
///     <Report><SWVersion>3.0.2</SWVersion><StartTime>2024-03-01T09:14:34.808+01:00</StartTime>
///       <Fluids><Fluid Index="0"><Name>CPD-101</Name><Concentration>10</Concentration><ConcentrationUnit>mM</ConcentrationUnit>…
///       <Plates><Plate Index="0"><ID>PL-0042</ID><Rows>8</Rows><Cols>12</Cols><AssayVolume>100000</AssayVolume>…
///       <Dispensed VolumeUnit="nL"><Plate Index="0">
///         <Well R="0" C="0"><Fluid Index="0" TotalVolume="200"><Detail Time="…" Cassette="0" Head="0" Volume="200" />
///
/// - Each fluid in each well is a ``ResultRecord`` of kind `well`: the volume dispensed in the unit the report states, the
///   concentration of the stock, and the assay volume of the plate as `AssayVolume` in the same unit (the dispenser writes none
///   there). A fluid that fills up to an equal amount of solvent has no concentration and the flag `normalization`.
/// - Nothing is computed here: `ingest ic50 READER.xml THIS.xml` makes doses of stock × volume ÷ assay volume.
/// - `R` and `C` count from 0 in the file, and from 1 in the records.
/// - The volumes of each dispense head have to add up to what the report says it dispensed, those of a fluid in a well to its
///   total: that proves the report whole.
/// - A simulated run, in which nothing was dispensed, is told as a warning.
///
/// Known from reports of the D300 software 3.0.2, and from the public reader assaytools.
public struct D300Adapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("xml.d300", version: 1, instrument: "HP/Tecan D300 digital dispenser report (DATA.xml)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let start = XMLOpening(opening), start.root.name == "Report" else { return .no }
        guard start.has("/Report/DispenseOrder") || start.has("/Report/Fluids/Fluid") else { return .no }
        return .certain(because: "the outermost element is <Report>, with the <Fluids> of a D300 dispenser")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let document = try ElementReader(source)
        var report = D300Report(document, output)
        while let part = try document.next(in: document.root) {
            switch part.name {
            case "Fluids": if let element = try document.whole(part) { report.takeFluids(element) }
            case "Plates": if let element = try document.whole(part) { report.takePlates(element) }
            case "DispenseHeads": if let element = try document.whole(part) { report.takeHeads(element) }
            case "Dispensed": try await report.readDispensed(part)
            default: if let element = try document.whole(part) { try report.take(element) }
            }
        }
        try await report.finish()
        try document.finish()
    }
}
