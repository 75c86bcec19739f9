/// The text of a cell. Up to 15 bytes, as nearly every number has, are kept in place: taking a text from a file and
/// writing it to another then costs no allocation and no look at its characters.
public struct CellText: Sendable, Hashable {
    /// The bytes in order, lowest first; the highest byte of `high` is their number, or 255 for a long text.
    @usableFromInline var low: UInt64
    @usableFromInline var high: UInt64
    @usableFromInline var long: String?

    public init(_ text: String) {
        var text = text
        self = text.withUTF8 { CellText($0) }
        // Only texts that were not read from a file can have a NUL; JSON has to escape it.
        if text.utf8.contains(0) { (low, high, long) = (0, 0xFF << 56, text) }
    }

    /// The text of some bytes, which must be valid UTF-8.
    @inlinable
    public init(_ bytes: UnsafeBufferPointer<UInt8>) {
        if bytes.count <= 15 {
            (low, high) = CellText.packed(bytes)
            long = nil
        } else {
            (low, high) = (0, 0xFF << 56)
            long = String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Becomes another text, of valid UTF-8; a short one takes the place of a short one without counting references.
    @inlinable
    public mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count <= 15, long == nil else {
            self = CellText(bytes)
            return
        }
        (low, high) = CellText.packed(bytes)
    }

    /// As ``take(_:)``, of a text with 16 readable bytes from its beginning.
    @inlinable
    @inline(__always)
    mutating func take(padded start: UnsafePointer<UInt8>, _ length: Int) {
        guard length <= 15, long == nil else {
            self = CellText(UnsafeBufferPointer(start: start, count: length))
            return
        }
        let text = UnsafeRawPointer(start)
        let front = UInt64(littleEndian: text.loadUnaligned(as: UInt64.self))
        let back = UInt64(littleEndian: (text + 8).loadUnaligned(as: UInt64.self))
        let bits = UInt64(truncatingIfNeeded: length) &* 8
        low = length >= 8 ? front : front & ((1 &<< bits) &- 1)
        let rest = length > 8 ? back & ((1 &<< (bits &- 64)) &- 1) : 0
        high = rest | bits << 53
    }

    /// The bytes of a short text and their number in two words.
    @inlinable
    @inline(__always)
    static func packed(_ bytes: UnsafeBufferPointer<UInt8>) -> (UInt64, UInt64) {
        let count = bytes.count
        let size = UInt64(truncatingIfNeeded: count) << 56
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return (0, 0) }
        if count >= 8 {
            let rest = UInt64(truncatingIfNeeded: count &- 8)
            let tail = (base + (count &- 8)).loadUnaligned(as: UInt64.self)
            return (base.loadUnaligned(as: UInt64.self), rest == 0 ? size : size | tail >> (64 &- 8 &* rest))
        }
        if count >= 4 {
            let front = UInt64(base.loadUnaligned(as: UInt32.self))
            let back = UInt64((base + (count &- 4)).loadUnaligned(as: UInt32.self))
            return (front | back << UInt64(truncatingIfNeeded: 8 &* (count &- 4)), size)
        }
        var bits: UInt64 = 0
        var index = 0
        while index < count {
            bits |= UInt64(base.load(fromByteOffset: index, as: UInt8.self)) << UInt64(truncatingIfNeeded: 8 &* index)
            index &+= 1
        }
        return (bits, size)
    }

    public var string: String {
        if let long { return long }
        return withUnsafeBytes(of: (low.littleEndian, high.littleEndian)) {
            String(decoding: $0[..<Int(high >> 56)], as: UTF8.self)
        }
    }
}
