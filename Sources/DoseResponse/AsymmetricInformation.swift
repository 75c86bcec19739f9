/// J'WJ and half of the second derivatives of the residual sum of squares of a five-parameter curve, by tau = ln |b|, c, d,
/// q = ln e and sigma = ln |b| + ln f.
///
/// Near the broken line, where every dose is far from the bend, only the product of b and f counts: by b and f the columns of the
/// Jacobian are equal to many digits, and what tells them apart is lost. By tau the column is small, but all its digits are there:
/// with u = b (x - q), t = e^-|u|, r = 1/(1 + e^-u), L = ln g = -f ln(1 + e^u) and h = ln(1 + t) + |u| t/(1 + t),
///
///     L_tau = f h    L_tau,tau = -f h - f u^2 r (1 - r)    L_tau,sigma = f h    L_tau,q = f b u r (1 - r)
///     L_sigma = L    L_sigma,sigma = L                     L_sigma,q = f b r
///     L_q = f b r    L_qq = -f b^2 r (1 - r)
///
/// and g_i = g L_i, g_ij = g (L_i L_j + L_ij).
struct AsymmetricInformation {
    private(set) var expected: SmallMatrix, observed: SmallMatrix
    /// Half of the gradient by the free parameters.
    private(set) var gradient = InlineArray<5, Double>(repeating: 0)
    /// Of the level means, scaled.
    private(set) var rss = 0.0
    /// Which row belongs to tau, c, d, q, sigma; -1 for those that are fixed. Where b is fixed, sigma is ln f plus a constant.
    let rows: InlineArray<5, Int>
    private let values: InlineArray<5, Double>
    /// Of all five: half of the gradient, and lower triangles row by row.
    private var half = InlineArray<5, Double>(repeating: 0)
    private var jacobian = InlineArray<15, Double>(repeating: 0), hessian = InlineArray<15, Double>(repeating: 0)

    /// - Parameters:
    ///   - values: b, c, d (scaled as the responses are), ln e (about the middle of the doses) and f.
    ///   - rows: Which row belongs to which of them; -1 for those that are fixed.
    init(_ levels: DoseLevels, _ values: InlineArray<5, Double>, rows: InlineArray<5, Int>) {
        self.values = values
        self.rows = rows
        var size = 0
        for i in 0..<5 { size = max(size, rows[i] + 1) }
        (expected, observed) = (SmallMatrix(size), SmallMatrix(size))
        for i in 0..<levels.count { add(levels.w[i], levels.y[i], Share(values, x: levels.x[i])) }
        if levels.zeroWeight > 0 { add(levels.zeroWeight, levels.zeroMean, Share(onTop: values[0] > 0)) }
        gather()
    }

    private mutating func add(_ w: Double, _ y: Double, _ share: Share) {
        let height = values[2] - values[1]
        let mean = share.g < 0.5 ? values[1] + height * share.g : values[2] - height * share.rest
        let weighted = w * (y - mean)
        rss += weighted * (y - mean)
        let (tau, q, sigma) = (share.g * share.tau, share.g * share.q, share.g * share.sigma)
        let first: InlineArray<5, Double> = [height * tau, share.rest, share.g, height * q, height * sigma]
        let scaled = height * share.g
        // The lower triangle, row by row.
        let second: InlineArray<15, Double> = [
            scaled * (share.tau * share.tau + share.tauTau), -tau, 0, tau, 0, 0,
            scaled * (share.tau * share.q + share.tauQ), -q, q, scaled * (share.q * share.q + share.qq),
            scaled * (share.sigma * share.tau + share.tau), -sigma, sigma, scaled * (share.sigma * share.q + share.q),
            scaled * (share.sigma * share.sigma + share.sigma),
        ]
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

    /// The inverse of ``expected`` or ``observed`` by b, c, d, ln e, f: with db = b dtau and df = f (dsigma - dtau),
    ///
    ///     V_bb = b^2 V_tau,tau    V_bf = b f (V_tau,sigma - V_tau,tau)    V_ff = f^2 (V_sigma,sigma - 2 V_tau,sigma + V_tau,tau)
    ///
    /// The second derivatives follow the same rule, because at the optimum there is no gradient.
    func natural(_ inverse: SmallMatrix) -> SmallMatrix {
        var result = inverse
        let size = inverse.size, tau = rows[0], sigma = rows[4]
        // Rows first, then columns.
        for i in 0..<size {
            let byTau = tau >= 0 ? inverse[tau, i] : 0
            if tau >= 0 { result[tau, i] = values[0] * byTau }
            if sigma >= 0 { result[sigma, i] = values[4] * (inverse[sigma, i] - byTau) }
        }
        for i in 0..<size {
            let byTau = tau >= 0 ? result[i, tau] : 0
            if tau >= 0 { result[i, tau] = values[0] * byTau }
            if sigma >= 0 { result[i, sigma] = values[4] * (result[i, sigma] - byTau) }
        }
        return result
    }
}

/// The share g of d - c that is left, 1 - g with all its digits, and the derivatives of ln g.
private struct Share {
    var g: Double, rest: Double
    var tau = 0.0, q = 0.0, sigma = 0.0, tauTau = 0.0, tauQ = 0.0, qq = 0.0

    /// At dose 0, on a plateau that no shape moves.
    init(onTop: Bool) { (g, rest) = onTop ? (1, 0) : (0, 1) }

    /// - Parameter p: b, c, d, ln e, f.
    init(_ p: InlineArray<5, Double>, x: Double) {
        let b = p[0], f = p[4], u = b * (x - p[3])
        let size = Swift.abs(u), t = Elementary.exp(-size)
        let far = t / (1 + t), near = 1 / (1 + t), bend = Elementary.log1p(t)
        let rise = u > 0 ? near : far
        sigma = -f * (max(u, 0) + bend)
        g = Elementary.exp(sigma)
        rest = -Elementary.expm1(sigma)
        tau = f * (bend + size * far)
        q = f * b * rise
        tauTau = -tau - f * u * u * near * far
        tauQ = f * b * u * near * far
        qq = -f * b * b * near * far
    }
}
