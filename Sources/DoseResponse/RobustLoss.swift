/// What a residual costs, as a function of u = sqrt(w) (y - mean)/s.
public enum RobustLoss: Sendable, Hashable, CustomStringConvertible {
    /// |u|: the median of the responses takes the place of their mean.
    case leastAbsolute
    /// u^2/2 up to k, then k |u| - k^2/2 (Huber 1964). 1.345: 95 % efficient for normal errors.
    case huber(Double = 1.345)
    /// k^2/6 (1 - (1 - (u/k)^2)^3) up to k, then k^2/6: the biweight (Beaton and Tukey 1974). 4.685: 95 % efficient.
    case tukey(Double = 4.685)
    /// ln(1 + u^2): the residuals of a Lorentz (Cauchy) distribution.
    case lorentz

    /// `lad`, `huber`, `tukey` or `lorentz`.
    public var description: String {
        switch self {
        case .leastAbsolute: "lad"
        case .huber: "huber"
        case .tukey: "tukey"
        case .lorentz: "lorentz"
        }
    }

    func value(_ u: Double) -> Double {
        let size = Swift.abs(u)
        switch self {
        case .leastAbsolute: return size
        case .huber(let k): return size <= k ? 0.5 * u * u : k * size - 0.5 * k * k
        case .tukey(let k):
            let rest = 1 - min(1, size / k) * min(1, size / k)
            return k * k / 6 * (1 - rest * rest * rest)
        case .lorentz: return Elementary.log1p(u * u)
        }
    }

    /// First and second derivative.
    func derivatives(_ u: Double) -> (first: Double, second: Double) {
        let size = Swift.abs(u)
        switch self {
        case .leastAbsolute: return (u > 0 ? 1 : u < 0 ? -1 : 0, 0)
        case .huber(let k): return size <= k ? (u, 1) : (u < 0 ? -k : k, 0)
        case .tukey(let k):
            guard size < k else { return (0, 0) }
            let square = u / k * (u / k)
            return (u * (1 - square) * (1 - square), (1 - square) * (1 - 5 * square))
        case .lorentz:
            let rest = 1 + u * u
            return (2 * u / rest, 2 * (1 - u * u) / (rest * rest))
        }
    }

    /// The weight in iteratively reweighted least squares, 1 at u = 0; of least absolute deviations 1/|u|.
    public func weight(_ u: Double) -> Double {
        switch self {
        case .leastAbsolute: return 1 / Swift.abs(u)
        case .huber(let k): return Swift.abs(u) <= k ? 1 : k / Swift.abs(u)
        case .tukey(let k):
            let rest = 1 - u / k * (u / k)
            return Swift.abs(u) < k ? rest * rest : 0
        case .lorentz: return 1 / (1 + u * u)
        }
    }
}
