import IngestCore

/// Which compounds were told for which injections, to notice one that stands twice.
struct OpenLabCompounds {
    /// The most that are remembered, in about 50 MB; reports have thousands.
    static let most = 1_000_000

    private struct Place: Hashable {
        let line: Int, injection: Int, compound: Int, signal: Int
    }

    private var seen: Set<Place> = []
    private var names: [String: Int] = [:]
    /// The last one was the last that is remembered.
    private(set) var isFullNow = false

    /// Whether the compound was there before for the same line, injection and signal. One without a name never was.
    mutating func isRepeated(_ result: ResultRecord, line: Int) -> Bool {
        isFullNow = false
        guard let compound = result.analyte?.name, seen.count < OpenLabCompounds.most else { return false }
        let place = Place(
            line: line, injection: result.injection?.ordinal ?? 0, compound: number(compound),
            signal: number(result.signal?.name ?? ""))
        let isNew = seen.insert(place).inserted
        isFullNow = isNew && seen.count == OpenLabCompounds.most
        return !isNew
    }

    private mutating func number(_ name: String) -> Int {
        if let known = names[name] { return known }
        names[name] = names.count
        return names.count - 1
    }
}
