/// The border of curves with a held slope or a held location, which the steps and powers do not cover.
struct HeldBorder {
    let levels: DoseLevels
    let model: ScaledModel

    /// The lowest residual sum of squares there; infinity where both are free.
    func lowest() -> Double {
        guard levels.count > 0 else { return .infinity }
        if !model.movesB { return model.movesQ ? plateaus() : .infinity }
        return model.movesQ ? .infinity : slopes()
    }

    /// The location beyond either end: every dose on the plateau of dose 0, or every dose but that on the other one.
    private func plateaus() -> Double {
        let falls = model.family == .weibull2 ? model.held.b < 0 : model.held.b > 0
        let first = falls ? model.top : model.bottom, last = falls ? model.bottom : model.top
        let zero = levels.zeroWeight > 0 ? 1 : 0
        let before = levels.residuals(of: 0..<levels.doses, about: first)
        let beyond = levels.residuals(of: 0..<zero, about: first) + levels.residuals(of: zero..<levels.doses, about: last)
        return min(before, beyond)
    }

    /// The slope to infinity at the held location, and to 0.
    private func slopes() -> Double {
        let steep = 1e3 / max(levels.gap, 1e-6), shallow = 1e-6 / max(levels.span, 1e-6)
        var best = Double.infinity
        for b in [steep, -steep, shallow, -shallow] {
            best = min(best, levels.evaluate(Shape(b: b, q: model.pivot, lnF: model.held.lnF), model).rss)
        }
        return best
    }
}
