import IngestCore
import TabularText

/// How a text export of UNICORN is laid out, told from its first lines.
struct UNICORNTextLayout {
    let dialect: Dialect
    /// Names of chromatograms, of curves, and units; version 5 may leave out the first.
    let headingLines: Int
    let evidence: String

    /// `nil` for a file without such headings. Some of them may be damaged: half of them will do.
    init?(_ opening: SourceOpening) {
        for dialect in [Dialect.tab, .semicolon, .comma] {
            let lines = opening.lines.prefix(4).map { dialect.cells(of: $0) }
            for count in [3, 2] where lines.count >= count && Self.isHeading(Array(lines.prefix(count))) {
                self.dialect = dialect
                headingLines = count
                let names = lines[count - 2].filter { !$0.trimmed.isEmpty && Double($0.trimmed) == nil }
                evidence =
                    "line \(count) has units in pairs, below \(names.count) curves such as \"\(names[0].trimmed)\""
                return
            }
        }
        return nil
    }

    private static func isHeading(_ lines: [[String]]) -> Bool {
        let units = lines[lines.count - 1], names = lines[lines.count - 2]
        let places = stride(from: 0, to: max(units.count, names.count), by: 2)
            .filter { !cell(units, $0).isEmpty || !cell(names, $0).isEmpty }
        let pairs = places.filter {
            UNICORNTextUnit.isPlace(cell(units, $0)) && !cell(names, $0).isEmpty && isBeside(cell(names, $0 + 1))
        }
        guard !pairs.isEmpty, 2 * pairs.count >= places.count,
            // A table of numbers has headings in every column, and so has one of times.
            2 * pairs.filter({ UNICORNTextUnit.isPlace(cell(units, $0 + 1)) }).count < pairs.count,
            2 * pairs.filter({ Double(cell(names, $0)) != nil }).count < pairs.count
        else { return false }
        let known = pairs.filter {
            let kind = UNICORNCurveKind(named: curve(cell(names, $0)))
            return kind != nil || UNICORNCurveKind(eventsIn: cell(units, $0 + 1)) != nil
        }
        guard lines.count == 3 else { return 2 * known.count >= pairs.count }
        let chromatograms = pairs.filter { !cell(lines[0], $0).isEmpty && cell(lines[0], $0 + 1).isEmpty }
        return 2 * chromatograms.count >= pairs.count && (pairs.count > 1 || !known.isEmpty)
    }

    /// What may stand in the column beside the name of a curve: nothing, or the number that version 5 writes there.
    static func isBeside(_ text: String) -> Bool { text.isEmpty || Double(text) != nil }

    /// `UV1_280nm` of `Run 7:10_UV1_280nm`.
    static func curve(_ name: String) -> String {
        guard let colon = name.lastIndex(of: ":") else { return name }
        let rest = name[name.index(after: colon)...]
        guard let mark = rest.firstIndex(of: "_") else { return String(rest) }
        return String(rest[rest.index(after: mark)...])
    }

    private static func cell(_ cells: [String], _ column: Int) -> String {
        column < cells.count ? cells[column].trimmed : ""
    }
}

/// The units in the third line.
enum UNICORNTextUnit {
    /// Of the first column of a pair.
    static func isPlace(_ text: String) -> Bool { isTime(text) || isVolume(text) }
    static func isTime(_ text: String) -> Bool { [.minute, .second, .hour].contains(Unit(spelling: text)) }
    static func isVolume(_ text: String) -> Bool {
        [.millilitre, .microlitre, Unit("L"), Unit("{CV}")].contains(Unit(spelling: text))
    }
    /// As UNICORN writes them, for hints.
    static let places = ["ml", "min", "CV", "l", "h", "s"]
}
