import IngestCore

/// How single cells break, whatever file they stand in.
enum BrokenWords {
    /// A cell nobody can read any more: one character of it, or all of it. Never a number.
    static func garbled(_ cell: [UInt8], _ chance: inout SeededGenerator) -> [UInt8]? {
        let whole = ["####", "#REF!", "?", "\u{FFFD}\u{FFFD}"]
        guard !cell.isEmpty else { return nil }
        if Int.random(in: 0..<5, using: &chance) == 0 { return chance.one(of: whole).map { Array($0.utf8) } }
        let isNumber = SampleText.isNumber(cell[...])
        guard let mark = chance.one(of: isNumber ? ["x", "#", "?", "O", "\u{FFFD}", "_"] : ["#", "?", "\u{FFFD}"]) else {
            return nil
        }
        // Between characters, not within one.
        let places = cell.indices.filter { cell[$0] & 0xC0 != 0x80 && cell[$0] > 32 && cell[$0] != 34 }
        guard let place = chance.one(of: places) else { return nil }
        var end = place + 1
        while end < cell.count, cell[end] & 0xC0 == 0x80 { end += 1 }
        let isInserted = Bool.random(using: &chance)
        return Array(cell[..<(isInserted ? end : place)]) + Array(mark.utf8) + Array(cell[end...])
    }

    /// A number with the other decimal mark; `nil` for one without a mark.
    static func withOtherMark(_ cell: [UInt8]) -> [UInt8]? {
        guard SampleText.isNumber(cell[...]), let place = cell.firstIndex(where: { ".,".utf8.contains($0) }) else { return nil }
        var cell = cell
        cell[place] = cell[place] == UInt8(ascii: ".") ? UInt8(ascii: ",") : UInt8(ascii: ".")
        return cell
    }

    /// A number as no instrument measures it.
    static func impossible(_ cell: [UInt8], _ chance: inout SeededGenerator) -> [UInt8]? {
        guard SampleText.isNumber(cell[...]) else { return nil }
        let number = String(decoding: SampleText.trimmed(cell[...]), as: UTF8.self)
        return chance.one(of: ["-" + number, number + "e99", "NaN", "Infinity", "1.#INF", "99999999999", "1e400"]).map {
            Array($0.utf8)
        }
    }

    /// A heading under another name: misspelt, numbered, in another language, or empty.
    static func renamed(_ heading: [UInt8], _ chance: inout SeededGenerator) -> [UInt8]? {
        let inner = Array(SampleText.trimmed(heading[...]))
        guard inner.contains(where: { $0 | 32 >= 97 && $0 | 32 <= 122 }), inner.count > 1 else { return nil }
        var name = inner
        switch Int.random(in: 0..<5, using: &chance) {
        case 0: name.remove(at: Int.random(in: 0..<name.count, using: &chance))
        case 1: name += Array(" 2".utf8)
        case 2: name = Array("Kolumne".utf8)
        case 3: name = Array("X".utf8) + name
        default: name.swapAt(0, 1)
        }
        guard let string = String(validating: name, as: UTF8.self), !string.isEmpty, name != inner else { return nil }
        return heading.first == 34 ? [34] + name + [34] : name
    }

    /// A unit that is not the one it was, where a text has one in brackets or is one.
    static func withOtherUnit(_ cell: [UInt8], _ chance: inout SeededGenerator) -> [UInt8]? {
        let others = [
            "min": ["s", "h"], "s": ["min"], "mAU*s": ["mAU*min"], "mAU*min": ["mAU*s"], "mAU": ["AU", "mV"], "%": ["ppm"],
            "pA": ["nA"], "pA*s": ["pA*min"], "uL": ["mL"], "µl": ["ml"], "µL": ["mL"], "ul": ["ml"], "ml": ["l", "µl"],
            "mL": ["L"], "mV": ["V"], "uV": ["mV"], "nm": ["µm"], "uM": ["nM"], "µM": ["nM"], "nM": ["µM"],
            "ng/ul": ["ug/ml"], "ng/ml": ["ug/ml"], "mg/L": ["g/L"], "C": ["K"], "°C": ["K"], "bar": ["MPa"], "nl": ["ul"],
        ]
        let text = String(decoding: cell, as: UTF8.self)
        for (open, close) in [("[", "]"), ("(", ")")] {
            guard let start = text.firstIndex(of: Character(open)),
                let end = text[start...].firstIndex(of: Character(close)), text.index(after: start) < end
            else { continue }
            let unit = String(text[text.index(after: start)..<end])
            guard unit.count < 12, let other = chance.one(of: (others[unit] ?? []) + ["qq"]) else { continue }
            return Array((text[...start] + other + text[end...]).utf8)
        }
        let word = text.trimmed
        guard let other = others[word].flatMap({ chance.one(of: $0) }), let range = text.firstRange(of: word) else { return nil }
        return Array((text[..<range.lowerBound] + other + text[range.upperBound...]).utf8)
    }

    /// Where a text has dates of three numbers, and what they are with the first two swapped.
    static func withOtherDates(_ text: [UInt8]) -> [UInt8]? {
        var text = text
        var changed = false
        var place = 0
        while place < text.count {
            guard text[place] &- 48 < 10, place == 0 || !(text[place - 1] &- 48 < 10 || ".:".utf8.contains(text[place - 1]))
            else {
                place += 1
                continue
            }
            guard let date = date(text, place) else {
                while place < text.count, text[place] &- 48 < 10 { place += 1 }
                continue
            }
            let swapped = text[date.second] + text[date.first.upperBound..<date.second.lowerBound] + text[date.first]
            if text[date.first] != text[date.second] {
                text.replaceSubrange(date.first.lowerBound..<date.second.upperBound, with: swapped)
                changed = true
            }
            place = date.end
        }
        return changed ? text : nil
    }

    /// `3/10/2022` or `03.10.22` at a place: where its first two numbers are, and where it ends.
    private static func date(_ text: [UInt8], _ start: Int) -> (first: Range<Int>, second: Range<Int>, end: Int)? {
        func digits(_ place: Int) -> Range<Int> {
            var end = place
            while end < text.count, text[end] &- 48 < 10 { end += 1 }
            return place..<end
        }
        let first = digits(start)
        guard (1...2).contains(first.count), first.upperBound < text.count, "/.-".utf8.contains(text[first.upperBound]) else {
            return nil
        }
        let second = digits(first.upperBound + 1)
        guard (1...2).contains(second.count), second.upperBound < text.count, text[second.upperBound] == text[first.upperBound]
        else { return nil }
        let third = digits(second.upperBound + 1)
        guard third.count == 2 || third.count == 4 else { return nil }
        return (first, second, third.upperBound)
    }
}
