import Glibc

/// Short texts that come again and again, such as the names of compounds: each is made once.
final class TextPool {
    private static let places = 64
    private static let longest = 31
    /// For each place the number of bytes and the bytes themselves.
    private let memory: UnsafeMutablePointer<UInt8>
    private var texts: [String?]

    init() {
        memory = .allocate(capacity: TextPool.places * (TextPool.longest + 1))
        memory.initialize(repeating: 0, count: TextPool.places * (TextPool.longest + 1))
        texts = Array(repeating: nil, count: TextPool.places)
    }

    deinit { memory.deallocate() }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard let base = bytes.baseAddress, bytes.count <= TextPool.longest else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var hash = UInt64(bytes.count)
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15 }
        let place = Int(hash >> 58)
        let kept = memory + place * (TextPool.longest + 1)
        if kept.pointee == bytes.count, memcmp(kept + 1, base, bytes.count) == 0, let text = texts[place] { return text }
        let text = String(decoding: bytes, as: UTF8.self)
        kept.pointee = UInt8(bytes.count)
        (kept + 1).update(from: base, count: bytes.count)
        texts[place] = text
        return text
    }
}
