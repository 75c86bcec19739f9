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
    /// Texts that mean "no value" besides an empty cell; those the user gave come on top.
    public let missing: Set<String>
    let missingBytes: [[UInt8]]

    private let scanner: DelimitedScanner
    private let row: Row
    var coverage = Coverage()
    private var pendingFields: [KeyedFields] = []
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
    /// - Throws: A ``Diagnostic`` for a text that does not decode.
    public init(_ source: SourceFile, dialect: Dialect? = nil, missing: [String] = []) throws {
        self.source = source
        self.dialect = dialect ?? .sniffed(from: source.opening)
        self.missing = Set(missing + source.given.missing)
        missingBytes = self.missing.map { Array($0.utf8) }
        survey = try TextSurvey(source, separator: self.dialect.separator)
        let stream = TextStream(source, encoding: survey.encoding, mark: survey.mark)
        scanner = DelimitedScanner(stream, separator: self.dialect.separator, quoting: self.dialect.quoting)
        row = Row(scanner)
        source.account.readerStarted()
        row.text = self
    }

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

    /// The last line of the file has no line end, though others have: if the file was cut, its last cell may be too.
    var isLastLineOpen: Bool { scanner.isOpen && scanner.sawLineEnd }

    /// A place for fields that are told as key and value, settled when the file has been read.
    public func keyedFields() -> KeyedFields {
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
        row.text = nil
        source.account.add(coverage)
        source.account.readerFinished()
    }

    /// A number or a missing value of a cell or field.
    func quantity(_ bytes: UnsafeBufferPointer<UInt8>, _ unit: ColumnUnit) throws(CellFault) -> Quantity {
        switch NumberText.read(bytes, mark: survey.decimalMark) {
        case .number(let value, let bound):
            return Quantity(
                written: String(decoding: bytes, as: UTF8.self), value: value, unit: unit.unit, unitWritten: unit.written,
                unitIsFormats: unit.isFormats, bound: bound)
        case .fault(let fault):
            let trimmed = NumberText.trimmed(bytes)
            let absence: Quantity.Absence
            if trimmed.isEmpty {
                absence = .empty
            } else if isMissing(trimmed) {
                absence = .notReported
            } else {
                throw CellFault(fault: fault)
            }
            return Quantity(
                written: String(decoding: bytes, as: UTF8.self), absent: absence, unit: unit.unit,
                unitWritten: unit.written, unitIsFormats: unit.isFormats)
        }
    }

    func isMissing(_ trimmed: UnsafeBufferPointer<UInt8>) -> Bool {
        missingBytes.contains { $0.count == trimmed.count && $0.elementsEqual(trimmed) }
    }

    struct CellFault: Error { let fault: NumberText.Fault }

    /// What is wrong with a text that should be a number, for people.
    func describe(_ fault: NumberText.Fault, _ text: String, _ field: String?) -> (code: String, message: String, hint: String) {
        let place = field.map { ", in column \"\($0)\"" } ?? ""
        let rest = "this row was left out, the others were read"
        switch fault {
        case .notANumber:
            return (
                "table.not-a-number", "\"\(text)\" is not a number\(place)",
                "\(rest); if \"\(text)\" means that there is no value, add --missing \"\(text)\""
            )
        case .otherMark:
            let mark = survey.decimalMark == .comma ? "comma" : "point"
            return (
                "table.other-decimal-mark", "\"\(text)\" does not fit the decimal \(mark) of this file\(place)",
                "\(rest); the file was edited or put together from two, or it groups thousands: export it again"
            )
        case .openMark:
            return (
                "table.open-decimal-mark", "\"\(text)\" could be read in two ways\(place); the file does not settle it",
                "\(rest); say which with --decimal-mark , or --decimal-mark ."
            )
        case .overflow:
            return (
                "table.number-out-of-range", "\"\(text)\" is beyond what a number can hold\(place)",
                "\(rest); correct the file at its source"
            )
        }
    }
}

/// The names of rules by which cells are ignored; nothing is ignored without one.
public enum IgnoreRule: String, Sendable {
    case separatorLine, ruler, pageNumber, repeatedHeading, totalRow, sectionEnd, summaryRow, endMark
}
