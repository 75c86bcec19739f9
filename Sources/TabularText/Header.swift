public import IngestCore

/// The headings of a table, and the units in them.
public struct Header: Sendable {
    /// What never changes, in one place: a header is passed along with every row.
    private final class Names: Sendable {
        let names: [String]
        let distinct: [String]
        let columns: [String: Int]
        let first: [UInt8]

        init(_ headings: [String]) {
            names = headings.map(\.trimmed)
            first = Array((names.first ?? "").utf8)
            var columns: [String: Int] = [:]
            var distinct: [String] = []
            var taken: Set<String> = []
            var next: [String: Int] = [:]
            for (index, name) in names.enumerated() {
                if columns[name] == nil { columns[name] = index }
                let key = name.isEmpty ? "column \(index + 1)" : name
                var own = key
                while !taken.insert(own).inserted {
                    let number = next[key, default: 2]
                    own = "\(key) (\(number))"
                    next[key] = number + 1
                }
                distinct.append(own)
            }
            self.distinct = distinct
            self.columns = columns
        }
    }

    private let kept: Names
    /// The units, from brackets in the headings (`RT [min]`, `Area (mAU*min)`) or from a row of units.
    public var units: [ColumnUnit]

    public init(_ headings: [String], units rowOfUnits: [String] = []) {
        kept = Names(headings)
        units = kept.names.enumerated().map { index, name in
            let below = index < rowOfUnits.count ? rowOfUnits[index].trimmed : ""
            return below.isEmpty ? ColumnUnit(heading: name) : ColumnUnit(written: below)
        }
    }

    /// As written, without blanks at the ends.
    public var names: [String] { kept.names }
    /// As ``names``, a number behind those that stand twice and a name for those that are empty: keys for extras.
    public var distinct: [String] { kept.distinct }
    /// The text of the first heading, for rows in a hurry.
    var first: [UInt8] { kept.first }

    public var count: Int { kept.names.count }

    /// Both have the same headings.
    @inline(__always)
    func isNamed(as other: Header) -> Bool { kept === other.kept || names == other.names }

    /// The first column with that heading.
    public func column(_ heading: String) -> Int? { kept.columns[heading] }
}

/// The unit of a column: what the file writes, and what that means.
public struct ColumnUnit: Sendable, Hashable {
    public var unit: Unit?
    public var written: String?
    /// The unit is the documented one of the export, not in the file.
    public var isFormats = false

    public static let none = ColumnUnit(unit: nil, written: nil)

    public init(unit: Unit?, written: String?) {
        self.unit = unit
        self.written = written
    }

    /// The documented unit of a format that does not write it.
    public init(ofFormat unit: Unit) {
        self.unit = unit
        isFormats = true
    }

    public init(written: String) { self.init(unit: Unit(spelling: written), written: written) }

    /// The unit in the last brackets of a heading, if it is one: `Area (mAU*min)`, but not `Width (50%)`.
    public init(heading: String) {
        self = .none
        let text = heading.trimmed
        for (open, close) in [("[", "]"), ("(", ")")] where text.hasSuffix(close) {
            guard let start = text.lastIndex(of: Character(open)) else { continue }
            let inside = text[text.index(after: start)...].dropLast().trimmed
            if let unit = Unit(spelling: inside) { self = ColumnUnit(unit: unit, written: inside) }
        }
    }
}
