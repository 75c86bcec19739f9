/// How names go wrong on their way through people, labels and spreadsheets.
enum NearMiss {
    /// Other ways to write a name, the name itself among them, capitals aside; at most 40.
    static func variants(of text: String) -> [String] {
        let plain = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        var forms = [plain, plain.replacing(" ", with: ""), plain.replacing(" ", with: "-"), plain.replacing(" ", with: "_")]
        forms += forms.flatMap { zeros($0) }
        forms += forms.flatMap { lookalikes($0) }
        forms += spreadsheetDamage(plain)
        var seen: Set<String> = []
        return Array(forms.filter { !$0.isEmpty && seen.insert($0).inserted }.prefix(40))
    }

    /// `O` for `0` and `l` for `1`, and back, all at once.
    private static func lookalikes(_ text: String) -> [String] {
        [("O", "0"), ("o", "0"), ("0", "O"), ("l", "1"), ("I", "1"), ("1", "I")].compactMap { from, to in
            text.contains(from) ? text.replacing(from, with: to) : nil
        }
    }

    /// `S-31` for `S-0031`, and back.
    private static func zeros(_ text: String) -> [String] {
        let digits = String(text.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
        guard !digits.isEmpty else { return [] }
        let stem = String(text.dropLast(digits.count))
        let bare = String(digits.drop { $0 == "0" })
        return (0...4).map { stem + String(repeating: "0", count: $0) + bare }
    }

    /// `2.31E+13` was `231E11` before a spreadsheet took it for a number.
    private static func spreadsheetDamage(_ text: String) -> [String] {
        let parts = text.uppercased().split(separator: "E", omittingEmptySubsequences: false)
        guard parts.count == 2, let exponent = Int(parts[1].drop { $0 == "+" }) else { return [] }
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard mantissa.count <= 2, mantissa.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return [] }
        let digits = mantissa.joined()
        let shift = mantissa.count == 2 ? mantissa[1].count : 0
        return (0...2).compactMap { more in
            let left = exponent - shift - more
            guard left >= 0 else { return nil }
            let written = digits + String(repeating: "0", count: more)
            return left < 10 ? "\(written)E0\(left)" : "\(written)E\(left)"
        }
            + (0...2).compactMap { more in
                let left = exponent - shift - more
                return left >= 0 ? digits + String(repeating: "0", count: more) + "E\(left)" : nil
            } + (exponent >= shift && exponent < 25 ? [digits + String(repeating: "0", count: exponent - shift)] : [])
    }
}
