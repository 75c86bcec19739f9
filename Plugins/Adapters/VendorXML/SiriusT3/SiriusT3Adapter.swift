public import IngestCore
import StreamingXML
import TabularText

/// Reads the result files of the Pion (Sirius Analytical) SiriusT3, `.t3r`: pKa by UV or pH-metric titration, and logP.
///
///     <DirectControlAssayResultsFile>
///       <Summary><SampleName>D:\Pion Data\EX-0007.xmol</SampleName><AssayName>Fast UV psKa</AssayName><StartTime>…</StartTime>…
///       <AssayData><AssayId>24E-07003</AssayId>…<RecordedEvents>
///         <DataPoint><Id>2</Id><ElapsedTime>136.6</ElapsedTime><DataT3><Ph>1.9228</Ph><Temperature>24.89</Temperature>…</DataT3>
///           <DataSpectrum><Spectrum size="256">856 831 842…</Spectrum>…</DataSpectrum></DataPoint>…
///       <ProcessedData>
///         <PhMetricModel><Sample><Pka><PkaValue><Value>8.4</Value>…           what was predicted or entered: never a result
///         <FastDpasMeanResult><MeanPkaResults size="2">4.2107 8.1159</MeanPkaResults>…
///         <MultisweepPhMetricResult><Rmsd>0.0516</Rmsd><MultisweepPhMetricLevelResult><SampleValues><Logp>-10</Logp><Logp>2.1223</Logp>…
///         <Sweep>…
///
/// - Each mean pKa becomes a ``ResultRecord`` of kind `compound`, with its standard deviation, ionic strength and temperature,
///   and so does the logP of all sweeps together. Each sweep, and each other result, becomes one of kind `sample`, its numbers
///   under the path to them.
/// - The quality the user gave an assay or a sweep is a flag `quality`; warnings of the software are flags `warning`.
/// - The titration is a trace over time (pH, temperature, electrode), and each spectrum one over wavelength. Every other list
///   of numbers is a trace too, over the scale beside it where there is one; `Nan` is no point, and counted in the flag
///   `missingPoints`. Where that scale cannot be read the trace is over the number of its points, and flagged `noScale`.
/// - `-10` for a logP, and a pH of ±2.14748e+09, stand for "none" and are no values.
/// - Temperatures are in degrees Celsius, times in seconds. Other quantities have the units of the software, not in the file.
/// - The number of sweeps is compared with the number of titrations asked for, that of each list with its size; recorded
///   events are numbered one by one.
///
/// Known from files that the public reader t3-chomper is tested with (software 2.0).
public struct SiriusT3Adapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("xml.siriust3", version: 1, instrument: "Pion SiriusT3 result file (.t3r)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let document = XMLOpening(opening), document.root.path == "/DirectControlAssayResultsFile",
            document.root.namespace == nil
        else { return .no }
        return .certain(because: "the outermost element is <DirectControlAssayResultsFile>")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        // The end of the titration, the quality of the assay and the wavelengths stand behind what they are of.
        var survey = SiriusT3Run()
        try await SiriusT3Adapter.read(try ElementReader(source, missing: missing, survey: true), &survey, nil)
        source.account.name(format: "SiriusT3" + (survey.version.map { " \($0)" } ?? ""))
        // Opened first, for the first record tells of its encoding.
        let document = try ElementReader(source, missing: missing)
        try await output.begin(survey.record)
        var run = SiriusT3Run()
        try await SiriusT3Adapter.read(document, &run, SiriusT3Results(survey, output))
    }

    private var missing: [String: Quantity.Absence] { ["Nan": .invalid, "NaN": .invalid] }

    /// - Parameter results: Reads what is no part of the run; `nil` while the document is only looked through.
    private static func read(_ document: ElementReader, _ run: inout SiriusT3Run, _ results: SiriusT3Results?) async throws {
        document.root.keepAttributes(in: &run.extras)
        while let part = try document.next(in: document.root) {
            switch part.name {
            case "AssayData", "ProcessedData":
                part.keepAttributes(in: &run.extras)
                while let child = try document.next(in: part) {
                    if child.name == "RecordedEvents" {
                        try readEvents(child, document, &run, results)
                    } else if SiriusT3Run.isResult(child.name) {
                        guard let results else { continue }
                        if let element = try document.whole(child) { try await results.read(element) }
                    } else if let element = try document.whole(child) {
                        try run.take(element, results)
                    }
                }
            case "Signature": try document.ignore(part, "the signature of the file")
            default: if let element = try document.whole(part) { try run.take(element, results) }
            }
        }
        try await results?.finish(isBroken: document.isBroken)
        try document.finish()
    }

    private static func readEvents(
        _ part: OpenElement, _ document: ElementReader, _ run: inout SiriusT3Run, _ results: SiriusT3Results?
    ) throws {
        part.keepAttributes(in: &run.extras)
        while let event = try document.next(in: part) {
            switch event.name {
            case "DataPoint", "DarkSpectrum", "ReferenceSpectrum":
                guard let results else { continue }
                if let element = try document.whole(event) { try results.readEvent(element) }
            default: if let element = try document.whole(event) { run.take(event: element, results) }
            }
        }
        try results?.writeTitration(part.location)
    }
}
