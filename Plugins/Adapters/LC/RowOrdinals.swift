import IngestCore
import TabularText

/// Counts the results of each injection and signal, also where the rows of several stand mixed, as in a table sorted by
/// compound. Injections are told apart by the texts of some columns; their fingerprints stand for them.
struct RowOrdinals {
    private var counts = Counts()
    /// The part of each column in the key of the injection at hand.
    private var parts: [UInt64]
    private var key: UInt64 = 0
    /// The injection that ``count`` is of.
    private var counted: UInt64?
    private var count = 0

    init(columns: Int) { parts = Array(repeating: 0, count: columns) }

    /// Another injection or signal begins, whatever the rows say; what was counted before it is forgotten.
    mutating func restart() {
        counts.removeAll()
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
        if let counted { counts[counted] = count }
        counted = key
        count = counts[key]
    }

    /// How many results each injection has, by its fingerprint: a table of open addresses, for the fingerprints are mixed
    /// already. At most 65,536 are remembered, in 2 MB; a table with more is taken to be sorted by injection.
    private struct Counts {
        private static let most = 1 << 16
        private var keys: [UInt64] = []
        /// 0 where no key stands.
        private var values: [Int] = []
        private var used = 0

        subscript(key: UInt64) -> Int {
            get { keys.isEmpty ? 0 : values[place(of: key)] }
            set {
                if 2 * used >= keys.count { grow() }
                let place = place(of: key)
                if values[place] == 0 { used += 1 }
                keys[place] = key
                values[place] = newValue
            }
        }

        mutating func removeAll() {
            guard used > 0 else { return }
            self = Counts()
        }

        private func place(of key: UInt64) -> Int {
            var place = Int(truncatingIfNeeded: key) & (keys.count &- 1)
            while values[place] != 0, keys[place] != key { place = (place &+ 1) & (keys.count &- 1) }
            return place
        }

        private mutating func grow() {
            let old = (keys, values)
            let isFull = used >= Counts.most
            let wider = isFull ? keys.count : max(64, 2 * keys.count)
            keys = Array(repeating: 0, count: wider)
            values = Array(repeating: 0, count: wider)
            used = 0
            guard !isFull else { return }
            for (key, value) in zip(old.0, old.1) where value != 0 { self[key] = value }
        }
    }
}
