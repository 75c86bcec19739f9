@testable import DoseResponse
import FoundationEssentials
@testable import IC50Analysis
import Testing

@Suite struct DoseResponsePlotTests {
    static let curve = SampleCurves.curve("A", doses: [0] + SampleCurves.decades, suspects: [8])

    @Test func `a file of its own needs nothing around it`() throws {
        let svg = DoseResponsePlot([Self.curve, SampleCurves.refused("R")]).svg()
        _ = try MarkupCheck(svg)
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\""))
        #expect(svg.components(separatedBy: "://").count == 2)
        #expect(svg.contains("<style>") && svg.contains("class=\"bg\"") && !svg.contains("var("))
        #expect(!svg.lowercased().contains("nan") && !svg.contains("inf\""))
    }

    /// xmllint where there is one: a second opinion, not a condition.
    @Test func `xmllint finds nothing to say`() throws {
        #if canImport(Glibc)
            guard FileManager.default.isExecutableFile(atPath: "/usr/bin/xmllint") else { return }
            let file = FileManager.default.temporaryDirectory.appending(path: "plot-\(UInt64.random(in: 0 ... .max)).svg")
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(DoseResponsePlot([Self.curve]).svg().utf8).write(to: file)
            #expect(SampleCurves.status(of: ["/usr/bin/xmllint", "--nonet", "--noout", file.path]) == 0)
        #endif
    }

    @Test func `the line has 200 points within the doses and more, and goes on dashed beyond`() throws {
        let plotted = PlottedCurve.all([Self.curve])
        let layout = PlotLayout(plotted)
        let trace = try #require(CurveTrace(plotted[0], layout.dose, layout.response, samples: 240))
        #expect(trace.inside.count >= 200)
        let steps = zip(trace.inside, trace.inside.dropFirst()).map { $1.x - $0.x }
        #expect(steps.max()! - steps.min()! < 1e-9)
        #expect(abs(trace.inside[0].x - layout.dose.x(0.003)!) < 1e-9)
        #expect(trace.before[0].x < trace.inside[0].x && trace.after.last!.x > trace.inside.last!.x)
        #expect(trace.bandLow.count == trace.bandHigh.count && trace.bandLow.count > 100)
        for (high, low) in zip(trace.bandHigh, trace.bandLow) { #expect(high.y <= low.y) }
    }

    @Test func `a thinned line passes every point it leaves out`() throws {
        let plotted = PlottedCurve.all([Self.curve])
        let layout = PlotLayout(plotted)
        let full = try #require(CurveTrace(plotted[0], layout.dose, layout.response, samples: 64))
        let thin = try #require(CurveTrace(plotted[0], layout.dose, layout.response, samples: 64, tolerance: 0.5))
        #expect(thin.inside.count < full.inside.count)
        for point in full.inside {
            let place = thin.inside.lastIndex { $0.x <= point.x }!
            let a = thin.inside[place], b = thin.inside[min(place + 1, thin.inside.count - 1)]
            let y = b.x > a.x ? a.y + (b.y - a.y) * (point.x - a.x) / (b.x - a.x) : a.y
            #expect(abs(y - point.y) <= 0.5 + 1e-9)
        }
    }

    @Test func `every point is drawn, outliers ringed, and means in their place when asked for`() throws {
        let points = try MarkupCheck(DoseResponsePlot([Self.curve]).svg())
        // 33 points above, as many residuals below, one in the legend; the outlier has a ring in both.
        #expect(points.elements["use"] == 67 && points.elements["circle"] == 2)
        let means = try MarkupCheck(DoseResponsePlot([Self.curve], replicates: .means).svg())
        #expect(means.elements["use"] == 11 + 1 + 33 + 1)
    }

    @Test func `a point of weight 0 is hollow and has no residual`() throws {
        var curve = Self.curve
        curve.points[0].weight = 0
        curve.fit.suspects = [7]
        let svg = DoseResponsePlot([curve]).svg()
        #expect(svg.components(separatedBy: "class=\"w\"").count == 2)
        #expect(svg.contains("not fitted") && svg.contains("suspected outlier, line 10"))
        #expect(try MarkupCheck(svg).elements["use"] == 66)
    }

    @Test func `an interval open on one side has one limit in words`() {
        var curve = Self.curve
        curve.fit.ic50?.profile = Interval(low: 1.2345, high: nil)
        #expect(DoseResponsePlot([curve]).svg().contains("IC50 3.000 uM (95 % CI &gt; 1.23 uM)"))
    }

    @Test func `names, series and units give the titles`() {
        func plotted(_ names: [(String, String)]) -> [PlottedCurve] {
            PlottedCurve.all(names.map { SampleCurves.curve($0.0, series: $0.1, doses: [1, 10]) })
        }
        #expect(plotted([("", "Mortality 24h"), ("", "Mortality 48h")]).map(\.label) == ["Mortality 24h", "Mortality 48h"])
        #expect(plotted([("A", "Viability"), ("B", "Viability")]).map(\.label) == ["A", "B"])
        #expect(plotted([("A", "Y1"), ("B", "Y2")]).map(\.label) == ["A · Y1", "B · Y2"])
        #expect(plotted([("", "")]).map(\.label) == ["Curve 1"])
        #expect(PlottedCurve.responseTitle(plotted([("", "Mortality 24h"), ("", "Mortality 48h")])) == "Mortality (%)")
        #expect(PlottedCurve.responseTitle(plotted([("", "A"), ("", "B")])) == "Response (%)")
    }
}
