import DoseResponse

/// One curve of a large plot: band, line, plateaus and estimates, under its points.
struct CurveDrawing {
    let layout: PlotLayout
    let index: Int
    let replicates: DoseResponsePlot.Replicates

    private var plotted: PlottedCurve { layout.curves[index] }
    private var colour: Int { index % PlotPalette.count }
    private var isAlone: Bool { layout.curves.count == 1 }

    func write(into markup: inout Markup) {
        markup.raw("<g class=\"cv k\(colour)\" data-i=\"\(index)\"><g clip-path=\"url(#clip)\">")
        if let trace = CurveTrace(plotted, layout.dose, layout.response, samples: 240) {
            line(trace, &markup)
            plateaus(&markup)
            estimates(&markup)
        } else if let mean = plotted.meanResponse {
            flatLine(mean, &markup)
        }
        markup.raw("</g>")
        PointsDrawing(layout: layout, index: index, replicates: replicates).write(into: &markup)
        markup.raw("</g>")
    }

    private func line(_ trace: CurveTrace, _ markup: inout Markup) {
        markup.path(trace.bandPath(steps: 100), "b")
        var inside = PlotPath(steps: 100), outside = PlotPath(steps: 100)
        inside.lines(trace.inside)
        outside.lines(trace.before)
        outside.lines(trace.after)
        if let zero = layout.dose.zero, let mean = plotted.curve.fit.mean(at: 0), mean.isFinite {
            let y = layout.response.clampedY(mean)
            inside.move(zero - 16, y)
            inside.line(zero + 16, y)
        }
        markup.path(outside, "l d")
        markup.path(inside, "l")
    }

    private func flatLine(_ mean: Double, _ markup: inout Markup) {
        var flat = PlotPath(steps: 100)
        let y = layout.response.clampedY(mean)
        flat.move(layout.left, y)
        flat.line(layout.right, y)
        // Means of several refused curves may be as good as equal: their dots then alternate.
        let flats = layout.curves.indices.filter { !layout.curves[$0].hasLine }
        guard flats.count > 1, let place = flats.firstIndex(of: index) else { return markup.path(flat, "l f") }
        let period = 6 * min(flats.count, 4)
        markup.path(flat, "l f", dashes: "1 \(period - 1)", offset: -6 * (place % 4))
    }

    /// Dotted: over the whole width when the curve is alone, else at the side where the curve comes to it.
    private func plateaus(_ markup: inout Markup) {
        guard let parameters = plotted.parameters else { return }
        var lines = PlotPath(steps: 100)
        let startsHigh = plotted.curve.fit.mean(at: 0) == parameters.top.value
        for (value, isTop) in [(parameters.top.value, true), (parameters.bottom.value, false)] {
            let y = layout.response.y(value)
            guard y > layout.response.top, y < layout.bottom else { continue }
            let isLeft = isTop == startsHigh
            lines.move(isAlone ? layout.left : isLeft ? layout.dose.left : layout.right - 70, y)
            lines.line(isAlone || !isLeft ? layout.right : layout.dose.left + 70, y)
            guard isAlone else { continue }
            let above = y - 5 > layout.response.top + 8
            markup.label(
                (isTop ? "top " : "bottom ") + DisplayNumber.text(value, digits: 3), isLeft ? "t e hl" : "t hl",
                x: isLeft ? layout.right - 2 : layout.dose.left + 6, y: above ? y - 5 : y + 14)
        }
        markup.path(lines, "pl")
    }

    private func estimates(_ markup: inout Markup) {
        if let level = plotted.level, let absolute = plotted.absolute, level.isFinite {
            let y = layout.response.y(level)
            if layout.dose.holds(absolute.value), let x = layout.dose.x(absolute.value) {
                drop(x, y, "dr da", toLeft: false, &markup)
                markup.symbol("M-4.5 0L0-4.5 4.5 0 0 4.5z", x: x, y: y)
                let at = "\(plotted.levelText ?? "") at \(withUnit(DisplayNumber.text(absolute.value)))"
                // Away from the bar of the IC50, which often lies close.
                let bar = plotted.ic50.flatMap { plotted.curve.fit.mean(at: $0.value) } ?? -.infinity
                if isAlone { markup.label(at, "t e hl", x: layout.right - 2, y: bar >= level ? y + 14 : y - 5) }
            }
        }
        guard let ic50 = plotted.ic50, layout.dose.holds(ic50.value), let x = layout.dose.x(ic50.value),
            let mean = plotted.curve.fit.mean(at: ic50.value), mean.isFinite
        else { return }
        let y = layout.response.y(mean)
        drop(x, y, "dr", toLeft: isAlone, &markup)
        WhiskerDrawing(layout: layout, plotted: plotted).write(x, y, into: &markup)
        markup.symbol("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0zM-1.2 0a1.2 1.2 0 1 0 2.4 0a1.2 1.2 0 1 0-2.4 0z", x: x, y: y)
        guard isAlone else { return }
        // Not across the line of the absolute one.
        let isRight = x > layout.right - 120 || (plotted.absolute?.value ?? 0) > ic50.value && x > layout.left + 120
        markup.label(
            "IC50 " + withUnit(DisplayNumber.text(ic50.value)), isRight ? "e hl" : "hl", x: x + (isRight ? -7 : 7),
            y: freeHeight(above: y))
    }

    private func withUnit(_ number: String) -> String { plotted.unit.isEmpty ? number : number + " " + plotted.unit }

    /// As low in the plot as a label stands without a plateau or the level running through it; not up to the marker.
    private func freeHeight(above marker: Double) -> Double {
        let lines = [plotted.parameters?.bottom.value, plotted.parameters?.top.value, plotted.level].compactMap { $0 }
            .map { layout.response.y($0) }
        let lowest = layout.bottom - 8
        let heights = stride(from: lowest, to: marker + 24, by: -4)
        return heights.first { y in !lines.contains { $0 > y - 14 && $0 < y + 6 } } ?? lowest
    }

    private func drop(_ x: Double, _ y: Double, _ style: String, toLeft: Bool, _ markup: inout Markup) {
        var lines = PlotPath(steps: 100)
        lines.move(toLeft ? layout.left : x, y)
        lines.line(x, y)
        lines.line(x, layout.bottom)
        markup.path(lines, style)
    }
}
