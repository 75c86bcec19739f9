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
        markup.path(flat, "l f")
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
            if isAlone || index == 0 {
                var across = PlotPath(steps: 100)
                across.move(layout.left, y)
                across.line(layout.right, y)
                markup.path(across, "lv")
            }
            if layout.dose.holds(absolute.value), let x = layout.dose.x(absolute.value) {
                drop(x, y, toLeft: false, &markup)
                markup.symbol("M-4.5 0L0-4.5 4.5 0 0 4.5z", x: x, y: y)
                let at = "\(DisplayNumber.short(level)) at \(DisplayNumber.text(absolute.value))"
                if isAlone { markup.label(at, "t e hl", x: layout.right - 2, y: y - 5) }
            }
        }
        guard let ic50 = plotted.ic50, layout.dose.holds(ic50.value), let x = layout.dose.x(ic50.value),
            let mean = plotted.curve.fit.mean(at: ic50.value), mean.isFinite
        else { return }
        let y = layout.response.y(mean)
        drop(x, y, toLeft: isAlone, &markup)
        whisker(x, y, &markup)
        markup.symbol("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0zM-1.2 0a1.2 1.2 0 1 0 2.4 0a1.2 1.2 0 1 0-2.4 0z", x: x, y: y)
        guard isAlone else { return }
        // Not across the line of the absolute one.
        let isRight = x > layout.right - 120 || (plotted.absolute?.value ?? 0) > ic50.value && x > layout.left + 120
        markup.label(
            "IC50 " + DisplayNumber.text(ic50.value), isRight ? "e hl" : "hl", x: x + (isRight ? -7 : 7), y: layout.bottom - 8)
    }

    private func drop(_ x: Double, _ y: Double, toLeft: Bool, _ markup: inout Markup) {
        var lines = PlotPath(steps: 100)
        lines.move(toLeft ? layout.left : x, y)
        lines.line(x, y)
        lines.line(x, layout.bottom)
        markup.path(lines, "dr")
    }

    /// The interval at the height of the IC50: a cap where it ends, an arrow where it is open or leaves the axis.
    private func whisker(_ x: Double, _ y: Double, _ markup: inout Markup) {
        guard let interval = plotted.interval, interval.low != nil || interval.high != nil else { return }
        var lines = PlotPath(steps: 100)
        for (end, edge, way) in [(interval.low, layout.dose.left, -1.0), (interval.high, layout.right, 1)] {
            lines.move(x, y)
            if let end, layout.dose.holds(end), let stop = layout.dose.x(end) {
                lines.line(stop, y)
                lines.move(stop, y - 5)
                lines.line(stop, y + 5)
            } else {
                lines.line(edge, y)
                lines.move(edge - way * 6, y - 4)
                lines.line(edge, y)
                lines.line(edge - way * 6, y + 4)
            }
        }
        markup.path(lines, "i")
    }
}
