import Glibc
import IngestCore

/// The CRC-32 and length of what a gzip file holds, to be compared with those at its end (RFC 1952, section 2.3.1):
/// libarchive reads past them, and a flipped bit may still unpack to numbers.
struct GzipChecksum {
    private var register: UInt32 = 0xFFFF_FFFF
    private var length = 0

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        length += bytes.count
        var register = register
        bytes.withUnsafeBufferPointer { bytes in
            GzipChecksum.table.withUnsafeBufferPointer { table in
                for byte in bytes { register = register >> 8 ^ table[Int(UInt8(truncatingIfNeeded: register) ^ byte)] }
            }
        }
        self.register = register
    }

    /// Whether the last eight bytes of `file` state this checksum and length. Several gzip files in one state those of
    /// the last alone, and do not meet it.
    func isMet(by file: OpenFile) -> Bool {
        var end = [UInt8](repeating: 0, count: 8)
        guard file.size > 18, pread(file.descriptor, &end, 8, off_t(file.size - 8)) == 8 else { return false }
        return end.littleEndian(at: 0, 4) == Int(~register) && end.littleEndian(at: 4, 4) == length & 0xFFFF_FFFF
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
}

extension [UInt8] {
    /// The unsigned number that `count` bytes from `start` on hold, lowest first.
    func littleEndian(at start: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(self[start + $1]) << (8 * $1) }
    }
}
