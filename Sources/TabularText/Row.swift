public import IngestCore
import Synchronization

/// One row of delimited text. Good until the next row is read.
///
/// Whatever is taken from a cell also says what became of it: ``quantity(_:_:)`` counts it as measured, ``string(_:)``
/// and ``timestamp(_:)`` as a description, ``unread`` as an extra. When a result is left out, so are its cells.
public final class Row {
    /// What became of a cell.
    public enum Fate: UInt8, Sendable { case open, measured, described, extra, ignored, leftOut, deferred }

    let scanner: DelimitedScanner
    let context: TextContext
    /// The file it is a row of.
    public var source: SourceFile { context.source }
    @exclusivity(unchecked) var fates: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) var capacity = 256
    /// The headings by which cells are named; set by the adapter when it has found them.
    public var header: Header? {
        didSet { if let header, !header.isSame(as: noted) { note(header) } }
    }
    /// The one that the account knows of already.
    private var noted: Header?
    @exclusivity(unchecked) var group: Range<Int> = 0..<0
    @exclusivity(unchecked) var leftOutBefore = 0
    @exclusivity(unchecked) var isSettled = true
    var toldOfLastLine = false
    /// How many cells the rows below a header have beyond its headings; see ``fits(_:)``.
    @exclusivity(unchecked) var shape = RowShape()
    /// The place asked for last: of a long row cell after cell is placed, and none counts from its beginning again.
    var placed = (offset: 0, line: 0, column: 1)

    /// What ``kept()`` made of this row.
    var lastKept: KeptRow?

    init(_ scanner: DelimitedScanner, _ context: TextContext) {
        self.scanner = scanner
        self.context = context
        fates = .allocate(capacity: capacity)
    }

    deinit { fates.deallocate() }

    /// Tells the account the headings, once for each header that is set.
    @inline(never)
    private func note(_ header: Header) {
        noted = header
        context.account.note(header.layout(of: self)) { HeadingPlaces.find(header, above: self) }
    }

    // MARK: Shape

    /// The number of cells.
    @exclusivity(unchecked) public internal(set) var count = 0
    /// From 1.
    public var line: Int { scanner.line }
    /// No cell has text.
    public var isBlank: Bool { (0..<count).allSatisfy(isEmpty) }
    /// The last line of the file, and it does not end; see ``Flag``.
    public var isOpenEnded: Bool { scanner.isOpen && scanner.sawLineEnd }

    /// The last line of the file, and it does not end, even where it is the only one: for formats that end every line.
    public var isUnended: Bool { scanner.isOpen }

    /// True for a cell without text, and for one beyond the end of the row.
    public func isEmpty(_ column: Int) -> Bool {
        column >= count || !scanner.cells.hasText(column)
    }

    /// The text of a cell as it stands, quotes undone; empty beyond the end. Looking at it takes nothing.
    public func text(at column: Int) -> String {
        guard column < count else { return "" }
        if isEscaped(column) {
            // By bytes: an accent behind a quote is one character with it.
            var text: [UInt8] = []
            var isDoubled = false
            for byte in scanner.bytes(column) {
                isDoubled = byte == context.quote && !isDoubled
                if !isDoubled { text.append(byte) }
            }
            return String(decoding: text, as: UTF8.self)
        }
        return String(decoding: scanner.bytes(column), as: UTF8.self)
    }

    /// The bytes of the cell have doubled quotes in them.
    @inline(__always)
    func isEscaped(_ column: Int) -> Bool { scanner.marks(column).contains(.escaped) }

    /// Looks at a cell's text without blanks at the ends.
    public subscript(column: Int) -> String { text(at: column).trimmed }

    /// The bytes of a cell, for readers in a hurry; doubled quotes are still double.
    @inline(__always)
    public func bytes(at column: Int) -> UnsafeBufferPointer<UInt8> { scanner.bytes(column) }

    /// All cells as text.
    public var cells: [String] { (0..<count).map { text(at: $0) } }

    // MARK: Taking

    /// The text of a cell as a description (sample, position, heading …), without blanks at the ends; `nil` when empty
    /// or one of the texts that mean "no value". One of those that is a word may be a name, and is kept: `NA` is
    /// noradrenaline too, unless the user says that it means nothing.
    public func string(_ column: Int) -> String? {
        guard column < count else { return nil }
        fates[column] = Fate.described.rawValue
        let cells = scanner.cells
        if cells.isEscaped(column) {
            let text = self[column]
            return text.isEmpty || context.missing.contains(text) && !context.isName(text) ? nil : text
        }
        let bytes = cells.trimmed(column)
        if bytes.isEmpty { return nil }
        if context.isMissing(bytes), !context.isName(String(decoding: bytes, as: UTF8.self)) { return nil }
        return context.pool.text(bytes)
    }

    /// As ``string(_:)``, of a cell that is no name (a unit, a count, a time): every text that means "no value" is none.
    public func entry(_ column: Int) -> String? {
        guard let text = string(column), !context.missing.contains(text) else { return nil }
        return text
    }

    /// A number, or why there is none.
    /// - Throws: A ``Diagnostic`` at the cell when it is neither.
    @inline(__always)
    public func quantity(_ column: Int, _ unit: StatedUnit = .none) throws -> Quantity {
        guard column < count else { return Quantity(written: "", absent: .empty, unit: unit.unit) }
        do {
            let quantity = try context.quantity(scanner.bytes(column), unit)
            fates[column] = Fate.measured.rawValue
            return quantity
        } catch {
            throw numberFault(column, error.fault)
        }
    }

    /// The error for a cell that is no number; a ``FileFault`` where the cell shows that no number of the file is safe.
    @inline(never)
    private func numberFault(_ column: Int, _ fault: NumberText.Fault) -> any Error {
        if fault == .otherMark, let example = context.thousands(scanner.bytes(column)) {
            return FileFault(
                self.fault(
                    "table.open-decimal-mark",
                    "\"\(self[column])\" groups thousands with the mark that \"\(example)\" has, and no number shows that it is decimal",
                    at: column,
                    hint: "nothing of the file was used; say which mark is decimal with --decimal-mark , or --decimal-mark ., "
                        + "or export without groups of thousands"))
        }
        let parts = context.describe(fault, self[column], field(column))
        return self.fault(parts.code, parts.message, at: column, hint: parts.hint)
    }

    /// A coordinate of a trace: a number, and nothing else.
    @inline(__always)
    public func number(_ column: Int) throws -> Double {
        guard column < count else {
            throw fault("table.no-value", "a number is missing here", at: column, hint: "this point was left out")
        }
        let cells = scanner.cells
        if let mark = context.plainMark, let value = NumberText.padded(cells.start(column), cells.length(column), mark) {
            fates[column] = Fate.measured.rawValue
            return value
        }
        return try unusualNumber(column)
    }

    /// A number that has to be looked at closely, or is none.
    @inline(never)
    private func unusualNumber(_ column: Int) throws -> Double {
        switch NumberText.read(scanner.bytes(column), mark: context.mark) {
        case .number(let value, .exact) where !context.isMissingNumber(scanner.bytes(column)):
            fates[column] = Fate.measured.rawValue
            return value
        case .number: throw numberFault(column, .notANumber)
        case .fault(let fault): throw numberFault(column, fault)
        }
    }

    /// A whole number that describes (an ordinal, a line number); `nil` when empty.
    public func integer(_ column: Int) throws -> Int? {
        if column < count {
            let bytes = scanner.bytes(column)
            if !bytes.isEmpty, bytes.count <= 9, bytes.allSatisfy({ $0 &- 48 < 10 }) {
                mark(column, .described)
                return bytes.reduce(0) { $0 &* 10 &+ Int($1 &- 48) }
            }
        }
        guard let written = entry(column) else { return nil }
        // Nothing is counted further; beyond, sums of counts would not be safe.
        guard let value = Int(written), value.magnitude < 1_000_000_000_000_000 else {
            throw fault(
                "table.not-a-whole-number", "\"\(written)\" is not a whole number, in column \"\(heading(column))\"",
                at: column, hint: "this row was left out, the others were read; correct the file at its source")
        }
        return value
    }

    /// A time; `nil` when the cell is empty. With `joinedTo`, the text of that cell follows behind a blank.
    public func timestamp(_ column: Int, joinedTo second: Int? = nil) throws -> Timestamp? {
        guard let written = entry(column) else { return nil }
        let whole = second.flatMap { entry($0) }.map { written + " " + $0 } ?? written
        guard let time = context.timestamp(whole) else {
            throw fault(
                "table.not-a-time", "\"\(whole)\" is not a date and time", at: column,
                hint: context.order.map {
                    "the other dates of the file are read as \($0.rawValue); this row was left out"
                } ?? "this row was left out, the others were read")
        }
        return time
    }

    /// A time in a text of this row that is a part of a cell, with the order of day and month of the file; `nil` when it is
    /// none.
    public func time(_ written: String) -> Timestamp? { context.timestamp(written) }

    /// Every cell that has text and was not taken, under its heading; now taken.
    public var unread: Extras {
        var extras = Extras()
        addUnread(to: &extras)
        return extras
    }

    /// As ``unread``, added to extras that are there already.
    public func addUnread(to extras: inout Extras) {
        let isAlone = extras.isEmpty
        for column in group where fates[column] == Fate.open.rawValue && !isEmpty(column) {
            fates[column] = Fate.extra.rawValue
            if isAlone {
                extras.append(distinct: heading(column), text(at: column))
            } else {
                extras.add(heading(column), text(at: column))
            }
        }
    }

    /// Reads the number of a cell into a quantity of the same column: ``quantity(_:_:)`` for readers in a hurry.
    @inline(__always)
    public func read(_ column: Int, into quantity: inout Quantity) throws {
        guard column < count else {
            quantity.take(UnsafeBufferPointer(start: nil, count: 0), absent: .empty)
            return
        }
        let bytes = scanner.bytes(column)
        switch NumberText.read(bytes, mark: context.mark) {
        case .number(let value, let bound):
            if context.isMissingNumber(bytes) {
                quantity.take(bytes, absent: .notReported)
            } else {
                quantity.take(bytes, value, bound)
            }
        case .fault(let fault):
            guard let absence = context.absence(bytes) else { throw numberFault(column, fault) }
            quantity.take(bytes, absent: absence)
        }
        fates[column] = Fate.measured.rawValue
    }

    /// A number that is the same for the same text of the whole row, and hardly ever for another.
    public var fingerprint: UInt64 { fingerprint(scanner.record) }

    /// As ``fingerprint``, of the text of one cell.
    public func fingerprint(of column: Int) -> UInt64 { column < count ? fingerprint(scanner.bytes(column)) : 0 }

    private func fingerprint(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return 0 }
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        var index = 0
        while index &+ 8 <= bytes.count {
            hash = (hash ^ (base + index).loadUnaligned(as: UInt64.self)) &* 0xD6E8_FEB8_6659_FD93
            hash ^= hash >> 32
            index &+= 8
        }
        while index < bytes.count {
            hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3
            index &+= 1
        }
        return hash
    }

    // MARK: Whole rows

    /// Takes all cells that are not taken yet as a description: headings, section titles.
    public func describe() { markAll(.described) }

    /// Ignores all cells that are not taken yet, by a rule.
    public func ignore(_ rule: IgnoreRule) { markAll(.ignored) }

    /// Ignores a cell by a rule, whatever was made of it.
    public func ignore(_ column: Int, _ rule: IgnoreRule) { mark(column, .ignored) }

    /// Leaves out the row with a reason.
    public func leaveOut(_ diagnostic: Diagnostic) {
        for column in 0..<count { fates[column] = Fate.leftOut.rawValue }
        context.account.resultsLeftOut.add(1, ordering: .relaxed)
        context.account.report(diagnostic)
        leftOutBefore += 1
    }

    /// Leaves out the row for what was told of a row above: a thousand lines may have one fault.
    public func leaveOutToo() {
        for column in 0..<count { fates[column] = Fate.leftOut.rawValue }
        context.account.resultsLeftOut.add(1, ordering: .relaxed)
        leftOutBefore += 1
    }

    /// Whether the row is the header again, to the letter.
    public func repeats(_ header: Header) -> Bool {
        guard count == header.count, count > 0, scanner.bytes(0).count >= header.first.count,
            NumberText.trimmed(scanner.bytes(0)).elementsEqual(header.first)
        else { return false }
        return (0..<count).allSatisfy { self[$0] == header.names[$0] }
    }

    /// Narrows the row to a group of columns: what is left out, and what is unread, from now on is of this group.
    public func select(_ columns: Range<Int>) {
        settleGroup()
        group = columns.clamped(to: 0..<count)
        markOpenLine()
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

    /// As ``mark(_:_:)``, of a column known to be there.
    @inline(__always)
    func mark(known column: Int, _ fate: Fate) { fates[column] = fate.rawValue }

    @inline(__always)
    func mark(_ column: Int, _ fate: Fate) { if column < count { fates[column] = fate.rawValue } }

    private func markAll(_ fate: Fate) {
        for column in group where fates[column] == Fate.open.rawValue { fates[column] = fate.rawValue }
    }
}
