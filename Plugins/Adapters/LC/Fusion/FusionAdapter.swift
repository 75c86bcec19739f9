public import IngestCore
import TabularText

/// Reads the CSV export of the INFICON Micro GC Fusion gas analyzer: all injections of a sequence, one a row.
///
///      ,WARNING: CSV format is subject to change without notice.
///     Cal_7,SampleName,Concentration, ,NormalizedConcentration, ,Area, ,RT(s),
///     Detectors,,"moduleA:tcd","moduleB:tcd","moduleA:tcd","moduleB:tcd","moduleA:tcd","moduleB:tcd","moduleA:tcd","moduleB:tcd"
///     Time (GMT 120 mins),,"H2","CO2","H2","CO2","H2","CO2","H2","CO2"
///     2031-03-01 10:06:00,Gas 1,0.25000000,0.75000000,25.00000000,75.00000000,1250.000,3750.000,52.10,31.98
///     2031-03-01 10:00:00,Gas 1,0.25000000,0.25000000,50.00000000,50.00000000,1250.000,1250.000,52.12,31.96
///     % RSD, ,0.00000000,70.71067812,47.14045208,28.28427125,0.00000000,70.71067812,0.02713705,0.04423211
///
/// - Each component of each row becomes a result of kind `peak`: its detector is the signal, and what the groups of columns
///   (concentration, normalized concentration, area, retention time) have of it are its measurements. Only the retention
///   time has a unit, seconds. The first cell names the method.
/// - Times are local; `GMT 120 mins` in the heading states how far they are from UTC.
/// - Components are told by name and detector; a group that has others, or in another order, is told.
/// - The row `% RSD` is ignored, and checked: relative standard deviations (n − 1; 100 where the mean is 0) that are those of
///   the rows read prove that no row is missing, doubled or changed. Normalized concentrations are checked against the
///   concentrations of their row.
///
/// Known from an export that the public reader yadg is tested with; no export states its version.
public struct FusionAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("lc.fusion", version: 1, instrument: "INFICON Micro GC Fusion CSV export")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty, let layout = FusionLayout(opening) else { return .no }
        return .certain(
            because: "lines \(layout.firstLine) to \(layout.firstLine + 2) are the groups, detectors and components of a Fusion")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        guard let layout = FusionLayout(source.opening) else {
            throw Diagnostic(
                "fusion.no-headings", "no line names \"SampleName\", with \"Detectors\" and \"Time\" below it",
                at: source.location(line: 1),
                hint: "the file is cut, or is another format: try ingest detect; or export it again")
        }
        let text = try DelimitedText(source, dialect: layout.dialect)
        let headings = try FusionHeadings(text, firstLine: layout.firstLine)
        guard !headings.components.isEmpty else {
            throw Diagnostic(
                "fusion.no-headings", "no line names components", at: source.location(line: layout.firstLine),
                hint: "nothing was read; the file was cut or edited: export it again")
        }
        source.account.name(format: "Micro GC Fusion CSV")
        try await output.begin(headings.run)
        try await FusionReader(text, headings, output).read()
    }
}

/// Where the headings of a file stand.
struct FusionLayout {
    let dialect: Dialect
    /// Of the groups; the lines of detectors and components follow.
    let firstLine: Int

    /// `nil` for a file without such headings. One of the three may be damaged.
    init?(_ opening: SourceOpening) {
        for dialect in [Dialect.comma, .semicolon, .tab] {
            let lines = opening.lines.prefix(24).map { dialect.cells(of: $0).map(\.trimmed) }
            for first in lines.indices.dropLast(2) where lines[first].count > 2 && lines[first + 2].count > 2 {
                let groups = lines[first]
                let signs = [
                    groups[1] == "SampleName" && FusionGroup.names.contains(where: groups.contains),
                    lines[first + 1].first == "Detectors", lines[first + 2].first?.hasPrefix("Time (") == true,
                ]
                if signs.count(where: \.self) >= 2 {
                    self.dialect = dialect
                    firstLine = first + 1
                    return
                }
            }
        }
        return nil
    }
}
