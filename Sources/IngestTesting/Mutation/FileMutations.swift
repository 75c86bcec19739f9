import IngestCore

/// What happens to whole files: on the way through other programs, mail, and people.
struct FileMutations {
    private let sample: SampleText

    init(_ sample: SampleText) { self.sample = sample }

    func mutant(_ kind: MutationKind, _ chance: inout SeededGenerator) -> Mutant? {
        switch kind {
        case .reencoded: reencoded(&chance)
        case .changedLineEnds: changedLineEnds(&chance)
        case .byteOrderMark: byteOrderMark(&chance)
        case .brokenQuotes: brokenQuotes(&chance)
        case .addedFooter: addedFooter(&chance)
        case .addedTable: addedTable(&chance)
        case .joinedToItself: joinedToItself(&chance)
        default: nil
        }
    }

    private func reencoded(_ chance: inout SeededGenerator) -> Mutant? {
        let text = sample.text
        let encodings: [(TextEncoding, Bool, String)] = [
            (.utf16LittleEndian, true, "UTF-16, little end first"), (.utf16BigEndian, true, "UTF-16, big end first"),
            (.utf16LittleEndian, false, "UTF-16 without a byte order mark"), (.utf8, false, "UTF-8"),
            (.windows1252, false, "Windows-1252"),
        ]
        guard let (encoding, withMark, name) = chance.one(of: encodings) else { return nil }
        // A character that the other encoding does not have is lost by the program that wrote it, not by the reader.
        if encoding == .windows1252, TextEncoding.windows1252.text(encoding.bytes(text, withMark: false)[...]) != text {
            return nil
        }
        return Mutant(.reencoded, "written as \(name)", encoding.bytes(text, withMark: withMark))
    }

    private func changedLineEnds(_ chance: inout SeededGenerator) -> Mutant? {
        let ends: [(String, [UInt8])] = [("LF", [10]), ("CR LF", [13, 10]), ("CR", [13]), ("CR CR LF", [13, 13, 10])]
        let isMixed = Int.random(in: 0..<3, using: &chance) == 0
        guard let (name, end) = chance.one(of: ends) else { return nil }
        var other = sample
        for index in other.lines.indices where !other.lines[index].end.isEmpty && (!isMixed || Bool.random(using: &chance)) {
            other.lines[index].end = end
        }
        return Mutant(.changedLineEnds, (isMixed ? "some" : "all") + " lines end with \(name)", other.bytes)
    }

    private func byteOrderMark(_ chance: inout SeededGenerator) -> Mutant? {
        let change = sample.hasMark ? "without its byte order mark" : "with a byte order mark"
        return Mutant(.byteOrderMark, change, sample.encoding.bytes(sample.text, withMark: !sample.hasMark))
    }

    private func brokenQuotes(_ chance: inout SeededGenerator) -> Mutant? {
        guard let line = chance.one(of: sample.lines.indices.filter({ !sample.lines[$0].isBlank })) else { return nil }
        var other = sample
        let quotes = sample.lines[line].text.indices.filter { sample.lines[line].text[$0] == 34 }
        if let place = chance.one(of: quotes), Bool.random(using: &chance) {
            other.lines[line].text.remove(at: place)
            return Mutant(.brokenQuotes, "line \(line + 1): a quote is missing", line: line + 1, other.bytes)
        }
        guard let cell = chance.one(of: sample.cells(line)), !cell.isEmpty else { return nil }
        let place = Bool.random(using: &chance) ? cell.lowerBound : Int.random(in: cell, using: &chance)
        other.lines[line].text.insert(34, at: place)
        return Mutant(.brokenQuotes, "line \(line + 1): a quote before byte \(place + 1)", line: line + 1, other.bytes)
    }

    /// The text with its last line ended, for something to stand below.
    private var ended: SampleText {
        var ended = sample
        if let last = ended.lines.indices.last, ended.lines[last].end.isEmpty { ended.lines[last].end = sample.lineEnd }
        return ended
    }

    private func addedFooter(_ chance: inout SeededGenerator) -> Mutant? {
        let footers = [
            ["Signed by: A. Person"], ["", "Page 1 of 1"], ["Approved", "2 March 2024"], ["--", "printed from the archive"],
            ["End of report"], ["Reviewed 17.03.2024"],
        ]
        guard let footer = chance.one(of: footers) else { return nil }
        var other = ended
        for text in footer { other.lines.append(.init(text: Array(text.utf8), end: sample.lineEnd)) }
        return Mutant(
            .addedFooter, "below the last line: \(footer.joined(separator: " / "))", line: sample.lines.count + 1, other.bytes)
    }

    private func addedTable(_ chance: inout SeededGenerator) -> Mutant? {
        let separator = String(decoding: [sample.separator ?? 9], as: UTF8.self)
        let tables = [
            [["Buffer", "pH", "Conductivity"], ["A", "7.02", "15.1"], ["B", "4.01", "14.9"]],
            [["Column", "Lot", "Injections"], ["C18", "L-0231", "412"]],
        ]
        guard let table = chance.one(of: tables) else { return nil }
        var other = ended
        other.lines.append(.init(text: [], end: sample.lineEnd))
        for row in table { other.lines.append(.init(text: Array(row.joined(separator: separator).utf8), end: sample.lineEnd)) }
        return Mutant(
            .addedTable, "below the last line a table of \(table[0].joined(separator: ", "))", line: sample.lines.count + 2,
            other.bytes)
    }

    private func joinedToItself(_ chance: inout SeededGenerator) -> Mutant? {
        let isMarkedTwice = sample.hasMark && Bool.random(using: &chance)
        let first = ended
        let bytes =
            isMarkedTwice ? first.bytes + sample.bytes : sample.encoding.bytes(first.text + sample.text, withMark: sample.hasMark)
        return Mutant(
            .joinedToItself, "twice in one file" + (isMarkedTwice ? ", with two byte order marks" : ""),
            line: sample.lines.count + 1, bytes)
    }
}
