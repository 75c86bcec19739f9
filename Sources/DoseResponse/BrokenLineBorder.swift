/// The border of the five-parameter curve where b runs to infinity and f to 0 with b f = s: a plateau, and a power of the dose
/// beyond a bend.
struct BrokenLineBorder {
    let levels: DoseLevels
    private let model: ScaledModel

    init(levels: DoseLevels, model: ScaledModel) {
        self.levels = levels
        var broken = model
        broken.isBroken = true
        broken.movesF = false
        broken.held.lnF = 0
        broken.hasTwin = false
        broken.isOrdered = model.linearCount == 2
        self.model = broken
    }

    /// s times the span of ln dose.
    private static let steepness: [Double] = [0.3, 1.5, 5, 20]

    /// The lowest residual sum of squares found. The bend may lie at a dose, where the sum of squares has a kink, or between two.
    func lowest() -> Double {
        var best = Double.infinity
        for i in 0..<levels.count {
            var bent = model
            bent.movesQ = false
            bent.pivot = levels.x[i]
            for s in Self.steepness {
                for sign in [-1.0, 1] {
                    let b = sign * s / max(levels.span, 1e-6)
                    let start = Shape(b: b, q: bent.pivot, lnF: 0)
                    let descent = Refinement(levels: levels, model: bent).descend(from: start)
                    best = min(best, descent.evaluation.rss)
                    for side in [i - 1, i + 1] where side >= 0 && side < levels.count {
                        let between = 0.5 * (levels.x[i] + levels.x[side])
                        let free = Refinement(levels: levels, model: model)
                        best = min(
                            best, free.descend(from: Shape(b: descent.shape.b, q: between, lnF: 0)).evaluation.rss)
                    }
                }
            }
        }
        return best
    }
}
