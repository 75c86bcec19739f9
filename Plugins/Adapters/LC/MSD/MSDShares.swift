import IngestCore
import TabularText

/// The areas of a table beside what it says each is a share of: of the largest, and of all. A row in which they do not
/// go together was changed.
struct MSDShares {
    struct Share {
        var value: Double
        /// What rounding may have taken from it.
        var half: Double

        init?(_ quantity: Quantity?) {
            guard let quantity, let value = quantity.value, quantity.bound == .exact else { return nil }
            self.value = value
            half = LastDigit.half(quantity.written.hasSuffix("%") ? String(quantity.written.dropLast()) : quantity.written)
        }
    }

    struct Entry {
        var area: Share?
        var ofLargest: Share?, ofAll: Share?
    }

    enum Misfit { case area, ofLargest, ofAll }

    private var largest: Double?
    private var all: Double?
    private var largestError = 0.0, allError = 0.0

    /// - Parameter entries: The rows of a table, or the first few thousand.
    init(_ entries: [Entry]) {
        (largest, largestError) = Self.ratio(entries, \.ofLargest)
        (all, allError) = Self.ratio(entries, \.ofAll)
    }

    /// Area for one percent: the ratio of one of the rows with the largest shares, and so the most exact ones, that fits
    /// most rows.
    private static func ratio(_ entries: [Entry], _ share: KeyPath<Entry, Share?>) -> (Double?, error: Double) {
        let pairs = entries.compactMap { entry -> (area: Share, share: Share)? in
            guard let area = entry.area, let share = entry[keyPath: share], share.value > 0 else { return nil }
            return (area, share)
        }
        let best = pairs.sorted { $0.share.value > $1.share.value }.prefix(4)
        var found: (ratio: Double, error: Double, fits: Int)?
        for (area, share) in best {
            let ratio = area.value / share.value, error = share.half / share.value
            let fits = pairs.count { Self.fits($0.area, $0.share, ratio, error) }
            if fits > found?.fits ?? 0 { found = (ratio, error, fits) }
        }
        return (found?.ratio, found?.error ?? 0)
    }

    private static func fits(_ area: Share, _ share: Share, _ ratio: Double, _ error: Double) -> Bool {
        abs(area.value - ratio * share.value) <= abs(ratio) * share.half + abs(area.value) * (error + 1e-6) + 2 * area.half
    }

    func misfit(_ entry: Entry) -> Misfit? {
        guard let area = entry.area else { return nil }
        func isOff(_ share: Share?, _ ratio: Double?, _ error: Double) -> Bool {
            guard let share, let ratio else { return false }
            return !Self.fits(area, share, ratio, error)
        }
        switch (isOff(entry.ofLargest, largest, largestError), isOff(entry.ofAll, all, allError)) {
        case (true, true): return .area
        case (true, false): return .ofLargest
        case (false, true): return .ofAll
        case (false, false): return nil
        }
    }
}
