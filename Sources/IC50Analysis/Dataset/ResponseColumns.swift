import IngestCore

/// Which readings of a well are responses, and what headings say of them.
enum ResponseColumns {
    /// Quantities that an assay answers with, in the vocabulary's words.
    private static let vocabulary: Set<String> = [
        "effect", "response", "absorbance", "fluorescence", "luminescence", "count", "mean", "median",
    ]

    static func responses(_ readings: [ObservedWell.Reading], named: [String]) -> [ObservedWell.Reading] {
        if !named.isEmpty {
            return readings.filter { reading in named.contains { $0.lowercased() == reading.name.lowercased() } }
        }
        let known = readings.filter { !$0.isOwn && vocabulary.contains($0.name) }
        if !known.isEmpty { return known }
        return readings.filter { $0.isOwn && !isAside($0.name) }
    }

    /// What a response is called: by its own heading, by what the records call the signal, else plainly.
    static func heading(of response: ObservedWell.Reading, in well: ObservedWell) -> String {
        if response.isOwn { return response.name }
        return well.signal ?? (response.name == "effect" ? "response" : response.name)
    }

    /// Numbers beside a response that are none.
    private static func isAside(_ heading: String) -> Bool {
        let words = heading.lowercased()
        return ["weight", "weights", "wt", "sd", "sem", "se", "cv", "stdev", "n"].contains(words) || isLogarithm(heading)
    }

    static func isLogarithm(_ heading: String) -> Bool {
        let text = heading.lowercased()
        return text.hasPrefix("log") || text.hasPrefix("lg") || text.contains("(log") || text.contains("[log")
    }

    /// The unit in the heading of a column of logarithms: `log[M]`, `Log10 dose (uM)`, `log[Agonist], M`.
    static func unitOfLogarithm(_ heading: String) -> String? {
        let parts = heading.split { "[](),".contains($0) }.map { $0.trimmed }
        return parts.dropFirst().last { Unit(spelling: $0) != nil }
    }

    static func isReplicate(_ heading: String) -> Bool {
        let letters = heading.lowercased().filter(\.isLetter)
        return ["replicate", "replicates", "rep", "repl", "techrep", "biorep", "repeat"].contains(letters)
    }

    /// `Rep 1`, `Replicate 2`, `rep3`.
    static func isNumberedReplicate(_ heading: String) -> Bool {
        heading.contains(where: \.isNumber) && isReplicate(heading)
    }

    static func isCellLine(_ heading: String) -> Bool {
        let letters = heading.lowercased().filter(\.isLetter)
        return ["cell", "cells", "cellline", "celllinename", "celltype", "celltypename", "celllines"].contains(letters)
    }

    static func isTime(_ heading: String) -> Bool {
        let word = heading.lowercased().prefix { $0.isLetter || $0 == " " }.filter(\.isLetter)
        return [
            "hours", "hour", "h", "hrs", "hr", "time", "timepoint", "exposure", "exposuretime", "incubation", "duration",
            "treatmenttime", "incubationtime", "day", "days", "minutes", "min",
        ].contains(word)
    }

    /// The hours that a cell says, under a heading that may give the unit.
    static func hours(_ text: String, heading: String) -> Double? {
        if let value = Double(text.trimmed) {
            let words = heading.lowercased()
            if words.contains("day") || words.hasSuffix("(d)") { return value * 24 }
            if words.contains("min") { return value / 60 }
            return value
        }
        return hours(in: text)
    }

    /// `24h`, `48 hours`, `2 d` in a heading: the number in front of the letter.
    static func hours(in heading: String) -> Double? {
        var number = "", unit = ""
        for character in heading.lowercased() + " " {
            if character.isASCII, character.isNumber || (character == "." && !number.isEmpty && unit.isEmpty) {
                if !unit.isEmpty { (number, unit) = ("", "") }
                number.append(character)
            } else if character.isLetter, !number.isEmpty {
                unit.append(character)
            } else if character == " " || character == "_" || character == "-", !number.isEmpty, unit.isEmpty {
                continue
            } else {
                if let value = Double(number), let factor = factor(unit) { return value * factor }
                (number, unit) = ("", "")
            }
        }
        return nil
    }

    /// The heading of a column whose namesakes were numbered: `Response` of `Response (2)`.
    static func withoutNumber(_ heading: String) -> String {
        guard heading.hasSuffix(")"), let open = heading.lastIndex(of: "("), open > heading.startIndex,
            let number = Int(heading[heading.index(after: open)...].dropLast()), number > 1,
            heading[heading.index(before: open)] == " "
        else { return heading }
        return String(heading[..<heading.index(before: open)])
    }

    /// `24h`, `48 hours`: nothing but a time.
    static func isTimeAlone(_ text: String) -> Bool {
        guard hours(in: text) != nil else { return false }
        let words = text.lowercased().filter { !$0.isNumber && $0 != "." && $0 != " " }
        return factor(words) != nil
    }

    private static func factor(_ unit: String) -> Double? {
        switch unit {
        case "h", "hr", "hrs", "hour", "hours": 1
        case "d", "day", "days": 24
        case "min", "minutes": 1.0 / 60
        default: nil
        }
    }

    static func isPercent(_ heading: String, _ unit: Unit?) -> Bool {
        if unit == .percent { return true }
        let text = heading.lowercased()
        return text.contains("%") || text.contains("percent") || text.contains("pct")
    }

    /// Headings of quantities that people state in percent without saying so.
    static func meansPercent(_ heading: String) -> Bool {
        let text = heading.lowercased()
        return ["viab", "mortal", "surviv", "inhib", "kill", "cytotox", "lysis", "activity"].contains { text.contains($0) }
    }
}
