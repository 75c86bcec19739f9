import IngestCore
import TabularText

/// Watches the times of a trace: they rise, by the interval where one is stated. The first that does not is told, and
/// flags the trace `timeOrder`: a row was moved, stands twice or is missing, or its time is garbled.
///
/// Empower's raw data have a clock of their own, for they may repeat a time and be whole.
struct TraceClock {
    /// The time before; not a number before the first, and behind a row that was left out.
    private(set) var last = Double.nan
    /// From one row to the next, where the trace states it.
    private let interval: Double?
    /// In words, for people: `600 ms`.
    private let intervalName: String?
    /// What rounding of two times may take from the interval.
    private var tolerance: Double?
    private var isOrdered = true

    init(interval: (value: Double, name: String)? = nil) {
        self.interval = interval?.value
        intervalName = interval?.name
    }

    @inline(__always)
    mutating func look(at time: Double, _ row: Row, _ column: Int, _ trace: TraceWriter) {
        if time <= last || interval != nil && isOff(time, row, column), isOrdered { tell(row, column, trace) }
        last = time
    }

    /// A row was left out: from it to the next, any time is right.
    mutating func pass() { last = .nan }

    /// Times rose up to this one.
    mutating func pass(to time: Double) { last = time }

    @inline(__always)
    private mutating func isOff(_ time: Double, _ row: Row, _ column: Int) -> Bool {
        guard let tolerance, let interval else {
            tolerance = LastDigit.half(row[column]) * 2.5
            return false
        }
        return abs(time - last - interval) > tolerance
    }

    @inline(never)
    private mutating func tell(_ row: Row, _ column: Int, _ trace: TraceWriter) {
        isOrdered = false
        trace.change { $0.flags.append(Flag("timeOrder")) }
        row.source.account.report(
            row.fault(
                "trace.time-order",
                "the time \(row[column]) does not come " + (intervalName.map { "\($0) after" } ?? "after") + " \(last)",
                at: column, severity: .warning,
                hint: "the point was read; a row "
                    + (interval == nil ? "stands twice, was moved" : "is missing, stands twice or was moved")
                    + ", or its time is garbled: export the file again"))
    }
}

extension Row {
    /// Whether a cell begins as the numbers of a trace do: with a digit, a sign or a blank. Told without reading a text.
    @inline(__always)
    func startsLikeNumber(_ column: Int) -> Bool {
        guard let byte = bytes(at: column).first else { return false }
        return byte &- 48 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: " ")
    }
}
