import IngestCore
import TabularText

/// A heading of a table of wells taken apart: what its column holds, and the unit that stands beside the word, as in
/// `Dose [nM]`, `Concentration (uM)`, `Conc, nM`, `dose_nM`, `Conc nM`, `Dose/nM`.
struct PlateHeading {
    /// `nil` for a heading that is not known.
    private(set) var column: PlateColumn?
    private(set) var unit = StatedUnit.none
    /// The heading without its unit.
    private(set) var name: String
    /// Letters and digits apart, in lower case, without the unit.
    private(set) var words: [String]
    /// The name of a response says more than that it is one: `Viability 24h`, `OD600`.
    private(set) var isSpecific = false

    init(_ written: String) {
        let text = written.trimmed
        (name, words) = (text, Self.words(text))
        // No heading is as long.
        guard text.utf8.count <= 80 else { return }
        if text.isEmpty {
            column = .label
        } else if isLogarithm {
            column = .logDose
        } else if !understand() {
            for parting in Self.partings(of: text) {
                (name, words) = (parting.word, Self.words(parting.word))
                if understand(), takes(parting, of: text) { return }
                (column, unit, isSpecific) = (nil, .none, false)
            }
            unit = StatedUnit(heading: text)
            name = text
            words = Self.words(
                unit.written == nil ? text : String(text[..<(text.lastIndex { "[(".contains($0) } ?? text.endIndex)]))
        }
    }

    /// A heading that somebody named: it is what it was named as, and has the unit of such a column.
    init(_ written: String, named column: PlateColumn?) {
        self.init(written)
        guard let column else { return }
        let known = self.column
        self.column = column
        switch (column, known) {
        case (.dose, .dose), (.dose, .concentration), (.response, .response), (_, .logDose): return
        default: unit = .none
        }
        guard column.isNumber, written.utf8.count <= 80 else { return }
        if column != .dose, words.contains(where: PlateWords.percents.contains) || name.contains("%") {
            unit = StatedUnit(unit: .percent, written: "%")
            return
        }
        for parting in Self.partings(of: written.trimmed) where parting.isSet(apart: column) {
            if takes(parting, of: written.trimmed) { return }
            unit = .none
        }
    }

    /// False for a heading that is surely no dose: asked of every line at the beginning of any file.
    static func mayBeDose(_ written: String) -> Bool {
        let text = written.lowercased()
        return text.hasPrefix("[") || ["dos", "conc", "konz", "log", "lg", "ln"].contains(where: text.contains)
    }

    /// As ``mayBeDose(_:)``, whatever stands between the letters; false only where ``column`` is no dose nor a logarithm of
    /// one. Asked of every cell below a line that may be a heading.
    static func hasLettersOfDose(_ written: String) -> Bool {
        /// The last four letters and digits, in lower case.
        var last: UInt32 = 0
        for byte in written.utf8 {
            if byte >= 0x80 || byte == UInt8(ascii: "[") { return true }
            let letter = byte | 32
            guard letter &- 97 < 26 || byte &- 48 < 10 else { continue }
            last = last << 8 | UInt32(letter)
            // conc, konz; dos, log; lg, ln.
            if last == 0x636F_6E63 || last == 0x6B6F_6E7A { return true }
            if last & 0xFF_FFFF == 0x64_6F73 || last & 0xFF_FFFF == 0x6C_6F67 { return true }
            if last & 0xFFFF == 0x6C67 || last & 0xFFFF == 0x6C6E { return true }
        }
        return false
    }

    // MARK: The word

    /// Finds what the words mean; false when they mean nothing.
    private mutating func understand() -> Bool {
        let word = words.joined()
        if name.count > 2, name.hasPrefix("["), name.hasSuffix("]"), Unit(spelling: name.dropFirst().dropLast()) == nil {
            // `[Agonist]` is how much of it there is.
            column = .dose
        } else if let known = PlateWords.columns[word] {
            column = known
            if word.contains("%") { unit = StatedUnit(unit: .percent, written: "%") }
        } else {
            understandResponse()
        }
        if let code = PlateWords.units[word] { unit = StatedUnit(written: code) }
        return column != nil
    }

    private mutating func understandResponse() {
        var rest: [String] = []
        var isPercent = false, isNumbered = false, isSeries = false
        for (index, word) in words.enumerated() {
            let besideNumber =
                index > 0 && words[index - 1].first?.isNumber == true
                || index + 1 < words.count && words[index + 1].first?.isNumber == true
            if PlateWords.percents.contains(word) {
                isPercent = true
            } else if word.first?.isNumber == true {
                isNumbered = true
            } else if besideNumber, PlateWords.times.contains(word) || PlateWords.replicates.contains(word) {
                isSeries = true
            } else if !(besideNumber && word == "nm"), !PlateWords.adjectives.contains(word) {
                rest.append(word)
            }
        }
        // `Response A`, `Response B`.
        if rest.count > 1, rest.last?.utf8.count == 1 { rest.removeLast() }
        let word = rest.joined()
        if let name = PlateWords.response(word) {
            guard word != "control" || isPercent else { return }
            column = .response(name)
            isSpecific = words.count > 1 || name == .effect && !PlateWords.plain.contains(word)
        } else if word == "a", words.count == 2, words[1].utf8.count == 3,
            let wavelength = Int(words[1]), wavelength >= 300
        {
            // The absorbance at a wavelength: `A450`. Those of nucleic acids and proteins, `A260`, `A280`, tell how much of
            // them there is, and are no responses.
            column = .response(.absorbance)
            isSpecific = true
        } else if word.isEmpty, isPercent || isSeries && isNumbered {
            column = isPercent ? .response(.effect) : .series
            isSpecific = true
        }
        guard column != nil, isPercent else { return }
        unit = StatedUnit(unit: .percent, written: "%")
        if name.hasSuffix("(%)") || name.hasSuffix("[%]") { name = String(name.dropLast(3)).trimmed }
    }

    /// `log[M]`, `log10 conc`, `Log(dose)`, `Conc (log M)`; not `log CFU`, nor `logP`.
    private var isLogarithm: Bool {
        guard let index = words.firstIndex(where: { ["log", "lg", "ln"].contains($0) || $0.hasPrefix("log") }) else {
            return false
        }
        var rest = words
        rest[index] = rest[index].hasPrefix("log") ? String(rest[index].dropFirst(3)) : ""
        rest.removeAll { $0.isEmpty || $0.first?.isNumber == true }
        if rest.contains(where: { PlateWords.response($0) != nil || $0 == "cfu" }) { return false }
        return name.contains("[")
            || rest.contains { word in
                switch PlateWords.columns[word] {
                case .dose, .concentration, .compound: true
                default: ["m", "um", "nm", "mm", "pm", "molar", "molarity", "µm", "μm"].contains(word)
                }
            }
    }

    /// Letters and digits apart: `Cell mortality 24h` has four words, `% Inh.` two.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var last: Character = " "
        for character in text.lowercased() {
            let belongs = character.isLetter && last.isLetter || character.isNumber && last.isNumber
            if belongs {
                words[words.count - 1].append(character)
            } else if character.isLetter || character.isNumber || character == "%" {
                words.append(String(character))
            }
            last = character
        }
        return words
    }

    // MARK: The unit

    /// The ways to take a unit off a heading: first what stands in its last brackets, then what stands behind a comma and
    /// the like, the longest first (`conc_ng/mL`).
    private static func partings(of text: String) -> [Parting] {
        for (open, close) in [("[", "]"), ("(", ")")] as [(Character, Character)] where text.last == close {
            guard let start = text.lastIndex(of: open), start > text.startIndex else { continue }
            let inside = text[text.index(after: start)...].dropLast().trimmed
            return [Parting(word: String(text[..<start]).trimmed, unit: inside, isBracketed: true)]
        }
        return text.indices.filter { ",;_/. ".contains(text[$0]) && $0 > text.startIndex }.compactMap { index in
            var word = String(text[..<index]).trimmed
            if word.hasSuffix(" in") { word = String(word.dropLast(3)) }
            let unit = text[text.index(after: index)...].trimmed
            guard Unit(spelling: unit) != nil, word.contains(where: \.isLetter) else { return nil }
            return Parting(word: word, unit: unit, isBracketed: false, isQuotient: text[index] == "/")
        }
    }

    private struct Parting {
        var word: String
        var unit: String
        var isBracketed: Bool
        /// A slash stands between them: `Dose/nM` is a dose, `Cells/mL` are no cells.
        var isQuotient = false

        /// Behind a word that nobody knows, `A` is one of several columns more often than a unit, and so are other letters.
        func isSet(apart column: PlateColumn) -> Bool { isBracketed || column == .dose && unit.utf8.count > 1 }
    }

    /// Takes a unit for the column; false for one that it cannot have.
    private mutating func takes(_ parting: Parting, of text: String) -> Bool {
        let written = parting.unit
        if written.isEmpty || PlateWords.remarks.contains(written.lowercased()) { return true }
        let isPercent = Self.words(written).first.map(PlateWords.percents.contains) ?? false
        let stated = StatedUnit(unit: isPercent ? .percent : Unit(spelling: written), written: written)
        switch column {
        case .dose, .concentration:
            unit = stated
            guard let code = stated.unit, !MeasurementName.dose.canBe(in: code) else { return true }
            // `nm` is meant to be nM, but that is not what it says: kept as written, it is no unit.
            unit.unit = nil
            return ["nm", "um", "mm", "m"].contains(code.code)
        case .response(let name), .measurement(let name):
            guard let code = stated.unit else {
                // What is no unit says which response it is: `Viability (HeLa)`.
                (self.name, isSpecific) = (text, true)
                return true
            }
            unit = stated
            return !parting.isQuotient && name.canBe(in: code)
        case .weight: unit = stated
        case .label, .series: break
        default: return false
        }
        return true
    }
}
