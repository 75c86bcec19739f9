import IngestCore
import StreamingXML
import TabularText

/// One section: a measurement of a plate, well by well.
struct TecanSection {
    private let document: ElementReader
    private let output: AdapterOutput
    private let open: OpenElement
    private let plate: TecanPlate
    private var run: RunRecord
    private var signal: Signal
    private var mode = MeasurementName.absorbance
    private var own: String?
    private var range: TecanRange?
    private var isBegun = false, hasData = false
    private var scans: Int?
    private var started: String?
    private let repeats: Repeats
    /// Of all its readings.
    private var flags: [Flag] = []

    init(_ plate: TecanPlate, _ open: OpenElement, _ document: ElementReader, _ output: AdapterOutput) {
        self.plate = plate
        self.open = open
        self.document = document
        self.output = output
        run = plate.run
        run.extras = plate.extras
        range = plate.range
        repeats = plate.repeats
        signal = Signal(name: open.attribute("Name")?.string())
        run.name = signal.name
    }

    mutating func read() async throws {
        started = open.attribute("Time_Start")?.peek
        for (name, role) in [("Time_Start", RunRecord.Time.Role.started), ("Time_End", .finished)] {
            if let time = open.attribute(name)?.time("tecan", orKeptIn: &run.extras) { run.times.append(.init(role, time)) }
        }
        open.keepAttributes(in: &run.extras)
        var late: Extras = [:]
        while let part = try document.next(in: open) {
            switch part.name {
            case "Data":
                try await begin()
                hasData = true
                try await readData(part)
            case "Time_Start" where !isBegun:
                guard let element = try document.whole(part) else { break }
                started = element.content?.peek
                if let time = element.content?.time("tecan", orKeptIn: &run.extras) { run.times.append(.init(.started, time)) }
                element.keepRest(in: &run.extras, under: element.name)
            case "Parameters" where !isBegun: if let element = try document.whole(part) { try takeParameters(element) }
            default:
                if isBegun { try document.keep(part, in: &late) } else { try document.keep(part, in: &run.extras) }
            }
        }
        try await begin()
        tellMissingData()
        guard !late.isEmpty else { return }
        // The run was begun: what follows its readings is told by a finding of its own.
        try await output.emit(
            ResultRecord(
                kind: .sample, signal: signal, measurements: [], extras: late.withoutFolders, location: open.location))
    }

    /// A section that was to read wells and has none was broken off.
    private func tellMissingData() {
        guard !hasData, let range, !document.isBroken else { return }
        output.report(
            Diagnostic(
                "tecan.count", "the section was to read \(range.wells) wells (\(range.written)), and there is none",
                at: open.location, hint: "the file was edited, or the measurement stopped"))
        output.account.contradict("\(signal.name ?? "a section") states \(range.wells) wells, there is none")
    }

    private mutating func begin() async throws {
        guard !isBegun else { return }
        isBegun = true
        // Sections of one name are normal where a measurement is repeated; two that began at one instant are one.
        if let started, !started.isEmpty,
            let flag = repeats.note(
                [signal.name ?? "", started], "the section \"\(signal.name ?? "")\" that began at \(started)", at: open.location,
                output.account)
        {
            flags = [flag]
        }
        if run.times.isEmpty, let date = plate.date { run.times.append(.init(.started, date)) }
        run.extras = run.extras.withoutFolders
        try await output.begin(run)
    }

    private mutating func takeParameters(_ element: Element) throws {
        for parameter in element.children("Parameter") {
            switch parameter.peek("Name") {
            case "Mode":
                let written = parameter.peek("Value")
                if written.hasPrefix("Fluorescence") { mode = .fluorescence }
                if written.hasPrefix("Luminescence") { mode = .luminescence }
                if !["Fl", "Lu", "Ab"].contains(where: written.hasPrefix) { own = written }
            case "Wavelength", "Measurement Wavelength":
                let unit = StatedUnit(written: parameter.peek("Unit"))
                if signal.wavelength == nil {
                    signal.wavelength = parameter["Value"]?.setting("tecan", unit, orKeptIn: &run.extras)
                }
            case "Part of Plate":
                range = TecanRange(parameter.peek("Value"))
                if range == nil { tellNoRange(parameter) }
            case let name where name.hasSuffix("Scan Number"): scans = parameter.declaredCount("Value", "tecan.count")
            default: break
            }
            TecanPlate.keep(parameter, in: &run.extras)
        }
        element.keepRest(in: &run.extras, under: "Parameters")
    }

    private func tellNoRange(_ parameter: Element) {
        guard let value = parameter["Value"], !value.isEmpty else { return }
        output.report(
            value.fault(
                "tecan.range", "\"\(value.peek)\" is no part of a plate", severity: .warning,
                hint: "the wells that are there were read, but nothing shows that these are all; look at the file"))
        output.account.doubt("Part of Plate is \"\(value.peek)\"")
    }

    // MARK: Wells

    private mutating func readData(_ data: OpenElement) async throws {
        let place = data.location
        var about: Extras = [:]
        let temperature = temperature(data, &about)
        if let cycle = data.attribute("Cycle")?.extra() { about.add("Cycle", cycle) }
        data.keepAttributes(in: &about)
        var wells = TecanWells(data, document, output, plate: plate.barcode, in: range, about, flags)
        let blank = Quantity(written: "", absent: .empty)
        var result = ResultRecord(
            kind: .well, signal: signal,
            measurements: [own.map { Measurement(own: $0, blank) } ?? Measurement(mode, blank)], flags: flags, extras: about,
            location: place)
        if let temperature { result.measurements.append(temperature) }
        // What is the same for all wells stands in the result; each reading changes the rest.
        try await output.emitResults(
            reusing: &result, ofElements: { try wells.next { try readScan($0, $1, $2, $3) } }, in: document
        ) { result, reading, element in
            element = reading
            try wells.fill(&result, reading)
            return true
        }
        guard let range, !document.isBroken, wells.count != range.wells else { return }
        output.report(
            Diagnostic(
                "tecan.count", "the section was to read \(range.wells) wells (\(range.written)), there are \(wells.count)",
                at: place, hint: "those that are there were read; the file was edited, or the measurement stopped"))
        output.account.contradict("\(signal.name ?? "a section") states \(range.wells) wells, there are \(wells.count)")
    }

    private func temperature(_ data: OpenElement, _ about: inout Extras) -> Measurement? {
        guard let value = data.attribute("Temperature"), value.peekNumber != 0 else { return nil }
        return value.setting("tecan", StatedUnit(ofFormat: .celsius), orKeptIn: &about).map { Measurement(.temperature, $0) }
    }

    /// A spectrum: a point for each `<Scan WL="280">3255300</Scan>`.
    private func readScan(_ reading: Element, _ position: Position, _ flags: [Flag], _ extras: Extras) throws {
        let points = reading.children("Scan")
        guard let first = points.first else { return }
        var trace = TraceRecord(
            position: position, signal: signal,
            axes: [
                TraceRecord.Axis("wavelength", unit: .nanometre), TraceRecord.Axis(own ?? mode.rawValue),
            ], flags: flags, extras: extras, location: reading.location)
        if let label = first["LabelId"]?.extra() { trace.extras.add("LabelId", label) }
        let writer = output.trace(trace)
        var more: Extras = [:]
        for point in points {
            point.describe("LabelId")
            do {
                let x = try point["WL"]?.quantity(), y = try point.content?.quantity()
                guard let x = x?.value, let y = y?.value else {
                    throw point.fault(
                        "tecan.no-value", "this point of the scan has no value: \"\(point.content?.peek ?? "")\"",
                        hint: "it was left out, the others were read")
                }
                try writer.append(x, y)
                point.keepRest(in: &more, under: "Scan")
            } catch let diagnostic as Diagnostic {
                point.leaveOutRest()
                point["WL"]?.leaveOut()
                point.content?.leaveOut()
                output.report(diagnostic)
            }
        }
        if !more.isEmpty { writer.change { trace in for field in more.fields { trace.extras.add(field.heading, field.text) } } }
        guard let scans, scans != points.count else { return }
        writer.change { $0.flags.append(Flag("pointCount")) }
        output.report(
            reading.fault(
                "tecan.count", "the scan was to have \(scans) points, there are \(points.count)",
                hint: "those that are there were read; the file was edited, or the measurement stopped"))
        output.account.contradict("a scan states \(scans) points, there are \(points.count)")
    }
}
