public import IngestCore
import TabularText

/// Reads the curves that Cytiva (GE Healthcare) UNICORN exports as text: `.asc` of version 5, `.csv` and `.txt` of 6 and 7.
///
///     Chrom.1⇥⇥Chrom.1⇥⇥Chrom.1⇥⇥Chrom.1⇥                   Run 7:10_UV1_280nm⇥0⇥Run 7:10_Logbook⇥0⇥
///     UV 1_280⇥⇥Cond⇥⇥Fraction⇥⇥Run Log⇥                    min⇥ mAU⇥min⇥(Set Marks)⇥
///     ml⇥mAU⇥ml⇥mS/cm⇥ml⇥Fraction⇥ml⇥Logbook                0⇥-0.12⇥-1.5⇥" ""Block Load"""⇥
///     -0.2⇥0.031⇥-0.2⇥19.25⇥5.5⇥"1.A.1"⇥-0.2⇥"Elution"      0.1⇥-0.11⇥0⇥" ""InjectionMark """⇥
///     -0.1⇥0.042⇥0.3⇥19.5⇥⇥⇥⇥                               0.2⇥-0.09⇥         ⇥            ⇥
///
/// - Columns come in pairs, a place and what was there: a volume or a time, and a value in the unit below the name of the
///   curve. Each pair of numbers becomes a trace; a place below 0 is before the injection. Pairs have different lengths.
/// - Fractions become results of kind `region` with their place and `EventText`; other texts (injections, run log, set
///   marks) a trace of their places, with the texts in its extras (`Event 1/EventText` …), as `xml.unicorn` has them.
/// - The name before the colon is the name of the run (`Run 7`); the chromatogram (`Chrom.1`, `10`) is an extra of the run.
/// - A curve has no holes and its points lie even distances apart: what is missing, stands twice or falls back is told.
///   Curves are sampled at different rates and end with the run, so the file is known to be whole when no curve could have
///   had another point by the end of the others, and to be cut when the last rows lack points that others show were taken.
///
/// Known from exports of versions 5 to 7 that the public readers Appia and Reveal-Chromatography are tested with; no export
/// states its version. Peak tables are another export.
public struct UNICORNTextAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.unicorn", version: 1, instrument: "Cytiva UNICORN curves exported as text (.csv, .asc)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty, let layout = UNICORNTextLayout(opening) else { return .no }
        return .certain(because: layout.evidence)
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        guard let layout = UNICORNTextLayout(source.opening) else {
            throw Diagnostic(
                "unicorn.no-headings", "no line has a unit of volume or time over every other column, below names of curves",
                at: source.location(line: 1),
                hint: "the file is cut, or is another format: try ingest detect; or export the curves from UNICORN again")
        }
        let text = try DelimitedText(source, dialect: layout.dialect)
        let headings = try UNICORNTextHeadings(text, lines: layout.headingLines)
        source.account.name(format: "UNICORN curves as text, \(layout.headingLines) lines of headings")
        try await output.begin(headings.run)
        try await UNICORNTextReader(text, headings, output).read()
    }
}
