import IngestCore
import TabularText

/// Which columns of unknown heading hold numbers: they become measurements, the others extras.
enum NumericColumns {
    /// Judged by the rows at the beginning of the file: a column holds numbers when at least two thirds of its cells with
    /// text are some.
    static func find(_ rows: [[String]], columns: Int, in text: DelimitedText) -> Set<Int> {
        find(rows, columns: columns, missing: text.missing, isNumber: text.isNumber)
    }

    /// - Parameter missing: The texts that mean "no value".
    static func find(
        _ rows: [[String]], columns: Int, missing: Set<String>, isNumber: (String) -> Bool
    ) -> Set<Int> {
        var numeric: Set<Int> = []
        for column in 0..<columns {
            var numbers = 0
            var others = 0
            for row in rows where column < row.count {
                let cell = row[column].trimmed
                if cell.isEmpty || missing.contains(cell) { continue }
                if isNumber(cell) { numbers += 1 } else { others += 1 }
            }
            if numbers > 0, numbers >= 2 * others { numeric.insert(column) }
        }
        return numeric
    }

    /// Judged by the first row and those that follow it at the beginning of the file, for tables that begin anywhere: beyond
    /// it by the first row alone.
    /// - Parameter known: The headings that the format knows besides those that everybody does.
    static func find(in row: Row, below header: Header, known: [String: ColumnField], in text: DelimitedText) -> Set<Int> {
        let below = text.source.opening.wholeLines.dropFirst(row.line).lazy.map { text.dialect.cells(of: $0) }
            .prefix { $0.count >= header.count }
        return find([row.cells] + below, columns: header.count, in: text).filter {
            ColumnHeading.field(header.names[$0]) == nil && known[header.names[$0]] == nil
        }
    }
}

extension DelimitedText {
    /// Whether a cell is a number, by the decimal mark of the file.
    func isNumber(_ cell: String) -> Bool {
        if case .number = NumberText.read(cell, mark: survey.decimalMark) { true } else { false }
    }
}

extension SourceOpening {
    /// The lines that are there as a whole: where the file is longer than the opening, the last one may be cut.
    var wholeLines: ArraySlice<String> { lines.dropLast(bytes.count == SourceOpening.length ? 1 : 0) }
}
