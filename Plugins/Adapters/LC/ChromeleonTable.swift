import IngestCore
import TabularText

/// A table of peaks: its headings over one to three lines, its rows, and the totals below them.
final class ChromeleonTable {
    private var columns: ChromeleonColumns
    private(set) var rows = 0
    /// A total was compared with its column, and all that were agree.
    private(set) var isProven = false
    private let signal: Signal?
    private let text: DelimitedText
    private var table: ResultTable?
    private var units: [String] = []
    private var signalBelow: String?
    private var sums: [Int: (value: Double, tolerance: Double)] = [:]
    /// Rows that were left out: no sum has their numbers.
    private var leftOut = 0

    /// Whether cells are the headings of a table of peaks.
    static func isHeading(_ cells: [String]) -> Bool {
        let words = Set(cells.map(ColumnHeading.normalized))
        func has(_ some: String...) -> Bool { some.contains(where: words.contains) }
        return has("no") && has("rettime", "retentiontime") && has("peakname", "injectionname", "samplename")
            && has("area", "height", "relarea", "relativearea", "amount")
    }

    /// Whether a line is the headings; most are not, and few hold these letters.
    static func isHeading(_ line: String, _ dialect: Dialect) -> Bool {
        line.hasASCII("No") && line.hasASCII("Ret") && isHeading(dialect.cells(of: line))
    }

    /// Whether the row is the headings. Few have the word that each of these has.
    static func isHeading(_ row: Row) -> Bool {
        (0..<row.count).contains { mayBeNumber(row.bytes(at: $0)) } && isHeading(row.cells)
    }

    /// False for a heading that is surely not `No.`, whatever stands in brackets behind it.
    private static func mayBeNumber(_ heading: UnsafeBufferPointer<UInt8>) -> Bool {
        // What is left out of a heading may stand anywhere in it.
        var letters = heading.lazy.filter { $0 > 32 && $0 < 128 && $0 != 46 && $0 != 95 && $0 != 58 && $0 != 45 }.makeIterator()
        return letters.next().map { $0 | 32 } == UInt8(ascii: "n") && letters.next().map { $0 | 32 } == UInt8(ascii: "o")
    }

    init(heading row: Row, signal: Signal?, _ text: DelimitedText, _ known: inout KnownColumns<ChromeleonColumns>) {
        self.signal = signal
        self.text = text
        columns = ChromeleonColumns.of(row.cells, in: &known) { UnknownHeadings.tell(row, isKnown: $0.knows) }
        row.describe()
    }

    var header: Header { columns.header }

    // MARK: Lines below the headings

    /// Takes a line that still belongs to the headings: units, the signal of each column, or more words of them.
    func takesHeadingLine(_ row: Row, _ known: inout KnownColumns<ChromeleonColumns>) -> Bool {
        guard table == nil, row.isEmpty(0), row.count <= header.count + 1 else { return false }
        var headings = columns.headings
        let cells = (0..<row.count).map { row[$0] }.filter { !$0.isEmpty }
        let filled = cells.filter { !text.missing.contains($0) }
        guard !filled.contains(where: text.isNumber) else { return false }
        if units.isEmpty, !filled.isEmpty, filled.allSatisfy({ Unit(spelling: $0) != nil }) {
            // "n.a." below a heading: the quantity has no unit.
            units = row.cells.map { text.missing.contains($0.trimmed) ? "" : $0 }
        } else if let name = filled.first, filled.count > 1, filled.allSatisfy({ $0 == name }) {
            signalBelow = name
        } else if filled.count < cells.count {
            // Words beside "n.a." are no headings but a peak that was not found.
            return false
        } else {
            for column in 0..<min(row.count, headings.count) where !row.isEmpty(column) {
                let first = headings[column].trimmed
                headings[column] = first.isEmpty ? row[column] : first + " " + row[column]
                if columns.knows(first), !columns.knows(headings[column]) { tellNoUnit(row, column, first) }
            }
        }
        row.describe()
        columns = ChromeleonColumns.of(headings, units: units, in: &known)
        return true
    }

    private func tellNoUnit(_ row: Row, _ column: Int, _ heading: String) {
        row.source.account.report(
            row.fault(
                "chromeleon.heading-line", "\"\(row[column])\" below the heading \"\(heading)\" is no unit", at: column,
                severity: .warning,
                hint: "the two are taken for one heading, which is not known; if it is a unit, the line was damaged"))
    }

    // MARK: Rows

    /// Whether the line is a row of the table, and not text behind it: it begins with a number or "n.a.", or has many
    /// cells.
    func isRow(_ row: Row) -> Bool {
        if Int(row[0]) != nil || text.missing.contains(row[0]) { return true }
        let filled = (0..<row.count).filter { !row.isEmpty($0) }
        return filled.count > 2 && !(filled.first.map { row[$0].hasSuffix(":") } ?? false)
    }

    func fits(_ row: Row) -> Bool {
        if table?.fits(row) ?? row.fits(header) { return true }
        leftOut += 1
        return false
    }

    func result(from row: Row) throws -> ResultRecord {
        do {
            return try peak(row)
        } catch {
            leftOut += 1
            throw error
        }
    }

    private func peak(_ row: Row) throws -> ResultRecord {
        let table = self.table ?? columns.table(firstRow: row, signal: signalBelow.map { Signal(name: $0) } ?? signal, in: text)
        self.table = table
        var record = try table.result(from: row)
        rows += 1
        for column in columns.added { add(row, column) }
        let isNumbered = columns.numbered.contains { Int(row[$0]) != nil }
        if !isNumbered,
            record.measurements.first(where: { $0.standard == .retentionTime })?.quantity.value == nil
        {
            // A component of the method without a peak: no number, and "n.a." all along.
            record.makeAbsent(.notFound) { $0.quantity.absent == .notReported }
        }
        return record
    }

    // MARK: Totals

    /// `Total:` and the like in front of the sums.
    static func isTotal(_ row: Row) -> Bool { label(row).map(totals.contains) ?? false }

    /// Statistics over the rows, which are no peaks.
    static func isStatistic(_ row: Row) -> Bool { label(row).map(statistics.contains) ?? false }

    private static let totals: Set<String> = ["total", "sum", "summe", "gesamt"]
    private static let statistics: Set<String> = [
        "average", "mean", "maximum", "minimum", "standard deviation", "std dev", "std. dev.", "rel. std. dev.",
        "relative standard deviation", "rsd",
    ]

    /// The first text of a row; `nil` where it begins with a digit, as most rows do.
    private static func label(_ row: Row) -> String? {
        guard let column = (0..<row.count).first(where: { !row.isEmpty($0) }) else { return nil }
        if let byte = row.bytes(at: column).first, byte &- 48 < 10 { return nil }
        let first = row[column]
        return (first.hasSuffix(":") ? String(first.dropLast()) : first).trimmed.lowercased()
    }

    private func add(_ row: Row, _ column: Int) {
        guard case .number(let value, .exact) = NumberText.read(row[column], mark: text.survey.decimalMark) else {
            return
        }
        let sum = sums[column] ?? (0, 0)
        sums[column] = (sum.value + value, sum.tolerance + LastDigit.half(row[column]))
    }

    /// Compares the totals with the sums of their columns; one that differs, or cannot be read, is told.
    func check(total row: Row) {
        row.header = header
        defer { row.ignore(.totalRow) }
        let account = text.source.account
        guard leftOut == 0 else {
            account.doubt("the totals are not comparable: \(leftOut) \(leftOut == 1 ? "row was" : "rows were") left out")
            return
        }
        var compared: [String] = []
        var isAtOdds = false
        for (column, sum) in sums.sorted(by: { $0.key < $1.key }) {
            if row.isEmpty(column) || text.missing.contains(row[column]) { continue }
            guard case .number(let total, .exact) = NumberText.read(row[column], mark: text.survey.decimalMark) else {
                isAtOdds = true
                account.report(
                    row.fault(
                        "chromeleon.total", "the total of \"\(header.names[column])\" is \"\(row[column])\", which is no number",
                        at: column, hint: "the rows were read and not compared with it; the file is damaged: export it again"))
                account.doubt("the total of \(header.names[column]) cannot be read")
                continue
            }
            compared.append(header.names[column])
            guard abs(total - sum.value) > sum.tolerance + LastDigit.half(row[column]) + abs(total) * 1e-12 else { continue }
            isAtOdds = true
            account.report(
                row.fault(
                    "chromeleon.total",
                    "the total of \"\(header.names[column])\" is \(row[column]), the rows add up to \(sum.value)",
                    at: column, hint: "a row is missing, stands twice, or a number is garbled: export the file again"))
            account.contradict(
                "the total of \(header.names[column]) is \(row[column]), the rows add up to \(sum.value)")
        }
        isProven = !compared.isEmpty && !isAtOdds
    }
}
