public import IngestCore

/// Reads the results table that SCIEX MultiQuant, SCIEX OS and OS-MQ export as text: a row for each component in each sample.
///
///     Sample Name⇥Component Name⇥Area⇥Retention Time⇥Width at 50%⇥Signal / Noise
///     QC 05⇥281.2 / 79.9⇥20114.5378⇥4.8713⇥0.0862⇥118.31
///     QC 05⇥284.2 / 79.9⇥N/A⇥N/A⇥N/A⇥N/A
///
/// - Each row becomes one ``ResultRecord`` of a compound; times are in minutes, as the programs write them. `N/A` is no
///   value; `degenerate`, `<2 points`, `(No IS)` and `no root` are none either.
/// - `IS` tells internal standards, `Integration Type` and `Modified` peaks that were integrated by hand, `Conc. Units` the
///   unit of the concentrations of its row. Columns about the internal standard (`IS Area`) keep their own heading.
/// - Nothing tells how many samples there are, so no file proves itself whole; but all of them mostly have the same
///   components, and one that has others is told, as is a heading that is none of the program's.
///
/// Known from the columns that public readers of these exports (MSOrganiser, midar, the MultiQuant readers of SBRG) look for.
public struct SciexAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("lc.sciex", version: 1, instrument: "SCIEX MultiQuant and SCIEX OS results table")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        LongTableFormat.sciex.find(opening).map { .certain(because: $0.because) } ?? .no
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        try await LongTableReader.read(source, as: .sciex, into: output)
    }
}
