import IngestCore
import TabularText

/// What a curve has to fit.
enum OpenLynxCurveCheck {
    case none
    /// Percent of a maximum.
    case chromatogram(maximum: Double?)
    /// Percent of the base peak (`BPI`), which stands at a mass (`BPM`); all together are the total (`TIC`).
    case spectrum(total: Double?, base: Double?, mass: Double?, massWritten: String, isContinuum: Bool)

    /// Points that stand evenly spaced: a gap is one that is missing.
    var isEven: Bool {
        switch self {
        case .none: false
        case .chromatogram: true
        case .spectrum(_, _, _, _, let isContinuum): isContinuum
        }
    }
}

/// The points of a chromatogram or a spectrum: two numbers a line, the first rising.
final class OpenLynxCurve {
    private(set) var rows = 0
    private let writer: TraceWriter
    private let text: DelimitedText
    private let check: OpenLynxCurveCheck
    private let location: SourceLocation
    private var awaitsHeading: Bool
    private var faults = 0
    private var isOrdered = true

    @exclusivity(unchecked) private var last = -Double.infinity
    @exclusivity(unchecked) private var sum = 0.0
    @exclusivity(unchecked) private var highest = (x: 0.0, y: -Double.infinity)
    @exclusivity(unchecked) private var spacing = OpenLynxSpacing()
    /// Half of the last digit of the numbers.
    private var half = (x: 0.0, y: 0.0)

    init(
        _ writer: TraceWriter, _ text: DelimitedText, _ check: OpenLynxCurveCheck, hasHeading: Bool, at location: SourceLocation
    ) {
        self.writer = writer
        self.text = text
        self.check = check
        self.location = location
        awaitsHeading = hasHeading
    }

    func take(_ row: Row) throws {
        if awaitsHeading {
            awaitsHeading = false
            if takeHeading(row) { return }
        }
        rows += 1
        let line = row.line
        do {
            if row.count != 2 { try checkLength(row) }
            let x = try row.number(0), y = try row.number(1)
            if half.x == 0 { half = (LastDigit.half(row[0]), LastDigit.half(row[1])) }
            if x <= last { tellOrder(row) }
            try writer.append(x, y)
            look(x, y, line)
        } catch let diagnostic as Diagnostic where diagnostic.code.hasPrefix("table.") {
            faults += 1
            spacing.pass()
            faults <= OpenLynxReader.mostTold ? row.leaveOut(diagnostic) : row.leaveOutToo()
        }
        try takePlain(behind: line)
    }

    /// Points about which there is nothing to say, many at a time.
    private func takePlain(behind line: Int) throws {
        var line = line
        while true {
            let points = text.points(of: 2, after: last)
            guard !points.isEmpty else { return }
            for index in stride(from: 0, to: points.count, by: 2) {
                line += 1
                look(points[index], points[index + 1], line)
            }
            rows += points.count / 2
            try writer.append(points: points)
        }
    }

    @inline(__always)
    private func look(_ x: Double, _ y: Double, _ line: Int) {
        spacing.look(at: x, line, half.x)
        last = x
        sum += y
        if y > highest.y { highest = (x, y) }
    }

    private func takeHeading(_ row: Row) -> Bool {
        if row.startsLikeNumber(0) {
            report(
                row.fault(
                    "openlynx.no-heading", "the heading \";Mass, % BPI\" is missing", at: 0, severity: .warning,
                    hint: "the points were read as masses and percents, as the format has them"))
            return false
        }
        if row.cells.map(\.trimmed) != [";Mass", "% BPI"] {
            writer.change { $0.flags.append(Flag("unknownHeading", written: row.cells.joined(separator: ", "))) }
            report(
                row.fault(
                    "openlynx.unknown-heading", "the headings of a spectrum are \";Mass\" and \"% BPI\" in this format", at: 0,
                    hint: "the points were read as masses and percents; the file was edited: export it again"))
        }
        row.describe()
        return true
    }

    private func checkLength(_ row: Row) throws {
        for column in 2..<max(2, row.count) where !row.isEmpty(column) {
            throw row.fault(
                "table.long-row", "a third value stands here, where each line has two numbers", at: column,
                hint: "this point was left out; a line end was damaged, or a column was inserted")
        }
    }

    private func tellOrder(_ row: Row) {
        guard isOrdered else { return }
        isOrdered = false
        writer.change { $0.flags.append(Flag("timeOrder")) }
        report(
            row.fault(
                "trace.time-order", "\(row[0]) does not come after \(last)", at: 0,
                hint: "the point was read; a row stands twice, was moved, or is garbled: export the file again"))
    }

    // MARK: End

    func end() {
        if faults > OpenLynxReader.mostTold {
            text.source.account.report(
                Diagnostic(
                    "openlynx.points-left-out", "\(faults) points of this trace were left out, of which the first few were told",
                    at: location, hint: "correct the file at its source"))
        }
        guard rows > 0 else { return }
        if check.isEven, let gap = spacing.gap {
            tell(
                "trace.time-order", "timeOrder", "the points are not as far apart in front of this line as elsewhere",
                at: text.source.location(line: gap, column: 1), "a row is missing, or is garbled")
        }
        guard faults == 0 else { return }
        switch check {
        case .none: break
        case .chromatogram(let maximum):
            guard maximum ?? 0 > 0, abs(highest.y - 100) > half.y + 1e-9 else { return }
            tell(
                "openlynx.percent", "percent", "the highest point is \(highest.y) % of MaxIntensity, not 100 %", at: location,
                "the points were read; one is missing or garbled, unless the report has a part of the run")
        case .spectrum(let total, let base, let mass, let massWritten, _):
            if let mass,
                abs(highest.x - mass) > half.x + LastDigit.half(massWritten) + 1e-9 || abs(highest.y - 100) > half.y + 1e-9
            {
                tell(
                    "openlynx.base-peak", "basePeak",
                    "the base peak is at \(massWritten), but the highest point is \(highest.y) % at \(highest.x)", at: location,
                    "the points were read; one is missing or garbled")
            }
            guard let total, let base else { return }
            let found = sum / 100 * base
            let rounding = Double(rows) * half.y / 100 * abs(base) + abs(highest.y) / 100 + 1 + 2e-6 * (abs(total) + abs(base))
            guard abs(found - total) > rounding else { return }
            tell(
                "openlynx.spectrum-sum", "spectrumSum",
                "the points add up to \(Int(clamping: found)), but TIC is \(Int(clamping: total))",
                at: location, "the points were read; one is missing, stands twice or is garbled, unless the report left some out")
        }
    }

    private func tell(_ code: String, _ flag: String, _ message: String, at location: SourceLocation, _ hint: String) {
        writer.change { $0.flags.append(Flag(flag)) }
        report(Diagnostic(.warning, code, message, at: location, hint: hint + ": export the file again"))
    }

    private func report(_ diagnostic: Diagnostic) {
        text.source.account.report(diagnostic)
        text.source.account.doubt(diagnostic.message)
    }
}

extension Int {
    /// The nearest whole number, for people; of numbers beyond the range, the end of it.
    fileprivate init(clamping value: Double) {
        self = value.magnitude < 9e18 ? Int(value.rounded()) : value < 0 ? .min : .max
    }
}
