/// How many mutants came to what.
public struct MutationTally: Sendable, Hashable {
    public var tried = 0
    public var intact = 0
    /// Among the intact ones: other words, the same numbers.
    public var otherWords = 0
    public var told = 0
    /// Among those told: with the place.
    public var placed = 0
    /// Said to be unknown.
    public var unknown = 0
    public var silent = 0

    public init() {}

    mutating func add(_ verdict: MutationVerdict) {
        tried += 1
        switch verdict {
        case .intact: intact += 1
        case .otherWords: (intact, otherWords) = (intact + 1, otherWords + 1)
        case .told(let isPlaced): (told, placed) = (told + 1, placed + (isPlaced ? 1 : 0))
        case .unknown: unknown += 1
        case .silent: silent += 1
        }
    }

    public static func += (left: inout MutationTally, right: MutationTally) {
        left.tried += right.tried
        left.intact += right.intact
        left.otherWords += right.otherWords
        left.told += right.told
        left.placed += right.placed
        left.silent += right.silent
        left.unknown += right.unknown
    }

    public var silentShare: Double { tried == 0 ? 0 : 100 * Double(silent) / Double(tried) }
}
