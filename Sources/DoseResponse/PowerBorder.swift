/// The border where the location runs away together with a plateau: mean = A + B x^p, or A + B ln x at p = 0.
struct PowerBorder {
    let levels: DoseLevels
    let model: ScaledModel

    /// The lowest residual sum of squares on this border, on the grid of powers and between them.
    /// - Parameter bar: What the caller compares it with; exact wherever it comes near this.
    func lowest(_ bar: Double) -> (shown: Double, refined: Double) {
        guard model.movesQ else { return (.infinity, .infinity) }
        if model.linearCount == 0 {
            let constant = constants()
            return (constant, constant)
        }
        guard model.movesB else {
            let p = Swift.abs(model.held.b)
            let lowest = min(allowed(p) ? value(p) : .infinity, allowed(-p) ? value(-p) : .infinity)
            return (lowest, lowest)
        }
        let sums = project(), base = levels.sumOfSquares(model), count = DesignTable.powers.count
        func coarse(_ i: Int) -> Double {
            i >= 0 && i < count && allowed(DesignTable.powers[i]) ? base - sums[i] * sums[i] : .infinity
        }
        var least = 0
        for i in 1..<count where coarse(i) < coarse(least) { least = i }
        // The dot product leaves few digits to a small sum of squares.
        let lowest = value(power(least))
        var best = lowest
        for i in 0..<count {
            let here = coarse(i)
            guard here.isFinite, here <= coarse(i - 1), here <= coarse(i + 1) else { continue }
            // A valley between grid points is no deeper below the lowest of them than its sides are high.
            // Over a held plateau it can be far below: small powers turn the curve while they hardly bend it.
            let side = max(coarse(i - 1), coarse(i + 1)) - here
            if here - side > bar * (1 + 1e-6) + 1e-12 * base { continue }
            best = min(best, refine(power(max(0, i - 1)), power(i), power(min(count - 1, i + 1))))
        }
        return (best, best)
    }

    /// The lowest between two thirds and one and a half of a power.
    func lowest(beside p: Double) -> Double { allowed(p) ? refine(p / 1.5, p, p * 1.5) : .infinity }

    /// Of a place in the grid.
    private func power(_ i: Int) -> Double { DesignTable.powers[i] / max(levels.span, 1e-3) }

    /// The dot products of the responses with the powers of the grid.
    private func project() -> UnsafeMutablePointer<Double> {
        let blocks = (DesignTable.gridStart + DesignTable.block - 1) / DesignTable.block
        levels.design(model.plateaus).project(levels, about: model.heldPlateau, blocks: blocks, into: levels.coarse)
        return levels.coarse
    }

    /// The lowest over powers of one sign (0 included), with the factor B of one sign too; constants are among them.
    func lowest(powers: FloatingPointSign?, factor: FloatingPointSign?) -> Double {
        let sums = project()
        var most = 0.0
        for (i, p) in DesignTable.powers.enumerated() {
            guard p == 0 || powers == nil || p.sign == powers, !(p <= 0 && levels.zeroWeight > 0) else { continue }
            if let factor, (factor == .plus) != (sums[i] > 0) { continue }
            most = max(most, sums[i] * sums[i])
        }
        return levels.sumOfSquares(model) - most
    }

    /// By which powers the family can run away: through dose 0 only upwards, and with a held slope only by that.
    private func allowed(_ p: Double) -> Bool {
        if p <= 0, levels.zeroWeight > 0 { return false }
        guard !model.movesB else { return true }
        // Rising exponents leave the plateau of the low doses, falling ones that of the high doses.
        let fallsWithDose = model.family == .weibull2 ? model.held.b < 0 : model.held.b > 0
        let running = (p > 0) == fallsWithDose ? model.bottom : model.top
        return running == nil
    }

    /// Brent's minimisation: parabolas where they close in, the golden section elsewhere.
    private func refine(_ low: Double, _ middle: Double, _ high: Double) -> Double {
        func at(_ p: Double) -> Double { allowed(p) ? value(p) : .infinity }
        var a = low, b = high, x = middle > low && middle < high ? middle : low + 0.381966 * (high - low)
        var w = x, v = x, fx = at(x)
        var fw = fx, fv = fx, step = 0.0, before = 0.0
        // Half of the digits of p give all digits of the sum of squares.
        let fine = 1e-8 * (high - low)
        for _ in 0..<60 {
            let center = 0.5 * (a + b)
            if Swift.abs(x - center) <= 2 * fine - 0.5 * (b - a) { break }
            let r = (x - w) * (fx - fv), q = (x - v) * (fx - fw)
            let numerator = (x - v) * q - (x - w) * r, denominator = 2 * (q - r)
            let jump = -numerator / denominator
            if jump.isFinite, Swift.abs(jump) < 0.5 * Swift.abs(before), x + jump > a + fine, x + jump < b - fine {
                (before, step) = (step, jump)
            } else {
                before = x < center ? b - x : a - x
                step = 0.381966 * before
            }
            let u = Swift.abs(step) >= fine ? x + step : x + (step < 0 ? -fine : fine)
            let fu = at(u)
            if fu <= fx {
                if u >= x { a = x } else { b = x }
                (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu)
            } else {
                if u < x { a = u } else { b = u }
                if fu <= fw || w == x {
                    (v, fv, w, fw) = (w, fw, u, fu)
                } else if fu <= fv || v == x || v == w {
                    (v, fv) = (u, fu)
                }
            }
        }
        return fx
    }

    /// The residual sum of squares of A + B z with z = (x^p - 1)/p, the reference dose being the one with the largest power.
    func value(_ p: Double, _ factor: FloatingPointSign? = nil) -> Double {
        let anchor = p > 0 ? levels.highest : levels.lowest
        func z(_ x: Double) -> Double { p == 0 ? x - anchor : Elementary.expm1(p * (x - anchor)) / p }
        let held = model.linearCount == 1
        if held { return heldValue(p, anchor, factor) }
        let zero = p > 0 ? -1 / p : 0, powers = levels.g, w = levels.w, y = levels.y
        var sum = levels.zeroWeight * zero
        for i in 0..<levels.count {
            powers[i] = z(levels.x[i])
            sum += w[i] * powers[i]
        }
        let mean = sum / levels.totalWeight
        var zz = levels.zeroWeight * (zero - mean) * (zero - mean), zy = levels.zeroWeight * (zero - mean) * levels.zeroMean
        for i in 0..<levels.count {
            let each = powers[i] - mean
            zz += w[i] * each * each
            zy += w[i] * each * y[i]
        }
        // B x^p = B (1 + p z): at p = 0 a rise counts as B > 0 with p > 0.
        let rises = zy > 0
        let isWrong = factor.map { $0 == .plus ? rises != (p >= 0) : rises == (p >= 0) } ?? false
        let slope = zz > 0 && !isWrong ? zy / zz : 0
        let atZero = levels.zeroMean - slope * (zero - mean)
        var rss = levels.zeroWeight * atZero * atZero
        for i in 0..<levels.count {
            let residual = y[i] - slope * (powers[i] - mean)
            rss += w[i] * residual * residual
        }
        return rss
    }

    /// One plateau is held: mean = A + B x^p.
    private func heldValue(_ p: Double, _ anchor: Double, _ factor: FloatingPointSign?) -> Double {
        let a = (model.top ?? model.bottom) ?? 0
        var zz = 0.0, zy = 0.0
        for i in 0..<levels.count {
            let z = Elementary.exp(p * (levels.x[i] - anchor))
            zz += levels.w[i] * z * z
            zy += levels.w[i] * z * (levels.y[i] - a)
        }
        let isWrong = factor.map { $0 == .plus ? zy < 0 : zy > 0 } ?? false
        let slope = isWrong ? 0 : zy / zz
        var rss = levels.zeroWeight * (levels.zeroMean - a) * (levels.zeroMean - a)
        for i in 0..<levels.count {
            let residual = levels.y[i] - a - slope * Elementary.exp(p * (levels.x[i] - anchor))
            rss += levels.w[i] * residual * residual
        }
        return rss
    }

    /// Both plateaus held: every dose on one of them.
    private func constants() -> Double {
        func rss(about value: Double) -> Double {
            var rss = levels.zeroWeight * (levels.zeroMean - value) * (levels.zeroMean - value)
            for i in 0..<levels.count { rss += levels.w[i] * (levels.y[i] - value) * (levels.y[i] - value) }
            return rss
        }
        return min(rss(about: model.bottom ?? 0), rss(about: model.top ?? 0))
    }
}
