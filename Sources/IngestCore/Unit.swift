/// A unit of measure as a UCUM code, such as `min`, `{mAU}.s` or `umol/L`.
///
/// The code is the identity: `Unit("{mAU}.s")` and a heading that says `[mAU*s]` are the same unit. What a unit
/// measures and how it converts is worked out from the code when somebody asks (``quantityDimension``,
/// ``UnitConversion``). Only the part of UCUM that laboratory instruments write is understood.
///
/// Source: The Unified Code for Units of Measure, version 2.1; annotations in braces stand for units UCUM lacks.
public struct Unit: Sendable, Hashable, CustomStringConvertible {
    /// The UCUM code, case sensitive.
    public let code: String

    /// A unit with a UCUM code, not checked here: an unknown atom shows when the unit is converted.
    public init(_ code: String) { self.code = code }

    public var description: String { code }

    public static let minute = Unit("min"), second = Unit("s"), millisecond = Unit("ms"), hour = Unit("h")
    public static let percent = Unit("%"), nanometre = Unit("nm"), microlitre = Unit("uL"), millilitre = Unit("mL")
    public static let celsius = Unit("Cel"), pH = Unit("[pH]"), counts = Unit("{counts}")
    public static let microvolt = Unit("uV"), millivolt = Unit("mV"), milliabsorbance = Unit("{mAU}")
}

/// What a unit measures: a product of powers of base dimensions.
///
/// Annotations that stand for a unit of their own (`{bp}`, `{counts}`) are dimensions of their own, so base pairs
/// never turn into counts. Absorbance (`{AU}`, `{mAU}`) is one dimension; `{OD}` another, for its path length differs.
public struct Dimension: Sendable, Hashable {
    /// Exponents by base name: `time`, `length`, `mass`, `amount`, `current`, `temperature`, or an annotation.
    /// Zero exponents are left out; an empty dictionary is a pure number.
    public let exponents: [String: Int]

    init(_ exponents: [String: Int]) { self.exponents = exponents.filter { $0.value != 0 } }

    func raised(to power: Int) -> Dimension { Dimension(exponents.mapValues { $0 * power }) }
    static func * (left: Dimension, right: Dimension) -> Dimension {
        Dimension(left.exponents.merging(right.exponents, uniquingKeysWith: +))
    }
}

/// Why two units do not convert.
public enum UnitFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// An atom or a form outside the subset understood here; the text is the part that was not understood.
    case unknown(String)
    /// The two measure different things.
    case differentDimensions(Unit, Unit)

    public var description: String {
        switch self {
        case .unknown(let code): "the unit \"\(code)\" is not known"
        case .differentDimensions(let from, let to):
            "\(from.code) and \(to.code) measure different things and do not convert"
        }
    }
}

/// How numbers in one unit become numbers in another: `value × numerator ÷ denominator + offset`, each part exact.
public struct UnitConversion: Sendable {
    /// Numerator and denominator of the factor, reduced; both are whole numbers exactly representable as `Double`
    /// whenever they are below 2^53, which every conversion between the supported units meets.
    let factor: Rational
    let offset: Rational

    /// - Throws: ``UnitFault`` when a unit is not known or the dimensions differ.
    public init(from source: Unit, to target: Unit) throws {
        let from = try UnitMeaning(source)
        let to = try UnitMeaning(target)
        guard from.dimension == to.dimension else { throw UnitFault.differentDimensions(source, target) }
        guard let factor = from.factor / to.factor, let offset = from.offset.minus(to.offset)?.over(to.factor) else {
            throw UnitFault.unknown("\(source.code) to \(target.code)")
        }
        self.factor = factor
        self.offset = offset
    }

    /// The converted value, rounded once. A value of up to 15 digits is taken as the decimal it was written as, so that
    /// 4.871 min are 292.26 s and not 292.26000000000005.
    public func callAsFunction(_ value: Double) -> Double {
        offset.isZero ? factor.scale(value) : factor.scale(value, plus: offset)
    }
}

extension Unit {
    /// What this unit measures.
    /// - Throws: ``UnitFault/unknown(_:)``.
    public func quantityDimension() throws -> Dimension { try UnitMeaning(self).dimension }
}

/// An exact fraction of 128-bit whole numbers.
struct Rational: Sendable, Hashable {
    let numerator: Int128
    let denominator: Int128

    static let one = Rational(1, 1)
    static let zero = Rational(0, 1)
    var isZero: Bool { numerator == 0 }

    init(_ numerator: Int128, _ denominator: Int128) {
        let divisor = Rational.greatestCommonDivisor(numerator.magnitude, denominator.magnitude)
        self.numerator = numerator / Int128(divisor)
        self.denominator = denominator / Int128(divisor)
    }

    static func / (left: Rational, right: Rational) -> Rational? { left.over(right) }

    func over(_ other: Rational) -> Rational? { times(Rational(other.denominator, other.numerator)) }

    func times(_ other: Rational) -> Rational? {
        let (top, overTop) = numerator.multipliedReportingOverflow(by: other.numerator)
        let (bottom, overBottom) = denominator.multipliedReportingOverflow(by: other.denominator)
        return overTop || overBottom ? nil : Rational(top, bottom)
    }

    func minus(_ other: Rational) -> Rational? {
        let (left, a) = numerator.multipliedReportingOverflow(by: other.denominator)
        let (right, b) = other.numerator.multipliedReportingOverflow(by: denominator)
        let (bottom, c) = denominator.multipliedReportingOverflow(by: other.denominator)
        return a || b || c ? nil : Rational(left - right, bottom)
    }

    func raised(to power: Int) -> Rational? {
        var result: Rational? = .one
        for _ in 0..<abs(power) { result = result?.times(self) }
        return power < 0 ? result.flatMap { Rational.one.over($0) } : result
    }

    /// `value × self` with the product and the divisor kept in two doubles each, so that only the end is rounded.
    func scale(_ value: Double) -> Double {
        let (digits, power) = Rational.decimal(value)
        let top = Double(numerator), bottom = Double(denominator) * power
        let bottomError = (-bottom).addingProduct(Double(denominator), power)
        let product = digits * top
        guard bottom != 1, product.isFinite else { return product }
        let productError = (-product).addingProduct(digits, top)
        let quotient = product / bottom
        let remainder = product.addingProduct(-quotient, bottom) + (productError - quotient * bottomError)
        return quotient + remainder / bottom
    }

    /// `value × self + offset`, rounded once for a value that is a decimal: 298.1 K are 24.95 degrees Celsius.
    func scale(_ value: Double, plus offset: Rational) -> Double {
        let (digits, power) = Rational.decimal(value)
        guard digits.magnitude < 1e15, let whole = Int128(exactly: digits),
            let scaled = Rational(whole, Int128(power)).times(self),
            let sum = scaled.minus(Rational(-offset.numerator, offset.denominator))
        else { return scale(value) + offset.scale(1) }
        return Rational.quotient(sum.numerator, sum.denominator)
    }

    /// The nearest double to `top ÷ bottom`, both kept in two doubles each.
    private static func quotient(_ top: Int128, _ bottom: Int128) -> Double {
        let (high, divisor) = (Double(top), Double(bottom))
        let low = Double(top - Int128(high))
        let divisorLow = Double(bottom - Int128(divisor))
        let quotient = high / divisor
        let remainder = high.addingProduct(-quotient, divisor) + (low - quotient * divisorLow)
        return quotient + remainder / divisor
    }

    /// The decimal `digits ÷ power` of up to 15 digits that reads as `value`; there is at most one. A value that is none,
    /// such as the result of a calculation, is its own digits.
    private static func decimal(_ value: Double) -> (digits: Double, power: Double) {
        for power in powersOfTen {
            let digits = (value * power).rounded()
            guard digits.magnitude < 1e15 else { break }
            if digits / power == value { return (digits, power) }
        }
        return (value, 1)
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    private static func greatestCommonDivisor(_ a: UInt128, _ b: UInt128) -> UInt128 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a == 0 ? 1 : a
    }
}
