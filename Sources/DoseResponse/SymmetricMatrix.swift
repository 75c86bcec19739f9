/// A dense symmetric matrix of any size, kept row by row: the second derivatives of fits to several curves.
struct SymmetricMatrix: Sendable {
    let size: Int
    private(set) var cells: [Double]

    init(_ size: Int) {
        self.size = size
        cells = [Double](repeating: 0, count: size * size)
    }

    /// Setting one cell leaves its mirror alone: what fills the lower half calls ``mirror()`` at the end.
    subscript(_ i: Int, _ j: Int) -> Double {
        get { cells[i * size + j] }
        set { cells[i * size + j] = newValue }
    }

    /// Copies the lower half to the upper one.
    mutating func mirror() {
        for i in 0..<size { for j in 0..<i { self[j, i] = self[i, j] } }
    }

    /// The rows and columns at some places, in that order.
    func submatrix(_ places: [Int]) -> SymmetricMatrix {
        var result = SymmetricMatrix(places.count)
        for (i, p) in places.enumerated() { for (j, q) in places.enumerated() { result[i, j] = self[p, q] } }
        return result
    }

    /// Cell i, j times `factors[i]` `factors[j]`.
    func scaled(by factors: [Double]) -> SymmetricMatrix {
        var result = self
        for i in 0..<size { for j in 0..<size { result[i, j] *= factors[i] * factors[j] } }
        return result
    }

    /// gradient' M gradient.
    func form(_ gradient: [Double]) -> Double {
        var sum = 0.0
        for i in 0..<size { for j in 0..<size { sum += gradient[i] * self[i, j] * gradient[j] } }
        return sum
    }

    /// The inverse; `nil` when the matrix is not positive definite beyond rounding.
    func inverse() -> SymmetricMatrix? {
        guard let factor = CholeskyFactor(self) else { return nil }
        var result = SymmetricMatrix(size)
        var unit = [Double](repeating: 0, count: size)
        for j in 0..<size {
            unit[j] = 1
            let column = factor.solve(unit)
            unit[j] = 0
            for i in j..<size { result[i, j] = column[i] }
        }
        result.mirror()
        return result
    }
}

/// The Cholesky factor of a symmetric matrix whose rows are scaled to a diagonal of 1 first.
struct CholeskyFactor {
    private let size: Int
    private var lower: [Double]
    private var scale: [Double]

    /// - Parameters:
    ///   - damping: Added to each diagonal cell in the form of `damping` times that of `weights` (Levenberg, Marquardt).
    ///   - floor: What is left of a scaled pivot below which the matrix counts as not positive definite.
    /// - Returns: `nil` when the matrix is not positive definite beyond rounding.
    init?(_ matrix: SymmetricMatrix, damping: Double = 0, weights: [Double] = [], floor: Double = 4e-16) {
        let size = matrix.size
        self.size = size
        lower = [Double](repeating: 0, count: size * size)
        scale = [Double](repeating: 1, count: size)
        func diagonal(_ i: Int) -> Double { matrix[i, i] + (damping > 0 ? damping * weights[i] : 0) }
        for i in 0..<size {
            let value = diagonal(i)
            guard value > 0, value.isFinite else { return nil }
            scale[i] = 1 / value.squareRoot()
        }
        for i in 0..<size {
            for j in 0...i {
                var sum = i == j ? 1 : matrix[i, j] * scale[i] * scale[j]
                for k in 0..<j { sum -= lower[i * size + k] * lower[j * size + k] }
                if i == j {
                    guard sum > floor else { return nil }
                    lower[i * size + i] = sum.squareRoot()
                } else {
                    lower[i * size + j] = sum / lower[j * size + j]
                }
            }
        }
    }

    /// x with M x = right.
    func solve(_ right: [Double]) -> [Double] {
        var x = right
        for i in 0..<size {
            var sum = x[i] * scale[i]
            for k in 0..<i { sum -= lower[i * size + k] * x[k] }
            x[i] = sum / lower[i * size + i]
        }
        for i in (0..<size).reversed() {
            var sum = x[i]
            for k in (i + 1)..<max(size, i + 1) { sum -= lower[k * size + i] * x[k] }
            x[i] = sum / lower[i * size + i]
        }
        for i in 0..<size { x[i] *= scale[i] }
        return x
    }
}

/// A general square system by elimination with row pivoting: for the saddle systems that no Cholesky factor has.
enum LinearSystem {
    /// - Parameter rows: The matrix; each row as long as there are rows.
    /// - Returns: `nil` when the matrix is singular to rounding.
    static func solve(_ rows: [[Double]], _ right: [Double]) -> [Double]? {
        var a = rows, x = right
        let n = right.count
        let size = rows.joined().reduce(0) { max($0, Swift.abs($1)) }
        for k in 0..<n {
            guard let pivot = (k..<n).max(by: { Swift.abs(a[$0][k]) < Swift.abs(a[$1][k]) }),
                Swift.abs(a[pivot][k]) > 1e-15 * size
            else { return nil }
            a.swapAt(k, pivot)
            x.swapAt(k, pivot)
            for i in (k + 1)..<max(n, k + 1) where a[i][k] != 0 {
                let factor = a[i][k] / a[k][k]
                for j in k..<n { a[i][j] -= factor * a[k][j] }
                x[i] -= factor * x[k]
            }
        }
        for k in (0..<n).reversed() {
            for j in (k + 1)..<max(n, k + 1) { x[k] -= a[k][j] * x[j] }
            x[k] /= a[k][k]
        }
        return x
    }
}
