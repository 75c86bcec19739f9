import DoseResponse

/// The interval at the height of the IC50: a cap where it ends, an arrow where it is open. An end beyond the axis has a small
/// tick at the edge, and says where it lies.
struct WhiskerDrawing {
    let layout: PlotLayout
    let plotted: PlottedCurve

    func write(_ x: Double, _ y: Double, into markup: inout Markup) {
        guard let interval = plotted.interval, interval.low != nil || interval.high != nil else { return }
        var lines = PlotPath(steps: 100)
        for (end, edge, way) in [(interval.low, layout.dose.left, -1.0), (interval.high, layout.right, 1)] {
            let end = end.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
            let held = end.flatMap { layout.dose.holds($0) ? layout.dose.x($0) : nil }
            lines.move(x, y)
            lines.line(held ?? edge, y)
            if let held {
                lines.move(held, y - 5)
                lines.line(held, y + 5)
            } else if let end {
                // Not on the very edge, where half of it would be cut off.
                lines.move(edge - way, y - 3)
                lines.line(edge - way, y + 3)
                if layout.curves.count == 1 { label(end, edge, way, y, &markup) }
            } else {
                lines.move(edge - way * 6, y - 4)
                lines.line(edge, y)
                lines.line(edge - way * 6, y + 4)
            }
        }
        markup.path(lines, "i")
    }

    private func label(_ end: Double, _ edge: Double, _ way: Double, _ y: Double, _ markup: inout Markup) {
        let number = DisplayNumber.text(end, digits: 3) + (plotted.unit.isEmpty ? "" : " " + plotted.unit)
        // Away from the level of the absolute estimate, which often lies close.
        let isAbove = plotted.level.map { layout.response.y($0) >= y } ?? true
        markup.label(
            way < 0 ? "from " + number : "to " + number, way < 0 ? "t hl" : "t e hl", x: edge - way * 4,
            y: isAbove ? y - 7 : y + 15)
    }
}
