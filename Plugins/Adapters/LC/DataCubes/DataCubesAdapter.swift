public import IngestCore
import TabularText

/// Reads chromatograms in long form, as Benchling's converters write the data cubes of an injection: a point a line.
///
///     sample identifier,injection id,data cube label,retention volume (mL),absorbance (mAU),pH (pH)
///     S-12,inj-7,UV 1_280,0.25,2.178,
///     S-12,inj-7,UV 1_280,0.50,2.177,
///     S-12,inj-7,pH,0.25,,7.02
///
/// - Each data cube becomes one trace: the lines of one sample, injection and label, whose values stand in the same columns.
///   The label is the signal, the sample identifier the sample's name, the injection id an extra.
/// - The axes are the first column of a time, volume or wavelength, and each column that has a value; names and units are
///   those of the headings, as in `lc.trace`.
/// - Any other column of texts describes the trace, and tells one from the next.
/// - What a trace is measured over may stand still, as a volume does while nothing flows. Where it falls, and where a single
///   row seems to be missing or to stand twice, that is told with its line, and flags the trace. How many points there should
///   be, the file does not state.
///
/// Known from the example files of Benchling's apps.
public struct DataCubesAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.data-cubes", version: 1, instrument: "Benchling converters: data cubes of injections in long form")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty else { return .no }
        let cells = Dialect.sniffed(from: opening).cells(of: opening.firstLine)
        guard let label = DataCubeColumns.label(cells) else { return .no }
        return .certain(because: "line 1 has the heading \"\(cells[label].trimmed)\"")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let text = try DelimitedText(source, missing: TableBeginning.missing)
        try await output.begin(RunRecord())
        guard let row = try text.nextFilled() else { return }
        let columns = try DataCubeColumns(row, text)
        row.describe()
        var rows = DataCubeRows(columns, text, output)
        while let row = try text.nextFilled() { try rows.take(row) }
        rows.finish()
    }
}
