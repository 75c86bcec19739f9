import Glibc

/// Dose-response curves with a known truth, the same ones for the same seed.
public struct SimulatedCurve: Sendable {
    public var doses: [Double], responses: [Double]
    /// What it was made with: b > 0 falls. `nil` for a flat one.
    public var truth: Truth?

    public struct Truth: Sendable {
        public var slope: Double, bottom: Double, top: Double, ic50: Double
    }
}

/// Makes curves as screens and bench work have them: dilution series of 6 to 14 doses, one to three replicates, percent responses,
/// normal scatter.
public struct SimulatedCurves {
    private var random: SeededGenerator

    public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// A complete curve: its IC50 lies among the doses, two or more steps from either end.
    public mutating func complete() -> SimulatedCurve {
        let design = design(fewest: 8)
        let place = Double.random(in: 2.5...Double(design.levels) - 3.5, using: &random)
        return curve(design, ic50: design.highest / power(design.step, place), scatter: Double.random(in: 1...6, using: &random))
    }

    /// Any curve with an effect: its IC50 may lie at the edge of the doses or beyond.
    public mutating func any() -> SimulatedCurve {
        let design = design(fewest: 6)
        let place = Double.random(in: -1...Double(design.levels), using: &random)
        return curve(design, ic50: design.highest / power(design.step, place), scatter: Double.random(in: 1...12, using: &random))
    }

    /// Scatter about a constant.
    public mutating func flat() -> SimulatedCurve {
        let design = design(fewest: 6)
        var curve = SimulatedCurve(doses: [], responses: [], truth: nil)
        let level = Double.random(in: 0...100, using: &random), scatter = Double.random(in: 1...10, using: &random)
        for dose in design.doses {
            curve.doses.append(dose)
            curve.responses.append(level + scatter * normal())
        }
        return curve
    }

    private struct Design {
        var levels: Int, step: Double, highest: Double, doses: [Double]
    }

    private mutating func design(fewest: Int) -> Design {
        let levels = Int.random(in: fewest...14, using: &random)
        let replicates = Int.random(in: 1...(levels > 13 ? 2 : 3), using: &random)
        let step = [2.0, 3, 3.1622776601683795, 4][Int.random(in: 0..<4, using: &random)]
        let highest = [10.0, 30, 100][Int.random(in: 0..<3, using: &random)]
        var doses: [Double] = []
        for level in 0..<levels {
            for _ in 0..<replicates { doses.append(highest / power(step, Double(level))) }
        }
        return Design(levels: levels, step: step, highest: highest, doses: doses)
    }

    private mutating func curve(_ design: Design, ic50: Double, scatter: Double) -> SimulatedCurve {
        let truth = SimulatedCurve.Truth(
            slope: exponential(0.35 * normal()), bottom: 5 * normal(), top: 100 + 5 * normal(), ic50: ic50)
        var curve = SimulatedCurve(doses: design.doses, responses: [], truth: truth)
        for dose in design.doses {
            let mean = truth.bottom + (truth.top - truth.bottom) / (1 + power(dose / ic50, truth.slope))
            curve.responses.append(mean + scatter * normal())
        }
        return curve
    }

    /// Box and Muller.
    private mutating func normal() -> Double {
        let radius = (-2 * log(Double.random(in: Double.leastNormalMagnitude..<1, using: &random))).squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
    }

    private func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
    private func exponential(_ x: Double) -> Double { exp(x) }
}
