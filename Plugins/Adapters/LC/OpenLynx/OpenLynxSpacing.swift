/// Finds a gap in numbers that are evenly spaced otherwise: a point that is missing there.
///
/// The spacing is that of the numbers so far, so that rounding to the last digit hardly matters. Numbers that are not
/// even at all (masses, scans in turn) have no gap.
struct OpenLynxSpacing {
    /// Steps that are alike.
    private struct Steps {
        var sum = 0.0
        var count = 0
        /// The line of the first.
        var line = 0

        @inline(__always)
        func fits(_ step: Double, _ half: Double, breaks: Int) -> Bool {
            abs(step - sum / Double(count)) <= 2 * half * (1 + Double(1 + breaks) / Double(count)) + 1e-9
        }

        mutating func add(_ step: Double) {
            sum += step
            count += 1
        }
    }

    private var last = Double.nan
    private var usual = Steps()
    /// Others that came last, in case the first of all was the odd one.
    private var others = Steps()
    /// Where the spacing was interrupted, so that roundings no longer cancel out.
    private var breaks = 0
    private var odd = 0
    private var firstOdd = 0

    @inline(__always)
    mutating func look(at x: Double, _ line: Int, _ half: Double) {
        let step = x - last
        last = x
        guard step.isFinite else { return }
        if usual.count > 0, !usual.fits(step, half, breaks: breaks) { return takeOdd(step, line, half) }
        if usual.count == 0 { usual.line = line }
        usual.add(step)
    }

    private mutating func takeOdd(_ step: Double, _ line: Int, _ half: Double) {
        odd += 1
        breaks += 1
        if odd == 1 { firstOdd = line }
        if others.count == 0 || !others.fits(step, half, breaks: 1) { others = Steps(line: line) }
        others.add(step)
        guard others.count > usual.count else { return }
        odd += usual.count - others.count
        firstOdd = usual.line
        swap(&usual, &others)
        breaks = odd
    }

    /// A point was left out: from it to the next, any step is right.
    mutating func pass() {
        last = .nan
        breaks += 1
    }

    /// The line behind the first gap, if all but a few steps are even.
    var gap: Int? { odd > 0 && usual.count >= 4 && odd * 20 <= max(40, usual.count) ? firstOdd : nil }
}
