import IngestCore
import TabularText

/// The curve of a section: a chromatogram, a pressure, a mass spectrum, or absorbance over time and wavelength.
final class LabSolutionsTrace {
    let header: Header
    private(set) var rows = 0
    private let text: DelimitedText
    private let mark: DecimalMark?
    private let writer: TraceWriter
    private let factor: DecimalFactor?
    /// The wavelengths of the columns of `[PDA 3D]`.
    private let wavelengths: [Double]
    private let isPlain: Bool
    private let isTime: Bool
    private let range: (start: Declared?, end: Declared?)
    @exclusivity(unchecked) private var clock: TraceClock
    /// Of the first row, if it was read.
    private var first: Double?

    private struct Declared {
        let value: Double, tolerance: Double
    }

    /// - Parameters:
    ///   - wavelengths: The row of wavelengths below the heading, if the section has one.
    ///   - line: Where the section begins.
    init(
        _ section: LabSolutionsSection, _ heading: [String], wavelengths row: Row?, _ fields: KeyedFields,
        _ text: DelimitedText, _ draft: InjectionDraft, at line: Int
    ) {
        self.text = text
        let mark = text.survey.decimalMark
        self.mark = mark
        header = Header(row?.cells ?? heading)
        isPlain = row == nil && header.count == 2
        isTime = ColumnHeading.field(heading[0]) == .measurement(.retentionTime)
        if let count = LabSolutionsTally.countKey(fields) { _ = fields.text(count) }
        let unitWritten = fields.text("Intensity Units")
        let multiplier = fields.text("Intensity Multiplier")
        factor = multiplier.flatMap { DecimalFactor($0, mark: mark) }
        var unit = ColumnUnit(unit: unitWritten.flatMap { Unit(spelling: $0) }, written: unitWritten)
        var trace = TraceRecord(axes: [], location: text.source.location(line: line, column: 1))
        var signal = Signal(name: section.argument ?? section.kind)
        if let wavelength = LabSolutionsTrace.wavelength(fields, &trace.extras) {
            signal.wavelength = wavelength
            draft.wavelengths[section.argument ?? section.kind] = wavelength
        }
        trace.signal = signal
        trace.extras.add(fields.unread)
        if let multiplier { trace.extras.add("Intensity Multiplier", multiplier) }
        trace.extras.add("Section", section.kind)
        if factor == nil, unitWritten != nil || multiplier != nil {
            unitWritten.map { trace.extras.add("Intensity Units", $0) }
            unit = .none
            trace.flags.append(Flag("unscaled", written: multiplier))
            LabSolutionsTrace.reportUnscaled(section, multiplier, fields, text, trace.location)
        }
        range = LabSolutionsTrace.range(trace.extras, mark)
        let interval = LabSolutionsTrace.number(trace.extras["Interval(msec)"], mark).map { $0 / 60_000 }
        clock = TraceClock(interval: interval.map { ($0, "\(Int(($0 * 60_000).rounded())) ms") })
        wavelengths = row.map { LabSolutionsTrace.wavelengths($0, trace.extras, mark) } ?? []
        trace.axes = LabSolutionsTrace.axes(heading, unit, isMatrix: row != nil)
        row?.describe()
        writer = draft.trace(trace)
    }

    // MARK: Points

    /// Takes a row of two cells that begins with a number; any other row is not for here.
    @inline(__always)
    func takes(_ row: Row) throws -> Bool {
        guard isPlain, row.count == 2, row.startsLikeNumber(0) else { return false }
        try take(row)
        return true
    }

    /// Takes a row; one that is garbled is left out.
    func take(_ row: Row) throws {
        rows += 1
        row.header = header
        guard row.fits(header) else { return }
        do {
            let x = try row.number(0)
            if isPlain {
                try writer.append(x, try value(row, 1))
            } else if wavelengths.isEmpty {
                var point = [x]
                for column in 1..<header.count { point.append(try value(row, column)) }
                try writer.append(point)
            } else {
                var values: [Double] = []
                for column in 1..<header.count { values.append(try value(row, column)) }
                for (wavelength, value) in zip(wavelengths, values) { try writer.append([x, wavelength, value]) }
            }
            if isTime { clock.look(at: x, row, 0, writer) }
            if rows == 1 { first = x }
        } catch let diagnostic as Diagnostic where diagnostic.code.hasPrefix("table.") {
            clock.pass()
            row.leaveOut(diagnostic)
        }
    }

    @inline(__always)
    private func value(_ row: Row, _ column: Int) throws -> Double {
        let number = try row.number(column)
        guard let factor else { return number }
        return factor(row.bytes(at: column), number, mark: mark)
    }

    /// - Parameter isWhole: All rows that the section declares are there.
    func end(isWhole: Bool) {
        guard isWhole, isTime else { return }
        let last = clock.last.isFinite ? clock.last : nil
        for (declared, found, name) in [(range.start, first, "Start Time"), (range.end, last, "End Time")] {
            guard let declared, let found, abs(declared.value - found) > declared.tolerance else { continue }
            writer.change {
                $0.flags.append(Flag("timeRange"))
                text.source.account.report(
                    Diagnostic(
                        "trace.time-range", "the section states the \(name) \(declared.value), its rows have \(found)",
                        at: $0.location,
                        hint: "the points were read; a time is garbled, or rows were exchanged: export the file again"))
            }
            text.source.account.contradict("\(name) is \(declared.value), the rows have \(found)")
        }
    }

    // MARK: What the section states

    private static func wavelength(_ fields: KeyedFields, _ extras: inout Extras) -> Quantity? {
        let key = "Wavelength(nm)"
        guard let written = fields.text(key) else { return nil }
        if let quantity = try? fields.quantity(key, ColumnUnit(heading: key)), quantity.value != nil { return quantity }
        // A detector without wavelengths writes the unit again: "Wavelength(nm)  nm".
        extras.add(key, written)
        return nil
    }

    private static func reportUnscaled(
        _ section: LabSolutionsSection, _ multiplier: String?, _ fields: KeyedFields, _ text: DelimitedText,
        _ location: SourceLocation
    ) {
        let found =
            multiplier.map { "the Intensity Multiplier \"\($0)\" is no number above 0" }
            ?? "there is no Intensity Multiplier"
        let hint = "the points were read as they stand, without a unit; export the file again"
        text.source.account.report(
            multiplier == nil
                ? Diagnostic("labsolutions.unscaled", "\(found) in [\(section.title)]", at: location, hint: hint)
                : fields.fault("labsolutions.unscaled", found, at: "Intensity Multiplier", hint: hint))
        text.source.account.contradict("[\(section.title)] cannot be scaled")
    }

    /// `Start Time(min)` and `End Time(min)` with half of their last digit.
    private static func range(_ extras: Extras, _ mark: DecimalMark?) -> (start: Declared?, end: Declared?) {
        func declared(_ key: String) -> Declared? {
            guard let written = extras[key], let value = number(written, mark) else { return nil }
            return Declared(value: value, tolerance: LastDigit.half(written) + 1e-5)
        }
        return (declared("Start Time(min)"), declared("End Time(min)"))
    }

    private static func number(_ text: String?, _ mark: DecimalMark?) -> Double? {
        if let text, case .number(let value, .exact) = NumberText.read(text, mark: mark) { value } else { nil }
    }

    /// The headings of `[PDA 3D]` are hundredths of a nanometre (`19000`), as the start wavelength of the section shows.
    private static func wavelengths(_ row: Row, _ extras: Extras, _ mark: DecimalMark?) -> [Double] {
        let written = (1..<row.count).map { number(row[$0], mark) ?? 0 }
        let isHundredths = number(extras["Start Wavelength(nm)"], mark).map { $0 * 100 == written.first } ?? true
        return isHundredths ? written.map { $0 / 100 } : written
    }

    private static func axes(_ heading: [String], _ unit: ColumnUnit, isMatrix: Bool) -> [TraceRecord.Axis] {
        func axis(_ name: String, _ unit: ColumnUnit) -> TraceRecord.Axis {
            TraceRecord.Axis(name, unit: unit.unit, unitWritten: unit.written)
        }
        let stated = ColumnUnit(heading: heading[0])
        var axes: [TraceRecord.Axis]
        switch ColumnHeading.field(heading[0]) {
        // Without a unit in the heading ("Ret.Time"): minutes, the fixed unit of the export.
        case .measurement(.retentionTime):
            axes = [axis("time", stated.unit == nil ? ColumnUnit(ofFormat: .minute) : stated)]
        case .measurement(.massToCharge): axes = [axis("massToCharge", .none)]
        default: axes = [axis(heading[0].trimmed, stated)]
        }
        if isMatrix {
            return axes + [axis("wavelength", ColumnUnit(ofFormat: .nanometre)), axis(intensity(unit.unit), unit)]
        }
        if heading.count == 2 { return axes + [axis(intensity(unit.unit), unit)] }
        return axes + heading.dropFirst().map { axis($0.trimmed, unit) }
    }

    /// What an intensity in that unit is.
    private static func intensity(_ unit: Unit?) -> String {
        guard let unit, let dimension = try? unit.quantityDimension() else { return "intensity" }
        func measures(_ other: String) -> Bool { (try? Unit(other).quantityDimension()) == dimension }
        if measures("{AU}") { return "absorbance" }
        if measures("bar") { return "pressure" }
        return unit == .celsius ? "temperature" : "intensity"
    }
}
