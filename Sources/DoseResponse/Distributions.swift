/// Tails and quantiles of Student's t, Fisher's F and the normal distribution, with all digits in the far tails too.
public enum Distributions {
    /// P(|T| > |t|) of Student's t with `df` > 0 degrees of freedom.
    public static func tTail(_ t: Double, df: Double) -> Double {
        guard t.isFinite else { return t.isNaN ? .nan : 0 }
        let square = t * t
        return beta(df / 2, 0.5, x: df / (df + square), complement: square / (df + square))
    }

    /// P(F > f) of Fisher's F.
    public static func fTail(_ f: Double, df1: Double, df2: Double) -> Double {
        guard f > 0 else { return f.isNaN ? .nan : 1 }
        guard f.isFinite else { return 0 }
        let sum = df2 + df1 * f
        return beta(df2 / 2, df1 / 2, x: df2 / sum, complement: df1 * f / sum)
    }

    /// P(|Z| > |z|) of the standard normal distribution: the incomplete gamma function Q(1/2, z^2/2).
    public static func normalTail(_ z: Double) -> Double {
        let x = z * z / 2
        guard x < 1400 else { return 0 }
        if x < 1.5 {
            // The series of P.
            var term = 2.0, sum = 2.0, n = 0.5
            while term > sum * 1e-17 {
                n += 1
                term *= x / n
                sum += term
            }
            return 1 - sum * (x / .pi).squareRoot() * Elementary.exp(-x)
        }
        // The continued fraction of Q, from below (Lentz).
        var b = x + 0.5, c = 1e300, d = 1 / b, h = d
        for i in 1..<500 {
            let a = -Double(i) * (Double(i) - 0.5)
            b += 2
            d = 1 / (a * d + b)
            c = b + a / c
            h *= d * c
            if Swift.abs(d * c - 1) < 1e-16 { break }
        }
        return Elementary.exp(-x) * (x / .pi).squareRoot() * h
    }

    /// t with P(|T| <= t) = `confidence`.
    public static func tQuantile(confidence: Double, df: Double) -> Double {
        quantile(1 - confidence) { tTail($0, df: df) }
    }

    /// z with P(|Z| <= z) = `confidence`.
    public static func normalQuantile(confidence: Double) -> Double { quantile(1 - confidence, normalTail) }

    /// F with P(F <= f) = `confidence`.
    public static func fQuantile(confidence: Double, df1: Double, df2: Double) -> Double {
        let root = quantile(1 - confidence) { fTail($0 * $0, df1: df1, df2: df2) }
        return root * root
    }

    /// Where a falling tail has a value: bisection on a logarithmic scale, then the secant to the last digit.
    private static func quantile(_ value: Double, _ tail: (Double) -> Double) -> Double {
        guard value < 1 else { return 0 }
        guard value > 0 else { return .infinity }
        var low = -30.0, high = 30.0
        while high - low > 1e-3 {
            let middle = 0.5 * (low + high)
            if tail(Elementary.exp(middle)) > value { low = middle } else { high = middle }
        }
        var a = low, b = high
        var fa = Elementary.log(tail(Elementary.exp(a)) / value), fb = Elementary.log(tail(Elementary.exp(b)) / value)
        for _ in 0..<12 where fa != fb && a != b {
            let next = b - fb * (b - a) / (fb - fa)
            (a, fa) = (b, fb)
            b = next
            fb = Elementary.log(tail(Elementary.exp(b)) / value)
            if fb == 0 { break }
        }
        return Elementary.exp(b)
    }

    /// The regularised incomplete beta function I_x(a, b); `complement` is 1 - x with all its digits.
    static func beta(_ a: Double, _ b: Double, x: Double, complement: Double) -> Double {
        guard x > 0 else { return 0 }
        guard complement > 0 else { return 1 }
        let front = Elementary.exp(
            a * Elementary.log(x) + b * Elementary.log(complement) + logGamma(a + b) - logGamma(a) - logGamma(b))
        if x < (a + 1) / (a + b + 2) { return front * fraction(a, b, x) / a }
        return 1 - front * fraction(b, a, complement) / b
    }

    /// The continued fraction of the incomplete beta function, by Lentz's method.
    private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        var c = 1.0, d = 1 - (a + b) * x / (a + 1)
        d = 1 / (Swift.abs(d) < tiny ? tiny : d)
        var h = d
        for i in 1..<5000 {
            let m = Double(i), twice = a + 2 * m
            let even = m * (b - m) * x / ((twice - 1) * twice)
            d = 1 + even * d
            d = 1 / (Swift.abs(d) < tiny ? tiny : d)
            c = 1 + even / c
            if Swift.abs(c) < tiny { c = tiny }
            h *= d * c
            let odd = -(a + m) * (a + b + m) * x / (twice * (twice + 1))
            d = 1 + odd * d
            d = 1 / (Swift.abs(d) < tiny ? tiny : d)
            c = 1 + odd / c
            if Swift.abs(c) < tiny { c = tiny }
            h *= d * c
            if Swift.abs(d * c - 1) < 2e-16 { break }
        }
        return h
    }

    /// ln Gamma(x) for x > 0: Stirling's series beyond 15, the recurrence below.
    static func logGamma(_ x: Double) -> Double {
        var x = x, product = 1.0
        while x < 15 {
            product *= x
            x += 1
        }
        let r = 1 / (x * x)
        let series =
            (0.083333333333333333333 - r
                * (0.0027777777777777777778 - r
                    * (7.9365079365079365079e-4 - r
                        * (5.9523809523809523810e-4 - r
                            * (8.4175084175084175084e-4 - r * (1.9175269175269175269e-3 - r * 6.4102564102564102564e-3))))))
            / x
        return (x - 0.5) * Elementary.log(x) - x + 0.91893853320467274178 + series - Elementary.log(product)
    }
}
