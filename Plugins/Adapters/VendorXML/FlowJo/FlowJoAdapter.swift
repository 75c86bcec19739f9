public import IngestCore
import StreamingXML

/// Reads the workspaces of FlowJo 10 (`.wsp`): samples of a flow cytometer, and the populations gated in them.
///
///     <Workspace version="20.0" modDate="Mon Oct 14 15:40:02 PDT 2024" flowJoVersion="10.10.0" …>
///       <SampleList><Sample>
///         <DataSet uri="file:/D:/Cyto/A1.fcs" sampleID="33" />
///         <transforms:spilloverMatrix …>…<transforms:coefficient data-type:parameter="APC-A" transforms:value="0.25" />
///         <Keywords><Keyword name="$TOT" value="10000" /> …
///         <SampleNode name="A1.fcs" count="10000" sampleID="33"><Subpopulations>
///           <Population name="Cells" count="8000"><Gate gating:id="ID1"><gating:RectangleGate>…
///             <Subpopulations><Statistic name="Median" id="Comp-PE-A" value="812.75" />
///               <Population name="CD4+" count="2000"> …
///
/// - The workspace is a ``RunRecord``. Each sample becomes a result of kind `sample` with the count of its events; its keywords,
///   transformations and spillover matrix are extras. `$DATE` and `$BTIM` are the time, `WELL ID` is the position.
/// - Each population (also the rest, the intersection or the union of others) becomes a result of kind `gate` with its count;
///   the analyte is the population, its `id` the path (`Cells/CD4+`), for names repeat. Its gate is among the extras.
/// - Each statistic is a result of the same kind, with the parameter as signal. Its unit is not stated.
/// - A count of -1 is what FlowJo writes before it has counted: there is no value.
/// - Populations of groups are a template with the counts of whatever sample it was made with; they are ignored, and so is how
///   plots, gates, tables and layouts are drawn.
/// - A sample has as many events as its `$TOT` says, a population no more than the one it is in; gates stand in the gate of the
///   population around them. A group that lists samples which are not there leaves open whether the workspace is whole.
///
/// Known from a workspace of FlowJo 10.10 that the public converter allotropy is tested with.
public struct FlowJoAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("xml.flowjo", version: 1, instrument: "FlowJo 10 workspace (.wsp)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let start = XMLOpening(opening), start.root.name == "Workspace",
            let version = start.root.attributes["flowJoVersion"]
        else { return .no }
        return .certain(because: "the outermost element is <Workspace> of FlowJo \(version)")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        // Instrument and operator stand in the samples, the plate behind them, and the run comes first.
        var workspace = try FlowJoWorkspace(source)
        var run = workspace.run
        run.extras = run.extras.withoutFolders
        let document = try ElementReader(source, missing: ["NaN": .invalid, "n/a": .notReported])
        if let version = run.software?.version { source.account.name(format: "FlowJo \(version)") }
        try await output.begin(run)
        var told = RunRecord()
        FlowJoWorkspace.take(document.root, into: &told)
        while let part = try document.next(in: document.root) {
            guard part.name == "SampleList" else {
                if let element = try document.whole(part) { FlowJoWorkspace.take(element, into: &told) }
                continue
            }
            part.keepAttributes(in: &told.extras)
            while let sample = try document.nextWhole(in: part) {
                var reader = FlowJoSample(sample, run, output)
                try await reader.read()
                workspace.note(reader, output)
            }
        }
        if !document.isBroken { workspace.tellSamples(output, at: document.root.location) }
        try document.finish()
    }
}
