import IngestCore

/// Breaks XML documents. A row is an element that repeats, a cell an attribute or a text, a heading its name.
struct MarkupMutations: MutantMaking {
    private let sample: SampleText
    private let markup: SampleMarkup
    private let alike: [[Int]]
    /// Elements with others of their name beside them.
    private let repeated: [[Int]]

    init?(_ sample: SampleText) {
        guard let first = sample.text.first(where: { $0 > 32 }), first == UInt8(ascii: "<") else { return nil }
        self.sample = sample
        markup = SampleMarkup(sample.text)
        alike = markup.alike()
        let elements = markup.elements
        repeated = alike.map { group in
            let counts = Dictionary(grouping: group, by: { elements[$0].parent })
            return group.filter { counts[elements[$0].parent]!.count > 1 }
        }
        .filter { !$0.isEmpty }
    }

    func mutant(_ kind: MutationKind, _ chance: inout SeededGenerator) -> Mutant? {
        switch kind {
        case .cutAtLineEnd: cut(kind, &chance) { [10, 62].contains($0) }
        case .cutWithinLine: cut(kind, &chance) { $0 > 32 && $0 != 62 }
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
        case .addedTable: addedTable(&chance)
        case .reencoded, .changedLineEnds, .byteOrderMark, .brokenQuotes, .addedFooter, .joinedToItself:
            FileMutations(sample).mutant(kind, &chance)
        }
    }

    private func mutant(_ kind: MutationKind, _ change: String, at place: Int, word: String? = nil, _ text: [UInt8]) -> Mutant {
        Mutant(kind, change, line: markup.line(place), word: word, sample.encoding.bytes(text, withMark: sample.hasMark))
    }

    private func mutant(
        _ kind: MutationKind, _ change: String, word: String? = nil, replacing ranges: [(Range<Int>, [UInt8])]
    ) -> Mutant? {
        var text = markup.text
        let sorted = ranges.sorted { $0.0.lowerBound > $1.0.lowerBound }
        guard let first = sorted.last else { return nil }
        for (range, now) in sorted { text.replaceSubrange(range, with: now) }
        return mutant(kind, change, at: first.0.lowerBound, word: word, text)
    }

    // MARK: Rows

    private func cut(_ kind: MutationKind, _ chance: inout SeededGenerator, behind: (UInt8) -> Bool) -> Mutant? {
        let place = Int.random(in: 1..<max(2, markup.text.count), using: &chance)
        guard let found = markup.text[place...].firstIndex(where: behind),
            markup.text[(found + 1)...].contains(where: { $0 > 32 })
        else {
            return nil
        }
        return mutant(kind, "nothing behind byte \(found + 1)", at: found, Array(markup.text[...found]))
    }

    private func row(_ chance: inout SeededGenerator) -> Int? { chance.one(of: repeated).flatMap { chance.one(of: $0) } }

    private func duplicatedRow(_ chance: inout SeededGenerator) -> Mutant? {
        guard let row = row(&chance) else { return nil }
        let whole = markup.elements[row].whole
        return mutant(
            .duplicatedRow, "\(markup.name(row)) in line \(markup.line(whole.lowerBound)) stands twice",
            replacing: [(whole.upperBound..<whole.upperBound, Array(markup.text[whole]))])
    }

    private func missingRow(_ chance: inout SeededGenerator) -> Mutant? {
        guard let row = row(&chance) else { return nil }
        let whole = markup.elements[row].whole
        return mutant(
            .missingRow, "\(markup.name(row)) in line \(markup.line(whole.lowerBound)) is missing", replacing: [(whole, [])])
    }

    // MARK: Cells

    /// An attribute or a text of an element of any name, each name as likely.
    private func cells(_ chance: inout SeededGenerator) -> [(name: String, value: Range<Int>)] {
        guard let element = chance.one(of: alike).flatMap({ chance.one(of: $0) }) else { return [] }
        let found = markup.elements[element]
        let attributes = found.attributes.map { (markup.string($0.name), $0.value) }
        return (attributes + (found.text.map { [(markup.name(element), $0)] } ?? []))
            .filter { markup.text[$0.1].contains { $0 > 32 } }
    }

    private func cell(
        _ kind: MutationKind, _ chance: inout SeededGenerator, _ broken: ([UInt8], inout SeededGenerator) -> [UInt8]?
    ) -> Mutant? {
        for _ in 0..<20 {
            guard let (name, value) = chance.one(of: cells(&chance)), value.count < 100_000 else { continue }
            let was = markup.text[value]
            guard let now = broken(Array(was), &chance) else { continue }
            let change =
                "line \(markup.line(value.lowerBound)): \(name) \(TextMutations.quoted(was)) is now \(TextMutations.quoted(now[...]))"
            return mutant(kind, change, word: String(decoding: SampleText.trimmed(was), as: UTF8.self), replacing: [(value, now)])
        }
        return nil
    }

    private func changedUnit(_ chance: inout SeededGenerator) -> Mutant? {
        for _ in 0..<10 {
            if let mutant = cell(.changedUnit, &chance, { BrokenWords.withOtherUnit($0, &$1) }) { return mutant }
        }
        return nil
    }

    /// In one value, or in all that have a mark.
    private func swappedDecimalMark(_ chance: inout SeededGenerator) -> Mutant? {
        if Int.random(in: 0..<3, using: &chance) > 0 {
            return cell(.swappedDecimalMark, &chance) { cell, _ in BrokenWords.withOtherMark(cell) }
        }
        var ranges: [(Range<Int>, [UInt8])] = []
        for element in markup.elements {
            for value in element.attributes.map(\.value) + (element.text.map { [$0] } ?? []) {
                if let now = BrokenWords.withOtherMark(Array(markup.text[value])) { ranges.append((value, now)) }
            }
        }
        return mutant(.swappedDecimalMark, "the other decimal mark in all numbers", replacing: ranges)
    }

    private func dateOrder(_ chance: inout SeededGenerator) -> Mutant? {
        guard let text = BrokenWords.withOtherDates(markup.text) else { return nil }
        return mutant(.dateOrder, "day and month swapped in all dates", at: 0, text)
    }

    // MARK: Names

    /// The order of two attributes, or of two elements in another, wherever they stand so.
    private func swappedColumns(_ chance: inout SeededGenerator) -> Mutant? {
        guard let group = chance.one(of: alike), let first = group.first else { return nil }
        var ranges: [(Range<Int>, [UInt8])] = []
        func swap(_ one: Range<Int>, _ other: Range<Int>) {
            ranges += [(one, Array(markup.text[other])), (other, Array(markup.text[one]))]
        }
        let names = markup.elements[first].attributes.map { markup.string($0.name) }
        if names.count > 1, let one = chance.one(of: names), let other = chance.one(of: names), one != other {
            for element in group {
                let attributes = markup.elements[element].attributes
                if let a = attributes.first(where: { markup.string($0.name) == one }),
                    let b = attributes.first(where: { markup.string($0.name) == other })
                {
                    swap(a.whole, b.whole)
                }
            }
            return mutant(.swappedColumns, "attributes \(one) and \(other) of \(markup.name(first)) swapped", replacing: ranges)
        }
        let inside = markup.elements[first].children.map(markup.name)
        guard let one = chance.one(of: inside), let other = chance.one(of: inside), one != other else { return nil }
        for element in group {
            let children = markup.elements[element].children
            if let a = children.first(where: { markup.name($0) == one }),
                let b = children.first(where: { markup.name($0) == other })
            {
                swap(markup.elements[a].whole, markup.elements[b].whole)
            }
        }
        return mutant(.swappedColumns, "\(one) and \(other) in \(markup.name(first)) swapped", replacing: ranges)
    }

    /// The name of an attribute or an element, wherever it stands under the same name.
    private func renamedHeading(_ chance: inout SeededGenerator) -> Mutant? {
        guard let group = chance.one(of: alike), let first = group.first else { return nil }
        var ranges: [(Range<Int>, [UInt8])] = []
        let names = markup.elements[first].attributes.map { markup.string($0.name) }
        let old: String
        if let attribute = chance.one(of: names), Bool.random(using: &chance) {
            old = attribute
            for element in group {
                ranges += markup.elements[element].attributes.filter { markup.string($0.name) == attribute }.map { ($0.name, []) }
            }
        } else {
            old = markup.name(first)
            for element in group {
                ranges.append((markup.elements[element].name, []))
                if let closing = markup.elements[element].closingName { ranges.append((closing, [])) }
            }
        }
        let now = BrokenWords.renamed(Array(old.utf8), &chance).map { $0.filter { $0 != 32 } }
        guard let now, !(now[0] &- 48 < 10) else { return nil }
        return mutant(
            .renamedHeading, "\(old) is now \(String(decoding: now, as: UTF8.self))", word: old,
            replacing: ranges.map { ($0.0, now) })
    }

    private func insertedColumn(_ chance: inout SeededGenerator) -> Mutant? {
        guard let group = chance.one(of: alike), let first = group.first else { return nil }
        let addition = Array(" Purity=\"99.1\"".utf8)
        return mutant(
            .insertedColumn, "an attribute Purity in each \(markup.name(first))",
            replacing: group.map { (markup.elements[$0].name.upperBound..<markup.elements[$0].name.upperBound, addition) })
    }

    private func addedTable(_ chance: inout SeededGenerator) -> Mutant? {
        guard let root = markup.elements.first, let end = root.closingName?.lowerBound else { return nil }
        let table = "<Buffers><Buffer name=\"A\" pH=\"7.02\"/><Buffer name=\"B\" pH=\"4.01\"/></Buffers>"
        return mutant(
            .addedTable, "a table of buffers at the end of the root", replacing: [(end - 2..<end - 2, Array(table.utf8))])
    }
}
