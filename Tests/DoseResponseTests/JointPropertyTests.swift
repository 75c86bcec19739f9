import Foundation
import IngestTesting
import Testing

@testable import DoseResponse

/// Curves with common plateaus and slope, and locations of their own.
private func parallel(
    _ generator: inout SeededGenerator, _ count: Int = 3, noise: Double = 3, apart: Double = 1.5
) -> [DoseResponseCurve] {
    (0..<count).map { _ in
        let q = Double.random(in: -apart...apart, using: &generator)
        var curve = DoseResponseCurve(doses: [], responses: [])
        for i in 0..<16 {
            let x = -4 + 8 * Double(i / 2) / 7
            curve.doses.append(exp(x))
            curve.responses.append(10 + 80 / (1 + exp(1.2 * (x - q))) + Double.random(in: -noise...noise, using: &generator))
        }
        return curve
    }
}

private let sharings: [Set<Parameter>] = [
    [], [.slope], [.bottom], [.top], [.bottom, .top], [.slope, .bottom, .top], [.location], [.slope, .location],
    [.slope, .bottom, .top, .location],
]

@Test(arguments: sharings)
func `the order of curves and rows does not matter`(shared: Set<Parameter>) throws {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<4 {
        // Curves far apart have no optimum with one location for all.
        let curves = parallel(&generator, apart: shared.contains(.location) ? 0.3 : 1.5), order = [2, 0, 1]
        let shuffled = order.map { place in
            let rows = curves[place].doses.indices.shuffled(using: &generator)
            return DoseResponseCurve(
                doses: rows.map { curves[place].doses[$0] }, responses: rows.map { curves[place].responses[$0] })
        }
        let one = DoseResponse.fitTogether(curves, JointOptions(shared: shared))
        let two = DoseResponse.fitTogether(shuffled, JointOptions(shared: shared))
        #expect(one.status == .ok && two.status == .ok)
        #expect(abs((two.rss ?? 0) / (one.rss ?? 1) - 1) < 1e-11)
        for (place, original) in order.enumerated() {
            let a = try #require(one.values(of: original)), b = try #require(two.values(of: place))
            for parameter in [Parameter.slope, .bottom, .top, .location] {
                #expect(abs(b[parameter] - a[parameter]) < 1e-8 * max(1, abs(a[parameter])))
            }
            let (left, right) = (one.curve(original).ic50?.error ?? 0, two.curve(place).ic50?.error ?? 0)
            #expect(abs(right / left - 1) < 1e-7)
        }
    }
}

@Test(arguments: sharings)
func `the unit of doses scales the locations and nothing else`(shared: Set<Parameter>) throws {
    var generator = SeededGenerator(seed: 8)
    let curves = parallel(&generator)
    let scaled = curves.map { DoseResponseCurve(doses: $0.doses.map { $0 * 1e-9 }, responses: $0.responses) }
    let one = DoseResponse.fitTogether(curves, JointOptions(shared: shared))
    let two = DoseResponse.fitTogether(scaled, JointOptions(shared: shared))
    #expect(one.parameters.count == two.parameters.count && !one.parameters.isEmpty)
    for (a, b) in zip(one.parameters, two.parameters) {
        let unit = a.parameter == .location ? 1e-9 : 1
        #expect(abs(b.value - a.value * unit) < 1e-9 * unit * max(1, abs(a.value)))
        #expect(abs((b.observedError ?? 0) / (a.observedError ?? 1) / unit - 1) < 1e-7)
    }
    #expect(abs((two.relativePotency(0, to: 1)?.value ?? 0) / (one.relativePotency(0, to: 1)?.value ?? 1) - 1) < 1e-9)
}

@Test func `sharing more never lowers the residual sum of squares`() throws {
    var generator = SeededGenerator(seed: 14)
    for _ in 0..<8 {
        let curves = parallel(&generator, 4, noise: 8)
        func rss(_ shared: Set<Parameter>) throws -> Double {
            let fit = DoseResponse.fitTogether(curves, JointOptions(shared: shared))
            #expect(fit.status == .ok)
            return try #require(fit.rss)
        }
        let free = try rss([]), slope = try rss([.slope]), plateaus = try rss([.bottom, .top])
        let all = try rss([.slope, .bottom, .top])
        #expect(free <= slope * (1 + 1e-10) && free <= plateaus * (1 + 1e-10))
        #expect(slope <= all * (1 + 1e-10) && plateaus <= all * (1 + 1e-10))
    }
}

@Test func `curves fitted together without sharing are the curves fitted alone`() throws {
    var generator = SeededGenerator(seed: 30)
    let curves = parallel(&generator)
    let joint = DoseResponse.fitTogether(curves, JointOptions())
    let alone = curves.map { DoseResponse.fit($0) }
    #expect(joint.rss == alone.compactMap(\.rss).reduce(0, +))
    #expect(joint.degreesOfFreedom == 36)
    for (place, fit) in alone.enumerated() {
        #expect(joint.values(of: place) == fit.values)
        // The same information, another variance.
        let ratio = try #require(joint.residualError) / (fit.residualError ?? 1)
        let (one, other) = (joint.curve(place).ic50?.error ?? 0, fit.ic50?.error ?? 1)
        #expect(abs(one / other / ratio - 1) < 1e-8)
    }
    let single = DoseResponse.fitTogether([curves[0]], JointOptions(shared: [.slope]))
    #expect(single.values(of: 0) == alone[0].values)
}

@Test func `a weak curve borrows the plateaus of the others, and pure noise does not make one up`() {
    var generator = SeededGenerator(seed: 6)
    var curves = parallel(&generator, 3)
    curves[2] = DoseResponseCurve(
        doses: curves[2].doses, responses: curves[2].doses.map { 10 + 80 / (1 + pow($0 / 200, 1.2)) })
    let fit = DoseResponse.fitTogether(curves, JointOptions(shared: [.slope, .bottom, .top]))
    #expect(fit.status == .ok)
    #expect(abs(log((fit.values(of: 2)?.location ?? 0) / 200)) < 0.3)
    // Above the upper plateau at every dose: its location runs away.
    curves[2].responses = curves[2].responses.indices.map { 97 + Double($0 % 2) }
    let flat = DoseResponse.fitTogether(curves, JointOptions(shared: [.slope, .bottom, .top]))
    #expect(flat.status == .notIdentifiable && flat.parameters.isEmpty)
    #expect(flat.curveStatus == [.ok, .ok, .notIdentifiable])
}

@Test func `one location for curves that lie far apart is no optimum`() {
    // Brute force over the location and the slopes of the first set: 1208.8 and falling where the slope of the second curve
    // vanishes.
    var generator = SeededGenerator(seed: 21)
    let curves = parallel(&generator)
    let fit = DoseResponse.fitTogether(curves, JointOptions(shared: [.location]))
    #expect(fit.status == .notIdentifiable && fit.parameters.isEmpty)
    #expect((fit.rss ?? 0) > 1208.8 && (fit.rss ?? 0) < 1210)
    #expect(fit.separate.allSatisfy { $0.status == .ok })
}

@Test func `the model that made the points is recommended`() throws {
    var generator = SeededGenerator(seed: 17)
    func curve(_ mean: (Double) -> Double) -> DoseResponseCurve {
        let doses = (0..<40).map { exp(-5 + 10 * Double($0) / 39) }
        return DoseResponseCurve(doses: doses, responses: doses.map { mean($0) + Double.random(in: -1...1, using: &generator) })
    }
    let flat = DoseResponse.compareModels(curve { _ in 50 })
    #expect(flat.recommendation?.name == "flat")
    let three = DoseResponse.compareModels(curve { 100 / (1 + $0) })
    #expect(three.recommendation?.name == "LL.3")
    let four = DoseResponse.compareModels(curve { 20 + 80 / (1 + $0) })
    #expect(four.recommendation?.name == "LL.4")
    let five = DoseResponse.compareModels(curve { 20 + 80 / pow(1 + pow($0, 2), 0.2) })
    #expect(five.recommendation?.name == "LL.5")
    #expect(five.candidates.map(\.name) == ["flat", "LL.3", "LL.4", "LL.5"])
    #expect(five.candidates.map(\.df) == [39, 37, 36, 35])
    for candidate in five.candidates.dropLast() { #expect(try #require(candidate.againstNext).p < 0.05) }
    // Not nested: the lower AICc decides.
    let weibull = DoseResponse.compareModels(
        curve { 20 + 80 * exp(-$0) }, models: [.ll4, DoseResponseModel(.weibull1)])
    #expect(weibull.recommendation?.name == "W1.4")
    #expect(weibull.candidates[1].againstNext == nil)
}

@Test(arguments: [[Parameter.slope], [.bottom, .top], [.slope, .bottom, .top], [.top]])
func `no random start leads below a common fit`(shared: [Parameter]) throws {
    var generator = SeededGenerator(seed: 77)
    for _ in 0..<6 {
        let curves = parallel(&generator, 3, noise: 15)
        let fit = DoseResponse.fitTogether(curves, JointOptions(shared: Set(shared)))
        let lowest = try #require(fit.rss)
        let data = JointLevels(curves), layout = JointLayout(.ll4, shared: Set(shared), curves: 3)
        let objective = JointObjective(layout: layout, data: data)
        for _ in 0..<40 {
            let start = layout.entries.map { entry -> Double in
                switch entry.parameter {
                case .slope: exp(Double.random(in: -2...2, using: &generator))
                case .location: Double.random(in: -4...4, using: &generator)
                default: Double.random(in: -1...1, using: &generator)
                }
            }
            let found = JointDescent(objective: objective).descend(from: start)
            let rss = (2 * found.value + data.pureError) * data.scale * data.scale
            // Where no optimum is claimed the value shown is an upper bound of the infimum.
            if found.end == .minimum, layout.isOrdered(found.vector), fit.status == .ok { #expect(rss >= lowest * (1 - 1e-9)) }
        }
    }
}
