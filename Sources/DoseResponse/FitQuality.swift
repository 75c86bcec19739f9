extension CurveFitting {
    /// Everything that follows from the residual sum of squares.
    func addQuality(_ result: inout CurveFit, _ rss: Double) {
        let n = Double(result.points), p = Double(result.parameterCount)
        guard let tss = result.tss, tss > 0 else { return }
        let r2 = 1 - rss / tss
        result.r2 = r2
        if result.degreesOfFreedom > 0 { result.adjustedR2 = 1 - (1 - r2) * (n - 1) / (n - p) }
        addTests(&result, rss, tss)
        guard !result.flags.contains(.perfectFit), rss > 0 else { return }
        let logLikelihood =
            -n / 2 * (1.8378770664093454836 + Elementary.log(rss / n) + 1) + levels.logWeights / 2
        result.logLikelihood = logLikelihood
        result.aic = -2 * logLikelihood + 2 * (p + 1)
        result.bic = -2 * logLikelihood + (p + 1) * Elementary.log(n)
        if n - p - 2 > 0, let aic = result.aic { result.aicc = aic + 2 * (p + 1) * (p + 2) / (n - p - 2) }
    }

    func addTests(_ result: inout CurveFit, _ rss: Double, _ tss: Double) {
        let df = result.degreesOfFreedom, p = result.parameterCount
        let perfect = result.flags.contains(.perfectFit)
        let pure = levels.pureError * levels.scale * levels.scale
        let pureDF = levels.points - levels.doses, lackDF = levels.doses - p
        if pureDF > 0, lackDF > 0, pure > 0, !perfect {
            let f = max(0, rss - pure) / Double(lackDF) / (pure / Double(pureDF))
            let tail = Distributions.fTail(f, df1: Double(lackDF), df2: Double(pureDF))
            result.lackOfFit = FTest(f: f, df1: lackDF, df2: pureDF, p: tail)
        }
        if df > 0, p > 1, !perfect {
            let f = max(0, tss - rss) / Double(p - 1) / (rss / Double(df))
            result.noEffect = FTest(f: f, df1: p - 1, df2: df, p: Distributions.fTail(f, df1: Double(p - 1), df2: Double(df)))
        }
    }

    /// Of a curve without an optimum: is there an effect at all, and does it keep to one direction?
    func addBorderFlags(_ result: inout CurveFit, _ rss: Double) {
        guard let tss = result.tss, tss > 0 else { return }
        addTests(&result, rss, tss)
        if let test = result.lackOfFit, test.p < FitThresholds.significance { result.flags.insert(.lackOfFit) }
        if let test = result.noEffect, test.p >= FitThresholds.significance { result.flags.insert(.inactive) }
        if isNonMonotone { result.flags.insert(.nonMonotone) }
        if result.stepBetween != nil { result.flags.insert(.slopeNotIdentifiable) }
    }

    /// What follows from the estimates alone; intervals add theirs later.
    func addFlags(_ result: inout CurveFit) {
        guard let parameters = result.parameters, let values = result.values else { return }
        if let ic50 = result.ic50?.value, let low = result.lowestDose, let high = result.highestDose {
            if ic50 > high { result.flags.insert(.ic50AboveMaxDose) }
            if ic50 < low { result.flags.insert(.ic50BelowMinDose) }
        }
        for parameter in Parameter.allCases {
            if let dependency = parameters[parameter].dependency, dependency > FitThresholds.ambiguousDependency {
                result.flags.insert(.ambiguous)
            }
        }
        let slope = Swift.abs(values.slope)
        if !parameters.slope.isFixed {
            if slope > FitThresholds.steepSlope { result.flags.insert(.steep) }
            if slope < FitThresholds.shallowSlope { result.flags.insert(.shallow) }
            if slope > FitThresholds.runawaySlope { result.flags.insert(.slopeNotIdentifiable) }
        }
        addPlateauFlags(&result, values, parameters)
        if let test = result.lackOfFit, test.p < FitThresholds.significance { result.flags.insert(.lackOfFit) }
        if let test = result.noEffect, test.p >= FitThresholds.significance { result.flags.insert(.inactive) }
        if isNonMonotone { result.flags.insert(.nonMonotone) }
    }

    /// A plateau that no dose comes near is an extrapolation.
    private func addPlateauFlags(
        _ result: inout CurveFit, _ values: ParameterValues<Double>, _ parameters: ParameterValues<ParameterEstimate>
    ) {
        guard levels.count > 0 else { return }
        let height = values.top - values.bottom
        let first = levels.zeroWeight > 0 ? levels.zeroMean : levels.y[0], last = levels.y[levels.count - 1]
        let startsAtTop = options.model.startsAtTop(slope: values.slope)
        let atTop = levels.shift + levels.scale * (startsAtTop ? first : last)
        let atBottom = levels.shift + levels.scale * (startsAtTop ? last : first)
        let allowed = FitThresholds.plateauShare * Swift.abs(height)
        if !parameters.top.isFixed, (values.top - atTop) * (height < 0 ? -1 : 1) > allowed { result.flags.insert(.topNotReached) }
        if !parameters.bottom.isFixed, (atBottom - values.bottom) * (height < 0 ? -1 : 1) > allowed {
            result.flags.insert(.bottomNotReached)
        }
        guard options.isPercent else { return }
        for parameter in [Parameter.bottom, .top] where !parameters[parameter].isFixed {
            let estimate = parameters[parameter]
            let error = (result.errorKind == .observed ? estimate.observedError : estimate.expectedError) ?? 0
            let slack = (result.quantile ?? 0) * error
            if estimate.value + slack < 0 || estimate.value - slack > 100 { result.flags.insert(.plateauOutside0To100) }
        }
    }

    /// Whether the dose means turn round by more than their replicates, or a tenth of their range, explain.
    private var isNonMonotone: Bool {
        guard levels.doses > 2, levels.count > 0 else { return false }
        // The largest rise and the largest fall along the doses.
        var rise = 0.0, fall = 0.0, lowest = levels.zeroWeight > 0 ? levels.zeroMean : levels.y[0], highest = lowest
        for i in 0..<levels.count {
            let mean = levels.y[i]
            rise = max(rise, mean - lowest)
            fall = max(fall, highest - mean)
            (lowest, highest) = (min(lowest, mean), max(highest, mean))
        }
        return min(rise, fall) > max(FitThresholds.turnShare * (highest - lowest), FitThresholds.turnErrors * errorOfMean)
    }

    /// The standard error of a dose mean: from the replicates, else from what neighbours differ by.
    private var errorOfMean: Double {
        let replicated = levels.points - levels.doses
        if replicated > 2 {
            return (levels.pureError / Double(replicated) * Double(levels.doses) / levels.totalWeight).squareRoot()
        }
        var sum = 0.0
        for i in 1..<max(levels.count, 1) { sum += (levels.y[i] - levels.y[i - 1]) * (levels.y[i] - levels.y[i - 1]) }
        return levels.count > 1 ? (sum / Double(2 * (levels.count - 1))).squareRoot() : 0
    }
}
