/// Bytes under construction: a growing buffer with the few operations that writing JSON lines fast needs.
public final class LineBuffer {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    public private(set) var count = 0
    /// Decimals of the number written last; the numbers of a column mostly have as many.
    private var decimals = 0

    public init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
    public func removeAll() { count = 0 }

    @inline(__always)
    private func reserve(_ more: Int) { if count &+ more > capacity { grow(more) } }

    @inline(never)
    private func grow(_ more: Int) {
        let wider = max(capacity * 2, count + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: wider)
        moved.update(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = wider
    }

    /// A number as JSON has it.
    public func number(_ value: Double) { double(value) }

    @inline(__always)
    func raw(_ text: StaticString) {
        reserve(text.utf8CodeUnitCount)
        (base + count).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        count &+= text.utf8CodeUnitCount
    }

    @inline(__always)
    func byte(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count &+= 1
    }

    /// A JSON string with its quotes.
    func string(_ text: String) {
        var text = text
        text.withUTF8 { source in
            reserve(source.count &* 6 &+ 2)
            var out = base + count
            out.pointee = UInt8(ascii: "\"")
            out += 1
            for byte in source {
                if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                    out.pointee = byte
                    out += 1
                } else {
                    out = LineBuffer.escape(byte, to: out)
                }
            }
            out.pointee = UInt8(ascii: "\"")
            count = out + 1 - base
        }
    }

    @inline(never)
    private static func escape(_ byte: UInt8, to out: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        out[0] = UInt8(ascii: "\\")
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): out[1] = byte
        case 10: out[1] = UInt8(ascii: "n")
        case 13: out[1] = UInt8(ascii: "r")
        case 9: out[1] = UInt8(ascii: "t")
        default:
            let digits = StaticString("0123456789abcdef").utf8Start
            out[1] = UInt8(ascii: "u")
            out[2] = UInt8(ascii: "0")
            out[3] = UInt8(ascii: "0")
            out[4] = digits[Int(byte >> 4)]
            out[5] = digits[Int(byte & 15)]
            return out + 6
        }
        return out + 2
    }

    func integer(_ value: Int) {
        reserve(21)
        if value < 0 { byte(UInt8(ascii: "-")) }
        unsigned(UInt64(value.magnitude))
    }

    private func unsigned(_ value: UInt64) {
        var value = value
        var length = 1
        var power: UInt64 = 10
        while length < 20, value >= power {
            length += 1
            let (next, over) = power.multipliedReportingOverflow(by: 10)
            if over { break }
            power = next
        }
        var out = base + count + length
        count &+= length
        repeat {
            let (quotient, digit) = value.quotientAndRemainder(dividingBy: 10)
            out -= 1
            out.pointee = UInt8(truncatingIfNeeded: digit) &+ 48
            value = quotient
        } while value != 0
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
        reserve(40)
        let magnitude = value.magnitude
        if magnitude < 1e15, magnitude >= 1e-4 {
            if let digits = whole(magnitude, decimals) {
                fixed(negative: value < 0, digits, decimals)
                return
            }
            for count in 0...15 {
                if let digits = whole(magnitude, count) {
                    decimals = count
                    fixed(negative: value < 0, digits, count)
                    return
                }
            }
        }
        var text = value.description
        text.withUTF8 {
            (base + count).update(from: $0.baseAddress!, count: $0.count)
            count &+= $0.count
        }
    }

    @inline(__always)
    private func whole(_ magnitude: Double, _ decimals: Int) -> UInt64? {
        let power = LineBuffer.powers[decimals]
        let scaled = (magnitude * power).rounded()
        return scaled < 1e15 && scaled / power == magnitude ? UInt64(scaled) : nil
    }

    private func fixed(negative: Bool, _ digits: UInt64, _ decimals: Int) {
        var digits = digits
        var decimals = decimals
        while decimals > 0 {
            let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { break }
            digits = quotient
            decimals -= 1
        }
        if negative { byte(UInt8(ascii: "-")) }
        guard decimals > 0 else {
            unsigned(digits)
            return
        }
        let power = UInt64(LineBuffer.powers[decimals])
        let (front, back) = digits.quotientAndRemainder(dividingBy: power)
        unsigned(front)
        byte(UInt8(ascii: "."))
        var rest = back
        var out = base + count + decimals
        count &+= decimals
        for _ in 0..<decimals {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            out -= 1
            out.pointee = UInt8(truncatingIfNeeded: digit) &+ 48
            rest = quotient
        }
    }
}
