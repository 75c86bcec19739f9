/// When a number may be used: the rules, the weightiest first, and the thresholds they turn on, each with its source.
public enum VerdictRules {
    /// The p value of the test against a constant above which a curve counts as flat: the usual level, as of ``FitThresholds``.
    ///
    /// A sigmoid that may lie anywhere finds something in any noise, so that this test alone passes more flat curves than its level
    /// says. Together with the rules for the range of doses and for open intervals 0.26 % of flat curves get a number
    /// (100,000 simulated curves, `ingest-bench fits-simulate`; ``SimulationTests`` has fewer).
    public static let flatSignificance = FitThresholds.significance
    /// The ratio of the ends of the interval of the IC50 above which it is called wide: a decade, which is
    /// two of the half-decade steps that screens dilute by.
    public static let wideInterval = 10.0
    /// Percentage points by which a plateau of percent data may lie outside 0 to 100: controls of a plate scatter by as much.
    public static let plateauSlack = 10.0
    /// Coefficient of determination below which the scatter is as large as half of the effect.
    public static let poorFit = 0.7

    /// Which way an assay goes, where that is known from elsewhere.
    public enum Direction: Sendable, Hashable { case falls, rises }

    /// - Parameters:
    ///   - unit: Of the doses, for the sentences.
    ///   - direction: What the response of an active compound does; `nil` is taken for falling, as of what is left of a signal.
    public static func judge(_ fit: CurveFit, unit: String? = nil, direction: Direction? = nil) -> Verdict {
        let words = VerdictWords(unit: unit)
        if let refusal = beforeFitting(fit, words) { return refusal }
        guard fit.status == .ok || fit.status == .hitBound, let ic50 = fit.ic50 else {
            return withoutOptimum(fit, direction, words)
        }
        var reasons: [Verdict.Reason] = []
        if isFlat(fit) { reasons.append(words.flat(fit)) }
        let interval = ic50.profile ?? ic50.log
        let bound = bound(fit, ic50.value, interval, direction)
        if isUnfit(fit) { return Verdict(grade: .refused, reasons: [words.unfit(fit)]) }
        if fit.flags.contains(.ambiguous) { reasons.append(words.ambiguous) }
        if let bound, !fit.flags.contains(.ambiguous) {
            reasons.append(words.outside(bound, fit))
        } else if isOutside(fit, ic50.value) {
            reasons.append(words.beyond(fit, ic50.value, interval))
        }
        if reasons.isEmpty, let interval, interval.low == nil, interval.high == nil { reasons.append(words.plateauNotReached) }
        if !reasons.isEmpty {
            if fit.flags.contains(.suspectedOutliers) { reasons.append(words.outliers(fit)) }
            // Of a flat curve nobody can say on which side its IC50 lies, unless its plateaus are known.
            let isKnown = fit.parameters.map { $0.bottom.isFixed && $0.top.isFixed } ?? false
            return Verdict(
                grade: .refused, reasons: reasons,
                bound: isFlat(fit) && !isKnown || fit.flags.contains(.ambiguous) ? nil : bound)
        }
        let cautions = cautions(fit, ic50, interval, words)
        return Verdict(grade: cautions.isEmpty ? .good : .caution, reasons: cautions)
    }

    /// What can still be said of a refused curve whose responses are percent: which side of `level` every dose is on.
    /// - Parameter means: The mean response of each dose.
    public static func bounded(
        _ verdict: Verdict, _ fit: CurveFit, level: Double, means: [Double], direction: Direction?, unit: String?
    ) -> Verdict {
        guard verdict.grade == .refused, verdict.bound == nil, let direction, let low = fit.lowestDose,
            let high = fit.highestDose,
            fit.doses > 1, let least = means.min(), let most = means.max()
        else { return verdict }
        let words = VerdictWords(unit: unit)
        var verdict = verdict
        // Where the response starts and stays: no dose has half of the effect.
        if direction == .falls ? least > level : most < level {
            verdict.bound = .above(high)
        } else if direction == .falls ? most < level : least > level {
            verdict.bound = .below(low)
        }
        if let bound = verdict.bound { verdict.reasons.append(words.levelNotCrossed(level, bound)) }
        return verdict
    }

    /// No better than a constant, by the test against one; curves with nothing left to test are not called flat.
    public static func isFlat(_ fit: CurveFit) -> Bool {
        guard let test = fit.noEffect else { return false }
        return test.p >= flatSignificance
    }

    private static func beforeFitting(_ fit: CurveFit, _ words: VerdictWords) -> Verdict? {
        switch fit.status {
        case .noVariation: Verdict(grade: .refused, reasons: [words.noVariation])
        case .tooFewDoses: Verdict(grade: .refused, reasons: [words.tooFewDoses(fit)])
        case .tooFewPoints: Verdict(grade: .refused, reasons: [words.tooFewPoints(fit)])
        case .failed: Verdict(grade: .refused, reasons: [words.notConverged])
        default: nil
        }
    }

    /// The best there is lies on the border of the family: a step, a power, a constant.
    private static func withoutOptimum(_ fit: CurveFit, _ direction: Direction?, _ words: VerdictWords) -> Verdict {
        var reasons: [Verdict.Reason] = []
        if let bottom = fit.model.fixed.bottom, let top = fit.model.fixed.top, let mean = fit.meanResponse,
            mean > top + (top - bottom) / 2 || mean < bottom - (top - bottom) / 2
        {
            return Verdict(grade: .refused, reasons: [words.unfit(fit)])
        }
        let bound = isFlat(fit) ? flatBound(fit, direction) : nil
        if isFlat(fit) { reasons.append(words.flat(fit)) }
        if let bound { reasons.append(words.outside(bound, fit)) }
        if let step = fit.stepBetween, !isFlat(fit) { reasons.append(words.step(step)) }
        if fit.flags.contains(.nonMonotone), !isFlat(fit) { reasons.append(words.nonMonotone) }
        if reasons.isEmpty { reasons.append(words.plateauNotReached) }
        return Verdict(grade: .refused, reasons: reasons, bound: bound)
    }

    private static func isOutside(_ fit: CurveFit, _ ic50: Double) -> Bool {
        guard let low = fit.lowestDose, let high = fit.highestDose else { return false }
        return ic50 > high || ic50 < low
    }

    /// Which side of the tested doses the IC50 is on: with both plateaus known the estimate says so, with free ones only an interval
    /// that lies there as a whole.
    private static func bound(
        _ fit: CurveFit, _ ic50: Double, _ interval: Interval?, _ direction: Direction?
    ) -> Verdict.Bound? {
        guard let low = fit.lowestDose, let high = fit.highestDose, isOutside(fit, ic50) else { return nil }
        if isFlat(fit), let known = flatBound(fit, direction) { return known }
        let isKnown = fit.model.fixed.bottom != nil && fit.model.fixed.top != nil
        if ic50 > high { return isKnown || interval?.low.map { $0 >= high } == true ? .above(high) : nil }
        return isKnown || interval?.high.map { $0 <= low } == true ? .below(low) : nil
    }

    /// The responses have nothing to do with the plateaus that were given: a curve of that model is worse than a constant.
    private static func isUnfit(_ fit: CurveFit) -> Bool {
        guard let rss = fit.rss, let tss = fit.tss, rss > 1.5 * tss, let residual = fit.residualError,
            let bottom = fit.model.fixed.bottom ?? fit.values?.bottom, let top = fit.model.fixed.top ?? fit.values?.top
        else { return false }
        return residual > 0.5 * Swift.abs(top - bottom)
    }

    /// With both plateaus known and no direction in the data, that of the assay decides: responses near the lower plateau at every dose
    /// are no effect where active compounds raise the response, and more than half of it everywhere where they lower it.
    private static func flatBound(_ fit: CurveFit, _ direction: Direction?) -> Verdict.Bound? {
        guard let low = fit.lowestDose, let high = fit.highestDose, let bottom = fit.model.fixed.bottom,
            let top = fit.model.fixed.top, let mean = fit.meanResponse
        else { return nil }
        let isLow = mean < (bottom + top) / 2
        return isLow == (direction == .rises) ? .above(high) : .below(low)
    }

    private static func cautions(
        _ fit: CurveFit, _ ic50: DoseEstimate, _ interval: Interval?, _ words: VerdictWords
    ) -> [Verdict.Reason] {
        var reasons: [Verdict.Reason] = []
        if fit.status == .hitBound { reasons.append(words.hitBound) }
        if fit.flags.contains(.topNotReached) { reasons.append(words.topNotReached) }
        if fit.flags.contains(.bottomNotReached) { reasons.append(words.bottomNotReached) }
        if fit.flags.contains(.noResidualDF) { reasons.append(words.noResidualDF) }
        if let interval {
            if interval.low == nil || interval.high == nil {
                reasons.append(words.openInterval(interval))
            } else if let low = interval.low, let high = interval.high, high > wideInterval * low {
                reasons.append(words.wide(low, high))
            }
        }
        if fit.flags.contains(.steep) { reasons.append(words.steep) }
        if fit.flags.contains(.shallow) { reasons.append(words.shallow) }
        if fit.flags.contains(.lackOfFit) { reasons.append(words.lackOfFit(fit)) }
        if fit.flags.contains(.nonMonotone) { reasons.append(words.nonMonotone) }
        if fit.flags.contains(.suspectedOutliers) { reasons.append(words.outliers(fit)) }
        if fit.flags.contains(.plateauOutside0To100), let values = fit.values,
            values.top > 100 + plateauSlack || values.bottom < -plateauSlack
        {
            reasons.append(words.plateauOutside)
        }
        if fit.flags.contains(.localMinimumKnown) { reasons.append(words.otherMinimum) }
        if let r2 = fit.r2, r2 < poorFit { reasons.append(words.scatter(r2)) }
        return reasons
    }
}

/// The numbers that flags and verdicts turn on: all of them, each with its source.
public enum FitThresholds {
    /// Dependency above which parameters stand for one another: GraphPad Prism, "Ambiguous".
    public static let ambiguousDependency = 0.9999
    /// Slopes that users ask about: the usual range of Hill slopes in enzyme and cell assays is 0.5 to 3.
    public static let steepSlope = 5.0, shallowSlope = 0.3
    /// Beyond this a curve is a step at any usual spacing of doses (half a decade: 10^(20/2) over one dose).
    public static let runawaySlope = 20.0
    /// Share of d - c by which a plateau may lie beyond the mean of the outermost dose: an effect of 90 % is what the common ED90
    /// asks for.
    public static let plateauShare = 0.10
    /// Of the tests for lack of fit and for no effect.
    public static let significance = 0.05
    /// Share of the range of the dose means by which a monotone response may turn round.
    public static let turnShare = 0.35
    /// Standard errors of a dose mean by which a response must turn round: the range of ten means of pure scatter is three of them.
    public static let turnErrors = 4.0
    /// Weight in a robust fit below which a point is suspected.
    public static let outlierWeight = 0.1
}
