import IngestCore
import TabularText

/// What a line of ChemStation's printed report is, told by itself.
enum ChemStationTextLine {
    case blank
    /// `=====================`
    case ruler
    /// `----|-------|----|`
    case rule(RuledColumns)
    /// `*** End of Report ***`
    case endMark
    /// `Page  1 of 2`
    case page(Int, of: Int)
    /// `Data File C:\CHEM32\1\DATA\SEQ\001F0101.D`
    case dataFile
    /// `Sample Name: S-0031`
    case sampleName
    /// `Signal 1: DAD1 A, Sig=254,4 Ref=off`
    case signal(Int, name: String)
    /// `Totals :`, `Totals without ISTD(s) :`; where its numbers begin, in characters.
    case totals(label: String, end: Int)
    /// `Warning : Calibrated compound(s) not found`
    case message(String)
    /// `2 Warnings or Errors :`
    case messages(Int)
    /// `Acq. Operator   : R. Vance                  Seq. Line :   1`: a key and its value, once or twice.
    case fields([Field])
    case other

    struct Field {
        let key: String
        let keySpan: Range<Int>, valueSpan: Range<Int>
    }

    /// Words of the format that stand right of other fields, and where their colon does.
    private static let right: Set<String> = ["Seq. Line", "Location", "Inj", "Inj Volume", "Actual Inj Volume", "unused Loc."]
    private static let rightColon = 59

    init(_ line: String) {
        let text = line.trimmed
        guard !text.isEmpty else {
            self = .blank
            return
        }
        if text.count > 9, text.utf8.allSatisfy({ $0 == UInt8(ascii: "=") }) {
            self = .ruler
        } else if text == "*** End of Report ***" {
            self = .endMark
        } else if let columns = RuledColumns(rule: line) {
            self = .rule(columns)
        } else {
            self = Self.worded(line, text)
        }
    }

    private static func worded(_ line: String, _ text: String) -> ChemStationTextLine {
        let words = text.split(separator: " ")
        if words.count == 4, words[0] == "Page", words[2] == "of", let page = Int(words[1]), let of = Int(words[3]) {
            return .page(page, of: of)
        }
        if text.hasPrefix("Data File "), words.count > 2, words[2] != ":" { return .dataFile }
        if text.hasPrefix("Sample Name:") { return .sampleName }
        if words.count > 1, words[0] == "Signal", words[1].hasSuffix(":"), let number = Int(words[1].dropLast()) {
            let colon = line.firstIndex(of: ":") ?? line.startIndex
            return .signal(number, name: String(line[line.index(after: colon)...]).trimmed)
        }
        if words[0] == "Warning" || words[0] == "Error", words.count > 2, words[1] == ":" {
            return .message(words[2...].joined(separator: " "))
        }
        if words.count == 5, text.hasSuffix("Warnings or Errors :"), let count = Int(words[0]) { return .messages(count) }
        let scalars = Array(line.unicodeScalars)
        guard let colon = separator(in: scalars, from: 0) else { return .other }
        if words[0] == "Totals" || words[0] == "Total" {
            return .totals(label: string(scalars[..<colon]).trimmed, end: colon + 1)
        }
        return fields(scalars, colon)
    }

    private static func fields(_ line: [Unicode.Scalar], _ colon: Int) -> ChemStationTextLine {
        guard let first = key(line, 0, colon) else { return .other }
        guard let second = separator(in: line, from: colon + 1), let start = wordsBefore(second, in: line, from: colon + 1),
            let next = key(line, start, second), right.contains(next.key) || second == rightColon
        else { return .fields([Field(key: first.key, keySpan: first.span, valueSpan: colon + 1..<line.count)]) }
        return .fields([
            Field(key: first.key, keySpan: first.span, valueSpan: colon + 1..<start),
            Field(key: next.key, keySpan: next.span, valueSpan: second + 1..<line.count),
        ])
    }

    private static func key(_ line: [Unicode.Scalar], _ from: Int, _ to: Int) -> (key: String, span: Range<Int>)? {
        var key = string(line[from..<to]).trimmed
        while key.hasSuffix(":") { key = key.dropLast().trimmed }
        guard let first = key.unicodeScalars.first, first.properties.isAlphabetic, key.count <= 40 else { return nil }
        return (key, from..<to)
    }

    /// The first colon with a blank on either side; that of a time or a path has none.
    private static func separator(in line: [Unicode.Scalar], from: Int) -> Int? {
        line.indices.dropFirst(max(1, from)).first {
            line[$0] == ":" && line[$0 - 1] == " " && ($0 + 1 == line.count || line[$0 + 1] == " ")
        }
    }

    /// Where the words in front of a colon begin, two blanks behind what stands before them.
    private static func wordsBefore(_ colon: Int, in line: [Unicode.Scalar], from: Int) -> Int? {
        var end = colon
        while end > from, line[end - 1] == " " { end -= 1 }
        return (from + 2..<max(from + 2, end)).last { line[$0] != " " && line[$0 - 1] == " " && line[$0 - 2] == " " }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String { String(String.UnicodeScalarView(scalars)) }
}
