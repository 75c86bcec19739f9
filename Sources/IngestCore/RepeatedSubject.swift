import Glibc

/// What the result before was about (its sample, position, injection and signal), to tell the next about the same. Rows of
/// a table mostly are, and then have it in memory to the bit.
package final class RepeatedSubject {
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

    /// The record before: what its words point to stays as it is.
    private var kept: ResultRecord?
    /// Its bytes.
    private let words: UnsafeMutableRawPointer
    @exclusivity(unchecked) private var hasKept = false
    private let start = RepeatedSubject.region.lowerBound
    private let length = RepeatedSubject.region.count

    package init() { words = .allocate(byteCount: length, alignment: 16) }

    deinit { words.deallocate() }

    /// Whether a result is about the same as the one before. True is certain; false is also said of equal texts that are
    /// not the same in memory, and the result is then the one that the next is compared with.
    @inline(__always)
    package func isRepeated(by record: UnsafePointer<ResultRecord>) -> Bool {
        if hasKept, memcmp(UnsafeRawPointer(record) + start, words, length) == 0 { return true }
        keep(record)
        return false
    }

    @inline(never)
    private func keep(_ record: UnsafePointer<ResultRecord>) {
        kept = record.pointee
        hasKept = true
        words.copyMemory(from: UnsafeRawPointer(record) + start, byteCount: length)
    }

    /// The next result is about something else, whatever it says.
    package func forget() { hasKept = false }
}
