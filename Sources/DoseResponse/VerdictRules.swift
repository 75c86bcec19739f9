/// When a number may be used: the rules, the weightiest first, and the thresholds they turn on, each with its source.
public enum VerdictRules {
    /// The p value of the test against a constant above which a curve counts as flat.
    ///
    /// A sigmoid that may lie anywhere finds something in any noise: the F test at 0.05 passes 13 % of flat curves, at 0.001 below
    /// 0.5 % (`make bench`, simulated curves). Public screens ask for an efficacy of three standard deviations, which is as strict
    /// (Inglese et al., PNAS 2006, 103:11473).
    public static let flatSignificance = 0.001
    /// The ratio of the ends of the interval of the IC50 above which it is called wide: a decade, the usual spacing of two
    /// doses of a screen times three.
    public static let wideInterval = 10.0
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
        guard fit.status == .ok || fit.status == .hitBound, let ic50 = fit.ic50 else { return withoutOptimum(fit, words) }
        var reasons: [Verdict.Reason] = []
        if isFlat(fit) { reasons.append(words.flat(fit)) }
        let bound = bound(fit, ic50.value, direction)
        if let bound { reasons.append(words.outside(bound, fit)) }
        if fit.flags.contains(.ambiguous) { reasons.append(words.ambiguous) }
        let interval = ic50.profile ?? ic50.log
        if let interval, interval.low == nil, interval.high == nil { reasons.append(words.plateauNotReached) }
        if !reasons.isEmpty {
            // Of a flat curve nobody can say on which side its IC50 lies, unless its plateaus are known.
            let isKnown = fit.parameters.map { $0.bottom.isFixed && $0.top.isFixed } ?? false
            return Verdict(grade: .refused, reasons: reasons, bound: isFlat(fit) && !isKnown ? nil : bound)
        }
        let cautions = cautions(fit, ic50, interval, words)
        return Verdict(grade: cautions.isEmpty ? .good : .caution, reasons: cautions)
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
    private static func withoutOptimum(_ fit: CurveFit, _ words: VerdictWords) -> Verdict {
        var reasons: [Verdict.Reason] = []
        if isFlat(fit) { reasons.append(words.flat(fit)) }
        if let step = fit.stepBetween, !isFlat(fit) { reasons.append(words.step(step)) }
        if fit.flags.contains(.nonMonotone) { reasons.append(words.nonMonotone) }
        if reasons.isEmpty { reasons.append(words.plateauNotReached) }
        return Verdict(grade: .refused, reasons: reasons)
    }

    private static func bound(_ fit: CurveFit, _ ic50: Double, _ direction: Direction?) -> Verdict.Bound? {
        guard let low = fit.lowestDose, let high = fit.highestDose, let parameters = fit.parameters else { return nil }
        guard ic50 > high || ic50 < low else { return nil }
        // With both plateaus known and no direction in the data, that of the assay decides: responses near the lower plateau at every
        // dose are no effect where active compounds raise the response, and more than half of it everywhere where they lower it.
        if parameters.bottom.isFixed, parameters.top.isFixed, isFlat(fit), let mean = fit.meanResponse {
            let isLow = mean < (parameters.bottom.value + parameters.top.value) / 2
            return isLow == (direction == .rises) ? .above(high) : .below(low)
        }
        return ic50 > high ? .above(high) : .below(low)
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
        if fit.flags.contains(.plateauOutside0To100) { reasons.append(words.plateauOutside) }
        if fit.flags.contains(.localMinimumKnown) { reasons.append(words.otherMinimum) }
        if let r2 = fit.r2, r2 < poorFit { reasons.append(words.scatter(r2)) }
        return reasons
    }
}
