extension DoseLevels {
    /// The residuals of mean = a + h g, and half the derivatives of their sum of squares by the shape, with the plateaus that are
    /// free eliminated (the Schur complement of the full second derivatives).
    /// - Parameter projectsHeight: Whether h is estimated; `gg` is then the sum of squares of g about `meanG`.
    func accumulate(
        _ shape: Shape, _ model: ScaledModel, a: Double, h: Double, meanG: Double, zeroG: Double, projectsHeight: Bool,
        gg: Double
    ) -> Evaluation {
        var result = Evaluation()
        let intercept = model.linearCount == 2
        var squares = Lanes(repeating: 0)
        // By u: residual times first and second derivative; times s = x - pivot to the powers 0 to 2.
        var r1 = Lanes(repeating: 0), r1s = r1, r2 = r1, r2s = r1, r2ss = r1
        var d1 = r1, d1s = r1, d11 = r1, d11s = r1, d11ss = r1, dg = r1, dgs = r1
        let x = x, w = w, y = y, g = g, g1 = g1, g2 = g2, padded = padded
        for i in stride(from: 0, to: padded, by: 4) {
            let weight = lanes(w, i), share = lanes(g, i), s = lanes(x, i) - model.pivot
            let residual = lanes(y, i) - a - h * share
            let weighted = weight * residual
            squares += weighted * residual
            let first = lanes(g1, i), second = lanes(g2, i)
            let rFirst = weighted * first, rSecond = weighted * second
            r1 += rFirst
            r1s += rFirst * s
            r2 += rSecond
            r2s += rSecond * s
            r2ss += rSecond * s * s
            let wFirst = weight * first, wSquare = wFirst * first, wShare = wFirst * (share - meanG)
            d1 += wFirst
            d1s += wFirst * s
            d11 += wSquare
            d11s += wSquare * s
            d11ss += wSquare * s * s
            dg += wShare
            dgs += wShare * s
        }
        let zeroResidual = zeroMean - a - h * zeroG
        result.rss = squares.total + zeroWeight * zeroResidual * zeroResidual
        // Sums of W r G_theta, W G_theta and W (G - mean) G_theta for theta = b, k; u moves by s with b and by -1 with k.
        let rb = r1s.total, rk = -r1.total
        let sb = intercept ? d1s.total : 0, sk = intercept ? -d1.total : 0
        let gb = dgs.total, gk = -dg.total
        result.gradient = Lanes(-h * rb, -h * rk, 0, 0)
        let share = 1 / totalWeight
        result.bb = h * h * (d11ss.total - sb * sb * share) - h * r2ss.total
        result.bk = h * h * (-d11s.total - sb * sk * share) + h * r2s.total
        result.kk = h * h * (d11.total - sk * sk * share) - h * r2.total
        result.scale = Lanes(h * h * d11ss.total, h * h * d11.total, 0, 0)
        var gfSum = 0.0, rf = 0.0
        if model.movesF {
            (gfSum, rf) = addAsymmetry(&result, model, a: a, h: h, meanG: meanG, sb: sb, sk: sk, intercept: intercept)
        }
        if projectsHeight {
            let hb = h * gb - rb, hk = h * gk - rk, hf = h * gfSum - rf
            result.bb -= hb * hb / gg
            result.bk -= hb * hk / gg
            result.kk -= hk * hk / gg
            if model.movesF {
                result.bf -= hb * hf / gg
                result.kf -= hk * hf / gg
                result.ff -= hf * hf / gg
            }
        }
        return result
    }

    /// The rows of ln f. Dose 0 stands on a plateau, which no shape moves.
    /// - Returns: The sums of W (G - mean) G_f and of W r G_f.
    private func addAsymmetry(
        _ result: inout Evaluation, _ model: ScaledModel, a: Double, h: Double, meanG: Double, sb: Double, sk: Double,
        intercept: Bool
    ) -> (Double, Double) {
        var sf = 0.0, gfSum = 0.0, rf = 0.0, rff = 0.0, fb = 0.0, fk = 0.0, ff = 0.0, rfb = 0.0, rfk = 0.0
        for i in 0..<count {
            let s = x[i] - model.pivot, residual = w[i] * (y[i] - a - h * g[i])
            sf += w[i] * gf[i]
            gfSum += w[i] * (g[i] - meanG) * gf[i]
            rf += residual * gf[i]
            rff += residual * gff[i]
            rfb += residual * g1f[i] * s
            rfk -= residual * g1f[i]
            fb += w[i] * gf[i] * g1[i] * s
            fk -= w[i] * gf[i] * g1[i]
            ff += w[i] * gf[i] * gf[i]
        }
        if !intercept { sf = 0 }
        result.gradient[2] = -h * rf
        result.bf = h * h * (fb - sb * sf / totalWeight) - h * rfb
        result.kf = h * h * (fk - sk * sf / totalWeight) - h * rfk
        result.ff = h * h * (ff - sf * sf / totalWeight) - h * rff
        result.scale[2] = h * h * ff
        return (gfSum, rf)
    }
}
