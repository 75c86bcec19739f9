import Foundation
import Testing

@testable import DoseResponse

@Suite(.enabled(if: Reference.isThere, "the reference results are not there: set INGEST_IC50"))
struct BinomialReferenceTests {
    static let cases = Reference.cases { $0["type"] as? String == "binomial" }

    @Test(arguments: cases)
    func `proportions give the slope, the location and the errors of the reference`(reference: ReferenceCase) throws {
        let found = DoseResponse.binomialFit(try #require(reference.curves().first).curve)
        #expect(found.status == .ok)
        var differences = Differences()
        for parameter in reference.exact?["parameters"] as? [Reference.Object] ?? [] {
            let name = parameter["name"] as? String ?? ""
            let estimate = name == "b" ? found.slope : found.location
            guard let those = parameter["observed"] as? Reference.Object, let ends = those["ci95"] as? [Double] else { continue }
            differences.compare(name, estimate?.value, parameter["estimate"], relative: 1e-8, quantity: "estimate")
            differences.compare("SE of \(name)", estimate?.error, those["se"], relative: 1e-8, quantity: "error")
            differences.compare("z of \(name)", estimate?.z, those["z"], relative: 1e-8, quantity: "z")
            differences.compare("p of \(name)", estimate?.p, those["p"], relative: 1e-7, quantity: "p")
            differences.compare("low of \(name)", estimate?.wald.low, ends[0], relative: 1e-8, quantity: "interval")
            differences.compare("high of \(name)", estimate?.wald.high, ends[1], relative: 1e-8, quantity: "interval")
        }
        #expect(differences.lines.isEmpty, "\(differences.lines.joined(separator: "\n"))")
    }
}

@Test(arguments: [[0.0, 0, 0, 1, 1], [1, 1, 0, 0, 0], [0, 0, 0.5, 1, 1], [0, 0, 0, 0, 0], [0.5, 0.5, 0.5, 0.5, 0.5]])
func `separated or constant proportions have no estimate`(proportions: [Double]) {
    let curve = DoseResponseCurve(doses: [1, 2, 4, 8, 16], responses: proportions, weights: [10, 10, 10, 10, 10])
    let found = DoseResponse.binomialFit(curve)
    #expect(found.status == .notIdentifiable && found.slope == nil && found.location == nil)
}

@Test func `groups at dose 0, the order of groups and the unit of doses change nothing but the unit`() throws {
    let plain = DoseResponse.binomialFit(
        DoseResponseCurve(doses: [1, 2, 4, 8, 16], responses: [0.1, 0.2, 0.5, 0.6, 0.9], weights: [10, 20, 10, 15, 10]))
    let other = DoseResponse.binomialFit(
        DoseResponseCurve(
            doses: [16000, 0, 1000, 4000, 8000, 2000], responses: [0.9, 0.1, 0.1, 0.5, 0.6, 0.2],
            weights: [10, 30, 10, 10, 15, 20]))
    let (a, b) = (try #require(plain.location), try #require(other.location))
    #expect(abs(b.value / a.value / 1000 - 1) < 1e-12 && abs(b.error / a.error / 1000 - 1) < 1e-12)
    #expect(plain.groups == other.groups)
    // One group of twenty counts as two of ten.
    let split = DoseResponse.binomialFit(
        DoseResponseCurve(
            doses: [1, 2, 2, 4, 8, 16], responses: [0.1, 0.3, 0.1, 0.5, 0.6, 0.9], weights: [10, 10, 10, 10, 15, 10]))
    #expect(abs((split.location?.value ?? 0) / a.value - 1) < 1e-12)
    #expect(abs((plain.proportion(at: a.value) ?? 0) - 0.5) < 1e-12)
}
