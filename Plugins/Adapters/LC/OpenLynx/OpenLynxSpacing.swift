/// Finds a gap in numbers that are evenly spaced otherwise: a point that is missing there.
///
/// The spacing is that of the numbers so far, so that rounding to the last digit hardly matters. Numbers that are not
/// even at all (masses, scans in turn) have no gap.
struct OpenLynxSpacing {
    private var last = Double.nan
    private var sum = 0.0
    private var steps = 0
    /// Where the spacing was interrupted, so that roundings no longer cancel out.
    private var breaks = 0
    private var odd = 0
    private var firstOdd = 0

    @inline(__always)
    mutating func look(at x: Double, _ line: Int, _ half: Double) {
        let step = x - last
        last = x
        guard step.isFinite else { return }
        if steps > 0 {
            let count = Double(steps)
            let tolerance = 2 * half * (1 + Double(1 + breaks) / count) + 1e-9
            if abs(step - sum / count) > tolerance {
                odd += 1
                breaks += 1
                if odd == 1 { firstOdd = line }
                return
            }
        }
        sum += step
        steps += 1
    }

    /// A point was left out: from it to the next, any step is right.
    mutating func pass() {
        last = .nan
        breaks += 1
    }

    /// The line behind the first gap, if all but a few steps are even.
    var gap: Int? { odd > 0 && steps >= 4 && odd * 20 <= max(20, steps) ? firstOdd : nil }
}
