import Glibc

/// A logarithmic axis of doses, with a place of its own for the dose 0, left of a break.
struct DoseAxis {
    /// Of the logarithmic part.
    let left: Double, width: Double
    /// The middle of the place of the dose 0; `nil` when nothing was measured there.
    let zero: Double?
    /// log10 of the doses at both ends.
    let low: Double, high: Double
    /// Whether any dose is above 0.
    let hasDoses: Bool

    struct Tick {
        var x: Double
        /// `nil` for a small one.
        var label: String?
    }

    /// - Parameter doses: Those measured, and others that have to be seen.
    init(doses: some Sequence<Double>, from start: Double, to end: Double, zeroWidth: Double) {
        var lowest = Double.infinity, highest = 0.0, seesZero = false
        for dose in doses {
            if dose > 0, dose.isFinite {
                lowest = min(lowest, dose)
                highest = max(highest, dose)
            } else if dose == 0 {
                seesZero = true
            }
        }
        hasDoses = highest > 0
        let ends = hasDoses ? (log10(lowest), log10(highest)) : (0, 0)
        let margin = ends.1 > ends.0 ? min(max((ends.1 - ends.0) * 0.07, 0.08), 0.5) : 0.5
        low = ends.0 - margin
        high = ends.1 + margin
        zero = seesZero ? start + zeroWidth / 2 : nil
        left = seesZero ? start + zeroWidth : start
        width = end - left
    }

    func x(log10 position: Double) -> Double { left + (position - low) / (high - low) * width }

    /// `nil` for a dose that has no place.
    func x(_ dose: Double) -> Double? {
        if dose == 0 { return zero }
        return dose > 0 && dose.isFinite ? x(log10: log10(dose)) : nil
    }

    func holds(_ dose: Double) -> Bool { dose > 0 && (low...high).contains(log10(dose)) }

    /// Decades, or numbers between them where there is less than two; small ticks at 2 to 9 where they can be told apart.
    func ticks(labelWidth: Double) -> [Tick] {
        guard hasDoses else { return [] }
        let decades = Array(Int(ceil(low))...max(Int(floor(high)), Int(ceil(low)))).filter { Double($0) <= high }
        guard decades.count >= 2 else { return ticksWithinADecade() }
        let step = Int(ceil(Double(decades.count) * labelWidth / max(width, 1)))
        let asPowers = decades.contains { $0 < -4 || $0 > 5 }
        var ticks: [Tick] = []
        for decade in Int(floor(low))...Int(floor(high)) {
            if Double(decade) >= low {
                let isLabelled = (decade - decades[0]) % step == 0
                let label = asPowers ? DisplayNumber.powerOfTen(decade) : Self.plain(decade)
                ticks.append(Tick(x: x(log10: Double(decade)), label: isLabelled ? label : nil))
            }
            let room = width / (high - low)
            guard room > 56 else { continue }
            for multiple in 2...9 {
                let position = Double(decade) + log10(Double(multiple))
                guard position > low, position < high else { continue }
                let isLabelled = room > 4 * labelWidth && !asPowers && (multiple == 2 || multiple == 5)
                let value = DisplayNumber.scaled(Double(multiple), by: decade)
                ticks.append(Tick(x: x(log10: position), label: isLabelled ? DisplayNumber.short(value) : nil))
            }
        }
        return ticks
    }

    private func ticksWithinADecade() -> [Tick] {
        let decade = Int(floor(low))
        for multiples in [[1.0, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9], stride(from: 1, to: 10, by: 0.1).map { $0 }] {
            let positions = (decade...decade + 2).flatMap { decade in
                multiples.map { (decade, $0, Double(decade) + log10($0)) }
            }.filter { $0.2 >= low && $0.2 <= high }
            guard positions.count >= 2 else { continue }
            let step = max(1, Int(ceil(Double(positions.count) / 6)))
            return positions.enumerated().map { index, position in
                let value = DisplayNumber.scaled(position.1, by: position.0)
                return Tick(x: x(log10: position.2), label: index % step == 0 ? DisplayNumber.short(value) : nil)
            }
        }
        return [Tick(x: left + width / 2, label: DisplayNumber.short(pow(10, (low + high) / 2)))]
    }

    /// `0.001` to `100000`.
    private static func plain(_ decade: Int) -> String {
        decade < 0 ? "0." + String(repeating: "0", count: -decade - 1) + "1" : "1" + String(repeating: "0", count: decade)
    }
}
