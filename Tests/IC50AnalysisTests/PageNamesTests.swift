@testable import DoseResponse
@testable import IC50Analysis
import Testing

@Suite struct PageNamesTests {
    /// One compound in two cell lines at two times.
    static func screen(_ compounds: Int) -> [ReportedCurve] {
        (0..<compounds).flatMap { compound in
            ["HeLa", "A549"].flatMap { cell in
                [24.0, 48].map { hours in
                    var curve = SampleCurves.curve("AZD-\(compound + 1)", doses: SampleCurves.decades)
                    (curve.cell, curve.hours) = (cell, hours)
                    return curve
                }
            }
        }
    }

    @Test func `cell line and hours are named wherever a curve is named`() throws {
        for compounds in [1, 3] {
            let page = IC50PageTests.text(SampleCurves.report(Self.screen(compounds)))
            _ = try MarkupCheck(page)
            for key in ["AZD-1 · HeLa · 24 h", "AZD-1 · HeLa · 48 h", "AZD-1 · A549 · 24 h", "AZD-1 · A549 · 48 h"] {
                // Alt text, legend or caption, table, and the data that filter and pointer read.
                let places = [key + ": good", ">\(key)</", "\">\(key)</a>", "\"n\":\"\(key)\""].map { page.contains($0) }
                #expect(places == [true, true, compounds > 1, true], "\(key) of \(compounds)")
            }
        }
    }

    @Test func `a curve alone is called by all it is known by, and says hours once`() {
        func label(_ name: String, _ series: String, cell: String?, hours: Double?) -> String {
            var curve = SampleCurves.curve(name, series: series, doses: [1, 10])
            (curve.cell, curve.hours) = (cell, hours)
            return PlottedCurve.all([curve])[0].label
        }
        #expect(label("AZD-1", "Viability", cell: "HeLa", hours: 72) == "AZD-1 · HeLa · 72 h")
        #expect(label("", "Mortality 24h", cell: nil, hours: 24) == "Mortality 24h")
        #expect(label("24h", "Mortality", cell: nil, hours: 24) == "24h")
        #expect(label("AZD-1", "Viability 24 h", cell: nil, hours: 24) == "AZD-1 · 24 h")
        let page = IC50PageTests.text(SampleCurves.report([Self.screen(1)[1]]))
        #expect(page.contains("<title>AZD-1 · HeLa · 48 h</title>") && page.contains("<h1><bdi>AZD-1 · HeLa · 48 h</bdi>"))
    }

    @Test func `what all curves share is said once, above them`() {
        let curves = Self.screen(2).filter { $0.cell == "HeLa" && $0.hours == 24 }
        let plotted = PlottedCurve.all(curves)
        #expect(plotted.map(\.label) == ["AZD-1", "AZD-2"] && PlottedCurve.shared(plotted) == "HeLa · 24 h")
        let page = IC50PageTests.text(SampleCurves.report(curves))
        #expect(page.contains("2 good · HeLa · 24 h · mortality.csv"))
    }

    @Test func `a name is cut before what tells it from others`() {
        let curves = Self.screen(1).map { curve in
            var curve = curve
            curve.name = String(repeating: "long name ", count: 20)
            return curve
        }
        let rows = PlottedCurve.all(curves).map { $0.fittedLabel(width: 300, perCharacter: 8) }
        #expect(Set(rows).count == 4)
        #expect(rows[1].hasPrefix("long name") && rows[1].hasSuffix("… · HeLa · 48 h"))
    }

    @Test func `intervals have their level and every number its unit`() {
        var curve = SampleCurves.curve("A", doses: SampleCurves.decades)
        curve.fit.confidence = 0.9
        curve.fit.ic50?.profile = Interval(low: 2.5, high: 3.5)
        let page = IC50PageTests.text(SampleCurves.report([curve]))
        for words in [
            "90 % confidence interval 2.50 – 3.50 uM", "Bar: 90 % confidence interval", "90 % confidence band</label>",
            ">90 % interval</th>", ">IC50 3.000 uM</text>", "IC50 3.000 uM (90 % confidence interval 2.50 – 3.50 uM)",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(DoseResponsePlot([curve]).svg().contains("IC50 3.000 uM (90 % CI 2.50 – 3.50 uM)"))
        let mixed = IC50PageTests.text(SampleCurves.report([curve, SampleCurves.curve("B", doses: SampleCurves.decades)]))
        #expect(mixed.contains(">Interval</th>") && mixed.contains("Bar: confidence interval"))
    }
}
