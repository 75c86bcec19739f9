public import IngestCore
import Synchronization

/// One row of delimited text. Good until the next row is read.
///
/// Whatever is taken from a cell also says what became of it: ``quantity(_:_:)`` counts it as measured, ``string(_:)``
/// and ``timestamp(_:)`` as a description, ``unread`` as an extra. When a result is left out, so are its cells.
public final class Row {
    /// What became of a cell.
    public enum Fate: UInt8, Sendable { case open, measured, described, extra, ignored, leftOut, deferred }

    private let scanner: DelimitedScanner
    /// The text it is a row of; `nil` when that has been read to its end.
    public internal(set) weak var text: DelimitedText?
    private var fates: UnsafeMutablePointer<UInt8>
    private var capacity = 256
    /// The headings by which cells are named; set by the adapter when it has found them.
    public var header: Header?
    private var group: Range<Int> = 0..<0
    private var leftOutBefore = 0
    private var isSettled = true
    private var toldOfLastLine = false

    init(_ scanner: DelimitedScanner) {
        self.scanner = scanner
        fates = .allocate(capacity: capacity)
    }

    deinit { fates.deallocate() }

    // MARK: Shape

    /// The number of cells.
    public private(set) var count = 0
    /// From 1.
    public var line: Int { scanner.line }
    /// No cell has text.
    public var isBlank: Bool { (0..<count).allSatisfy(isEmpty) }
    /// The last line of the file, and it does not end; see ``Flag``.
    public var isOpenEnded: Bool { text?.isLastLineOpen ?? false }

    /// True for a cell without text, and for one beyond the end of the row.
    public func isEmpty(_ column: Int) -> Bool {
        column >= count || NumberText.trimmed(scanner.bytes(column)).isEmpty
    }

    /// The text of a cell as it stands, quotes undone; empty beyond the end. Looking at it takes nothing.
    public func text(at column: Int) -> String {
        guard column < count else { return "" }
        if scanner.marks(column).contains(.escaped) {
            return String(decoding: scanner.bytes(column), as: UTF8.self).replacing("\"\"", with: "\"")
        }
        return String(decoding: scanner.bytes(column), as: UTF8.self)
    }

    /// Looks at a cell's text without blanks at the ends.
    public subscript(column: Int) -> String { text(at: column).trimmed }

    /// The bytes of a cell, for readers in a hurry; doubled quotes are still double.
    @inline(__always)
    public func bytes(at column: Int) -> UnsafeBufferPointer<UInt8> { scanner.bytes(column) }

    /// All cells as text.
    public var cells: [String] { (0..<count).map { text(at: $0) } }

    // MARK: Taking

    /// The text of a cell as a description (sample, position, heading …), without blanks at the ends; `nil` when empty
    /// or one of the texts that mean "no value".
    public func string(_ column: Int) -> String? {
        mark(column, .described)
        let text = self[column]
        return text.isEmpty || self.text?.missing.contains(text) == true ? nil : text
    }

    /// A number, or why there is none.
    /// - Throws: A ``Diagnostic`` at the cell when it is neither.
    @inline(__always)
    public func quantity(_ column: Int, _ unit: ColumnUnit = .none) throws -> Quantity {
        guard column < count, let text else { return Quantity(written: "", absent: .empty, unit: unit.unit) }
        do {
            let quantity = try text.quantity(scanner.bytes(column), unit)
            fates[column] = Fate.measured.rawValue
            return quantity
        } catch {
            throw numberFault(column, error.fault)
        }
    }

    @inline(never)
    private func numberFault(_ column: Int, _ fault: NumberText.Fault) -> Diagnostic {
        let parts = text!.describe(fault, self[column], field(column))
        return self.fault(parts.code, parts.message, at: column, hint: parts.hint)
    }

    /// A coordinate of a trace: a number, and nothing else.
    @inline(__always)
    public func number(_ column: Int) throws -> Double {
        guard column < count, let text else {
            throw fault("table.no-value", "a number is missing here", at: column, hint: "this point was left out")
        }
        switch NumberText.read(scanner.bytes(column), mark: text.survey.decimalMark) {
        case .number(let value, .exact):
            fates[column] = Fate.measured.rawValue
            return value
        case .number: throw numberFault(column, .notANumber)
        case .fault(let fault): throw numberFault(column, fault)
        }
    }

    /// A whole number that describes (an ordinal, a line number); `nil` when empty.
    public func integer(_ column: Int) throws -> Int? {
        guard let written = string(column) else { return nil }
        guard let value = Int(written) else {
            throw fault("table.not-a-whole-number", "\"\(written)\" is not a whole number", at: column)
        }
        return value
    }

    /// A time; `nil` when the cell is empty. With `joinedTo`, the text of that cell follows behind a blank.
    public func timestamp(_ column: Int, joinedTo second: Int? = nil) throws -> Timestamp? {
        guard let written = string(column) else { return nil }
        let whole = second.flatMap { string($0) }.map { written + " " + $0 } ?? written
        guard let time = Timestamp(whole, order: text?.survey.dateOrder, zone: text?.source.given.timeZone) else {
            throw fault(
                "table.not-a-time", "\"\(whole)\" is not a date and time", at: column,
                hint: text?.survey.dateOrder.map {
                    "the other dates of the file are read as \($0.rawValue); this row was left out"
                } ?? "this row was left out, the others were read")
        }
        return time
    }

    /// Every cell that has text and was not taken, under its heading; now taken.
    public var unread: Extras {
        var extras = Extras()
        addUnread(to: &extras)
        return extras
    }

    /// As ``unread``, added to extras that are there already.
    public func addUnread(to extras: inout Extras) {
        for column in group where fates[column] == Fate.open.rawValue && !isEmpty(column) {
            fates[column] = Fate.extra.rawValue
            extras.append(distinct: heading(column), text(at: column))
        }
    }

    // MARK: Taking by heading

    /// The text under a heading.
    /// - Throws: A ``Diagnostic`` when the cell is empty; a ``FileFault`` when there is no such column.
    public func text(_ heading: String) throws -> String {
        let column = try column(heading)
        guard let text = string(column) else {
            throw fault("table.empty-cell", "there is nothing in column \"\(heading)\"", at: column)
        }
        return text
    }

    /// The number under a heading. The unit is the heading's if it has one, else `unit`, as the format's own.
    public func quantity(_ heading: String, _ unit: Unit? = nil) throws -> Quantity {
        let column = try column(heading)
        let stated = header?.units[column] ?? .none
        return try quantity(column, stated.unit == nil && unit != nil ? ColumnUnit(ofFormat: unit!) : stated)
    }

    public func timestamp(_ heading: String) throws -> Timestamp? { try timestamp(column(heading)) }

    private func column(_ heading: String) throws -> Int {
        guard let column = header?.column(heading) else {
            throw FileFault(
                Diagnostic(
                    "table.no-such-column", "the table has no column \"\(heading)\"", at: location,
                    hint: "it has: \(header?.names.joined(separator: ", ") ?? "no header")"))
        }
        return column
    }

    // MARK: Whole rows

    /// Takes all cells that are not taken yet as a description: headings, section titles.
    public func describe() { markAll(.described) }

    /// Ignores all cells that are not taken yet, by a rule.
    public func ignore(_ rule: IgnoreRule) { markAll(.ignored) }

    /// Leaves out the row with a reason.
    public func leaveOut(_ diagnostic: Diagnostic) {
        for column in 0..<count { fates[column] = Fate.leftOut.rawValue }
        text?.source.account.resultsLeftOut.add(1, ordering: .relaxed)
        text?.source.account.report(diagnostic)
        leftOutBefore += 1
    }

    /// Whether the row fits the header: as many cells, or more that are empty. A row that does not is left out, and
    /// reported; the file then contradicts itself when the row is too short.
    public func fits(_ header: Header) -> Bool {
        if count == header.count { return !isBroken }
        var filled = count
        while filled > header.count, isEmpty(filled - 1) { filled -= 1 }
        if filled >= header.count, filled <= header.count { return !isBroken }
        if count < header.count {
            leaveOut(
                fault(
                    "table.short-row", "this row has \(count) cells, the header has \(header.count)", at: max(0, count - 1),
                    hint: "this row was left out, the others were read; if the file was cut, export it again"))
            text?.source.account.contradict("line \(line) has \(count) of \(header.count) cells")
        } else {
            leaveOut(
                fault(
                    "table.long-row", "this row has \(filled) cells, the header has \(header.count)", at: header.count,
                    hint: "this row was left out, the others were read; perhaps a text with a separator lacks its quotes"))
        }
        return false
    }

    private var isBroken: Bool {
        guard let column = (0..<count).first(where: { scanner.marks($0).contains(.broken) }) else { return false }
        leaveOut(
            fault(
                "table.text-after-quote", "text stands behind the closing quote of this cell", at: column,
                hint: "this row was left out, the others were read; a quote inside a quoted cell is written twice"))
        return true
    }

    /// Narrows the row to a group of columns: what is left out, and what is unread, from now on is of this group.
    public func select(_ columns: Range<Int>) {
        settleGroup()
        group = columns.clamped(to: 0..<count)
    }

    /// Takes a cell as a description without reading it.
    @inline(__always)
    public func describe(_ column: Int) { mark(column, .described) }

    /// Takes a cell as an extra: its text, `nil` when it has none.
    public func extra(_ column: Int) -> String? {
        guard !isEmpty(column) else { return nil }
        mark(column, .extra)
        return text(at: column)
    }

    @inline(__always)
    func mark(_ column: Int, _ fate: Fate) { if column < count { fates[column] = fate.rawValue } }

    private func markAll(_ fate: Fate) {
        for column in group where fates[column] == Fate.open.rawValue { fates[column] = fate.rawValue }
    }

    // MARK: Places

    public var location: SourceLocation {
        text?.source.location(line: line, column: 1) ?? SourceLocation(file: "", line: line, column: 1)
    }

    /// The place of a cell, at its quote if it has one; behind the end of the row for one it does not have.
    public func location(of column: Int) -> SourceLocation {
        let offset = column < count ? scanner.offset(column) : scanner.length
        let before = UnsafeBufferPointer(rebasing: scanner.record[..<offset])
        let place = TextPlace.lineAndColumn(after: before, line: line)
        return text?.source.location(line: place.line, column: place.column, field: field(column)) ?? location
    }

    private func heading(_ column: Int) -> String {
        guard let header, column < header.count else { return "column \(column + 1)" }
        return header.distinct[column]
    }

    func field(_ column: Int) -> String? {
        guard let header, column < header.count, !header.names[column].isEmpty else { return nil }
        return header.names[column]
    }

    /// A fault at a cell, with the line it stands in.
    public func fault(
        _ code: String, _ message: String, at column: Int, severity: Diagnostic.Severity = .error, hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(severity, code, message, at: location(of: column), hint: hint, excerpt: excerpt(column))
    }

    private func excerpt(_ column: Int) -> Diagnostic.Excerpt {
        let offset = column < count ? scanner.offset(column) : scanner.length
        let length = column < count ? scanner.bytes(column).count + (scanner.marks(column).contains(.quoted) ? 2 : 0) : 1
        let record = scanner.record
        let from = max(0, offset - 60), to = min(record.count, offset + min(length, 60) + 40)
        func text(_ range: Range<Int>) -> String {
            String(decoding: record[range], as: UTF8.self).replacing("\t", with: " ").replacing("\n", with: " ")
                .replacing("\r", with: " ")
        }
        let before = (from > 0 ? "…" : "") + text(from..<offset)
        let inside = text(offset..<min(record.count, offset + min(length, 60)))
        let after = text(min(record.count, offset + min(length, 60))..<to) + (to < record.count ? "…" : "")
        return Diagnostic.Excerpt(text: before + inside + after, start: before.count, length: max(1, inside.count))
    }

    // MARK: The account

    func begin() {
        count = scanner.count
        if count > capacity {
            fates.deallocate()
            capacity = count * 2
            fates = .allocate(capacity: capacity)
        }
        fates.update(repeating: Fate.open.rawValue, count: count)
        group = 0..<count
        leftOutBefore = text?.source.account.resultsLeftOut.load(ordering: .relaxed) ?? 0
        isSettled = false
    }

    /// If a result was left out since the group was selected, its cells are too.
    private func settleGroup() {
        guard let account = text?.source.account else { return }
        let leftOut = account.resultsLeftOut.load(ordering: .relaxed)
        if leftOut != leftOutBefore {
            for column in group where fates[column] != Fate.deferred.rawValue { fates[column] = Fate.leftOut.rawValue }
            leftOutBefore = leftOut
        }
    }

    func settle() {
        guard !isSettled, let text else { return }
        isSettled = true
        settleGroup()
        var coverage = Coverage()
        for column in 0..<count {
            let bytes = scanner.bytes(column)
            // A first character above a blank is the common case of a cell with text.
            if bytes.isEmpty || (bytes[0] <= 32 || bytes[0] == 0xC2) && NumberText.trimmed(bytes).isEmpty { continue }
            coverage.values += 1
            switch fates[column] {
            case Fate.measured.rawValue: coverage.measured += 1
            case Fate.described.rawValue: coverage.described += 1
            case Fate.extra.rawValue: coverage.extras += 1
            case Fate.ignored.rawValue: coverage.ignored += 1
            case Fate.leftOut.rawValue: coverage.leftOut += 1
            // The fields it went to count it.
            case Fate.deferred.rawValue: coverage.values -= 1
            default:
                coverage.leftOut += 1
                text.source.account.report(
                    fault(
                        "adapter.unread-cell", "the adapter read past this cell: \"\(self[column])\"", at: column,
                        hint: "this is a fault of the adapter, not of the file; please report it"))
            }
        }
        text.coverage += coverage
        if coverage.measured > 0, !toldOfLastLine, text.isLastLineOpen {
            toldOfLastLine = true
            text.source.account.report(
                fault(
                    "text.last-line-open", "the last line has no line end", at: count - 1, severity: .warning,
                    hint: "if the file was cut here, the last cell is not whole: compare it with the instrument"))
        }
    }
}
