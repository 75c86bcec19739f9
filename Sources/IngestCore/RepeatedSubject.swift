import Glibc

/// What a result is about (its sample, position, injection and signal) and how that was written. Results that follow one
/// another are mostly about the same, and then have it in memory to the bit.
final class RepeatedSubject {
    /// Where the four lie in a record, one behind the other.
    private static let region: Range<Int> = {
        let start = MemoryLayout<ResultRecord>.offset(of: \.sample)!
        let end = MemoryLayout<ResultRecord>.offset(of: \.analyte)!
        for part in [
            MemoryLayout<ResultRecord>.offset(of: \.position)!, MemoryLayout<ResultRecord>.offset(of: \.injection)!,
            MemoryLayout<ResultRecord>.offset(of: \.signal)!,
        ] { precondition(start < part && part < end, "the parts of a subject stand together") }
        return start..<end
    }()

    /// The record that was kept: what its words point to stays as it is.
    private var kept: ResultRecord?
    @exclusivity(unchecked) private var hasKept = false
    /// Its bytes.
    private let words: UnsafeMutableRawPointer
    @exclusivity(unchecked) private(set) var written: TextPiece
    private let start = RepeatedSubject.region.lowerBound
    private let length = RepeatedSubject.region.count

    init() {
        words = .allocate(byteCount: length, alignment: 16)
        written = TextPiece([])
    }

    deinit {
        words.deallocate()
        written.start.deallocate()
    }

    /// Whether a result is about what was kept. The same bytes are the same; others may be too, and are written anew.
    @inline(__always)
    func isSame(_ record: UnsafePointer<ResultRecord>) -> Bool {
        hasKept && memcmp(UnsafeRawPointer(record) + start, words, length) == 0
    }

    func keep(_ record: UnsafePointer<ResultRecord>, _ bytes: [UInt8]) {
        kept = record.pointee
        hasKept = true
        words.copyMemory(from: UnsafeRawPointer(record) + start, byteCount: length)
        written.start.deallocate()
        written = TextPiece(bytes)
    }
}
