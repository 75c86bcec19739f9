import IngestCore
import StreamingXML
import TabularText

/// The columns of a table as its rows show them: a field that a row has twice is two columns.
struct XMLTableColumns {
    struct Column {
        var key: String
        /// The key without prefixes.
        var plainKey: String
        var name: String
        var parent: String
        var reach: XMLTableField.Reach
        fileprivate(set) var numbers = 0
        fileprivate(set) var others = 0
        /// The first text that is no number.
        fileprivate(set) var odd: (text: String, location: SourceLocation)?
        /// All texts begin with a digit, as garbled numbers do, or hold neither letter nor digit.
        fileprivate(set) var looksNumeric = true

        /// At least two thirds of the texts in it that stand for something are numbers, as ``NumericColumns`` has it: the
        /// others are garbled.
        var isNumeric: Bool { numbers > 0 && numbers >= 2 * others }
    }

    private(set) var columns: [Column] = []
    /// An element that a row has several of, each with fields of its own.
    struct Repeated {
        var key: String
        var name: String
        /// Of the second in a row.
        var location: SourceLocation

        func holds(_ key: String) -> Bool { key.hasPrefix(self.key + "/") || key.hasPrefix(self.key + "@") }
    }

    /// The texts of the first rows, and of the first that have a field which those have not, column by column.
    private(set) var rows: [[String]] = []
    /// By the key of the field: its first occurrence in a row, its second …
    private(set) var index: [String: [Int]] = [:]
    private(set) var repeated: [Repeated] = []
    let missing: Set<String>

    /// Further fields are kept as texts.
    static let most = 2000
    /// How many rows are kept, and how many more that have a certain field.
    private static let mostRows = 1000
    private static let mostLateRows = 100
    private static let mostCells = 1 << 19
    private let mark: DecimalMark
    private var cells = 0

    init(_ given: GivenAssumptions) {
        missing = Set(given.missing)
        mark = given.decimalMark ?? .point
    }

    mutating func note(_ row: Element) {
        var isKept = rows.count < Self.mostRows
        let found = XMLTableFields(of: row)
        var seen: [String: Int] = [:]
        var texts = Array(repeating: "", count: columns.count)
        for field in found.fields where field.openUnitOf == nil {
            let occurrence = seen[field.key, default: 0]
            seen[field.key] = occurrence + 1
            guard let column = column(field, occurrence) else { continue }
            if column >= texts.count { texts.append(contentsOf: repeatElement("", count: column + 1 - texts.count)) }
            let text = String((field.value?.peek ?? "").prefix(400))
            texts[column] = text
            guard !text.isEmpty, !missing.contains(text) else { continue }
            note(text, field, column)
            let filled = columns[column].numbers + columns[column].others
            if filled <= Self.mostLateRows { isKept = true }
        }
        for element in found.repeated { note(element, seen) }
        guard isKept, cells < Self.mostCells else { return }
        cells += texts.count
        rows.append(texts)
    }

    /// The outermost element that a row has several of, and that a field is in.
    func repeated(around key: String) -> Repeated? {
        repeated.filter { $0.holds(key) }.min { $0.key.utf8.count < $1.key.utf8.count }
    }

    private mutating func column(_ field: XMLTableField, _ occurrence: Int) -> Int? {
        if let known = index[field.key], occurrence < known.count { return known[occurrence] }
        guard columns.count < Self.most else { return nil }
        index[field.key, default: []].append(columns.count)
        columns.append(
            Column(key: field.key, plainKey: field.plainKey, name: field.name, parent: field.parent, reach: field.reach))
        return columns.count - 1
    }

    /// Several that share no field are rather parts of one.
    private mutating func note(_ element: XMLTableFields.Repeated, _ seen: [String: Int]) {
        guard repeated.count < Self.most, !repeated.contains(where: { $0.key == element.key }) else { return }
        let repeated = Repeated(key: element.key, name: element.element.name, location: element.element.location)
        if seen.contains(where: { $0.value > 1 && repeated.holds($0.key) }) { self.repeated.append(repeated) }
    }

    private mutating func note(_ text: String, _ field: XMLTableField, _ column: Int) {
        if case .number = NumberText.read(text, mark: mark) {
            columns[column].numbers += 1
            return
        }
        columns[column].others += 1
        if columns[column].odd == nil, let value = field.value { columns[column].odd = (text, value.location) }
        if text.first?.isNumber != true, text.contains(where: { $0.isLetter || $0.isNumber }) {
            columns[column].looksNumeric = false
        }
    }
}
