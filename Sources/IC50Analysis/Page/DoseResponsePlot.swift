import DoseResponse

/// A plot of one curve, or of several over one another, as one SVG file: for a notebook, a slide or a renderer to PNG.
///
/// Dose axis in decades with the dose 0 left of a break, every point, the fitted line (dashed beyond the doses) with its
/// confidence band, the IC50 with its interval, plateaus dotted, suspected outliers ringed, residuals below. A refused curve
/// shows its points, their mean as a flat line, and why.
public struct DoseResponsePlot: Sendable {
    /// How replicates are shown.
    public enum Replicates: Sendable, Hashable {
        /// Every point.
        case points
        /// Mean and standard deviation of each dose; suspected outliers and points that were not fitted stay beside them.
        case means
        /// Both, for a page that switches between them.
        case both
    }

    let layout: PlotLayout
    let replicates: Replicates

    /// - Parameter curves: Of one unit of dose. Up to eight have colours and markers of their own.
    public init(_ curves: [ReportedCurve], replicates: Replicates = .points) {
        self.init(PlotLayout(PlottedCurve.all(curves)), replicates: replicates)
    }

    init(_ layout: PlotLayout, replicates: Replicates) {
        self.layout = layout
        self.replicates = replicates
    }

    /// The whole file: namespace, style and a white ground of its own, nothing fetched.
    public func svg() -> String {
        var markup = Markup()
        let share = PlotLayout.width / (PlotLayout.width + 2 * Self.margin)
        markup.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Int(PlotLayout.width))\"")
        markup.attribute("height", ((layout.height + 2 * Self.margin) * share).rounded())
        open(&markup, margin: Self.margin)
        markup.raw("<style>\(PlotStyle.light)</style>")
        draw(&markup, margin: Self.margin)
        return markup.string
    }

    /// As an element of a page, which has the style.
    func write(into markup: inout Markup) {
        markup.raw("<svg id=\"plot\"")
        open(&markup, margin: 0)
        draw(&markup, margin: 0)
    }

    /// Around a file of its own: what it is put on may end at its edges.
    private static let margin = 14.0

    private func open(_ markup: inout Markup, margin: Double) {
        markup.raw(" viewBox=\"\(Int(-margin)) \(Int(-margin)) \(Int(PlotLayout.width + 2 * margin)) ")
        markup.length(layout.height + 2 * margin)
        markup.raw("\" role=\"img\" aria-labelledby=\"plot-title plot-words\"><title id=\"plot-title\">")
        markup.text(layout.curves.count == 1 ? "Dose-response curve" : "\(layout.curves.count) dose-response curves")
        markup.raw("</title><desc id=\"plot-words\">")
        markup.text(layout.curves.map(\.spoken).joined(separator: " "))
        markup.raw("</desc>")
    }

    private func draw(_ markup: inout Markup, margin: Double) {
        markup.raw("<defs><clipPath id=\"clip\">")
        markup.raw("<rect x=\"0\" width=\"\(Int(PlotLayout.width))\"")
        markup.attribute("y", layout.response.top)
        markup.attribute("height", layout.response.height)
        markup.raw("/></clipPath>")
        for (index, marker) in PlotPalette.markers.prefix(max(layout.curves.count, 1)).enumerated() {
            markup.raw("<path id=\"m\(index)\" d=\"\(marker)\"/>")
        }
        let corner = margin == 0 ? "" : " x=\"\(Int(-margin))\" y=\"\(Int(-margin))\""
        markup.raw("</defs><rect class=\"bg\"\(corner) width=\"100%\" height=\"100%\"/>")
        if layout.hasLegend { LegendDrawing(layout: layout).write(into: &markup) }
        AxisDrawing(layout: layout).write(into: &markup)
        for index in layout.curves.indices {
            CurveDrawing(layout: layout, index: index, replicates: replicates).write(into: &markup)
        }
        markup.raw("</svg>")
    }
}
