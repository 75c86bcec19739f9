/// The sum of losses over all curves at a parameter vector, with exact derivatives.
struct JointObjective {
    let layout: JointLayout
    let data: JointLevels
    /// What a residual costs; `nil` for half its square.
    var loss: RobustLoss?
    /// The scale s of the residuals, in scaled responses.
    var lossScale = 1.0

    /// b, c, d, ln e, f where they are fixed (plateaus scaled, ln e about the center).
    private let fixed: InlineArray<5, Double>

    init(layout: JointLayout, data: JointLevels, loss: RobustLoss? = nil, lossScale: Double = 1) {
        self.layout = layout
        self.data = data
        self.loss = loss
        self.lossScale = lossScale
        let held = layout.model.fixed
        var fixed = InlineArray<5, Double>(repeating: 1)
        if let b = held.slope { fixed[0] = b }
        if let c = held.bottom { fixed[1] = (c - data.shift) / data.scale }
        if let d = held.top { fixed[2] = (d - data.shift) / data.scale }
        if let e = held.location { fixed[3] = Elementary.log(e) - data.center }
        if let f = held.asymmetry { fixed[4] = f }
        self.fixed = fixed
    }

    struct Derivatives {
        var value = 0.0
        var gradient: [Double]
        /// The full second derivatives, and their part without those of the mean (J'WJ).
        var hessian: SymmetricMatrix, expected: SymmetricMatrix
    }

    /// b, c, d, ln e, f of a curve.
    func parameters(_ curve: Int, _ vector: [Double]) -> InlineArray<5, Double> {
        var result = fixed
        for k in 0..<5 where layout.places[curve][k] >= 0 { result[k] = vector[layout.places[curve][k]] }
        return result
    }

    func mean(_ level: JointLevels.Level, _ p: InlineArray<5, Double>) -> Double {
        MeanDerivatives(layout.model.family, logDose: level.x, p, symmetric: layout.isSymmetric, wantsSecond: false).mean
    }

    /// Half the residual sum of squares of the level means, or the sum of losses.
    func value(_ vector: [Double]) -> Double {
        var sum = 0.0
        for curve in data.ranges.indices {
            let p = parameters(curve, vector)
            for level in data.levels[data.ranges[curve]] { sum += cost(level, level.y - mean(level, p)) }
        }
        return sum
    }

    func cost(_ level: JointLevels.Level, _ residual: Double) -> Double {
        guard let loss else { return 0.5 * level.w * residual * residual }
        return loss.value(level.w.squareRoot() / lossScale * residual)
    }

    func derivatives(_ vector: [Double]) -> Derivatives {
        let n = layout.count
        var result = Derivatives(
            gradient: [Double](repeating: 0, count: n), hessian: SymmetricMatrix(n), expected: SymmetricMatrix(n))
        for curve in data.ranges.indices {
            let p = parameters(curve, vector), places = layout.places[curve]
            for level in data.levels[data.ranges[curve]] {
                let at = MeanDerivatives(layout.model.family, logDose: level.x, p, symmetric: layout.isSymmetric)
                add(level, at, places, &result)
            }
        }
        result.hessian.mirror()
        result.expected.mirror()
        return result
    }

    private func add(
        _ level: JointLevels.Level, _ at: MeanDerivatives, _ places: InlineArray<5, Int>, _ result: inout Derivatives
    ) {
        let residual = level.y - at.mean
        result.value += cost(level, residual)
        var slope = level.w * residual, bend = level.w, metric = level.w
        if let loss {
            let factor = level.w.squareRoot() / lossScale
            let (first, second) = loss.derivatives(factor * residual)
            (slope, bend) = (first * factor, second * factor * factor)
            // The damping needs something positive even where the loss is flat.
            metric = max(bend, 0.05 * factor * factor)
        }
        for i in 0..<5 where places[i] >= 0 {
            result.gradient[places[i]] -= slope * at.first[i]
            for j in 0...i where places[j] >= 0 {
                let product = at.first[i] * at.first[j]
                // Lower half: a shared parameter may come before or after another in the order of letters.
                let row = max(places[i], places[j]), column = min(places[i], places[j])
                result.expected[row, column] += metric * product
                result.hessian[row, column] += bend * product - slope * at.second[i * 5 + j]
            }
        }
    }
}
