import Glibc
import IngestTesting
import Testing

@testable import DoseResponse

/// In units of the last place.
private func distance(_ found: Double, _ expected: Double) -> Double {
    found == expected ? 0 : abs(found - expected) / expected.ulp
}

@Test func `exponential and logarithm agree with the system's library to the last places`() {
    var generator = SeededGenerator(seed: 4)
    var worst = 0.0, worstNearOne = 0.0
    for _ in 0..<20_000 {
        let x = Double.random(in: -700...709, using: &generator)
        worst = max(worst, distance(Elementary.exp(x), exp(x)), distance(Elementary.log(exp(x)), log(exp(x))))
        let y = Double.random(in: -0.95...3, using: &generator)
        worstNearOne = max(
            worstNearOne, distance(Elementary.log1p(y), log1p(y)), distance(Elementary.expm1(y), expm1(y)))
    }
    #expect(worst <= 2 && worstNearOne <= 4)
}

@Test func `the ends of the range are the limits`() {
    #expect(Elementary.exp(-800) == 0)
    #expect(Elementary.exp(-.infinity) == 0)
    #expect(Elementary.exp(800) == .infinity)
    #expect(Elementary.log(0) == -.infinity)
    #expect(Elementary.log(-1).isNaN)
    #expect(Elementary.log(Double.leastNonzeroMagnitude) == log(Double.leastNonzeroMagnitude))
    #expect(Elementary.softplus(800) == 800)
    #expect(Elementary.falling(.infinity) == 0)
    #expect(Elementary.falling(-.infinity) == 1)
}
