import Glibc

/// A linear axis of responses.
struct ResponseAxis {
    let top: Double, height: Double
    /// The responses at both ends.
    let low: Double, high: Double
    /// Ticks are labelled in units of 10 to this power; 0 for responses of ordinary size.
    let exponent: Int
    let ticks: [Tick]
    /// What responses are multiplied by, so that no difference of two leaves the range of a double.
    private let unit: Double

    struct Tick {
        var value: Double, label: String
    }

    /// - Parameter values: Those that have to be seen; the axis goes a little beyond them.
    init(values: some Sequence<Double>, top: Double, height: Double, ticks count: Int, margin: Double = 0.06) {
        var lowest = Double.infinity, highest = -Double.infinity
        for value in values where value.isFinite {
            lowest = min(lowest, value)
            highest = max(highest, value)
        }
        if lowest > highest { (lowest, highest) = (0, 1) }
        self.top = top
        self.height = height
        let largest = max(lowest.magnitude, highest.magnitude)
        unit = largest > 1e290 ? 0x1p-60 : 1
        // Equal responses, or as good as equal, stand in the middle of a range of their own size.
        var span = highest * unit - lowest * unit
        if span <= max(largest * unit * 1e-13, 1e-305) { span = largest > 1e-290 ? largest * unit : 1 }
        let room = span < (highest * unit - lowest * unit) * 1.0001 ? span * margin : span / 2
        let largestEnd = Double.greatestFiniteMagnitude * unit
        low = max(lowest * unit - room, -largestEnd) / unit
        high = min(highest * unit + room, largestEnd) / unit
        (ticks, exponent) = Self.ticks(from: low, to: high, unit: unit, about: count)
    }

    func y(_ value: Double) -> Double {
        let share = (value * unit - low * unit) / (high * unit - low * unit)
        return top + height * (1 - share)
    }

    /// Not further outside than the axis is high: a band may be wide beyond measure.
    func clampedY(_ value: Double) -> Double { min(max(y(value), top - height), top + 2 * height) }

    private static func ticks(from low: Double, to high: Double, unit: Double, about count: Int) -> ([Tick], Int) {
        let raw = (high * unit - low * unit) / Double(count) / unit
        var power = Int(floor(log10(raw)))
        let mantissa = DisplayNumber.scaled(raw, by: -power)
        var multiple = mantissa <= 1.4 ? 1.0 : mantissa <= 3.2 ? 2 : mantissa <= 7.1 ? 5 : 10
        if multiple == 10 { (multiple, power) = (1, power + 1) }
        var step = DisplayNumber.scaled(multiple, by: power)
        // About zero in the middle a step may leave room for the zero alone: three ticks at least tell how far is far.
        for _ in 0..<3 where step > 0 && floor(high / step) - ceil(low / step) < 2 {
            switch multiple {
            case 5: multiple = 2
            case 2: multiple = 1
            default: (multiple, power) = (5, power - 1)
            }
            step = DisplayNumber.scaled(multiple, by: power)
        }
        let first = ceil(low / step), last = floor(high / step)
        guard step > 0, step.isFinite, first.magnitude < 1e15, last.magnitude < 1e15, last >= first else {
            return ([Tick(value: low, label: DisplayNumber.text(low)), Tick(value: high, label: DisplayNumber.text(high))], 0)
        }
        let largest = max(first.magnitude, last.magnitude) * multiple
        let size = Int(floor(log10(max(largest, 1)))) + power
        let exponent = size > 5 || size < -3 ? size : 0
        let ticks = (Int(first)...Int(last)).map { index in
            let digits = Double(index) * multiple
            let label = DisplayNumber.fixed(DisplayNumber.scaled(digits, by: power - exponent), decimals: exponent - power)
            return Tick(value: digits == 0 ? 0 : DisplayNumber.scaled(digits, by: power), label: label)
        }
        return (ticks, exponent)
    }
}
