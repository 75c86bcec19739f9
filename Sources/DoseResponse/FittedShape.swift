/// b, c, d (scaled), ln e (about the middle of the doses) and f at an optimum.
struct FittedShape {
    var values: InlineArray<5, Double>

    init(_ descent: Descent, _ model: ScaledModel) {
        let shape = descent.shape
        values = InlineArray(repeating: 0)
        values[0] = shape.b
        values[1] = descent.evaluation.bottom
        values[2] = descent.evaluation.top
        values[3] = model.movesQ ? shape.q : model.pivot
        values[4] = Elementary.exp(shape.lnF)
    }

    /// Of twins the one with c <= d.
    mutating func orient(_ model: ScaledModel) {
        guard model.hasTwin, values[1] > values[2] else { return }
        (values[0], values[1], values[2]) = (-values[0], values[2], values[1])
    }

    /// In the units of the input.
    func natural(_ levels: DoseLevels) -> InlineArray<5, Double> {
        var result = values
        result[1] = levels.shift + levels.scale * values[1]
        result[2] = levels.shift + levels.scale * values[2]
        result[3] = Elementary.exp(values[3] + levels.center)
        return result
    }
}
