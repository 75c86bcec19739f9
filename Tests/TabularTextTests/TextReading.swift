import IngestCore
import TabularText

/// A text as a source in memory.
func source(
    _ bytes: [UInt8], chunk: Int = 1 << 14, given: GivenAssumptions = GivenAssumptions(),
    account: ReadingAccount = ReadingAccount()
) -> SourceFile {
    var source = SourceFile(
        name: "sample.csv",
        digest: FileDigest(name: "sample.csv", bytes: bytes.count, sha256: String(repeating: "0", count: 64)),
        content: .bytes(bytes),
        opening: SourceOpening(name: "sample.csv", bytes: Array(bytes.prefix(SourceOpening.length))), given: given,
        account: account)
    source.chunkLength = chunk
    return source
}

func source(
    _ text: String, chunk: Int = 1 << 14, given: GivenAssumptions = GivenAssumptions(),
    account: ReadingAccount = ReadingAccount()
) -> SourceFile {
    source(Array(text.utf8), chunk: chunk, given: given, account: account)
}

/// Everything a reading of a text gives: its rows, or the fault that stopped it.
struct TextReading: Equatable {
    struct Record: Equatable {
        var line: Int
        var cells: [String]
        /// The line and column of each cell.
        var places: [String]

        static func == (left: Record, right: Record) -> Bool {
            // By bytes: `==` of texts takes a letter and its accent for the letter with the accent.
            left.line == right.line && left.places == right.places
                && left.cells.map { Array($0.utf8) } == right.cells.map { Array($0.utf8) }
        }
    }

    var records: [Record] = []
    var fault: Diagnostic?
    var isOpen = false

    init(_ source: SourceFile, dialect: Dialect? = .comma) {
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

    var cells: [[String]] { records.map(\.cells) }
}
