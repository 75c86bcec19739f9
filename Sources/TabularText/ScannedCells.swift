/// The cells of a record as a scanner found them.
extension DelimitedScanner {
    struct CellMarks: OptionSet {
        let rawValue: UInt8
        static let quoted = CellMarks(rawValue: 1)
        /// Contains doubled quotes.
        static let escaped = CellMarks(rawValue: 2)
        /// Text stands behind the closing quote; the cell is as it stands, with its quotes.
        static let broken = CellMarks(rawValue: 4)
    }

    /// The cells of a record, for loops in a hurry: good until the next record. The window has more bytes behind them, so
    /// that 64 are readable from the beginning of each.
    struct Cells {
        let base: UnsafeMutablePointer<UInt8>
        let starts: UnsafeMutablePointer<Int32>
        let ends: UnsafeMutablePointer<Int32>
        let marks: UnsafeMutablePointer<CellMarks>
        let filled: UnsafeMutablePointer<UInt8>

        @inline(__always)
        func start(_ cell: Int) -> UnsafePointer<UInt8> { UnsafePointer(base + Int(starts[cell])) }
        @inline(__always)
        func length(_ cell: Int) -> Int { Int(ends[cell] &- starts[cell]) }
        @inline(__always)
        func isEscaped(_ cell: Int) -> Bool { marks[cell].contains(.escaped) }

        /// The cell without blanks at its ends.
        @inline(__always)
        func trimmed(_ cell: Int) -> UnsafeBufferPointer<UInt8> {
            let bytes = UnsafeBufferPointer(start: start(cell), count: length(cell))
            guard let first = bytes.first, first > 32, first < 0x80, bytes[bytes.count &- 1] > 32, bytes[bytes.count &- 1] < 0x80
            else { return NumberText.trimmed(bytes) }
            return bytes
        }

        /// Some character of the cell is no blank.
        @inline(__always)
        func hasText(_ cell: Int) -> Bool { filled[cell] != 0 }
    }

    @inline(__always)
    static func hasText(_ start: UnsafePointer<UInt8>, _ length: Int) -> UInt8 {
        // A first character above a blank, and below what a no-break space begins with, is the common case.
        if length > 0, start.pointee &- 33 < 0xC2 - 33 { return 1 }
        return length == 0 || NumberText.trimmed(UnsafeBufferPointer(start: start, count: length)).isEmpty ? 0 : 1
    }
}
