import IngestCore
import TabularText

/// The records at the beginning of a file, taken apart once for all lines that may be the heading of a table.
struct PlateRows {
    private let opening: SourceOpening
    private let dialect: Dialect
    /// Those of more than one cell; `nil` before somebody asks.
    private var records: [(line: Int, cells: [String])]?
    /// Whether they are like another heading, as far as was asked.
    private var isHeading: [Bool?] = []

    init(_ opening: SourceOpening, _ dialect: Dialect) {
        self.opening = opening
        self.dialect = dialect
    }

    /// What can be seen of a table below the heading that begins on a line: its rows, up to another heading.
    mutating func below(_ heading: Int) -> [[String]] {
        let records = takeApart()
        var rows: [[String]] = []
        for index in records.indices where records[index].line > heading {
            let cells = records[index].cells
            let isHeading = self.isHeading[index] ?? (PlateVocabulary().likeness(cells) != .none)
            self.isHeading[index] = isHeading
            if isHeading { break }
            rows.append(cells)
        }
        return rows
    }

    private mutating func takeApart() -> [(line: Int, cells: [String])] {
        if let records { return records }
        let records = dialect.records(of: opening.wholeLines).filter { $0.cells.count > 1 }
        self.records = records
        isHeading = Array(repeating: nil, count: records.count)
        return records
    }
}
