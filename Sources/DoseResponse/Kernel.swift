/// The shares g of the upper plateau and their derivatives by the exponent u = b x - k, and by ln f.
extension DoseLevels {
    @inline(__always)
    func lanes(_ memory: UnsafeMutablePointer<Double>, _ i: Int) -> Lanes {
        UnsafeMutableRawPointer(memory + i).load(as: Lanes.self)
    }

    @inline(__always)
    func store(_ value: Lanes, _ memory: UnsafeMutablePointer<Double>, _ i: Int) {
        UnsafeMutableRawPointer(memory + i).storeBytes(of: value, as: Lanes.self)
    }

    /// Fills g (less 1 when raised), g1 and g2 for the doses above 0, and gf, gff, g1f where f moves.
    func fill(_ shape: Shape, _ model: ScaledModel, raised: Bool) {
        if model.isBroken { return fillBroken(shape, raised) }
        switch model.family {
        case .logLogistic where model.isSymmetric: fillLogistic(shape, raised)
        case .logLogistic: fillFivePoint(shape, raised)
        case .weibull1: fillWeibull(shape, raised, rising: false)
        case .weibull2: fillWeibull(shape, raised, rising: true)
        }
    }

    private func fillLogistic(_ shape: Shape, _ raised: Bool) {
        let zero = Lanes(repeating: 0)
        let x = x, g = g, g1 = g1, g2 = g2, padded = padded
        for i in stride(from: 0, to: padded, by: 4) {
            let u = lanes(x, i) * shape.b - shape.k
            let t = Elementary.expOfNegative(u.magnitudes)
            let high = 1 / (1 + t)
            let low = t * high
            let falls = u .> zero
            let share = high.replacing(with: low, where: falls)
            let product = low * high
            store(raised ? -(low.replacing(with: high, where: falls)) : share, g, i)
            store(-product, g1, i)
            store(product * (1 - 2 * share), g2, i)
        }
    }

    private func fillFivePoint(_ shape: Shape, _ raised: Bool) {
        let f = Elementary.exp(shape.lnF)
        for i in 0..<count {
            let u = shape.b * x[i] - shape.k
            let softplus = Elementary.softplus(u), rise = Elementary.falling(-u)
            let share = Elementary.exp(-f * softplus)
            g[i] = raised ? Elementary.expm1(-f * softplus) : share
            g1[i] = -f * rise * share
            g2[i] = share * f * rise * (f * rise - (1 - rise))
            // By ln f.
            gf[i] = -f * softplus * share
            gff[i] = gf[i] * (1 - f * softplus)
            g1f[i] = f * share * rise * (f * softplus - 1)
        }
        clearPadding()
    }

    private func fillWeibull(_ shape: Shape, _ raised: Bool, rising: Bool) {
        for i in 0..<count {
            let v = Elementary.exp(min(shape.b * x[i] - shape.k, 700))
            let decay = Elementary.exp(-v), slope = v * decay
            let curvature = v > 1e300 ? 0 : (v - 1) * slope
            let complement = -Elementary.expm1(-v)
            if rising {
                g[i] = raised ? -decay : complement
                (g1[i], g2[i]) = (slope, -curvature)
            } else {
                g[i] = raised ? -complement : decay
                (g1[i], g2[i]) = (-slope, curvature)
            }
        }
        clearPadding()
    }

    private func fillBroken(_ shape: Shape, _ raised: Bool) {
        for i in 0..<count {
            let u = shape.b * x[i] - shape.k
            let share = Elementary.exp(-max(0, u))
            g[i] = raised ? Elementary.expm1(-max(0, u)) : share
            g1[i] = u > 0 ? -share : 0
            g2[i] = u > 0 ? share : 0
        }
        clearPadding()
    }

    private func clearPadding() {
        for i in count..<padded { (g[i], g1[i], g2[i], gf[i], gff[i], g1f[i]) = (0, 0, 0, 0, 0, 0) }
    }
}
