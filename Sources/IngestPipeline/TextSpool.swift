import Glibc
import IngestCore

/// Numbers of one column on their way into a JSON array that can only be written later: in memory while they are few,
/// in a nameless temporary file beyond that.
final class TextSpool {
    private static let inMemory = 1 << 20
    private let recent = LineBuffer(capacity: 1 << 12)
    private var descriptor: CInt = -1
    private var spilled = 0
    private var isEmpty = true

    deinit { if descriptor >= 0 { close(descriptor) } }

    func append(_ value: Double) throws {
        if !isEmpty { recent.byte(UInt8(ascii: ",")) }
        isEmpty = false
        JSONStream.number(value, to: recent)
        guard recent.count >= TextSpool.inMemory else { return }
        if descriptor < 0 { descriptor = try TemporaryFile.nameless() }
        try TemporaryFile.write(recent.bytes, to: descriptor)
        spilled += recent.count
        recent.removeAll()
    }

    /// Gives all the text in its order, in parts.
    func read(_ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        let part = UnsafeMutableRawBufferPointer.allocate(byteCount: min(spilled, 1 << 18), alignment: 1)
        defer { part.deallocate() }
        var offset = 0
        while offset < spilled {
            let count = pread(descriptor, part.baseAddress, min(part.count, spilled - offset), off_t(offset))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw TemporaryFile.noRoom("read") }
            try take(UnsafeRawBufferPointer(rebasing: part[..<count]))
            offset += count
        }
        if recent.count > 0 { try take(recent.bytes) }
    }
}
