/// J'WJ and half of the second derivatives of the residual sum of squares, by the free parameters in the order b, c, d, ln e, f.
struct Information {
    var expected: SmallMatrix, observed: SmallMatrix
    /// Which row belongs to b, c, d, ln e, f; -1 for those that are fixed.
    let rows: InlineArray<5, Int>
    /// Half of the gradient, as a measure of what the search left.
    var gradient: InlineArray<5, Double>
    /// The same of all five parameters: gradient, and lower triangles row by row.
    private var half = InlineArray<5, Double>(repeating: 0)
    private var jacobian = InlineArray<15, Double>(repeating: 0), hessian = InlineArray<15, Double>(repeating: 0)

    /// - Parameter values: b, c, d (scaled as the responses are), ln e (about the middle of the doses) and f.
    init(_ levels: DoseLevels, _ model: DoseResponseModel, _ scaled: ScaledModel, _ values: InlineArray<5, Double>) {
        var rows = InlineArray<5, Int>(repeating: -1)
        var size = 0
        let free: InlineArray<5, Bool> = [
            model.fixed.slope == nil, model.fixed.bottom == nil, model.fixed.top == nil, model.fixed.location == nil,
            scaled.movesF,
        ]
        for i in 0..<5 where free[i] {
            rows[i] = size
            size += 1
        }
        self.rows = rows
        expected = SmallMatrix(size)
        observed = SmallMatrix(size)
        gradient = InlineArray(repeating: 0)
        let f = values[4]
        let shape = Shape(b: values[0], q: values[3], lnF: Elementary.log(f))
        levels.fill(shape, scaled, raised: true)
        for i in 0..<levels.count { levels.complement[i] = -levels.g[i] }
        levels.fill(shape, scaled, raised: false)
        for i in 0..<levels.count {
            add(
                levels.w[i], levels.y[i], values, s: levels.x[i] - values[3], g: levels.g[i],
                rest: levels.complement[i], g1: levels.g1[i], g2: levels.g2[i],
                gf: scaled.movesF ? levels.gf[i] / f : 0, gff: scaled.movesF ? (levels.gff[i] - levels.gf[i]) / (f * f) : 0,
                g1f: scaled.movesF ? levels.g1f[i] / f : 0)
        }
        if levels.zeroWeight > 0 {
            let falls = scaled.family == .weibull2 ? shape.b < 0 : shape.b > 0
            add(
                levels.zeroWeight, levels.zeroMean, values, s: 0, g: falls ? 1 : 0, rest: falls ? 0 : 1, g1: 0, g2: 0, gf: 0,
                gff: 0, g1f: 0)
        }
        gather()
    }

    /// One level. `rest` is 1 - g.
    @inline(__always)
    private mutating func add(
        _ w: Double, _ y: Double, _ values: InlineArray<5, Double>, s: Double, g: Double, rest: Double, g1: Double,
        g2: Double, gf: Double, gff: Double, g1f: Double
    ) {
        let b = values[0], height = values[2] - values[1]
        let mean = g < 0.5 ? values[1] + height * g : values[2] - height * rest
        let residual = y - mean
        let first: InlineArray<5, Double> = [height * g1 * s, rest, g, -height * b * g1, height * gf]
        // At dose 0 neither slope nor location matters: g1 is 0 there. The lower triangle, row by row.
        let second: InlineArray<15, Double> = [
            height * g2 * s * s, -g1 * s, 0, g1 * s, 0, 0, -height * (g1 + b * s * g2), b * g1, -b * g1, height * b * b * g2,
            height * g1f * s, -gf, gf, -height * b * g1f, height * gff,
        ]
        let weighted = w * residual
        var cell = 0
        for i in 0..<5 {
            half[i] -= weighted * first[i]
            for j in 0...i {
                let product = w * first[i] * first[j]
                jacobian[cell] += product
                hessian[cell] += product - weighted * second[cell]
                cell += 1
            }
        }
    }

    /// The rows of the parameters that are free.
    private mutating func gather() {
        for i in 0..<5 where rows[i] >= 0 {
            gradient[rows[i]] = half[i]
            for j in 0...i where rows[j] >= 0 {
                let cell = i * (i + 1) / 2 + j, (r, c) = (rows[i], rows[j])
                (expected[r, c], observed[r, c]) = (jacobian[cell], hessian[cell])
                (expected[c, r], observed[c, r]) = (jacobian[cell], hessian[cell])
            }
        }
    }
}
