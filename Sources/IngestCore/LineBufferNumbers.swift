/// Numbers in decimal.
extension LineBuffer {
    /// A number as JSON has it: see ``double(_:)``.
    public func number(_ value: Double) { double(value) }

    public func integer(_ value: Int) {
        reserve(64)
        if value < 0 { put(UInt8(ascii: "-")) }
        digits(UInt64(value.magnitude), decimals: 0)
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// A decimal text that reads back as `value` and is no longer than the standard library's shortest; whole numbers
    /// from 1 to 10^15 have no point, zero has one.
    ///
    /// Most measured numbers have few decimals: if `value` is the double nearest to `n / 10^k` with `n` below 10^15,
    /// that decimal is the shortest, because no two decimals of up to 15 digits share a double. Division of two exact
    /// doubles is correctly rounded, so the test is exact. The rest goes to the standard library.
    func double(_ value: Double) {
        reserve(64)
        let magnitude = value.magnitude
        if magnitude < 1e15, magnitude >= 1e-4 {
            if let whole = LineBuffer.whole(magnitude, decimals) {
                fixed(isNegative: value < 0, whole, decimals)
                return
            }
            for count in 0...15 {
                if let whole = LineBuffer.whole(magnitude, count) {
                    decimals = count
                    fixed(isNegative: value < 0, whole, count)
                    return
                }
            }
        }
        plain(value.description)
    }

    /// The whole number of so many decimals that is `magnitude`; `nil` when there is none.
    @inline(__always)
    private static func whole(_ magnitude: Double, _ decimals: Int) -> UInt64? {
        powers.withUnsafeBufferPointer { powers in
            let power = powers[decimals]
            let scaled = magnitude * power + 0.5
            guard scaled < 1e15 else { return nil }
            // Rounded by the conversion; where that went wrong, the test fails.
            let whole = Int64(scaled)
            return Double(whole) / power == magnitude ? UInt64(truncatingIfNeeded: whole) : nil
        }
    }

    @inline(__always)
    private func fixed(isNegative: Bool, _ whole: UInt64, _ decimals: Int) {
        var whole = whole
        var decimals = decimals
        while decimals > 0 {
            let (quotient, remainder) = whole.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { break }
            whole = quotient
            decimals &-= 1
        }
        if isNegative { put(UInt8(ascii: "-")) }
        digits(whole, decimals: decimals)
    }

    /// A byte for which there is room.
    @inline(__always)
    private func put(_ byte: UInt8) {
        base[count] = byte
        count &+= 1
    }

    /// The digits of a number, two at a time from the last, and a point before the last `decimals` of them. There is room
    /// for 64 bytes.
    @inline(__always)
    private func digits(_ number: UInt64, decimals: Int) {
        let end = UnsafeMutableRawPointer(base + (count &+ 40))
        var first = end
        var rest = number
        let pairs = LineBuffer.pairs.utf8Start
        while rest >= 100 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            first -= 2
            first.storeBytes(
                of: UnsafeRawPointer(pairs + Int(truncatingIfNeeded: pair &* 2)).loadUnaligned(as: UInt16.self), as: UInt16.self)
            rest = quotient
        }
        first -= 2
        first.storeBytes(
            of: UnsafeRawPointer(pairs + Int(truncatingIfNeeded: rest &* 2)).loadUnaligned(as: UInt16.self), as: UInt16.self)
        if rest < 10 { first += 1 }
        var length = end - first
        // 0.027 has more decimals than digits.
        while length <= decimals {
            first -= 1
            first.storeBytes(of: UInt8(ascii: "0"), as: UInt8.self)
            length &+= 1
        }
        let out = UnsafeMutableRawPointer(base + count)
        let front = length &- decimals
        let low = first.loadUnaligned(as: SIMD16<UInt8>.self),
            high = first.loadUnaligned(fromByteOffset: 16, as: SIMD8<UInt8>.self)
        let behind = (first + front).loadUnaligned(as: SIMD16<UInt8>.self)
        out.storeBytes(of: low, as: SIMD16<UInt8>.self)
        out.storeBytes(of: high, toByteOffset: 16, as: SIMD8<UInt8>.self)
        count &+= length
        guard decimals > 0 else { return }
        out.storeBytes(of: UInt8(ascii: "."), toByteOffset: front, as: UInt8.self)
        out.storeBytes(of: behind, toByteOffset: front &+ 1, as: SIMD16<UInt8>.self)
        count &+= 1
    }

    private static let pairs: StaticString = """
        0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
        5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """
}
