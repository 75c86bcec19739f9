import DoseResponse

/// All curves as rows: verdict, IC50 with interval, slope, plateaus, R², points, reasons.
struct CurveTable {
    let curves: [PlottedCurve]
    /// Names lead to the small plots.
    let hasPlots: Bool

    /// Which columns there is something to say in.
    private let isMolar: Bool, hasAbsolute: Bool, hasControls: Bool

    init(curves: [PlottedCurve], hasPlots: Bool) {
        self.curves = curves
        self.hasPlots = hasPlots
        isMolar = curves.contains { MolarUnit.exponent(of: $0.unit) != nil }
        hasAbsolute = curves.contains { $0.absolute != nil }
        hasControls = curves.contains { $0.curve.zPrime != nil }
    }

    func write(into markup: inout Markup) {
        let level = PlottedCurve.confidencePrefix(curves)
        var heads = ["Curve", "Verdict", "IC50", level.isEmpty ? "Interval" : level + "interval", "Unit"]
        if isMolar { heads.append("pIC50") }
        if hasAbsolute { heads.append("Absolute") }
        heads += ["Hill slope", "Bottom", "Top", "R²", "n"]
        if hasControls { heads.append("Z′") }
        heads.append("Reasons and flags")
        markup.raw("<div class=\"wide\"><table id=\"table\"><thead><tr>")
        for (place, head) in heads.enumerated() {
            markup.raw(
                place > 1 && place < heads.count - 1 && head != "Unit" ? "<th scope=\"col\" class=\"r\">" : "<th scope=\"col\">")
            markup.raw(head + "</th>")
        }
        markup.raw("</tr></thead><tbody>")
        for (index, curve) in curves.enumerated() { row(index, curve, &markup) }
        markup.raw("</tbody></table></div>")
    }

    private func row(_ index: Int, _ curve: PlottedCurve, _ markup: inout Markup) {
        let grade = curve.grade.rawValue
        markup.raw("<tr class=\"\(grade)\"><th scope=\"row\"><bdi>")
        if hasPlots { markup.raw("<a href=\"#c\(index)\">") }
        markup.text(curve.label)
        markup.raw(hasPlots ? "</a></bdi></th><td><i>\(grade)</i></td>" : "</bdi></th><td><i>\(grade)</i></td>")
        let answer = curve.ic50Text.map { curve.unit.isEmpty ? $0 : String($0.dropLast(curve.unit.count + 1)) }
        number(answer, &markup)
        number(curve.intervalText, &markup)
        markup.raw("<td>")
        markup.text(curve.unit)
        markup.raw("</td>")
        if isMolar {
            let power = MolarUnit.exponent(of: curve.unit)
            number(curve.ic50.flatMap { MolarUnit.pIC50($0.value, exponent: power) }, &markup)
        }
        if hasAbsolute {
            let level = curve.levelText.map { " at " + $0 } ?? ""
            number(curve.absolute.map { DisplayNumber.text($0.value) + level }, &markup)
        }
        number(curve.slope.map { DisplayNumber.text($0, digits: 3) }, &markup)
        number(curve.parameters.map { DisplayNumber.short($0.bottom.value) }, &markup)
        number(curve.parameters.map { DisplayNumber.short($0.top.value) }, &markup)
        number(curve.hasLine ? curve.curve.fit.r2.map { DisplayNumber.fixed($0, decimals: 3) } : nil, &markup)
        number(String(curve.curve.points.count { $0.weight > 0 }), &markup)
        if hasControls { number(curve.curve.zPrime.map { DisplayNumber.fixed($0, decimals: 2) }, &markup) }
        markup.raw("<td>")
        markup.text(curve.notes.joined(separator: "; "))
        markup.raw("</td></tr>")
    }

    private func number(_ text: String?, _ markup: inout Markup) {
        markup.raw("<td class=\"r\">")
        if let text { markup.text(text) }
        markup.raw("</td>")
    }
}
