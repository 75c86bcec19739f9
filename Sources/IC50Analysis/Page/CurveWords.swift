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

    private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

    /// `22.92 uM (19.1 – 27.5)`, `> 10 uM`, `no IC50`.
    var headline: String {
        guard let ic50Text else { return "no IC50" }
        return ic50Text + (intervalText.map { " (\($0))" } ?? "")
    }

    /// -b of the log-logistic curves: below 0 where the response falls. Weibull's b is another thing and has another name.
    var slope: Double? {
        guard let slope = parameters?.slope.value, curve.fit.model.family == .logLogistic else { return nil }
        return -slope
    }

    /// The reasons of the verdict, then the flags that no reason names, then what was left out of the input.
    var notes: [String] {
        let dropped = curve.rowsDropped
        let named = Set(curve.verdict.reasons.map(\.code) + (dropped > 0 ? ["rows_dropped"] : []))
        let flags = curve.fit.flags.names.filter { !named.contains($0) }
        return curve.verdict.reasons.map { DisplayName.shown($0.text, limit: 400) }
            + flags.map { $0.split(separator: "_").joined(separator: " ") }
            + (dropped > 0 ? ["\(dropped) \(dropped == 1 ? "row" : "rows") without dose or response left out"] : [])
    }

    /// `Curve A: good, IC50 22.92 uM (19.1 – 27.5), Hill slope −1.2, plateaus 9.5 and 84.1, R² 0.99, 21 points.`
    var spoken: String {
        var parts = [grade.rawValue]
        parts.append(ic50Text == nil ? "no IC50" : "IC50 \(headline)")
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
