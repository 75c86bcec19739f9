package import IngestCore

/// The text of a source as a sliding window of UTF-8 bytes, whatever encoding the file has.
///
/// The window always has 64 readable bytes behind its end, so that scanners may load whole blocks.
package final class TextStream {
    static let padding = 64

    let source: SourceFile
    let encoding: TextEncoding
    @exclusivity(unchecked) private(set) var base: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private(set) var end = 0
    @exclusivity(unchecked) private(set) var isAtEnd = false
    private var capacity: Int
    private var offset: Int
    /// Raw bytes of an encoding that has to be translated, and the ones of a character that is not whole yet.
    private var raw: [UInt8] = []
    private var pending: [UInt8] = []

    /// - Parameter mark: The length of the byte order mark, which is skipped.
    package init(_ source: SourceFile, encoding: TextEncoding, mark: Int) {
        self.source = source
        self.encoding = encoding
        offset = mark
        capacity = source.chunkLength + TextStream.padding
        base = .allocate(capacity: capacity)
        base.initialize(repeating: 0, count: capacity)
    }

    deinit { base.deallocate() }

    /// Drops the first `consumed` bytes of the window and adds a chunk behind the rest.
    func slide(by consumed: Int) throws {
        try Task.checkCancellation()
        let kept = end - consumed
        if consumed > 0, kept > 0 { base.update(from: base + consumed, count: kept) }
        end = kept
        switch encoding {
        case .utf8:
            reserve(source.chunkLength)
            let count = try source.read(
                into: UnsafeMutableRawBufferPointer(start: base + end, count: source.chunkLength), at: offset)
            offset += count
            end += count
            isAtEnd = count == 0
        default:
            try addTranslated()
        }
        (base + end).update(repeating: 0, count: TextStream.padding)
    }

    private func reserve(_ more: Int) {
        let needed = end + more + TextStream.padding
        guard needed > capacity else { return }
        let wider = max(needed, capacity * 2)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: wider)
        moved.initialize(repeating: 0, count: wider)
        moved.update(from: base, count: end)
        base.deallocate()
        base = moved
        capacity = wider
    }

    private func addTranslated() throws {
        if raw.isEmpty { raw = [UInt8](repeating: 0, count: max(2, source.chunkLength / 2)) }
        let count = try raw.withUnsafeMutableBytes { try source.read(into: $0, at: offset) }
        offset += count
        isAtEnd = count == 0
        reserve((count + pending.count) * 3)
        switch encoding {
        case .utf16LittleEndian, .utf16BigEndian: addUTF16(count)
        default:
            for byte in raw[..<count] {
                if byte < 0x80 {
                    base[end] = byte
                    end += 1
                } else {
                    // The survey has refused undefined bytes before anything is read.
                    add(encoding.scalar(of: byte) ?? "\u{FFFD}")
                }
            }
        }
    }

    private func addUTF16(_ count: Int) {
        pending.append(contentsOf: raw[..<count])
        var index = 0
        func unit(_ at: Int) -> UInt16 {
            let first = UInt16(pending[at]), second = UInt16(pending[at + 1])
            return encoding == .utf16BigEndian ? first << 8 | second : second << 8 | first
        }
        while index + 1 < pending.count {
            let first = unit(index)
            if first & 0xFC00 == 0xD800 {
                guard index + 3 < pending.count else { break }
                let second = unit(index + 2)
                add(Unicode.Scalar(0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))) ?? "\u{FFFD}")
                index += 4
            } else {
                add(Unicode.Scalar(first) ?? "\u{FFFD}")
                index += 2
            }
        }
        pending.removeFirst(index)
    }

    private func add(_ scalar: Unicode.Scalar) {
        for byte in UTF8.encode(scalar).unsafelyUnwrapped {
            base[end] = byte
            end += 1
        }
    }
}
