import IngestCore
import TabularText

/// A factor that a file states as a decimal, such as `0.001` or `0.980665`: by it, points become what they stand for.
///
/// The product of two short decimals is rounded once: `213.9` times `0.001` is the double nearest to 0.2139, and not
/// the product of two doubles, which is often the one beside it.
struct DecimalFactor {
    /// The factor is `digits / 10^decimals`.
    private let digits: Double
    private let decimals: Int
    private let isOne: Bool

    /// - Parameter mark: The decimal mark of the file.
    /// - Returns: `nil` for a text that is no plain decimal above zero.
    init?(_ written: String, mark: DecimalMark?) {
        var copy = written.trimmed
        let parts = copy.withUTF8 { DecimalFactor.parts($0, mark) }
        guard let parts, parts.digits > 0, !parts.isNegative else { return nil }
        digits = parts.digits
        decimals = parts.decimals
        isOne = digits == DecimalFactor.powers[decimals]
    }

    /// `text` times the factor; `value` is the double of the text.
    @inline(__always)
    func callAsFunction(_ text: UnsafeBufferPointer<UInt8>, _ value: Double, mark: DecimalMark?) -> Double {
        if isOne { return value }
        if let parts = DecimalFactor.parts(text, mark), parts.decimals + decimals < DecimalFactor.powers.count {
            let product = parts.digits * digits
            if product < 0x1p53 {
                let result = product / DecimalFactor.powers[parts.decimals + decimals]
                return parts.isNegative ? -result : result
            }
        }
        return scaled(value)
    }

    /// For exponents and long numbers: the product is kept in two doubles until the end.
    @inline(never)
    private func scaled(_ value: Double) -> Double {
        let bottom = DecimalFactor.powers[decimals]
        let product = value * digits
        let rest = (-product).addingProduct(value, digits)
        let quotient = product / bottom
        return quotient + (product.addingProduct(-quotient, bottom) + rest) / bottom
    }

    /// A decimal of at most 15 digits as a whole number and how many of its digits are decimals.
    @inline(__always)
    private static func parts(
        _ text: UnsafeBufferPointer<UInt8>, _ mark: DecimalMark?
    ) -> (digits: Double, decimals: Int, isNegative: Bool)? {
        let point = mark == .comma ? UInt8(ascii: ",") : UInt8(ascii: ".")
        var index = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { index = 1 }
        guard text.count > index, text.count - index <= 16 else { return nil }
        var digits: UInt64 = 0
        var count = 0
        var decimals = -1
        while index < text.count {
            let byte = text[index]
            if byte &- 48 < 10 {
                digits = digits &* 10 &+ UInt64(byte &- 48)
                count += 1
                if decimals >= 0 { decimals += 1 }
            } else if byte == point, decimals < 0, count > 0 {
                decimals = 0
            } else {
                return nil
            }
            index += 1
        }
        // Without a digit behind its mark, a text is no number here either: `5.` may be cut.
        guard (1...15).contains(count), decimals != 0 else { return nil }
        return (Double(digits), max(0, decimals), isNegative)
    }

    /// The powers of ten that a double holds exactly.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
