import IngestCore
import TabularText

/// The words of a program that writes long tables: a row for each component in each sample, under headings of its own that
/// nobody can rename.
///
/// The words are closed: what a heading outside of them holds is not guessed at, but told.
struct LongTableFormat: Sendable {
    /// What a column holds.
    enum Column: Sendable {
        /// Tells samples and injections apart.
        case injection(ColumnField)
        /// Tells the components of a sample apart.
        case component(ColumnField)
        /// A number; under the file's own heading where it has no name.
        case number(MeasurementName?)
        /// A number that tells the components of a sample apart too.
        case componentNumber(MeasurementName?)
        /// What ``ResultTable`` knows by its field.
        case field(ColumnField)
        /// Kept as it stands.
        case text
        /// A word that says something of the result, and is kept as it stands.
        case mark(Mark)
    }

    enum Mark: Sendable, Hashable { case internalStandard, manualIntegration, truncated, standardType, person }

    /// Of the codes of diagnostics: `sciex`.
    let family: String
    /// For people: `SCIEX`.
    let program: String
    /// What each heading holds, by the heading folded.
    let columns: [String: Column]
    /// The headings as the program writes them.
    let headings: [String]
    /// Headings of which one stands for a field where several are there, the best one first; folded.
    let preferred: [[String]]
    /// The headings that a table always has, or one instead of the other.
    let required: [[String]]
    /// How much each heading says that the table is of this program, folded; three are enough.
    let evidence: [String: Int]
    let missing: [String]
    let absent: [String: Quantity.Absence]
    /// The documented units of a program that writes none.
    let units: [MeasurementName: Unit]
    /// Headings of numbers that may be negative, folded; the others are counts, sizes, masses and times.
    let signed: Set<String>
    /// What the rows are, by the folded headings.
    let kind: @Sendable (Set<String>) -> ResultRecord.Kind

    init(
        family: String, program: String, columns words: [(Column, String)], preferred: [[String]], required: [[String]],
        evidence: [(Int, String)], missing: [String], absent: [String: Quantity.Absence], units: [MeasurementName: Unit],
        signed: String, kind: @escaping @Sendable (Set<String>) -> ResultRecord.Kind
    ) {
        self.family = family
        self.program = program
        self.preferred = preferred.map { $0.map(ColumnHeading.folded) }
        self.required = required
        self.missing = missing
        self.absent = absent
        self.units = units
        self.signed = Set(signed.split(separator: "|").map { ColumnHeading.folded(String($0)) })
        self.kind = kind
        var columns: [String: Column] = [:]
        var headings: [String] = []
        for (column, list) in words {
            for heading in list.split(separator: "|").map(String.init) {
                headings.append(heading)
                columns[ColumnHeading.folded(heading)] = column
            }
        }
        self.columns = columns
        self.headings = headings
        var weights: [String: Int] = [:]
        for (weight, list) in evidence {
            for heading in list.split(separator: "|") { weights[ColumnHeading.folded(String(heading))] = weight }
        }
        self.evidence = weights
    }

    /// The word of a heading among those of the program, without a unit in its brackets; `nil` for none.
    func word(_ heading: String) -> String? {
        guard heading.utf8.count <= 80 else { return nil }
        let folded = ColumnHeading.folded(heading)
        if columns[folded] != nil { return folded }
        let bare = ColumnHeading.normalized(heading)
        return columns[bare] == nil ? nil : bare
    }

    // MARK: Recognition

    /// Where the heading stands, and how its cells are set apart.
    struct Found {
        let line: Int
        let dialect: Dialect
        let because: String
    }

    /// The last line on which the heading may stand: people write titles above it.
    private static let lastLine = 20
    /// No heading is longer, and no other line is looked at.
    private static let longestHeading = 16_000

    func find(_ opening: SourceOpening) -> Found? {
        guard opening.members.isEmpty, !opening.isMarkup else { return nil }
        for (index, line) in opening.lines.prefix(Self.lastLine).enumerated() where line.utf8.count <= Self.longestHeading {
            for dialect in [Dialect.tab, .semicolon, .comma] {
                let cells = dialect.cells(of: line)
                if cells.count >= 3, let because = evidence(cells, line: index + 1) {
                    return Found(line: index + 1, dialect: dialect, because: because)
                }
            }
        }
        return nil
    }

    private func evidence(_ cells: [String], line: Int) -> String? {
        let known = cells.filter { evidence[ColumnHeading.folded($0)] != nil }
        guard Set(known).reduce(0, { $0 + (evidence[ColumnHeading.folded($1)] ?? 0) }) >= 3 else { return nil }
        return "line \(line) has the headings \"\(known.prefix(4).joined(separator: "\", \""))\""
    }

    /// Whether a row that is none of the table is the heading of another.
    func isHeading(_ cells: [String]) -> Bool {
        cells.filter { word($0) != nil || ColumnHeading.field($0) != nil }.count >= 2
            && !cells.contains(where: TableHeading.isNumber)
    }
}
