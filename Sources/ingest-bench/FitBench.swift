import DoseResponse
import FoundationEssentials
import Glibc
import IC50Analysis
import IngestTesting

/// Speed and statistics of dose-response fits on simulated curves.
enum FitBench {
    /// One JSON line: fits a second of CPU on one core and of wall time on two, profiles, and a page of 1,536 curves.
    static func speed(_ count: Int) async {
        let curves = mixed(count)
        var line: [String] = ["\"curves\":\(curves.count)"]
        line.append("\"points\":\(Double(curves.reduce(0) { $0 + $1.doses.count }) / Double(curves.count))")
        line.append("\"estimate\":\(await rate(curves) { DoseResponse.estimates(curves).count })")
        line.append("\"fit\":\(await rate(curves) { await DoseResponse.fit(curves, workers: 1).count })")
        let wall = ContinuousClock()
        let start = wall.now
        _ = await DoseResponse.fit(curves, workers: 2)
        line.append("\"fitTwoCores\":\(Double(curves.count) / ((wall.now - start) / .seconds(1)))")
        let few = Array(curves.prefix(max(1, count / 10)))
        line.append(
            "\"profiles\":\(await rate(few) { await DoseResponse.fit(few, FitOptions(profiles: true), workers: 1).count })")
        line += await page()
        print("{" + line.joined(separator: ",") + "}")
    }

    private static func mixed(_ count: Int) -> [DoseResponseCurve] {
        var simulated = SimulatedCurves(seed: 1)
        return (0..<count).map { place in
            let curve = place % 2 == 0 ? simulated.complete() : simulated.any()
            return DoseResponseCurve(doses: curve.doses, responses: curve.responses)
        }
    }

    /// Curves a second of CPU time.
    private static func rate(_ curves: [DoseResponseCurve], _ work: () async -> Int) async -> Double {
        let start = clock()
        let done = await work()
        guard done > 0 else { return 0 }
        return Double(curves.count) / (Double(clock() - start) / Double(CLOCKS_PER_SEC))
    }

    private static func page() async -> [String] {
        var simulated = SimulatedCurves(seed: 3)
        var curves: [DoseResponseSeries] = []
        for place in 0..<1536 {
            let curve = simulated.any()
            var series = DoseResponseSeries(name: "CPD-\(place + 1)", series: "Response")
            series.points = zip(curve.doses, curve.responses).enumerated().map { row, point in
                ReportedCurve.Point(dose: point.0, response: point.1, place: "line \(row + 2)")
            }
            curves.append(series)
        }
        let dataset = DoseResponseDataset(curves: curves)
        let clock = ContinuousClock()
        let begin = clock.now
        let report = await IC50Analysis.report(
            on: dataset, AnalysisSettings(), provenance: .init(inputs: [], ingestVersion: "bench", settings: []))
        let analyzed = clock.now
        let html = IC50Page(report).html()
        let one = IC50Page(IC50Report(curves: [report.curves[0]], provenance: report.provenance)).html()
        return [
            "\"analysis1536\":\((analyzed - begin) / .seconds(1))", "\"page1536\":\((clock.now - analyzed) / .seconds(1))",
            "\"page1536Bytes\":\(html.count)", "\"page1Bytes\":\(one.count)",
        ]
    }

    /// What simulated curves say of intervals and verdicts: coverage, numbers for flat curves, the rate of each verdict.
    static func simulate(_ count: Int) async {
        var simulated = SimulatedCurves(seed: 7)
        for (name, make) in [
            ("complete", { simulated.complete() }), ("any", { simulated.any() }), ("flat", { simulated.flat() }),
        ] as [(String, () -> SimulatedCurve)] {
            let curves = (0..<count).map { _ in make() }
            let fits = await DoseResponse.fit(
                curves.map { DoseResponseCurve(doses: $0.doses, responses: $0.responses) }, FitOptions(profiles: true))
            print(statistics(name, curves, fits))
        }
    }

    private static func statistics(_ name: String, _ curves: [SimulatedCurve], _ fits: [CurveFit]) -> String {
        var verdicts: [Verdict.Grade: Int] = [:], reasons: [String: Int] = [:]
        var counted = 0, profile = 0, log = 0, wald = 0, shown = 0, shownCovered = 0
        for (curve, fit) in zip(curves, fits) {
            let verdict = VerdictRules.judge(fit)
            verdicts[verdict.grade, default: 0] += 1
            if let first = verdict.reasons.first { reasons["\(verdict.grade.rawValue) \(first.code)", default: 0] += 1 }
            guard let truth = curve.truth?.ic50, let ic50 = fit.ic50 else { continue }
            counted += 1
            func holds(_ interval: Interval?) -> Int {
                guard let interval else { return 0 }
                return (interval.low ?? 0) <= truth && truth <= interval.high ?? .infinity ? 1 : 0
            }
            profile += holds(ic50.profile)
            log += holds(ic50.log)
            wald += holds(ic50.wald)
            if verdict.grade != .refused {
                shown += 1
                shownCovered += holds(ic50.profile)
            }
        }
        func percent(_ part: Int, _ whole: Int) -> Double {
            whole == 0 ? 0 : (10000 * Double(part) / Double(whole)).rounded() / 100
        }
        let grades = Verdict.Grade.allCases.map { "\"\($0.rawValue)\":\(percent(verdicts[$0] ?? 0, curves.count))" }
        let why = reasons.sorted { $0.value > $1.value }.map { "\"\($0.key)\":\(percent($0.value, curves.count))" }
        return """
            {"curves":"\(name)","count":\(curves.count),"verdictsPercent":{\(grades.joined(separator: ","))},\
            "firstReasonsPercent":{\(why.joined(separator: ","))},"coveragePercent":{"profile":\(percent(profile, counted)),\
            "log":\(percent(log, counted)),"wald":\(percent(wald, counted)),"profileWhereShown":\(percent(shownCovered, shown))}}
            """
    }

    /// Curves as text for other tools: doses and responses in one JSON object a line.
    static func export(_ count: Int) {
        for curve in mixed(count) {
            func list(_ values: [Double]) -> String { "[" + values.map { "\($0)" }.joined(separator: ",") + "]" }
            let fit = DoseResponse.fit(curve)
            print(
                "{\"x\":\(list(curve.doses)),\"y\":\(list(curve.responses)),\"status\":\"\(fit.status.rawValue)\",\"rss\":\(fit.rss ?? 0),"
                    + "\"ic50\":\(fit.ic50.map { "\($0.value)" } ?? "null")}")
        }
    }
}
