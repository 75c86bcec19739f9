import IngestCore

/// The relative standard deviation of a column, and how far rounding to the digits written may have moved it.
struct FusionSpread {
    private var count = 0
    private var mean = 0.0, squares = 0.0
    /// Half of the last digit of the coarsest number.
    private var half = 0.0
    private var isZero = true

    /// Welford's recurrence (1962): one pass, and no difference of large sums.
    mutating func add(_ value: Double, written: String) {
        count += 1
        let difference = value - mean
        mean += difference / Double(count)
        squares += difference * (value - mean)
        if value != 0 { isZero = false }
        half = max(half, LastDigit.half(written))
    }

    enum Answer { case agrees, differs(Double), open }

    /// Whether a stated value in percent is that of the numbers.
    func compare(_ stated: Double) -> Answer {
        guard count > 1 else { return .open }
        // A Fusion writes 100 where the mean is 0.
        if isZero { return stated == 100 || stated == 0 ? .open : .differs(100) }
        guard abs(mean) > 4 * half else { return .open }
        let deviation = (squares / Double(count - 1)).squareRoot()
        let computed = 100 * deviation / mean
        let rounding = 100 * half / abs(mean) * ((Double(count) / Double(count - 1)).squareRoot() + deviation / abs(mean))
        guard abs(stated - computed) <= 1.1 * rounding + 1e-7 + 1e-9 * abs(computed) else { return .differs(computed) }
        return .agrees
    }

    /// What each number changed by rounding adds to: whether the comparison says anything.
    var isConstant: Bool { squares == 0 }
}
