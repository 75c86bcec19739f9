extension DoseResponse {
    /// The parameters alone, from the best valley of the grid: without the border check, errors and tests, and with a number for every
    /// curve that has enough points. For measuring what those cost, and for starting values.
    /// - Returns: In the order of the curves; `nil` where there is nothing to fit.
    public static func estimates(
        _ curves: [DoseResponseCurve], _ model: DoseResponseModel = .ll4
    ) -> [ParameterValues<Double>?] {
        let fitting = CurveFitting(FitOptions(model: model))
        return curves.map(fitting.bareEstimate)
    }
}

extension CurveFitting {
    fileprivate func bareEstimate(_ curve: DoseResponseCurve) -> ParameterValues<Double>? {
        load(curve)
        guard levels.points >= options.model.freeCount, levels.count > 1, !levels.isConstant else { return nil }
        let model = ScaledModel(options.model, levels)
        guard let start = StartingShapes(levels: levels, model: model).shapes(1).first else { return nil }
        let descent = Refinement(levels: levels, model: model).descend(from: start)
        var fitted = FittedShape(descent, model)
        fitted.orient(model)
        let natural = fitted.natural(levels)
        return ParameterValues(
            slope: natural[0], bottom: natural[1], top: natural[2], location: natural[3], asymmetry: natural[4])
    }

    private func load(_ curve: DoseResponseCurve) {
        curve.doses.withUnsafeBufferPointer { doses in
            curve.responses.withUnsafeBufferPointer { responses in
                guard let weights = curve.weights else { return levels.load(doses, responses, nil) }
                weights.withUnsafeBufferPointer { levels.load(doses, responses, $0) }
            }
        }
    }
}
