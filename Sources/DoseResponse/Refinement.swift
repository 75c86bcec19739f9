/// Where a descent ended.
enum DescentEnd {
    /// Gradient gone, second derivatives positive definite.
    case minimum
    /// A parameter runs away: what is found is a bound of the border's value.
    case border
    /// Neither within the limit of steps.
    case unfinished
}

struct Descent {
    var shape: Shape
    var evaluation: Evaluation
    var end: DescentEnd
}

/// Newton's method on the projected problem. Where the second derivatives are not positive definite, each direction is gone by the
/// size of its curvature (the saddle-free step), so that long flat valleys are crossed and not crept along.
struct Refinement {
    let levels: DoseLevels
    let model: ScaledModel
    static let stepLimit = 200

    func descend(from start: Shape) -> Descent {
        var shape = start
        var here = levels.evaluate(shape, model)
        guard here.rss.isFinite else { return Descent(shape: shape, evaluation: here, end: .unfinished) }
        var trust = 1.0
        for _ in 0..<Self.stepLimit {
            if isOnBorder(shape) { return Descent(shape: shape, evaluation: here, end: .border) }
            let newton = Symmetric3(here, model)?.solve(-here.gradient)
            guard let step = newton ?? SaddleFreeStep.solve(here, model) else { break }
            let decrement = -(here.gradient * step).total
            let floor = here.rss + levels.spread * 1e-16
            if let newton, decrement <= 1e-13 * floor { return finish(shape, here, newton) }
            let factor = trust * limit(step, shape)
            let next = moved(shape, step * factor)
            let there = levels.evaluate(next, model)
            if there.rss < here.rss {
                // Expected of a quadratic: decrement (factor - factor^2/2), twice that in the sum of squares.
                let gain = (here.rss - there.rss) / (decrement * factor * (2 - factor))
                trust = gain > 0.4 ? min(1, trust * 4) : gain < 0.1 ? trust * 0.5 : trust
                (shape, here) = (next, there)
            } else if let newton, decrement <= 1e-11 * floor {
                // No lower value can be told apart any more.
                return finish(shape, here, newton)
            } else {
                trust *= 0.25
                if trust < 1e-14 { break }
            }
        }
        return Descent(shape: shape, evaluation: here, end: .unfinished)
    }

    /// The sum of squares cannot tell any more; the gradient still can. Full steps go on while they shrink, which ordinary minima end
    /// after one or two and flat ones after many.
    private func finish(_ shape: Shape, _ here: Evaluation, _ step: Lanes) -> Descent {
        var shape = shape, here = here, step = step
        var decrement = -(here.gradient * step).total
        let floor = here.rss + levels.spread * 1e-16
        for _ in 0..<40 {
            let next = moved(shape, step * limit(step, shape))
            let there = levels.evaluate(next, model)
            guard there.rss <= here.rss + 1e-13 * floor, let more = Symmetric3(there, model)?.solve(-there.gradient)
            else { break }
            let left = -(there.gradient * more).total
            guard left < 0.9 * decrement else { break }
            (shape, here, step, decrement) = (next, there, more, left)
            if left <= 1e-27 * floor { break }
        }
        return Descent(shape: shape, evaluation: here, end: .minimum)
    }

    private func moved(_ shape: Shape, _ step: Lanes) -> Shape {
        let b = shape.b + step[0]
        return Shape(b: b, k: model.movesQ ? shape.k + step[1] : b * model.pivot, lnF: shape.lnF + step[2])
    }

    /// How much of a step is trusted: the exponents of the outermost doses change by a few units, or by half of what they are.
    private func limit(_ step: Lanes, _ shape: Shape) -> Double {
        let low = levels.lowest - model.pivot, high = levels.highest - model.pivot
        let change = max(Swift.abs(step[0] * low - step[1]), Swift.abs(step[0] * high - step[1]))
        let size = max(
            Swift.abs(shape.b * levels.lowest - shape.k), Swift.abs(shape.b * levels.highest - shape.k))
        return min(1, (2 + 0.5 * size) / max(change, 1e-300), 1.5 / max(Swift.abs(step[2]), 1e-300))
    }

    /// Every dose on one plateau, or no dose between the plateaus but one, or no curvature left.
    private func isOnBorder(_ shape: Shape) -> Bool {
        let b = Swift.abs(shape.b)
        guard b.isFinite, shape.k.isFinite else { return true }
        if model.movesB, b * levels.gap > 60 || b * levels.span > 1e5 || b * levels.span < 1e-7 { return true }
        if model.movesF, Swift.abs(shape.lnF) > 16 || isBroken(shape) { return true }
        guard model.movesQ else { return false }
        let low = shape.b * levels.lowest - shape.k, high = shape.b * levels.highest - shape.k
        return (low > 0) == (high > 0) && min(Swift.abs(low), Swift.abs(high)) > 32
    }

    /// Every dose so far from the bend that ln(1 + e^u) is u or 0: a broken line in ln x, where only the product of b and f counts.
    private func isBroken(_ shape: Shape) -> Bool {
        for i in 0..<levels.count where Swift.abs(shape.b * levels.x[i] - shape.k) < 18 { return false }
        return true
    }
}

/// A symmetric matrix of b, k, ln f; rows of parameters that do not move are those of the unit matrix.
struct Symmetric3 {
    private let l00: Double, l10: Double, l11: Double, l20: Double, l21: Double, l22: Double
    private let moves: Lanes

    /// The Cholesky factor; `nil` when the matrix is not positive definite beyond rounding.
    init?(_ e: Evaluation, _ model: ScaledModel) {
        let b = model.movesB, k = model.movesQ, f = model.movesF
        let a00 = b ? e.bb : 1
        let a10 = b && k ? e.bk : 0
        let a11 = k ? e.kk : 1
        let a20 = b && f ? e.bf : 0
        let a21 = k && f ? e.kf : 0
        let a22 = f ? e.ff : 1
        guard a00 > 1e-15 * (b ? e.scale[0] : 1) else { return nil }
        l00 = a00.squareRoot()
        l10 = a10 / l00
        let d1 = a11 - l10 * l10
        guard d1 > 1e-15 * (k ? e.scale[1] : 1) else { return nil }
        l11 = d1.squareRoot()
        l20 = a20 / l00
        l21 = (a21 - l20 * l10) / l11
        let d2 = a22 - l20 * l20 - l21 * l21
        guard d2 > 1e-15 * (f ? e.scale[2] : 1) else { return nil }
        l22 = d2.squareRoot()
        moves = Lanes(b ? 1 : 0, k ? 1 : 0, f ? 1 : 0, 0)
    }

    func solve(_ right: Lanes) -> Lanes {
        let r = right * moves
        let z0 = r[0] / l00
        let z1 = (r[1] - l10 * z0) / l11
        let z2 = (r[2] - l20 * z0 - l21 * z1) / l22
        let s2 = z2 / l22
        let s1 = (z1 - l21 * s2) / l11
        return Lanes((z0 - l10 * s1 - l20 * s2) / l00, s1, s2, 0)
    }
}
