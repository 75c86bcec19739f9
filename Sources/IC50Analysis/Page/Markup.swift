/// Markup being written, as bytes: a page of 1,536 plots is four million of them.
struct Markup {
    private(set) var bytes: [UInt8] = []

    /// Markup itself; nothing is escaped.
    mutating func raw(_ markup: String) { bytes.append(contentsOf: markup.utf8) }

    mutating func append(_ other: Markup) { bytes.append(contentsOf: other.bytes) }

    /// Text for an element or a quoted attribute, in HTML and XML alike. Characters that XML 1.0 does not know become U+FFFD.
    mutating func text(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": raw("&amp;")
            case "<": raw("&lt;")
            case ">": raw("&gt;")
            case "\"": raw("&quot;")
            case "'": raw("&#39;")
            case "\t", "\n", "\r", " "..."\u{7E}": bytes.append(UInt8(scalar.value))
            case "\0"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": raw("\u{FFFD}")
            default: bytes.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
    }

    /// A JSON string that is safe inside `<script>`: no `<`, no control character.
    mutating func json(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(UInt8(scalar.value))
            case "<", ">", "&", "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FFFE}", "\u{FFFF}":
                let digits = String(scalar.value, radix: 16)
                raw("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: bytes.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// The shortest decimal that reads back as the same number; `null` where there is none.
    mutating func json(_ number: Double?) {
        guard let number, number.isFinite else { return raw("null") }
        if number.magnitude < 1e15, let whole = Int(exactly: number) { return self.whole(whole) }
        raw(number.description)
    }

    mutating func whole(_ number: Int) { raw(String(number)) }

    /// A length in a drawing, with up to two decimals. A number that is none is drawn at 0, never written.
    mutating func length(_ value: Double) {
        hundredths(value.isFinite && value.magnitude < 1e9 ? Int((value * 100).rounded()) : 0)
    }

    /// `1234` as `12.34`, `50` as `.5`, `-1200` as `-12`.
    mutating func hundredths(_ number: Int) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, rest) = number.magnitude.quotientAndRemainder(dividingBy: 100)
        if whole > 0 || rest == 0 { raw(String(whole)) }
        guard rest > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        bytes.append(UInt8(ascii: "0") + UInt8(rest / 10))
        if rest % 10 > 0 { bytes.append(UInt8(ascii: "0") + UInt8(rest % 10)) }
    }

    mutating func attribute(_ name: String, _ value: Double) {
        raw(" \(name)=\"")
        length(value)
        raw("\"")
    }

    var string: String { String(decoding: bytes, as: UTF8.self) }
}
