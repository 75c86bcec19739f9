import DoseResponse

/// One HTML file with everything an analysis found: plots, table, provenance. It fetches nothing, and it is complete before
/// any script runs; scripts add values under the pointer, switches, a filter by name and downloads.
///
/// One curve is a large plot with residuals, up to eight of the same unit lie over one another, more stand side by side in a
/// grid. A refused curve has points, their mean and the reasons, and no number.
public struct IC50Page: Sendable {
    let curves: [PlottedCurve]
    private let provenance: IC50Report.Provenance

    public init(_ report: IC50Report) {
        curves = PlottedCurve.all(report.curves)
        provenance = report.provenance
    }

    /// The file as UTF-8.
    public func html() -> [UInt8] {
        var markup = Markup()
        head(&markup)
        header(&markup)
        markup.raw("<main id=\"all\">")
        if fitsOnePlot { largePlot(&markup) } else if !curves.isEmpty { grid(&markup) }
        if !curves.isEmpty {
            markup.raw("<h2>\(curves.count == 1 ? "Estimates" : "All curves")</h2>")
            CurveTable(curves: curves, hasPlots: !fitsOnePlot).write(into: &markup)
        }
        ProvenanceSection(provenance: provenance).write(into: &markup)
        markup.raw("</main><div id=\"tip\"></div><div id=\"said\" class=\"said\" aria-live=\"polite\"></div>")
        data(&markup)
        markup.raw("<script>\(PageScript.text(enlarges: !fitsOnePlot))</script></body></html>\n")
        return markup.bytes
    }

    var fitsOnePlot: Bool {
        !curves.isEmpty && curves.count <= PlotPalette.count
            && curves.allSatisfy { $0.unit == curves[0].unit && $0.curve.responseUnit == curves[0].curve.responseUnit }
    }

    private func head(_ markup: inout Markup) {
        markup.raw(
            """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>\
            <meta name="referrer" content="no-referrer"/><meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
            style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:"/><title>
            """)
        markup.text(title)
        markup.raw("</title><style id=\"ps\">\(PlotStyle.light)</style><style>\(PageStyle.text)")
        markup.raw("@media screen and (prefers-color-scheme:dark){\(PageStyle.dark)\(PlotStyle.dark)}")
        markup.raw("@media print{\(PageStyle.print)}</style></head><body class=\"nojs\">")
    }

    private var title: String {
        switch curves.count {
        case 0: "No curves"
        case 1: curves[0].label
        default:
            curves[0].curve.name.isEmpty || curves.contains { $0.curve.name != curves[0].curve.name }
                ? "IC50 of \(curves.count) curves"
                : "\(DisplayName.shown(curves[0].curve.name)): IC50 of \(curves.count) curves"
        }
    }

    private func header(_ markup: inout Markup) {
        markup.raw("<header><h1><bdi>")
        markup.text(title)
        markup.raw("</bdi></h1><p class=\"sub\">")
        var parts: [String] = []
        if curves.count > 1 {
            for grade in Verdict.Grade.allCases {
                let count = curves.count { $0.grade == grade }
                if count > 0 { parts.append("\(count) \(grade.rawValue)") }
            }
        }
        let shared = PlottedCurve.shared(curves)
        if !shared.isEmpty { parts.append(shared) }
        if curves.isEmpty { parts.append("The input holds no dose-response curve") }
        let names = provenance.inputs.map { DisplayName.shown($0.name, limit: 80) }
        if let first = names.first { parts.append(names.count == 1 ? first : "\(first) and \(names.count - 1) more") }
        markup.text(parts.joined(separator: " · "))
        markup.raw("</p>")
        if curves.count == 1 { answer(curves[0], &markup) }
        markup.raw("</header>")
    }

    /// The number that a page of one curve is opened for, or why there is none.
    private func answer(_ curve: PlottedCurve, _ markup: inout Markup) {
        markup.raw("<div class=\"answer\"><b>")
        markup.text(curve.ic50Text.map { "IC50 \($0)" } ?? "No IC50")
        markup.raw("</b>")
        if let interval = curve.intervalWithUnit {
            markup.raw("<span class=\"sub\">")
            markup.text("\(curve.confidenceText) confidence interval \(interval)")
            markup.raw("</span>")
        }
        markup.raw("<i class=\"\(curve.grade.rawValue)\">\(curve.grade.rawValue)</i></div>")
        guard !curve.notes.isEmpty else { return }
        markup.raw("<ul class=\"why\">")
        for note in curve.notes {
            markup.raw("<li>")
            markup.text(note)
            markup.raw("</li>")
        }
        markup.raw("</ul>")
    }

    private func data(_ markup: inout Markup) {
        if fitsOnePlot {
            let layout = PlotLayout(curves, hasLegend: curves.count > 1)
            PageData(curves: curves, axes: [(layout.dose, layout.response)], axisOfCurve: curves.map { _ in 0 })
                .write(into: &markup)
        } else {
            let plots = SmallPlots(curves)
            PageData(curves: curves, axes: plots.axes, axisOfCurve: plots.axisOfCurve).write(into: &markup)
        }
    }
}
