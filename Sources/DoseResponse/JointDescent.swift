/// Newton's method with exact second derivatives, damped after Levenberg and Marquardt where they are not positive definite
/// or the step was too long.
struct JointDescent {
    struct Result {
        var vector: [Double]
        /// Of the objective.
        var value: Double
        var end: DescentEnd
    }

    let objective: JointObjective
    /// Places that do not move.
    var held: Set<Int> = []
    static let stepLimit = 400

    func descend(from start: [Double], limit: Int = stepLimit) -> Result {
        let moving = start.indices.filter { !held.contains($0) }
        var vector = start, here = objective.derivatives(start), damping = 0.0, growth = 2.0
        guard here.value.isFinite else { return Result(vector: vector, value: .infinity, end: .unfinished) }
        let floor = 1e-16 * objective.data.spread
        for _ in 0..<limit {
            if isOnBorder(vector) { return Result(vector: vector, value: here.value, end: .border) }
            let hessian = here.hessian.submatrix(moving)
            let weights = moving.map { max(here.expected[$0, $0], 1e-12) }
            let gradient = moving.map { here.gradient[$0] }
            guard let factor = CholeskyFactor(hessian, damping: damping, weights: weights, floor: 1e-14) else {
                damping = max(damping * 4, 1e-4)
                if damping > 1e12 { break }
                continue
            }
            let step = factor.solve(gradient.map { -$0 })
            let decrement = -zip(gradient, step).reduce(0) { $0 + $1.0 * $1.1 }
            if damping == 0, decrement <= 1e-13 * (here.value + floor) { return finish(vector, here, step, moving) }
            let share = reach(step, moving, vector)
            let next = moved(vector, step, moving, share), there = objective.derivatives(next)
            if there.value < here.value {
                let gain = (here.value - there.value) / (decrement * share * (1 - share / 2))
                if gain > 0.5 {
                    damping = damping < 1e-7 ? 0 : damping * 0.1
                    growth = 2
                } else if gain < 0.1 {
                    damping = max(damping * 3, 1e-4)
                }
                (vector, here) = (next, there)
            } else if decrement <= 1e-10 * (here.value + floor), let step = newton(here, moving, 1e-9 * (here.value + floor)) {
                // No lower value can be told apart any more, with damping or without.
                return finish(vector, here, step, moving)
            } else {
                damping = max(damping * growth, 1e-5)
                growth *= 2
                if damping > 1e14 { break }
            }
        }
        return Result(vector: vector, value: here.value, end: isRunningAway(vector) ? .border : .unfinished)
    }

    /// Towards the power of the dose that is the limit of flat slopes and far plateaus: no number of steps gets there.
    private func isRunningAway(_ vector: [Double]) -> Bool {
        objective.data.ranges.indices.contains { curve in
            let p = objective.parameters(curve, vector), places = objective.layout.places[curve]
            // In units of the range of the responses.
            return (places[1] >= 0 && Swift.abs(p[1]) > 20) || (places[2] >= 0 && Swift.abs(p[2]) > 20)
        }
    }

    /// The undamped step; `nil` where the second derivatives are not positive definite or more is to be gained than `limit`.
    private func newton(_ here: JointObjective.Derivatives, _ moving: [Int], _ limit: Double) -> [Double]? {
        let gradient = moving.map { here.gradient[$0] }
        guard let step = CholeskyFactor(here.hessian.submatrix(moving), floor: 1e-14)?.solve(gradient.map { -$0 }),
            -zip(gradient, step).reduce(0, { $0 + $1.0 * $1.1 }) <= limit
        else { return nil }
        return step
    }

    /// The value cannot tell any more; the gradient still can. Full steps go on while they shrink.
    private func finish(
        _ vector: [Double], _ here: JointObjective.Derivatives, _ step: [Double], _ moving: [Int]
    ) -> Result {
        var vector = vector, here = here, step = step
        func decrement(_ at: JointObjective.Derivatives, _ step: [Double]) -> Double {
            -zip(moving, step).reduce(0) { $0 + at.gradient[$1.0] * $1.1 }
        }
        var left = decrement(here, step)
        let floor = here.value + 1e-16 * objective.data.spread
        for _ in 0..<40 {
            let next = moved(vector, step, moving, reach(step, moving, vector)), there = objective.derivatives(next)
            guard there.value <= here.value + 1e-13 * floor,
                let factor = CholeskyFactor(there.hessian.submatrix(moving))
            else { break }
            let more = factor.solve(moving.map { -there.gradient[$0] })
            let remaining = decrement(there, more)
            guard remaining < 0.9 * left else { break }
            (vector, here, step, left) = (next, there, more, remaining)
            if left <= 1e-28 * floor { break }
        }
        return Result(vector: vector, value: here.value, end: .minimum)
    }

    /// f goes by a factor, so that it stays above 0; all else by a difference.
    private func moved(_ vector: [Double], _ step: [Double], _ moving: [Int], _ share: Double) -> [Double] {
        var result = vector
        for (k, place) in moving.enumerated() {
            if objective.layout.entries[place].parameter == .asymmetry {
                result[place] = vector[place] * Elementary.exp(share * step[k] / vector[place])
            } else {
                result[place] = vector[place] + share * step[k]
            }
        }
        return result
    }

    /// How much of a step is trusted: the exponents of the outermost doses change by a few units, or by half of what they are.
    private func reach(_ step: [Double], _ moving: [Int], _ vector: [Double]) -> Double {
        var whole = [Double](repeating: 0, count: vector.count)
        for (k, place) in moving.enumerated() { whole[place] = step[k] }
        var share = 1.0
        for curve in objective.data.ranges.indices {
            guard let (low, high) = objective.data.reach(curve) else { continue }
            let places = objective.layout.places[curve], p = objective.parameters(curve, vector)
            let db = places[0] >= 0 ? whole[places[0]] : 0, dq = places[3] >= 0 ? whole[places[3]] : 0
            for x in [low, high] {
                let change = Swift.abs(db * (x - p[3]) - (p[0] + db) * dq)
                let size = Swift.abs(p[0] * (x - p[3]))
                if change > 0 { share = min(share, (2 + 0.5 * size) / change) }
            }
            if places[4] >= 0, whole[places[4]] != 0 { share = min(share, 1.5 * p[4] / Swift.abs(whole[places[4]])) }
        }
        return share
    }

    /// A curve with all doses on one plateau, or all in a step or a straight line in ln x.
    private func isOnBorder(_ vector: [Double]) -> Bool {
        for curve in objective.data.ranges.indices {
            guard let (low, high) = objective.data.reach(curve) else { continue }
            let places = objective.layout.places[curve], p = objective.parameters(curve, vector)
            let b = Swift.abs(p[0])
            guard b.isFinite, p[3].isFinite else { return true }
            if places[0] >= 0, !held.contains(places[0]), b * (high - low) > 1500 || b * (high - low) < 1e-6 { return true }
            if places[4] >= 0, p[4] > 1e7 || p[4] < 1e-7 { return true }
            guard places[3] >= 0, !held.contains(places[3]) else { continue }
            let near = b * min(Swift.abs(low - p[3]), Swift.abs(high - p[3]))
            if (p[3] < low) || (p[3] > high), near > 32 { return true }
        }
        return false
    }
}
