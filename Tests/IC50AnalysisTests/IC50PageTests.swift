@testable import DoseResponse
import FoundationEssentials
@testable import IC50Analysis
import IngestCore
import Testing

@Suite struct IC50PageTests {
    static let zeroDose = SampleCurves.curve("Zero", doses: [0] + SampleCurves.decades, suspects: [8])
    static let reports: [String: IC50Report] = [
        "empty": SampleCurves.report([]),
        "one": SampleCurves.report([SampleCurves.curve("A", doses: SampleCurves.decades)]),
        "zero dose": SampleCurves.report([zeroDose]),
        "refused": SampleCurves.report([SampleCurves.refused("R")]),
        "one dose": SampleCurves.report([SampleCurves.refused("R", doses: [10])]),
        "only the dose 0": SampleCurves.report([SampleCurves.refused("R", doses: [0])]),
        "all equal": SampleCurves.report([
            SampleCurves.curve("E", doses: [1, 10], values: [1, 5, 5, 3], spread: 0, grade: .refused)
        ]),
        "no point": SampleCurves.report([SampleCurves.curve("N", doses: [], grade: .refused)]),
        "eight": SampleCurves.report(
            (0..<7).map { SampleCurves.curve("C\($0)", doses: [0, 1, 10]) } + [SampleCurves.refused("R")]),
        "two units": SampleCurves.report([zeroDose, SampleCurves.curve("mg", unit: "mg/L", doses: [1, 2, 3, 4, 5])]),
        "grid": SampleCurves.report(SampleCurves.screen(30) + [zeroDose, SampleCurves.refused("One dose", doses: [10])]),
    ]

    static func text(_ report: IC50Report) -> String { String(decoding: IC50Page(report).html(), as: UTF8.self) }
    /// A page without its data, style and script: what is there before any script runs.
    static func body(_ page: String) -> String {
        var body = ""
        var rest = Substring(page)
        while let start = rest.firstRange(of: "<s") {
            let name = ["style", "script"].first { rest[start.lowerBound...].dropFirst().hasPrefix($0) }
            body += rest[..<start.upperBound]
            rest = rest[start.upperBound...]
            if let name, let end = rest.firstRange(of: "</\(name)>") { rest = rest[end.upperBound...] }
        }
        return body + rest
    }

    @Test(arguments: reports.keys.sorted())
    func `every page is well-formed, holds no number that is none and names no address`(name: String) throws {
        let page = Self.text(Self.reports[name]!)
        _ = try MarkupCheck(page)
        let body = Self.body(page)
        for word in [
            "NaN", "\"nan", " nan", ">nan", ",nan", "\"inf", " inf ", ">inf", "Infinity", "://", "@import", "javascript:",
        ] {
            let holds = body.contains(word)
            #expect(!holds, "\(word) in \(name)")
        }
        let namesAddress = page.contains("http:") || page.contains("https:")
        #expect(!namesAddress)
        let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:"
        let hasPolicy = page.contains("content=\"\(policy)\"")
        #expect(hasPolicy)
    }

    @Test(arguments: reports.keys.sorted())
    func `the data of every page are JSON`(name: String) throws {
        let page = Self.text(Self.reports[name]!)
        let start = try #require(page.firstRange(of: "id=\"data\">")).upperBound
        let end = try #require(page[start...].firstRange(of: "</script>")).lowerBound
        let data = try JSONValue(parsing: String(page[start..<end]))
        guard case .object(let members) = data, case .array(let curves)? = members["curves"] else {
            Issue.record("no curves")
            return
        }
        #expect(curves.count == Self.reports[name]!.curves.count)
    }

    static let hostileNames = [
        "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "a\"b'c&d", "line\nbreak\u{0}\u{7}\u{1B}[31m",
        "\u{202E}gnp.exe", "إيماتينيب", "👩🏽‍🔬🧪", String(repeating: "long name ", count: 1000), String(repeating: "W", count: 10_000),
        "e" + String(repeating: "\u{301}", count: 10_000), "]]>", "<!--", "\u{2028}\u{FFFE}",
    ]

    @Test(arguments: hostileNames)
    func `a name is text wherever it stands`(name: String) throws {
        let one = SampleCurves.curve(
            name, series: name, unit: name, responseUnit: name, doses: [0, 1, 10, 100], grade: .caution,
            reasons: [.init(name, name)])
        var report = SampleCurves.report([one])
        report.provenance.inputs[0].name = name
        report.provenance.settings.append(.init(name, name))
        for count in [1, 2, 9] {
            report.curves = Array(repeating: one, count: count)
            for index in report.curves[0].points.indices {
                report.curves[0].points[index].replicate = name
                report.curves[0].points[index].place = name
            }
            let page = Self.text(report)
            let check = try MarkupCheck(page)
            #expect(check.elements["script"] == 2 && check.elements["img"] == nil)
            #expect(!page.unicodeScalars.contains("\u{202E}") && !page.unicodeScalars.contains("\u{0}"))
            #expect(page.utf8.count < 400_000)
            _ = try MarkupCheck(DoseResponsePlot(report.curves).svg())
        }
    }

    @Test func `a refused curve shows points, their mean and its reasons, and no number`() throws {
        for neighbours in [0, 1, 12] {
            let others = (0..<neighbours).map { SampleCurves.curve("B\($0)", doses: SampleCurves.decades) }
            // Whatever a fit beneath holds, the page is the same to the byte.
            let pages = [1.0, 7.654321].map { number in
                var curve = SampleCurves.refused("Refused one")
                curve.fit.ic50 = DoseEstimate(value: number, log: Interval(low: number / 2, high: number * 2))
                curve.fit.absolute = DoseEstimate(value: number)
                curve.fit.parameters = ParameterValues(repeating: ParameterEstimate(value: number, isFixed: false))
                curve.fit.covariance = [Double](repeating: number, count: 16)
                curve.fit.r2 = number
                return Self.text(SampleCurves.report([curve] + others))
            }
            let isSame = pages[0] == pages[1]
            #expect(isSame)
            let saysWhy = pages[0].contains("the responses do not depend on the dose (p = 0.41)")
            #expect(saysWhy && pages[0].contains("class=\"l f\""))
            let saysNone = pages[0].lowercased().contains("no ic50")
            #expect(saysNone)
        }
        let alone = Self.text(SampleCurves.report([SampleCurves.refused("R")]))
        #expect(!alone.contains("class=\"l\"") && !alone.contains("class=\"b\"") && !alone.contains("\"v\":"))
    }

    @Test func `a bound is said instead of a number, and in no other words`() {
        let above = Self.text(SampleCurves.report([SampleCurves.refused("R", bound: .above(300))]))
        #expect(above.contains("IC50 &gt; 300 uM"))
        var caution = SampleCurves.curve("C", doses: SampleCurves.decades, grade: .caution, bound: .below(0.003))
        caution.fit.ic50 = DoseEstimate(value: 7.654321)
        let below = Self.text(SampleCurves.report([caution]))
        #expect(below.contains("IC50 &lt; 0.003 uM") && !below.contains("7.654 "))
    }

    @Test func `the page of one curve is small and whole before scripts run`() throws {
        let page = Self.text(Self.reports["zero dose"]!)
        #expect(page.utf8.count < 45_000)
        let body = Self.body(page)
        for mark in [
            "class=\"l\"", "class=\"l d\"", "class=\"b\"", "class=\"i\"", "class=\"pl\"", "class=\"o\"", "class=\"sds\"",
        ] {
            #expect(body.contains(mark), "\(mark)")
        }
        #expect(body.contains("suspected outlier, line 10"))
        #expect(body.contains("SHA-256 5f3a9c01") && body.contains("LL.4") && body.contains("0.4.0"))
        #expect(body.contains("aria-labelledby=\"plot-title plot-words\""))
    }

    @Test func `a page of 1,536 curves stays below five megabytes and holds every plot`() throws {
        let report = SampleCurves.report(SampleCurves.screen(1536))
        let before = SampleCurves.cpuSeconds()
        let page = IC50Page(report).html()
        // Without optimisation; 0.2 s in a release. Of this thread alone, whatever else the machine does.
        #expect(SampleCurves.cpuSeconds() - before < 20)
        #expect(page.count < 5_000_000)
        let check = try MarkupCheck(String(decoding: page, as: UTF8.self))
        #expect(check.elements["figure"] == 1536 && check.elements["svg"] == 1537 && check.elements["tr"] == 1537)
    }

    @Test func `many points stay few bytes, and none is lost from sight`() throws {
        var curve = SampleCurves.curve("Crowd", doses: SampleCurves.decades, replicates: 2000)
        #expect(Self.text(SampleCurves.report([curve])).utf8.count < 400_000)
        curve.points.append(.init(dose: 3, response: 190, place: "line 9"))
        let page = Self.text(SampleCurves.report([curve]))
        let layout = PlotLayout(PlottedCurve.all([curve]), hasLegend: false)
        var dot = PlotPath(steps: 100)
        dot.dot((layout.dose.x(3)! * 2).rounded() / 2, (layout.response.y(190) * 2).rounded() / 2)
        #expect(page.contains(dot.markup.string.dropFirst()))
    }

    @Test func `rows left out and the quality of controls are said`() {
        var curve = SampleCurves.curve("C", doses: SampleCurves.decades, flags: .rowsDropped)
        curve.rowsDropped = 3
        curve.zPrime = 0.714
        let page = Self.text(SampleCurves.report([curve]))
        let says = page.contains("3 rows without dose or response left out") && page.contains(">0.71</td>")
        #expect(says && !page.contains("rows dropped"))
    }

    @Test func `the same report gives the same bytes`() {
        let report = SampleCurves.report(SampleCurves.screen(20))
        #expect(IC50Page(report).html() == IC50Page(report).html())
    }
}
