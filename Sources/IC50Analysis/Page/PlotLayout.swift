/// Where everything of a large plot stands: legend, plot, residuals, from top to bottom.
struct PlotLayout {
    static let width = 760.0
    static let legendRow = 22.0, noteLine = 15.0

    let curves: [PlottedCurve]
    /// The lines under each row of the legend.
    let notes: [[String]]
    let dose: DoseAxis, response: ResponseAxis
    /// `nil` when there is nothing to show the residuals of.
    let residual: ResponseAxis?
    let hasLegend: Bool
    let left: Double, right: Double, legendTop: Double
    let height: Double

    /// - Parameter hasLegend: A page of one curve says above the plot what the legend would.
    init(_ curves: [PlottedCurve], hasLegend: Bool = true) {
        self.curves = curves
        self.hasLegend = hasLegend
        notes = curves.map { DisplayName.lines($0.notes.joined(separator: " · "), width: 118, atMost: 3) }
        legendTop = 6
        let legend = notes.reduce(0) { $0 + Self.legendRow + Double($1.count) * Self.noteLine + ($1.isEmpty ? 0 : 4) }
        let plotTop = legendTop + (hasLegend ? legend : -8) + 40
        let responses = curves.flatMap { $0.visibleResponses() }
        response = ResponseAxis(values: responses, top: plotTop, height: 330, ticks: 6)
        let residuals = curves.flatMap { curve in curve.curve.points.compactMap { curve.residual(of: $0) } }
        residual =
            residuals.isEmpty
            ? nil
            : ResponseAxis(
                values: residuals + [0] + residuals.map { -$0 }, top: plotTop + 330 + 66, height: 84, ticks: 3, margin: 0.12)
        let labels = (response.ticks + (residual?.ticks ?? [])).map(\.label.count).max() ?? 1
        left = max(36, Double(labels) * 6.6 + 14)
        right = Self.width - 16
        dose = DoseAxis(doses: curves.flatMap { $0.visibleDoses() }, from: left, to: right, zeroWidth: 54)
        height = (residual.map { $0.top + $0.height } ?? plotTop + 330) + 46
    }

    /// Lower edge of the plot.
    var bottom: Double { response.top + response.height }
}
