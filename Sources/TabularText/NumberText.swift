public import IngestCore

/// The exact double of a decimal text, and what is wrong with a text that is none.
///
/// Every decimal is correctly rounded: short ones by one exact operation (Clinger 1990), the others by a 128-bit
/// product (Lemire 2021, "Number Parsing at a Gigabyte per Second"), the rare ones that leaves open by the standard
/// library. A text is a number as a whole or not at all; nothing is skipped but blanks at its ends.
public enum NumberText {
    public enum Reading: Sendable, Hashable {
        case number(Double, Quantity.Bound)
        case fault(Fault)
    }

    public enum Fault: Sendable, Hashable {
        case notANumber
        /// A number with the other decimal mark, or with groups of thousands.
        case otherMark
        /// A mark that could be decimal or group thousands, in a file that does not settle it.
        case openMark
        /// Beyond the range of a double.
        case overflow
    }

    /// Reads a text; `mark` is the file's decimal mark, `nil` when it is open.
    public static func read(_ text: UnsafeBufferPointer<UInt8>, mark: DecimalMark?) -> Reading {
        var text = trimmed(text)
        var bound = Quantity.Bound.exact
        if let first = text.first, first == UInt8(ascii: "<") || first == UInt8(ascii: ">") {
            bound = first == UInt8(ascii: "<") ? .below : .above
            text = trimmed(UnsafeBufferPointer(rebasing: text.dropFirst()))
        }
        guard let decimal = Decimal(text) else { return .fault(.notANumber) }
        if let used = decimal.mark {
            guard !decimal.isGrouped else { return .fault(.otherMark) }
            guard let mark else { return .fault(.openMark) }
            guard used == mark else { return .fault(.otherMark) }
        }
        guard let value = decimal.value, value.isFinite else { return .fault(.overflow) }
        return .number(value, bound)
    }

    public static func read(_ text: some StringProtocol, mark: DecimalMark?) -> Reading {
        var copy = String(text)
        return copy.withUTF8 { read($0, mark: mark) }
    }

    /// The common case, without a loop: up to eight digits before the mark and eight behind, 15 together, in a
    /// text with 16 readable bytes from its beginning. `nil` for all else, which ``read(_:mark:)`` has to look at.
    ///
    /// Eight characters become a number by three multiplications (Lemire 2018, "Quickly parsing eight digits"): the digits
    /// are moved together over the mark, and up to where they count, with zeros in front of them.
    @inline(__always)
    static func padded(_ start: UnsafePointer<UInt8>, _ length: Int, _ mark: UInt8) -> Double? {
        let isNegative = start.pointee == UInt8(ascii: "-")
        let length = isNegative ? length &- 1 : length
        let text = UnsafeRawPointer(isNegative ? start + 1 : start)
        guard length > 0, length <= 16 else { return nil }
        let word = UInt64(littleEndian: text.loadUnaligned(as: UInt64.self))
        let ones: UInt64 = 0x0101_0101_0101_0101
        let marks = word ^ (ones &* UInt64(mark))
        let front = min(((marks &- ones) & ~marks & (ones << 7)).trailingZeroBitCount >> 3, length)
        let zeros = ones &* 0x30
        guard front > 0 else { return nil }
        let whole = (word ^ zeros) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* front)
        let back = length &- front &- 1
        var digits: UInt64
        if back < 0 {
            guard let all = eightDigits(whole) else { return nil }
            let value = Double(Int64(truncatingIfNeeded: all))
            return isNegative ? -value : value
        } else if length <= 9 {
            // What stands behind the mark moves one to the front.
            let behind = UInt64(littleEndian: (text + 1).loadUnaligned(as: UInt64.self))
            let before = (1 &<< UInt64(truncatingIfNeeded: 8 &* front)) &- 1
            let together = front == 8 ? word : word & before | behind & ~before
            guard let all = eightDigits((together ^ zeros) &<< UInt64(truncatingIfNeeded: 72 &- 8 &* length)) else {
                return nil
            }
            digits = all
        } else {
            guard back <= 8, let before = eightDigits(whole) else { return nil }
            let behind = UInt64(littleEndian: (text + (front &+ 1)).loadUnaligned(as: UInt64.self))
            guard let decimals = eightDigits((behind ^ zeros) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* back)) else {
                return nil
            }
            digits = before &* DecimalPowers.whole(back) &+ decimals
        }
        guard back > 0, (text + front).loadUnaligned(as: UInt8.self) == mark else { return nil }
        // Below 10^15, and so exact until the division.
        let value = Double(Int64(truncatingIfNeeded: digits)) / DecimalPowers.exact(back)
        return isNegative ? -value : value
    }

    /// The number of eight digits, the first in the lowest byte; `nil` when one is none.
    @inline(__always)
    private static func eightDigits(_ digits: UInt64) -> UInt64? {
        guard ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080 == 0 else { return nil }
        let pairs = (digits &* 2561) >> 8 & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 6_553_601) >> 16 & 0x0000_FFFF_0000_FFFF
        return (fours &* 42_949_672_960_001) >> 32
    }

    /// The decimal mark of a cell that is a number with one; `nil` for any other text.
    static func decimalMark(of text: UnsafeBufferPointer<UInt8>) -> DecimalMark? {
        guard text.count < 40, let decimal = Decimal(trimmed(text)), !decimal.isGrouped else { return nil }
        return decimal.mark
    }

    /// Without blanks, tabs and no-break spaces at the ends.
    static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = text.count
        while start < end {
            if text[start] == 32 || text[start] == 9 {
                start += 1
            } else if text[start] == 0xC2, start + 1 < end, text[start + 1] == 0xA0 {
                start += 2
            } else {
                break
            }
        }
        while end > start {
            if text[end - 1] == 32 || text[end - 1] == 9 {
                end -= 1
            } else if text[end - 1] == 0xA0, end - 2 >= start, text[end - 2] == 0xC2 {
                end -= 2
            } else {
                break
            }
        }
        return UnsafeBufferPointer(rebasing: text[start..<end])
    }
}

/// A decimal text taken apart.
private struct Decimal {
    var negative = false
    var mark: DecimalMark?
    /// More than one mark: `1,234.5`, `1.234.567`.
    var isGrouped = false
    /// The first 19 significant digits.
    private var digits: UInt64 = 0
    private var dropped = false
    private var exponent = 0
    private let text: UnsafeBufferPointer<UInt8>

    init?(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        var index = 0
        if text.count >= 3, text[0] == 0xE2, text[1] == 0x88, text[2] == 0x92 {
            // U+2212, the typographic minus.
            negative = true
            index = 3
        } else if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            index = 1
        }
        var significant = 0
        var seen = 0
        var decimals = 0
        while index < text.count {
            let byte = text[index]
            if byte &- 48 < 10 {
                seen += 1
                if mark != nil { decimals += 1 }
                if significant > 0 || byte != 48 {
                    if significant < 19 {
                        digits = digits * 10 + UInt64(byte &- 48)
                        significant += 1
                    } else {
                        if byte != 48 { dropped = true }
                        exponent += 1
                    }
                }
            } else if byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") {
                if mark != nil { isGrouped = true }
                // A mark stands between digits, or before the first.
                guard index + 1 < text.count, text[index + 1] &- 48 < 10 else { return nil }
                mark = byte == UInt8(ascii: ".") ? .point : .comma
            } else {
                break
            }
            index += 1
        }
        guard seen > 0 else { return nil }
        exponent -= decimals
        if index < text.count {
            guard text[index] | 32 == UInt8(ascii: "e") else { return nil }
            index += 1
            var negativeExponent = false
            if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
                negativeExponent = text[index] == UInt8(ascii: "-")
                index += 1
            }
            guard index < text.count else { return nil }
            var power = 0
            while index < text.count {
                let digit = text[index] &- 48
                guard digit < 10 else { return nil }
                power = min(power * 10 + Int(digit), 100_000)
                index += 1
            }
            exponent += negativeExponent ? -power : power
        }
    }

    /// The nearest double; `nil` when it is beyond the range, or too small for any but zero.
    var value: Double? {
        if digits == 0 { return negative ? -0.0 : 0 }
        let magnitude: Double
        if !dropped, digits < 1 << 53, abs(exponent) <= 22 {
            let power = DecimalPowers.exact(abs(exponent))
            magnitude = exponent < 0 ? Double(digits) / power : Double(digits) * power
        } else if let product = DecimalPowers.nearest(digits, exponent),
            !dropped || DecimalPowers.nearest(digits + 1, exponent) == product
        {
            magnitude = product
        } else {
            magnitude = fallback
        }
        guard magnitude.isFinite, magnitude != 0 else { return nil }
        return negative ? -magnitude : magnitude
    }

    private var fallback: Double {
        var plain = String(decoding: text, as: UTF8.self).replacing(",", with: ".")
        if negative { plain = String(plain.dropFirst()) }
        return Double(plain) ?? .infinity
    }
}
