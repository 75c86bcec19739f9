/// A symmetric matrix of up to five rows, kept in place: one for each fit, and no memory asked for.
struct SmallMatrix {
    private(set) var size: Int
    private var cells: InlineArray<25, Double>

    init(_ size: Int) {
        self.size = size
        cells = InlineArray(repeating: 0)
    }

    subscript(_ i: Int, _ j: Int) -> Double {
        get { cells[i * 5 + j] }
        set { cells[i * 5 + j] = newValue }
    }

    /// The inverse; `nil` when the matrix is not positive definite beyond rounding. Rows are scaled to a diagonal of 1 first.
    func inverse() -> SmallMatrix? {
        var scale = InlineArray<5, Double>(repeating: 0)
        for i in 0..<size {
            guard self[i, i] > 0, self[i, i].isFinite else { return nil }
            scale[i] = 1 / self[i, i].squareRoot()
        }
        // The factor L of the scaled matrix, then its inverse, then L^-T L^-1.
        var lower = SmallMatrix(size)
        for j in 0..<size {
            var diagonal = 1.0
            for k in 0..<j { diagonal -= lower[j, k] * lower[j, k] }
            guard diagonal > 4e-16 else { return nil }
            lower[j, j] = diagonal.squareRoot()
            for i in (j + 1)..<max(size, j + 1) {
                var sum = self[i, j] * scale[i] * scale[j]
                for k in 0..<j { sum -= lower[i, k] * lower[j, k] }
                lower[i, j] = sum / lower[j, j]
            }
        }
        var inverse = SmallMatrix(size)
        for j in 0..<size {
            inverse[j, j] = 1 / lower[j, j]
            for i in (j + 1)..<max(size, j + 1) {
                var sum = 0.0
                for k in j..<i { sum -= lower[i, k] * inverse[k, j] }
                inverse[i, j] = sum / lower[i, i]
            }
        }
        var result = SmallMatrix(size)
        for i in 0..<size {
            for j in 0...i {
                var sum = 0.0
                for k in i..<size { sum += inverse[k, i] * inverse[k, j] }
                result[i, j] = sum * scale[i] * scale[j]
                result[j, i] = result[i, j]
            }
        }
        return result
    }

    func scaled(by factor: Double) -> SmallMatrix {
        var result = self
        for i in 0..<size { for j in 0..<size { result[i, j] *= factor } }
        return result
    }

    /// gradient' M gradient.
    func form(_ gradient: InlineArray<5, Double>) -> Double {
        var sum = 0.0
        for i in 0..<size { for j in 0..<size { sum += gradient[i] * self[i, j] * gradient[j] } }
        return sum
    }

    /// Row by row.
    var values: [Double] { (0..<size).flatMap { i in (0..<size).map { self[i, $0] } } }
}
