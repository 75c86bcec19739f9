import DoseResponse

/// One curve as a row of the table: the columns of the published R example first, ours behind them.
///
/// A refused curve gives no number: what was fitted stays out of its row, what was observed is in it.
public struct IC50Row: Sendable {
    public static let columns: [String] =
        exampleColumns + [
            "curve", "series", "status", "flags", "qualifier", "unit", "n", "doses", "model", "fixed", "ic50", "ic50_se",
            "ic50_low", "ic50_high", "ci_method", "log10_ic50", "log10_se", "pic50", "abs_level", "abs_ic50", "abs_low",
            "abs_high", "slope_b", "hill", "slope_se", "slope_low", "slope_high", "bottom", "bottom_se", "top", "top_se", "f",
            "f_se", "ed10", "ed90", "rss", "residual_se", "df", "r2", "logLik", "aic", "aicc", "lof_F", "lof_p", "noeffect_p",
            "curve_class", "z_prime", "se_kind", "rows_dropped", "verdict", "reasons", "ic50_extrapolated", "mean_response",
            "sd_response",
        ]
    /// Those of the R example, in its order.
    public static let exampleColumns = ["cell", "hours", "fit_function", "IC50", "std", "t_Value", "p_Value"]

    private let curve: ReportedCurve
    private let fit: CurveFit
    private let isShown: Bool

    public init(_ curve: ReportedCurve) {
        self.curve = curve
        fit = curve.fit
        isShown = curve.verdict.grade != .refused
    }

    /// By column; columns without a value are not there.
    public var cells: [String: IC50Cell] {
        var cells: [String: IC50Cell] = [:]
        addExample(&cells)
        addIdentity(&cells)
        addIC50(&cells)
        addParameters(&cells)
        addQuality(&cells)
        return cells.filter { $0.value != .empty }
    }

    /// The p value of the IC50 tests IC50 = 0, as the example does; for a slope such a test would mean more.
    private func addExample(_ cells: inout [String: IC50Cell]) {
        // A name such as `24h` is a time and no cell.
        cells["cell"] = .of(curve.cell ?? (ResponseColumns.isTimeAlone(curve.name) ? nil : curve.name))
        cells["hours"] = .of(curve.hours)
        cells["fit_function"] = .of(fit.model.description)
        guard isShown, let ic50 = fit.ic50 else { return }
        cells["IC50"] = .of(ic50.value)
        guard let error = ic50.error else { return }
        cells["std"] = .of(error)
        guard error > 0 else { return }
        cells["t_Value"] = .of(ic50.value / error)
        cells["p_Value"] = .of(Distributions.tTail(ic50.value / error, df: Double(fit.degreesOfFreedom)))
    }

    private func addIdentity(_ cells: inout [String: IC50Cell]) {
        cells["curve"] = .of(curve.name)
        cells["series"] = .of(curve.series)
        cells["status"] = .of(fit.status.rawValue)
        cells["flags"] = .of(fit.flags.names.joined(separator: ";"))
        cells["unit"] = .of(curve.doseUnit)
        cells["n"] = .of(fit.points)
        cells["doses"] = .of(fit.doses)
        cells["model"] = .of(fit.model.name)
        cells["fixed"] = .of(fit.model.fixedText)
        cells["z_prime"] = .of(curve.zPrime)
        cells["se_kind"] = .of(isShown && fit.covariance != nil ? fit.errorKind.rawValue : nil)
        cells["rows_dropped"] = .of(curve.rowsDropped)
        cells["verdict"] = .of(curve.verdict.grade.rawValue)
        cells["reasons"] = .of(curve.verdict.reasons.map { "\($0.code): \($0.text)" }.joined(separator: "; "))
    }

    private func addIC50(_ cells: inout [String: IC50Cell]) {
        switch curve.verdict.bound {
        case .above(let dose)?: (cells["qualifier"], cells["ic50"]) = (.text(">"), .number(dose))
        case .below(let dose)?: (cells["qualifier"], cells["ic50"]) = (.text("<"), .number(dose))
        case nil: break
        }
        // Of plateaus that are known: with free ones it would be a guess, and of a flat curve noise.
        if curve.verdict.bound != nil, fit.model.fixed.bottom != nil, fit.model.fixed.top != nil, !VerdictRules.isFlat(fit) {
            cells["ic50_extrapolated"] = .of(fit.ic50?.value)
        }
        guard isShown, let ic50 = fit.ic50 else { return }
        if curve.verdict.bound == nil {
            cells["ic50"] = .of(ic50.value)
            cells["ic50_se"] = .of(ic50.error)
            let interval = ic50.profile ?? ic50.log
            cells["ic50_low"] = .of(interval?.low)
            cells["ic50_high"] = .of(interval?.high)
            cells["ci_method"] = .of(interval == nil ? nil : ic50.profile != nil ? "profile" : "log")
            cells["log10_ic50"] = .of(Self.log10(ic50.value))
            cells["log10_se"] = .of(ic50.logError.map { $0 / Self.ln10 })
            cells["pic50"] = .of(curve.molarFactor.flatMap { Self.log10($0 * ic50.value) }.map { -$0 })
        }
        cells["abs_level"] = .of(fit.absoluteLevel)
        cells["abs_ic50"] = .of(fit.absolute?.value)
        cells["abs_low"] = .of(fit.absolute?.log?.low)
        cells["abs_high"] = .of(fit.absolute?.log?.high)
        cells["ed10"] = .of(fit.effectiveDose(10)?.value)
        cells["ed90"] = .of(fit.effectiveDose(90)?.value)
    }

    private func addParameters(_ cells: inout [String: IC50Cell]) {
        guard isShown, let parameters = fit.parameters else { return }
        func error(_ estimate: ParameterEstimate) -> Double? {
            fit.errorKind == .observed ? estimate.observedError : estimate.expectedError
        }
        cells["slope_b"] = .of(parameters.slope.value)
        // Negative falls, whatever the letter b means in the family.
        cells["hill"] = .of(fit.model.family == .weibull2 ? parameters.slope.value : -parameters.slope.value)
        cells["slope_se"] = .of(error(parameters.slope))
        cells["slope_low"] = .of(parameters.slope.profile?.low)
        cells["slope_high"] = .of(parameters.slope.profile?.high)
        cells["bottom"] = .of(parameters.bottom.value)
        cells["bottom_se"] = .of(error(parameters.bottom))
        cells["top"] = .of(parameters.top.value)
        cells["top_se"] = .of(error(parameters.top))
        guard fit.model.isFree(.asymmetry) else { return }
        cells["f"] = .of(parameters.asymmetry.value)
        cells["f_se"] = .of(error(parameters.asymmetry))
    }

    private func addQuality(_ cells: inout [String: IC50Cell]) {
        cells["rss"] = .of(fit.rss)
        cells["residual_se"] = .of(fit.residualError)
        cells["df"] = fit.degreesOfFreedom >= 0 ? .of(fit.degreesOfFreedom) : .empty
        cells["r2"] = .of(fit.r2)
        cells["logLik"] = .of(fit.logLikelihood)
        cells["aic"] = .of(fit.aic)
        cells["aicc"] = .of(fit.aicc)
        cells["lof_F"] = .of(fit.lackOfFit?.f)
        cells["lof_p"] = .of(fit.lackOfFit?.p)
        cells["noeffect_p"] = .of(fit.noEffect?.p)
        cells["mean_response"] = .of(fit.meanResponse)
        cells["sd_response"] = .of(fit.responseDeviation)
        cells["curve_class"] = .of(CurveClass.of(curve))
    }

    static let ln10 = 2.302585092994045684018
    static func log10(_ value: Double) -> Double? { DecimalLogarithm.of(value) }
}
