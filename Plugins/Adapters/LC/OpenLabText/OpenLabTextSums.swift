import IngestCore

/// The proof of a peak table: what its columns add up to, against its row `Sum`, and its area % against 100.
struct OpenLabTextSums {
    private struct Column {
        var sum = 0.0
        /// What rounding to the last digit may have taken from all of them.
        var rounding = 0.0
        var decimals: Int?
    }

    private var columns: [Column]
    private(set) var rows = 0
    /// Rows that are not among the sums.
    private(set) var leftOut = 0

    init(columns: Int) { self.columns = Array(repeating: Column(), count: columns) }

    mutating func passOver() { leftOut += 1 }

    /// Adds a row: the numbers of its columns as written, with their values.
    mutating func add(_ numbers: [(column: Int, value: Double, written: String)]) {
        rows += 1
        for number in numbers {
            columns[number.column].sum += number.value
            columns[number.column].rounding += LastDigit.half(number.written)
        }
    }

    /// Whether a number has as many decimals as those above it: reports round a column to one digit, so a number with others
    /// was put together from pieces that do not belong together. The first one settles it.
    mutating func hasUsualDecimals(_ written: String, in column: Int) -> Bool {
        let decimals = LastDigit.decimals(written)
        guard let usual = columns[column].decimals else {
            columns[column].decimals = decimals
            return true
        }
        return decimals == usual
    }

    func usualDecimals(in column: Int) -> Int { columns[column].decimals ?? 0 }

    func sum(_ column: Int) -> Double { columns[column].sum }

    func meets(_ total: Double, written: String, in column: Int) -> Bool {
        abs(columns[column].sum - total) <= columns[column].rounding + LastDigit.half(written) + 1e-9 * abs(total)
    }

    /// Whether the shares of a column add up to 100.
    func isWhole(_ column: Int) -> Bool { abs(columns[column].sum - 100) <= columns[column].rounding * 2 + 1e-9 }
}
