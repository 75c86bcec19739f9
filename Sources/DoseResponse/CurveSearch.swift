/// The lowest residual sum of squares of a curve, and whether any curve of the family attains it.
struct Optimum {
    var descent: Descent
    /// The lowest value found on the border of the family (scaled, level means only).
    var border: Double
    /// The lowest of the border curves that can be named (a step, a power of the dose, a Weibull curve): the infimum lies here or
    /// a little below.
    var shownBorder: Double
    /// The best step of the border.
    var step: StepBorder.Step?
    /// Of another stationary point: the lowest there is.
    var second: Double?

    /// Of the level means about their mean, scaled: what rounding is measured against.
    var spread: Double
    /// Below the border by more than rounding, at a verified minimum.
    var isAttained: Bool {
        guard descent.end == .minimum else { return false }
        // Where a model has no border, there is nothing to be held against.
        return border == .infinity || descent.evaluation.rss < border - Self.margin * border - 1e-15 * spread
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
        let refinement = Refinement(levels: levels, model: model)
        var found = Minima()
        let starts = StartingShapes(levels: levels, model: model).list(model.isSymmetric ? 5 : 6)
        for i in 0..<starts.count { found.add(refinement.descend(from: starts.shapes[i], past: found.known)) }
        // A margin, not a proof: 2.5 in place of 4 missed one optimum in 16,600 curves (`HeldBackTests`).
        for i in 0..<steps.count where steps.steps[i].rss < 4 * found.lowest + 1e-12 * levels.spread {
            for widely in model.isSymmetric ? [false] : [false, true] {
                guard let shape = steps.shape(of: steps.steps[i], levels, model, widely: widely) else { continue }
                found.add(refinement.descend(from: shape, past: found.known))
            }
        }
        if !model.movesB, model.movesQ { descendFromEachDose(refinement, &found) }
        if !model.isSymmetric {
            descendFromEachGap(refinement, &found)
            if levels.zeroWeight > 0 { descendFromBelow(refinement, &found) }
        }
        return compare(found, steps)
    }

    /// With a held slope that is steep for its doses each dose and each gap has a valley of its own.
    private func descendFromEachDose(_ refinement: Refinement, _ found: inout Minima) {
        for i in 0..<levels.count {
            let next = i + 1 < levels.count ? levels.x[i + 1] : levels.x[i]
            for q in [levels.x[i], 0.5 * (levels.x[i] + next)] {
                found.add(
                    refinement.descend(from: Shape(b: model.held.b, q: q, lnF: model.held.lnF), past: found.known))
            }
        }
    }

    /// Curves without a twin have valleys of either direction between any two doses.
    private func descendFromEachGap(_ refinement: Refinement, _ found: inout Minima) {
        guard model.movesB, model.movesQ, levels.count <= 40 else { return }
        for i in 1..<max(levels.count, 1) {
            let gap = levels.x[i] - levels.x[i - 1]
            // Next to a narrow gap the wider one beside it sets the scale.
            let wide = i + 1 < levels.count ? max(gap, levels.x[i + 1] - levels.x[i]) : gap
            for sign in [-1.0, 1] {
                let q = levels.x[i - 1] + 0.5 * wide
                found.add(
                    refinement.descend(from: Shape(b: sign * 5 / wide, q: q, lnF: model.held.lnF), past: found.known))
            }
        }
    }

    /// Where dose 0 stands apart from all others, a shallow curve may lie below the lowest of them.
    private func descendFromBelow(_ refinement: Refinement, _ found: inout Minima) {
        guard model.movesB, model.movesQ else { return }
        for steepness in [0.6, 2.5] {
            for sign in [-1.0, 1] {
                let b = sign * steepness / max(levels.span, 0.5)
                for distance in [1.0, 3] {
                    let q = levels.lowest - distance / Swift.abs(b)
                    found.add(refinement.descend(from: Shape(b: b, q: q, lnF: model.held.lnF), past: found.known))
                }
            }
        }
    }

    /// Holds the lowest minimum against the border.
    private func compare(_ found: Minima, _ steps: StepBorder) -> Optimum {
        // Where a descent ran off below all minima, the border is what will be shown: then to the last digit.
        let bar = found.best?.evaluation.rss ?? .infinity
        let power = PowerBorder(levels: levels, model: model).lowest(found.border < bar ? .infinity : bar)
        let flat = min(zeroDoseBorder(), HeldBorder(levels: levels, model: model).lowest())
        var border = min(steps.lowest, found.border, power.refined, flat, powerBeside(found.best), found.unfinished)
        var shown = min(steps.lowest, power.shown, flat)
        if model.movesF {
            let weibull = WeibullBorder(levels: levels, model: model).lowest()
            shown = min(shown, weibull)
            border = min(border, weibull, BrokenLineBorder(levels: levels, model: model).lowest())
        }
        let chosen = AsymmetricEnding(levels: levels, model: model).finish(
            found.best ?? found.fallback ?? Descent(shape: model.held, evaluation: Evaluation(), end: .unfinished))
        let other = found.known.lowest(above: chosen.evaluation.rss * (1 + 1e-7) + 1e-25 * levels.spread)
        return Optimum(
            descent: chosen, border: border, shownBorder: shown, step: steps.first, second: other, spread: levels.spread)
    }

    /// The border next to a minimum whose doses are all far out on one plateau: there its slope is the power.
    private func powerBeside(_ best: Descent?) -> Double {
        guard let shape = best?.shape, model.movesB, model.movesQ, model.linearCount > 0 else { return .infinity }
        let low = shape.b * levels.lowest - shape.k, high = shape.b * levels.highest - shape.k
        guard (low > 0) == (high > 0), min(Swift.abs(low), Swift.abs(high)) > 4 else { return .infinity }
        let power = PowerBorder(levels: levels, model: model)
        return min(power.lowest(beside: shape.b), power.lowest(beside: -shape.b))
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
            var sum = 0.0
            for i in 0..<levels.count { sum += levels.w[i] * (levels.y[i] - value) * (levels.y[i] - value) }
            return sum
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
