import IngestCore
import TabularText

/// What stands above the rows of a table: titles, keys and values, and the heading.
struct TableBeginning {
    /// What programs and people write where there is no value.
    static let missing = [
        "-", "--", "---", "----", "-----", "n.a.", "N/A", "n/a", "NA", "NaN", "Nan", "#N/A", "nan",
    ]

    private(set) var heading: [String] = []
    /// What is said of the run.
    let extras: Extras

    /// - Parameters:
    ///   - headingLine: Where the heading begins.
    ///   - check: Looks at the heading while it is there, for formats that tell what is wrong with it.
    init(of text: DelimitedText, headingLine: Int, check: (Row) throws -> Void = { _ in }) throws {
        let preamble = text.keyedFields()
        var titles = Extras()
        while heading.isEmpty, let row = try text.next() {
            if row.line >= headingLine {
                heading = row.cells
                try check(row)
                row.describe()
            } else if let title = Self.title(row) {
                titles.add("line \(row.line)", title)
            } else if !row.isBlank {
                preamble.take(row)
            }
        }
        titles.add(preamble.unread)
        extras = titles.withoutFolders
    }

    /// A line of one text that is no key: it says something of the run, and has no name for it.
    private static func title(_ row: Row) -> String? {
        guard !row.isEmpty(0), !row[0].hasSuffix(":"), (1..<max(1, row.count)).allSatisfy(row.isEmpty) else { return nil }
        return row.extra(0)
    }
}
