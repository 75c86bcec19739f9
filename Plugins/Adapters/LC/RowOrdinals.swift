import IngestCore
import TabularText

/// Counts the results of each injection and signal, also where the rows of several stand mixed, as in a table sorted by
/// compound. Injections are told apart by the texts of some columns; their fingerprints stand for them.
struct RowOrdinals {
    /// The most injections that are remembered, in about 3 MB; a table with more is taken to be sorted by injection.
    private static let most = 1 << 16

    private var counts: [UInt64: Int] = [:]
    /// The part of each column in the key of the injection at hand.
    private var parts: [UInt64]
    private var key: UInt64 = 0
    /// The injection that ``count`` is of.
    private var counted: UInt64?
    private var count = 0

    init(columns: Int) { parts = Array(repeating: 0, count: columns) }

    /// Another injection or signal begins, whatever the rows say; what was counted before it is forgotten.
    mutating func restart() {
        counts.removeAll(keepingCapacity: true)
        counted = nil
        count = 0
    }

    /// Takes a text that tells injections apart, once it was read without fault.
    mutating func take(_ row: Row, _ column: Int) {
        var part = row.fingerprint(of: column) &* UInt64(2 * column + 1)
        part = (part ^ part >> 32) &* 0xD6E8_FEB8_6659_FD93
        part ^= part >> 32
        key ^= parts[column] ^ part
        parts[column] = part
    }

    /// The ordinal of the next result, from 1.
    /// - Parameter begins: The rows are counted anew, though nothing else tells another injection.
    mutating func next(begins: Bool) -> Int {
        if counted != key { move() }
        count = begins ? 1 : count &+ 1
        return count
    }

    private mutating func move() {
        if let counted {
            if counts.count == RowOrdinals.most { counts.removeAll(keepingCapacity: true) }
            counts[counted] = count
        }
        counted = key
        count = counts[key] ?? 0
    }
}
