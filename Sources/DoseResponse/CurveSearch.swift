/// The lowest residual sum of squares of a curve, and whether any curve of the family attains it.
struct Optimum {
    var descent: Descent
    /// The lowest value found on the border of the family (scaled, level means only).
    var border: Double
    /// The lowest of the border curves that can be named (a step, a power at a grid of exponents, a Weibull curve): the infimum lies
    /// here or a little below.
    var shownBorder: Double
    /// The best step of the border.
    var step: StepBorder.Step?
    /// Of another stationary point: the lowest there is.
    var second: Double?

    /// Of the level means about their mean, scaled: what rounding is measured against.
    var spread: Double
    /// Below the border by more than rounding, at a verified minimum.
    var isAttained: Bool {
        descent.end == .minimum && descent.evaluation.rss < border - Self.margin * border - 1e-15 * spread
    }

    /// Minima in the open can come near the border, and those on it are only reached in the limit.
    static let margin = 1e-11
}

/// Begins at several shapes, descends, and holds the best against the border of the family.
struct CurveSearch {
    let levels: DoseLevels
    let model: ScaledModel

    func run() -> Optimum {
        let steps = StepBorder(levels, model)
        let starts = StartingShapes(levels: levels, model: model)
        let refinement = Refinement(levels: levels, model: model)
        var descents: [Descent] = []
        for shape in starts.shapes(model.isSymmetric ? 3 : 6) { descents.append(refinement.descend(from: shape)) }
        var best = descents.map(\.evaluation.rss).min() ?? .infinity
        for step in steps.steps.prefix(3) where step.rss < 2.5 * best + 1e-12 * levels.spread {
            guard let shape = steps.shape(of: step, levels, model) else { continue }
            let descent = refinement.descend(from: shape)
            best = min(best, descent.evaluation.rss)
            descents.append(descent)
        }
        return choose(descents, steps)
    }

    private func choose(_ descents: [Descent], _ steps: StepBorder) -> Optimum {
        var border = steps.lowest
        for descent in descents where descent.end == .border { border = min(border, descent.evaluation.rss) }
        let minima = descents.filter { $0.end == .minimum }.sorted { $0.evaluation.rss < $1.evaluation.rss }
        let bar = minima.first?.evaluation.rss ?? descents.map(\.evaluation.rss).min() ?? .infinity
        let power = PowerBorder(levels: levels, model: model).lowest(bar)
        let flat = zeroDoseBorder()
        border = min(border, power.refined, flat)
        var shown = min(steps.lowest, power.coarse, flat)
        if model.movesF {
            let weibull = WeibullBorder(levels: levels, model: model).lowest()
            shown = min(shown, weibull)
            border = min(border, weibull, BrokenLineBorder(levels: levels, model: model).lowest())
        }
        let fallback = descents.min { $0.evaluation.rss < $1.evaluation.rss }
        let chosen =
            minima.first ?? fallback
            ?? Descent(shape: model.held, evaluation: Evaluation(), end: .unfinished)
        let other = minima.first { minimum in
            minimum.evaluation.rss > chosen.evaluation.rss * (1 + 1e-7) + 1e-25 * levels.spread
        }
        return Optimum(
            descent: chosen, border: border, shownBorder: shown, step: steps.steps.first, second: other?.evaluation.rss,
            spread: levels.spread)
    }

    /// The slope to 0: dose 0 on its plateau, all others on one level between the plateaus.
    private func zeroDoseBorder() -> Double {
        guard model.movesB, model.movesQ, model.linearCount < 2, levels.count > 0 else { return .infinity }
        var weight = 0.0, sum = 0.0
        for i in 0..<levels.count {
            weight += levels.w[i]
            sum += levels.w[i] * levels.y[i]
        }
        let mean = sum / weight
        func others(about value: Double) -> Double {
            (0..<levels.count).reduce(0) { $0 + levels.w[$1] * (levels.y[$1] - value) * (levels.y[$1] - value) }
        }
        var best = Double.infinity
        for topFirst in [true, false] {
            let zeroEnd = topFirst ? model.top : model.bottom, otherEnd = topFirst ? model.bottom : model.top
            let atZero = levels.zeroWeight > 0 ? zeroEnd ?? levels.zeroMean : zeroEnd
            let ends = [atZero, otherEnd].compactMap(\.self)
            // A plateau that is free and not tied to dose 0 lets the others be anywhere on its side.
            let low = ends.count == 2 ? min(ends[0], ends[1]) : -.infinity
            let high = ends.count == 2 ? max(ends[0], ends[1]) : .infinity
            let value = min(max(mean, low), high)
            let miss = levels.zeroWeight > 0 ? levels.zeroMean - (atZero ?? levels.zeroMean) : 0
            best = min(best, others(about: value) + levels.zeroWeight * miss * miss)
        }
        return best
    }
}
