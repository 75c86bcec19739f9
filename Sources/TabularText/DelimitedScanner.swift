import CByteScan
import IngestCore

/// Cuts delimited text into records and cells: RFC 4180, and what real exports do beyond it.
///
/// A record ends at CR, LF or CRLF outside quotes. A cell is quoted when its first character is a quote; a quote
/// further on is an ordinary character. Cells are offsets into the window; nothing is copied or decoded here.
///
/// Advice to whoever changes this: every position is relative to the first byte of the record, and a refill slides
/// that byte to the front of the window, so positions stay true. `mask` holds the structural bytes of the 64 bytes
/// from `maskStart` that have not been looked at yet.
package final class DelimitedScanner {
    /// The longest record, in bytes. A longer one is a binary file or a quote that never closes.
    static let longestRecord = 8 << 20
    /// The most cells in one record.
    static let mostCells = 1 << 16

    private let text: TextStream
    let separator: UInt8
    private let quoting: Bool
    let quote: UInt8

    @exclusivity(unchecked) private var rowStart = 0
    @exclusivity(unchecked) private var consumed = 0
    @exclusivity(unchecked) private var maskStart = 0
    @exclusivity(unchecked) private var mask: UInt64 = 0
    @exclusivity(unchecked) private var started = false
    @exclusivity(unchecked) private var nextLine = 1

    @exclusivity(unchecked) private var starts: UnsafeMutablePointer<Int32>
    @exclusivity(unchecked) private var ends: UnsafeMutablePointer<Int32>
    @exclusivity(unchecked) private var marks: UnsafeMutablePointer<CellMarks>
    /// 1 for a cell with some character that is no blank, 0 for one without.
    @exclusivity(unchecked) private var filled: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var cellCapacity = 256

    /// The number of cells of the current record; an empty line has one empty cell.
    @exclusivity(unchecked) package private(set) var count = 0
    /// The line the record begins on, from 1.
    @exclusivity(unchecked) private(set) var line = 1
    /// The length of the record without its line end, in bytes.
    @exclusivity(unchecked) private(set) var length = 0
    /// The record reaches the end of the file without a line end.
    @exclusivity(unchecked) private(set) var isOpen = false
    @exclusivity(unchecked) private(set) var sawLineEnd = false
    /// Text stands behind the closing quote of some cell.
    @exclusivity(unchecked) private(set) var hasBrokenCell = false

    package init(_ text: TextStream, _ dialect: Dialect) {
        self.text = text
        separator = dialect.separator
        quoting = dialect.quoting
        quote = dialect.quote
        starts = .allocate(capacity: cellCapacity)
        ends = .allocate(capacity: cellCapacity)
        marks = .allocate(capacity: cellCapacity)
        filled = .allocate(capacity: cellCapacity)
    }

    deinit {
        starts.deallocate()
        ends.deallocate()
        marks.deallocate()
        filled.deallocate()
    }

    /// The text of the record, without its line end.
    var record: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: text.base + rowStart, count: length) }

    /// The text of a cell without its quotes; doubled quotes are still double.
    @inline(__always)
    package func bytes(_ cell: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text.base + (rowStart &+ Int(starts[cell])), count: Int(ends[cell] &- starts[cell]))
    }

    @inline(__always)
    func marks(_ cell: Int) -> CellMarks { marks[cell] }

    @inline(__always)
    var cells: Cells { Cells(base: text.base + rowStart, starts: starts, ends: ends, marks: marks, filled: filled) }

    /// The offset of the cell in its record, at its quote if it has one.
    func offset(_ cell: Int) -> Int { Int(starts[cell]) - (marks[cell].contains(.quoted) ? 1 : 0) }

    /// Moves on to the next record; false at the end.
    /// - Throws: A ``Diagnostic`` for a record that is too long, or a quote that never closes.
    package func next() throws -> Bool {
        rowStart += consumed
        maskStart -= consumed
        consumed = 0
        count = 0
        if !started {
            started = true
            guard try refill() else { return false }
        } else if rowStart >= text.end {
            guard try refill() else { return false }
        }
        line = nextLine
        isOpen = false
        hasBrokenCell = false
        guard var cellStart = plainCells() else { return true }
        while true {
            guard let position = try nextStructural() else {
                try endCell(cellStart, text.end - rowStart, [])
                try endRecordOpen()
                return true
            }
            let byte = text.base[rowStart &+ position]
            if byte == separator {
                try endCell(cellStart, position, [])
                cellStart = position &+ 1
            } else if byte == quote {
                guard quoting, position == cellStart else { continue }
                guard let after = try quoted(from: position) else { return true }
                cellStart = after
            } else {
                try endCell(cellStart, position, [])
                try endRecord(at: position)
                return true
            }
        }
    }

    /// Takes the cells that end at a separator or a line end, as most do, up to the end of the record, which is `nil`, or
    /// the first quote or the end of the window: where the cell behind them begins. All it needs is at hand, and nothing is
    /// written back in between.
    @inline(__always)
    private func plainCells() -> Int? {
        let base = UnsafePointer(text.base + rowStart), left = text.end &- rowStart
        let starts = starts, ends = ends, marks = marks, filled = filled, capacity = cellCapacity
        let separator = separator, quote = quote
        var mask = mask, maskStart = maskStart
        var count = 0, cellStart = 0
        while count < capacity {
            while mask == 0, maskStart &+ 128 <= left {
                maskStart &+= 64
                mask = ingest_structure64(base + maskStart, separator, quote)
            }
            guard mask != 0 else { break }
            let position = maskStart &+ mask.trailingZeroBitCount
            let byte = base[position]
            var end = 0
            if byte != separator {
                end = DelimitedScanner.lineEnd(byte, base + position, left &- position, 63 &- (position &- maskStart))
                if end == 0 || position > DelimitedScanner.longestRecord { break }
                // The line feed of a pair has a bit too.
                if end == 2 { mask &= mask &- 1 }
            }
            mask &= mask &- 1
            starts[count] = Int32(truncatingIfNeeded: cellStart)
            ends[count] = Int32(truncatingIfNeeded: position)
            marks[count] = []
            filled[count] = DelimitedScanner.hasText(base + cellStart, position &- cellStart)
            count &+= 1
            cellStart = position &+ 1
            if end > 0 {
                (self.mask, self.maskStart, self.count) = (mask, maskStart, count)
                (length, consumed, sawLineEnd) = (position, position &+ end, true)
                nextLine &+= 1
                return nil
            }
        }
        (self.mask, self.maskStart, self.count) = (mask, maskStart, count)
        return cellStart
    }

    /// How many bytes a line end has, 0 for none or one that may go on beyond the `left` bytes of the window or the `bits`
    /// of the mask behind it.
    @inline(__always)
    private static func lineEnd(_ byte: UInt8, _ at: UnsafePointer<UInt8>, _ left: Int, _ bits: Int) -> Int {
        if byte == UInt8(ascii: "\n") { return 1 }
        guard byte == UInt8(ascii: "\r"), left > 1, bits > 0 else { return 0 }
        return at[1] == UInt8(ascii: "\n") ? 2 : 1
    }

    /// Reads the quoted cell whose quote is at `open`; where the next cell begins, or `nil` when the record ended.
    private func quoted(from open: Int) throws -> Int? {
        var marks: CellMarks = .quoted
        var afterReturn = -2
        var close = -1
        while close < 0 {
            guard let position = try nextStructural() else {
                throw fault("table.unclosed-quote", "a quote opens here and never closes", at: open)
            }
            switch text.base[rowStart + position] {
            case UInt8(ascii: "\r"):
                nextLine += 1
                afterReturn = position
            case UInt8(ascii: "\n"):
                if afterReturn != position - 1 { nextLine += 1 }
            case quote:
                if try byte(at: position + 1) == quote {
                    marks.insert(.escaped)
                    skip(position + 1)
                } else {
                    close = position
                }
            default: continue
            }
        }
        // Up to the separator or the line end only blanks may follow.
        while true {
            guard let stop = try nextStructural() else {
                try endQuoted(open, close, text.end - rowStart, marks)
                try endRecordOpen()
                return nil
            }
            let byte = text.base[rowStart + stop]
            if byte == quote {
                marks.insert(.broken)
                continue
            }
            try endQuoted(open, close, stop, marks)
            if byte == separator { return stop + 1 }
            try endRecord(at: stop)
            return nil
        }
    }

    /// Ends a quoted cell; one with text behind its closing quote is kept as it stands, with its quotes.
    private func endQuoted(_ open: Int, _ close: Int, _ stop: Int, _ marks: CellMarks) throws {
        let isBroken = marks.contains(.broken) || (close + 1..<stop).contains { text.base[rowStart + $0] != 32 }
        try isBroken ? endCell(open, stop, .broken) : endCell(open + 1, close, marks)
    }

    /// Cuts the record anew: into these of its bytes, at most 256 cells.
    func recut(_ cells: [Range<Int>]) {
        precondition(cells.count <= cellCapacity)
        for (index, cell) in cells.enumerated() {
            starts[index] = Int32(truncatingIfNeeded: cell.lowerBound)
            ends[index] = Int32(truncatingIfNeeded: cell.upperBound)
            marks[index] = []
            filled[index] = DelimitedScanner.hasText(text.base + (rowStart &+ cell.lowerBound), cell.count)
        }
        count = cells.count
        hasBrokenCell = false
    }

    /// Where the record behind the current one begins.
    var position: ScanPosition {
        ScanPosition(
            base: text.base + rowStart, left: text.end - rowStart, start: consumed, maskStart: maskStart, mask: mask)
    }

    /// Records without quotes were read elsewhere: goes on behind them.
    func passed(_ records: Int, to position: ScanPosition) {
        consumed = position.start
        maskStart = position.maskStart
        mask = position.mask
        nextLine += records
    }

    // MARK: Structure

    private func load(from start: Int) {
        maskStart = start
        mask = ingest_structure64(text.base + rowStart + start, separator, quote)
        let left = text.end - rowStart - start
        if left < 64 { mask &= left <= 0 ? 0 : (1 << UInt64(left)) - 1 }
    }

    /// Forgets the structural byte at `position`, the next one there is.
    private func skip(_ position: Int) {
        while mask == 0 { load(from: maskStart + 64) }
        if maskStart + mask.trailingZeroBitCount == position { mask &= mask - 1 }
    }

    @inline(__always)
    private func nextStructural() throws -> Int? {
        while mask == 0 {
            if maskStart &+ 64 >= text.end &- rowStart {
                guard try refill() else { return nil }
            } else {
                load(from: maskStart &+ 64)
            }
        }
        let bit = mask.trailingZeroBitCount
        mask &= mask &- 1
        return maskStart &+ bit
    }

    /// The byte at a position, `nil` behind the end of the file.
    private func byte(at position: Int) throws -> UInt8? {
        if rowStart + position >= text.end {
            guard try refill() else { return nil }
        }
        return text.base[rowStart + position]
    }

    /// Slides the record to the front of the window and reads on; false when the file has no more.
    /// Called only when every structural byte of the window has been looked at.
    private func refill() throws -> Bool {
        guard !text.isAtEnd else { return false }
        let available = text.end - rowStart
        // The line end may be there already, and only the byte behind it be asked for.
        try checkLength(available - 2)
        repeat { try text.slide(by: rowStart) } while keepsSliding(available)
        rowStart = 0
        load(from: available)
        return text.end > available
    }

    /// Also called for records that end, so that chunks of any length give the same fault.
    private func checkLength(_ length: Int) throws {
        guard length > DelimitedScanner.longestRecord else { return }
        throw fault(
            "table.record-too-long",
            "this record is longer than \(DelimitedScanner.longestRecord >> 20) MiB, the most that is read", at: 0)
    }

    /// A chunk may translate to no text yet (half a character); the row start is at the front from the first slide on.
    private func keepsSliding(_ available: Int) -> Bool {
        rowStart = 0
        return text.end == available && !text.isAtEnd
    }

    // MARK: Records

    @inline(__always)
    private func endCell(_ start: Int, _ end: Int, _ kind: CellMarks) throws {
        if count == cellCapacity { try growCells() }
        starts[count] = Int32(truncatingIfNeeded: start)
        ends[count] = Int32(truncatingIfNeeded: end)
        marks[count] = kind
        filled[count] = DelimitedScanner.hasText(text.base + (rowStart &+ start), end &- start)
        if kind.contains(.broken) { hasBrokenCell = true }
        count &+= 1
    }

    private func growCells() throws {
        guard cellCapacity < DelimitedScanner.mostCells else {
            throw fault(
                "table.too-many-cells", "this record has more than \(DelimitedScanner.mostCells) cells, the most that is read",
                at: 0)
        }
        let capacity = cellCapacity * 2
        starts = starts.moved(cellCapacity, to: capacity)
        ends = ends.moved(cellCapacity, to: capacity)
        marks = marks.moved(cellCapacity, to: capacity)
        filled = filled.moved(cellCapacity, to: capacity)
        cellCapacity = capacity
    }

    private func endRecord(at position: Int) throws {
        try checkLength(position)
        length = position
        consumed = position + 1
        nextLine += 1
        sawLineEnd = true
        if text.base[rowStart + position] == UInt8(ascii: "\r"), try byte(at: position + 1) == UInt8(ascii: "\n") {
            skip(position + 1)
            consumed += 1
        }
    }

    private func endRecordOpen() throws {
        try checkLength(text.end - rowStart)
        length = text.end - rowStart
        consumed = length
        isOpen = true
    }

    private func fault(_ code: String, _ message: String, at position: Int) -> Diagnostic {
        let record = UnsafeBufferPointer(start: text.base + rowStart, count: min(position, text.end - rowStart))
        let (line, column) = TextPlace.lineAndColumn(after: record, line: line)
        return Diagnostic(
            code, message, at: text.source.location(line: line, column: column),
            hint: "nothing of the file was used; it is damaged or is not a table: export it again")
    }
}
