import Foundation
import Testing

@testable import DoseResponse

@Suite(.enabled(if: Reference.isThere, "the reference results are not there: set INGEST_IC50"))
struct PlateQualityReferenceTests {
    @Test func `controls are told apart as in the reference`() throws {
        let expected = try #require(Reference.document["plate_qc"] as? Reference.Object)
        let high = try #require(expected["high"] as? [Double]), low = try #require(expected["low"] as? [Double])
        let quality = try #require(PlateQuality(high: high, low: low))
        var differences = Differences()
        for (name, value) in [
            ("z_prime", quality.zPrime), ("robust_z_prime", quality.robustZPrime),
            ("signal_to_background", quality.signalToBackground), ("signal_window", quality.signalWindow),
            ("ssmd", quality.ssmd), ("cv_high", quality.highVariation), ("cv_low", quality.lowVariation),
        ] {
            differences.compare(name, value, expected[name], relative: 1e-12, quantity: name)
        }
        #expect(differences.lines.isEmpty, "\(differences.lines.joined(separator: "\n"))")
        #expect(quality.grade == .good)
    }
}

@Test func `a plate without a difference or without replicates says so`() throws {
    #expect(PlateQuality(high: [1], low: [0, 1]) == nil)
    #expect(PlateQuality(high: [1, .nan], low: [0, 1]) == nil)
    let same = try #require(PlateQuality(high: [5, 5], low: [5, 5]))
    #expect(same.zPrime == nil && same.robustZPrime == nil && same.ssmd == nil && same.signalWindow == nil)
    #expect(same.grade == nil && same.percent(7) == nil)
    let marginal = try #require(PlateQuality(high: [90, 110], low: [0, 10]))
    #expect(marginal.grade == .marginal)
    let percent = try #require(PlateQuality(high: [99, 101], low: [-1, 1]))
    #expect(percent.grade == .good && percent.percent(25) == 25)
}
