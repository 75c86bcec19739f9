/// Two or four doses at a time, for the loops that fits spend their time in.
typealias Lanes = SIMD4<Double>

extension Elementary {
    /// e^-x of x in 0...708; beyond that the last value, which is 0 to any purpose here.
    ///
    /// Rounds by adding 1.5 * 2^52: the instruction set that everyone has knows no rounding of vectors.
    @inline(__always)
    static func expOfNegative(_ x: Lanes) -> Lanes {
        let bounded = -x.replacing(with: 708, where: x .> 708)
        let shifter = Lanes(repeating: 0x1.8p52)
        let shifted = bounded * 1.4426950408889634074 + shifter
        let k = shifted - shifter
        let r = (bounded - k * ln2High) - k * ln2Low
        let r2 = r * r
        let r4 = r2 * r2
        let a = (0.5 + r * 0.16666666666666666667) + r2 * (0.041666666666666666667 + r * 0.0083333333333333333333)
        let b =
            (0.0013888888888888888889 + r * 0.00019841269841269841270)
            + r2 * (0.000024801587301587301587 + r * 2.7557319223985890653e-6)
        let c =
            (2.7557319223985890653e-7 + r * 2.5052108385441718775e-8)
            + r2 * (2.0876756987868098979e-9 + r * 1.6059043836821614599e-10)
        let p = 1 + (r + r2 * (a + r4 * (b + r4 * c)))
        let power = (SIMD4<UInt64>(bits: shifted) &+ 1023) &<< 52
        return p * Lanes(bits: power)
    }
}

extension SIMD4<UInt64> {
    @inline(__always) init(bits: Lanes) { self = unsafeBitCast(bits, to: SIMD4<UInt64>.self) }
}

extension SIMD4<Double> {
    @inline(__always) init(bits: SIMD4<UInt64>) { self = unsafeBitCast(bits, to: Lanes.self) }
    @inline(__always) var magnitudes: Lanes { Lanes(bits: SIMD4<UInt64>(bits: self) & 0x7fff_ffff_ffff_ffff) }
    @inline(__always) var total: Double { (self[0] + self[1]) + (self[2] + self[3]) }
}
