@testable import DoseResponse
import FoundationEssentials
@testable import IC50Analysis
import Testing

@Suite struct PlotMarksTests {
    @Test func `means of refused curves are told apart, and named`() throws {
        let curves = ["R1", "R2"].map { SampleCurves.refused($0) } + [SampleCurves.curve("G", doses: SampleCurves.decades)]
        let page = IC50PageTests.text(SampleCurves.report(curves))
        _ = try MarkupCheck(page)
        for (index, offset) in [(0, "0"), (1, "-6")] {
            let group = try #require(page.firstRange(of: "<g class=\"cv k\(index)\"")).upperBound
            let mean = "class=\"l f\" style=\"stroke-dasharray:1 11;stroke-dashoffset:\(offset)\""
            let line = try #require(page[group...].firstRange(of: mean)).lowerBound
            // Of this group, whose colour it has.
            #expect(page[group..<line].firstRange(of: "<g class=\"cv") == nil)
        }
        #expect(page.components(separatedBy: "no IC50, dotted: mean of the responses").count == 3)
        #expect(page.contains("Dotted flat line: mean of the responses of a refused curve."))
    }

    @Test func `a refused curve has reasons, no flags; others have flags in words`() {
        let refused = PlottedCurve.all([SampleCurves.refused("R")])[0]
        #expect(refused.notes == refused.curve.verdict.reasons.map(\.text))
        var curve = SampleCurves.curve(
            "C", doses: SampleCurves.decades, grade: .caution, reasons: [.init("shallow", "the slope is shallower than 0.3")],
            flags: [.shallow, .absoluteLevelNotReached, .plateauOutside0To100])
        curve.fit.absoluteLevel = 50
        #expect(
            PlottedCurve.all([curve])[0].notes == [
                "the slope is shallower than 0.3", "the curve does not reach 50 %", "a plateau lies outside 0 to 100 %",
            ])
        // None is left as it is written in files.
        for name in FitFlags(rawValue: .max).names {
            let words = FlagWords.text(name, level: nil)
            #expect(words.contains(" ") && words != name.split(separator: "_").joined(separator: " "), "\(name)")
        }
    }

    @Test func `the dose at a level is dropped in dashes of its own, and the level named`() {
        var curve = SampleCurves.curve("A", doses: SampleCurves.decades)
        (curve.fit.absolute, curve.fit.absoluteLevel) = (DoseEstimate(value: 2.9), 50)
        let alone = DoseResponsePlot([curve]).svg()
        #expect(alone.contains("class=\"dr da\"") && alone.contains("class=\"dr\"") && alone.contains(">50 % at 2.900 uM<"))
        let two = DoseResponsePlot([SampleCurves.refused("R"), curve]).svg()
        #expect(two.contains(">50 %</text>") && two.components(separatedBy: "class=\"lv\"").count == 2)
    }

    @Test func `an interval end beyond the axis is no open end`() {
        func svg(_ high: Double?) -> String {
            var curve = SampleCurves.curve("A", doses: SampleCurves.decades)
            curve.fit.ic50?.profile = Interval(low: 1, high: high)
            return DoseResponsePlot([curve]).svg()
        }
        #expect(svg(5000).contains(">to 5000 uM</text>") && !svg(nil).contains(">to ") && svg(5000) != svg(nil))
        #expect(!svg(20).contains(">to "))
    }

    @Test func `residuals have at least three ticks, whatever their size`() {
        for size in stride(from: 1.0, to: 10, by: 0.05) {
            for scale in [1e-6, 0.001, 1, 1e5] {
                let axis = ResponseAxis(values: [-size * scale, 0, size * scale], top: 0, height: 84, ticks: 3, margin: 0.12)
                #expect(axis.ticks.count >= 3 && axis.ticks.count <= 7, "\(size) \(scale)")
            }
        }
    }

    @Test func `the label of the IC50 keeps clear of plateaus`() throws {
        for bottom in stride(from: 0.0, to: 30, by: 2) {
            let curve = SampleCurves.curve("A", doses: SampleCurves.decades, values: [1.2, bottom, 98, 3])
            let plotted = PlottedCurve.all([curve])
            let layout = PlotLayout(plotted)
            let svg = DoseResponsePlot([curve]).svg()
            let label = try #require(svg.firstRange(of: ">IC50 3.000 uM</text>")).lowerBound
            let y = try #require(svg[..<label].split(separator: "\"").last.flatMap { Double($0) })
            let line = layout.response.y(bottom)
            #expect(line <= y - 12 || line >= y + 4, "\(bottom)")
        }
    }

    @Test func `a file of its own has room around its text, a plot in a page has the page's`() {
        let curve = SampleCurves.curve("A", doses: SampleCurves.decades)
        let svg = DoseResponsePlot([curve]).svg()
        #expect(svg.contains("viewBox=\"-14 -14 788 ") && svg.contains("class=\"bg\" x=\"-14\" y=\"-14\""))
        #expect(IC50PageTests.text(SampleCurves.report([curve])).contains("viewBox=\"0 0 760 "))
    }

    @Test func `a grid holds what its plots are drawn large from, and nothing of a refused curve`() {
        var curve = SampleCurves.curve("A", doses: SampleCurves.decades)
        curve.fit.ic50?.profile = Interval(low: 1.2345678, high: nil)
        var refused = SampleCurves.refused("R")
        refused.fit.ic50 = DoseEstimate(value: 7.654321)
        let page = IC50PageTests.text(SampleCurves.report(Array(repeating: curve, count: 9) + [refused]))
        #expect(page.contains("\"e\":[3,1.23457,null]") && !page.contains("7.65432") && page.contains("function enlarge"))
        #expect(page.components(separatedBy: "\"e\":[").count == 10)
        #expect(!IC50PageTests.text(SampleCurves.report([curve])).contains("function enlarge"))
    }
}
