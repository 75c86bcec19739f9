import IngestCore

/// How many empty cells the rows of a table have beyond its headings: some programs end each row with a separator and the
/// heading without. A row that alone has one more was made so by a decimal comma or a text without quotes, and everything
/// behind that stands a column too far to the right.
struct RowShape {
    enum Answer { case fits, isLonger(than: Int), isShorter(than: Int), unlike(line: Int) }

    /// The header it is about.
    private(set) var header = Header([])
    /// How many cells more than headings the rows have; `nil` before the first.
    private(set) var surplus: Int?
    /// The same of the table above, for a program has one habit.
    private var habit: Int?
    private var firstLine = 0
    private var isAlone = true

    /// Takes the next row. The first one settles what is usual; if the second has as many cells as the header, the first is
    /// the odd one.
    mutating func take(_ surplus: Int, below header: Header, line: Int) -> Answer {
        if !self.header.isNamed(as: header) { self = RowShape(header, habit: self.surplus ?? habit) }
        guard let usual = self.surplus else {
            if let habit, surplus > habit { return .isLonger(than: habit) }
            (self.surplus, firstLine) = (surplus, line)
            return .fits
        }
        if surplus > usual { return .isLonger(than: usual) }
        if surplus < usual {
            guard isAlone, surplus == 0 else { return .isShorter(than: usual) }
            self.surplus = 0
            return .unlike(line: firstLine)
        }
        isAlone = false
        return .fits
    }

    init() {}
    private init(_ header: Header, habit: Int?) { (self.header, self.habit) = (header, habit) }
}

extension Row {
    /// Whether the row fits the header: as many cells, or more that are empty if all its rows have them, as some programs
    /// end each row with a separator. A row that does not fit is left out, and reported; the file then contradicts itself
    /// when the row is too short.
    public func fits(_ header: Header) -> Bool {
        fitsPlainly(header) || fitsClosely(header)
    }

    /// Whether the row fits the header, and so did all rows of the table, and no cell is damaged: nothing about its shape
    /// asks for a closer look.
    @inline(__always)
    public func fitsPlainly(_ header: Header) -> Bool {
        shape.surplus == 0 && count == header.count && !scanner.hasBrokenCell && shape.header.isNamed(as: header)
    }

    /// False for a row that is surely not the header again: its first cell is another text.
    @inline(__always)
    public func mayRepeat(_ header: Header) -> Bool {
        guard let byte = count > 0 ? bytes(at: 0).first : nil else { return false }
        // Blanks in front are trimmed.
        return byte == header.first.first && bytes(at: 0).count >= header.first.count || byte <= 32 || byte >= 0x80
    }

    @inline(never)
    private func fitsClosely(_ header: Header) -> Bool {
        var filled = count
        while filled > header.count, isEmpty(filled - 1) { filled -= 1 }
        if filled > header.count {
            leaveOutLong("this row has \(filled) cells, the header has \(header.count)", at: header.count)
            return false
        }
        guard count >= header.count else {
            leaveOutShort("this row has \(count) cells, the header has \(header.count)")
            context.account.contradict("line \(line) has \(count) of \(header.count) cells")
            return false
        }
        switch shape.take(count - header.count, below: header, line: line) {
        case .fits: break
        case .isLonger(let usual):
            leaveOutLong("this row has \(count) cells, \(header.count + usual) are usual here", at: count - 1)
            return false
        case .isShorter(let usual):
            leaveOutShort("this row has \(count) cells, \(header.count + usual) are usual here")
            context.account.contradict("line \(line) has \(count) of \(header.count + usual) cells")
            return false
        case .unlike(let line):
            context.account.report(
                Diagnostic(
                    "table.uneven-rows", "this row has more cells than the header and the row below it",
                    at: context.location(line: line, column: 1),
                    hint: "it was read, but its values may stand a column too far to the right; the file is not trusted: "
                        + "perhaps a text with a separator lacks its quotes"))
            context.account.contradict("line \(line) has more cells than the header and the rows below it")
        }
        return !isBroken
    }

    private func leaveOutLong(_ message: String, at column: Int) {
        leaveOut(
            fault(
                "table.long-row", message, at: column,
                hint: "this row was left out, the others were read; perhaps a text with a separator lacks its quotes"))
    }

    private func leaveOutShort(_ message: String) {
        leaveOut(
            fault(
                "table.short-row", message, at: max(0, count - 1),
                hint: "this row was left out, the others were read; if the file was cut, export it again"))
    }

    private var isBroken: Bool {
        guard scanner.hasBrokenCell, let column = (0..<count).first(where: { scanner.marks($0).contains(.broken) }) else {
            return false
        }
        leaveOut(
            fault(
                "table.text-after-quote", "text stands behind the closing quote of this cell", at: column,
                hint: "this row was left out, the others were read; a quote inside a quoted cell is written twice"))
        return true
    }
}
