import Testing

@testable import DoseResponse

/// NIST StRD nonlinear regression: data, certified values and the two starting points of each set
/// (https://www.itl.nist.gov/div898/strd). Their x is ln dose here, and their parameters are those of the log-logistic curve.
struct CertifiedTests {
    struct Certified: CustomStringConvertible, Sendable {
        var description: String
        var x: [Double], y: [Double], model: DoseResponseModel
        /// b, ln e and f of each starting point.
        var starts: [(b: Double, q: Double, f: Double)]
        /// The plateau, b, ln e, f and the residual sum of squares, and the standard deviation of the plateau.
        var top: Double, b: Double, q: Double, f: Double, rss: Double, topError: Double
    }

    /// y = b1/(1 + exp(b2 - b3 x)): d = b1, b = -b3, ln e = b2/b3.
    static let rat42 = Certified(
        description: "Rat42", x: [9, 14, 21, 28, 42, 57, 63, 70, 79],
        y: [8.930, 10.800, 18.590, 22.330, 39.350, 56.110, 61.730, 64.620, 67.080], model: .ll3,
        starts: [(-0.1, 1 / 0.1, 1), (-0.07, 2.5 / 0.07, 1)], top: 7.2462237576e1, b: -6.7359200066e-2,
        q: 2.6180768402e0 / 6.7359200066e-2, f: 1, rss: 8.0565229338e0, topError: 1.7340283401e0)

    /// y = b1/(1 + exp(b2 - b3 x))^(1/b4): f = 1/b4.
    static let rat43 = Certified(
        description: "Rat43", x: (1...15).map(Double.init),
        y: [
            16.08, 33.83, 65.80, 97.20, 191.55, 326.20, 386.87, 520.53, 590.03, 651.92, 724.93, 699.56, 689.96, 637.56, 717.41,
        ], model: DoseResponseModel(.logLogistic, bottom: 0, asymmetry: nil), starts: [(-1, 10, 1), (-0.75, 5 / 0.75, 1 / 1.3)],
        top: 6.9964151270e2, b: -7.5962938329e-1, q: 5.2771253025e0 / 7.5962938329e-1, f: 1 / 1.2792483859e0,
        rss: 8.7864049080e3, topError: 1.6302297817e1)

    private func levels(_ set: Certified) -> DoseLevels {
        let levels = DoseLevels()
        let doses = set.x.map(Elementary.exp)
        doses.withUnsafeBufferPointer { doses in set.y.withUnsafeBufferPointer { levels.load(doses, $0, nil) } }
        return levels
    }

    @Test(arguments: [rat42, rat43], [0, 1])
    func `either starting point leads to the certified values`(set: Certified, start: Int) {
        let levels = levels(set), model = ScaledModel(set.model, levels), begin = set.starts[start]
        let descent = Refinement(levels: levels, model: model).descend(
            from: Shape(b: begin.b, q: begin.q - levels.center, lnF: Elementary.log(begin.f)))
        #expect(descent.end == .minimum)
        let natural = FittedShape(descent, model).natural(levels)
        func agrees(_ found: Double, _ certified: Double) -> Bool { abs(found - certified) <= 1e-9 * abs(certified) }
        #expect(agrees(natural[2], set.top) && agrees(natural[0], set.b) && agrees(natural[4], set.f))
        #expect(agrees(Elementary.log(natural[3]), set.q))
        #expect(agrees(descent.evaluation.rss * levels.scale * levels.scale, set.rss))
    }

    @Test(arguments: [rat42, rat43])
    func `so does the whole fit, with the certified standard deviation`(set: Certified) throws {
        let fit = DoseResponse.fit(
            DoseResponseCurve(doses: set.x.map(Elementary.exp), responses: set.y), FitOptions(model: set.model))
        #expect(fit.status == .ok)
        #expect(abs(try #require(fit.rss) - set.rss) <= 1e-9 * set.rss)
        #expect(abs(try #require(fit.parameters?.top.expectedError) - set.topError) <= 1e-9 * set.topError)
    }
}
