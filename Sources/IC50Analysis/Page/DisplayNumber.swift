import Glibc

/// Numbers as people read them. Full precision is the business of the CSV file.
enum DisplayNumber {
    /// With so many significant digits: `0.04123`, `22.92`, `1500`, `3.214 × 10⁻⁷`; a dash for what is no number.
    static func text(_ value: Double, digits: Int = 4) -> String {
        guard value.isFinite else { return "–" }
        guard value != 0 else { return "0" }
        var exponent = Int(floor(log10(value.magnitude)))
        var mantissa = scaled(value.magnitude, by: digits - 1 - exponent).rounded()
        if mantissa >= pow(10, Double(digits)) {
            exponent += 1
            mantissa = (mantissa / 10).rounded()
        }
        let sign = value < 0 ? "\u{2212}" : ""
        let figures = String(Int(mantissa))
        guard exponent >= -4, exponent < 6 else {
            let rest = figures.dropFirst()
            return sign + figures.prefix(1) + (rest.isEmpty ? "" : "." + rest) + " × " + powerOfTen(exponent)
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + figures }
        let before = exponent + 1
        if before >= figures.count { return sign + figures + String(repeating: "0", count: before - figures.count) }
        return sign + figures.prefix(before) + "." + figures.dropFirst(before)
    }

    /// Without trailing zeros: `50`, `0.3`, `12.5`. For values that someone chose, such as doses.
    static func short(_ value: Double, digits: Int = 4) -> String {
        let text = text(value, digits: digits)
        guard text.contains(".") else { return text }
        let parts = text.split(separator: " ", maxSplits: 1)
        var number = parts[0]
        while number.last == "0" { number.removeLast() }
        if number.last == "." { number.removeLast() }
        return String(number) + (parts.count > 1 ? " " + parts[1] : "")
    }

    /// With so many decimals, for the ticks of an axis.
    static func fixed(_ value: Double, decimals: Int) -> String {
        let places = min(max(decimals, 0), 15)
        let scaled = (value.magnitude * pow(10, Double(places))).rounded()
        guard scaled < 1e18 else { return text(value) }
        var figures = String(Int(scaled))
        if figures.count <= places { figures = String(repeating: "0", count: places + 1 - figures.count) + figures }
        let sign = value < 0 && scaled > 0 ? "\u{2212}" : ""
        return places == 0 ? sign + figures : sign + figures.dropLast(places) + "." + figures.suffix(places)
    }

    /// `10⁻⁷`
    static func powerOfTen(_ exponent: Int) -> String {
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        return "10" + (exponent < 0 ? "⁻" : "")
            + String(String(exponent.magnitude).map { digits[$0.wholeNumberValue ?? 0] })
    }

    /// value 10^exponent, in two steps: one power alone leaves the range of a double at both ends.
    static func scaled(_ value: Double, by exponent: Int) -> Double {
        let half = exponent / 2
        return value * pow(10, Double(half)) * pow(10, Double(exponent - half))
    }
}
