import IngestCore
import TabularText

/// Watches the column of a table that numbers its rows: a number that skips or repeats, and a table that does not begin
/// with its first one, are told.
struct PeakNumbers {
    struct Finding {
        /// The rows are counted anew from here.
        var begins = false
        /// What is odd, in words.
        var message: String?
        var hint = "the row was read; a row is missing, stands twice or was moved, unless the report leaves some out"
    }

    let column: Int
    private var last: Int?
    private var hasBegun = false
    /// The row numbered 1 was left out; the next one is of its count.
    private var isAnew = false

    init(_ column: Int) { self.column = column }

    /// Another injection or signal begins.
    mutating func restart() { last = nil }

    /// Whether a number is simply the next, as nearly all are; then it is taken.
    @inline(__always)
    mutating func isNext(_ number: Int) -> Bool {
        guard let last, number == last &+ 1, number > 1, !isAnew else { return false }
        self.last = number
        return true
    }

    /// Looks at the number of a row that is read.
    mutating func take(_ number: Int) -> Finding {
        // Some tables count from 0.
        var finding = Finding(begins: isAnew || number == 1 && last != 0)
        if let last, number != last &+ 1, number != 1 {
            finding.message = "number \(number) follows \(last)"
        } else if last == 1, number == 1 {
            finding.message = "number 1 stands twice"
            finding.hint = "the row was read"
        } else if !hasBegun, number > 1 {
            finding.message = "the first row of the table has number \(number)"
            finding.hint = "the row was read; the rows above it are missing, unless the report leaves some out"
        }
        (last, hasBegun, isAnew) = (number, true, false)
        return finding
    }

    /// A row that is left out is told already: the row below it is not to be told for it. Where its number cannot be
    /// read, numbering begins anew.
    mutating func passOver(_ row: Row) {
        last = Int(row[column])
        hasBegun = true
        isAnew = isAnew || last == 1
    }
}
