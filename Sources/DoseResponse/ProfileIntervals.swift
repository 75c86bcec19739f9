/// The values of one parameter with which the rest can still be fitted well enough: RSS <= RSS_min (1 + F/df) (Bates and Watts 1988).
struct ProfileIntervals {
    let levels: DoseLevels
    let model: ScaledModel
    /// The optimum, oriented with c <= d where there is a choice.
    let fitted: FittedShape
    /// Of the level means, scaled: at the optimum, and what may not be exceeded.
    let lowest: Double, threshold: Double

    /// - Parameter error: Standard error of the parameter, on the scale of `place`: where the search begins.
    /// - Returns: The ends on the scale of ``place(_:)``; `nil` where no value is too far.
    func interval(_ parameter: Parameter, error: Double) -> Interval {
        let start = place(parameter)
        let step = error.isFinite && error > 0 ? error : max(0.1 * Swift.abs(start), 1e-3)
        return Interval(
            low: end(parameter, start, -step), high: end(parameter, start, step))
    }

    /// b, c, d (scaled), ln e (about the middle of the doses) and ln f.
    func place(_ parameter: Parameter) -> Double {
        parameter == .asymmetry ? Elementary.log(fitted.values[4]) : fitted.values[parameter.rawValue]
    }

    /// Marches outwards, then closes in on where the threshold is crossed.
    private func end(_ parameter: Parameter, _ start: Double, _ step: Double) -> Double? {
        if limit(parameter, rises: step > 0) < threshold { return nil }
        // Through 0 the slope of a curve with free plateaus cannot go: the plateaus run away before.
        let logarithmic = parameter == .slope && model.linearCount == 2 && (step > 0) != (start > 0)
        func value(_ t: Double) -> Double {
            logarithmic ? start * Elementary.exp(-t) : start + step * t
        }
        var trace = Trace(self, parameter)
        var inside = 0.0, outside = logarithmic ? min(1, Swift.abs(step / start)) : 1.0
        for _ in 0..<80 {
            let rss = trace.rss(value(outside))
            if rss > threshold {
                let end = cross(&trace, value, inside, outside, rss)
                // The warm start may have missed a better curve there.
                guard trace.global(value(end)) < threshold - 1e-7 * (threshold - lowest) else {
                    return isFar(parameter, value(end)) ? nil : value(end)
                }
                inside = end
                outside = end + max(0.3, 0.3 * end)
                continue
            }
            if isFar(parameter, value(outside)) { return nil }
            trace.accept()
            inside = outside
            outside *= 1.6
        }
        return nil
    }

    /// The best residual sum of squares in the limit of a parameter: below the threshold the interval has no end there.
    private func limit(_ parameter: Parameter, rises: Bool) -> Double {
        let power = PowerBorder(levels: levels, model: model)
        switch parameter {
        case .location:
            guard model.movesB, model.linearCount > 0 || model.movesF else { return .infinity }
            let runaway = model.linearCount > 0 ? power.lowest(powers: rises ? .plus : .minus, factor: nil) : .infinity
            // A Weibull curve is the limit of f to infinity, which takes e along.
            return model.movesF ? min(runaway, weibull(falls: rises)) : runaway
        case .bottom:
            return rises || !model.movesQ || !model.movesB ? .infinity : power.lowest(powers: nil, factor: .minus)
        case .top:
            return rises && model.movesQ && model.movesB ? power.lowest(powers: nil, factor: .plus) : .infinity
        case .slope: return slopeLimit(rises, power)
        case .asymmetry: return rises ? min(weibull(falls: true), weibull(falls: false)) : brokenLine()
        }
    }

    private func weibull(falls: Bool) -> Double {
        WeibullBorder(levels: levels, model: model).lowest(falls: falls)
    }

    private func brokenLine() -> Double { BrokenLineBorder(levels: levels, model: model).lowest() }

    private func slopeLimit(_ rises: Bool, _ power: PowerBorder) -> Double {
        guard model.movesQ else { return .infinity }
        let positive = fitted.values[0] > 0
        if rises == positive {
            let topFirst = model.family == .weibull2 ? !positive : positive
            let step = StepBorder(levels, model).lowest(topFirst: topFirst)
            return model.movesF ? min(step, brokenLine()) : step
        }
        guard model.linearCount == 2 else { return .infinity }
        // Towards 0 with both plateaus running away: a straight line in ln x, of Weibull curves any power.
        switch model.family {
        case .logLogistic:
            return levels.zeroWeight > 0 ? .infinity : power.value(0, positive ? .minus : .plus)
        case .weibull1: return power.lowest(powers: positive ? .minus : .plus, factor: .plus)
        case .weibull2: return power.lowest(powers: positive ? .minus : .plus, factor: .minus)
        }
    }

    /// Beyond what any reading of doses can tell from the limit.
    private func isFar(_ parameter: Parameter, _ value: Double) -> Bool {
        switch parameter {
        case .slope: Swift.abs(value) * levels.gap > 60 || Swift.abs(value) * levels.span < 0.05
        // Twenty decades from the doses.
        case .location: Swift.abs(value) > 46 + levels.span / 2
        case .bottom, .top: Swift.abs(value) > 1e7
        case .asymmetry: Swift.abs(value) > 12
        }
    }

    /// The root of the signed root of the excess, which is nearly straight.
    private func cross(
        _ trace: inout Trace, _ value: (Double) -> Double, _ inside: Double, _ outside: Double, _ beyond: Double
    ) -> Double {
        func excess(_ rss: Double) -> Double {
            (max(0, rss - lowest) / (threshold - lowest)).squareRoot() - 1
        }
        var a = inside, b = outside
        var fa = excess(trace.rss(value(a))), fb = excess(beyond)
        for round in 0..<60 where b - a > 1e-13 * max(1, b) {
            var next = a - fa * (b - a) / (fb - fa)
            if round % 3 == 2 || !(next > a && next < b) { next = 0.5 * (a + b) }
            let f = excess(trace.rss(value(next)))
            if Swift.abs(f) < 1e-11 { return next }
            if f > 0 {
                (b, fb) = (next, f)
            } else {
                (a, fa) = (next, f)
                trace.accept()
            }
        }
        return 0.5 * (a + b)
    }

    /// Fits the rest with one parameter held, each time from where the last fit ended.
    private struct Trace {
        let profile: ProfileIntervals
        let parameter: Parameter
        /// Where the last fit ended, and the last one within the threshold: two valleys may run side by side.
        private var shape: Shape, inside: Shape

        init(_ profile: ProfileIntervals, _ parameter: Parameter) {
            (self.profile, self.parameter) = (profile, parameter)
            let values = profile.fitted.values
            shape = Shape(b: values[0], q: values[3], lnF: Elementary.log(values[4]))
            inside = shape
        }

        mutating func accept() { inside = shape }

        private func held(_ value: Double) -> ScaledModel {
            var model = profile.model
            let isOriented = model.linearCount == 2 && model.movesB
            switch parameter {
            case .slope:
                (model.movesB, model.held.b, model.hasTwin) = (false, value, false)
                model.isOrdered = isOriented
            case .bottom: (model.bottom, model.hasTwin, model.isOrdered) = (value, false, isOriented)
            case .top: (model.top, model.hasTwin, model.isOrdered) = (value, false, isOriented)
            case .location: (model.movesQ, model.pivot) = (false, value)
            case .asymmetry:
                (model.movesF, model.held.lnF) = (false, value)
            }
            return model
        }

        private func begin(_ shape: Shape, _ model: ScaledModel) -> Shape {
            var begin = shape
            if !model.movesB { begin = Shape(b: model.held.b, q: shape.q, lnF: shape.lnF) }
            if !model.movesQ { begin = Shape(b: begin.b, q: model.pivot, lnF: shape.lnF) }
            if !model.movesF { begin.lnF = model.held.lnF }
            return begin
        }

        mutating func rss(_ value: Double) -> Double {
            let model = held(value)
            let refinement = Refinement(levels: profile.levels, model: model)
            var best = refinement.descend(from: begin(inside, model))
            if shape != inside {
                let other = refinement.descend(from: begin(shape, model))
                if other.evaluation.rss < best.evaluation.rss || !best.evaluation.rss.isFinite { best = other }
            }
            return take(best)
        }

        /// A curve of the wrong direction is no curve: what is left is a constant.
        private mutating func take(_ descent: Descent) -> Double {
            guard descent.evaluation.rss.isFinite else { return profile.levels.levelSpread }
            if descent.shape.b.isFinite, descent.shape.k.isFinite { shape = descent.shape }
            return descent.evaluation.rss
        }

        /// From everywhere.
        mutating func global(_ value: Double) -> Double {
            let model = held(value)
            var best = rss(value)
            let refinement = Refinement(levels: profile.levels, model: model)
            for start in StartingShapes(levels: profile.levels, model: model).shapes(2) {
                let descent = refinement.descend(from: start)
                if descent.evaluation.rss < best {
                    best = take(descent)
                    accept()
                }
            }
            return best
        }
    }
}
