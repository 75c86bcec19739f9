/// The sentences of verdicts.
struct VerdictWords {
    let unit: String?

    private func dose(_ value: Double) -> String { SignificantDigits.text(value, 3) + (unit.map { " " + $0 } ?? "") }

    let noVariation = Verdict.Reason("no_variation", "all responses are equal")
    let notConverged = Verdict.Reason("not_converged", "the fit did not come to an end that could be verified")
    let ambiguous = Verdict.Reason(
        "ambiguous", "the parameters stand for one another (dependency above 0.9999): other values fit as well")
    let plateauNotReached = Verdict.Reason(
        "plateau_not_reached",
        "the doses do not show both plateaus, and no IC50 can be told from any other; fix a plateau (--fix) or widen the doses")
    let hitBound = Verdict.Reason("hit_bound", "the fit ends on a bound that was set")
    let topNotReached = Verdict.Reason("top_not_reached", "the upper plateau is an extrapolation beyond the tested doses")
    let bottomNotReached = Verdict.Reason("bottom_not_reached", "the lower plateau is an extrapolation beyond the tested doses")
    let noResidualDF = Verdict.Reason("no_residual_df", "as many parameters as points: there are no errors")
    let steep = Verdict.Reason("steep", "the slope is steeper than 5: few or no doses lie within the transition")
    let shallow = Verdict.Reason("shallow", "the slope is shallower than 0.3")
    let nonMonotone = Verdict.Reason("non_monotone", "the response rises and falls along the doses")
    let plateauOutside = Verdict.Reason("plateau_outside_0_100", "a plateau lies outside 0 to 100 %")
    let otherMinimum = Verdict.Reason("local_minimum_known", "another curve fits nearly as well")

    func tooFewDoses(_ fit: CurveFit) -> Verdict.Reason {
        Verdict.Reason(
            "too_few_doses",
            "\(fit.doses) distinct \(fit.doses == 1 ? "dose" : "doses") for \(fit.parameterCount) parameters")
    }

    func tooFewPoints(_ fit: CurveFit) -> Verdict.Reason {
        Verdict.Reason(
            "too_few_points", "\(fit.points) \(fit.points == 1 ? "point" : "points") for \(fit.parameterCount) parameters")
    }

    func flat(_ fit: CurveFit) -> Verdict.Reason {
        let p = fit.noEffect.map {
            " (p = \(SignificantDigits.text($0.p, 2)))"
        }
        return Verdict.Reason("flat", "no effect: a curve is no better than a constant response" + (p ?? ""))
    }

    func outside(_ bound: Verdict.Bound, _ fit: CurveFit) -> Verdict.Reason {
        switch bound {
        case .above(let highest):
            return Verdict.Reason("ic50_above_max_dose", "half of the effect is not reached: IC50 > \(dose(highest))")
        case .below(let lowest):
            let wrongWay = (fit.ic50?.value ?? 0) > lowest
            return Verdict.Reason(
                "ic50_below_min_dose",
                "more than half of the effect at every dose: IC50 < \(dose(lowest))"
                    + (wrongWay
                        ? ", if the response falls with the dose; the fitted curve rises, which the data do not support" : ""))
        }
    }

    func unfit(_ fit: CurveFit) -> Verdict.Reason {
        Verdict.Reason(
            "wrong_plateaus",
            "the responses do not fit the plateaus that are held (\(fit.model.fixedText)): a constant fits better; free them or set others"
        )
    }

    func beyond(_ fit: CurveFit, _ ic50: Double, _ interval: Interval?) -> Verdict.Reason {
        let isAbove = ic50 > (fit.highestDose ?? 0)
        let from = (isAbove ? interval?.low : interval?.high).map {
            isAbove ? ", its interval begins at \(dose($0))" : ", its interval ends at \(dose($0))"
        }
        return Verdict.Reason(
            isAbove ? "ic50_above_max_dose" : "ic50_below_min_dose",
            "the fitted IC50 lies \(isAbove ? "above the highest" : "below the lowest") dose\(from ?? ", and its interval is open"): widen the doses"
        )
    }

    func levelNotCrossed(_ level: Double, _ bound: Verdict.Bound) -> Verdict.Reason {
        let shown = SignificantDigits.text(level, 3)
        switch bound {
        case .above(let highest):
            return Verdict.Reason("ic50_above_max_dose", "no dose brings the response to \(shown) %: IC50 > \(dose(highest))")
        case .below(let lowest):
            return Verdict.Reason("ic50_below_min_dose", "every dose brings the response past \(shown) %: IC50 < \(dose(lowest))")
        }
    }

    func step(_ between: Interval) -> Verdict.Reason {
        let text =
            switch (between.low, between.high) {
            case (let low?, let high?): "between \(low == 0 ? "0" : dose(low)) and \(dose(high))"
            case (let low?, nil): "above \(dose(low))"
            case (nil, let high?): "below \(dose(high))"
            default: "somewhere between the doses"
            }
        return Verdict.Reason(
            "step_without_point",
            "every dose lies on a plateau: the IC50 lies \(text), and no slope can be told; add doses there or fix the slope")
    }

    func openInterval(_ interval: Interval) -> Verdict.Reason {
        if let low = interval.low { return Verdict.Reason("open_interval", "the interval has no upper end: IC50 > \(dose(low))") }
        if let high = interval.high {
            return Verdict.Reason("open_interval", "the interval has no lower end: IC50 < \(dose(high))")
        }
        return Verdict.Reason("open_interval", "the interval is open")
    }

    func wide(_ low: Double, _ high: Double) -> Verdict.Reason {
        Verdict.Reason("wide_interval", "the interval spans more than a decade: \(dose(low)) to \(dose(high))")
    }

    func lackOfFit(_ fit: CurveFit) -> Verdict.Reason {
        let p = fit.lackOfFit.map { " (p = \(SignificantDigits.text($0.p, 2)))" } ?? ""
        return Verdict.Reason("lack_of_fit", "the replicates agree better with one another than with the curve" + p)
    }

    func outliers(_ fit: CurveFit) -> Verdict.Reason {
        let count = fit.suspects.count
        return Verdict.Reason(
            "suspected_outliers", "\(count) \(count == 1 ? "point is" : "points are") far off; none was left out")
    }

    func scatter(_ r2: Double) -> Verdict.Reason {
        Verdict.Reason("poor_fit", "the curve explains \(SignificantDigits.text(100 * max(0, r2), 2)) % of the variation")
    }
}
