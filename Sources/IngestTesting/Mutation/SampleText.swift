import IngestCore

/// A text file taken apart into lines and cells, to be changed and put together again.
///
/// It knows as little of formats as it can, and shares no code with the readers: what they mistake, it does not mistake too.
struct SampleText: Sendable {
    struct Line: Sendable {
        /// In UTF-8.
        var text: [UInt8]
        /// `\n`, `\r\n`, `\r`, or nothing at the end of the file.
        var end: [UInt8]

        var isBlank: Bool { text.allSatisfy { $0 <= 32 } }
    }

    let encoding: TextEncoding
    let hasMark: Bool
    var lines: [Line]
    /// `nil` where blanks set cells apart, as in reports for people.
    let separator: UInt8?

    /// `nil` for bytes that are no text.
    init?(_ bytes: [UInt8]) {
        let (encoding, mark) = TextEncoding.suggested(by: Array(bytes.prefix(1 << 16)))
        guard let text = encoding.text(bytes.dropFirst(mark)), !text.contains(0) else { return nil }
        self.encoding = encoding
        hasMark = mark > 0
        lines = Self.split(text)
        separator = Self.separator(of: lines)
    }

    private static func split(_ text: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var start = 0
        var place = 0
        while place < text.count {
            guard text[place] == 10 || text[place] == 13 else {
                place += 1
                continue
            }
            let end = text[place] == 13 && place + 1 < text.count && text[place + 1] == 10 ? place + 2 : place + 1
            lines.append(Line(text: Array(text[start..<place]), end: Array(text[place..<end])))
            start = end
            place = end
        }
        if start < text.count { lines.append(Line(text: Array(text[start...]), end: [])) }
        return lines
    }

    /// The one that most lines have as often as the line before.
    private static func separator(of lines: [Line]) -> UInt8? {
        let candidates = Array("\t;,|".utf8)
        let counts = lines.prefix(2000).map { line in candidates.map { cells(line.text, $0).count - 1 } }
        let votes = candidates.indices.map { index in
            zip(counts, counts.dropFirst()).count { $0[index] > 0 && $0[index] == $1[index] }
        }
        guard let best = votes.indices.max(by: { votes[$0] < votes[$1] }), votes[best] * 5 >= max(2, counts.count) else {
            return nil
        }
        return candidates[best]
    }

    // MARK: Cells

    /// Where the cells of a line are in it, quotes and all.
    func cells(_ index: Int) -> [Range<Int>] { separator.map { Self.cells(lines[index].text, $0) } ?? words(lines[index].text) }

    private static func cells(_ text: [UInt8], _ separator: UInt8) -> [Range<Int>] {
        var cells: [Range<Int>] = []
        var start = 0
        var isQuoted = false
        for (place, byte) in text.enumerated() {
            if byte == UInt8(ascii: "\"") {
                // One within a cell is text, unless it ends what is quoted.
                if isQuoted || text[start..<place].allSatisfy({ $0 <= 32 || $0 == byte }) { isQuoted.toggle() }
            } else if byte == separator, !isQuoted {
                cells.append(start..<place)
                start = place + 1
            }
        }
        return cells + [start..<text.count]
    }

    /// What blanks and the lines of boxes set apart.
    private func words(_ text: [UInt8]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        var place = 0
        while place < text.count {
            // U+2500 to U+257F are drawn: E2 94 80 to E2 95 BF.
            let isDrawn = text[place] == 0xE2 && place + 2 < text.count && (0x94...0x95).contains(text[place + 1])
            if isDrawn || text[place] <= 32 || text[place] == UInt8(ascii: "|") {
                if let begin = start { words.append(begin..<place) }
                start = nil
            } else if start == nil {
                start = place
            }
            place += isDrawn ? 3 : 1
        }
        if let start { words.append(start..<text.count) }
        return words
    }

    func text(_ line: Int, _ cell: Range<Int>) -> String { String(decoding: lines[line].text[cell], as: UTF8.self) }

    func isNumber(_ line: Int, _ cell: Range<Int>) -> Bool { Self.isNumber(lines[line].text[cell]) }

    /// Digits with the marks and signs of numbers, and an exponent perhaps.
    static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        let bytes = trimmed(bytes)
        guard bytes.contains(where: { $0 &- 48 < 10 }), bytes.count < 40 else { return false }
        var letters = 0
        for byte in bytes where !(byte &- 48 < 10 || "+-.,".utf8.contains(byte)) {
            guard byte | 32 == UInt8(ascii: "e"), bytes.first != byte, bytes.last != byte else { return false }
            letters += 1
        }
        // More than one mark, as in a date: 1.2.2024.
        return letters <= 1 && bytes.count { ".,".utf8.contains($0) } <= 1
            && !bytes.dropFirst().contains { $0 == 45 && letters == 0 }
    }

    /// Without blanks and quotes at the ends.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first <= 32 || first == 34 { bytes.removeFirst() }
        while let last = bytes.last, last <= 32 || last == 34 { bytes.removeLast() }
        return bytes
    }

    // MARK: Tables

    /// Lines of equally many cells, with numbers in them; the first few may be headings. Other lines may stand between them,
    /// such as sums, as long as no other headings do.
    struct Table: Sendable {
        var lines: [Int]
        var columns: Int
        var headings: Int

        var first: Int { lines[0] }
    }

    func tables() -> [Table] {
        guard separator != nil else { return [] }
        var tables: [Table] = []
        var start = 0
        while start < lines.count {
            let columns = lines[start].isBlank ? 0 : cells(start).count
            var end = start + 1
            while columns > 1, end < lines.count, !lines[end].isBlank, cells(end).count == columns { end += 1 }
            if columns > 1 { add(start..<end, columns, to: &tables) }
            start = end
        }
        return tables.filter { $0.lines.count > 1 }
    }

    private func add(_ lines: Range<Int>, _ columns: Int, to tables: inout [Table]) {
        func hasNumbers(_ line: Int) -> Bool { cells(line).contains { isNumber(line, $0) } }
        var headings = lines.prefix(4).prefix { !hasNumbers($0) }.count
        // Two columns are keys and values, unless both have nothing but numbers.
        let below = lines.dropFirst(headings).prefix(20)
        if columns == 2, !below.allSatisfy({ line in cells(line).allSatisfy { isNumber(line, $0) } }) { headings = 0 }
        guard headings < lines.count, hasNumbers(lines.lowerBound + headings) else { return }
        if headings == 0, let last = tables.last, last.columns == columns, last.headings > 0 {
            tables[tables.count - 1].lines += lines
        } else {
            tables.append(Table(lines: Array(lines), columns: columns, headings: headings))
        }
    }

    // MARK: Put together

    var text: [UInt8] {
        var text: [UInt8] = []
        for line in lines { text += line.text + line.end }
        return text
    }

    var bytes: [UInt8] { encoding.bytes(text, withMark: hasMark) }

    /// How its lines end, as most do.
    var lineEnd: [UInt8] { lines.first?.end.isEmpty == false ? lines[0].end : [10] }
}

extension TextEncoding {
    /// The text of some bytes in UTF-8; `nil` where they do not decode.
    func text(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        switch self {
        case .utf8: return bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }.map { Array($0.utf8) }
        case .utf16LittleEndian, .utf16BigEndian:
            let all = Array(bytes)
            let units = stride(from: 0, to: all.count - 1, by: 2).map { place in
                self == .utf16LittleEndian
                    ? UInt16(all[place]) | UInt16(all[place + 1]) << 8 : UInt16(all[place]) << 8 | UInt16(all[place + 1])
            }
            return String(validating: units, as: UTF16.self).map { Array($0.utf8) }
        case .windows1252, .windows1250, .latin1:
            var text = String.UnicodeScalarView()
            for byte in bytes {
                guard let scalar = scalar(of: byte) else { return nil }
                text.append(scalar)
            }
            return Array(String(text).utf8)
        }
    }

    /// A text in UTF-8 in this encoding; what it has no character for becomes a question mark.
    func bytes(_ text: [UInt8], withMark: Bool) -> [UInt8] {
        let string = String(decoding: text, as: UTF8.self)
        switch self {
        case .utf8: return (withMark ? [0xEF, 0xBB, 0xBF] : []) + text
        case .utf16LittleEndian:
            return (withMark ? [0xFF, 0xFE] : []) + string.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        case .utf16BigEndian:
            return (withMark ? [0xFE, 0xFF] : []) + string.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        case .windows1252, .windows1250, .latin1:
            let codes = Dictionary((UInt8(0x80)...0xFF).compactMap { byte in scalar(of: byte).map { ($0, byte) } }) { $1 }
            return string.unicodeScalars.map { $0.isASCII ? UInt8($0.value) : codes[$0] ?? UInt8(ascii: "?") }
        }
    }
}
