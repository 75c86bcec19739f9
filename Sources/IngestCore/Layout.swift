/// How a file was laid out: its tables and their headings, the units and decimals of what was measured, the marks and the
/// encoding, the software. Never a value of it: two exports of one instrument by the same settings have the same layout,
/// and one that differs was made by others.
///
/// The headings are noted by the readers of tables (``ReadingAccount/note(_:)``), the rest follows from the records. What is
/// `nil` is not known, and differs from nothing.
public struct Layout: Sendable, Hashable, Codable {
    /// Tables of other headings each, in file order; empty where the headings are not known, as of records alone.
    public var tables: [Table] = []
    /// What the results and traces tell, in the order it first stood.
    public var values: [Value] = []
    /// The format as the adapter names it, software, encoding, and the marks.
    public var facts: [Fact: String] = [:]
    /// There is more than is kept here: what is missing in it may be there.
    public var isCut = false

    public enum Fact: String, Sendable, Hashable, Codable, CodingKeyRepresentable, CaseIterable {
        case format, software, encoding, dateOrder, decimalMark
    }

    public init() {}

    /// The most tables and columns (of all tables together) that are kept of one file, and the most values.
    public static let mostTables = 32, mostColumns = 400, mostValues = 400

    /// A table by its headings.
    public struct Table: Sendable, Hashable, Codable {
        public var columns: [Column]
        public var separator: String?
        public var member: String?
        /// Of the headings; of the first row below them where the headings stand far down.
        public var line: Int?

        public init(columns: [Column], separator: String?, member: String?, line: Int?) {
            self.columns = columns
            self.separator = separator
            self.member = member
            self.line = line
        }
    }

    /// A column by its heading; its position, from 1, is that in its table.
    public struct Column: Sendable, Hashable, Codable {
        /// As written; with a number behind it, where it stands twice.
        public var heading: String
        /// As written.
        public var unit: String?
        /// Where the heading stands in its line, in characters from 1.
        public var character: Int?

        public init(_ heading: String, unit: String? = nil, character: Int? = nil) {
            self.heading = heading
            self.unit = unit
            self.character = character
        }
    }

    /// A measurement, extra or axis by its name.
    public struct Value: Sendable, Hashable, Codable {
        public enum Place: String, Sendable, Hashable, Codable { case measurement, extra, axis }
        /// `peak`, `well` …; `trace` for an axis.
        public var kind: String
        public var place: Place
        public var name: String
        /// The unit as written and as understood, where all of the file have the same; empty for none.
        public var unit: String?, meaning: String?
        /// The digits behind the decimal mark, where all of the file have as many, and they are not few.
        public var decimals: Int?
        /// Each of the results of its kind has it, and they are not few.
        public var isConstant = false

        public init(kind: String, place: Place, name: String) {
            self.kind = kind
            self.place = place
            self.name = name
        }

        func isSame(as other: Value) -> Bool { kind == other.kind && place == other.place && name == other.name }
    }
}

extension Layout {
    /// Whether both are of one kind, so that what differs has changed: half of the headings are the same, or half of the
    /// names where headings are not known.
    public func isLike(_ other: Layout) -> Bool {
        let headings = Set(tables.flatMap(\.columns).map(\.heading))
        let others = Set(other.tables.flatMap(\.columns).map(\.heading))
        if !headings.isEmpty, !others.isEmpty, Layout.overlap(headings, others) { return true }
        let names = Set(values.map { "\($0.kind) \($0.name)" }), otherNames = Set(other.values.map { "\($0.kind) \($0.name)" })
        return Layout.overlap(names, otherNames)
    }

    static func overlap(_ a: Set<String>, _ b: Set<String>) -> Bool {
        !a.isEmpty && !b.isEmpty && a.intersection(b).count * 2 >= min(a.count, b.count)
    }

    /// This layout with what it leaves open and an earlier one of the same knew: a file of few rows, or one without a
    /// fraction, must not make the decimals forgotten.
    public func filled(from earlier: Layout) -> Layout {
        var layout = self
        layout.facts.merge(earlier.facts) { mine, _ in mine }
        if layout.tables.isEmpty { layout.tables = earlier.tables }
        for index in layout.values.indices {
            guard let known = earlier.values.first(where: layout.values[index].isSame) else { continue }
            layout.values[index].decimals = layout.values[index].decimals ?? known.decimals
            if layout.values[index].unit == nil {
                (layout.values[index].unit, layout.values[index].meaning) = (known.unit, known.meaning)
            }
            layout.values[index].isConstant = layout.values[index].isConstant && known.isConstant
        }
        let missing = earlier.values.filter { old in !layout.values.contains(where: old.isSame) }
        layout.values += missing.map { old in
            var old = old
            old.isConstant = false
            return old
        }
        if layout.values.count > Layout.mostValues {
            layout.values.removeLast(layout.values.count - Layout.mostValues)
            layout.isCut = true
        }
        return layout
    }
}
