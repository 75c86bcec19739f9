import DoseResponse

/// The plots of a page, with what switches, filters and saves them.
extension IC50Page {
    func largePlot(_ markup: inout Markup) {
        let layout = PlotLayout(curves, hasLegend: curves.count > 1)
        markup.raw("<figure id=\"one\">")
        DoseResponsePlot(layout, replicates: .both).write(into: &markup)
        markup.raw("</figure><div class=\"bar\">")
        if curves.contains(where: { $0.replicateMeans().contains { $0.deviation != nil } }) {
            markup.raw("<label><input type=\"checkbox\" id=\"sd\"/>Mean and SD of replicates</label>")
        }
        if curves.contains(where: { $0.hasLine && $0.curve.fit.covariance != nil }) {
            markup.raw("<label><input type=\"checkbox\" id=\"band\" checked=\"checked\"/>")
            let level = PlottedCurve.confidencePrefix(curves)
            markup.raw(level.isEmpty ? "Confidence band</label>" : level + "confidence band</label>")
        }
        markup.raw("<span class=\"js\"><button type=\"button\" data-save=\"svg\">Save SVG</button> ")
        markup.raw("<button type=\"button\" data-save=\"png\">Save PNG</button></span></div>")
        key(&markup)
    }

    func grid(_ markup: inout Markup) {
        let plots = SmallPlots(curves)
        plots.writeDefinitions(into: &markup)
        markup.raw("<div class=\"bar\" role=\"group\" aria-label=\"Filter\">")
        markup.raw(
            "<label class=\"js\"><input type=\"search\" id=\"name\" placeholder=\"Filter by name\" aria-label=\"Filter by name\"/></label>"
        )
        markup.raw("<label><input type=\"radio\" name=\"grade\" id=\"any\" checked=\"checked\"/>All</label>")
        for grade in Verdict.Grade.allCases {
            let count = curves.count { $0.grade == grade }
            guard count > 0 else { continue }
            let name = grade.rawValue.prefix(1).uppercased() + grade.rawValue.dropFirst()
            markup.raw("<label><input type=\"radio\" name=\"grade\" id=\"\(grade.rawValue)\"/>\(name) (\(count))</label>")
        }
        markup.raw("<span class=\"js sub\" id=\"count\" aria-live=\"polite\"></span></div>")
        key(&markup)
        markup.raw("<div class=\"grid\">")
        for index in curves.indices { plots.write(index, into: &markup) }
        markup.raw("</div><div id=\"close\">")
        markup.raw("<button class=\"js\" type=\"button\" data-turn=\"-1\">Previous</button>")
        markup.raw("<button class=\"js\" type=\"button\" data-turn=\"1\">Next</button>")
        markup.raw("<button class=\"js\" type=\"button\" data-save=\"svg\">Save SVG</button>")
        markup.raw("<button class=\"js\" type=\"button\" data-save=\"png\">Save PNG</button>")
        markup.raw("<a class=\"btn\" href=\"#all\">Close</a></div>")
    }

    /// What the marks mean, of those that occur.
    private func key(_ markup: inout Markup) {
        var words: [String] = []
        if curves.contains(where: \.hasLine) { words.append("Dashed: beyond the tested doses.") }
        if curves.contains(where: { $0.interval != nil }) {
            words.append("Bar: \(PlottedCurve.confidencePrefix(curves))confidence interval of the IC50.")
        }
        if fitsOnePlot, curves.contains(where: { $0.absolute != nil }) {
            words.append("Circle: IC50. Diamond, dash-dotted: dose at the marked response.")
        }
        if curves.contains(where: { !$0.hasLine }) { words.append("Dotted flat line: mean of the responses of a refused curve.") }
        if curves.contains(where: { !$0.suspects.isEmpty }) { words.append("Ringed: suspected outlier, kept in the fit.") }
        if curves.contains(where: { $0.curve.points.contains { $0.weight == 0 } }) {
            words.append(fitsOnePlot ? "Hollow: weight 0, not fitted." : "Pale: weight 0, not fitted.")
        }
        markup.raw("<p class=\"key\">")
        if !fitsOnePlot {
            let dose = PlottedCurve.doseTitle(curves)
            markup.raw("<span id=\"axes\">")
            markup.text("\(PlottedCurve.responseTitle(curves)) against d\(dose.dropFirst())")
            markup.raw("</span>. ")
        }
        markup.text(words.joined(separator: " "))
        markup.raw("</p>")
    }
}
