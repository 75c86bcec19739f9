/// A zip of uncompressed entries, made in memory: for tests of what is nested in one.
public struct StoredZip: Sendable {
    /// The way one entry is written.
    public enum Form: Sendable {
        case plain
        /// Check sum and sizes behind the data, as programs write that cannot seek.
        case dataDescriptor
        /// Marked as encrypted; the data are not.
        case encrypted
    }

    private var entries: [(name: String, bytes: [UInt8], form: Form)] = []

    public init() {}

    public init(_ files: [(name: String, bytes: [UInt8])]) {
        for file in files { add(file.name, file.bytes) }
    }

    public mutating func add(_ name: String, _ bytes: [UInt8], _ form: Form = .plain) { entries.append((name, bytes, form)) }

    public var bytes: [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for (name, bytes, form) in entries {
            let flags = form == .plain ? 0x0800 : form == .encrypted ? 0x0801 : 0x0808
            let sizes = number(Int(StoredZip.checksum(of: bytes)), 4) + number(bytes.count, 4) + number(bytes.count, 4)
            let names = number(name.utf8.count, 2) + number(0, 2)
            let start = number(20, 2) + number(flags, 2) + number(0, 2) + number(0, 2) + number(0x21, 2)
            directory += [0x50, 0x4B, 1, 2, 20, 0] + start + sizes + names + number(0, 10) + number(out.count, 4) + name.utf8
            out += [0x50, 0x4B, 3, 4] + start + (form == .dataDescriptor ? number(0, 12) : sizes) + names + name.utf8 + bytes
            if form == .dataDescriptor { out += [0x50, 0x4B, 7, 8] + sizes }
        }
        let count = number(entries.count, 2)
        return out + directory + [0x50, 0x4B, 5, 6] + number(0, 4) + count + count + number(directory.count, 4)
            + number(out.count, 4) + number(0, 2)
    }

    private func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
    }

    private static func checksum(of bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { register, byte in
            (0..<8).reduce(register ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }
}
