/// The border of the five-parameter curve where f runs to infinity and takes e along: g = exp(-e^u).
struct WeibullBorder {
    let levels: DoseLevels
    private let model: ScaledModel

    init(levels: DoseLevels, model: ScaledModel) {
        self.levels = levels
        var limit = model
        limit.family = .weibull1
        limit.movesF = false
        limit.held.lnF = 0
        limit.hasTwin = false
        limit.isOrdered = model.linearCount == 2
        self.model = limit
    }

    /// The lowest residual sum of squares, borders of the Weibull curves included.
    func lowest() -> Double {
        let found = CurveSearch(levels: levels, model: model).run()
        return min(found.border, found.descent.evaluation.rss)
    }

    /// Of the curves of one direction, without their borders.
    func lowest(falls: Bool) -> Double {
        let refinement = Refinement(levels: levels, model: model)
        let starts = StartingShapes(levels: levels, model: model).shapes(8)
        return starts.filter { ($0.b > 0) == falls }.map { refinement.descend(from: $0) }
            .filter { ($0.shape.b > 0) == falls }.map(\.evaluation.rss).min() ?? .infinity
    }
}
