/// The decoding of paths, queries and forms.
enum QueryText {
    /// - Parameter plusIsBlank: As in queries and forms, where a plus sign itself is `%2B`.
    /// - Returns: `nil` for a broken escape, and for bytes that are not UTF-8.
    static func decoded(_ text: some StringProtocol, plusIsBlank: Bool) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                    return nil
                }
                bytes.append(value)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "+") where plusIsBlank: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// - Returns: `nil` for a broken escape and for a name that is there twice.
    static func pairs(_ text: some StringProtocol) -> [String: String]? {
        var pairs: [String: String] = [:]
        for part in text.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(sides[0], plusIsBlank: true),
                let value = decoded(sides.count > 1 ? sides[1] : "", plusIsBlank: true),
                pairs.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        return pairs
    }
}
