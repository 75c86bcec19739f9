import DoseResponse

/// One row a curve above the plot: marker, name, IC50 with its interval, verdict; below it the reasons and flags.
struct LegendDrawing {
    let layout: PlotLayout

    func write(into markup: inout Markup) {
        var y = layout.legendTop + 12
        for (index, curve) in layout.curves.enumerated() {
            let colour = index % PlotPalette.count
            markup.raw("<g class=\"lg\" data-i=\"\(index)\"><g class=\"k\(colour)\">")
            markup.marker(colour, "p", x: 10, y: y - 4)
            markup.raw("</g>")
            let name = curve.fittedLabel(width: 300, perCharacter: 8)
            markup.label(name, "h n", x: 24, y: y)
            let ic50 = curve.headline(interval: curve.confidenceText + " CI ")
            let line = curve.hasLine ? "" : ", dotted: mean of the responses"
            let answer = (curve.ic50Text == nil ? ic50 : "IC50 " + ic50) + line
            markup.label(DisplayName.fitted(answer, width: 350, perCharacter: 6.4), "", x: 336, y: y)
            markup.label(curve.grade.rawValue, "e \(curve.grade.rawValue)", x: PlotLayout.width - 16, y: y)
            for line in layout.notes[index] {
                y += PlotLayout.noteLine
                markup.label(line, "t n", x: 24, y: y)
            }
            y += PlotLayout.legendRow + (layout.notes[index].isEmpty ? 0 : 4)
            markup.raw("</g>")
        }
    }
}
