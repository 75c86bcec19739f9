/// The Newton step with the sizes of the curvatures in place of the curvatures (Dauphin et al. 2014): downhill from a saddle too.
enum SaddleFreeStep {
    /// - Returns: `nil` where nothing changes with any parameter that moves.
    static func solve(_ e: Evaluation, _ model: ScaledModel) -> Lanes? {
        let scale = [e.scale[0], e.scale[1], e.scale[2]].enumerated().map { index, value in
            [model.movesB, model.movesQ, model.movesF][index] && value > 0 ? value.squareRoot() : 0
        }
        guard scale.contains(where: { $0 > 0 }) else { return nil }
        let raw = [[e.bb, e.bk, e.bf], [e.bk, e.kk, e.kf], [e.bf, e.kf, e.ff]]
        var matrix = raw
        for i in 0..<3 {
            for j in 0..<3 {
                matrix[i][j] = scale[i] > 0 && scale[j] > 0 ? raw[i][j] / (scale[i] * scale[j]) : i == j ? 1 : 0
            }
        }
        var vectors: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        diagonalize(&matrix, &vectors)
        let gradient = (0..<3).map { scale[$0] > 0 ? e.gradient[$0] / scale[$0] : 0 }
        let largest = (0..<3).map { Swift.abs(matrix[$0][$0]) }.max() ?? 1
        var step: [Double] = [0, 0, 0]
        for k in 0..<3 {
            let along = (0..<3).reduce(0) { $0 + vectors[$1][k] * gradient[$1] }
            let size = max(Swift.abs(matrix[k][k]), 1e-14 * largest)
            for i in 0..<3 { step[i] -= along / size * vectors[i][k] }
        }
        return Lanes(
            scale[0] > 0 ? step[0] / scale[0] : 0, scale[1] > 0 ? step[1] / scale[1] : 0,
            scale[2] > 0 ? step[2] / scale[2] : 0, 0)
    }

    /// Jacobi's rotations: eigenvalues on the diagonal, eigenvectors in the columns.
    private static func diagonalize(_ a: inout [[Double]], _ v: inout [[Double]]) {
        for _ in 0..<12 {
            for (p, q) in [(0, 1), (0, 2), (1, 2)] where Swift.abs(a[p][q]) > 1e-300 {
                let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                let t = (theta >= 0 ? 1.0 : -1) / (Swift.abs(theta) + (theta * theta + 1).squareRoot())
                let c = 1 / (t * t + 1).squareRoot(), s = t * c
                for k in 0..<3 { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
                for k in 0..<3 { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
                for k in 0..<3 { (v[k][p], v[k][q]) = (c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q]) }
            }
        }
    }
}
