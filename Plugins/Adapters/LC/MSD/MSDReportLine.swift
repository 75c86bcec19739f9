import IngestCore
import TabularText

/// A line of `rteres.txt`, whose columns are set apart by blanks: each word of it is a cell.
enum MSDReportLine {
    static let dialect = Dialect(separator: " ", quoting: false)

    /// The two lines of headings, which are the same in every report of integrated ions.
    static let headings = (
        above: ["peak", "R.T.", "first", "max", "last", "PK", "peak", "corr.", "corr.", "%", "of"],
        below: ["#", "min", "scan", "scan", "scan", "TY", "height", "area", "%", "max.", "total"]
    )

    /// What the columns under them hold.
    static let columns: [MSDColumn] = [
        MSDColumn(heading: "peak #", meaning: .number),
        MSDColumn(heading: "R.T.", meaning: .measurement(.retentionTime), unit: StatedUnit(written: "min")),
        MSDColumn(heading: "first scan", meaning: .own), MSDColumn(heading: "max scan", meaning: .own),
        MSDColumn(heading: "last scan", meaning: .own), MSDColumn(heading: "PK TY", meaning: .code),
        MSDColumn(heading: "peak height", meaning: .measurement(.height), unit: StatedUnit(ofFormat: .counts)),
        MSDColumn(heading: "corr. area", meaning: .measurement(.area), unit: StatedUnit(ofFormat: .counts)),
        MSDColumn(heading: "corr. % max.", meaning: .measurement(.relativeToLargest), unit: percent),
        MSDColumn(heading: "% of total", meaning: .measurement(.areaPercent), unit: percent),
    ]

    private static let percent = StatedUnit(unit: .percent, written: "%")

    static func words(_ line: String) -> [String] { line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init) }
}

extension Row {
    /// The cells that have text.
    var filled: [Int] { (0..<count).filter { !isEmpty($0) } }

    /// The text from the first of some cells to the last, with the blanks between them.
    func text(in cells: ArraySlice<Int>) -> String {
        guard let first = cells.first, let last = cells.last else { return "" }
        return (first...last).map { text(at: $0) }.joined(separator: " ")
    }
}
