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
        var pointLength = 0
        for line in opening.wholeLines {
            let cells = dialect.cells(of: line).map(\.trimmed)
            let kind = EmpowerLine(cells, after: previous)
            if kind == .blank { continue }
            switch kind {
            case .labels, .header: names.formUnion(cells)
            case .field: names.insert(EmpowerName.plain(cells[0]))
            case .data where pointLength == 0: pointLength = cells.count
            case .title: hasTitle = hasTitle || Self.isTitle(cells)
            default: break
            }
            if !kinds.contains(.header), !kinds.contains(.data) { legend.append(cells) }
            if kind == .header, !kinds.contains(.header) { rows = [] }
            if kinds.contains(.header) || kinds.contains(.labels) { rows.append(cells) }
            kinds.append(kind)
            previous = kind
        }
        let firstData = kinds.firstIndex { $0 == .data || $0 == .wavelengths }
        let firstHeader = kinds.firstIndex(of: .header)
        let isTabbed = dialect.separator == UInt8(ascii: "\t")
        let hasPoints = kinds.contains(.wavelengths) || pointLength == 2
        let isCut = firstData == nil && opening.firstLine.hasPrefix("\"") && kinds.count <= 3
        body = firstHeader == nil && isTabbed && (hasPoints || isCut) ? .trace : .table
        hasPeaks = firstHeader != nil || hasTitle
        let told = kinds.prefix(firstHeader ?? firstData ?? kinds.count).filter { $0 != .title }
        legendIsOpen = Array(told) == [.field, .field] && legend.count >= 2 && !EmpowerName.isOne(legend[1][0])
        firstRows = rows
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

/// What a line of an Empower export is, told by its cells and the line before.
enum EmpowerLine: Hashable {
    case blank, title
    /// Names with their values in the line below.
    case labels
    case values
    /// A name with its value beside it.
    case field
    /// The headings of a table of peaks.
    case header
    /// The wavelengths of a PDA export, `Wavelength` in front.
    case wavelengths
    /// The heading of the times below the wavelengths.
    case timeHeading
    /// Two numbers or more, and nothing else.
    case data
    case other

    /// - Parameter cells: Without blanks at the ends.
    init(_ cells: [String], after previous: EmpowerLine) {
        let filled = cells.filter { !$0.isEmpty }
        let first = cells.first ?? ""
        let names = filled.count { EmpowerName.isOne($0) }
        if filled.isEmpty {
            self = .blank
        } else if previous == .labels {
            self = .values
        } else if first.lowercased().hasPrefix("wavelength"), filled.count > 1, !EmpowerName.isOne(filled[1]) {
            self = .wavelengths
        } else if previous == .wavelengths, first.lowercased().hasPrefix("time") {
            self = .timeHeading
        } else if filled.allSatisfy(Self.isNumber) {
            self = filled.count > 1 ? .data : .other
        } else if filled.count(where: { EmpowerName.isOfPeaks($0) }) >= 2, !filled.contains(where: Self.isNumber) {
            self = .header
        } else if names == filled.count, names > 1 || cells.count == 1 {
            self = .labels
        } else if names > 0, filled.count > 2, !filled.contains(where: Self.isNumber) {
            self = .labels
        } else if filled.count == 2, cells.count > 1, EmpowerName.isOne(cells[1]) {
            self = .labels
        } else if !first.isEmpty, filled.count <= 2, cells.count > 1, EmpowerName.isOne(first) || filled.count == 2 {
            self = .field
        } else {
            self = filled.count == 1 ? .title : .other
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isNumber($0) }
    }

    /// Whether a cell is a number, whatever its decimal mark.
    static func isNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        switch NumberText.read(bytes, mark: nil) {
        case .number, .fault(.openMark), .fault(.otherMark), .fault(.overflow): true
        case .fault(.notANumber): false
        }
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
