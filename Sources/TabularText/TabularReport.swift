public import IngestCore

/// The common shape of a report: a preamble of keys and values, a header, and rows below it to the end.
///
/// For formats with more to them, use ``DelimitedText`` row by row.
public final class TabularReport {
    /// The lines above the header; ask by key. What is not asked for by the end of the file must be taken by
    /// ``KeyedFields/unread``.
    public let preamble: KeyedFields
    public let header: Header
    /// The rows below the header: those that do not fit it were left out and reported, blank ones passed over.
    public let rows: Rows

    /// Reads up to the header, the first line whose first cell is `headerStartsWith`.
    /// - Parameters:
    ///   - dialect: How cells are set apart; sniffed from the beginning when `nil`.
    ///   - missing: The texts of this format that mean "no value", such as `n.a.`.
    ///   - absent: Those that say why there is none: `["OVER": .overflow]`.
    ///   - dateOrder: The order of day and month that the format documents, for files that do not show it.
    /// - Throws: A ``Diagnostic`` when the text does not decode or has no such line.
    public convenience init(
        _ source: SourceFile, headerStartsWith first: String, dialect: Dialect? = nil, missing: [String] = [],
        absent: [String: Quantity.Absence] = [:], dateOrder: DateOrder? = nil
    ) async throws {
        let text = try DelimitedText(source, dialect: dialect, missing: missing, absent: absent, dateOrder: dateOrder)
        let preamble = text.keyedFields()
        // Without a header nobody comes to ask for the lines above it: the error below says all there is to say.
        text.atEnd = { preamble.leaveOut() }
        while let row = try text.next() {
            if row.isBlank { continue }
            guard row[0] == first else {
                preamble.take(row)
                continue
            }
            text.atEnd = nil
            let header = Header(row.cells)
            row.describe()
            row.header = header
            self.init(text: text, preamble: preamble, header: header)
            return
        }
        throw Diagnostic(
            "table.no-header", "no line begins with \"\(first)\"", at: source.location(),
            hint: "the file is cut, or is another format: try ingest detect")
    }

    private init(text: DelimitedText, preamble: KeyedFields, header: Header) {
        self.preamble = preamble
        self.header = header
        rows = Rows(text: text, header: header)
    }

    public struct Rows: AsyncSequence {
        let text: DelimitedText
        let header: Header

        public func makeAsyncIterator() -> Iterator { Iterator(text: text, header: header) }

        public struct Iterator: AsyncIteratorProtocol {
            let text: DelimitedText
            let header: Header

            public mutating func next() async throws -> Row? {
                while let row = try text.next() {
                    if !row.isBlank, row.fits(header) { return row }
                }
                return nil
            }
        }
    }

    public typealias Row = TabularText.Row
}
