import Foundation
import IngestTesting
import Testing

@testable import DoseResponse

private func sample(_ seed: UInt64, weighted: Bool = false) -> DoseResponseCurve {
    var generator = SeededGenerator(seed: seed)
    var curve = DoseResponseCurve(doses: [], responses: [], weights: weighted ? [] : nil)
    for i in 0..<30 {
        let x = -3.5 + 7 * Double(i / 3) / 9
        curve.doses.append(i < 3 ? 0 : exp(x))
        curve.responses.append((i < 3 ? 100 : 4 + 96 / (1 + exp(1.3 * x))) + Double.random(in: -1...1, using: &generator))
        if weighted { curve.weights?.append(Double.random(in: 0.5...2, using: &generator)) }
    }
    return curve
}

@Test(arguments: [DoseResponseModel.ll3, .ll4, DoseResponseModel(.weibull1)], [false, true])
func `leverages add up to the number of parameters`(model: DoseResponseModel, weighted: Bool) {
    let curve = sample(2, weighted: weighted), fit = DoseResponse.fit(curve, FitOptions(model: model))
    let found = DoseResponse.influence(of: curve, on: fit)
    #expect(found.count == 30)
    #expect(abs(found.reduce(0) { $0 + $1.leverage } - Double(model.freeCount)) < 1e-9)
    #expect(found.allSatisfy { $0.leverage > 0 && $0.leverage < 1 && $0.refit == nil })
    let rss = found.reduce(0) { $0 + curve.weight($1.place) * $1.residual * $1.residual }
    #expect(abs(rss / (fit.rss ?? 1) - 1) < 1e-10)
}

@Test func `the linear formula comes close to fitting again where errors are small`() throws {
    let curve = sample(7), fit = DoseResponse.fit(curve), values = try #require(fit.values)
    for point in DoseResponse.influence(of: curve, on: fit, refits: true) {
        let again = try #require(point.refit?.values)
        let exact = log(again.location / values.location)
        let linear = log(try #require(point.location) / values.location)
        // What is left is of second order: about the square of the change, and of the relative error of one percent times it.
        #expect(abs(exact - linear) < 0.1 * abs(exact) + 2e-4)
        let distance = try #require(point.exactDistance)
        #expect(abs(distance - (point.cooksDistance ?? 0)) < 0.15 * distance + 1e-3)
    }
}

@Test func `the wild point has the largest distance, wherever its row stands`() throws {
    for place in [0, 5, 16, 29] {
        var curve = sample(4)
        curve.responses[place] += 40
        let found = DoseResponse.influence(of: curve, on: DoseResponse.fit(curve))
        let worst = try #require(found.max { ($0.studentized ?? 0).magnitude < ($1.studentized ?? 0).magnitude })
        #expect(worst.place == place)
    }
}

@Test func `points of weight 0 are not looked at`() {
    var curve = sample(4, weighted: true)
    curve.weights?[3] = 0
    let found = DoseResponse.influence(of: curve, on: DoseResponse.fit(curve))
    #expect(found.map(\.place) == [0, 1, 2] + Array(4..<30))
}

@Test func `without estimates nothing is said of influence`() {
    let curve = DoseResponseCurve(doses: [1, 2, 3, 4, 5], responses: [7, 7, 7, 7, 7])
    #expect(DoseResponse.influence(of: curve, on: DoseResponse.fit(curve)).isEmpty)
}
