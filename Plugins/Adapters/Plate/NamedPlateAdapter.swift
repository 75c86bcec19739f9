public import IngestCore
import TabularText

/// Reads any delimited table of doses and responses whose columns somebody named, whatever they are called.
///
///     Probe;Zugabe [µM];Platte 1;Platte 2
///     HT-7;0,5;98,1;97,4
///
/// With `Zugabe` as the dose, `Platte 1` and `Platte 2` as responses:
///
/// - The header is the first line with all the named columns. A name fits in any case and without the unit behind it; one
///   that fits several columns fits none of them better, and is an error.
/// - Each line below becomes one ``ResultRecord``, a well: the named dose is its `dose`, in the unit of the heading, of a
///   line of units or of a column of units. A named logarithm of a dose is read as it stands, without a unit.
/// - Each named response keeps its own heading, as in `plate.wide`; those measurements, and no others, are the responses
///   (``headings(in:)``).
/// - The named curves are the sample, joined by ` · ` in the order of their names.
/// - What is not named is what it is in `plate.long` and `plate.wide`. Beside named responses, though, other responses,
///   doses and numbers of unknown heading are extras; beside a named dose no other column is one.
///
/// It is made for one table, and is in no roster.
public struct NamedPlateAdapter: InstrumentAdapter {
    private let columns: PlateColumns

    public init(_ columns: PlateColumns) { self.columns = columns }

    public let identity = AdapterIdentity(
        "plate.named", version: 1, instrument: "any delimited table of doses and responses, by the names of its columns")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        // Why the columns are not there is told by missing(in:).
        guard let table = try? NamedPlateTable(columns, opening) else { return .no }
        let names = NamedPlateVocabulary(columns, table).written.all.joined(separator: "\", \"")
        return .certain(because: "line \(table.line) has the columns \"\(names)\"")
    }

    /// The headings of the named columns as the file writes them, in the order they were named, each once; `nil` where
    /// ``missing(in:)`` says why. A measurement of the records is a response when it is `own` and has the name of one of
    /// the `responses`.
    public func headings(in opening: SourceOpening) -> PlateColumns? {
        // As above.
        guard let table = try? NamedPlateTable(columns, opening) else { return nil }
        return NamedPlateVocabulary(columns, table).written
    }

    /// Why the columns are not to be found, as a sentence without its full stop; `nil` where they are.
    public func missing(in opening: SourceOpening) -> String? {
        do throws(NamedPlateTable.Absence) {
            _ = try NamedPlateTable(columns, opening)
            return nil
        } catch {
            return error.message
        }
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let table: NamedPlateTable
        do throws(NamedPlateTable.Absence) {
            table = try NamedPlateTable(columns, source.opening)
        } catch {
            throw Diagnostic(
                "table.no-header", error.message, at: source.location(line: error.line),
                hint: "name the columns as their line of headings does, each column by a name of its own")
        }
        let text = try DelimitedText(source, dialect: table.dialect, missing: PlateVocabulary.missing)
        try await TableRows.read(
            text, headingLine: table.line, in: NamedPlateVocabulary(columns, table), into: output)
    }
}
