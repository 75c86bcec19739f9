import IngestCore

/// Breaks text files: tables, reports, curves.
struct TextMutations: MutantMaking {
    let sample: SampleText
    /// Lines with text, by what they look like: a line is chosen among all, or among those of one look, so that what
    /// stands once in a file of a million points is broken too.
    private let lines: [Int]
    private let looks: [[Int]]
    private let tables: [SampleText.Table]

    init(_ sample: SampleText) {
        self.sample = sample
        lines = sample.lines.indices.filter { !sample.lines[$0].isBlank }
        var looks: [String: [Int]] = [:]
        for line in lines { looks[Self.look(sample, line), default: []].append(line) }
        self.looks = looks.sorted { $0.key < $1.key }.map(\.value)
        tables = sample.tables()
    }

    /// Which cells have numbers, texts, nothing.
    private static func look(_ sample: SampleText, _ line: Int) -> String {
        let cells = sample.cells(line)
        let kinds = cells.prefix(12).map { cell in
            cell.isEmpty ? "-" : sample.isNumber(line, cell) ? "1" : "a"
        }
        return kinds.joined() + "\(min(cells.count, 40))"
    }

    private func line(_ chance: inout SeededGenerator) -> Int? {
        Bool.random(using: &chance) ? chance.one(of: lines) : chance.one(of: looks).flatMap { chance.one(of: $0) }
    }

    func mutant(_ kind: MutationKind, _ chance: inout SeededGenerator) -> Mutant? {
        switch kind {
        case .cutAtLineEnd: cutAtLineEnd(&chance)
        case .cutWithinLine: cutWithinLine(&chance)
        case .duplicatedRow: duplicatedRow(&chance)
        case .missingRow: missingRow(&chance)
        case .garbledCell: cell(kind, &chance) { BrokenWords.garbled($0, &$1) }
        case .impossibleValue: cell(kind, &chance) { BrokenWords.impossible($0, &$1) }
        case .changedUnit: changedUnit(&chance)
        case .swappedDecimalMark: swappedDecimalMark(&chance)
        case .swappedColumns: swappedColumns(&chance)
        case .renamedHeading: renamedHeading(&chance)
        case .insertedColumn: insertedColumn(&chance)
        case .dateOrder: dateOrder(&chance)
        case .reencoded, .changedLineEnds, .byteOrderMark, .brokenQuotes, .addedFooter, .addedTable, .joinedToItself:
            FileMutations(sample).mutant(kind, &chance)
        }
    }

    // MARK: Lines

    private func cutAtLineEnd(_ chance: inout SeededGenerator) -> Mutant? {
        guard let line = line(&chance), line + 1 < sample.lines.count else { return nil }
        var cut = sample
        cut.lines.removeSubrange((line + 1)...)
        return Mutant(.cutAtLineEnd, "nothing behind line \(line + 1)", line: line + 1, cut.bytes)
    }

    private func cutWithinLine(_ chance: inout SeededGenerator) -> Mutant? {
        guard let line = line(&chance), sample.lines[line].text.count > 1 else { return nil }
        let text = sample.lines[line].text
        let length = Int.random(in: 1..<text.count, using: &chance)
        // What is cut away has to be something.
        guard text[length...].contains(where: { $0 > 32 }) else { return nil }
        var cut = sample
        cut.lines.removeSubrange((line + 1)...)
        cut.lines[line].end = []
        // Between bytes, not characters: a copy that breaks off does not know of these.
        cut.lines[line].text =
            sample.encoding == .utf8 ? Array(text[..<length]) : Array(String(decoding: text[..<length], as: UTF8.self).utf8)
        return Mutant(.cutWithinLine, "nothing behind byte \(length) of line \(line + 1)", line: line + 1, cut.bytes)
    }

    private func duplicatedRow(_ chance: inout SeededGenerator) -> Mutant? {
        guard let line = line(&chance) else { return nil }
        var doubled = sample
        if doubled.lines[line].end.isEmpty { doubled.lines[line].end = sample.lineEnd }
        doubled.lines.insert(doubled.lines[line], at: line)
        return Mutant(.duplicatedRow, "line \(line + 1) stands twice", line: line + 2, doubled.bytes)
    }

    private func missingRow(_ chance: inout SeededGenerator) -> Mutant? {
        guard let line = line(&chance) else { return nil }
        var shorter = sample
        shorter.lines.remove(at: line)
        return Mutant(
            .missingRow, "line \(line + 1) is missing: \(Self.quoted(sample.lines[line].text[...]))", line: line + 1,
            shorter.bytes)
    }

    // MARK: Cells

    private func cell(
        _ kind: MutationKind, _ chance: inout SeededGenerator, _ broken: ([UInt8], inout SeededGenerator) -> [UInt8]?
    ) -> Mutant? {
        guard let line = line(&chance) else { return nil }
        let cells = sample.cells(line).filter { sample.lines[line].text[$0].contains { $0 > 32 } }
        guard let cell = chance.one(of: cells), let now = broken(Array(sample.lines[line].text[cell]), &chance) else {
            return nil
        }
        return changed(kind, line, cell, to: now)
    }

    private func changed(_ kind: MutationKind, _ line: Int, _ cell: Range<Int>, to now: [UInt8]) -> Mutant {
        var other = sample
        other.lines[line].text.replaceSubrange(cell, with: now)
        let was = sample.lines[line].text[cell]
        return Mutant(
            kind, "line \(line + 1): \(Self.quoted(was)) is now \(Self.quoted(now[...]))", line: line + 1,
            word: String(decoding: SampleText.trimmed(was), as: UTF8.self),
            other.bytes)
    }

    private func changedUnit(_ chance: inout SeededGenerator) -> Mutant? {
        for _ in 0..<20 {
            if let mutant = cell(.changedUnit, &chance, { BrokenWords.withOtherUnit($0, &$1) }) { return mutant }
        }
        return nil
    }

    /// In one cell, one column, or the whole file.
    private func swappedDecimalMark(_ chance: inout SeededGenerator) -> Mutant? {
        let reach = Int.random(in: 0..<4, using: &chance)
        if reach < 2 { return cell(.swappedDecimalMark, &chance) { cell, _ in BrokenWords.withOtherMark(cell) } }
        let column: Int?
        let among: [Int]
        if reach == 2, let table = chance.one(of: tables) {
            column = Int.random(in: 0..<table.columns, using: &chance)
            among = table.lines
        } else {
            column = nil
            among = Array(sample.lines.indices)
        }
        var other = sample
        for line in among {
            for (index, cell) in sample.cells(line).enumerated().reversed() where column == nil || index == column {
                guard let now = BrokenWords.withOtherMark(Array(sample.lines[line].text[cell])) else { continue }
                other.lines[line].text.replaceSubrange(cell, with: now)
            }
        }
        let what = column.map { "column \($0 + 1) of the table from line \((among.first ?? 0) + 1) on" } ?? "all numbers"
        return Mutant(.swappedDecimalMark, "the other decimal mark in \(what)", line: (among.first ?? 0) + 1, other.bytes)
    }

    private func dateOrder(_ chance: inout SeededGenerator) -> Mutant? {
        let inAll = Bool.random(using: &chance)
        var other = sample
        guard let line = line(&chance) else { return nil }
        for index in inAll ? other.lines.indices : line..<line + 1 {
            if let now = BrokenWords.withOtherDates(other.lines[index].text) { other.lines[index].text = now }
        }
        return Mutant(
            .dateOrder, "day and month swapped in " + (inAll ? "all dates" : "line \(line + 1)"), line: inAll ? nil : line + 1,
            other.bytes)
    }

    // MARK: Columns

    /// Two columns with all their headings; where both are called the same there is nothing to see.
    private func swappedColumns(_ chance: inout SeededGenerator) -> Mutant? {
        guard let table = chance.one(of: tables) else { return nil }
        let first = Int.random(in: 0..<table.columns, using: &chance)
        let second = Int.random(in: 0..<table.columns, using: &chance)
        let heading = table.headings > 0 ? table.lines[table.headings - 1] : nil
        guard first < second, heading.map({ name($0, first) != name($0, second) }) ?? true else { return nil }
        var other = sample
        for line in table.lines {
            let text = sample.lines[line].text
            let cells = sample.cells(line)
            let between = text[cells[first].upperBound..<cells[second].lowerBound]
            other.lines[line].text.replaceSubrange(
                cells[first].lowerBound..<cells[second].upperBound, with: text[cells[second]] + between + text[cells[first]])
        }
        let names = heading.map { " (\(name($0, first)), \(name($0, second)))" } ?? ""
        return Mutant(
            .swappedColumns, "columns \(first + 1) and \(second + 1)\(names) of the table in line \(table.first + 1) swapped",
            line: table.first + 1, other.bytes)
    }

    private func name(_ line: Int, _ column: Int) -> String {
        String(decoding: SampleText.trimmed(sample.lines[line].text[sample.cells(line)[column]]), as: UTF8.self)
    }

    /// A heading of a table, or the key of a line of key and value.
    private func renamedHeading(_ chance: inout SeededGenerator) -> Mutant? {
        let titled = tables.filter { $0.headings > 0 }
        if let table = chance.one(of: titled), Int.random(in: 0..<4, using: &chance) > 0 {
            let line = table.first + Int.random(in: 0..<table.headings, using: &chance)
            return renamed(line, among: sample.cells(line), &chance)
        }
        guard let line = line(&chance) else { return nil }
        let filled = sample.cells(line).filter { sample.lines[line].text[$0].contains { $0 > 32 } }
        guard filled.count <= 3, let key = filled.first, !sample.lines[line].text[key].contains(where: { $0 &- 48 < 10 }) else {
            return nil
        }
        return renamed(line, among: [key], &chance)
    }

    private func renamed(_ line: Int, among cells: [Range<Int>], _ chance: inout SeededGenerator) -> Mutant? {
        guard let cell = chance.one(of: cells),
            let now = BrokenWords.renamed(Array(sample.lines[line].text[cell]), &chance)
        else { return nil }
        return changed(.renamedHeading, line, cell, to: now)
    }

    private func insertedColumn(_ chance: inout SeededGenerator) -> Mutant? {
        guard let table = chance.one(of: tables), let separator = sample.separator else { return nil }
        let column = Int.random(in: 0...table.columns, using: &chance)
        let (heading, value) = chance.one(of: [("Purity", "99.1"), ("Comment", "ok"), ("Checked", "2")])!
        var other = sample
        for line in table.lines {
            let isHeading = line - table.first < table.headings
            let cells = sample.cells(line)
            let new = Array((isHeading ? heading : value).utf8)
            if column < cells.count {
                other.lines[line].text.insert(contentsOf: new + [separator], at: cells[column].lowerBound)
            } else {
                other.lines[line].text += [separator] + new
            }
        }
        return Mutant(
            .insertedColumn, "a column \"\(heading)\" before column \(column + 1) of the table in line \(table.first + 1)",
            line: table.first + 1, other.bytes)
    }

    static func quoted(_ text: ArraySlice<UInt8>) -> String {
        let text = String(decoding: text, as: UTF8.self)
        return "\"\(text.count > 60 ? text.prefix(60) + "…" : text[...])\""
    }
}
