import IngestCore
import TabularText

/// One of the quantities that a Fusion lists for all components side by side.
struct FusionGroup {
    /// In the order in which it writes them.
    static let names = ["Concentration", "NormalizedConcentration", "Area", "RT(s)"]

    let name: String
    let columns: Range<Int>
    let unit: StatedUnit

    /// A name of the vocabulary; `nil` where the group's own name is to be kept.
    var measurement: MeasurementName? {
        switch name {
        case "Concentration": .concentration
        case "Area": .area
        case "RT(s)": .retentionTime
        default: nil
        }
    }
}

/// A component, and the columns that tell of it.
struct FusionComponent {
    let name: String?, detector: String?
    /// Within its detector, from 1.
    let ordinal: Int
    /// With the group each is in, in file order.
    var columns: [(group: Int, column: Int)]

    func column(of group: Int?) -> Int? { columns.first { $0.group == group }?.column }
}

/// What the three lines of headings say.
struct FusionHeadings {
    private(set) var groups: [FusionGroup] = []
    private(set) var components: [FusionComponent] = []
    /// The columns, for places and for the shape of the rows.
    private(set) var header = Header([])
    private(set) var run = RunRecord(
        instrument: RunRecord.Instrument(vendor: "INFICON", model: "Micro GC Fusion"))
    /// Seconds east of UTC, of all times.
    private(set) var offset: Int?

    private let source: SourceFile
    private struct Key: Hashable { let detector: String, name: String, turn: Int }
    private var places: [Key: Int] = [:]

    /// Reads up to the line of components.
    init(_ text: DelimitedText, firstLine: Int) throws {
        source = text.source
        var detectors: [String] = []
        while let row = try text.next() {
            switch row.line {
            case ..<firstLine: takeNotice(row)
            case firstLine: takeGroups(row)
            case firstLine + 1:
                if row[0] != "Detectors" { tellHeading(row, 0, "Detectors") }
                detectors = row.cells.map(\.trimmed)
                row.describe()
            default:
                takeComponents(row, detectors)
                return
            }
        }
    }

    /// The first lines say that the format may change; anything else there is kept.
    private mutating func takeNotice(_ row: Row) {
        for column in 0..<row.count where !row.isEmpty(column) {
            let text = row[column]
            if text.hasPrefix("WARNING: CSV format") || text.hasPrefix("Software programs should use JSON") {
                row.describe(column)
            } else if let text = row.extra(column) {
                run.extras.add("line \(row.line)", PrivateText.withoutFolders(text))
            }
        }
    }

    private mutating func takeGroups(_ row: Row) {
        if let method = row.string(0) { run.methods = [RunRecord.Method(.acquisition, PrivateText.fileName(method))] }
        if row[1] != "SampleName" { tellHeading(row, 1, "SampleName") }
        row.describe()
        let starts = (2..<max(2, row.count)).filter { !row.isEmpty($0) }
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : row.count
            let name = row[start]
            groups.append(FusionGroup(name: name, columns: start..<end, unit: StatedUnit(heading: name)))
            if !FusionGroup.names.contains(name) {
                let near = NearestName.of(name, among: FusionGroup.names).map { ", the nearest is \"\($0)\"" } ?? ""
                tell(
                    "fusion.unknown-group", "\"\(name)\" is no group of a Fusion\(near)", at: row.location(of: start),
                    hint: "its numbers were read under its own name; if the heading was changed, export the file again")
            }
        }
        if starts.first != 2 { tellHeading(row, 2, "Concentration") }
        tellGroups(row)
    }

    private func tellGroups(_ row: Row) {
        let names = groups.map(\.name)
        for name in FusionGroup.names where !names.contains(name) {
            tell(
                "fusion.missing-group", "there is no group \"\(name)\"", at: row.location,
                hint: "the others were read; a Fusion writes \(FusionGroup.names.joined(separator: ", "))")
        }
        let known = names.filter { FusionGroup.names.contains($0) }
        if known != FusionGroup.names.filter({ known.contains($0) }) || Set(groups.map(\.columns.count)).count > 1 {
            tell(
                "fusion.groups",
                "the groups are " + groups.map { "\($0.name) with \($0.columns.count) columns" }.joined(separator: ", "),
                at: row.location,
                hint: "a Fusion writes \(FusionGroup.names.joined(separator: ", ")), each with the same components; columns "
                    + "were moved, added or lost, and numbers may stand under wrong names: export the file again")
            source.account.contradict("the groups of columns are not alike")
        }
    }

    // MARK: Components

    private mutating func takeComponents(_ row: Row, _ detectors: [String]) {
        takeZone(row)
        let names = row.cells.map(\.trimmed)
        row.describe()
        var headings = names
        var first: [Key] = []
        for (number, group) in groups.enumerated() {
            var detector = ""
            var keys: [Key] = []
            var turns: [String: Int] = [:]
            for column in group.columns where column < names.count {
                if column < detectors.count, !detectors[column].isEmpty { detector = detectors[column] }
                headings[column] = "\(group.name) \(names[column])"
                let turn = turns[detector + "\t" + names[column], default: 0] + 1
                turns[detector + "\t" + names[column]] = turn
                let key = Key(detector: detector, name: names[column], turn: turn)
                if turn > 1 || names[column].isEmpty || detector.isEmpty { tellUnclear(key, row, column) }
                if number > 0 {
                    compare(key, keys.count < first.count ? first[keys.count] : nil, row, column, isNew: places[key] == nil)
                }
                take(key, number, column)
                keys.append(key)
            }
            if number == 0 { first = keys }
        }
        header = Header(headings)
    }

    private mutating func take(_ key: Key, _ group: Int, _ column: Int) {
        if let place = places[key] {
            components[place].columns.append((group, column))
            return
        }
        places[key] = components.count
        let ordinal = components.count { $0.detector ?? "" == key.detector } + 1
        components.append(
            FusionComponent(
                name: key.name.isEmpty ? nil : key.name, detector: key.detector.isEmpty ? nil : key.detector, ordinal: ordinal,
                columns: [(group, column)]))
    }

    private func compare(_ key: Key, _ expected: Key?, _ row: Row, _ column: Int, isNew: Bool) {
        guard key != expected else { return }
        let here = "\"\(key.name)\" of \"\(key.detector)\""
        let other = expected.map { "\"\($0.name)\" of \"\($0.detector)\"" } ?? "nothing"
        tell(
            "fusion.component", "\(here) stands where the group \"\(groups[0].name)\" has \(other)",
            at: row.location(of: column),
            hint: isNew
                ? "it was read as a component of its own; a heading was changed: export the file again"
                : "it was read by its name; if columns were exchanged, export the file again")
    }

    private func tellUnclear(_ key: Key, _ row: Row, _ column: Int) {
        tell(
            "fusion.component",
            key.name.isEmpty
                ? "this column has no component"
                : key.detector.isEmpty ? "\"\(key.name)\" has no detector" : "\"\(key.name)\" stands twice in this group",
            at: row.location(of: column), hint: "it was read as it stands; if a heading was changed, export the file again")
    }

    /// `Time (GMT 120 mins)`: minutes east of UTC.
    private mutating func takeZone(_ row: Row) {
        let words = row[0].split(separator: " ").map(String.init)
        guard words.count == 4, words[0] == "Time", words[1] == "(GMT", words[3] == "mins)", let minutes = Int(words[2]),
            abs(minutes) <= 18 * 60
        else {
            tell(
                "fusion.zone", "\"\(row[0])\" does not state how far the times are from UTC, as \"Time (GMT 120 mins)\" does",
                at: row.location(of: 0), hint: "times were read without an offset; name the zone with --time-zone")
            return
        }
        offset = 60 * minutes
    }

    private func tellHeading(_ row: Row, _ column: Int, _ expected: String) {
        tell(
            "fusion.heading", "\"\(row[column])\" stands here, where a Fusion writes \"\(expected)\"",
            at: row.location(of: column),
            hint: "the column was read as usual; if columns were moved, export the file again")
    }

    private func tell(_ code: String, _ message: String, at location: SourceLocation, hint: String) {
        source.account.report(Diagnostic(.warning, code, message, at: location, hint: hint))
    }
}
