import IngestCore
import StreamingXML
import TabularText

/// The columns of a table as its first rows show them: a field that a row has twice is two columns.
struct XMLTableColumns {
    struct Column {
        var key: String
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
    /// The texts of each row, column by column.
    private(set) var rows: [[String]] = []
    /// By the key of the field: its first occurrence in a row, its second …
    private(set) var index: [String: [Int]] = [:]
    let missing: Set<String>

    /// Further fields are kept as texts.
    private static let most = 2000
    private static let mostCells = 1 << 19
    private let mark: DecimalMark
    private var cells = 0

    init(_ given: GivenAssumptions) {
        missing = Set(given.missing)
        mark = given.decimalMark ?? .point
    }

    mutating func note(_ row: Element) {
        guard cells < Self.mostCells else { return }
        var seen: [String: Int] = [:]
        var texts = Array(repeating: "", count: columns.count)
        for field in XMLTableFields(of: row).fields where field.openUnitOf == nil {
            let occurrence = seen[field.key, default: 0]
            seen[field.key] = occurrence + 1
            guard let column = column(field, occurrence) else { continue }
            if column >= texts.count { texts.append(contentsOf: repeatElement("", count: column + 1 - texts.count)) }
            let text = String((field.value?.peek ?? "").prefix(400))
            texts[column] = text
            if !text.isEmpty, !missing.contains(text) { note(text, field, column) }
        }
        cells += texts.count
        rows.append(texts)
    }

    private mutating func column(_ field: XMLTableField, _ occurrence: Int) -> Int? {
        if let known = index[field.key], occurrence < known.count { return known[occurrence] }
        guard columns.count < Self.most else { return nil }
        index[field.key, default: []].append(columns.count)
        columns.append(Column(key: field.key, name: field.name, parent: field.parent, reach: field.reach))
        return columns.count - 1
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
