public import IngestCore
public import TabularText

/// Everything a reading of a text gives: its rows, or the fault that stopped it.
public struct TextReading: Equatable, Sendable {
    public struct Record: Equatable, Sendable {
        public var line: Int
        public var cells: [String]
        /// The line and column of each cell.
        public var places: [String]

        public static func == (left: Record, right: Record) -> Bool {
            // By bytes: `==` of texts takes a letter and its accent for the letter with the accent.
            left.line == right.line && left.places == right.places
                && left.cells.map { Array($0.utf8) } == right.cells.map { Array($0.utf8) }
        }
    }

    public var records: [Record] = []
    public var fault: Diagnostic?
    public var isOpen = false

    public init(_ source: SourceFile, dialect: Dialect? = .comma) {
        do {
            let text = try DelimitedText(source, dialect: dialect)
            while let row = try text.next() {
                row.describe()
                isOpen = row.isOpenEnded
                let places = (0..<row.count).map { row.location(of: $0) }
                records.append(
                    Record(line: row.line, cells: row.cells, places: places.map { "\($0.line ?? 0):\($0.column ?? 0)" })
                )
            }
        } catch let diagnostic as Diagnostic {
            fault = diagnostic
        } catch {
            fault = Diagnostic("test.unexpected", "\(error)", at: source.location())
        }
    }

    public var cells: [[String]] { records.map(\.cells) }
}
