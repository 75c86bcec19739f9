public import IngestCore

/// Fields that a file tells as key and value, line by line: a preamble, an INI-like section.
///
/// What is asked for becomes a description; ``unread`` takes all that was not as extras, so nothing is dropped. The same
/// key may stand twice; asking gives the first.
public final class KeyedFields {
    private struct Field {
        var key: String
        var values: [String]
        var cells: Int
        var location: SourceLocation
        var excerpt: Diagnostic.Excerpt
        var fate = Row.Fate.open
    }

    private unowned let text: DelimitedText
    private var fields: [Field] = []
    private var isSettled = false

    init(_ text: DelimitedText) { self.text = text }

    /// Takes a row: the key from its first cell (a colon behind it is dropped), its value from the others.
    /// - Parameters:
    ///   - columns: The cells that belong to the key, for lines that tell several; all of them when `nil`.
    ///   - section: Put before the key of extras, for keys that several sections share.
    public func take(_ row: Row, columns: Range<Int>? = nil, section: String? = nil) {
        let columns = (columns ?? 0..<row.count).clamped(to: 0..<row.count)
        guard let first = columns.first else { return }
        row.mark(first, .described)
        var values: [String] = []
        var cells = 0
        for column in columns.dropFirst() {
            values.append(row.text(at: column))
            if !row.isEmpty(column) { cells += 1 }
            row.mark(column, .deferred)
        }
        while let last = values.last, last.trimmed.isEmpty { values.removeLast() }
        var key = row[first]
        if key.hasSuffix(":") { key.removeLast() }
        let place = row.fault("", "", at: min(first + 1, columns.upperBound - 1))
        fields.append(
            Field(
                key: (section.map { $0 + " " } ?? "") + key.trimmed, values: values, cells: cells, location: place.location,
                excerpt: place.excerpt ?? Diagnostic.Excerpt(text: "", start: 0, length: 1)))
    }

    /// The keys, in file order.
    public var keys: [String] { fields.map(\.key) }

    /// The first value under a key, without blanks at the ends; `nil` when the key is not there or has no value.
    public subscript(key: String) -> String? { values(key)?.first { !$0.isEmpty } }

    /// All values under a key.
    public func values(_ key: String) -> [String]? {
        guard let index = fields.firstIndex(where: { $0.key == key }) else { return nil }
        fields[index].fate = .described
        let values = fields[index].values.map(\.trimmed)
        return values.allSatisfy(\.isEmpty) ? nil : values
    }

    /// The whole value under a key, with the separators of the file in it: for a text that may hold some without quotes.
    public func text(_ key: String) -> String? {
        guard values(key) != nil, let field = fields.first(where: { $0.key == key }) else { return nil }
        return field.values.joined(separator: String(UnicodeScalar(text.dialect.separator))).trimmed
    }

    /// The value under a key as a number; `nil` when there is none.
    /// - Throws: A ``Diagnostic`` at the value when it is no number.
    public func quantity(_ key: String, _ unit: ColumnUnit = .none) throws -> Quantity? {
        guard self[key] != nil, let field = fields.first(where: { $0.key == key }) else { return nil }
        var written = field.values[0]
        do {
            let quantity = try written.withUTF8 { try text.context.quantity($0, unit) }
            return quantity
        } catch let error as TextContext.CellFault {
            let parts = text.context.describe(error.fault, written.trimmed, key)
            throw Diagnostic(parts.code, parts.message, at: field.location, hint: parts.hint, excerpt: field.excerpt)
        }
    }

    /// The value under a key as a whole number; `nil` when there is none.
    public func integer(_ key: String) throws -> Int? {
        guard let written = self[key] else { return nil }
        guard let value = Int(written) else {
            throw fault("table.not-a-whole-number", "\"\(written)\" is not a whole number", at: key)
        }
        return value
    }

    /// The value under a key as a time, with that of a second key behind it; `nil` when there is none.
    public func timestamp(_ key: String, joinedTo second: String? = nil) throws -> Timestamp? {
        guard let written = self[key] else { return nil }
        let whole = second.flatMap { self[$0] }.map { written + " " + $0 } ?? written
        guard let time = text.context.timestamp(whole) else {
            throw fault("table.not-a-time", "\"\(whole)\" is not a date and time", at: key)
        }
        return time
    }

    /// A fault at the value of a key.
    public func fault(
        _ code: String, _ message: String, at key: String, severity: Diagnostic.Severity = .error, hint: String? = nil
    ) -> Diagnostic {
        let field = fields.first { $0.key == key }
        return Diagnostic(
            severity, code, message, at: field?.location ?? text.source.location(), hint: hint, excerpt: field?.excerpt)
    }

    /// Every value nobody asked for, under its key; several values are joined by the separator of the file.
    public var unread: Extras {
        var extras = Extras()
        let separator = String(UnicodeScalar(text.dialect.separator))
        for index in fields.indices where fields[index].fate == .open {
            fields[index].fate = .extra
            if fields[index].cells > 0 { extras.add(fields[index].key, fields[index].values.joined(separator: separator)) }
        }
        return extras
    }

    /// Ignores what nobody asked for, by a rule.
    public func ignoreRest(_ rule: IgnoreRule) {
        for index in fields.indices where fields[index].fate == .open { fields[index].fate = .ignored }
    }

    /// Leaves out what nobody asked for, when the file is given up for a fault of its own.
    func leaveOut() {
        for index in fields.indices where fields[index].fate == .open { fields[index].fate = .leftOut }
    }

    func settle() {
        guard !isSettled else { return }
        isSettled = true
        for field in fields {
            text.context.coverage.values += field.cells
            switch field.fate {
            case .described: text.context.coverage.described += field.cells
            case .extra: text.context.coverage.extras += field.cells
            case .ignored: text.context.coverage.ignored += field.cells
            default:
                text.context.coverage.leftOut += field.cells
                guard field.fate == .open, field.cells > 0 else { continue }
                text.source.account.report(
                    Diagnostic(
                        "adapter.unread-cell", "the adapter read past the field \"\(field.key)\"", at: field.location,
                        hint: "this is a fault of the adapter, not of the file; please report it", excerpt: field.excerpt))
            }
        }
    }
}
