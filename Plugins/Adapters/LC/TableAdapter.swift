public import IngestCore
import TabularText

/// Reads any delimited table of injections, peaks or samples whose headings are known in some vendor's words.
///
///     Sample Name,Vial,Inj,RT [min],Area,Amount
///     STD-1,1,1,4.871,20114.5,10.2
///
/// - The header is the first line with at least two known headings (see `ColumnHeading`); what stands above it as key
///   and value describes the run. A line of units may follow it. Below other headings another table begins.
/// - A row of means or sums, which no column ties to a sample, is ignored.
/// - Each line below becomes one ``ResultRecord``: a peak where there is a retention time, a compound where there is an
///   analyte, a well where there is a plate position, else what is said of a sample.
/// - Columns of unknown heading are measurements under their own name when they hold numbers, extras when not.
/// - Units are those in the headings, and only those.
///
/// Known from tables that people and data systems export for spreadsheets; the headings are those of Agilent, Waters,
/// Thermo and Shimadzu.
public struct TableAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.table", version: 3, instrument: "any delimited table of injections, peaks or samples")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty, let found = TableHeading.find(opening, Dialect.sniffed(from: opening)) else { return .no }
        // Of an even curve each row is a point, whatever its columns are called.
        guard TraceAdapter().recognize(opening) == .no else { return .no }
        let known = found.cells.filter { ColumnHeading.field($0) != nil }.prefix(4).joined(separator: "\", \"")
        return .possible(because: "line \(found.line) has the headings \"\(known)\"")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let dialect = Dialect.sniffed(from: source.opening)
        guard let found = TableHeading.find(source.opening, dialect) else {
            throw Diagnostic(
                "table.no-header", "no line among the first \(TableHeading.lastLine) has two headings that are known",
                at: source.location(),
                hint: "name the columns as an instrument would (Sample Name, RT, Area …), or write a mapping for this table")
        }
        let text = try DelimitedText(source, dialect: dialect, missing: TableBeginning.missing)
        try await TableRows.read(text, headingLine: found.line, in: ChromatographyVocabulary(), into: output)
    }
}
