/// Numbers for people, to so many significant digits: `28.7`, `0.00123`, `1.2e-9`.
public enum SignificantDigits {
    /// - Parameter digits: 1 to 15.
    public static func text(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return value.isNaN ? "" : value > 0 ? "∞" : "-∞" }
        guard value != 0 else { return "0" }
        let size = Swift.abs(value), sign = value < 0 ? "-" : ""
        var exponent = Int((Elementary.log(size) / Elementary.ln10).rounded(.down))
        var whole = scaled(size, digits - 1 - exponent)
        // Rounding may carry into another digit, and the logarithm may be off by one at a power of ten.
        if whole >= power(digits) {
            exponent += 1
            whole = scaled(size, digits - 1 - exponent)
        } else if whole < power(digits - 1) {
            exponent -= 1
            whole = scaled(size, digits - 1 - exponent)
        }
        var figures = String(UInt64(whole))
        while figures.count < digits { figures += "0" }
        if exponent < -4 || exponent >= max(digits, 6) {
            var mantissa = String(figures.prefix(1))
            let rest = trimmed(figures.dropFirst())
            if !rest.isEmpty { mantissa += "." + rest }
            return "\(sign)\(mantissa)e\(exponent)"
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + trimmed(figures[...]) }
        let integer = figures.prefix(exponent + 1)
        let padded = integer + String(repeating: "0", count: max(0, exponent + 1 - integer.count))
        let rest = trimmed(figures.dropFirst(exponent + 1))
        return sign + padded + (rest.isEmpty ? "" : "." + rest)
    }

    /// The next number of so many digits that is not below a value: for bounds that are approached and not reached.
    static func roundedUp(_ value: Double, _ digits: Int) -> Double {
        guard value > 0, value.isFinite else { return value }
        let exponent = Int((Elementary.log(value) / Elementary.ln10).rounded(.down)) - digits + 1
        let unit = Elementary.exp(Double(exponent) * Elementary.ln10)
        guard unit > 0, unit.isFinite else { return value }
        return max(value, (value / unit).rounded(.up) * unit)
    }

    private static func trimmed(_ figures: Substring) -> String {
        var figures = figures
        while figures.last == "0" { figures.removeLast() }
        return String(figures)
    }

    private static func power(_ n: Int) -> Double { (0..<n).reduce(1.0) { result, _ in result * 10 } }

    /// size 10^n, rounded to a whole number.
    private static func scaled(_ size: Double, _ n: Int) -> Double {
        if n >= 0 { return n > 300 ? (size * power(300) * power(n - 300)).rounded() : (size * power(n)).rounded() }
        return (size / power(-n)).rounded()
    }
}
