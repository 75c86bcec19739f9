import IngestCore

/// Where the headings of a table stand: an adapter often has gone on to a row below before it knows them.
enum HeadingPlaces {
    /// So many lines are looked through; further down, the row at hand stands for the headings.
    static let mostLines = 2000

    /// The line of the headings and the character that each begins at.
    static func find(_ header: Header, above row: Row) -> (line: Int?, characters: [Int]) {
        if row.repeats(header) {
            return (row.line, (0..<row.count).map { row.lineAndColumn(of: $0).column })
        }
        guard row.line <= mostLines else { return (row.line, []) }
        // What is wrong with the text is told by the reading itself; here only a place stays unknown.
        return (try? search(header, upTo: row)) ?? (row.line, [])
    }

    private static func search(_ header: Header, upTo row: Row) throws -> (line: Int?, characters: [Int]) {
        let context = row.context
        let scanner = DelimitedScanner(
            TextStream(context.source, encoding: context.survey.encoding, mark: context.survey.mark), context.dialect)
        while scanner.line < row.line, try scanner.next() {
            guard isHeading(scanner, header, context.quote) else { continue }
            let characters = (0..<scanner.count).map { cell in
                let before = UnsafeBufferPointer(rebasing: scanner.record[0..<scanner.offset(cell)])
                return TextPlace.lineAndColumn(after: before, line: scanner.line).column
            }
            return (scanner.line, characters)
        }
        return (row.line, [])
    }

    private static func isHeading(_ scanner: DelimitedScanner, _ header: Header, _ quote: UInt8) -> Bool {
        guard scanner.count >= header.count, header.count > 0 else { return false }
        return (0..<header.count).allSatisfy { cell in
            let text = String(decoding: scanner.bytes(cell), as: UTF8.self).trimmed
            let heading = header.names[cell]
            guard quote != 0 else { return text == heading }
            let mark = String(UnicodeScalar(quote))
            return text == heading || text.replacing(mark + mark, with: mark) == heading
        }
    }
}

extension Header {
    /// The headings for ``Layout``, with their units.
    func layout(of row: Row) -> Layout.Table {
        let separator: String
        switch row.context.dialect.separator {
        case UInt8(ascii: "\t"): separator = "tab"
        case UInt8(ascii: " "): separator = "blank"
        case let byte: separator = "\"\(Character(UnicodeScalar(byte)))\""
        }
        let columns = zip(distinct, units).map { Layout.Column(String($0.prefix(100)), unit: $1.written) }
        return Layout.Table(columns: columns, separator: separator, member: row.context.source.location().member, line: nil)
    }
}
