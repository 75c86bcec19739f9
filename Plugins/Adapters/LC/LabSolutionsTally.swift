import IngestCore
import TabularText

/// What a LabSolutions export says of its own size, against what was read.
///
/// A file cut between two sections looks like one that was exported with fewer of them, so the counts alone do not
/// prove it whole: it must end with the last section of a full export, `[Fraction Collection Report]`, or each kind of
/// section that is there must cover every channel that `[Configuration]` lists.
struct LabSolutionsTally {
    private let text: DelimitedText
    private var isDoubtful = false
    private var met: [(key: String, tables: Int, rows: Int)] = []
    /// How many sections of a run have an argument, by kind.
    private var channels: [String: Int] = [:]
    private var last: LabSolutionsSection?
    /// A declared count of the run at hand was met.
    private var isCounted = false

    init(_ text: DelimitedText) { self.text = text }

    /// The key that declares how many rows follow.
    static func countKey(_ fields: KeyedFields) -> String? {
        var first: String?
        for key in fields.keys where key.hasPrefix("# of ") && !key.hasASCII("Wavelength") && !key.hasASCII("Raw") {
            if key.hasASCII("Time Axis") { return key }
            first = first ?? key
        }
        return first
    }

    mutating func begin(_ section: LabSolutionsSection) {
        last = section
        if section.argument != nil { channels[section.kind, default: 0] += 1 }
    }

    /// Compares the declared count of a section with its rows.
    /// - Returns: Whether it is met.
    mutating func check(_ section: LabSolutionsSection, _ fields: KeyedFields, rows: Int, at line: Int) -> Bool {
        let account = text.source.account
        let place = text.source.location(line: line, column: 1)
        // What the counts of an unknown section count is not known, but for points.
        let key = LabSolutionsTally.countKey(fields)
        if section.role == .other, key != "# of Points" { return false }
        guard let key, let written = fields.text(key) else {
            if rows > 0 {
                isDoubtful = true
            } else {
                account.report(
                    Diagnostic(
                        "labsolutions.empty-section", "there is nothing in [\(section.title)], not even a count",
                        at: place,
                        hint: "the file was cut here: export it again"))
                account.contradict("[\(section.title)] is empty")
            }
            return false
        }
        guard let declared = Int(written) else {
            account.report(fields.fault("table.not-a-whole-number", "\"\(written)\" is not a whole number", at: key))
            account.contradict("\(key) of [\(section.title)] is \"\(written)\"")
            return false
        }
        guard declared == rows else {
            account.report(
                fields.fault(
                    "labsolutions.count", "\(key) of [\(section.title)] is \(declared), but \(rows) rows follow",
                    at: key,
                    hint: "what is there was read; the file was cut or edited: export it again"))
            account.contradict("\(key) of [\(section.title)] said \(declared), \(rows) rows read")
            return false
        }
        isCounted = true
        if let index = met.firstIndex(where: { $0.key == key }) {
            met[index].tables += 1
            met[index].rows += rows
        } else {
            met.append((key, 1, rows))
        }
        return true
    }

    /// Checks the kinds of sections of a run against its configuration, which stands among its extras.
    mutating func endRun(_ extras: Extras) {
        defer {
            channels = [:]
            isCounted = false
        }
        // What the runs before it prove says nothing of one that only begins.
        if !isCounted { isDoubtful = true }
        guard last?.role != .fractions else { return }
        if last?.role == .other { isDoubtful = true }
        let separator = Character(UnicodeScalar(text.dialect.separator))
        // A count that is none is never covered.
        func sum(_ key: String) -> Int {
            let counts = extras[key]?.split(separator: separator).map(\.trimmed).filter { !$0.isEmpty } ?? []
            return counts.reduce(0) { $0 + Int(UInt16($1) ?? .max) }
        }
        let allDetectors = sum("# of Detectors")
        let allChannels = sum("# of Channels")
        for (kind, count) in channels {
            switch kind {
            case "Peak Table", "LC Chromatogram": isDoubtful = isDoubtful || count < allChannels
            case "Compound Results", "Group Results": isDoubtful = isDoubtful || count < allDetectors
            default: continue
            }
        }
    }

    /// Tells the account that the file is whole, if it shows that.
    func prove(endsOpen: Bool) {
        guard !met.isEmpty, !isDoubtful, !endsOpen else { return }
        let list = met.map {
            "\($0.key): \($0.rows) in \($0.tables) \($0.tables == 1 ? "section" : "sections"), all read"
        }
        text.source.account.prove(list.joined(separator: "; "))
    }
}
