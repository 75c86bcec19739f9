/// The points of one curve of a large plot, or the means of their replicates, and the residuals below.
struct PointsDrawing {
    let layout: PlotLayout
    let index: Int
    let replicates: DoseResponsePlot.Replicates

    /// Points with words of their own; beyond, a page of a large data set would be words alone.
    private static let mostTitles = 600
    /// Points drawn one by one.
    private static let mostMarkers = 3000

    private var plotted: PlottedCurve { layout.curves[index] }
    private var colour: Int { index % PlotPalette.count }
    private var isAlone: Bool { layout.curves.count == 1 }

    func write(into markup: inout Markup) {
        points(&markup)
        if replicates != .points { means(&markup) }
        if layout.residual != nil, plotted.hasLine { residuals(&markup) }
    }

    private func points(_ markup: inout Markup) {
        let points = plotted.curve.points
        let isCrowd = points.count > Self.mostMarkers
        if isCrowd { crowd(&markup) }
        for (place, point) in points.enumerated() {
            guard let x = layout.dose.x(point.dose), point.response.isFinite else { continue }
            let isSuspect = plotted.suspects.contains(place), isLeftOut = point.weight == 0
            let y = layout.response.y(point.response)
            if !isCrowd || isSuspect, replicates != .means || isSuspect || isLeftOut {
                let style = isLeftOut ? "w" : isSuspect ? "p" : "p pt"
                let isTitled = points.count <= Self.mostTitles
                let words = isTitled ? (isAlone ? "" : plotted.label + ", ") + plotted.spoken(point, isSuspect: isSuspect) : nil
                markup.marker(colour, style, x: x, y: y, title: words)
            }
            if isSuspect { markup.ring(x: x, y: y) }
        }
    }

    /// Thousands of points, as dots of one path; those at the same place are one dot.
    private func crowd(_ markup: inout Markup) {
        var seen: Set<Int> = []
        var dots = PlotPath(steps: 100)
        for point in plotted.curve.points {
            guard let x = layout.dose.x(point.dose), point.response.isFinite else { continue }
            let place = SIMD2(x * 2, layout.response.y(point.response) * 2).rounded(.toNearestOrEven)
            guard seen.insert(Int(place.x) << 20 | Int(place.y)).inserted else { continue }
            dots.dot(place.x / 2, place.y / 2)
        }
        markup.path(dots, "q pt")
    }

    private func means(_ markup: inout Markup) {
        markup.raw("<g class=\"sds\">")
        var bars = PlotPath(steps: 100)
        for group in plotted.replicateMeans() {
            guard let x = layout.dose.x(group.dose), group.mean.isFinite else { continue }
            if let deviation = group.deviation {
                let high = layout.response.clampedY(group.mean + deviation)
                let low = layout.response.clampedY(group.mean - deviation)
                for y in [high, low] {
                    bars.move(x - 4, y)
                    bars.line(x + 4, y)
                }
                bars.move(x, high)
                bars.line(x, low)
            }
            markup.marker(colour, "p", x: x, y: layout.response.y(group.mean))
        }
        markup.path(bars, "sd")
        markup.raw("</g>")
    }

    private func residuals(_ markup: inout Markup) {
        guard let axis = layout.residual else { return }
        var zero = PlotPath(steps: 100)
        zero.move(layout.left, axis.y(0))
        zero.line(layout.right, axis.y(0))
        markup.path(zero, "ax")
        guard plotted.curve.points.count <= Self.mostMarkers else { return }
        for (place, point) in plotted.curve.points.enumerated() {
            guard let residual = plotted.residual(of: point), let x = layout.dose.x(point.dose) else { continue }
            markup.marker(colour, "p", x: x, y: axis.y(residual))
            if plotted.suspects.contains(place) { markup.ring(x: x, y: axis.y(residual)) }
        }
    }
}
