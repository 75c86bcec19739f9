/// The mean at one dose with its first and second derivatives by b, c, d, ln e and f.
struct MeanDerivatives {
    var mean = 0.0
    /// By b, c, d, ln e, f.
    var first = InlineArray<5, Double>(repeating: 0)
    /// Row by row, five to a row; both halves.
    var second = InlineArray<25, Double>(repeating: 0)

    /// - Parameters:
    ///   - logDose: -infinity at dose 0, where neither slope nor location matters.
    ///   - p: b, c, d, ln e (about the same place as `logDose`) and f.
    ///   - wantsSecond: Whether the second derivatives are filled.
    init(
        _ family: DoseResponseModel.Family, logDose: Double, _ p: InlineArray<5, Double>, symmetric: Bool,
        wantsSecond: Bool = true
    ) {
        let b = p[0], height = p[2] - p[1]
        let share = Share(family, u: DoseResponseModel.exponent(logDose, b, p[3]), f: p[4], symmetric: symmetric)
        let s = logDose > -.infinity ? logDose - p[3] : 0
        let g = share.g, g1 = share.g1
        mean = g < 0.5 ? p[1] + height * g : p[2] - height * share.rest
        (first[0], first[1], first[2], first[3], first[4]) = (height * g1 * s, share.rest, g, -height * b * g1, height * share.gf)
        guard wantsSecond else { return }
        set(0, 0, height * share.g2 * s * s)
        set(1, 0, -g1 * s)
        set(2, 0, g1 * s)
        set(3, 0, -height * (g1 + b * s * share.g2))
        set(3, 1, b * g1)
        set(3, 2, -b * g1)
        set(3, 3, height * b * b * share.g2)
        set(4, 0, height * share.g1f * s)
        set(4, 1, -share.gf)
        set(4, 2, share.gf)
        set(4, 3, -height * b * share.g1f)
        set(4, 4, height * share.gff)
    }

    private mutating func set(_ i: Int, _ j: Int, _ value: Double) {
        second[i * 5 + j] = value
        second[j * 5 + i] = value
    }
}

/// The share g of d - c that is left, 1 - g with all its digits, and derivatives by the exponent u and by f.
private struct Share {
    var g = 0.0, rest = 0.0, g1 = 0.0, g2 = 0.0, gf = 0.0, gff = 0.0, g1f = 0.0

    init(_ family: DoseResponseModel.Family, u: Double, f: Double, symmetric: Bool) {
        switch family {
        case .logLogistic where symmetric:
            (g, rest) = (Elementary.falling(u), Elementary.falling(-u))
            g1 = -g * rest
            g2 = -g1 * (rest - g)
        case .logLogistic: fivePoint(u, f)
        case .weibull1, .weibull2: weibull(u, rises: family == .weibull2)
        }
    }

    private mutating func fivePoint(_ u: Double, _ f: Double) {
        // At dose 0 with b < 0 the exponent is infinite: the lower plateau, and no derivative left.
        guard u < .infinity else {
            rest = 1
            return
        }
        let softplus = Elementary.softplus(u), rise = Elementary.falling(-u)
        g = Elementary.exp(-f * softplus)
        rest = -Elementary.expm1(-f * softplus)
        g1 = -f * rise * g
        g2 = g * f * rise * (f * rise - (1 - rise))
        gf = -softplus * g
        gff = softplus * softplus * g
        g1f = g * rise * (f * softplus - 1)
    }

    private mutating func weibull(_ u: Double, rises: Bool) {
        let v = Elementary.exp(min(u, 700))
        let decay = Elementary.exp(-v), slope = v * decay, complement = -Elementary.expm1(-v)
        let curvature = v > 1e300 ? 0 : (v - 1) * slope
        (g, rest, g1, g2) = rises ? (complement, decay, slope, -curvature) : (decay, complement, -slope, curvature)
    }
}
