import DoseResponse

/// What is said of a curve, in the same words wherever it is said.
extension PlottedCurve {
    var unit: String { curve.doseUnit.map { DisplayName.shown($0, limit: 20) } ?? "" }

    /// `22.92 uM`, `> 10 uM`; `nil` where no number may be shown.
    var ic50Text: String? {
        let suffix = unit.isEmpty ? "" : " " + unit
        switch curve.verdict.bound {
        case .above(let dose): return "> \(DisplayNumber.short(dose))\(suffix)"
        case .below(let dose): return "< \(DisplayNumber.short(dose))\(suffix)"
        case nil: return ic50.map { DisplayNumber.text($0.value) + suffix }
        }
    }

    /// `19.1 – 27.5`; `> 19.1` where the upper end is open.
    var intervalText: String? { interval.flatMap(Self.text) }

    static func text(_ interval: Interval) -> String? {
        switch (interval.low.flatMap(finite), interval.high.flatMap(finite)) {
        case (let low?, let high?): "\(DisplayNumber.text(low, digits: 3)) – \(DisplayNumber.text(high, digits: 3))"
        case (let low?, nil): "> \(DisplayNumber.text(low, digits: 3))"
        case (nil, let high?): "< \(DisplayNumber.text(high, digits: 3))"
        case (nil, nil): nil
        }
    }

    /// `19.1 – 27.5 uM`
    var intervalWithUnit: String? { intervalText.map { unit.isEmpty ? $0 : "\($0) \(unit)" } }

    /// `95 %`
    var confidenceText: String { Self.percent(curve.fit.confidence) }

    /// `95 % ` where all of some curves have one level, else nothing.
    static func confidencePrefix(_ curves: [PlottedCurve]) -> String {
        guard let first = curves.first, curves.allSatisfy({ $0.curve.fit.confidence == first.curve.fit.confidence }) else {
            return ""
        }
        return first.confidenceText + " "
    }

    private static func percent(_ share: Double) -> String { DisplayNumber.short(share * 100, digits: 6) + " %" }

    /// `50 %`, the response that the absolute estimate belongs to.
    var levelText: String? {
        level.map { DisplayNumber.short($0) + (curve.responseUnit == "%" ? " %" : "") }
    }

    private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

    /// `22.92 uM (19.1 – 27.5 uM)`, `> 10 uM`, `no IC50`.
    var headline: String { headline(interval: "") }

    /// With words before the interval: `22.92 uM (95 % CI 19.1 – 27.5 uM)`.
    func headline(interval words: String) -> String {
        guard let ic50Text else { return "no IC50" }
        return ic50Text + (intervalWithUnit.map { " (\(words)\($0))" } ?? "")
    }

    /// -b of the log-logistic curves: below 0 where the response falls. Weibull's b is another thing and has another name.
    var slope: Double? {
        guard let slope = parameters?.slope.value, curve.fit.model.family == .logLogistic else { return nil }
        return -slope
    }

    /// The reasons of the verdict, then the flags that no reason names, then what was left out of the input. Why a curve is
    /// refused is said in full by its reasons: flags of a fit that is not shown would only repeat them.
    var notes: [String] {
        let dropped = curve.rowsDropped
        let named = Set(curve.verdict.reasons.map(\.code) + (dropped > 0 ? ["rows_dropped"] : []))
        let flags = grade == .refused ? [] : curve.fit.flags.names.filter { !named.contains($0) }
        return curve.verdict.reasons.map { DisplayName.shown($0.text, limit: 400) }
            + flags.map { FlagWords.text($0, level: levelAsked) }
            + (dropped > 0 ? ["\(dropped) \(dropped == 1 ? "row" : "rows") without dose or response left out"] : [])
    }

    private var levelAsked: String? {
        curve.fit.absoluteLevel.map { DisplayNumber.short($0) + (curve.responseUnit == "%" ? " %" : "") }
    }

    /// `Curve A: good, IC50 22.92 uM (95 % confidence interval 19.1 – 27.5 uM), Hill slope −1.2, plateaus 9.5 and 84.1, R² 0.99, 21 points.`
    var spoken: String {
        var parts = [grade.rawValue]
        parts.append(ic50Text == nil ? "no IC50" : "IC50 " + headline(interval: confidenceText + " confidence interval "))
        if let parameters {
            if let slope { parts.append("Hill slope \(DisplayNumber.text(slope, digits: 3))") }
            let plateaus = [parameters.bottom.value, parameters.top.value].map { DisplayNumber.text($0, digits: 3) }
            parts.append("plateaus \(plateaus[0]) and \(plateaus[1])")
            if let r2 = curve.fit.r2 { parts.append("R² \(DisplayNumber.text(r2, digits: 3))") }
        } else if let meanResponse {
            parts.append("mean response \(DisplayNumber.text(meanResponse, digits: 3))")
        }
        parts.append(curve.points.count == 1 ? "1 point" : "\(curve.points.count) points")
        let reasons = grade == .good ? "" : " " + notes.joined(separator: "; ") + "."
        return "\(label): \(parts.joined(separator: ", "))." + (reasons == " ." ? "" : reasons)
    }

    /// `0.3 uM: 3.979, replicate 1, residual −0.912, line 2`
    func spoken(_ point: ReportedCurve.Point, isSuspect: Bool) -> String {
        var text = "\(DisplayNumber.short(point.dose))\(unit.isEmpty ? "" : " " + unit): \(DisplayNumber.short(point.response))"
        if let replicate = point.replicate { text += ", replicate \(DisplayName.shown(replicate, limit: 40))" }
        if let residual = residual(of: point) { text += ", residual \(DisplayNumber.text(residual, digits: 3))" }
        if isSuspect { text += ", suspected outlier" }
        if point.weight == 0 { text += ", not fitted" }
        return text + (point.place.isEmpty ? "" : ", \(DisplayName.shown(point.place, limit: 60))")
    }
}
