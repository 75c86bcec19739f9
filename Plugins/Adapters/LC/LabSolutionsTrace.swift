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
        let columns = row.map { row in 1 + ((0..<row.count).last { !row.isEmpty($0) } ?? 0) } ?? heading.count
        header = Header(Array((row?.cells ?? heading).prefix(columns)))
        isPlain = row == nil && header.count == 2
        isTime = ColumnHeading.field(heading[0]) == .measurement(.retentionTime)
        if let count = LabSolutionsTally.countKey(fields) { _ = fields.text(count) }
        let unitWritten = fields.text("Intensity Units")
        let multiplier = fields.text("Intensity Multiplier")
        factor = multiplier.flatMap { DecimalFactor($0, mark: mark) }
        var unit = StatedUnit(unit: unitWritten.flatMap { Unit(spelling: $0) }, written: unitWritten)
        if let unitWritten, unit.unit == nil {
            text.source.account.report(
                fields.fault(
                    "labsolutions.unit", "\"\(unitWritten)\" is no unit that is known", at: "Intensity Units", severity: .warning,
                    hint: "the points were read without a unit"))
        }
        var trace = TraceRecord(axes: [], location: text.source.location(line: line, column: 1))
        var signal = Signal(name: section.argument ?? section.kind)
        if let wavelength = LabSolutionsTrace.wavelength(fields, &trace.extras, text) {
            signal.wavelength = wavelength
            draft.wavelengths[section.argument ?? section.kind] = wavelength
        }
        trace.signal = signal
        trace.extras.add(fields.unread)
        if let multiplier { trace.extras.add("Intensity Multiplier", multiplier) }
        trace.extras.add("Section", section.kind)
        // Mass chromatograms and spectra are counts as they stand.
        let isScaled = section.role == .trace && !section.kind.hasPrefix("MS")
        if factor == nil, isScaled || unitWritten != nil || multiplier != nil {
            unitWritten.map { trace.extras.add("Intensity Units", $0) }
            unit = .none
            trace.flags.append(Flag("unscaled", written: multiplier))
            LabSolutionsTrace.reportUnscaled(section, multiplier, fields, text, trace.location)
        }
        range = LabSolutionsTrace.range(trace.extras, mark)
        let interval = trace.extras["Interval(msec)"]
        clock = TraceClock(
            interval: LabSolutionsTrace.number(interval, mark).map { ($0 / 60_000, "\((interval ?? "").trimmed) ms") })
        let found = row.map { LabSolutionsWavelengths($0, columns: columns, trace.extras, mark) }
        wavelengths = found?.values ?? []
        if let row, let fault = found?.fault {
            trace.flags.append(Flag("unscaled"))
            LabSolutionsTrace.report("labsolutions.wavelengths", fault, row, section)
        }
        if let row, let key = trace.extras.fields.first(where: { $0.heading.hasPrefix("# of Wavelength") }),
            Int(key.text.trimmed) != columns - 1
        {
            let fault = "\(key.heading) is \(key.text.trimmed), but there are \(columns - 1) columns"
            LabSolutionsTrace.report("labsolutions.count", fault, row, section)
        }
        let wavelengthUnit = row.map { _ in found?.fault == nil ? StatedUnit(ofFormat: .nanometre) : .none }
        trace.axes = LabSolutionsTrace.axes(heading, unit, wavelengths: wavelengthUnit)
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
        guard row.fits(header) else {
            clock.pass()
            return
        }
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
        let value = factor(row.bytes(at: column), number, mark: mark)
        guard value.isFinite else { throw outOfRange(row, column) }
        return value
    }

    @inline(never)
    private func outOfRange(_ row: Row, _ column: Int) -> Diagnostic {
        row.fault(
            "table.number-out-of-range", "\"\(row[column])\" times the Intensity Multiplier is beyond what a number can hold",
            at: column, hint: "this point was left out, the others were read; correct the file at its source")
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

    private static func wavelength(_ fields: KeyedFields, _ extras: inout Extras, _ text: DelimitedText) -> Quantity? {
        let key = "Wavelength(nm)"
        guard let written = fields.text(key) else { return nil }
        do {
            if let quantity = try fields.quantity(key, StatedUnit(heading: key)), quantity.value != nil { return quantity }
        } catch {
            // A detector without wavelengths writes the unit again: "Wavelength(nm)  nm".
            if written != "nm", var diagnostic = error as? Diagnostic {
                diagnostic.severity = .warning
                diagnostic.hint = "it was kept as text among the extras of the trace"
                text.source.account.report(diagnostic)
            }
        }
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

    /// Tells of wavelengths that contradict what the section states.
    private static func report(_ code: String, _ message: String, _ row: Row, _ section: LabSolutionsSection) {
        row.source.account.report(
            row.fault(
                code, message, at: 1,
                hint: "the points were read under the wavelengths that stand here; the file was edited: export it again"))
        row.source.account.contradict("[\(section.title)]: \(message)")
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

    /// - Parameter wavelengths: Their unit, for a trace over time and wavelength.
    private static func axes(
        _ heading: [String], _ unit: StatedUnit, wavelengths: StatedUnit?
    ) -> [TraceRecord.Axis] {
        func axis(_ name: String, _ unit: StatedUnit) -> TraceRecord.Axis {
            TraceRecord.Axis(name, unit: unit.unit, unitWritten: unit.written)
        }
        // A blank heading is named after its column.
        let names = Header(heading).distinct
        let stated = StatedUnit(heading: heading[0])
        var axes: [TraceRecord.Axis]
        switch ColumnHeading.field(heading[0]) {
        // Without a unit in the heading ("Ret.Time"): minutes, the fixed unit of the export.
        case .measurement(.retentionTime):
            axes = [axis("time", stated.unit == nil ? StatedUnit(ofFormat: .minute) : stated)]
        case .measurement(.massToCharge): axes = [axis("massToCharge", .none)]
        default: axes = [axis(names[0], stated)]
        }
        if let wavelengths { return axes + [axis("wavelength", wavelengths), axis(intensity(unit.unit), unit)] }
        if heading.count == 2 { return axes + [axis(intensity(unit.unit), unit)] }
        return axes + names.dropFirst().map { axis($0, unit) }
    }

    // Both units are understood; one that were not would measure nothing.
    private static let absorbance = try? Unit("{AU}").quantityDimension()
    private static let pressure = try? Unit("bar").quantityDimension()

    /// What an intensity in that unit is.
    private static func intensity(_ unit: Unit?) -> String {
        // Of a unit that is not understood nobody can say more.
        guard let unit, let dimension = try? unit.quantityDimension() else { return "intensity" }
        if dimension == absorbance { return "absorbance" }
        if dimension == pressure { return "pressure" }
        return unit == .celsius ? "temperature" : "intensity"
    }
}
