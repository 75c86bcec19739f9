public import IngestCore

/// Where a row and its cells stand in the file, and faults at them.
extension Row {
    public var location: SourceLocation {
        context.location(line: line, column: 1)
    }

    /// The place of a cell, at its quote if it has one; behind the end of the row for one it does not have.
    public func location(of column: Int) -> SourceLocation {
        let place = lineAndColumn(of: column)
        return context.location(line: place.line, column: place.column, field: field(column))
    }

    func lineAndColumn(of column: Int) -> (line: Int, column: Int) {
        let offset = span(of: column).lowerBound
        if offset < placed.offset { placed = (0, line, 1) }
        let between = UnsafeBufferPointer(rebasing: scanner.record[placed.offset..<offset])
        let place = TextPlace.lineAndColumn(after: between, line: placed.line)
        placed = (offset, place.line, place.line == placed.line ? placed.column + place.column - 1 : place.column)
        return (placed.line, placed.column)
    }

    /// The bytes of the record to show for a cell, with its quotes; one byte behind the end for a cell it does not have.
    func span(of column: Int) -> Range<Int> {
        guard column < count else { return scanner.length..<scanner.length + 1 }
        let offset = scanner.offset(column)
        return offset..<offset + scanner.bytes(column).count + (scanner.marks(column).contains(.quoted) ? 2 : 0)
    }

    func heading(_ column: Int) -> String {
        guard let header, column < header.count else { return "column \(column + 1)" }
        return header.distinct[column]
    }

    func field(_ column: Int) -> String? { header?.heading(of: column) }

    /// The row for those who may have to show a place in it when it is gone; one for all of its fields.
    func kept() -> KeptRow {
        if let lastKept { return lastKept }
        let row = KeptRow(scanner.record, header)
        lastKept = row
        return row
    }

    /// A fault at a cell, with the line it stands in.
    public func fault(
        _ code: String, _ message: String, at column: Int, severity: Diagnostic.Severity = .error, hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            severity, code, message, at: location(of: column), hint: hint,
            excerpt: Diagnostic.Excerpt(span(of: column), of: scanner.record))
    }
}

extension Diagnostic.Excerpt {
    /// Some bytes of a record with what stands around them.
    init(_ span: Range<Int>, of record: UnsafeBufferPointer<UInt8>) {
        /// The end of a cut, before the character it would fall into.
        func cut(_ index: Int) -> Int {
            var index = max(0, min(record.count, index))
            while index > 0, index < record.count, record[index] & 0xC0 == 0x80 { index -= 1 }
            return index
        }
        let from = cut(span.lowerBound - 60), end = cut(span.lowerBound + min(span.count, 60))
        let to = cut(span.lowerBound + min(span.count, 60) + 40)
        let before = (from > 0 ? "…" : "") + Self.onOneLine(record[from..<span.lowerBound])
        let inside = Self.onOneLine(record[span.lowerBound..<end])
        let after = Self.onOneLine(record[end..<to]) + (to < record.count ? "…" : "")
        self.init(text: before + inside + after, start: before.count, length: max(1, inside.count))
    }

    /// With blanks for tabs and line ends.
    private static func onOneLine(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        String(decoding: bytes.map { [9, 10, 13].contains($0) ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }
}
