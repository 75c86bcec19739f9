public import IngestCore

/// Reads delimited dose-response tables with several responses a line: a dose, and a column for each curve or replicate.
///
///     Cell Line Name,Cell mortality concentration,Cell mortality 24h,Cell mortality 48h
///     HT-7,0.5,4.1,9.8
///     HT-7,5,21.7,44.0
///
/// - The header is the first line with a dose and responses in known words, times or replicates (`48 h`, `Rep 2`), or with a
///   dose and numbers under any other headings. What stands in front of all of them (`Cell mortality`) is no obstacle.
/// - Each line below becomes one ``ResultRecord``, a well: `dose`, and each response under its own heading, in file order.
/// - Texts are read as in `plate.long`: a curve, compound or cell line is the sample.
///
/// Known from tables that people keep in spreadsheets and GraphPad Prism.
public struct PlateWideAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "plate.wide", version: 2, instrument: "any delimited table of doses with a column for each response")

    public func recognize(_ opening: SourceOpening) -> Recognition { PlateReading.recognize(.wide, opening) }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        try await PlateReading.read(source, into: output)
    }
}
