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
        descend(from: start) { _, _, _ in false } ?? Descent(shape: start, evaluation: Evaluation(), end: .unfinished)
    }

    /// - Returns: `nil` as soon as it heads for a minimum that is known.
    func descend(from start: Shape, past minima: KnownMinima) -> Descent? {
        if minima.count == 0 { return descend(from: start) }
        return descend(from: start) { shape, evaluation, newton in leads(shape, evaluation, newton, to: minima) }
    }

    /// Whether the Newton step from here ends at a known minimum, by place and by value: the quadratic then holds all the way.
    private func leads(_ shape: Shape, _ here: Evaluation, _ step: Lanes, to minima: KnownMinima) -> Bool {
        let decrement = -(here.gradient * step).total
        for i in 0..<minima.count {
            let known = minima[i]
            guard Swift.abs(here.rss - decrement - known.rss) <= 0.05 * decrement else { continue }
            let b = shape.b + step[0] - known.shape.b, k = model.movesQ ? shape.k + step[1] - known.shape.k : 0
            let f = shape.lnF + step[2] - known.shape.lnF
            var square = here.bb * b * b + here.kk * k * k + 2 * here.bk * b * k
            if model.movesF { square += here.ff * f * f + 2 * f * (here.bf * b + here.kf * k) }
            if square <= 0.01 * decrement { return true }
        }
        return false
    }

    @inline(__always)
    private func descend(from start: Shape, unless isKnown: (Shape, Evaluation, Lanes) -> Bool) -> Descent? {
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
            if let newton, isKnown(shape, here, newton) { return nil }
            let factor = trust * limit(step, shape)
            let next = moved(shape, step * factor)
            let there = levels.evaluate(next, model)
            if there.rss < here.rss {
                // Expected of a quadratic: decrement (factor - factor^2/2), twice that in the sum of squares.
                let gain = (here.rss - there.rss) / (decrement * factor * (2 - factor))
                trust = gain > 0.4 ? min(1, trust * 4) : gain < 0.1 ? trust * 0.5 : trust
                (shape, here) = (next, there)
            } else if let newton,
                decrement <= 1e-11 * floor + 4e-15 * (here.rss * levels.spread).squareRoot() + 1e-24 * levels.spread
            {
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
        if decrement <= 1e-27 * floor { return Descent(shape: shape, evaluation: here, end: .minimum) }
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
        if model.movesB {
            // About a held location the dose next to it is the last to reach its plateau.
            let reach = model.movesQ ? levels.gap : max(distanceToPivot, 1e-9)
            if b * reach > 60 || b * levels.span > 1e5 || b * levels.span < 1e-7 { return true }
        }
        if model.movesF, Swift.abs(shape.lnF) > 16 || isBroken(shape) { return true }
        guard model.movesQ else { return false }
        let low = shape.b * levels.lowest - shape.k, high = shape.b * levels.highest - shape.k
        return (low > 0) == (high > 0) && min(Swift.abs(low), Swift.abs(high)) > 32
    }

    /// Of ln dose, from the held location to the dose next to it.
    private var distanceToPivot: Double {
        var least = Double.infinity
        for i in 0..<levels.count { least = min(least, Swift.abs(levels.x[i] - model.pivot)) }
        return least
    }

    /// Every dose so far from the bend that ln(1 + e^u) is u or 0: a broken line in ln x, where only the product of b and f counts.
    private func isBroken(_ shape: Shape) -> Bool {
        for i in 0..<levels.count where Swift.abs(shape.b * levels.x[i] - shape.k) < 18 { return false }
        return true
    }
}

/// A symmetric matrix of b, k, ln f; rows of parameters that do not move are those of the unit matrix.
struct Symmetric3 {
    /// The factors L D L' of the matrix.
    private let l10: Double, l20: Double, l21: Double, d: Lanes
    private let moves: Lanes

    /// `nil` when the matrix is not positive definite beyond rounding.
    init?(_ e: Evaluation, _ model: ScaledModel) {
        let b = model.movesB, k = model.movesQ, f = model.movesF
        let a00 = b ? e.bb : 1
        guard a00 > 1e-15 * (b ? e.scale[0] : 1) else { return nil }
        let a10 = b && k ? e.bk : 0
        l10 = a10 / a00
        let d1 = (k ? e.kk : 1) - l10 * a10
        guard d1 > 1e-15 * (k ? e.scale[1] : 1) else { return nil }
        moves = Lanes(b ? 1 : 0, k ? 1 : 0, f ? 1 : 0, 0)
        guard f else {
            (l20, l21, d) = (0, 0, Lanes(a00, d1, 1, 1))
            return
        }
        let a20 = b ? e.bf : 0, a21 = (k ? e.kf : 0) - a20 * l10
        l20 = a20 / a00
        l21 = a21 / d1
        let d2 = e.ff - l20 * a20 - l21 * a21
        guard d2 > 1e-15 * e.scale[2] else { return nil }
        d = Lanes(a00, d1, d2, 1)
    }

    func solve(_ right: Lanes) -> Lanes {
        let r = right * moves
        let z1 = r[1] - l10 * r[0]
        let z2 = r[2] - l20 * r[0] - l21 * z1
        let z = Lanes(r[0], z1, z2, 0) / d
        let s1 = z[1] - l21 * z[2]
        return Lanes(z[0] - l10 * s1 - l20 * z[2], s1, z[2], 0)
    }
}
