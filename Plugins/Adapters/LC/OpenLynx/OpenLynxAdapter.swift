public import IngestCore
import TabularText

/// Reads the browser report (`.rpt`) of OpenLynx, the open-access part of Waters MassLynx.
///
///     [SAMPLE]
///     {
///     Sample⇥1
///     Well⇥2:A,5
///     SampleID⇥S-017
///     [FUNCTION]
///     {
///     Function⇥3
///     Type⇥DAD
///     [SPECTRUM]                           [CHROMATOGRAM]
///     {                                    {
///     Peak ID⇥1                            Description⇥DAD: TIC
///     Time⇥1.2300                          MaxIntensity⇥5000000.00
///     TIC⇥123456                           [TRACE]
///     BPI⇥65432                            {
///     [MS]                                 0.01000⇥0.000
///     {                                    0.01042⇥0.013
///     ;Mass⇥% BPI                          }
///     210.95⇥76.191                        [PEAK]
///     }                                    {
///     }                                    Peak ID⇥1
///                                          Time⇥1.2300
///                                          Peak⇥1.2154⇥1.2525
///                                          AreaAbs⇥10719.2500
///                                          Area %Total⇥62.50
///
/// - Each `[PEAK]` becomes a peak: times and widths in minutes, as the format has them; `Peak` is start and end,
///   `Intensity` the baseline there. Areas and heights have no unit, for the file states none.
/// - Each `[TRACE]` and each `[MS]` becomes a trace. Their values are percent of `MaxIntensity` or of the base peak
///   (`BPI`) and stay so; what 100 % is stands beside them. A spectrum of a diode array is over wavelengths.
/// - A formula below `[COMPOUND]` becomes a compound: a target that was looked for, with its mass.
/// - Everything else that a sample has (acceptance criteria, inlet parameters) is kept with a result for the sample.
///   Accounts behind the names of people, and folders, are not.
/// - Braces show that nothing is cut. Area % add up to 100, spectra to their `TIC`, times are evenly spaced, traces are
///   as long as the number of scans, and samples are numbered: what does not fit is told.
///
/// Known from a report of 24 wells, from lines of an older version in public code (CML), and from the public reader
/// PyParse.
public struct OpenLynxAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.openlynx", version: 1, instrument: "Waters MassLynx OpenLynx browser report (.rpt)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty else { return .no }
        var lines = opening.lines.enumerated().lazy.filter { !$0.element.trimmed.isEmpty }.prefix(60).makeIterator()
        guard let first = lines.next(), let second = lines.next() else { return .no }
        if first.element.trimmed == "[SAMPLE]", second.element.trimmed == "{" {
            return .certain(because: "line \(first.offset + 1) is \"[SAMPLE]\", line \(second.offset + 1) is \"{\"")
        }
        // One of the two may be damaged or gone; then the keys tell.
        guard [first, second].contains(where: { $0.element.trimmed == "{" || $0.element.trimmed == "[SAMPLE]" }) else {
            return .no
        }
        var keys = Set<String>()
        while let line = lines.next() { keys.insert(Dialect.tab.cells(of: line.element)[0]) }
        let known = OpenLynxKeys.always(.sample).filter(keys.contains).count
        guard known >= 6 else { return .no }
        return .certain(because: "a brace in the first lines, and \(known) fields of a sample below it")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        source.account.name(format: "OpenLynx browser report")
        let text = try DelimitedText(source, dialect: Dialect(separator: "\t", quoting: false))
        let reader = OpenLynxReader(text, output)
        try await reader.read()
    }
}
