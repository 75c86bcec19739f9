public import IngestCore
import TabularText

/// Reads the text exports of Thermo (Dionex) Chromeleon 6.8 and 7: traces, and tables of peaks.
///
///     File Path<TAB>chrom://…/ED_1.chm
///     Channel<TAB>ED_1
///
///     Injection Information:
///     Injection<TAB>STD-Mix2
///     …
///     Data Points<TAB>3241
///
///     Chromatogram Data:
///     Time (min)<TAB>Step (s)<TAB>Value (nC)
///     0,000000<TAB>n.a.<TAB>-0,089600
///     0,016667<TAB>1<TAB>-0,038750
///
/// - What stands above as key and value describes run, sample and injection. Where a key comes again behind data, another
///   injection begins with the keys behind those data: a run each. A sample that is named behind the last data only is
///   theirs.
/// - The data below `Chromatogram Data:` (`Raw Data:` in version 6) become a trace of time and value. `Step` repeats the
///   difference of the times: it is compared with them and kept as one text; a step that differs is told.
/// - `Data Points`, `Signal Min.` and `Signal Max.` are checked against the points.
/// - A table of peaks (`No.`, `Ret.Time`, `Peak Name`, `Height`, `Area`, `Rel.Area`, `Amount`, `Type`), with units in
///   brackets or in a line below the headings, becomes peaks. `n.a.` is no value. A `Total:` row is compared with the
///   sums of its columns: it proves that no peak is missing, or that one is.
///
/// Decimal mark and order of dates are those of the computer that exported.
///
/// Known from exports of versions 6.80 and 7.2, and from the public readers chromConverter, chromatopy and OpenMS.
public struct ChromeleonAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.chromeleon", version: 3, instrument: "Thermo Chromeleon 6.8, 7 text export (peaks, traces)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty else { return .no }
        let lines = opening.lines
        if let first = lines.firstIndex(where: { !$0.trimmed.isEmpty }) {
            let key = Dialect.tab.cells(of: lines[first])[0]
            if key == "File Path" || key == "Filepath",
                let block = lines.prefix(first + 60).firstIndex(where: {
                    ChromeleonBlock.title($0).map(ChromeleonBlock.titles.contains) ?? false
                })
            {
                return .certain(
                    because:
                        "line \(first + 1) begins with \"\(key)\", line \(block + 1) is \"\(lines[block].trimmed)\"")
            }
        }
        for (index, line) in lines.enumerated().dropLast() {
            if let title = ChromeleonBlock.title(line), ChromeleonBlock.isData(title),
                ChromeleonBlock.isTraceHeading(Dialect.tab.cells(of: lines[index + 1]))
            {
                return .certain(because: "line \(index + 1) is \"\(line.trimmed)\", followed by Time, Step and Value")
            }
        }
        let dialect = Self.dialect(of: opening)
        for (index, line) in lines.prefix(100).enumerated() {
            guard ChromeleonTable.isHeading(line, dialect) else { continue }
            return .certain(
                because: "line \(index + 1) has the headings of a Chromeleon peak table: \"\(line.prefix(60).trimmed)\""
            )
        }
        return .no
    }

    /// TAB, or what the headings of a peak table that was saved otherwise are set apart by.
    private static func dialect(of opening: SourceOpening) -> Dialect {
        for dialect in [Dialect.tab, .semicolon, .comma]
        where opening.lines.contains(where: { ChromeleonTable.isHeading($0, dialect) }) { return dialect }
        return opening.lines.contains { $0.hasASCII("\t") } ? .tab : .sniffed(from: opening)
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let text = try DelimitedText(source, dialect: Self.dialect(of: source.opening), missing: ["n.a.", "n.a", "-"])
        try await ChromeleonReader(text, output).read()
    }
}

/// The lines that set the parts of an export apart.
enum ChromeleonBlock {
    /// Those that are known; another line of this kind is somebody's text.
    static let titles: Set<String> = [
        "Injection Information", "Sample Information", "Chromatogram Data Information", "Raw Data Header Information",
        "Signal Parameter Information", "Chromatogram Data", "Raw Data", "Integration Results",
    ]

    /// `Raw Data` of `Raw Data:`; `nil` for a line with more than a title.
    static func title(_ line: String) -> String? {
        let text = line.trimmed
        guard text.hasSuffix(":"), text.count > 1, !text.hasASCII("\t") else { return nil }
        return String(text.dropLast())
    }

    static func isData(_ title: String) -> Bool { title == "Chromatogram Data" || title == "Raw Data" }

    /// `Time (min)`, `Step (s)`, `Value (nC)`.
    static func isTraceHeading(_ cells: [String]) -> Bool {
        let words = cells.map(ColumnHeading.normalized)
        return words.contains("time") && words.contains("value")
    }
}
