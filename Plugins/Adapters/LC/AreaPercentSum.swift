import IngestCore

/// The area % of a table, which are shares of the total of their own signal and so add up to 100, but for rounding, when no
/// peak is missing.
struct AreaPercentSum {
    private(set) var sum = 0.0
    private(set) var found = 0
    private var decimals = 0

    /// Takes the share of a peak that was found, `nil` where its cell has none.
    mutating func take(_ share: Quantity?) {
        found += 1
        guard let share, let value = share.value else { return }
        sum += value
        decimals = max(decimals, LastDigit.decimals(share.written))
    }

    /// Tells the account what the sum shows of a table.
    /// - Parameter name: The table in words: `REPORT01.CSV`.
    func check(_ name: String, at place: SourceLocation, into account: ReadingAccount) {
        var rounding = 0.5 * Double(found)
        for _ in 0..<decimals { rounding /= 10 }
        let off = abs(sum - 100)
        guard off > min(0.1, max(1e-4, rounding)) else {
            account.prove("the area % of \(name) add up to 100")
            return
        }
        let written = AreaShares.rounded(sum)
        guard off > 1 else {
            account.doubt("the area % of \(name) add up to \(written)")
            account.report(
                Diagnostic(
                    .warning, "chemstation.area-percent-sum", "the area % of this table add up to \(written), not to 100",
                    at: place,
                    hint:
                        "all rows were read; a small peak is missing or a number was changed: compare the table with ChemStation")
            )
            return
        }
        account.contradict("the area % of \(name) add up to \(written)")
        account.report(
            Diagnostic(
                "chemstation.area-percent-sum",
                "the area % of this table add up to \(written), not to 100: peaks are missing, or stand twice",
                at: place,
                hint:
                    "the rows that are there were read; the file was cut or edited: copy the folder again, or report the injection again "
                    + "in ChemStation"
            ))
    }
}
