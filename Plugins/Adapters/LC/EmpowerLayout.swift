import IngestCore
import TabularText

/// What the beginning of an Empower export shows: how its cells are set apart, whether a trace or a table follows, and
/// which of Empower's own names it uses.
///
/// Separator and quotes are choices of the user's export method; so are the fields and their order.
struct EmpowerLayout {
    enum Body { case trace, table }

    let dialect: Dialect
    let body: Body
    /// A table of peaks stands somewhere: names with values below them are its fields. Where none does, they are a
    /// table themselves, of injections.
    let hasPeaks: Bool
    /// Two lines of two cells, of which nothing tells whether names stand above or in front of values.
    let legendIsOpen: Bool
    /// The rows below the first header, as far as they can be seen without reading the file.
    let firstRows: [[String]]
    /// The line from which on a trace has points, whole or garbled; `nil` where none is among the first lines.
    let firstPoint: Int?
    private let names: Set<String>
    private let hasTitle: Bool
    private let hasHeader: Bool

    init(_ opening: SourceOpening) {
        dialect = Self.dialect(of: opening)
        var previous = EmpowerLine.blank
        var kinds: [EmpowerLine] = []
        var legend: [[String]] = []
        var rows: [[String]] = []
        var names: Set<String> = []
        var hasTitle = false
        var pairs = 0
        var firstPoint: Int?
        var labels: [String] = []
        let quote = String(UnicodeScalar(dialect.quote))
        let isQuoted = opening.firstLine.hasPrefix(quote)
        for (index, line) in opening.wholeLines.enumerated() {
            let cells = dialect.cells(of: line).map(\.trimmed)
            let kind = EmpowerLine(cells, after: previous, labels: labels)
            if kind == .blank { continue }
            // Fields are quoted, or none is; points never are.
            let isPoint = kind == .data || kind == .row || isQuoted && !kind.isOfSpectra && !line.contains(quote)
            if firstPoint == nil, isPoint { firstPoint = index + 1 }
            switch kind {
            case .labels:
                labels = cells
                names.formUnion(cells)
            case .header: names.formUnion(cells)
            case .field: names.insert(EmpowerName.plain(cells[0]))
            case .data: pairs += cells.count == 2 ? 1 : -1
            case .title: hasTitle = hasTitle || Self.isTitle(cells)
            default: break
            }
            if !kinds.contains(.header), !kinds.contains(.data) { legend.append(cells) }
            if kind == .header, !kinds.contains(.header) { rows = [] }
            if kind != .header, kinds.contains(.header) || kinds.contains(.labels) { rows.append(cells) }
            kinds.append(kind)
            previous = kind
        }
        let firstData = kinds.firstIndex { $0 == .data || $0 == .wavelengths }
        let firstHeader = kinds.firstIndex(of: .header)
        let isTabbed = dialect.separator == UInt8(ascii: "\t")
        let hasPoints = kinds.contains(.wavelengths) || pairs > 0
        let isCut = firstData == nil && opening.firstLine.hasPrefix("\"") && kinds.count <= 3
        body = firstHeader == nil && isTabbed && (hasPoints || isCut) ? .trace : .table
        hasPeaks = firstHeader != nil || hasTitle
        let told = kinds.prefix(firstHeader ?? firstData ?? kinds.count).filter { $0 != .title }
        legendIsOpen = Array(told) == [.field, .field] && legend.count >= 2 && !EmpowerName.isOne(legend[1][0])
        firstRows = rows
        self.firstPoint = firstPoint
        self.names = names
        self.hasTitle = hasTitle
        hasHeader = firstHeader != nil
    }

    /// Why this is an Empower export, in words; `nil` when that is not certain. `Sample Name,RT,Area` is anybody's.
    var evidence: String? {
        let own = names.intersection(EmpowerName.own)
        let shared = names.intersection(EmpowerName.shared)
        let weight = 2 * own.count + shared.count
        let listed = (own.sorted() + shared.sorted()).prefix(3).map { "\"\($0)\"" }.joined(separator: ", ")
        if names.contains(where: EmpowerName.sampleNames.contains) {
            if weight >= 2 || (body == .trace && weight >= 1) { return "\"SampleName\" in one word, and \(listed)" }
            if hasTitle, hasHeader { return "\"SampleName\" in one word, and the title \"Component Results\"" }
        } else if hasTitle, hasHeader, weight >= 1 {
            return "the title \"Component Results\", and \(listed)"
        } else if own.count >= 3 {
            return "the headings \(listed)"
        }
        return nil
    }

    /// The title that Empower puts above a table of peaks.
    static func isTitle(_ cells: [String]) -> Bool { cells.first?.lowercased() == "component results" }

    /// The dialect in which the first lines have the most names that Empower knows.
    private static func dialect(of opening: SourceOpening) -> Dialect {
        var best = (dialect: Dialect.sniffed(from: opening), names: 0)
        for quote: Character in ["\"", "'"] {
            for separator: Character in ["\t", ";", ","] {
                let candidate = Dialect(separator: separator, quote: quote)
                var names = 0
                for line in opening.lines.prefix(40) {
                    let cells = candidate.cells(of: line)
                    if cells.count > 1 { names += cells.count { EmpowerName.isOne($0.trimmed) } }
                }
                if names > best.names { best = (candidate, names) }
            }
        }
        return best.dialect
    }
}

/// The names that Empower gives its fields, with and without blanks.
enum EmpowerName {
    static let sampleNames: Set<String> = ["SampleName"]

    /// Names that other systems do not use.
    static let own: Set<String> = [
        "Sample Set Name", "Sample Set Id", "SampleSetName", "Acq Method Set", "Acq Method Set Id",
        "Instrument Method Name", "Instrument Method Id", "Processing Method", "Processing Method Id", "ProcessingMethod",
        "Channel Description", "ChannelDescription", "Channel Id", "Proc Chnl Descr", "Proc. Chnl. Descr.",
        "Processed Channel Descr.",
        "Processed Channel Type", "Result Id", "ResultId", "Result Set Id", "Result Set Name", "Int Type", "IntType",
        "% Area", "PctArea", "% Height", "PctHeight", "Injection Id", "InjectionId", "Date Acquired", "DateAcquired",
        "Date Processed", "DateProcessed", "Acquired By", "Processed By", "Sample Set Start Date",
        "Sample Set Finish Date", "Sample Set Method", "Peak Type", "PeakType", "Peak Codes", "Processed Channel",
        "Result Source", "Superseded", "Project Name", "Channel Type", "Acquisition Method Set",
    ]

    /// Names that Empower shares with others.
    static let shared: Set<String> = ["Vial", "Injection", "Channel"]

    private static let others: Set<String> = [
        "SampleName", "Sample Name", "SampleType", "Sample Type", "Injection Volume", "InjectionVolume", "Run Time",
        "RunTime", "Label", "System Name", "SystemName", "Instrument Name", "Instrument Method", "Method Set",
        "Detector", "Detector Name", "Sampling Rate", "Dilution", "SampleWeight", "Sample Weight", "Faults", "Manual",
        "Channel Name", "Project", "User Name", "Comments", "Processed", "Column", "ColumnSerialNumber", "Level",
        "Injection Volume (uL)", "Injection Volume (µL)", "Run Time (min)", "Run Time (Minutes)", "Report Method",
    ]

    /// Headings of peaks: two of them make a header.
    private static let ofPeaks: Set<String> = [
        "name", "peakname", "component", "componentname", "rt", "retentiontime", "area", "%area", "pctarea", "height",
        "%height", "pctheight", "inttype", "amount", "starttime", "endtime", "peaktype", "width", "s/n", "peakcodes",
        "uspresolution", "usptailing", "uspplatecount", "kprime", "symmetryfactor", "response", "concentration",
    ]

    /// Without the colon that some exports put behind a name.
    static func plain(_ name: String) -> String { name.hasSuffix(":") ? String(name.dropLast()).trimmed : name }

    static func isOne(_ text: String) -> Bool {
        let name = plain(text)
        return own.contains(name) || shared.contains(name) || others.contains(name)
    }

    static func isOfPeaks(_ text: String) -> Bool { ofPeaks.contains(ColumnHeading.normalized(text)) }
}
