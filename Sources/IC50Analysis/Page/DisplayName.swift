/// Names as they are shown. A name in a file may hold anything: line breaks, ten thousand characters, an order to write from
/// right to left.
enum DisplayName {
    /// On one line, without characters that reorder or hide others, and cut to so many characters.
    static func shown(_ name: String, limit: Int = 120) -> String {
        if isPlain(name, limit) { return name }
        var shown = ""
        var isSpace = true
        var marks = 0
        for scalar in name.unicodeScalars.prefix(limit * 8) {
            // A letter may carry thousands of accents, which would climb over everything above it.
            marks = scalar.value > 0x2FF && scalar.properties.generalCategory == .nonspacingMark ? marks + 1 : 0
            guard marks <= 4 else { continue }
            if scalar.properties.isWhitespace || scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
                if !isSpace { shown.unicodeScalars.append(" ") }
                isSpace = true
            } else if !reorders(scalar) {
                shown.unicodeScalars.append(scalar)
                isSpace = false
            }
        }
        if shown.last == " " { shown.removeLast() }
        guard shown.count > limit || name.unicodeScalars.count > limit * 8 else { return shown }
        return shown.prefix(limit - 1) + "…"
    }

    /// Cut to a width in drawing units, at so many units a character; wide scripts and emoji count double.
    static func fitted(_ text: String, width: Double, perCharacter: Double) -> String {
        var used = 0.0
        var fitted = ""
        for character in text {
            used += share(of: character) * perCharacter
            if used > width { return fitted + "…" }
            fitted.append(character)
        }
        return fitted
    }

    /// Most names: ASCII, one space between words, short enough.
    private static func isPlain(_ name: String, _ limit: Int) -> Bool {
        var before = UInt8(ascii: " ")
        for byte in name.utf8 {
            guard byte > 0x20 && byte < 0x7F || byte == 0x20 && before != 0x20 else { return false }
            before = byte
        }
        return name.utf8.count <= limit && (before != 0x20 || name.isEmpty)
    }

    /// Of the width of a usual letter.
    private static func share(of character: Character) -> Double {
        switch character {
        case "W", "M", "@", "%": 1.8
        case "m", "w": 1.45
        case "A"..."Z": 1.15
        default: character.unicodeScalars.first!.value >= 0x1100 ? 2 : 1
        }
    }

    /// Lines of about so many characters, broken at spaces; the last one ends in `…` where there was more.
    static func lines(_ text: String, width: Int, atMost limit: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + word.count < width {
                lines[lines.count - 1] += " " + word
            } else if lines.count == limit {
                lines[limit - 1] += " …"
                break
            } else {
                lines.append(fitted(String(word), width: Double(width), perCharacter: 1))
            }
        }
        return lines
    }

    /// Marks that set or override a direction: they would reorder what stands beside the name.
    private static func reorders(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: true
        default: false
        }
    }
}
