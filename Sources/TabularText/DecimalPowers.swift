/// Powers of ten and five for turning decimal text into doubles.
enum DecimalPowers {
    /// 10^n for n in 0…22, exact as a double.
    @inline(__always)
    static func exact(_ power: Int) -> Double { table.withUnsafeBufferPointer { $0[power] } }

    /// 10^n for n in 0…8.
    @inline(__always)
    static func whole(_ power: Int) -> UInt64 { wholes.withUnsafeBufferPointer { $0[power] } }

    private static let wholes: [UInt64] = [1, 10, 100, 1000, 10000, 100_000, 1_000_000, 10_000_000, 100_000_000]

    private static let table: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
        1e21, 1e22,
    ]

    private static let smallest = -342
    private static let largest = 308

    /// The double nearest to `digits × 10^power`, `nil` where 128 bits do not decide (Lemire 2021, section 5).
    static func nearest(_ digits: UInt64, _ power: Int) -> Double? {
        guard digits != 0, power >= smallest else { return 0 }
        guard power <= largest else { return .infinity }
        let zeros = digits.leadingZeroBitCount
        let shifted = digits << UInt64(zeros)
        let (fiveHigh, fiveLow) = fives[power - smallest]
        var (high, low) = shifted.multipliedFullWidth(by: fiveHigh)
        if high & 0x1FF == 0x1FF {
            let second = shifted.multipliedFullWidth(by: fiveLow)
            let (sum, carry) = low.addingReportingOverflow(second.high)
            low = sum
            if carry { high += 1 }
        }
        if low == .max, power < -27 || power > 55 { return nil }

        let upper = Int(high >> 63)
        var mantissa = high >> UInt64(upper + 64 - 52 - 3)
        // floor(power × log2(10)) + 63, in fixed point.
        var exponent = ((152_170 + 65_536) * power) >> 16
        exponent += 63 + upper - zeros + 1023
        if exponent <= 0 {
            // Subnormal.
            guard -exponent + 1 < 64 else { return 0 }
            mantissa >>= UInt64(-exponent + 1)
            mantissa += mantissa & 1
            mantissa >>= 1
            return Double(bitPattern: mantissa)
        }
        // Half-way cases exist only for powers that 64 bits hold exactly.
        if low <= 1, power >= -4, power <= 23, mantissa & 3 == 1,
            mantissa << UInt64(upper + 64 - 52 - 3) == high
        {
            mantissa &= ~1
        }
        mantissa += mantissa & 1
        mantissa >>= 1
        if mantissa >= 2 << 52 {
            mantissa = 1 << 52
            exponent += 1
        }
        mantissa &= ~(1 << 52)
        guard exponent < 0x7FF else { return .infinity }
        return Double(bitPattern: mantissa | UInt64(exponent) << 52)
    }

    /// The leading 128 bits of 5^q for q in -342…308: truncated for q ≥ 0, rounded up for q < 0, as the proof asks.
    /// Worked out once, on the first number that needs it, in well under a millisecond.
    private static let fives: [(high: UInt64, low: UInt64)] = {
        var table = [(high: UInt64, low: UInt64)](repeating: (0, 0), count: largest - smallest + 1)
        var power = Whole([1])
        for q in 0...largest {
            table[q - smallest] = power.leading128(roundUp: false)
            power.multiply(by: 5)
        }
        // 2^b ÷ 5^n by repeated exact division: floor(floor(x / 5) / 5) is floor(x / 25).
        var reciprocal = Whole([1])
        reciprocal.shiftLeft(words: 36)
        for n in 1 ... -smallest {
            reciprocal.divide(by: 5)
            table[-n - smallest] = reciprocal.leading128(roundUp: true)
        }
        return table
    }()
}

/// A whole number of any length, lowest word first.
private struct Whole {
    private var words: [UInt32]

    init(_ words: [UInt32]) { self.words = words }

    mutating func shiftLeft(words count: Int) { words.insert(contentsOf: repeatElement(0, count: count), at: 0) }

    mutating func multiply(by factor: UInt32) {
        var carry: UInt64 = 0
        for index in words.indices {
            let product = UInt64(words[index]) * UInt64(factor) + carry
            words[index] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if carry > 0 { words.append(UInt32(carry)) }
    }

    mutating func divide(by divisor: UInt32) {
        var rest: UInt64 = 0
        for index in words.indices.reversed() {
            let part = rest << 32 | UInt64(words[index])
            words[index] = UInt32(part / UInt64(divisor))
            rest = part % UInt64(divisor)
        }
        while words.last == 0 { words.removeLast() }
    }

    /// The 128 bits from the highest set bit on.
    func leading128(roundUp: Bool) -> (high: UInt64, low: UInt64) {
        var bits: UInt128 = 0
        var taken = 0
        for word in words.reversed() {
            guard taken < 128 else { break }
            let width = taken == 0 ? 32 - word.leadingZeroBitCount : 32
            let room = min(width, 128 - taken)
            let part = word >> UInt32(width - room) & (room == 32 ? .max : (1 << UInt32(room)) - 1)
            bits = bits << UInt128(room) | UInt128(part)
            taken += room
        }
        if taken < 128 { bits <<= UInt128(128 - taken) }
        if roundUp { bits += 1 }
        return (UInt64(truncatingIfNeeded: bits >> 64), UInt64(truncatingIfNeeded: bits))
    }
}
