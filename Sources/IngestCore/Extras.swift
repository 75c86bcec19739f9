/// Every field of a row that no key of the records claimed, under its own heading, as written, in file order.
public struct Extras: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    public private(set) var fields: [Field] = []
    /// The heading of each of the first ``indexed`` fields. Kept only where there are so many fields that looking through
    /// them takes long.
    private var known: [String: Known] = [:]
    private var indexed = 0
    private static let few = 24
    /// Bytes of all texts.
    public private(set) var size = 0

    /// What readers that keep whatever stands there put into one record: a line of records has to stay readable (`RECORDS.md`
    /// refuses lines over 8 MB of other programs). The record of an instrument has a thousand extras, seldom.
    public static let mostFields = 20_000, mostBytes = 4 << 20

    /// Whether a text of so many bytes is within ``mostFields`` and ``mostBytes``.
    public func hasRoom(for bytes: Int) -> Bool { fields.count < Extras.mostFields && size + bytes <= Extras.mostBytes }

    private struct Known: Hashable {
        /// Of the first field with that heading.
        let place: Int
        /// The number its next namesake gets.
        var next = 2
    }

    public struct Field: Sendable, Hashable {
        public var heading: String, text: String
    }

    public init() {}
    public init(dictionaryLiteral elements: (String, String)...) {
        for (heading, text) in elements { add(heading, text) }
    }

    public var isEmpty: Bool { fields.isEmpty }
    public var count: Int { fields.count }

    /// The text under a heading, the first where several have it.
    public subscript(heading: String) -> String? {
        if let place = known[heading]?.place { return fields[place].text }
        return fields[indexed...].first { $0.heading == heading }?.text
    }

    /// Adds a field; a heading that is taken gets a number behind it (`Column`, `Column (2)`), so nothing is dropped.
    public mutating func add(_ heading: String, _ text: String) {
        var name = heading
        var number = 2
        if fields.count < Extras.few {
            while fields.contains(where: { $0.heading == name }) {
                name = "\(heading) (\(number))"
                number += 1
            }
        } else {
            index()
            number = known[heading]?.next ?? 2
            while known[name] != nil {
                name = "\(heading) (\(number))"
                number += 1
            }
            known[heading]?.next = number
        }
        append(distinct: name, text)
    }

    private mutating func index() {
        for place in indexed..<fields.count where known[fields[place].heading] == nil {
            known[fields[place].heading] = Known(place: place)
        }
        indexed = fields.count
    }

    public mutating func add(_ others: Extras) {
        for field in others.fields { add(field.heading, field.text) }
    }

    /// Takes as little memory as can be: headings that are those of another record become one text with them.
    mutating func compact(beside other: Extras) {
        known = [:]
        indexed = 0
        for place in fields.indices.prefix(other.fields.count) where fields[place].heading == other.fields[place].heading {
            fields[place].heading = other.fields[place].heading
        }
    }

    /// Adds a field under a heading known to be free: for tables, whose headings were made distinct once.
    public mutating func append(distinct heading: String, _ text: String) {
        size += text.utf8.count
        fields.append(Field(heading: heading, text: text))
    }

    public mutating func removeAll() {
        fields.removeAll(keepingCapacity: true)
        known.removeAll()
        indexed = 0
        size = 0
    }

    public static func == (left: Extras, right: Extras) -> Bool { left.fields == right.fields }
    public func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}
