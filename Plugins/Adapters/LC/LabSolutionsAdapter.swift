public import IngestCore
import TabularText

/// Reads the ASCII export of Shimadzu LabSolutions and its forerunners (LCsolution, GCsolution, GCMSsolution).
///
///     [Header]
///     Application Name,LabSolutions
///     …
///     [Peak Table(Detector A-Ch1)]
///     # of Peaks,14
///     Peak#,R.Time,I.Time,F.Time,Area,Height,A/H,Conc.,Mark,ID#,Name,k',Plate #,…
///     1,0.143,0.017,0.342,1278,107,11.9230,0.0000, V ,,,0.000,4,…
///     …
///     [LC Chromatogram(Detector A-Ch1)]
///     Interval(msec),500
///     # of Points,1801
///     Intensity Units,mV
///     Intensity Multiplier,0.001
///     R.Time (min),Intensity
///     0.00000,-132
///
/// - Cells are set apart by TAB or comma, as the export is set. Each `[Header]` begins a run.
/// - Peak tables become peaks, compound and group results compounds; the signal is what stands in the section's
///   brackets, with the wavelength its chromatogram states. Times are in minutes, the fixed unit of the export; area,
///   height and concentrations have no unit in the file and get none.
/// - A compound with retention time, area and height 0 was not found: its numbers are absent. So are the
///   concentrations 0.000 of a peak without a name, which nothing was calibrated for.
/// - Chromatograms and status traces become traces: points times `Intensity Multiplier`, in `Intensity Units`.
/// - Sections of another kind are kept line by line as extras of the run, and told.
/// - The counts that sections declare (`# of Peaks`, `# of Points`, …) are checked. The file counts as complete when
///   all are met, each kind of section covers the channels of `[Configuration]`, and the last line ends.
///
/// Known from exports of versions 1.25 and 5.54 to 5.98, and from the public readers chromConverter, Appia and hplc-py.
public struct LabSolutionsAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.labsolutions", version: 3, instrument: "Shimadzu LabSolutions, LCsolution ASCII export (peaks, traces)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty else { return .no }
        let lines = opening.lines
        if let first = lines.firstIndex(where: { !$0.trimmed.isEmpty }), LabSolutionsSection.isTitle(lines[first]),
            lines[first].trimmed.hasPrefix("[Header]")
        {
            for key in ["Application Name", "Data File Name"] {
                if let line = lines[first...].prefix(8).first(where: { Self.separator(in: $0, after: key) != nil }) {
                    // Of a data file only the key: its folders are nobody's business.
                    let value = key == "Application Name" ? " " + line.dropFirst(key.count + 1).prefix(30).trimmed : ""
                    return .certain(because: "line \(first + 1) is [Header], followed by \"\(key)\(value)\"")
                }
            }
        }
        for (index, line) in lines.enumerated().dropLast() where LabSolutionsSection.isTitle(line) {
            let kind = LabSolutionsSection(title: line).role
            let below = lines[index + 1]
            if kind == .peaks || kind == .compounds, below.hasPrefix("# of ") {
                return .certain(
                    because:
                        "line \(index + 1) is \(line.prefix(50).trimmed), followed by \"\(below.prefix(20).trimmed)\"")
            }
        }
        return .no
    }

    /// The character behind a key at the beginning of a line.
    private static func separator(in line: String, after key: String) -> Character? {
        guard line.hasPrefix(key), let mark = line.dropFirst(key.count).first, "\t,;".contains(mark) else { return nil }
        return mark
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let keys = ["Application Name", "Data File Name", "# of Peaks", "# of IDs", "# of Points"]
        let separator = source.opening.lines.lazy
            .compactMap { line in keys.lazy.compactMap { Self.separator(in: line, after: $0) }.first }.first
        let dialect = separator.map { Dialect(separator: $0) } ?? Dialect.sniffed(from: source.opening)
        let text = try DelimitedText(source, dialect: dialect, missing: ["-", "--", "---", "----", "-----", "N/A"])
        try await LabSolutionsReader(text, output).read()
    }
}

/// The title of a section, taken apart: `[Peak Table(Detector A-Ch1)]`.
struct LabSolutionsSection {
    enum Role {
        /// Keys and values that describe the run.
        case keys
        /// Free text.
        case text
        case peaks, compounds, groups
        /// Anything with a curve in it.
        case trace
        case fractions
        /// Not known.
        case other
    }

    let title: String
    /// What stands before the last brackets, and in them.
    let kind: String, argument: String?

    static func isTitle(_ line: some StringProtocol) -> Bool {
        let text = line.trimmed
        return text.hasPrefix("[") && text.hasSuffix("]") && text.count > 2
    }

    init(title written: String) {
        title = String(written.trimmed.dropFirst().dropLast())
        if title.hasSuffix(")"), let open = title.firstIndex(of: "(") {
            kind = title[..<open].trimmed
            argument = title[title.index(after: open)...].dropLast().trimmed
        } else {
            kind = title
            argument = nil
        }
    }

    var role: Role {
        switch kind {
        case "Header", "File Information", "Sample Information", "Original Files", "Configuration": .keys
        case "File Description": .text
        case "Fraction Collection Report": .fractions
        default:
            if kind.hasSuffix("Peak Table") {
                .peaks
            } else if kind.hasSuffix("Compound Results") {
                .compounds
            } else if kind.hasSuffix("Group Results") {
                .groups
            } else if kind.hasSuffix("Chromatogram") || kind.hasSuffix("Status Trace") || kind.hasPrefix("PDA 3D")
                || kind.hasSuffix("MS Spectrum")
            {
                .trace
            } else {
                .other
            }
        }
    }
}
