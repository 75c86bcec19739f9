import IngestCore

/// How exactly a number is written: what rounding to its last digit may have taken from it.
enum LastDigit {
    /// Half of the last digit: 0.005 for `3.14`.
    static func half(_ written: String) -> Double {
        var half = 0.5
        for _ in 0..<decimals(written) { half /= 10 }
        return half
    }

    /// As ``half(_:)``, of numbers whose last digit may stand for tens and more: 50 for `1.234e5`.
    static func halfOfAny(_ written: String) -> Double {
        let parts = written.trimmed.lowercased().split(separator: "e", maxSplits: 1)
        guard parts.count == 2, let exponent = Int(parts[1]), abs(exponent) < 300 else { return half(written) }
        var half = half(String(parts[0]))
        for _ in 0..<abs(exponent) { half = exponent > 0 ? half * 10 : half / 10 }
        return half
    }

    /// The digits behind the decimal mark, less the exponent.
    static func decimals(_ written: String) -> Int {
        plainDecimals(written) ?? exponentDecimals(written)
    }

    /// As most numbers are written: digits, a mark, digits; `nil` for others.
    private static func plainDecimals(_ written: String) -> Int? {
        var decimals = 0
        var isBehind = false
        for byte in written.utf8 {
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: ","): (decimals, isBehind) = (0, true)
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): if isBehind { decimals += 1 }
            default: return nil
            }
        }
        return min(30, decimals)
    }

    private static func exponentDecimals(_ written: String) -> Int {
        let parts = written.trimmed.lowercased().split(separator: "e", maxSplits: 1)
        guard let mantissa = parts.first else { return 0 }
        let mark = mantissa.lastIndex { $0 == "." || $0 == "," }
        let digits = mark.map { mantissa.distance(from: $0, to: mantissa.endIndex) - 1 } ?? 0
        let exponent = parts.count == 2 ? Int(parts[1].hasPrefix("+") ? parts[1].dropFirst() : parts[1]) ?? 0 : 0
        return min(30, max(0, digits - max(exponent, -30)))
    }
}
