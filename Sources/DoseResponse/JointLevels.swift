/// What several curves come down to for a common fit: weighted means of their doses on common scales.
///
/// As for one curve (``DoseLevels``), merging replicates is exact; what they differ by is `pureError`.
struct JointLevels: Sendable {
    struct Level: Sendable {
        var curve: Int
        /// Natural logarithm of the dose about `center`; -infinity at dose 0.
        var x: Double
        var w: Double
        /// (response - shift)/scale.
        var y: Double
    }

    /// By curve, then by dose.
    private(set) var levels: [Level] = []
    private(set) var ranges: [Range<Int>] = []
    /// response = shift + scale y; ln dose = center + x.
    private(set) var shift = 0.0, scale = 1.0, center = 0.0
    /// Points of weight above 0; sums of squares (scaled) about the level means and about the mean of all.
    private(set) var points = 0, pureError = 0.0, spread = 0.0, logWeights = 0.0
    /// Of each curve.
    private(set) var curvePoints: [Int] = []
    private(set) var isConstant = true

    /// - Parameter merging: `false` keeps every point: for losses that are no sums of squares.
    init(_ curves: [DoseResponseCurve], merging: Bool = true) {
        measure(curves)
        for (index, curve) in curves.enumerated() {
            let start = levels.count
            let places = curve.doses.indices.filter { curve.weight($0) > 0 }
            curvePoints.append(places.count)
            let order = merging ? places.sorted { curve.doses[$0] < curve.doses[$1] } : places
            var i = 0
            while i < order.count {
                var j = i + 1
                while merging, j < order.count, curve.doses[order[j]] == curve.doses[order[i]] { j += 1 }
                add(curve, index, order[i..<j])
                i = j
            }
            ranges.append(start..<levels.count)
        }
    }

    private mutating func measure(_ curves: [DoseResponseCurve]) {
        var weight = 0.0, sum = 0.0, low = Double.infinity, high = -Double.infinity, first: Double?
        var lowest = Double.infinity, highest = 0.0
        for curve in curves {
            for i in curve.doses.indices where curve.weight(i) > 0 {
                let origin = first ?? curve.responses[i]
                first = origin
                points += 1
                weight += curve.weight(i)
                sum += curve.weight(i) * (curve.responses[i] - origin)
                (low, high) = (min(low, curve.responses[i]), max(high, curve.responses[i]))
                if curve.weights != nil { logWeights += Elementary.log(curve.weight(i)) }
                if curve.doses[i] > 0 { (lowest, highest) = (min(lowest, curve.doses[i]), max(highest, curve.doses[i])) }
            }
        }
        guard let first else { return }
        isConstant = low == high
        shift = first + sum / weight
        let range = high - low
        // A power of two: dividing by it rounds nothing.
        if range > 0, range.isFinite { scale = Double(sign: .plus, exponent: range.exponent, significand: 1) }
        if highest > 0 { center = 0.5 * (Elementary.log(lowest) + Elementary.log(highest)) }
    }

    private mutating func add(_ curve: DoseResponseCurve, _ index: Int, _ places: ArraySlice<Int>) {
        var weight = 0.0, sum = 0.0
        for i in places {
            weight += curve.weight(i)
            sum += curve.weight(i) * ((curve.responses[i] - shift) / scale)
        }
        let mean = sum / weight
        for i in places {
            let value = (curve.responses[i] - shift) / scale
            pureError += curve.weight(i) * (value - mean) * (value - mean)
            spread += curve.weight(i) * value * value
        }
        let dose = curve.doses[places[places.startIndex]]
        levels.append(Level(curve: index, x: dose > 0 ? Elementary.log(dose) - center : -.infinity, w: weight, y: mean))
    }

    /// Levels of a curve above dose 0, lowest and highest; `nil` when there is none.
    func reach(_ curve: Int) -> (low: Double, high: Double)? {
        let inside = levels[ranges[curve]].lazy.map(\.x).filter { $0 > -.infinity }
        guard let low = inside.min(), let high = inside.max() else { return nil }
        return (low, high)
    }
}

extension DoseResponseCurve {
    func weight(_ i: Int) -> Double { weights?[i] ?? 1 }
}
