/// The border where the location runs away together with a plateau: mean = A + B x^p, or A + B ln x at p = 0.
struct PowerBorder {
    let levels: DoseLevels
    let model: ScaledModel

    /// p times the span of ln dose.
    private static let grid: [Double] = [
        -80, -40, -22, -14, -9.5, -6.5, -4.5, -3, -2, -1.2, -0.6, 0, 0.6, 1.2, 2, 3, 4.5, 6.5, 9.5, 14, 22, 40, 80,
    ]

    /// The lowest residual sum of squares on this border, on the grid of powers and between them.
    /// - Parameter bar: What the caller compares it with; exact wherever it comes near this.
    func lowest(_ bar: Double) -> (coarse: Double, refined: Double) {
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
        let span = max(levels.span, 1e-3)
        let values = Self.grid.map { allowed($0 / span) ? value($0 / span) : .infinity }
        let coarse = values.min() ?? .infinity
        var best = coarse
        for i in values.indices where values[i].isFinite {
            let left = i > 0 ? values[i - 1] : .infinity, right = i + 1 < values.count ? values[i + 1] : .infinity
            guard values[i] <= left, values[i] <= right, mayReach(bar, left, values[i], right) else { continue }
            best = min(best, refine(Self.grid[max(0, i - 1)] / span, Self.grid[min(values.count - 1, i + 1)] / span))
        }
        return (coarse, best)
    }

    /// Whether the valley between three powers of the grid may come down to what it is compared with: by the parabola through them,
    /// with a wide margin.
    private func mayReach(_ bar: Double, _ left: Double, _ middle: Double, _ right: Double) -> Bool {
        guard left.isFinite, right.isFinite else { return middle < 10 * bar }
        let curvature = left - 2 * middle + right, slope = (right - left) / 2
        let lowest = curvature > 0 ? middle - slope * slope / (2 * curvature) : middle
        return lowest - 0.5 * (middle - lowest) < 4 * bar
    }

    /// The lowest over powers of one sign (0 included), with the factor B of one sign too; constants are among them.
    func lowest(powers: FloatingPointSign?, factor: FloatingPointSign?) -> Double {
        let span = max(levels.span, 1e-3)
        let usable = Self.grid.filter { p in
            (p == 0 || powers == nil || p.sign == powers) && !(p <= 0 && levels.zeroWeight > 0)
        }
        var best = Double.infinity
        for p in usable { best = min(best, value(p / span, factor)) }
        return best
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

    /// Golden section, then as fine as the sum of squares can tell.
    private func refine(_ low: Double, _ high: Double) -> Double {
        var a = low, b = high
        let ratio = 0.6180339887498949
        var c = b - ratio * (b - a), d = a + ratio * (b - a)
        var fc = allowed(c) ? value(c) : .infinity, fd = allowed(d) ? value(d) : .infinity
        for _ in 0..<60 {
            if fc < fd {
                (b, d, fd) = (d, c, fc)
                c = b - ratio * (b - a)
                fc = allowed(c) ? value(c) : .infinity
            } else {
                (a, c, fc) = (c, d, fd)
                d = a + ratio * (b - a)
                fd = allowed(d) ? value(d) : .infinity
            }
        }
        return min(fc, fd)
    }

    /// The residual sum of squares of A + B z with z = (x^p - 1)/p, the reference dose being the one with the largest power.
    func value(_ p: Double, _ factor: FloatingPointSign? = nil) -> Double {
        let anchor = p > 0 ? levels.highest : levels.lowest
        func z(_ x: Double) -> Double { p == 0 ? x - anchor : Elementary.expm1(p * (x - anchor)) / p }
        let held = model.linearCount == 1
        if held { return heldValue(p, anchor, factor) }
        let zero = p > 0 ? -1 / p : 0
        var sum = levels.zeroWeight * zero
        for i in 0..<levels.count { sum += levels.w[i] * z(levels.x[i]) }
        let mean = sum / levels.totalWeight
        var zz = levels.zeroWeight * (zero - mean) * (zero - mean), zy = levels.zeroWeight * (zero - mean) * levels.zeroMean
        for i in 0..<levels.count {
            let each = z(levels.x[i]) - mean
            zz += levels.w[i] * each * each
            zy += levels.w[i] * each * levels.y[i]
        }
        // B x^p = B (1 + p z): at p = 0 a rise counts as B > 0 with p > 0.
        let rises = zy > 0
        let isWrong = factor.map { $0 == .plus ? rises != (p >= 0) : rises == (p >= 0) } ?? false
        let slope = zz > 0 && !isWrong ? zy / zz : 0
        let atZero = levels.zeroMean - slope * (zero - mean)
        var rss = levels.zeroWeight * atZero * atZero
        for i in 0..<levels.count {
            let residual = levels.y[i] - slope * (z(levels.x[i]) - mean)
            rss += levels.w[i] * residual * residual
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
        [model.bottom ?? 0, model.top ?? 0].map { value in
            var rss = levels.zeroWeight * (levels.zeroMean - value) * (levels.zeroMean - value)
            for i in 0..<levels.count { rss += levels.w[i] * (levels.y[i] - value) * (levels.y[i] - value) }
            return rss
        }.min() ?? .infinity
    }
}
