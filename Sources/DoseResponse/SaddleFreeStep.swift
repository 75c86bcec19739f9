/// The Newton step with the sizes of the curvatures in place of the curvatures (Dauphin et al. 2014): downhill from a saddle too.
enum SaddleFreeStep {
    private typealias Vector = InlineArray<3, Double>
    private typealias Matrix = InlineArray<3, Vector>

    /// - Returns: `nil` where nothing changes with any parameter that moves.
    static func solve(_ e: Evaluation, _ model: ScaledModel) -> Lanes? {
        // What does not move has scale 0, and a row of the unit matrix.
        func root(_ moves: Bool, _ square: Double) -> Double { moves && square > 0 ? square.squareRoot() : 0 }
        let scale: Vector = [root(model.movesB, e.scale[0]), root(model.movesQ, e.scale[1]), root(model.movesF, e.scale[2])]
        guard scale[0] > 0 || scale[1] > 0 || scale[2] > 0 else { return nil }
        let inverse: Vector = [scale[0] > 0 ? 1 / scale[0] : 0, scale[1] > 0 ? 1 / scale[1] : 0, scale[2] > 0 ? 1 / scale[2] : 0]
        let bk = e.bk * inverse[0] * inverse[1], bf = e.bf * inverse[0] * inverse[2], kf = e.kf * inverse[1] * inverse[2]
        func diagonal(_ value: Double, _ i: Int) -> Double { scale[i] > 0 ? value * inverse[i] * inverse[i] : 1 }
        var matrix: Matrix = [[diagonal(e.bb, 0), bk, bf], [bk, diagonal(e.kk, 1), kf], [bf, kf, diagonal(e.ff, 2)]]
        var vectors: Matrix = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        diagonalize(&matrix, &vectors, upTo: model.movesF ? 3 : 2)
        let largest = max(Swift.abs(matrix[0][0]), Swift.abs(matrix[1][1]), Swift.abs(matrix[2][2]))
        var step: Vector = [0, 0, 0]
        for k in 0..<3 {
            var along = 0.0
            for i in 0..<3 { along += vectors[i][k] * e.gradient[i] * inverse[i] }
            let size = max(Swift.abs(matrix[k][k]), 1e-14 * largest)
            for i in 0..<3 { step[i] -= along / size * vectors[i][k] }
        }
        return Lanes(step[0] * inverse[0], step[1] * inverse[1], step[2] * inverse[2], 0)
    }

    /// Jacobi's rotations: eigenvalues on the diagonal, eigenvectors in the columns.
    private static func diagonalize(_ a: inout Matrix, _ v: inout Matrix, upTo size: Int) {
        for _ in 0..<12 {
            var isDone = true
            for q in 1..<size {
                for p in 0..<q where Swift.abs(a[p][q]) > 1e-17 * (Swift.abs(a[p][p]) + Swift.abs(a[q][q])) + 1e-300 {
                    isDone = false
                    rotate(&a, &v, p, q)
                }
            }
            if isDone { return }
        }
    }

    private static func rotate(_ a: inout Matrix, _ v: inout Matrix, _ p: Int, _ q: Int) {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let t = (theta >= 0 ? 1.0 : -1) / (Swift.abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot(), s = t * c
        for k in 0..<3 { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
        for k in 0..<3 { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
        for k in 0..<3 { (v[k][p], v[k][q]) = (c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q]) }
        (a[p][q], a[q][p]) = (0, 0)
    }
}
