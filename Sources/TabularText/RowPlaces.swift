public import IngestCore

/// Where a row and its cells stand in the file, and faults at them.
extension Row {
    public var location: SourceLocation {
        context.source.location(line: line, column: 1)
    }

    /// The place of a cell, at its quote if it has one; behind the end of the row for one it does not have.
    public func location(of column: Int) -> SourceLocation {
        let offset = column < count ? scanner.offset(column) : scanner.length
        if offset < placed.offset { placed = (0, line, 1) }
        let between = UnsafeBufferPointer(rebasing: scanner.record[placed.offset..<offset])
        let place = TextPlace.lineAndColumn(after: between, line: placed.line)
        placed = (offset, place.line, place.line == placed.line ? placed.column + place.column - 1 : place.column)
        return context.source.location(line: placed.line, column: placed.column, field: field(column))
    }

    func heading(_ column: Int) -> String {
        guard let header, column < header.count else { return "column \(column + 1)" }
        return header.distinct[column]
    }

    func field(_ column: Int) -> String? {
        guard let header, column < header.count, !header.names[column].isEmpty else { return nil }
        return header.names[column]
    }

    /// A fault at a cell, with the line it stands in.
    public func fault(
        _ code: String, _ message: String, at column: Int, severity: Diagnostic.Severity = .error, hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(severity, code, message, at: location(of: column), hint: hint, excerpt: excerpt(column))
    }

    private func excerpt(_ column: Int) -> Diagnostic.Excerpt {
        let offset = column < count ? scanner.offset(column) : scanner.length
        let length = column < count ? scanner.bytes(column).count + (scanner.marks(column).contains(.quoted) ? 2 : 0) : 1
        let record = scanner.record
        /// The end of a cut, before the character it would fall into.
        func cut(_ index: Int) -> Int {
            var index = max(0, min(record.count, index))
            while index > 0, index < record.count, record[index] & 0xC0 == 0x80 { index -= 1 }
            return index
        }
        let from = cut(offset - 60), end = cut(offset + min(length, 60)), to = cut(offset + min(length, 60) + 40)
        func text(_ range: Range<Int>) -> String {
            String(decoding: record[range], as: UTF8.self).replacing("\t", with: " ").replacing("\n", with: " ")
                .replacing("\r", with: " ")
        }
        let before = (from > 0 ? "…" : "") + text(from..<offset)
        let inside = text(offset..<end)
        let after = text(end..<to) + (to < record.count ? "…" : "")
        return Diagnostic.Excerpt(text: before + inside + after, start: before.count, length: max(1, inside.count))
    }
}
