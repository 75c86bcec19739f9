import Testing

@testable import DoseResponse

/// Five-parameter curves that are nearly a plateau and a power of the dose: b and f stand for one another.
struct BrokenLineTests {
    /// Rises and falls: a monotone curve follows the rise, and the rest is a plateau.
    private static let curve = DoseResponseCurve(
        doses: [
            0.000316228, 0.001, 0.00316228, 0.01, 0.0316228, 0.1, 0.316228, 1, 3.16228, 10, 31.6228, 100, 316.228, 1000,
        ],
        responses: [
            4.07, -4.2501, -3.6039, 0.513, 16.225, 53.5421, 83.9565, 93.1811, 84.7751, 49.2163, 15.26, 0.7853, 1.4357, 0.8851,
        ])
    private static let model = DoseResponseModel(.logLogistic, asymmetry: nil)

    private func isNear(_ found: Double?, _ expected: Double?, _ relative: Double) -> Bool {
        guard let found, let expected else { return false }
        return abs(found - expected) <= relative * abs(expected)
    }

    /// As the reference results have it.
    @Test func `estimates and errors keep their digits`() {
        let fit = DoseResponse.fit(Self.curve, FitOptions(model: Self.model))
        #expect(fit.status == .ok && fit.flags.contains(.ambiguous))
        let slope = fit.parameters?.slope, asymmetry = fit.parameters?.asymmetry
        #expect(isNear(slope?.value, -23.580928829454084, 1e-10))
        #expect(isNear(asymmetry?.value, 0.09652713509361285, 1e-10))
        #expect(isNear(fit.values?.location, 0.04739832511019784, 1e-12))
        #expect(isNear(slope?.observedError, 69406.8412584954, 1e-8))
        #expect(isNear(slope?.expectedError, 155305526.63017532, 1e-6))
        #expect(isNear(asymmetry?.observedError, 284.1282625803837, 1e-8))
        #expect(isNear(asymmetry?.expectedError, 635751.9917395532, 1e-6))
        #expect(isNear(fit.effectiveDose(90)?.error, 5.517220467264013, 1e-6))
    }

    @Test(arguments: Parameter.allCases)
    func `a parameter that is held at its estimate moves no other`(held: Parameter) throws {
        let free = try #require(DoseResponse.fit(Self.curve, FitOptions(model: Self.model)).values)
        let model = DoseResponseModel(
            .logLogistic, slope: held == .slope ? free.slope : nil, bottom: held == .bottom ? free.bottom : nil,
            top: held == .top ? free.top : nil, location: held == .location ? free.location : nil,
            asymmetry: held == .asymmetry ? free.asymmetry : nil)
        let fit = DoseResponse.fit(Self.curve, FitOptions(model: model))
        #expect(fit.status == .ok)
        for parameter in Parameter.allCases {
            #expect(isNear(fit.values?[parameter], free[parameter], 1e-10), "\(parameter)")
            #expect(parameter == held || fit.parameters?[parameter].observedError ?? 0 > 0)
        }
    }

    /// Away from the broken line both ways to the covariance have all their digits.
    @Test(arguments: [-2.0, 1.3])
    func `the covariance is that by b and f`(slope: Double) throws {
        let places = (0..<12).map { 0.6 * Double($0) - 3.3 }
        let doses = places.map(Elementary.exp)
        let responses = places.enumerated().map { i, x in
            100 * Elementary.exp(-0.4 * Elementary.softplus(slope * (x - 0.2))) + (i % 3 == 0 ? 2 : -1.5)
        }
        let levels = DoseLevels()
        doses.withUnsafeBufferPointer { x in responses.withUnsafeBufferPointer { levels.load(x, $0, nil) } }
        let scaled = ScaledModel(Self.model, levels)
        let optimum = CurveSearch(levels: levels, model: scaled).run()
        #expect(optimum.isAttained)
        let values = FittedShape(optimum.descent, scaled).values
        let plain = Information(levels, Self.model, scaled, values)
        let inner = AsymmetricInformation(levels, values, rows: plain.rows)
        for (direct, other) in [(plain.expected, inner.expected), (plain.observed, inner.observed)] {
            let expected = try #require(direct.inverse()), found = inner.natural(try #require(other.inverse()))
            for i in 0..<5 {
                for j in 0..<5 {
                    let size = (expected[i, i] * expected[j, j]).squareRoot()
                    #expect(abs(found[i, j] - expected[i, j]) <= 1e-8 * size, "\(i) \(j)")
                }
            }
        }
    }
}
