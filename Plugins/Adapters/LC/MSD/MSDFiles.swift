import IngestCore
import StreamingXML
import TabularText

/// Tells the files of an MSD ChemStation or MassHunter GC/MS data folder from one another and from any other file.
enum MSDFiles {
    enum Kind: CaseIterable { case results, report, sampleInfo, trace, chromatograms }

    static func kind(of opening: SourceOpening) -> Kind? {
        if let document = XMLOpening(opening) { return isSampleInfo(document) ? .sampleInfo : nil }
        if isTrace(opening) { return .trace }
        if isResults(opening) { return .results }
        if isChromatograms(opening) { return .chromatograms }
        return isReport(opening) ? .report : nil
    }

    /// The reason for which a file of a kind is one, for people.
    static func evidence(_ kind: Kind) -> String {
        switch kind {
        case .results: "[contents] and sections with a Header= line are those of RESULTS.CSV"
        case .report: "an area percent report with the fields of MSD ChemStation"
        case .sampleInfo: "the outermost element is <SampleInfo>, with the fields of MassHunter"
        case .trace: "a data file and a time in line 1, \"Start of data points\" in line 2"
        case .chromatograms: "the headings Path, File, Date Acquired, Sample above a chromatogram"
        }
    }

    /// The files of one injection that lie side by side and are read together, by the names they always have.
    static let sideBySide: Set<String> = ["results.csv", "rteres.txt", "tic_front.csv"]

    static func isNamedLikeOne(_ name: String) -> Bool {
        let base = name.split(separator: "/").last.map { $0.lowercased() } ?? ""
        return sideBySide.contains(base) || base == "sample_info.xml" || base == "chromtab.csv"
    }

    /// The data folder a member belongs to: `A.D/` for `A.D/RESULTS.CSV` and for `A.D/AcqData/sample_info.xml`.
    static func folder(of name: String) -> String {
        let folder = name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
        let inside = "acqdata/"
        guard folder.lowercased().hasSuffix(inside) else { return folder }
        let outer = String(folder.dropLast(inside.count))
        return outer.isEmpty || outer.hasSuffix("/") ? outer : folder
    }

    // MARK: Each by its content

    /// Two of the lines that only this format has: one may be damaged.
    private static func isResults(_ opening: SourceOpening) -> Bool {
        let marks = ["[contents]", "count=", "name=", "header="]
        let lines = opening.lines.prefix(60).map { $0.trimmed.lowercased() }
        return marks.filter { mark in lines.contains { $0.hasPrefix(mark) } }.count >= 2
            && lines.contains { $0.hasPrefix("[") || $0.hasPrefix("header=") }
    }

    private static func isReport(_ opening: SourceOpening) -> Bool {
        let lines = opening.lines.prefix(60).map { MSDReportLine.words($0) }
        let hasTitle = lines.contains(["Area", "Percent", "Report"])
        let hasHeadings = lines.contains { $0 == MSDReportLine.headings.above || $0 == MSDReportLine.headings.below }
        let fields = lines.filter { words in
            [["Data", "Path", ":"], ["Data", "File", ":"], ["Acq", "On", ":"], ["ALS", "Vial", ":"]].contains {
                words.starts(with: $0)
            }
        }
        return (hasTitle || hasHeadings) && fields.count >= 2
    }

    private static func isSampleInfo(_ document: XMLOpening) -> Bool {
        document.root.name == "SampleInfo" && (document.has("/SampleInfo/Field") || document.has("/SampleInfo/Version"))
    }

    private static func isTrace(_ opening: SourceOpening) -> Bool {
        if opening.line(2).trimmed.lowercased() == "start of data points" { return true }
        // The second line may be damaged, and the points begin below it.
        guard let title = MSDTraceTitle(opening.firstLine), title.fileName.lowercased().hasSuffix(".d") else { return false }
        return opening.lines.dropFirst(2).prefix(3).contains { isPoint($0) }
    }

    private static func isPoint(_ line: String) -> Bool {
        let dialect = Dialect.sniffed(from: SourceOpening(name: "", bytes: Array(line.utf8)))
        let cells = dialect.cells(of: line)
        return cells.count == 2 && cells.allSatisfy { NumberText.read($0, mark: .point) != .fault(.notANumber) }
    }

    private static func isChromatograms(_ opening: SourceOpening) -> Bool {
        let dialect = Dialect.sniffed(from: opening)
        let known = dialect.cells(of: opening.firstLine).filter { MSDChromatograms.headings.contains($0.trimmed) }
        guard known.count >= 3 else { return false }
        return opening.lines.dropFirst().prefix(3).contains {
            MSDSignalTitle(dialect.cells(of: $0).first ?? "") != nil
        }
    }
}

/// The line above a chromatogram or in front of a table that says of which signal it is: `TIC: S-1.D\data.ms`.
struct MSDSignalTitle {
    /// `TIC`; of a detector that has no other name, its file without the ending: `FID2B`.
    let name: String
    /// `S-1.D`.
    let dataFile: String

    init?(_ written: String) {
        let text = written.trimmed
        // A quote that does not close puts the lines that follow into one cell.
        guard !text.contains(where: { $0.isNewline || $0 == "\"" }), let colon = text.range(ofText: ": ", last: true) else {
            return nil
        }
        let path = text[colon.upperBound...].split(separator: "\\").map { $0.trimmed }
        guard path.count >= 2, path.allSatisfy({ !$0.isEmpty }), let file = path.last, file.contains(".") else { return nil }
        var word = text[..<colon.lowerBound].trimmed
        // The integration of a signal.
        if word.hasPrefix("INT ") { word = word.dropFirst(4).trimmed }
        guard !word.isEmpty else { return nil }
        name = word == "Signal" ? String(file.prefix { $0 != "." }) : word
        dataFile = path[path.count - 2]
        isOfSpectrometer = file.lowercased() == "data.ms"
    }

    /// The mass spectrometer counts ions; what other detectors give has a unit that the files do not state.
    let isOfSpectrometer: Bool

    /// `Ion  93.00 (92.70 to 93.70)` names a mass and the window around it; false where these are no such numbers.
    var isPossible: Bool {
        let words = MSDReportLine.words(name)
        guard words.first == "Ion" else { return !(words.first?.hasPrefix("Ion") ?? false) }
        guard words.count == 5, words[3] == "to", words[2].first == "(", words[4].last == ")",
            let mass = Double(words[1]), let from = Double(words[2].dropFirst()), let to = Double(words[4].dropLast())
        else { return false }
        return from > 0 && from <= mass && mass <= to
    }
}

extension String {
    /// Where a text stands in this one, the first or the last time.
    func range(ofText text: String, last: Bool = false) -> Range<String.Index>? {
        let ranges = self.ranges(of: text)
        return last ? ranges.last : ranges.first
    }
}
