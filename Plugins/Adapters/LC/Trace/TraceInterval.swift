import IngestCore

/// How far apart the points of a trace stand, told from its first ones, and what rounding may take from it.
struct TraceInterval {
    /// From one point to the next.
    var step: Double
    /// All points stand so, to the last digit; else they do about.
    let isEven: Bool
    private let slack: Double
    private let slackPerTime: Double

    private init(_ step: Double, slack: Double, perTime: Double, isEven: Bool) {
        self.step = step
        self.slack = slack
        slackPerTime = perTime
        self.isEven = isEven
    }

    /// - Parameter steps: Of the first points, with the time after each. Rows among them may be missing or garbled.
    /// - Returns: `nil` where they are too few, or too different.
    init?(_ steps: [(step: Double, time: Double)], _ digits: WrittenDigits) {
        guard steps.count >= 4 else { return nil }
        let usual = steps.map(\.step).sorted()[steps.count / 2]
        guard usual > 0, usual.isFinite else { return nil }
        // A step is the difference of two rounded times, and of it the usual one may be off by as much as half of one.
        let ulp = 1.5 * digits.last
        for (slack, precision) in [(ulp, TraceInterval.double), (ulp, TraceInterval.single), (0, TraceInterval.double)] {
            let tried = TraceInterval(usual, slack: slack, perTime: precision + 1.5 * digits.lastPerTime, isEven: true)
            let near = steps.filter { abs($0.step - usual) <= tried.tolerance(at: $0.time) && tried.canTell(at: $0.time) }
            guard steps.count - near.count <= max(1, steps.count / 10) else { continue }
            self = tried
            step = near.map(\.step).reduce(0, +) / Double(near.count)
            return
        }
        // Some detectors take their time: what stands out then is a row that is missing.
        let near = steps.count { abs($0.step - usual) <= 0.3 * usual }
        guard steps.count - near <= max(1, steps.count / 20) else { return nil }
        self.init(usual, slack: 0.5 * usual, perTime: 0, isEven: false)
    }

    /// The precision of times that were computed as doubles, and as floats, over that of the steps between them.
    private static let double = 1e-10, single = 1.8e-7

    /// How much a step that ends at `time` may differ.
    @inline(__always)
    func tolerance(at time: Double) -> Double { slack + abs(time) * slackPerTime }

    /// Whether times are written exactly enough there to tell that one is missing.
    @inline(__always)
    func canTell(at time: Double) -> Bool { tolerance(at: time) <= 0.5 * step }
}

/// How exactly the times of a trace are written. Most have a fixed number of decimals, of which zeros at the end may be left
/// out; others a fixed number of digits, and so fewer decimals the longer the run takes.
struct WrittenDigits {
    private var decimals = 0
    private var digits = 0
    /// The fewest digits among those with the most decimals.
    private var fewest = Int.max

    mutating func look(at written: String) {
        let decimals = LastDigit.decimals(written)
        let mantissa = written.prefix { $0 != "e" && $0 != "E" }
        let digits = mantissa.filter { $0.isASCII && $0.isNumber }.drop { $0 == "0" }.count
        if decimals > self.decimals { fewest = digits }
        if decimals == self.decimals { fewest = min(fewest, digits) }
        self.decimals = max(self.decimals, decimals)
        self.digits = max(self.digits, digits)
    }

    /// Whether two times have fewer decimals than the first had, and rounding to them may take so much from their step.
    func explain(_ deviation: Double, from last: Double, to time: Double) -> Bool {
        // Where the time gains a digit in front, only what follows has lost one behind.
        let isGaining = sequence(first: 10.0) { $0 < 1e9 ? $0 * 10 : nil }.contains { last < $0 && $0 <= time }
        let decimals = max(isGaining ? 0 : LastDigit.decimals("\(last)"), LastDigit.decimals("\(time)"))
        return decimals < self.decimals && deviation <= 1.5 * TraceInterval.tenth(decimals)
    }

    /// The last digit of a time.
    var last: Double { TraceInterval.tenth(decimals) }

    /// The last digit of a time, over that time; 0 where the decimals are fixed.
    var lastPerTime: Double { fewest >= 6 && fewest < .max ? TraceInterval.tenth(digits - 1) : 0 }
}

extension TraceInterval {
    fileprivate static func tenth(_ places: Int) -> Double { (0..<max(0, places)).reduce(1) { value, _ in value / 10 } }
}
