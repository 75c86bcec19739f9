import IngestCore

/// Characters, words, units and literals.
extension ExpressionParser {
    var next: Character? { index < characters.count ? characters[index] : nil }

    func node(_ kind: ExpressionNode.Kind, _ start: Int) -> ExpressionNode {
        ExpressionNode(kind: kind, range: start..<index)
    }

    mutating func skipBlanks() { while next?.isWhitespace == true { index += 1 } }

    mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        index += 1
        return true
    }

    /// A word with a blank in front and behind, or an end.
    mutating func takeWord(_ word: String) -> Bool {
        let start = index
        skipBlanks()
        let end = index + word.count
        guard end <= characters.count, String(characters[index..<end]) == word,
            end == characters.count || !(characters[end].isLetter || characters[end].isNumber || "._(".contains(characters[end]))
        else {
            index = start
            skipBlanks()
            return false
        }
        index = end
        return true
    }

    mutating func takeName() -> String {
        let start = index
        while let character = next, character.isLetter || character.isNumber || character == "." || character == "_" {
            index += 1
        }
        return String(characters[start..<index])
    }

    /// Up to a blank, or a comma or closing bracket that the unit did not open.
    mutating func takeUnit() -> (String, Range<Int>) {
        skipBlanks()
        let start = index
        var open = 0
        while let character = next, !character.isWhitespace {
            if "[{(".contains(character) { open += 1 }
            if "]})".contains(character) {
                if open == 0 { break }
                open -= 1
            }
            if character == ",", open == 0 { break }
            index += 1
        }
        return (String(characters[start..<index]), start..<index)
    }

    mutating func number() throws(ExpressionFaults) -> ExpressionNode {
        let start = index
        while let character = next, character.isASCII, character.isNumber || character.isLetter || ".+-".contains(character) {
            index += 1
        }
        let written = String(characters[start..<index])
        guard let value = Double(written), value.isFinite, !written.lowercased().contains("x") else {
            throw fault("expression.no-number", "\"\(written)\" is no number", start..<index, "a text stands in quotes")
        }
        return node(.number(value), start)
    }

    /// A text in either quotes; the same quote in it is written twice.
    mutating func quoted() throws(ExpressionFaults) -> String {
        let start = index
        let quote = characters[start]
        index += 1
        var text = ""
        while let character = next {
            index += 1
            if character == quote {
                if next != quote { return text }
                index += 1
            }
            text.append(character)
        }
        throw fault("expression.open-quote", "a text is not closed", start..<index, "it ends with the quote it begins with")
    }

    mutating func close(_ bracket: Character, _ start: Int) throws(ExpressionFaults) {
        skipBlanks()
        guard take(bracket) else { throw fault("expression.open-bracket", "\"\(bracket)\" is wanted here", index..<index + 1) }
    }

    func rest() -> String { String(characters[index...].prefix(40)) }

    func fault(_ code: String, _ message: String, _ range: Range<Int>, _ hint: String? = nil) -> ExpressionFaults {
        ExpressionFaults(faults: [.init(code: code, message: message, hint: hint, range: range)])
    }
}
