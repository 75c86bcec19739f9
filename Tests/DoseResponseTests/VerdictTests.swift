import IngestTesting
import Testing

@testable import DoseResponse

private func fitted(_ doses: [Double], _ responses: [Double], _ model: DoseResponseModel = .ll4) -> (CurveFit, Verdict) {
    let fit = DoseResponse.fit(DoseResponseCurve(doses: doses, responses: responses), FitOptions(model: model, profiles: true))
    return (fit, VerdictRules.judge(fit))
}

struct VerdictTests {
    private static let decades = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]

    @Test func `a clean sigmoid is good and has an interval about its number`() throws {
        let (fit, verdict) = fitted(Self.decades, [99.1, 98.2, 91.4, 77.3, 49.2, 26.1, 8.8, 4.1])
        #expect(verdict.grade == .good && verdict.reasons.isEmpty)
        let ic50 = try #require(fit.ic50), profile = try #require(ic50.profile)
        #expect(try #require(profile.low) < ic50.value && ic50.value < #require(profile.high))
        #expect(abs(ic50.value - 1) < 0.1)
    }

    @Test func `equal responses are refused before anything is fitted`() {
        let (fit, verdict) = fitted(Self.decades, [Double](repeating: 42, count: 8))
        #expect(fit.status == .noVariation && fit.parameters == nil && fit.meanResponse == 42)
        #expect(verdict.grade == .refused && verdict.reasons.map(\.code) == ["no_variation"])
    }

    @Test(arguments: [
        ([1.0, 1, 1, 1, 1], "too_few_doses"), ([0, 0, 1, 1, 1], "too_few_doses"), ([1, 2, 3], "too_few_points"),
        ([1, 2, 1, 2, 1, 2], "too_few_doses"), ([], "too_few_points"),
    ])
    func `too little is said to be too little`(doses: [Double], code: String) {
        let (fit, verdict) = fitted(doses, doses.indices.map { Double($0 * $0) })
        #expect(fit.status.rawValue == code && fit.ic50 == nil)
        #expect(verdict.grade == .refused && verdict.reasons.first?.code == code)
    }

    @Test func `a step without a point in between is told by the doses around it`() {
        let (fit, verdict) = fitted(Self.decades, [99.6, 100.4, 99.9, 100.2, 0.3, -0.2, 0.1, -0.4])
        #expect(fit.status == .notIdentifiable && fit.parameters == nil)
        #expect(fit.stepBetween == Interval(low: 0.3, high: 1) || abs((fit.stepBetween?.low ?? 0) - 0.3) < 1e-9)
        #expect(verdict.reasons.first?.code == "step_without_point")
    }

    @Test func `an effect that stays below half is above the highest dose`() {
        let (_, verdict) = fitted(Self.decades, [100.5, 99.2, 100.1, 98.8, 97.1, 93.9, 86.2, 70.8], .ll2)
        #expect(verdict.grade == .refused)
        guard case .above(let dose)? = verdict.bound else {
            Issue.record("no bound")
            return
        }
        #expect(abs(dose - 30) < 1e-9)
    }

    @Test func `no effect is above where the assay rises, and below where it falls`() {
        let noise = [0.4, -0.8, 0.3, 0.9, -0.5, 0.2, -0.1, 0.6]
        let fit = DoseResponse.fit(
            DoseResponseCurve(doses: Self.decades, responses: noise), FitOptions(model: .ll2, profiles: true))
        if case .above? = VerdictRules.judge(fit, direction: .rises).bound {} else { Issue.record("rises") }
        if case .below? = VerdictRules.judge(fit, direction: .falls).bound {} else { Issue.record("falls") }
    }

    @Test func `a plateau beyond the doses is a caution or a refusal, never simply good`() {
        let (fit, verdict) = fitted(Self.decades, [99.0, 101.2, 98.4, 96.6, 92.3, 80.1, 61.7, 35.2])
        #expect(fit.flags.contains(.bottomNotReached))
        #expect(verdict.grade != .good)
    }

    @Test func `as many parameters as points leave no errors`() {
        let (fit, verdict) = fitted([0.1, 1, 10, 100], [98, 76.5, 27, 6])
        #expect(fit.flags.contains(.noResidualDF) && fit.parameters?.slope.observedError == nil && fit.ic50?.error == nil)
        #expect(verdict.grade == .caution)
    }

    @Test func `points without scatter are a perfect fit with errors of 0 and nothing that is no number`() {
        let doses = [0.1, 0.3, 1, 3, 10.0]
        let (fit, _) = fitted(doses, doses.map { 100 / (1 + $0) })
        #expect(fit.flags.contains(.perfectFit) && fit.parameters?.location.observedError == 0)
        #expect(fit.aic == nil && fit.r2 == 1)
        for value in [fit.rss, fit.residualError, fit.r2, fit.noEffect?.f, fit.lackOfFit?.p].compactMap(\.self) {
            #expect(value.isFinite)
        }
    }

    @Test func `bounds hold a parameter at their end and say so`() throws {
        var bounds = ParameterValues<ClosedRange<Double>?>(repeating: nil)
        bounds.slope = -1.0...1
        let curve = DoseResponseCurve(doses: Self.decades, responses: [99.1, 98.9, 97.4, 90.3, 52.2, 12.1, 3.8, 1.1])
        let fit = DoseResponse.fit(curve, FitOptions(bounds: bounds))
        #expect(fit.status == .hitBound && fit.values?.slope == 1 && fit.parameters?.slope.observedError == nil)
        let free = DoseResponse.fit(curve)
        #expect(try #require(fit.rss) > #require(free.rss))
    }
}

/// The pathological data sets that lie beside the project.
@Suite(.enabled(if: Reference.isThere, "the reference results are not there: set INGEST_IC50"))
struct PathologicalTests {
    private func judged(_ file: String, _ name: String) throws -> (CurveFit, Verdict) {
        let curve = try #require(Reference.curves(file).first).curve
        let model = try #require(DoseResponseModel(name: name))
        let fit = DoseResponse.fit(curve, FitOptions(model: model, absoluteLevel: 50, profiles: true))
        return (fit, VerdictRules.judge(fit))
    }

    @Test(arguments: [
        ("syn_flat_noise.csv", "LL.4", FitStatus.notIdentifiable, ["inactive"]), ("syn_all_equal.csv", "LL.4", .noVariation, []),
        ("syn_all_zero.csv", "LL.4", .noVariation, []), ("syn_constant_dose.csv", "LL.4", .tooFewDoses, []),
        ("syn_only_zero_and_one.csv", "LL.2", .tooFewDoses, []), ("syn_2doses.csv", "LL.4", .tooFewDoses, []),
        ("syn_3points.csv", "LL.4", .tooFewPoints, []), ("syn_step.csv", "LL.4", .notIdentifiable, ["slope_not_identifiable"]),
        ("syn_bell.csv", "LL.4", .notIdentifiable, ["non_monotone"]),
        ("syn_ic50_above_max.csv", "LL.4", .notIdentifiable, []),
        ("syn_ic50_above_max.csv", "LL.2", .ok, ["ic50_above_max_dose"]),
        ("syn_shallow.csv", "LL.4", .ok, ["open_interval"]),
    ])
    func `what cannot be told is refused`(file: String, model: String, status: FitStatus, flags: [String]) throws {
        let (fit, verdict) = try judged(file, model)
        #expect(fit.status == status)
        #expect(Set(flags).isSubset(of: Set(fit.flags.names)), "\(fit.flags.names)")
        #expect(verdict.grade == .refused && !verdict.reasons.isEmpty)
    }

    @Test(arguments: [
        ("syn_bottom_not_reached.csv", "bottom_not_reached"), ("syn_top_not_reached.csv", "top_not_reached"),
        ("syn_steep.csv", "steep"), ("syn_steep.csv", "open_interval"), ("syn_steep_one.csv", "open_interval"),
        ("syn_hormesis.csv", "lack_of_fit"), ("syn_4points.csv", "no_residual_df"), ("syn_noise0.csv", "perfect_fit"),
        ("syn_partial.csv", "absolute_level_not_reached"),
    ])
    func `what can be told has its flag`(file: String, flag: String) throws {
        let (fit, verdict) = try judged(file, "LL.4")
        #expect(fit.status == .ok && fit.flags.names.contains(flag), "\(fit.flags.names)")
        #expect(verdict.grade != .refused)
    }

    @Test func `the side of a curve that is half gone at every dose is that of the lowest`() throws {
        let (_, verdict) = try judged("syn_ic50_below_min.csv", "LL.2")
        guard case .below(let dose)? = verdict.bound else {
            Issue.record("no bound")
            return
        }
        #expect(abs(dose - 0.00457247) < 1e-10)
    }

    @Test func `a step is told between its two doses`() throws {
        let (fit, _) = try judged("syn_step.csv", "LL.4")
        #expect(abs((fit.stepBetween?.low ?? 0) - 1) < 1e-9 && abs((fit.stepBetween?.high ?? 0) - 3.16228) < 1e-9)
    }
}

extension PathologicalTests {
    @Test func `gross outliers are suspected and kept`() throws {
        let curve = try #require(Reference.curves("syn_outliers.csv").first).curve
        let fit = DoseResponse.fit(curve, FitOptions(seeksOutliers: true))
        #expect(fit.suspects == [7, 16] && fit.flags.contains(.suspectedOutliers) && fit.points == curve.doses.count)
    }
}
