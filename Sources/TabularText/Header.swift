import IngestCore

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
    public var units: [StatedUnit]

    public init(_ headings: [String], units rowOfUnits: [String] = []) {
        kept = Names(headings)
        units = kept.names.enumerated().map { index, name in
            let below = index < rowOfUnits.count ? rowOfUnits[index].trimmed : ""
            return below.isEmpty ? StatedUnit(heading: name) : StatedUnit(written: below)
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

    /// Both are the same header, not only one of the same headings.
    @inline(__always)
    func isSame(as other: Header?) -> Bool { kept === other?.kept }

    /// The heading of a column, `nil` for one that has none.
    func heading(of column: Int) -> String? { column < count && !names[column].isEmpty ? names[column] : nil }

    /// The first column with that heading.
    public func column(_ heading: String) -> Int? { kept.columns[heading] }
}
