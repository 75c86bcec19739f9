import IngestCore
import TabularText

/// What the formats of this family share: how a table of one of the shapes is told, and how it is read.
enum PlateReading {
    static func recognize(_ shape: PlateLayout.Shape, _ opening: SourceOpening) -> Recognition {
        guard let found = PlateVocabulary.find(opening, Dialect.sniffed(from: opening)), found.layout.shape == shape else {
            return .no
        }
        let evidence = found.layout.evidence.prefix(4).joined(separator: "\", \"")
        let because = "line \(found.line) has the headings \"\(evidence)\""
        return found.layout.isCertain ? .certain(because: because) : .possible(because: because)
    }

    /// Reads a table, whichever shape it has.
    static func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let dialect = Dialect.sniffed(from: source.opening)
        guard let found = PlateVocabulary.find(source.opening, dialect) else {
            throw Diagnostic(
                "table.no-header",
                "no line among the first \(TableHeading.lastLine) has the headings of a dose and of a response",
                at: source.location(), hint: "call the columns Dose and Response, or write a mapping for this table")
        }
        let text = try DelimitedText(source, dialect: dialect, missing: PlateVocabulary.missing)
        try await TableRows.read(text, headingLine: found.line, in: PlateVocabulary(), into: output)
    }
}
