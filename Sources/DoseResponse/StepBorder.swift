/// The border where the slope runs to infinity: plateaus, and one dose anywhere between them.
///
/// The search begins at the best of these steps too, because a steep curve has a valley of its own at each dose.
struct StepBorder {
    struct Step {
        var rss: Double
        /// How many levels (dose 0 included) lie before the free one, or before the gap when none is free.
        var before: Int
        /// The share of the plateau at the low doses that the free level has; `nil` when the step falls between two levels.
        var share: Double?
        /// Whether the plateau at the low doses is the one called d.
        var topFirst: Bool

        static let none = Step(rss: .infinity, before: 0, share: nil, topFirst: true)
    }

    /// The three lowest of all, the lowest first.
    private(set) var steps = InlineArray<3, Step>(repeating: .none)
    private(set) var count = 0
    /// The lowest of those that begin on one plateau.
    private var lowestFromTop = Double.infinity, lowestFromBottom = Double.infinity

    init(_ levels: DoseLevels, _ model: ScaledModel) {
        guard model.movesB, model.movesQ else { return }
        let total = levels.doses, zero = levels.zeroWeight > 0 ? 1 : 0
        func weight(_ i: Int) -> Double { zero == 1 ? (i == 0 ? levels.zeroWeight : levels.w[i - 1]) : levels.w[i] }
        func mean(_ i: Int) -> Double { zero == 1 ? (i == 0 ? levels.zeroMean : levels.y[i - 1]) : levels.y[i] }
        var head = Tail(), tail = Tail()
        for i in 0..<total { tail.add(weight(i), mean(i)) }
        for k in 0...total {
            // Between two levels: `k` of them before.
            consider(head, tail, k, model, free: nil)
            guard k < total else { break }
            tail.remove(weight(k), mean(k))
            // Level k free; dose 0 always stands on its plateau.
            if k >= zero { consider(head, tail, k, model, free: mean(k)) }
            head.add(weight(k), mean(k))
        }
        settle(levels, model)
    }

    /// Differences of sums lose digits that decide: the best steps once more, from their residuals.
    private mutating func settle(_ levels: DoseLevels, _ model: ScaledModel) {
        for i in 0..<count { steps[i].rss = Self.exact(steps[i], levels, model) }
        for i in 1..<3 where steps[i].rss < steps[0].rss { (steps[0], steps[i]) = (steps[i], steps[0]) }
    }

    private static func exact(_ step: Step, _ levels: DoseLevels, _ model: ScaledModel) -> Double {
        let first = step.topFirst ? model.top : model.bottom, second = step.topFirst ? model.bottom : model.top
        let after = step.share == nil ? step.before : step.before + 1
        return levels.residuals(of: 0..<step.before, about: first) + levels.residuals(of: after..<levels.doses, about: second)
    }

    var first: Step? { count > 0 ? steps[0] : nil }
    var lowest: Double { steps[0].rss }

    /// Of the steps that begin on one plateau.
    func lowest(topFirst: Bool) -> Double { topFirst ? lowestFromTop : lowestFromBottom }

    private mutating func insert(_ step: Step) {
        if step.topFirst {
            lowestFromTop = min(lowestFromTop, step.rss)
        } else {
            lowestFromBottom = min(lowestFromBottom, step.rss)
        }
        guard step.rss < steps[2].rss else { return }
        var place = 2
        while place > 0, steps[place - 1].rss > step.rss {
            steps[place] = steps[place - 1]
            place -= 1
        }
        steps[place] = step
        count = min(count + 1, 3)
    }

    private mutating func consider(_ head: Tail, _ tail: Tail, _ k: Int, _ model: ScaledModel, free: Double?) {
        for side in 0..<2 {
            let topFirst = side == 0
            let first = topFirst ? model.top : model.bottom, second = topFirst ? model.bottom : model.top
            let low = first ?? head.mean, high = second ?? tail.mean
            if model.linearCount == 2, topFirst != (low >= high) { continue }
            let rss = head.rss(about: low) + tail.rss(about: high)
            if let free {
                let share = (free - high) / (low - high)
                guard share > 0, share < 1 else { continue }
                insert(Step(rss: rss, before: k, share: share, topFirst: topFirst))
            } else {
                insert(Step(rss: rss, before: k, share: nil, topFirst: topFirst))
            }
        }
    }

    /// A shape steep enough to be in the valley of a step.
    /// - Parameter widely: Steep by the wider of the gaps beside the step, where two doses lie close together.
    func shape(of step: Step, _ levels: DoseLevels, _ model: ScaledModel, widely: Bool = false) -> Shape? {
        let zero = levels.zeroWeight > 0 ? 1 : 0, k = step.before - zero
        let falls = model.family == .weibull2 ? !step.topFirst : step.topFirst
        func place(_ i: Int) -> Double {
            i < 0 ? levels.lowest - max(levels.gap, 1) : i >= levels.count ? levels.highest + max(levels.gap, 1) : levels.x[i]
        }
        guard step.share != nil else {
            guard k >= 0, k <= levels.count else { return nil }
            let b = 5 / max(place(k) - place(k - 1), 1e-9)
            return Shape(b: falls || model.hasTwin ? b : -b, q: 0.5 * (place(k - 1) + place(k)), lnF: model.held.lnF)
        }
        let before = place(k) - place(k - 1), after = place(k + 1) - place(k)
        let nearest = widely ? max(before, after) : min(before, after)
        let b = (falls || model.hasTwin ? 1 : -1) * 4 / max(nearest, 1e-9)
        let share = min(max(step.share ?? 0.5, 0.02), 0.98)
        // The exponent at which the low doses' plateau still has this share.
        let u = (b > 0 ? 1 : -1) * Elementary.log((1 - share) / share)
        return Shape(b: b, q: levels.x[k] - u / b, lnF: model.held.lnF)
    }

    /// Sums of a run of levels.
    private struct Tail {
        private var weight = 0.0, sum = 0.0, squares = 0.0
        mutating func add(_ w: Double, _ y: Double) {
            weight += w
            sum += w * y
            squares += w * y * y
        }
        mutating func remove(_ w: Double, _ y: Double) { add(-w, y) }
        var mean: Double { weight > 0 ? sum / weight : 0 }
        func rss(about value: Double) -> Double {
            // A run that was emptied holds nothing but rounding.
            weight > 1e-12 ? max(0, squares - 2 * value * sum + value * value * weight) : 0
        }
    }
}

extension DoseLevels {
    /// The sum of squares of a run of levels (dose 0 included) about a value, or about their mean.
    func residuals(of run: Range<Int>, about held: Double?) -> Double {
        let zero = zeroWeight > 0 ? 1 : 0
        func weight(_ i: Int) -> Double { i < zero ? zeroWeight : w[i - zero] }
        func mean(_ i: Int) -> Double { i < zero ? zeroMean : y[i - zero] }
        var total = 0.0, sum = 0.0
        for i in run {
            total += weight(i)
            sum += weight(i) * mean(i)
        }
        guard total > 0 else { return 0 }
        let value = held ?? sum / total
        var squares = 0.0
        for i in run { squares += weight(i) * (mean(i) - value) * (mean(i) - value) }
        return squares
    }
}
