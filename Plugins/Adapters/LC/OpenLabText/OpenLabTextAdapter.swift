public import IngestCore

/// Reads reports that OpenLab CDS 2 prints as text: boxes drawn with box-drawing characters.
///
///     ┌───────────┬───────────────┐
///     │Sample Name│QC 05          │
///     └───────────┴───────────────┘
///     ┌───────┬───────────────────┐
///     │Signal:│DAD1A,Sig=254,4    │
///     └───────┴───────────────────┘
///     ┌───────┬───┬───────┬───────┐
///     │    RT │Typ│  Area │Name   │
///     │ [min] │e  │       │       │
///     ├───────┼───┼───────┼───────┤
///     │ 4.871 │BV │  2011.│Koffein│
///     │       │   │   4538│       │
///     ├───────┼───┼───────┼───────┤
///     │       │Sum│  2011.│       │
///     │       │   │   4538│       │
///     └───────┴───┴───────┴───────┘
///
/// - Cells that go over several lines are put together again: numbers without, texts with a blank unless they were broken
///   behind `_`, `-`, `/` or within a number. Each row becomes a peak; units are those of the headings.
/// - The row `Sum` is no peak but the proof: the columns add up to it, and the area % to 100. A number that has other
///   decimals than its column is told, for reports round a column to one digit.
/// - Boxes of two columns tell of the sample, the injection and the signal of the tables below them; a box with
///   `Page 1 of 2` is the foot of a page, with the report template and when it was printed.
/// - The report is whole when its tables are proved and its last page is the last one.
///
/// Known from a report of OpenLab CDS 2 (report template exported as text) and from chromatopy, which reads such reports.
public struct OpenLabTextAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("lc.openlab-text", version: 1, instrument: "OpenLab CDS 2 report printed as text")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty else { return .no }
        var hasBox = false
        for (index, line) in opening.lines.enumerated() {
            guard let first = line.first(where: { $0 != " " }) else { continue }
            if first == "┌" { hasBox = true }
            guard hasBox, first == "│" else { continue }
            let cells = line.split(separator: "│").map { String($0).trimmed }
            if let cell = cells.first(where: { ["Signal:", "Signal", "Sample Name", "Sample name:"].contains($0) }) {
                return .certain(because: "line \(index + 1) has \"\(cell)\" in a box")
            }
            if cells.contains("RT"), cells.contains("Area") {
                return .certain(because: "line \(index + 1) has the headings \"RT\" and \"Area\" in a box")
            }
        }
        return .no
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let survey = try OpenLabTextSurvey(source)
        try await output.begin(survey.run)
        let reader = try OpenLabTextReader(source, survey)
        try await reader.read(into: output)
    }
}
