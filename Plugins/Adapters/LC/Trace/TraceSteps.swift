import IngestCore
import TabularText

/// Watches the first column of a trace: it rises, and evenly where its first points do. Where they do not, or it need not, a
/// row that is missing or stands twice is told by the steps on both sides.
///
/// What is odd is told with its line, of each kind the first few, and flags the trace. Where the interval changes for good,
/// that is told once.
struct TraceSteps {
    private let source: SourceFile
    /// Of the axis, for people.
    private let name: String
    private let field: String?
    /// The time before; `nil` before the first.
    private(set) var last: Double?
    /// Rows between the last and the next were left out: only that time rises is sure.
    private var isBehindGap = false
    /// Until the interval is known.
    private var first: [(time: Double, line: Int, isFollowing: Bool)] = []
    private(set) var isSettled = false
    private var digits = WrittenDigits()
    private var interval: TraceInterval?
    /// The last step, where it was an odd one.
    private var odd: Double?
    /// The last two steps and where the second ended, of a trace that is not even.
    private var around = Neighbours()
    private let isFree: Bool
    private var repeats = 0, falls = 0, jumps = 0

    /// Further places are counted: a file with many has one fault, many times.
    private static let mostTold = 5
    private static let firstPoints = 64

    /// Steps of a trace without an interval, of which one is judged when the next is known.
    private struct Neighbours {
        var before: Double?, step: Double?
        var time = 0.0, line = 0
    }

    /// - Parameter isFree: Its steps may be any, as those of a volume while the flow changes, and it may stand still.
    init(_ source: SourceFile, name: String, field: String?, isFree: Bool) {
        self.source = source
        self.name = name
        self.field = field
        self.isFree = isFree
    }

    /// Takes the time of a row, which stands in `column`.
    mutating func look(at time: Double, _ row: Row, column: Int = 0) {
        guard !isSettled else { return check(time, row.line) }
        digits.look(at: row[column])
        first.append((time, row.line, !isBehindGap))
        (last, isBehindGap) = (time, false)
        if first.count == TraceSteps.firstPoints { settle() }
    }

    /// Takes the times of many points, a line each.
    mutating func pass(_ points: UnsafeBufferPointer<Double>, every columns: Int, from line: Int) {
        var line = line
        for index in stride(from: 0, to: points.count, by: columns) {
            check(points[index], line)
            line &+= 1
        }
    }

    /// A row was left out: from it to the next, any step is right.
    mutating func pass() {
        judge(next: nil)
        isBehindGap = true
        odd = nil
        around = Neighbours()
    }

    private mutating func settle() {
        isSettled = true
        let steps = zip(first.dropFirst(), first).filter(\.0.isFollowing).map { ($0.time - $1.time, $0.time) }
        if !isFree { interval = TraceInterval(steps, digits).flatMap { $0.isEven ? $0 : nil } }
        let wasBehindGap = isBehindGap
        last = nil
        for point in first {
            if !point.isFollowing { pass() }
            check(point.time, point.line)
        }
        first = []
        isBehindGap = wasBehindGap
    }

    @inline(__always)
    private mutating func check(_ time: Double, _ line: Int) {
        defer { (last, isBehindGap) = (time, false) }
        guard let last else { return }
        let step = time - last
        if isBehindGap {
            if step < 0 || step == 0 && !isFree { tellOrder(time, line, isRepeat: step == 0) }
            return
        }
        guard let interval else { return watch(step, time, line) }
        guard step > 0 else { return tellOrder(time, line, isRepeat: step == 0) }
        if abs(step - interval.step) <= interval.tolerance(at: time) || !interval.canTell(at: time) {
            odd = nil
        } else {
            look(atOdd: step, from: last, time, line, interval)
        }
    }

    @inline(never)
    private mutating func look(
        atOdd step: Double, from last: Double, _ time: Double, _ line: Int, _ interval: TraceInterval
    ) {
        if digits.explain(abs(step - interval.step), from: last, to: time) {
            odd = nil
            return
        }
        if let odd, abs(step - odd) <= interval.tolerance(at: time) {
            // The interval was changed, and that was told.
            self.interval?.step = step
            self.odd = nil
            return
        }
        odd = step
        tellJump(step, time, line, usual: interval.step)
    }

    @inline(never)
    private mutating func watch(_ step: Double, _ time: Double, _ line: Int) {
        guard step >= 0 else {
            around = Neighbours()
            return tellOrder(time, line, isRepeat: false)
        }
        judge(next: step)
        around.before = around.step
        (around.step, around.time, around.line) = (step, time, line)
    }

    /// A step between greater ones that is none, or far greater than both beside it, is no change of the rate: that lasts.
    private mutating func judge(next: Double?) {
        guard let step = around.step, let usual = [around.before, next].compactMap(\.self).max() else { return }
        let least = min(around.before ?? usual, next ?? usual)
        if step == 0 {
            if least > 0 { tellOrder(around.time, around.line, isRepeat: true) }
        } else if step > 1.6 * usual, least > 0 {
            tellJump(step, around.time, around.line, usual: usual)
        }
    }

    private mutating func tellJump(_ step: Double, _ time: Double, _ line: Int, usual: Double) {
        jumps += 1
        guard jumps <= TraceSteps.mostTold else { return }
        tell(
            .warning, "trace.step",
            "the \(name) \(time) comes \(short(step)) after the one before, the others \(short(usual)) apart", line,
            "the point was read; a row is missing or was moved, or this number is garbled: compare it with the instrument")
    }

    @inline(never)
    private mutating func tellOrder(_ time: Double, _ line: Int, isRepeat: Bool) {
        odd = nil
        if isRepeat { repeats += 1 } else { falls += 1 }
        if !isRepeat { source.account.contradict("the \(name) falls in line \(line)") }
        guard (isRepeat ? repeats : falls) <= TraceSteps.mostTold else { return }
        if isRepeat {
            tell(
                .warning, "trace.time-repeats", "the \(name) \(time) stands twice", line,
                "the point was read; long runs are written with few digits, else a line was doubled")
        } else {
            tell(
                .error, "trace.time-falls", "the \(name) falls to \(time)", line,
                "the points were read as they stand, but nothing will be published: lines were moved, or two files put "
                    + "together; export it again")
        }
    }

    private func tell(_ severity: Diagnostic.Severity, _ code: String, _ message: String, _ line: Int, _ hint: String) {
        source.account.report(
            Diagnostic(severity, code, message, at: source.location(line: line, column: 1, field: field), hint: hint))
    }

    /// A step, without the digits that subtraction made.
    private func short(_ step: Double) -> String {
        guard step > 1e-9, step < 1e9 else { return "\(step)" }
        var scale = 1.0
        while step * scale < 1e4 { scale *= 10 }
        return "\((step * scale).rounded() / scale)"
    }

    /// Tells what was counted, and flags the trace.
    mutating func finish(_ writer: TraceWriter) {
        if !isSettled { settle() }
        judge(next: nil)
        if max(repeats, falls, jumps) > TraceSteps.mostTold {
            source.account.report(
                Diagnostic(
                    .warning, "trace.uneven",
                    "the \(name) repeats at \(repeats) places, falls at \(falls) and is uneven at \(jumps)",
                    at: source.location(), hint: "only the first \(TraceSteps.mostTold) of each are told"))
        }
        writer.change { trace in
            if repeats > 0 { trace.flags.append(Flag("timeRepeats")) }
            if falls > 0 { trace.flags.append(Flag("timeFalls")) }
            if jumps > 0 { trace.flags.append(Flag("timeUneven")) }
        }
    }
}
