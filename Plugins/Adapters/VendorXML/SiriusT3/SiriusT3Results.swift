import IngestCore
import StreamingXML
import TabularText

/// Reads what a SiriusT3 file recorded and found.
final class SiriusT3Results {
    let output: AdapterOutput
    private let run: SiriusT3Run
    private let base: ResultRecord
    private var titration: SiriusT3Titration
    /// The data points, by their numbers in the file.
    private var points: Set<Int> = []
    /// The software counts the events one by one, whatever they are.
    private var events = Numbering("siriust3.event-number", of: "event")
    private var sweeps = 0
    private var place = SourceLocation(file: "")

    init(_ run: SiriusT3Run, _ output: AdapterOutput) {
        self.run = run
        self.output = output
        var base = ResultRecord(kind: .sample, measurements: [], location: SourceLocation(file: ""))
        base.sample = run.sample.map { Sample(name: $0) }
        base.position = run.well.map { Position(written: $0) }
        base.injection = run.started.map { Injection(acquired: $0) }
        self.base = base
        titration = SiriusT3Titration(output)
    }

    /// A trace of the sample, without axes yet.
    func trace(_ name: String, at location: SourceLocation) -> TraceRecord {
        TraceRecord(
            sample: base.sample, position: base.position, injection: base.injection, signal: Signal(name: name), axes: [],
            location: location)
    }

    // MARK: Recorded

    func readEvent(_ event: Element) throws {
        let flag = note(event)
        if event.isNamed("DataPoint") {
            if let id = Int(event.peek("Id")) { points.insert(id) }
            if let flag { titration.flags.append(flag) }
        }
        try readSpectrum(event.isNamed("DataPoint") ? event.child("DataSpectrum") : event, of: event)
        for child in event.children { try SiriusT3Arrays(child, child.isNamed("DataVolumes") ? nil : self).read() }
        if event.isNamed("DataPoint") { titration.take(event) }
        event.keepRest(in: &titration.extras, under: event.name)
    }

    /// Compares the number of an event with that of the one before.
    /// - Returns: The flag of one that has the number of another.
    @discardableResult
    func note(_ event: Element) -> Flag? {
        guard let number = event["Id"] else { return nil }
        return events.note(number, tellsOdd: !event.isNamed("DataPoint"))
    }

    /// The counts of the detector, and how much they varied, for each wavelength.
    private func readSpectrum(_ spectrum: Element?, of event: Element) throws {
        var columns: [(name: String, values: [Double?])] = []
        var place: SourceLocation?
        for list in ["Spectrum", "Avedevs"].compactMap({ spectrum?.child($0) }) {
            guard let values = take(list, besides: columns.first), !values.isEmpty else { continue }
            columns.append((list.name, values))
            place = place ?? list.location
        }
        guard let spectrum, let place, let count = columns.first?.values.count else { return }
        var trace = trace(event.name, at: place)
        let scale = run.wavelengths.count == count ? run.wavelengths : nil
        trace.axes =
            [scale == nil ? TraceRecord.Axis("number") : TraceRecord.Axis("wavelength", unit: .nanometre)]
            + columns.map { TraceRecord.Axis($0.name) }
        if scale == nil, run.hasWavelengths {
            trace.flags.append(Flag("noScale", written: "WavelengthScale"))
            if !run.wavelengths.isEmpty { tellWavelengths(spectrum, count) }
        }
        for field in ["Id", "ElapsedTime"] where !event.peek(field).isEmpty { trace.extras.add(field, event.peek(field)) }
        if let version = spectrum.attribute("version")?.extra() { trace.extras.add("version", version) }
        let writer = output.trace(trace)
        var missing = 0
        for index in 0..<count {
            let values = columns.compactMap { $0.values[index] }
            guard values.count == columns.count, let x = scale.map({ $0[index] }) ?? Double(index + 1) else {
                missing += 1
                continue
            }
            try writer.append([x] + values)
        }
        if missing > 0 { writer.change { $0.flags.append(Flag("missingPoints", written: "\(missing)")) } }
    }

    /// The numbers of a spectrum, as many as `other` has; `nil`, and told, for a list that is not in order.
    private func take(_ list: Element, besides other: (name: String, values: [Double?])?) -> [Double?]? {
        guard list.content != nil || SiriusT3Array.isArray(list) else { return nil }
        SiriusT3Array.describeShape(of: list)
        do {
            let values = try SiriusT3Array(list).values
            if let other, other.values.count != values.count {
                throw list.fault(
                    "siriust3.count",
                    "there are \(values.count) numbers in <\(list.name)>, and \(other.values.count) in <\(other.name)>",
                    hint: "this list was left out, all else was read; the file was edited or damaged: export it again")
            }
            list.content?.measured()
            return values
        } catch {
            list.content?.leaveOut()
            if let diagnostic = error as? Diagnostic { output.report(list: diagnostic) }
            return nil
        }
    }

    private func tellWavelengths(_ spectrum: Element, _ count: Int) {
        output.report(
            list: spectrum.fault(
                "siriust3.count", "this spectrum has \(count) numbers, there are \(run.wavelengths.count) wavelengths",
                hint: "it was read by number, and flagged noScale; the file was edited or damaged: export it again"))
    }

    func writeTitration(_ location: SourceLocation) throws {
        place = location
        try titration.write(trace("titration", at: location))
    }

    // MARK: Found

    func read(_ element: Element) async throws {
        if element.isNamed("Sweep") {
            sweeps += 1
            compareEvents(element)
        }
        if element.isNamed("FastDpasMeanResult") { try await readMeans(element) }
        try writeTurbidities(element)
        guard element.isNamed("MultisweepPhMetricResult") else {
            return try await emit(element, .sample, ordinal: element.isNamed("Sweep") ? sweeps : nil)
        }
        // What all sweeps give together is the logP; what each of them gives is in it too.
        for (index, sweep) in element.children("PhMetricResult").enumerated() {
            try await emit(sweep, .sample, ordinal: index + 1)
        }
        try await emit(element, .compound, ordinal: nil)
    }

    private func emit(_ element: Element, _ kind: ResultRecord.Kind, ordinal: Int?) async throws {
        try SiriusT3Arrays(element, self).read()
        // Of some there is nothing but lists, which are traces.
        guard element.hasUnread || SiriusT3Fields.warns(element) else { return }
        try await output.emitResult(of: element) {
            var result = base
            result.kind = kind
            result.ordinal = ordinal
            result.location = element.location
            let isLogP = kind == .compound
            var fields = SiriusT3Fields(
                output, prefix: isLogP ? "MultisweepPhMetricLevelResult/SampleValues/" : "",
                besides: isLogP ? ["PhMetricResult"] : [])
            fields.read(element)
            result.measurements = fields.measurements
            result.flags = fields.flags
            if !element.isNamed("Sweep") { addQuality(&result) }
            // The names of its numbers are those in the file, so it says what it is.
            result.extras.add("Result", element.name)
            element.keepRest(in: &result.extras)
            result.extras = result.extras.withoutFolders
            return result
        }
    }

    /// The turbidity at each data point of a sweep.
    private func writeTurbidities(_ element: Element) throws {
        guard let list = element.child("TurbidityResult") else { return }
        let points = list.children("TurbidityValue")
        guard !points.isEmpty else { return }
        var trace = trace("TurbidityAbsorbance", at: list.location)
        trace.axes = [TraceRecord.Axis("DataPointId"), TraceRecord.Axis("TurbidityAbsorbance")]
        let writer = output.trace(trace)
        for point in points {
            do {
                guard let id = try point.quantity("DataPointId")?.value,
                    let value = try point.quantity("TurbidityAbsorbance")?.value
                else {
                    throw point.fault(
                        "siriust3.point", "this turbidity has no value", hint: "it was left out, the others were read")
                }
                try writer.append(id, value)
            } catch let diagnostic as Diagnostic {
                point.leaveOutRest()
                output.report(diagnostic)
            }
        }
    }

    private func addQuality(_ result: inout ResultRecord) {
        if let quality = run.quality { result.flags.append(Flag("quality", written: quality)) }
    }

    /// The mean of each pKa over the sweeps: lists in the same order.
    private func readMeans(_ element: Element) async throws {
        guard let list = element.child("MeanPkaResults"), let means = try column(list, count: nil) else { return }
        let others: [(MeasurementName?, String, StatedUnit)] = [
            (.standardDeviation, "MeanPkasStdDevs", .none), (nil, "MeanPkasAverageIonicStrength", .none),
            (.temperature, "MeanPkasAverageTemperature", StatedUnit(ofFormat: .celsius)),
        ]
        var columns: [[Measurement]] = []
        for (name, field, unit) in others {
            guard let list = element.child(field), let texts = try column(list, count: means.count) else { continue }
            columns.append(
                texts.map { text in
                    let quantity = Self.quantity(text, unit, of: list)
                    return name.map { Measurement($0, quantity) } ?? Measurement(own: field, quantity)
                })
        }
        for (index, mean) in means.enumerated() {
            try await output.emitResult {
                var result = base
                result.kind = .compound
                result.ordinal = index + 1
                result.location = list.location
                result.index = index + 1
                result.analyte = Analyte(name: "pKa \(index + 1)")
                addQuality(&result)
                result.measurements = [Measurement(own: "pKa", Self.quantity(mean, .none, of: list))] + columns.map { $0[index] }
                return result
            }
        }
    }

    /// The numbers of a list as they are written; `nil`, and told, when the list is not in order.
    private func column(_ list: Element, count: Int?) throws -> [String]? {
        SiriusT3Array.describeShape(of: list)
        do {
            let array = try SiriusT3Array(list)
            guard let content = list.content else { return nil }
            guard count == nil || count == array.values.count else {
                throw list.fault(
                    "siriust3.count", "there are \(count ?? 0) mean pKa, but \(array.values.count) numbers in <\(list.name)>",
                    hint: "this list was left out, all else was read; the file was edited or damaged: export it again")
            }
            content.measured()
            return content.written.split(whereSeparator: \.isWhitespace).map(String.init)
        } catch let diagnostic as Diagnostic {
            list.content?.leaveOut()
            output.report(list: diagnostic)
            return nil
        }
    }

    private static func quantity(_ text: String, _ unit: StatedUnit, of list: Element) -> Quantity {
        guard let value = list.reader.number(in: text) else {
            let absent: Quantity.Absence = list.reader.isGivenMissing(text) ? .notReported : .invalid
            return Quantity(written: text, absent: absent, unit: unit.unit, unitIsFormats: unit.isFormats)
        }
        return Quantity(written: text, value: value, unit: unit.unit, unitIsFormats: unit.isFormats)
    }

    // MARK: Counts

    /// A sweep tells the first and the last of its data points.
    private func compareEvents(_ sweep: Element) {
        for field in ["FirstEventId", "LastEventId"] {
            guard let value = sweep[field] else { continue }
            guard let id = Int(value.peek) else {
                output.report(
                    value.fault(
                        "siriust3.sweep", "this sweep names the data point \"\(value.peek)\", which is no number",
                        hint:
                            "what the file says of the sweep was read; which points it is of is not known: export the file again")
                )
                output.account.doubt("a sweep names the data point \"\(value.peek)\"")
                continue
            }
            guard !points.contains(id) else { continue }
            output.report(
                value.fault(
                    "siriust3.sweep", "this sweep names the data point \(id), which was not recorded",
                    hint: "what the file says of the sweep was read; points of the titration are missing: export the file again"))
            output.account.contradict("a sweep names the data point \(id), which the file does not have")
        }
    }

    func finish(isBroken: Bool) async throws {
        // Of events without any point.
        try await output.emitLate(titration.extras, at: place)
        if let fault = run.sweepsFault {
            output.report(fault)
            output.account.doubt(fault.message)
        }
        guard let expected = run.sweeps, !isBroken else { return }
        guard expected != sweeps else {
            return output.account.prove("\(expected) titrations were asked for, there are \(sweeps) sweeps")
        }
        output.report(
            Diagnostic(
                "siriust3.sweep-count", "\(expected) titrations were asked for, there are \(sweeps) sweeps", at: place,
                hint: "those that are there were read; the assay was stopped, or the file was edited"))
        output.account.contradict("\(expected) titrations were asked for, there are \(sweeps) sweeps")
    }
}
