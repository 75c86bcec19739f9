import CByteScan

/// What the bytes of a text tell as a whole, counted chunk by chunk while they pass: signs of its encoding, its decimal
/// mark and the order of its dates.
///
/// Windows-1252 and UTF-8 share their ASCII, so raw bytes are surveyed for both; UTF-16 has to be translated first.
package struct ByteSurvey: Sendable {
    package private(set) var dates = DateEvidence()
    package private(set) var utf8 = UTF8Tally()
    private var signs = ingest_text_signs()
    /// The last bytes, of which the last ``context`` are not counted yet: what stands behind them is not known.
    private var pending = [UInt8](repeating: UInt8(ascii: "\n"), count: ByteSurvey.context)

    package var aboveASCII: Int { Int(signs.above_ascii) }
    package var nul: Int { Int(signs.nul) }
    package var quotes: Int { Int(signs.quotes) }
    /// Commas between two digits.
    package var commaNumbers: Int { Int(signs.comma_numbers) }
    /// Points between two digits.
    package var pointNumbers: Int { Int(signs.point_numbers) }

    /// How far around a byte it is looked to know what it is: the first mark of a date needs ten bytes behind it.
    private static let context = 12
    /// How much is counted in one go, in bytes.
    private static let stretch = 56 * 128

    package init() {}

    /// Looks at the bytes that follow.
    package mutating func look(at chunk: UnsafeBufferPointer<UInt8>) {
        guard !chunk.isEmpty else { return }
        let before = aboveASCII
        let reach = ByteSurvey.context
        if chunk.count < 4 * reach {
            pending.append(contentsOf: chunk)
            countPending()
        } else {
            pending.append(contentsOf: chunk.prefix(2 * reach))
            countPending()
            count(chunk, reach..<chunk.count - reach)
            pending.replaceSubrange(0..., with: chunk.suffix(2 * reach))
        }
        // Bytes that are counted only with the next chunk count as seen here.
        let hasMore = aboveASCII > before || pending.contains { $0 >= 0x80 }
        if hasMore { utf8.look(at: chunk) } else { utf8.pass(chunk) }
    }

    /// No more bytes follow.
    package mutating func finish() {
        pending.append(contentsOf: repeatElement(UInt8(ascii: "\n"), count: ByteSurvey.context))
        countPending()
        utf8.finish()
    }

    private mutating func countPending() {
        let reach = ByteSurvey.context
        guard pending.count > 2 * reach else { return }
        let bytes = pending
        bytes.withUnsafeBufferPointer { count($0, reach..<$0.count - reach) }
        pending.removeFirst(pending.count - 2 * reach)
    }

    private mutating func count(_ bytes: UnsafeBufferPointer<UInt8>, _ region: Range<Int>) {
        guard let base = bytes.baseAddress else { return }
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: ByteSurvey.stretch / 2) { places in
            for start in stride(from: region.lowerBound, to: region.upperBound, by: ByteSurvey.stretch) {
                let length = min(ByteSurvey.stretch, region.upperBound - start)
                let found = ingest_find_signs(base + start, length, &signs, places.baseAddress!)
                for place in places[..<found] { dates.look(at: bytes, start + Int(place)) }
            }
        }
    }
}
