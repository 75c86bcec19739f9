public import IngestCore

/// Fields that a file tells as key and value, line by line: a preamble, an INI-like section.
///
/// What is asked for becomes a description, value by value; ``unread`` takes all that was not as extras, so nothing is
/// dropped. The same key may stand twice; asking gives the first.
public final class KeyedFields {
    private struct Field {
        var key: String
        var values: [Value]
        /// The place of the key, or of the first value.
        var place: Place
        let row: KeptRow

        var firstValue: Int? { values.firstIndex { !$0.isEmpty } }

        mutating func take(_ fate: Row.Fate) {
            for index in values.indices where values[index].fate == .open { values[index].fate = fate }
        }
    }

    private struct Value {
        var text: String
        var place: Place
        var fate = Row.Fate.open
        var isEmpty: Bool { text.trimmed.isEmpty }
    }

    /// The place of a cell, and its bytes in the row.
    private struct Place {
        var line: Int, column: Int, span: Range<Int>
        /// The number of the cell, from 0.
        var cell: Int

        init(_ row: Row, _ cell: Int) {
            (line, column) = row.lineAndColumn(of: cell)
            span = row.span(of: cell)
            self.cell = cell
        }
    }

    private let context: TextContext
    private let separator: String
    private var fields: [Field] = []
    private(set) var isSettled = false
    /// Asked for, and not there.
    private var missed: Set<String> = []

    /// The keys that a format is known to have beside those that are asked for. Where it is set, a key that is kept and is
    /// none of them is told.
    public var known: Set<String>?

    init(_ text: DelimitedText) {
        context = text.context
        separator = String(UnicodeScalar(text.dialect.separator))
    }

    /// Takes a row: the key from its first cell (a colon behind it is dropped), its value from the others.
    /// - Parameters:
    ///   - columns: The cells that belong to the key, for lines that tell several; all of them when `nil`.
    ///   - section: Put before the key of extras, for keys that several sections share.
    public func take(_ row: Row, columns: Range<Int>? = nil, section: String? = nil) {
        let columns = (columns ?? 0..<row.count).clamped(to: 0..<row.count)
        guard let first = columns.first else { return }
        row.mark(first, .described)
        var key = row[first]
        if key.hasSuffix(":") { key.removeLast() }
        let place = Place(row, min(first + 1, columns.upperBound - 1))
        var values: [Value] = []
        for column in columns.dropFirst() {
            let isFirst = column == first + 1
            values.append(
                Value(text: row.text(at: column), place: isFirst || row.isEmpty(column) ? place : Place(row, column)))
            row.mark(column, .deferred)
        }
        while let last = values.last, last.isEmpty { values.removeLast() }
        fields.append(
            Field(key: (section.map { $0 + " " } ?? "") + key.trimmed, values: values, place: place, row: row.kept()))
    }

    /// Takes a row as further values of the field taken last: a line that goes on where the one above it was full.
    public func takeFurther(_ row: Row) {
        guard let last = fields.indices.last else { return }
        for column in 0..<row.count where !row.isEmpty(column) {
            fields[last].values.append(Value(text: row.text(at: column), place: Place(row, column)))
            row.mark(column, .deferred)
        }
    }

    /// Takes over what others hold; they are empty then.
    public func take(_ others: KeyedFields) {
        fields += others.fields
        others.fields = []
    }

    /// The keys, in file order.
    public var keys: [String] { fields.map(\.key) }

    /// The first value under a key, without blanks at the ends; `nil` when the key is not there or has no value.
    public subscript(key: String) -> String? { first(key)?.text.trimmed }

    /// Takes the first value under a key that has one.
    private func first(_ key: String) -> Value? {
        guard let index = fields.firstIndex(where: { $0.key == key }) else {
            missed.insert(key)
            return nil
        }
        guard let value = fields[index].firstValue else { return nil }
        fields[index].values[value].fate = .described
        return fields[index].values[value]
    }

    /// All values under a key.
    public func values(_ key: String) -> [String]? {
        guard let index = fields.firstIndex(where: { $0.key == key }) else {
            missed.insert(key)
            return nil
        }
        for value in fields[index].values.indices { fields[index].values[value].fate = .described }
        return fields[index].firstValue == nil ? nil : fields[index].values.map(\.text.trimmed)
    }

    /// The whole value under a key, with the separators of the file in it: for a text that may hold some without quotes.
    public func text(_ key: String) -> String? {
        guard values(key) != nil, let field = fields.first(where: { $0.key == key }) else { return nil }
        return field.values.map(\.text).joined(separator: separator).trimmed
    }

    /// The value under a key as a number; `nil` when there is none. The cell behind it may be its unit: `10.0, ul`.
    /// - Throws: A ``Diagnostic`` at the value when it is no number, or is followed by anything but its unit.
    public func quantity(_ key: String, _ unit: StatedUnit = .none) throws -> Quantity? {
        guard let value = first(key) else { return nil }
        let unit = try stated(behind: key, unit)
        var written = value.text
        do {
            return try written.withUTF8 { try context.quantity($0, unit) }
        } catch let error as TextContext.CellFault {
            let parts = context.describe(error.fault, written.trimmed, nil)
            throw fault(parts.code, parts.message + ", in field \"\(key)\"", at: key, hint: parts.hint)
        }
    }

    /// The unit in the cell behind a value, if there is one; else `unit`, which another must not contradict.
    private func stated(behind key: String, _ unit: StatedUnit) throws -> StatedUnit {
        guard let (field, rest) = rest(key), let next = rest.first else { return unit }
        let stated = StatedUnit(written: fields[field].values[next].text.trimmed)
        guard rest.count == 1, stated.unit != nil, unit.unit == nil || unit.unit == stated.unit else {
            throw notAlone(key)
        }
        fields[field].values[next].fate = .described
        return unit.unit == nil ? stated : unit
    }

    /// The filled cells behind the first value of a key.
    private func rest(_ key: String) -> (field: Int, values: [Int])? {
        guard let index = fields.firstIndex(where: { $0.key == key }), let first = fields[index].firstValue else {
            return nil
        }
        return (index, fields[index].values.indices.filter { $0 > first && !fields[index].values[$0].isEmpty })
    }

    private func notAlone(_ key: String) -> Diagnostic {
        let values = fields.first { $0.key == key }?.values.map(\.text.trimmed).filter { !$0.isEmpty } ?? []
        return fault(
            "table.further-value",
            "\"\(values[0])\" is followed by \"\(values[1])\", in field \"\(key)\", where one number was expected",
            at: key, hint: "perhaps the separator of this file cut the number in two: export it with another")
    }

    /// As ``quantity(_:_:)``, of a field that is measured: one of `count` values under a key, from 0.
    /// - Throws: A ``Diagnostic`` at the value when it is no number, or when there are more or fewer than `count` values.
    public func measured(_ key: String, _ place: Int = 0, of count: Int = 1, _ unit: StatedUnit = .none) throws -> Quantity? {
        guard let index = fields.firstIndex(where: { $0.key == key }) else { return nil }
        guard fields[index].values.count == count else {
            if fields[index].values.isEmpty { return nil }
            throw fault(
                "table.further-value",
                "\(fields[index].values.count) values stand under \"\(key)\", where \(count) \(count == 1 ? "is" : "are") expected",
                at: key, hint: "a value is missing or was inserted: export the file again")
        }
        let value = fields[index].values[place]
        var written = value.text
        do {
            let quantity = try written.withUTF8 { try context.quantity($0, unit) }
            fields[index].values[place].fate = .measured
            return quantity
        } catch let error as TextContext.CellFault {
            let parts = context.describe(error.fault, written.trimmed, nil)
            throw fault(
                .error, parts.code, parts.message + ", in field \"\(key)\"", at: value.place, in: fields[index].row,
                hint: parts.hint)
        }
    }

    /// The value under a key as a whole number; `nil` when there is none.
    /// - Throws: A ``Diagnostic`` at the value when it is no whole number, or is followed by another value.
    public func integer(_ key: String) throws -> Int? {
        guard let written = self[key] else { return nil }
        guard rest(key)?.values.isEmpty ?? true else { throw notAlone(key) }
        guard let value = Int(written) else {
            throw fault("table.not-a-whole-number", "\"\(written)\" is not a whole number", at: key)
        }
        return value
    }

    /// The value under a key as a time, with that of a second key behind it; `nil` when there is none.
    public func timestamp(_ key: String, joinedTo second: String? = nil) throws -> Timestamp? {
        guard let written = self[key] else { return nil }
        let whole = second.flatMap { self[$0] }.map { written + " " + $0 } ?? written
        guard let time = context.timestamp(whole) else {
            throw fault("table.not-a-time", "\"\(whole)\" is not a date and time", at: key)
        }
        return time
    }

    /// A fault at the value of a key.
    public func fault(
        _ code: String, _ message: String, at key: String, severity: Diagnostic.Severity = .error, hint: String? = nil
    ) -> Diagnostic {
        guard let field = fields.first(where: { $0.key == key }) else {
            return Diagnostic(severity, code, message, at: context.source.location(), hint: hint)
        }
        let place = field.firstValue.map { field.values[$0].place } ?? field.place
        return fault(severity, code, message, at: place, in: field.row, hint: hint)
    }

    private func fault(
        _ severity: Diagnostic.Severity, _ code: String, _ message: String, at place: Place, in row: KeptRow, hint: String?
    ) -> Diagnostic {
        Diagnostic(
            severity, code, message,
            at: context.location(line: place.line, column: place.column, field: row.heading(of: place.cell)),
            hint: hint, excerpt: row.excerpt(place.span))
    }

    /// Every value nobody asked for, under its key; several values are joined by the separator of the file.
    public var unread: Extras {
        var extras = Extras()
        for index in fields.indices {
            let open = fields[index].values.filter { $0.fate == .open }
            fields[index].take(.extra)
            guard open.contains(where: { !$0.isEmpty }) else { continue }
            extras.add(fields[index].key, open.map(\.text).joined(separator: separator))
        }
        return extras
    }

    /// Ignores what nobody asked for, by a rule.
    public func ignoreRest(_ rule: IgnoreRule) {
        for index in fields.indices { fields[index].take(.ignored) }
    }

    /// Leaves out what nobody asked for, when the file is given up for a fault of its own.
    public func leaveOut() {
        for index in fields.indices { fields[index].take(.leftOut) }
    }

    /// Leaves out every value, also what was asked for: the result that they make has a fault.
    public func leaveOutAll() {
        for index in fields.indices {
            for value in fields[index].values.indices { fields[index].values[value].fate = .leftOut }
        }
    }

    /// Closes the account of these fields, of which nobody asks any more: what was not asked for is told. Done for all that
    /// are open when the file has been read; a section that ends before lets its fields go with it.
    public func settle() {
        guard !isSettled else { return }
        isSettled = true
        for field in fields {
            if field.values.contains(where: { $0.fate == .extra }) { watch(field) }
            for value in field.values where !value.isEmpty {
                context.coverage.values += 1
                switch value.fate {
                case .described: context.coverage.described += 1
                case .measured: context.coverage.measured += 1
                case .extra: context.coverage.extras += 1
                case .ignored: context.coverage.ignored += 1
                default:
                    context.coverage.leftOut += 1
                    guard value.fate == .open else { continue }
                    context.account.report(
                        fault(
                            .error, "adapter.unread-cell", "the adapter read past the field \"\(field.key)\"",
                            at: value.place, in: field.row,
                            hint: "this is a fault of the adapter, not of the file; please report it"))
                }
            }
        }
    }

    /// Tells a key that is kept and means nothing to the reader: it is another name of one that is missing, or none of the
    /// format. Once in a file for the same key.
    private func watch(_ field: Field) {
        // A folder in the place of a key is not told: it may name a person.
        // Nor is one that was asked for before it came: the reader knows it.
        guard !(known == nil && missed.isEmpty), known?.contains(field.key) != true, !missed.contains(field.key),
            !field.key.contains(where: { $0 == "\\" || $0 == "/" }) || field.key.count < 24, context.isNewKey(field.key)
        else { return }
        let near = field.key.count > 3 ? NearestName.of(field.key, among: missed.sorted()) : nil
        if let near, abs(near.count - field.key.count) <= 2 {
            context.account.report(
                fault(
                    .warning, "table.unknown-key", "\"\(field.key)\" is no key that is known; \"\(near)\" is near, and missing",
                    at: field.place, in: field.row,
                    hint: "it is kept under its own key; if it is that, it was changed or damaged: correct it at its source"))
        } else if known != nil {
            context.account.report(
                fault(
                    .note, "table.unknown-key", "\"\(field.key)\" is no key that is known", at: field.place, in: field.row,
                    hint: "it is kept under its own key"))
        }
    }
}

/// A row that is gone, for the places in it: its text, and its headings.
final class KeptRow {
    private let record: [UInt8]
    private let header: Header?

    init(_ record: UnsafeBufferPointer<UInt8>, _ header: Header?) {
        self.record = Array(record)
        self.header = header
    }

    func heading(of cell: Int) -> String? { header?.heading(of: cell) }

    func excerpt(_ span: Range<Int>) -> Diagnostic.Excerpt { record.withUnsafeBufferPointer { Diagnostic.Excerpt(span, of: $0) } }
}
