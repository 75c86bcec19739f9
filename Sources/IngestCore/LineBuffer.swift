/// Bytes under construction: a growing buffer with the few operations that writing JSON lines fast needs.
public final class LineBuffer {
    @exclusivity(unchecked) var base: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var capacity: Int
    @exclusivity(unchecked) public internal(set) var count = 0
    /// Decimals of the number written last; the numbers of a column mostly have as many.
    @exclusivity(unchecked) var decimals = 0

    public init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
    public func removeAll() { count = 0 }

    @inline(__always)
    func reserve(_ more: Int) { if count &+ more > capacity { grow(more) } }

    @inline(never)
    private func grow(_ more: Int) {
        let wider = max(capacity * 2, count + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: wider)
        moved.update(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = wider
    }

    /// Bytes as they are.
    public func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        UnsafeMutableRawPointer(base + count).copyMemory(from: source, byteCount: bytes.count)
        count &+= bytes.count
    }

    /// Text as it is, without quotes or escapes.
    @inline(__always)
    public func raw(_ text: StaticString) {
        reserve(text.utf8CodeUnitCount)
        (base + count).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        count &+= text.utf8CodeUnitCount
    }

    @inline(__always)
    public func byte(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count &+= 1
    }

    /// A piece as it is.
    @inline(__always)
    func append(_ piece: TextPiece) {
        reserve(piece.count &+ 16)
        let out = UnsafeMutableRawPointer(base + count)
        var done = 0
        while done < piece.count {
            out.storeBytes(
                of: (piece.start + done).loadUnaligned(as: SIMD16<UInt8>.self), toByteOffset: done, as: SIMD16<UInt8>.self)
            done &+= 16
        }
        count &+= piece.count
    }

    /// Forgets the bytes from an offset on.
    func cut(to length: Int) { count = length }

    /// A text without quotes that needs no escapes.
    func plain(_ text: String) {
        var text = text
        text.withUTF8 { source in
            reserve(source.count)
            if let start = source.baseAddress { (base + count).update(from: start, count: source.count) }
            count &+= source.count
        }
    }

    /// A JSON string without its quotes.
    func escaped(_ text: String) {
        let start = count
        string(text)
        count -= 1
        (base + start).update(from: base + start + 1, count: count - start - 1)
        count -= 1
    }

    /// The bytes from an offset on.
    func bytes(from start: Int) -> [UInt8] { Array(UnsafeBufferPointer(start: base + start, count: count - start)) }

    /// A JSON string with its quotes. A short text without anything to escape is two stores.
    @inline(__always)
    func string(_ text: borrowing CellText) {
        let length = Int(truncatingIfNeeded: text.high >> 56)
        guard length <= 15, !LineBuffer.hasEscapes(text.low), !LineBuffer.hasEscapes(text.high & 0x00FF_FFFF_FFFF_FFFF) else {
            string(text.string)
            return
        }
        reserve(24)
        let out = UnsafeMutableRawPointer(base + count)
        out.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
        (out + 1).storeBytes(of: text.low.littleEndian, as: UInt64.self)
        (out + 9).storeBytes(of: text.high.littleEndian, as: UInt64.self)
        (out + (1 &+ length)).storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
        count &+= length &+ 2
    }

    /// Whether some byte of eight is a quote, a backslash or a control character; zero bytes behind the text are none.
    @inline(__always)
    private static func hasEscapes(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs = ones << 7
        func hasZero(_ word: UInt64) -> Bool { (word &- ones) & ~word & highs != 0 }
        // Control characters but NUL: below 0x20 and not zero. NUL never stands in a text that was read.
        let control = (word &- ones &* 0x20) & ~word & highs
        let notZero = ((word & ~highs) &+ ~highs | word) & highs
        return control & notZero != 0 || hasZero(word ^ (ones &* 0x22)) || hasZero(word ^ (ones &* 0x5C))
    }

    /// A JSON string with its quotes.
    public func string(_ text: String) {
        var text = text
        text.withUTF8 { source in
            reserve(source.count &* 6 &+ 2)
            var out = base + count
            out.pointee = UInt8(ascii: "\"")
            out += 1
            for byte in source {
                if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                    out.pointee = byte
                    out += 1
                } else {
                    out = LineBuffer.escape(byte, to: out)
                }
            }
            out.pointee = UInt8(ascii: "\"")
            count = out + 1 - base
        }
    }

    @inline(never)
    private static func escape(_ byte: UInt8, to out: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        out[0] = UInt8(ascii: "\\")
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): out[1] = byte
        case 10: out[1] = UInt8(ascii: "n")
        case 13: out[1] = UInt8(ascii: "r")
        case 9: out[1] = UInt8(ascii: "t")
        default:
            let digits = StaticString("0123456789abcdef").utf8Start
            out[1] = UInt8(ascii: "u")
            out[2] = UInt8(ascii: "0")
            out[3] = UInt8(ascii: "0")
            out[4] = digits[Int(byte >> 4)]
            out[5] = digits[Int(byte & 15)]
            return out + 6
        }
        return out + 2
    }
}
