/// Exponential and logarithm: the module imports nothing, and fits spend most of their time in these two.
///
/// Errors are below 2 units in the last place over the whole range; the tests hold them against the system's library.
enum Elementary {
    static let ln2 = 0.693147180559945309417
    static let ln10 = 2.302585092994045684018
    /// ln 2 in two parts: k times the first is exact for |k| < 2^11.
    static let ln2High = 0x1.62e42fefa0000p-1
    static let ln2Low = 0x1.cf79abc9e3b3ap-40

    /// e^x; 0 below -745.2, infinity above 709.8.
    @inline(__always)
    static func exp(_ x: Double) -> Double {
        guard x < 709.782712893384 else { return x.isNaN ? x : .infinity }
        guard x > -745.2 else { return x.isNaN ? x : 0 }
        // Adding 1.5 * 2^52 rounds to a whole number.
        let k = (x * 1.4426950408889634074 + 0x1.8p52) - 0x1.8p52
        let r = (x - k * ln2High) - k * ln2Low
        let p = 1 + (r + r * r * tail(r))
        let n = Int(k)
        // Two steps, because 2^n alone leaves the range at both ends.
        let half = n >> 1
        return p * power(half) * power(n - half)
    }

    /// (e^r - 1 - r)/r^2 for |r| <= 0.35: the Taylor series, whose first term left out is below 5e-18.
    @inline(__always)
    static func tail(_ r: Double) -> Double {
        let r2 = r * r
        let r4 = r2 * r2
        let a = (0.5 + r * 0.16666666666666666667) + r2 * (0.041666666666666666667 + r * 0.0083333333333333333333)
        let b =
            (0.0013888888888888888889 + r * 0.00019841269841269841270)
            + r2 * (0.000024801587301587301587 + r * 2.7557319223985890653e-6)
        let c =
            (2.7557319223985890653e-7 + r * 2.5052108385441718775e-8)
            + r2 * (2.0876756987868098979e-9 + r * 1.6059043836821614599e-10)
        return a + r4 * (b + r4 * c)
    }

    /// 2^n for -1022 <= n <= 1023.
    @inline(__always)
    static func power(_ n: Int) -> Double { Double(bitPattern: UInt64(bitPattern: Int64(n + 1023)) << 52) }

    /// e^x - 1, without the loss of digits near 0.
    @inline(__always)
    static func expm1(_ x: Double) -> Double {
        Swift.abs(x) < 0.34 ? x + x * x * tail(x) : exp(x) - 1
    }

    /// ln x for x > 0; -infinity at 0, NaN below.
    @inline(__always)
    static func log(_ x: Double) -> Double {
        guard x > 0, x.isFinite else { return x == 0 ? -.infinity : x > 0 ? x : .nan }
        var m = x.significand
        var k = Double(x.exponent)
        if m > 1.4142135623730951 {
            m *= 0.5
            k += 1
        }
        let f = m - 1
        return k * ln2High + (nearOne(f) + k * ln2Low)
    }

    /// ln(1 + x) for x > -1, without the loss of digits near 0.
    @inline(__always)
    static func log1p(_ x: Double) -> Double {
        if x > -0.2929, x < 0.4142 { return nearOne(x) }
        let y = 1 + x
        // What the addition rounded away comes back as a first-order correction.
        return y.isFinite && y > 0 ? log(y) + ((x - (y - 1)) / y) : log(y)
    }

    /// ln(1 + f) for sqrt(1/2) - 1 <= f <= sqrt(2) - 1, by 2 artanh(f/(2 + f)).
    @inline(__always)
    static func nearOne(_ f: Double) -> Double {
        let s = f / (2 + f)
        let z = s * s
        let z2 = z * z
        let a = (0.33333333333333333333 + z * 0.2) + z2 * (0.14285714285714285714 + z * 0.11111111111111111111)
        let b =
            (0.090909090909090909091 + z * 0.076923076923076923077)
            + z2 * (0.066666666666666666667 + z * 0.058823529411764705882)
        let c =
            (0.052631578947368421053 + z * 0.047619047619047619048)
            + z2 * (0.043478260869565217391 + z * 0.04)
        let series = z * (a + z2 * z2 * (b + z2 * z2 * c))
        // f - s f + 2 s series loses nothing: 2 s = f - s f exactly in real numbers.
        return f - s * (f - 2 * series)
    }

    /// ln(1 + e^u) without overflow.
    @inline(__always)
    static func softplus(_ u: Double) -> Double { max(u, 0) + log1p(exp(-Swift.abs(u))) }

    /// 1/(1 + e^u) without overflow.
    @inline(__always)
    static func falling(_ u: Double) -> Double {
        let t = exp(-Swift.abs(u))
        return u > 0 ? t / (1 + t) : 1 / (1 + t)
    }
}
