import IngestCore
import TabularText

/// Tells rows of means and sums below the rows they are of: their word stands where a name would, alone.
struct SummaryRows {
    private let columns: [Int]
    /// The first two of them.
    private let first: Int
    private let second: Int

    /// - Parameter columns: Those that tell whose a row is.
    init(_ columns: [Int]) {
        self.columns = columns
        first = columns.first ?? -1
        second = columns.dropFirst().first ?? -1
    }

    /// False for a row that is surely none: two cells tell whose it is.
    @inline(__always)
    func mayBe(_ row: Row) -> Bool { first >= 0 && (second < 0 || row.isEmpty(first) || row.isEmpty(second)) }

    /// The column with the word of a summary; `nil` for an ordinary row.
    func word(_ row: Row) -> Int? {
        guard let first = columns.first(where: { !row.isEmpty($0) }), Self.isWord(row.bytes(at: first)),
            columns.allSatisfy({ $0 == first || row.isEmpty($0) })
        else { return nil }
        return first
    }

    /// Without making a text: this is asked of every row.
    private static func isWord(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count < words.count else { return false }
        return words[bytes.count].contains { zip($0, bytes).allSatisfy { $0 == $1 | 32 } }
    }

    /// By length.
    private static let words: [[[UInt8]]] = {
        let words = [
            "mean", "average", "median", "minimum", "maximum", "sum", "total", "totals", "sd", "std dev", "std. dev.", "stdev",
            "standard deviation", "rsd", "rsd %", "rsd%", "%rsd", "% rsd", "cv", "cv%", "cv %", "%cv", "% cv", "mean:",
            "average:", "sum:", "total:",
        ].map { $0.utf8.map { $0 | 32 } }
        return (0...(words.map(\.count).max() ?? 0)).map { length in words.filter { $0.count == length } }
    }()
}
