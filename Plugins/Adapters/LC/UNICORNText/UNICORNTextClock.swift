import IngestCore
import TabularText

/// Watches the places of one curve: they rise, and by even distances as long as neither flow nor sampling changes. One
/// distance among even ones that is longer shows that a row is missing.
struct UNICORNTextClock {
    private(set) var first = Double.nan, firstStep = Double.nan
    private(set) var last = Double.nan
    private(set) var count = 0
    private(set) var falls = 0, repeats = 0, gaps = 0
    /// The last three distances, the newest last; those in front of the first are not a number.
    private var steps = (Double.nan, Double.nan, Double.nan)
    private var distances = 0
    /// Where the newest distance ended, when it was longer than the one before.
    private var longer: SourceLocation?

    enum Finding { case none, falls, repeats, gap(from: Double, to: Double, SourceLocation) }

    /// The newest distance.
    var step: Double { steps.2 }

    /// Takes the next place.
    @inline(__always)
    mutating func look(at place: Double, _ row: Row, _ column: Int) -> Finding {
        let distance = place - last
        steps = (steps.1, steps.2, distance)
        last = place
        count &+= 1
        // Mostly: as far as from the one before to the last.
        if distances > 3, Self.isLike(distance, steps.1), Self.isLike(steps.1, steps.0) { return .none }
        return lookClosely(row, column)
    }

    /// A point was left out: from the last to the next any distance is right.
    mutating func pass() {
        steps = (.nan, .nan, .nan)
        last = .nan
        longer = nil
    }

    @inline(never)
    private mutating func lookClosely(_ row: Row, _ column: Int) -> Finding {
        if count == 1 { first = last }
        if count == 2 { firstStep = steps.2 }
        guard steps.2.isFinite else { return .none }
        guard steps.2 > 0 else {
            let isFall = steps.2 < 0
            steps = (.nan, .nan, .nan)
            longer = nil
            if isFall { falls += 1 } else { repeats += 1 }
            return isFall ? .falls : .repeats
        }
        distances += 1
        let before = longer
        longer = steps.2 > 1.5 * steps.1 ? row.location(of: column) : nil
        let (from, to) = (last - steps.2 - steps.1, last - steps.2)
        if steps.1 > 1.5 * steps.0, Self.isLike(steps.2, steps.0), let before {
            gaps += 1
            return .gap(from: from, to: to, before)
        }
        if distances == 3, steps.0 > 1.5 * steps.1, Self.isLike(steps.2, steps.1) {
            gaps += 1
            return .gap(from: from - steps.0, to: from, row.location(of: column))
        }
        return .none
    }

    /// The last distance of all may be the longer one.
    mutating func finish() -> Finding {
        guard let longer, steps.2 > 1.5 * steps.1, Self.isLike(steps.1, steps.0) else { return .none }
        gaps += 1
        return .gap(from: last - steps.2, to: last, longer)
    }

    /// Rounding aside; false when one is none.
    @inline(__always)
    private static func isLike(_ distance: Double, _ other: Double) -> Bool { abs(distance - other) <= 0.25 * other }
}
