import Testing

@testable import DoseResponse

/// Curves on which an earlier search missed the optimum or the border, with what 128-bit and 50-digit arithmetic have for them.
struct HeldBackTests {
    private func fit(_ doses: [Double], _ responses: [Double], _ model: DoseResponseModel = .ll4) -> CurveFit {
        DoseResponse.fit(DoseResponseCurve(doses: doses, responses: responses), FitOptions(model: model))
    }

    private func isNear(_ found: Double?, _ truth: Double) -> Bool { found.map { abs($0 - truth) <= 1e-9 * truth } ?? false }

    @Test func `a held slope that is steep for its doses has a valley at each of them`() {
        let found = fit(
            [6.6e-11, 1.89e-09, 5.42e-08, 1.55e-06, 4.45e-05, 0.00127, 0.0365, 1.05, 30, 0],
            [100, 95, 97, 86, 11, -3, -6, -6, -5, 99], DoseResponseModel(.logLogistic, slope: 2.3))
        #expect(found.status == .ok && isNear(found.rss, 126.774716350976205651356))
        #expect(isNear(found.values?.location, 2.14589849615900031e-05))
    }

    @Test func `an optimum just below the border is found`() {
        let found = fit(
            [0.00882, 0.522, 0.000593, 0.01, 0.948, 0.693, 0.000262],
            [
                55.31571992058885, 0.24896118237664788, 111.68074770022695, 58.61204758799316, -24.516101738383114,
                8.165148823559221, 93.48836597861883,
            ])
        #expect(found.status == .ok && isNear(found.rss, 792.9900722949118296580252))
    }

    @Test func `a power beyond the grid of powers is a border all the same`() {
        let found = fit(
            [
                1.2699059113071349e-11, 5.3432998341271536e-11, 1.6143522634695893e-10, 2.725151852614158e-10,
                1.096461725258087e-09, 4.713497430464743e-09, 3.11995867905009e-08, 4.4775732003753015e-08,
                1.232189569025523e-07, 6.688247600658871e-07, 1.5162739936754209e-06,
            ], [3.037, 2.985, 3.1, 3.112, 3.185, 2.958, 3.191, 3.228, 3.066, 3.09, 0.8815])
        #expect(found.status == .notIdentifiable && found.ic50 == nil)
    }

    @Test func `a Weibull curve between close doses is found`() {
        let found = fit(
            [
                1.2451567133978853e-05, 1.5230023148445386e-05, 3.5954198886699144e-05, 0.0019156245413720244,
                0.008662851662767848, 0.008819467161764339, 0.13968250278198133, 0.14709959122255006,
            ], [372367, 376521, 402591, 430424, 382362, 379853, 313836, 310292], DoseResponseModel(.weibull2))
        #expect(found.status != .ok || isNear(found.rss, 2171583775.448196108570))
    }

    @Test func `a shallow Weibull curve below the lowest dose is found`() {
        let levels: [(Double, [Double])] = [
            (1.78e-05, [2.595, 2.594, 2.596, 2.594]), (0.000159, [2.668, 2.676, 2.669]), (0.00141, [2.675, 2.67, 2.676, 2.673]),
            (0.0126, [2.67, 2.67, 2.674]), (0.112, [2.676, 2.674, 2.668, 2.677]), (1, [2.668, 2.671, 2.672, 2.67]),
            (0, [0.04668, 0.04949, 0.05062, 0.05249]),
        ]
        let found = fit(
            levels.flatMap { level in level.1.map { _ in level.0 } }, levels.flatMap(\.1), DoseResponseModel(.weibull2))
        #expect(found.status == .ok && isNear(found.rss, 0.0001814224722286219356954))
    }
}
