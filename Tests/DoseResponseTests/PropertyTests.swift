import IngestTesting
import Testing

@testable import DoseResponse

/// How many curves a property is tried on: unoptimised code takes forty times as long.
private func many(_ count: Int) -> Int {
    #if DEBUG
        return max(20, count / 20)
    #else
        return count
    #endif
}

/// What scale, order and unit may change: nothing but scale.
struct PropertyTests {
    private func curves(_ count: Int) -> [DoseResponseCurve] {
        var simulated = SimulatedCurves(seed: 11)
        return (0..<many(count)).map { _ in
            let curve = simulated.any()
            return DoseResponseCurve(doses: curve.doses, responses: curve.responses)
        }
    }

    private func agree(_ left: CurveFit, _ right: CurveFit, dose: Double = 1, scale: Double = 1, offset: Double = 0) -> String? {
        guard left.status == right.status else { return "\(left.status) and \(right.status)" }
        guard let a = left.values, let b = right.values, let dependency = worst(left) else { return nil }
        // The flatter the minimum, the fewer digits anybody has.
        let relative = dependency < 0.999 ? 1e-9 : dependency < 0.9999 ? 1e-7 : 1e-4
        let height = abs(a.top - a.bottom) * abs(scale)
        func near(_ x: Double, _ y: Double, _ about: Double) -> Bool { abs(x - y) <= relative * max(abs(y), about) }
        let (bottom, top) = scale > 0 ? (a.bottom, a.top) : (a.top, a.bottom)
        guard near(a.location * dose, b.location, 0), near(a.slope * (scale > 0 ? 1 : -1), b.slope, 0),
            near(bottom * scale + offset, b.bottom, height), near(top * scale + offset, b.top, height)
        else { return "\(a) and \(b)" }
        return nil
    }

    private func worst(_ fit: CurveFit) -> Double? {
        fit.parameters.map { parameters in Parameter.allCases.compactMap { parameters[$0].dependency }.max() ?? 0 }
    }

    @Test func `the order of rows does not matter`() {
        var random = SeededGenerator(seed: 3)
        for curve in curves(400) {
            let order = curve.doses.indices.shuffled(using: &random)
            let shuffled = DoseResponseCurve(doses: order.map { curve.doses[$0] }, responses: order.map { curve.responses[$0] })
            #expect(agree(DoseResponse.fit(curve), DoseResponse.fit(shuffled)) == nil)
        }
    }

    @Test(arguments: [1e-9, 1e3, 7.3e12])
    func `another unit of dose scales the IC50 and nothing else`(factor: Double) {
        for curve in curves(300) {
            let other = DoseResponseCurve(doses: curve.doses.map { $0 * factor }, responses: curve.responses)
            #expect(agree(DoseResponse.fit(curve), DoseResponse.fit(other), dose: factor) == nil)
        }
    }

    @Test(arguments: [(1e-6, 0.0), (1234.5, -77), (-1, 100)])
    func `an affine change of the response changes the plateaus alike and nothing else`(scale: Double, offset: Double) {
        for curve in curves(300) {
            let other = DoseResponseCurve(doses: curve.doses, responses: curve.responses.map { $0 * scale + offset })
            #expect(agree(DoseResponse.fit(curve), DoseResponse.fit(other), scale: scale, offset: offset) == nil)
        }
    }

    @Test func `a weight of 2 is two points`() {
        for curve in curves(200) {
            var random = SeededGenerator(seed: UInt64(curve.doses.count))
            let weights = curve.doses.map { _ in Double(Int.random(in: 0...2, using: &random)) }
            let repeated = curve.doses.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
            let weighted = DoseResponse.fit(DoseResponseCurve(doses: curve.doses, responses: curve.responses, weights: weights))
            let twice = DoseResponse.fit(
                DoseResponseCurve(doses: repeated.map { curve.doses[$0] }, responses: repeated.map { curve.responses[$0] }))
            if weighted.status == .tooFewPoints || twice.status == .tooFewPoints { continue }
            #expect(agree(weighted, twice) == nil)
        }
    }

    @Test func `many curves on several cores come back as one by one, in order`() async {
        let all = curves(4000)
        let together = await DoseResponse.fit(all, workers: 3)
        #expect(together.count == all.count)
        for (curve, fit) in zip(all, together) {
            let alone = DoseResponse.fit(curve)
            #expect(alone.rss == fit.rss && alone.status == fit.status && alone.values == fit.values)
        }
    }

    @Test func `no fit is beaten by a curve of the same family nearby or far`() {
        var random = SeededGenerator(seed: 5)
        for curve in curves(300) {
            let fit = DoseResponse.fit(curve)
            guard let rss = fit.rss, let low = curve.doses.min(), let high = curve.doses.max() else { continue }
            for _ in 0..<many(60) {
                let values = ParameterValues(
                    slope: Double.random(in: -6...6, using: &random),
                    bottom: Double.random(in: -20...60, using: &random), top: Double.random(in: 60...120, using: &random),
                    location: Elementary.exp(
                        Double.random(in: Elementary.log(low) - 2...Elementary.log(high) + 2, using: &random)),
                    asymmetry: 1)
                let other = zip(curve.doses, curve.responses).reduce(0.0) { sum, point in
                    let residual = point.1 - DoseResponseModel.ll4.mean(at: point.0, values)
                    return sum + residual * residual
                }
                #expect(other >= rss * (1 - 1e-9))
            }
        }
    }
}

struct SimulationTests {
    /// 4,000 curves of each kind in optimised code; `ingest-bench fits-simulate` takes 100,000.
    @Test func `intervals cover as they say, and flat curves get no number`() async {
        var simulated = SimulatedCurves(seed: 7)
        var complete: [SimulatedCurve] = [], flat: [SimulatedCurve] = []
        for _ in 0..<many(4000) {
            complete.append(simulated.complete())
            flat.append(simulated.flat())
        }
        func fits(_ curves: [SimulatedCurve]) async -> [CurveFit] {
            await DoseResponse.fit(
                curves.map { DoseResponseCurve(doses: $0.doses, responses: $0.responses) }, FitOptions(profiles: true))
        }
        var covered = 0, counted = 0
        for (curve, fit) in zip(complete, await fits(complete)) {
            guard let truth = curve.truth?.ic50, let profile = fit.ic50?.profile else { continue }
            counted += 1
            if (profile.low ?? 0) <= truth, truth <= profile.high ?? .infinity { covered += 1 }
        }
        let coverage = Double(covered) / Double(counted)
        #expect(counted > many(4000) * 9 / 10 && abs(coverage - 0.95) < (many(4000) < 1000 ? 0.05 : 0.02), "\(coverage)")
        let numbers = await fits(flat).count { VerdictRules.judge($0).grade != .refused }
        #expect(numbers <= many(4000) / 100, "\(numbers)")
    }
}
