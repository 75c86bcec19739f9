import DoseResponse
import Glibc

/// The class of a curve in the manner of public quantitative high-throughput screens (Inglese et al., PNAS 2006, 103:11473).
enum CurveClass {
    /// Efficacy in percent and coefficient of determination that part the subclasses.
    static let strongEfficacy = 80.0, weakEfficacy = 30.0, goodFit = 0.9

    /// `1.1` to `4`, negative where the response falls with the dose; `nil` for responses that are not percent.
    static func of(_ curve: ReportedCurve) -> String? {
        guard curve.responseUnit == "%" else { return nil }
        let fit = curve.fit
        if curve.verdict.grade == .refused, curve.verdict.bound == nil { return "4" }
        guard let values = fit.values, let r2 = fit.r2 else { return "4" }
        let efficacy = Swift.abs(values.top - values.bottom)
        guard efficacy >= weakEfficacy, !fit.flags.contains(.inactive) else { return "4" }
        let falls = fit.model.startsAtTop(slope: values.slope)
        let sign = falls ? "-" : ""
        if onlyHighestDoseIsActive(curve, values, falls) { return sign + "3" }
        // The plateau at the high doses is the one that an incomplete curve lacks.
        let lacksPlateau = fit.flags.contains(falls ? .bottomNotReached : .topNotReached) || curve.verdict.bound != nil
        let subclass = r2 >= goodFit ? (efficacy >= strongEfficacy ? 1 : 2) : (efficacy >= strongEfficacy ? 3 : 4)
        return sign + (lacksPlateau ? "2" : "1") + ".\(subclass)"
    }

    /// Less than a quarter of the effect below the highest dose.
    private static func onlyHighestDoseIsActive(_ curve: ReportedCurve, _ values: ParameterValues<Double>, _ falls: Bool) -> Bool
    {
        let doses = Set(curve.points.filter { $0.weight > 0 }.map(\.dose)).sorted()
        guard doses.count > 2, let mean = curve.fit.mean(at: doses[doses.count - 2]) else { return false }
        let start = falls ? values.top : values.bottom
        return Swift.abs(mean - start) < 0.25 * Swift.abs(values.top - values.bottom)
    }
}

enum DecimalLogarithm {
    static func of(_ value: Double) -> Double? {
        let result = Glibc.log10(value)
        return result.isFinite ? result : nil
    }
}
