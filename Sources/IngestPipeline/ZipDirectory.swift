import Glibc
import IngestCore

/// The record at the end of a zip that counts its entries (APPNOTE 4.3.16); a zip that was cut has none.
struct ZipDirectory {
    /// `nil` where the record leaves the count to another one, as zip64 does.
    let entries: Int?
    /// Where the zip ends: in the file, or where zeros begin that fill it up. UNICORN writes zips in blocks of 512 bytes
    /// and more, and leaves the rest of the last ones empty.
    let end: Int

    /// `nil` when there is none, or something else than zeros behind it.
    init?(of file: OpenFile) {
        let filled = ZipDirectory.lengthWithoutZeros(file)
        // The record may end with zeros itself, and with a comment of at most 65,535 bytes.
        let start = max(0, filled - 65_557)
        let stop = min(file.size, filled + 22)
        guard let bytes = ZipDirectory.bytes(start..<stop, of: file) else { return nil }
        var place = bytes.count - 22
        while place >= 0 {
            if bytes[place...].starts(with: [0x50, 0x4B, 5, 6]) {
                let end = start + place + 22 + bytes.littleEndian(at: place + 20, 2)
                if end >= filled, end <= file.size {
                    let stated = bytes.littleEndian(at: place + 10, 2)
                    entries = stated == 0xFFFF ? nil : stated
                    self.end = end
                    return
                }
            }
            place -= 1
        }
        return nil
    }

    private static func lengthWithoutZeros(_ file: OpenFile) -> Int {
        var end = file.size
        while end > 0, let block = bytes(max(0, end - 1 << 16)..<end, of: file) {
            if let last = block.lastIndex(where: { $0 != 0 }) { return end - block.count + last + 1 }
            end -= block.count
        }
        return end
    }

    private static func bytes(_ range: Range<Int>, of file: OpenFile) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: range.count)
        guard pread(file.descriptor, &bytes, range.count, off_t(range.lowerBound)) == range.count else { return nil }
        return bytes
    }
}
