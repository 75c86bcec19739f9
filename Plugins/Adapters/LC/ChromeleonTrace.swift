import IngestCore
import TabularText

/// The points below `Chromatogram Data:`.
final class ChromeleonTrace {
    let header: Header
    private(set) var rows = 0
    private let time: Int, value: Int, step: Int?
    private let writer: TraceWriter
    private let source: SourceFile
    @exclusivity(unchecked) private var clock = TraceClock()
    private(set) var lowest = Double.infinity, highest = -Double.infinity
    private var steps: Steps?

    /// The step column against the differences of the times.
    private struct Steps {
        /// Seconds in a minute, or 1 when both columns have the same unit.
        var perTime: Double
        /// The text of the step read last, its value, and half of its last digit.
        var text: [UInt8] = []
        var value: Double?
        var tolerance = 0.0
        var least: (value: Double, text: String)?, most: (value: Double, text: String)?
        var deviating = 0
    }

    /// - Throws: A ``Diagnostic`` when the heading lacks time or value.
    init(heading row: Row, signal: Signal?, draft: InjectionDraft, source: SourceFile) throws {
        let header = Header(row.cells)
        let words = header.names.map(ColumnHeading.normalized)
        guard let time = words.firstIndex(of: "time"), let value = words.firstIndex(of: "value") else {
            throw row.fault(
                "chromeleon.trace-heading", "the data have the headings \(header.names.joined(separator: ", "))", at: 0,
                hint: "expected Time, Step and Value with their units; nothing was read: export the file again")
        }
        row.describe()
        self.header = header
        self.source = source
        self.time = time
        self.value = value
        // A step in no unit of time, such as "Step (mAU)", cannot be compared with times, and is kept as any other column.
        if let column = words.firstIndex(of: "step"),
            let convert = try? UnitConversion(
                from: header.units[time].unit ?? .minute, to: header.units[column].unit ?? .second)
        {
            step = column
            steps = Steps(perTime: convert(1))
        } else {
            step = nil
        }
        let unit = header.units[value]
        let name = [.milliabsorbance, Unit("{AU}")].contains(unit.unit) ? "absorbance" : "intensity"
        let trace = TraceRecord(
            signal: signal,
            axes: [
                .init("time", unit: header.units[time].unit, unitWritten: header.units[time].written),
                .init(name, unit: unit.unit, unitWritten: unit.written),
            ], location: row.location)
        writer = draft.trace(trace)
    }

    /// Takes a row that begins with a number; any other is not for here.
    @inline(__always)
    func takes(_ row: Row) throws -> Bool {
        guard row.count > value, row.startsLikeNumber(0) else { return false }
        try take(row)
        return true
    }

    /// Takes a row; one that is garbled is left out.
    func take(_ row: Row) throws {
        rows += 1
        row.header = header
        guard row.fits(header) else {
            clock.pass()
            return
        }
        do {
            let x = try row.number(time)
            let y = try row.number(value)
            if step != nil { try watchStep(row, x) }
            clock.look(at: x, row, time, writer)
            if y < lowest { lowest = y }
            if y > highest { highest = y }
            try writer.append(x, y)
            takeRest(row)
        } catch let diagnostic as Diagnostic where diagnostic.code.hasPrefix("table.") {
            clock.pass()
            row.leaveOut(diagnostic)
        }
    }

    /// Columns besides time, step and value, which no export had yet.
    @inline(__always)
    private func takeRest(_ row: Row) {
        guard header.count > 3 || step == nil && header.count > 2 else { return }
        for column in 0..<row.count where column != time && column != value && column != step {
            guard let text = row.extra(column) else { continue }
            writer.change { $0.extras.append(distinct: "\(self.header.distinct[column]), line \(row.line)", text) }
        }
    }

    // MARK: Steps

    @inline(__always)
    private func watchStep(_ row: Row, _ x: Double) throws {
        guard let step, steps != nil else { return }
        row.describe(step)
        let bytes = row.bytes(at: step)
        if !(bytes.count == steps!.text.count && bytes.elementsEqual(steps!.text)) { try readStep(row, step) }
        // The first step is from nowhere: "n.a." in version 7, 0 in version 6.
        guard rows > 1, let value = steps!.value, clock.last.isFinite else { return }
        if abs((x - clock.last) * steps!.perTime - value) > steps!.tolerance { tellStep(row, step, x) }
    }

    @inline(never)
    private func readStep(_ row: Row, _ column: Int) throws {
        steps!.text = Array(row.bytes(at: column))
        let quantity = try row.quantity(column)
        row.describe(column)
        steps!.value = quantity.value
        guard let value = quantity.value else { return }
        let written = quantity.written.trimmed
        // Half the last digit of the step, and that of two times of six decimals.
        steps!.tolerance = LastDigit.half(written) + 2e-6 * steps!.perTime
        guard rows > 1 else { return }
        if value < steps!.least?.value ?? .infinity { steps!.least = (value, written) }
        if value > steps!.most?.value ?? -.infinity { steps!.most = (value, written) }
    }

    @inline(never)
    private func tellStep(_ row: Row, _ column: Int, _ x: Double) {
        steps!.deviating += 1
        guard steps!.deviating == 1 else { return }
        writer.change { $0.flags.append(Flag("stepDeviates")) }
        source.account.report(
            row.fault(
                "chromeleon.step", "the step \"\(row[column])\" is not the time since the row before (\(clock.last) to \(x))",
                at: column,
                severity: .warning,
                hint: "the point was read; a row is missing or a time is garbled: compare it with the instrument"))
    }

    // MARK: The end

    /// Adds what was told of the whole trace.
    func end(_ edit: (inout TraceRecord) -> Void) {
        writer.change {
            if let step, let least = steps?.least, let most = steps?.most {
                $0.extras.add(
                    header.names[step], least.value == most.value ? least.text : "\(least.text) to \(most.text)")
            }
            edit(&$0)
        }
    }
}
