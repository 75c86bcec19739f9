import Glibc

/// Short texts that come again and again, such as the names of compounds: each is made once.
///
/// A view of what its owner, who calls ``deallocate()``, keeps: copying it counts no references.
struct TextPool {
    private static let places = 256
    private static let longest = 31
    /// For each place the number of bytes and the bytes themselves.
    private let memory: UnsafeMutablePointer<UInt8>
    private let texts: UnsafeMutablePointer<String>

    init() {
        memory = .allocate(capacity: TextPool.places * (TextPool.longest + 1))
        memory.initialize(repeating: 0, count: TextPool.places * (TextPool.longest + 1))
        texts = .allocate(capacity: TextPool.places)
        texts.initialize(repeating: "", count: TextPool.places)
    }

    func deallocate() {
        memory.deallocate()
        texts.deinitialize(count: TextPool.places)
        texts.deallocate()
    }

    /// - Parameter bytes: A text with eight readable bytes behind its end.
    @inline(__always)
    func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard let base = UnsafeRawPointer(bytes.baseAddress), bytes.count <= TextPool.longest else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var hash = UInt64(truncatingIfNeeded: bytes.count)
        var index = 0
        while index &+ 8 < bytes.count {
            hash = (hash ^ (base + index).loadUnaligned(as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
            index &+= 8
        }
        let last = UInt64(littleEndian: (base + index).loadUnaligned(as: UInt64.self))
        let beyond = UInt64(truncatingIfNeeded: 8 &- (bytes.count &- index))
        hash = (hash ^ (last &<< (8 &* beyond))) &* 0x9E37_79B9_7F4A_7C15
        let place = Int(truncatingIfNeeded: hash >> 56)
        let kept = memory + place &* (TextPool.longest + 1)
        if kept.pointee == bytes.count, memcmp(kept + 1, base, bytes.count) == 0 { return texts[place] }
        return keep(bytes, place)
    }

    @inline(never)
    private func keep(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> String {
        let kept = memory + place * (TextPool.longest + 1)
        kept.pointee = UInt8(bytes.count)
        if let base = bytes.baseAddress { (kept + 1).update(from: base, count: bytes.count) }
        texts[place] = String(decoding: bytes, as: UTF8.self)
        return texts[place]
    }
}
