public import IngestCore

/// Reads delimited text row by row, and keeps account of every cell: what an adapter takes from a row, and what it
/// leaves, is counted here and not by the adapter.
///
/// ```swift
/// let text = try DelimitedText(source)
/// while let row = try text.next() {
///     if row.isBlank { continue }
///     try await output.emitResult { try peak(from: row) }
/// }
/// ```
///
/// A row is good until the next one is read. A cell that nobody took by then is a fault of the adapter, and is reported.
public final class DelimitedText {
    public let source: SourceFile
    public let dialect: Dialect
    public let survey: TextSurvey
    let context: TextContext

    let scanner: DelimitedScanner
    let row: Row
    /// Room for ``points(of:after:)``.
    var points: UnsafeMutablePointer<Double>?
    /// Those that are not settled yet, but for the last few.
    private var pendingFields: [KeyedFields] = []
    /// Beyond so many, the settled ones among them are let go.
    private var mostPendingFields = 16
    private var isFinished = false
    private var sawSeparatorLine = false

    /// Called once when the last row has been read, before the account is closed: the last moment to ask
    /// ``KeyedFields``, for formats that tell things behind their tables.
    public var atEnd: (() -> Void)?

    /// Surveys the file and begins at its first line.
    ///
    /// - Parameters:
    ///   - dialect: How cells are set apart; sniffed from the beginning when `nil`.
    ///   - missing: The texts of this format that mean "no value", such as `n.a.`.
    ///   - absent: Those that say why there is none: `["OVER": .overflow]`.
    ///   - dateOrder: The order of day and month that the format documents, for files that do not show it.
    /// - Throws: A ``Diagnostic`` for a text that does not decode.
    public init(
        _ source: SourceFile, dialect: Dialect? = nil, missing: [String] = [], absent: [String: Quantity.Absence] = [:],
        dateOrder: DateOrder? = nil
    ) throws {
        self.source = source
        self.dialect = dialect ?? .sniffed(from: source.opening)
        survey = try TextSurvey(source, self.dialect, dateOrder: dateOrder)
        context = TextContext(source, survey, self.dialect, missing: missing, absent: absent)
        let stream = TextStream(source, encoding: survey.encoding, mark: survey.mark)
        scanner = DelimitedScanner(stream, self.dialect)
        row = Row(scanner, context)
        source.account.readerStarted()
    }

    deinit { points?.deallocate() }

    /// Texts that mean "no value" besides an empty cell: those of the format, and those the user gave.
    public var missing: Set<String> { context.missing }

    /// The next row, blank ones too; `nil` at the end.
    /// - Throws: A ``Diagnostic`` that stops the file.
    public func next() throws -> Row? {
        row.settle()
        guard try scanner.next() else {
            finish()
            return nil
        }
        row.begin()
        if scanner.line == 1, !sawSeparatorLine, row.text(at: 0).lowercased().hasPrefix("sep=") {
            sawSeparatorLine = true
            row.ignore(.separatorLine)
            return try next()
        }
        return row
    }

    /// A place for fields that are told as key and value, settled when the file has been read, or before when their section
    /// is over (``KeyedFields/settle()``).
    public func keyedFields() -> KeyedFields {
        // Not each time, for some have many that stay open.
        if pendingFields.count >= mostPendingFields {
            pendingFields.removeAll(where: \.isSettled)
            mostPendingFields = max(16, 2 * pendingFields.count)
        }
        let fields = KeyedFields(self)
        pendingFields.append(fields)
        return fields
    }

    private func finish() {
        guard !isFinished else { return }
        isFinished = true
        atEnd?()
        atEnd = nil
        for fields in pendingFields { fields.settle() }
        source.account.add(context.coverage)
        source.account.readerFinished()
    }
}

/// The names of rules by which cells are ignored; nothing is ignored without one.
public enum IgnoreRule: String, Sendable {
    case separatorLine, ruler, pageNumber, repeatedHeading, totalRow, sectionEnd, summaryRow, endMark
    /// What a file beside it says too, and says alike.
    case twin
}
