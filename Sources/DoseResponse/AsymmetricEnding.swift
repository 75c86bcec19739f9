/// The last steps of a descent in which f moves: Newton's method by tau = ln |b|, c, d, q = ln e and sigma = ln |b| + ln f.
///
/// Where a curve is nearly a broken line, gradient and second derivatives by b and ln f cancel, and the search by them stops as
/// soon as what is left is below rounding: early in the direction in which the product of b and f stays. By tau and sigma nothing
/// cancels.
struct AsymmetricEnding {
    let levels: DoseLevels
    let model: ScaledModel
    static let stepLimit = 40

    /// Goes on until the Newton decrement no longer shrinks.
    /// - Returns: The descent as it is where this does not end at a minimum, or at a higher one than rounding explains.
    func finish(_ descent: Descent) -> Descent {
        guard model.movesF, descent.end == .minimum else { return descent }
        var here = Place(descent, model), information = AsymmetricInformation(levels, here.values, rows: rows)
        let floor = descent.evaluation.rss + levels.spread * 1e-16
        guard var (step, decrement) = newton(information) else { return descent }
        var moves = false
        for _ in 0..<Self.stepLimit where decrement > 1e-30 * floor {
            let next = here.moved(step, by: limit(step, here.values))
            information = AsymmetricInformation(levels, next.values, rows: rows)
            guard information.rss <= descent.evaluation.rss + 1e-12 * floor, let more = newton(information),
                more.decrement < 0.9 * decrement
            else { break }
            (here, step, decrement, moves) = (next, more.step, more.decrement, true)
        }
        guard moves else { return descent }
        let shape = here.shape, evaluation = levels.evaluate(shape, model)
        guard evaluation.rss <= descent.evaluation.rss + 1e-12 * floor else { return descent }
        return Descent(shape: shape, evaluation: evaluation, end: .minimum)
    }

    /// The step -(H/2)^-1 gradient by tau, c, d, q, sigma, and gradient' (H/2)^-1 gradient; `nil` where H is not positive definite.
    private func newton(_ information: AsymmetricInformation) -> (step: InlineArray<5, Double>, decrement: Double)? {
        guard let inverse = information.observed.inverse() else { return nil }
        var step = InlineArray<5, Double>(repeating: 0), decrement = 0.0
        for i in 0..<5 where rows[i] >= 0 {
            for j in 0..<inverse.size { step[i] -= inverse[rows[i], j] * information.gradient[j] }
            decrement -= step[i] * information.gradient[rows[i]]
        }
        return decrement.isFinite ? (step, decrement) : nil
    }

    private var rows: InlineArray<5, Int> {
        let free: InlineArray<5, Bool> = [model.movesB, model.bottom == nil, model.top == nil, model.movesQ, model.movesF]
        var rows = InlineArray<5, Int>(repeating: -1), size = 0
        for i in 0..<5 where free[i] {
            rows[i] = size
            size += 1
        }
        return rows
    }

    /// How much of a step is trusted: the exponent u of no dose changes by more than 1 and a quarter of what it is.
    private func limit(_ step: InlineArray<5, Double>, _ values: InlineArray<5, Double>) -> Double {
        var factor = min(1, 1 / max(Swift.abs(step[4]), 1e-300))
        for i in 0..<levels.count {
            let u = values[0] * (levels.x[i] - values[3])
            let change = Swift.abs(u * step[0] - values[0] * step[3])
            factor = min(factor, (1 + 0.25 * Swift.abs(u)) / max(change, 1e-300))
        }
        return factor
    }
}

/// Where a descent stands, with ln f beside f.
private struct Place {
    /// b, c, d (scaled), ln e (about the middle of the doses) and f.
    var values = InlineArray<5, Double>(repeating: 0)
    var lnF: Double

    init(_ descent: Descent, _ model: ScaledModel) {
        let shape = descent.shape
        lnF = shape.lnF
        values[0] = shape.b
        values[1] = descent.evaluation.bottom
        values[2] = descent.evaluation.top
        values[3] = model.movesQ ? shape.q : model.pivot
        values[4] = Elementary.exp(lnF)
    }

    var shape: Shape { Shape(b: values[0], q: values[3], lnF: lnF) }

    func moved(_ step: InlineArray<5, Double>, by factor: Double) -> Place {
        var result = self
        result.values[0] *= Elementary.exp(factor * step[0])
        for i in 1...3 { result.values[i] += factor * step[i] }
        result.lnF += factor * (step[4] - step[0])
        result.values[4] = Elementary.exp(result.lnF)
        return result
    }
}
