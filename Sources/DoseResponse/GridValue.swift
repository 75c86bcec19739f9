extension DoseLevels {
    /// Of the level means about the plateau that is held, or about their mean.
    func sumOfSquares(_ model: ScaledModel) -> Double {
        guard model.linearCount == 1 else { return levelSpread }
        let a = model.heldPlateau
        var sum = zeroWeight * (zeroMean - a) * (zeroMean - a)
        for i in 0..<count { sum += w[i] * (y[i] - a) * (y[i] - a) }
        return sum
    }

    /// e^(b x) for each dose, into the place of g1: all locations of a grid share them.
    func fillPowers(_ b: Double) {
        for i in stride(from: 0, to: padded, by: 4) {
            let u = lanes(x, i) * b
            let t = Elementary.expOfNegative(u.magnitudes)
            store((1 / t).replacing(with: t, where: u .< 0), g1, i)
        }
    }

    /// The residual sum of squares of a symmetric log-logistic curve, from the powers that ``fillPowers(_:)`` left.
    func gridValue(_ b: Double, _ q: Double, _ model: ScaledModel) -> Double {
        let shifted = Elementary.exp(max(-700, min(700, -b * q)))
        var s0 = Lanes(repeating: 0), s1 = s0, s2 = s0
        let zeroG = b > 0 ? 1.0 : 0
        switch model.linearCount {
        case 2:
            for i in stride(from: 0, to: padded, by: 4) {
                let share = 1 / (1 + lanes(g1, i) * shifted)
                let weighted = lanes(w, i) * share
                s0 += weighted
                s1 += weighted * share
                s2 += weighted * lanes(y, i)
            }
            let sum = s0.total + zeroWeight * zeroG
            let gg = s1.total + zeroWeight * zeroG - sum * sum / totalWeight
            let gy = s2.total + zeroWeight * zeroG * zeroMean
            return gg > 1e-12 * totalWeight ? levelSpread - gy * gy / gg : levelSpread
        case 1:
            let raised = model.top != nil
            let a = (raised ? model.top : model.bottom) ?? 0
            for i in stride(from: 0, to: padded, by: 4) {
                let share = 1 / (1 + lanes(g1, i) * shifted) - (raised ? 1 : 0)
                let weighted = lanes(w, i) * share, target = lanes(y, i) - a
                s0 += lanes(w, i) * target * target
                s1 += weighted * share
                s2 += weighted * target
            }
            let zero = zeroG - (raised ? 1 : 0), target = zeroMean - a
            let yy = s0.total + zeroWeight * target * target
            let gg = s1.total + zeroWeight * zero * zero
            let gy = s2.total + zeroWeight * zero * target
            return gg > 1e-12 * totalWeight ? yy - gy * gy / gg : yy
        default:
            let c = model.bottom ?? 0, h = (model.top ?? 0) - c
            for i in stride(from: 0, to: padded, by: 4) {
                let residual = lanes(y, i) - c - h / (1 + lanes(g1, i) * shifted)
                s0 += lanes(w, i) * residual * residual
            }
            let zero = zeroMean - c - h * zeroG
            return s0.total + zeroWeight * zero * zero
        }
    }
}
