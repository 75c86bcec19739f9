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
            "curve_class", "z_prime", "se_kind", "rows_dropped", "verdict", "reasons", "ic50_extrapolated",
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
        cells["cell"] = .text(curve.cell ?? curve.name)
        cells["hours"] = .number(curve.hours)
        cells["fit_function"] = .text(fit.model.description)
        guard isShown, let ic50 = fit.ic50 else { return }
        cells["IC50"] = .number(ic50.value)
        guard let error = ic50.error else { return }
        cells["std"] = .number(error)
        guard error > 0 else { return }
        cells["t_Value"] = .number(ic50.value / error)
        cells["p_Value"] = .number(Distributions.tTail(ic50.value / error, df: Double(fit.degreesOfFreedom)))
    }

    private func addIdentity(_ cells: inout [String: IC50Cell]) {
        cells["curve"] = .text(curve.name)
        cells["series"] = .text(curve.series)
        cells["status"] = .text(fit.status.rawValue)
        cells["flags"] = .text(fit.flags.names.joined(separator: ";"))
        cells["unit"] = .text(curve.doseUnit)
        cells["n"] = .count(fit.points)
        cells["doses"] = .count(fit.doses)
        cells["model"] = .text(fit.model.description)
        cells["fixed"] = .text(fit.model.fixedText)
        cells["z_prime"] = .number(curve.zPrime)
        cells["se_kind"] = .text(isShown && fit.covariance != nil ? fit.errorKind.rawValue : nil)
        cells["rows_dropped"] = .count(curve.rowsDropped)
        cells["verdict"] = .text(curve.verdict.grade.rawValue)
        cells["reasons"] = .text(curve.verdict.reasons.map { "\($0.code): \($0.text)" }.joined(separator: "; "))
    }

    private func addIC50(_ cells: inout [String: IC50Cell]) {
        switch curve.verdict.bound {
        case .above(let dose)?: (cells["qualifier"], cells["ic50"]) = (.text(">"), .number(dose))
        case .below(let dose)?: (cells["qualifier"], cells["ic50"]) = (.text("<"), .number(dose))
        case nil: break
        }
        if curve.verdict.bound != nil { cells["ic50_extrapolated"] = .number(fit.ic50?.value) }
        guard isShown, let ic50 = fit.ic50 else { return }
        if curve.verdict.bound == nil {
            cells["ic50"] = .number(ic50.value)
            cells["ic50_se"] = .number(ic50.error)
            let interval = ic50.profile ?? ic50.log
            cells["ic50_low"] = .number(interval?.low)
            cells["ic50_high"] = .number(interval?.high)
            cells["ci_method"] = .text(interval == nil ? nil : ic50.profile != nil ? "profile" : "log")
            cells["log10_ic50"] = .number(Self.log10(ic50.value))
            cells["log10_se"] = .number(ic50.logError.map { $0 / Self.ln10 })
            cells["pic50"] = .number(curve.molarFactor.flatMap { Self.log10($0 * ic50.value) }.map { -$0 })
        }
        cells["abs_level"] = .number(fit.absoluteLevel)
        cells["abs_ic50"] = .number(fit.absolute?.value)
        cells["abs_low"] = .number(fit.absolute?.log?.low)
        cells["abs_high"] = .number(fit.absolute?.log?.high)
        cells["ed10"] = .number(fit.effectiveDose(10)?.value)
        cells["ed90"] = .number(fit.effectiveDose(90)?.value)
    }

    private func addParameters(_ cells: inout [String: IC50Cell]) {
        guard isShown, let parameters = fit.parameters else { return }
        func error(_ estimate: ParameterEstimate) -> Double? {
            fit.errorKind == .observed ? estimate.observedError : estimate.expectedError
        }
        cells["slope_b"] = .number(parameters.slope.value)
        cells["hill"] = .number(-parameters.slope.value)
        cells["slope_se"] = .number(error(parameters.slope))
        cells["slope_low"] = .number(parameters.slope.profile?.low)
        cells["slope_high"] = .number(parameters.slope.profile?.high)
        cells["bottom"] = .number(parameters.bottom.value)
        cells["bottom_se"] = .number(error(parameters.bottom))
        cells["top"] = .number(parameters.top.value)
        cells["top_se"] = .number(error(parameters.top))
        guard fit.model.isFree(.asymmetry) else { return }
        cells["f"] = .number(parameters.asymmetry.value)
        cells["f_se"] = .number(error(parameters.asymmetry))
    }

    private func addQuality(_ cells: inout [String: IC50Cell]) {
        cells["rss"] = .number(fit.rss)
        cells["residual_se"] = .number(fit.residualError)
        cells["df"] = fit.degreesOfFreedom >= 0 ? .count(fit.degreesOfFreedom) : .empty
        cells["r2"] = .number(fit.r2)
        cells["logLik"] = .number(fit.logLikelihood)
        cells["aic"] = .number(fit.aic)
        cells["aicc"] = .number(fit.aicc)
        cells["lof_F"] = .number(fit.lackOfFit?.f)
        cells["lof_p"] = .number(fit.lackOfFit?.p)
        cells["noeffect_p"] = .number(fit.noEffect?.p)
        cells["curve_class"] = .text(CurveClass.of(curve))
    }

    static let ln10 = 2.302585092994045684018
    static func log10(_ value: Double) -> Double? { DecimalLogarithm.of(value) }
}
