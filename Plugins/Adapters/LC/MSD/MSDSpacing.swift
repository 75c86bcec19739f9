import IngestCore

/// Watches that the points of a trace come evenly, as a detector takes them: a point that is missing leaves a gap.
///
/// A program that changes its rate goes on with the new one; a gap is over with the next point. Where times are rounded so
/// much that a single one tells nothing, the means of sixteen points are compared.
struct MSDSpacing {
    /// A gap, with the line of the point behind it, or nearly.
    struct Gap {
        let line: Int
        let isExact: Bool
    }

    private var last = Double.nan
    private var step = Double.nan
    /// Of the times that the mean interval is taken from.
    private var first = 0.0, intervals = 0
    private var suspect: (line: Int, time: Double)?

    // Means of times.
    private static let block = 16
    private var sum = 0.0, inBlock = 0
    private var means: [Double] = [], lines: [Int] = []

    /// - Parameter step: The interval as far as it is known.
    init(step: Double?) { self.step = step ?? .nan }

    /// A row was left out: from it to the next, any time is right.
    mutating func pass() { self = MSDSpacing(step: step.isNaN ? nil : step) }

    /// The usual interval of some times at the beginning of a trace.
    static func step(of times: [Double]) -> Double? {
        let intervals = zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > 0 }.sorted()
        guard intervals.count >= 3 else { return nil }
        // Of times that are much rounded the mean tells, of others the middle one, which no gap moves.
        let middle = intervals[intervals.count / 2], mean = (times[times.count - 1] - times[0]) / Double(times.count - 1)
        return abs(mean - middle) < middle / 2 ? mean : middle
    }

    /// Takes the next time.
    /// - Parameter half: What rounding may have taken from it, or added.
    mutating func look(at time: Double, line: Int, half: Double) -> Gap? {
        defer { last = time }
        guard !last.isNaN, time > last else {
            if !last.isNaN { pass() }
            first = time
            return nil
        }
        let interval = time - last
        // Both times of an interval are rounded, and so are those of the usual one.
        guard !step.isNaN, 4 * half < 0.95 * step else { return lookAtMean(time, line, interval, half) }
        let isEven = abs(interval - step) <= step / 2
        if let found = suspect {
            suspect = nil
            guard !isEven else { return Gap(line: found.line, isExact: true) }
            // Another rate, from the suspicious point on.
            (step, first, intervals) = (interval, last, 1)
            return nil
        }
        if isEven {
            count(time)
        } else {
            suspect = (line, time)
            (first, intervals) = (time, 0)
        }
        return nil
    }

    private mutating func count(_ time: Double) {
        intervals += 1
        if intervals >= 8 { step = (time - first) / Double(intervals) }
    }

    /// What is suspected of the last point cannot be told from another rate any more.
    mutating func finish() -> Gap? {
        defer { suspect = nil }
        return suspect.map { Gap(line: $0.line, isExact: true) }
    }

    private mutating func lookAtMean(_ time: Double, _ line: Int, _ interval: Double, _ half: Double) -> Gap? {
        intervals += 1
        if step.isNaN, intervals >= 8 { step = (time - first) / Double(intervals) }
        sum += time
        inBlock += 1
        guard inBlock == Self.block else { return nil }
        means.append(sum / Double(inBlock))
        lines.append(line)
        (sum, inBlock) = (0, 0)
        if means.count > 5 {
            means.removeFirst()
            lines.removeFirst()
        }
        guard means.count == 5 else { return nil }
        // The interval by the blocks that come first and last, which have no gap in them.
        let steps = zip(means.dropFirst(), means).map { $0 - $1 }
        let usual = (steps[0] + steps[3]) / 2, one = usual / Double(Self.block)
        guard abs(steps[0] - steps[3]) < 0.4 * one else { return nil }
        let more = (steps[1] + steps[2] - 2 * usual) / one
        guard abs(more) > 0.6 else { return nil }
        let place = lines[1]
        means.removeFirst(3)
        lines.removeFirst(3)
        return Gap(line: place, isExact: false)
    }
}
