/// Axes of a large plot and of the residuals below it: light lines at the responses, ticks at the doses.
struct AxisDrawing {
    let layout: PlotLayout

    func write(into markup: inout Markup) {
        var title = PlottedCurve.responseTitle(layout.curves)
        if layout.response.exponent != 0 { title += " × " + DisplayNumber.powerOfTen(layout.response.exponent) }
        responses(layout.response, title: title, &markup)
        if let residual = layout.residual {
            let power = residual.exponent == 0 ? "" : " × " + DisplayNumber.powerOfTen(residual.exponent)
            responses(residual, title: "Residuals" + power, &markup)
            doses(at: layout.bottom, labelled: true, &markup)
            doses(at: residual.top + residual.height, labelled: false, &markup)
        } else {
            doses(at: layout.bottom, labelled: true, &markup)
        }
        level(&markup)
        let y = (layout.residual.map { $0.top + $0.height } ?? layout.bottom + 18) + 26
        markup.label(PlottedCurve.doseTitle(layout.curves), "c m", x: layout.dose.left + layout.dose.width / 2, y: y)
    }

    private func responses(_ axis: ResponseAxis, title: String, _ markup: inout Markup) {
        markup.label(title, "m n", x: 2, y: axis.top - 14)
        var lines = PlotPath(steps: 100)
        for tick in axis.ticks {
            let y = axis.y(tick.value)
            lines.move(layout.left, y)
            lines.line(layout.right, y)
            markup.label(tick.label, "t e", x: layout.left - 8, y: y + 4)
        }
        markup.path(lines, "gr")
    }

    /// The response that absolute estimates belong to: once for all curves, so that it stays when one of them is hidden.
    private func level(_ markup: inout Markup) {
        var drawn: Set<Double> = []
        for curve in layout.curves {
            guard let level = curve.level, level.isFinite, drawn.insert(level).inserted else { continue }
            let y = layout.response.y(level)
            guard y > layout.response.top, y < layout.bottom else { continue }
            var across = PlotPath(steps: 100)
            across.move(layout.left, y)
            across.line(layout.right, y)
            markup.path(across, "lv")
            // A curve alone says at its right end which dose belongs to the level.
            guard layout.curves.count > 1, let text = curve.levelText else { continue }
            markup.label(text, "t e hl", x: layout.right - 2, y: y - 5)
        }
    }

    private func doses(at y: Double, labelled: Bool, _ markup: inout Markup) {
        let axis = layout.dose
        var lines = PlotPath(steps: 100)
        lines.move(axis.left + (axis.zero == nil ? 0 : 3), y)
        lines.line(layout.right, y)
        if let zero = axis.zero {
            lines.move(layout.left, y)
            lines.line(axis.left - 3, y)
            // The break: what lies left of it is no place on the logarithmic axis.
            for shift in [-3.0, 3] {
                lines.move(axis.left + shift - 2.5, y + 5)
                lines.line(axis.left + shift + 2.5, y - 5)
            }
            lines.move(zero, y)
            lines.line(zero, y + 5)
            if labelled { markup.label("0", "t c", x: zero, y: y + 18) }
        }
        for tick in axis.ticks(labelWidth: 54) {
            lines.move(tick.x, y)
            lines.line(tick.x, y + (tick.label == nil ? 3 : 5))
            if labelled, let text = tick.label { markup.label(text, "t c", x: tick.x, y: y + 18) }
        }
        markup.path(lines, "ax")
    }
}
