import Foundation
import IngestTesting
import Testing

@testable import DoseResponse

@Suite(.enabled(if: Reference.isThere, "the reference results are not there: set INGEST_IC50"))
struct RobustReferenceTests {
    struct Case: CustomStringConvertible, @unchecked Sendable {
        let object: Reference.Object
        var description: String { "\(object["data"] ?? "") \(object["loss"] ?? "")" }
        var loss: RobustLoss {
            switch object["loss"] as? String {
            case "huber": .huber()
            case "tukey": .tukey()
            case "lorentz": .lorentz
            default: .leastAbsolute
            }
        }
        var model: DoseResponseModel { DoseResponseModel(name: object["model"] as? String ?? "") ?? .ll4 }
        func curve() throws -> DoseResponseCurve {
            try #require(
                Reference.curves(object["data"] as? String ?? "").first { $0.name == object["curve"] as? String }
            ).curve
        }
    }

    static let cases = (Reference.document["robust"] as? [Reference.Object] ?? []).map(Case.init)

    @Test(arguments: cases, [false, true])
    func `robust estimates, scales and suspects agree with the reference`(reference: Case, givesScale: Bool) throws {
        let scale = reference.object["scale"] as? Double
        let found = DoseResponse.robustFit(
            try reference.curve(), loss: reference.loss, model: reference.model, scale: givesScale ? scale : nil)
        #expect(found.status == .ok)
        var differences = Differences()
        let height = found.values.map { abs($0.top - $0.bottom) } ?? 0
        for (name, expected) in reference.object["estimates"] as? [String: Double] ?? [:] {
            let which = try #require(Parameter.allCases.first { $0.description == name })
            differences.compare(
                name, found.values?[which], expected, relative: 1e-6, about: which == .bottom ? height : 0, quantity: "estimate")
        }
        differences.compare("scale", found.scale, scale, relative: 1e-6, quantity: "scale")
        differences.compare(
            "objective", found.objective, reference.object["objective"], relative: givesScale ? 1e-9 : 1e-6, quantity: "objective"
        )
        if let rows = reference.object["rows_with_weight_below_0.1"] as? [Int] {
            #expect(found.suspects.map { $0 + 1 } == rows)
        }
        #expect(differences.lines.isEmpty, "\(differences.lines.joined(separator: "\n"))")
    }
}

/// Responses of a curve with normal errors, half-normal doses and two wild points.
private func sample(_ generator: inout SeededGenerator, wild: Int = 2) -> DoseResponseCurve {
    var curve = DoseResponseCurve(doses: [], responses: [])
    let q = Double.random(in: -1...1, using: &generator), b = Double.random(in: 0.7...2, using: &generator)
    for i in 0..<24 {
        let x = -3 + 6 * Double(i / 3) / 7
        let noise = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0...1, using: &generator) }
        curve.doses.append(exp(x))
        curve.responses.append(5 + 90 / (1 + exp(b * (x - q))) + 2 * noise)
    }
    for _ in 0..<wild { curve.responses[Int.random(in: 0..<24, using: &generator)] += 80 }
    return curve
}

@Test(arguments: [RobustLoss.leastAbsolute, .huber(), .tukey(), .lorentz])
func `no point in the neighbourhood has a lower robust objective`(loss: RobustLoss) throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20 {
        let curve = sample(&generator)
        let found = DoseResponse.robustFit(curve, loss: loss)
        let values = try #require(found.values), best = try #require(found.objective)
        for _ in 0..<200 {
            var moved = values
            let size = pow(10, Double.random(in: -7 ... -1, using: &generator))
            for parameter in [Parameter.slope, .bottom, .top, .location] {
                moved[parameter] *= 1 + size * Double.random(in: -1...1, using: &generator)
            }
            let sum = zip(curve.doses, curve.responses).reduce(0) {
                $0 + loss.value(($1.1 - found.model.mean(at: $1.0, moved)) / found.scale)
            }
            #expect(sum >= best * (1 - 1e-12))
        }
    }
}

@Test(arguments: [RobustLoss.leastAbsolute, .huber(), .tukey(), .lorentz])
func `the order of rows and the unit of doses leave a robust fit as it is`(loss: RobustLoss) throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<10 {
        let curve = sample(&generator), order = curve.doses.indices.shuffled(using: &generator)
        let other = DoseResponseCurve(doses: order.map { curve.doses[$0] * 1000 }, responses: order.map { curve.responses[$0] })
        let one = DoseResponse.robustFit(curve, loss: loss), two = DoseResponse.robustFit(other, loss: loss)
        let a = try #require(one.values), b = try #require(two.values)
        #expect(abs(b.location / a.location / 1000 - 1) < 1e-8)
        #expect(abs(b.slope / a.slope - 1) < 1e-8 && abs(b.top / a.top - 1) < 1e-8)
        #expect(Set(one.suspects) == Set(two.suspects.map { order[$0] }))
    }
}

@Test func `wild points are suspected and what they do to the IC50 is small`() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<20 {
        var curve = sample(&generator, wild: 0)
        let clean = try #require(DoseResponse.fit(curve).values)
        curve.responses[20] += 90
        let found = DoseResponse.robustFit(curve, loss: .tukey())
        #expect(found.suspects.contains(20))
        #expect(abs(log(try #require(found.values).location / clean.location)) < 0.2)
    }
}

@Test func `curves that cannot be fitted are not fitted robustly either`() {
    let constant = DoseResponseCurve(doses: [1, 2, 3, 4, 5], responses: [7, 7, 7, 7, 7])
    #expect(DoseResponse.robustFit(constant, loss: .huber()).status == .noVariation)
    #expect(DoseResponse.robustFit(DoseResponseCurve(doses: [], responses: []), loss: .tukey()).status == .tooFewPoints)
    // Points on the curve: no scale is left.
    let doses = [0.01, 0.1, 0.3, 1, 3, 10, 100]
    let exact = DoseResponseCurve(doses: doses, responses: doses.map { 100 / (1 + $0) })
    for loss in [RobustLoss.leastAbsolute, .huber(), .tukey(), .lorentz] {
        let found = DoseResponse.robustFit(exact, loss: loss)
        #expect(found.status == .ok && abs((found.values?.location ?? 0) - 1) < 1e-6)
        #expect(found.weights.allSatisfy { $0.isFinite } && found.objective?.isFinite == true)
    }
}
