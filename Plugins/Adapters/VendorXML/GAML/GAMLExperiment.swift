import IngestCore
import StreamingXML

/// One experiment of a GAML document: an injection or a measurement, with its traces and peaks.
struct GAMLExperiment {
    private let open: OpenElement
    private let document: ElementReader
    private let output: AdapterOutput
    var units: GAMLUnits
    private var sample: Sample
    private var position: Position?
    private var injection: Injection
    /// What is told with each peak, and with the first trace; by itself where there is no trace.
    private var about: Extras = [:]
    private var isTold = false
    /// What is said behind the first trace.
    private var late: Extras = [:]

    init(_ open: OpenElement, _ document: ElementReader, _ output: AdapterOutput, _ units: GAMLUnits, injection ordinal: Int) {
        self.open = open
        self.document = document
        self.output = output
        self.units = units
        sample = Sample(name: open.attribute("name")?.string())
        injection = Injection(ordinal: ordinal)
        open.keepAttributes(in: &about)
    }

    mutating func read() async throws {
        let place = open.location
        while let part = try document.next(in: open) {
            switch part.name {
            case "trace": try await readTrace(part)
            case _ where isTold: if let element = try document.whole(part) { try takeLate(element) }
            case "collectdate": takeDate(try document.whole(part))
            case "parameter": try takeParameter(try document.whole(part))
            default: try document.keep(part, in: &about)
            }
        }
        if isTold {
            guard !late.isEmpty else { return }
            return try await output.emit(finding(late.withoutFolders, place))
        }
        guard !about.isEmpty || sample.name != nil else { return }
        try await output.emit(finding(about.withoutFolders, place))
    }

    /// What stands behind a trace came too late for it: it is told as it stands, by a finding of its own.
    private mutating func takeLate(_ element: Element) throws {
        if element.isNamed("parameter") {
            element.keepGAMLParameter(in: &late)
        } else {
            element.keepRest(in: &late, under: element.name)
        }
    }

    private mutating func takeDate(_ element: Element?) {
        defer { element?.keepRest(in: &about, under: "collectdate") }
        guard let value = element?.content else { return }
        do {
            injection.acquired = try value.timestamp()
        } catch let diagnostic as Diagnostic {
            value.leaveOut()
            output.report(diagnostic.saying("it was left out, the experiment was read without it"))
        } catch {}
    }

    private mutating func takeParameter(_ element: Element?) throws {
        if let element, element.peek("alias") == "injection.inject_volume", element.content == nil {
            injection.volume = try element.ownQuantity()
        }
        guard let element, let value = element.content else {
            element?.keepGAMLParameter(in: &about)
            return
        }
        switch element.peek("alias") {
        case "SampleType":
            sample.roleWritten = value.string()
            sample.role = sample.roleWritten.map { Sample.Role(written: $0) }
        case "injection.position":
            if let vial = value.string() { position = Position(written: vial, vial: vial) }
        case "injection.inject_volume":
            do {
                injection.volume = try value.quantity()
            } catch let diagnostic as Diagnostic {
                value.leaveOut()
                output.report(diagnostic.saying("it was left out, the experiment was read without it"))
            }
        default:
            element.keepGAMLParameter(in: &about)
            return
        }
        _ = element.gamlLabel
        element.keepRest(in: &about)
    }

    private func finding(_ extras: Extras, _ place: SourceLocation, _ signal: Signal? = nil) -> ResultRecord {
        ResultRecord(
            kind: .sample, sample: sample, position: position, injection: injection, signal: signal, measurements: [],
            extras: extras, location: place)
    }

    // MARK: Traces

    private mutating func readTrace(_ open: OpenElement) async throws {
        let place = open.location
        let signal = Signal(name: open.attribute("name")?.string())
        var extras: Extras = [:]
        open.keepAttributes(in: &extras)
        while let part = try document.next(in: open) {
            switch part.name {
            case "parameter": try document.whole(part)?.keepGAMLParameter(in: &extras)
            case "Xdata": try await readAxis(part, signal, &extras)
            default: try leaveOut(part)
            }
        }
        // Told with the first curve; there was none, or it could not be read.
        guard !extras.isEmpty else { return }
        if !isTold { extras.add(about) }
        isTold = true
        try await output.emit(finding(extras.withoutFolders, place, signal))
    }

    private mutating func readAxis(_ open: OpenElement, _ signal: Signal, _ extras: inout Extras) async throws {
        let axis = units.axis(open)
        open.attribute("valueorder")?.ignore("the order of the values of an axis, which they show themselves")
        open.keepAttributes(in: &extras)
        var values: [Double]?
        while let part = try document.next(in: open) {
            switch part.name {
            case "values": values = try numbers(part, &extras)
            case "Ydata": try await readCurve(part, axis, values, signal, &extras)
            case "parameter": try document.whole(part)?.keepGAMLParameter(in: &extras)
            default: try leaveOut(part)
            }
        }
    }

    private mutating func readCurve(
        _ open: OpenElement, _ xAxis: TraceRecord.Axis, _ x: [Double]?, _ signal: Signal, _ extras: inout Extras
    ) async throws {
        let place = open.location
        let yAxis = units.axis(open)
        open.keepAttributes(in: &extras)
        var writer: TraceWriter?
        var ordinal = 0, hasValues = false
        while let part = try document.next(in: open) {
            if part.name == "values" { hasValues = true }
            switch part.name {
            case "values" where writer == nil:
                guard let x else {
                    try leaveOut(
                        part, "gaml.no-axis", "the values of this curve have none to be drawn over",
                        "the curve was left out, the others were read")
                    break
                }
                guard let y = try numbers(part, &extras, over: x.count) else { break }
                if !isTold { extras.add(about) }
                isTold = true
                let trace = output.trace(
                    TraceRecord(
                        sample: sample, position: position, injection: injection, signal: signal, axes: [xAxis, yAxis],
                        extras: extras.withoutFolders, location: place))
                extras = [:]
                for (x, y) in zip(x, y) { try trace.append(x, y) }
                writer = trace
            case "parameter": try document.whole(part)?.keepGAMLParameter(in: &extras)
            case "peaktable": try await readPeaks(part, xAxis, yAxis, signal, &extras, &ordinal)
            default: try leaveOut(part)
            }
        }
        if !hasValues, !document.isBroken {
            output.report(
                Diagnostic(
                    "gaml.no-values", "there are no <values> in this <Ydata>", at: place,
                    hint: "its peaks were read, without a curve; the file was edited, or not all was converted"))
            output.account.contradict("a curve of \(sample.name ?? "an experiment") has no values")
        }
        guard let writer, !extras.isEmpty else { return }
        let rest = extras.withoutFolders
        writer.change { $0.extras.add(rest) }
        extras = [:]
    }

    /// The numbers of `<values>`; what cannot be read, or is not as long as its axis, is told, and `nil`.
    private func numbers(_ open: OpenElement, _ extras: inout Extras, over length: Int? = nil) throws -> [Double]? {
        guard let element = try document.whole(open) else { return nil }
        do {
            element.attribute("numvalues")?.describe()
            let order = element.attribute("byteorder")?.string() ?? "INTEL"
            guard order.uppercased() == "INTEL" else {
                throw element.fault(
                    "gaml.byte-order", "the byte order is \"\(order)\"; GAML has INTEL alone",
                    hint: "this curve was left out, the others were read")
            }
            let form: NumberEncoding.Form
            switch element.attribute("format")?.string() {
            case "FLOAT32": form = .float32
            case "FLOAT64": form = .float64
            case let format:
                throw element.fault(
                    "gaml.format", "the values are in the form \"\(format ?? "")\"; GAML has FLOAT32 and FLOAT64",
                    hint: "this curve was left out, the others were read")
            }
            let count = try element.attribute("numvalues")?.integer()
            guard let text = element.content else {
                throw element.fault(
                    "xml.number-count", "\(count ?? 0) values are declared, there are none",
                    hint: "this curve was left out, the others were read")
            }
            let values = try text.numbers(base64: NumberEncoding(form), count: count)
            guard let length, values.count != length else {
                element.keepRest(in: &extras, under: "values")
                return values
            }
            text.leaveOut()
            throw element.fault(
                "gaml.lengths", "the curve has \(values.count) values over \(length)",
                hint: "this curve was left out, the others were read; convert the file again")
        } catch let diagnostic as Diagnostic {
            element.leaveOutRest()
            output.report(diagnostic)
            if ["xml.number-count", "gaml.lengths"].contains(diagnostic.code) {
                output.account.contradict("a curve of \(sample.name ?? "an experiment") has not as many values as are stated")
            }
            return nil
        }
    }

    /// What other programs may put here (coordinates, other axes, links between them) has no place in a curve of two axes.
    private func leaveOut(_ open: OpenElement) throws {
        try leaveOut(
            open, "gaml.unknown-part", "<\(open.name)> is not read here", "it was left out, the curves around it were read",
            severity: .warning)
    }

    private func leaveOut(
        _ open: OpenElement, _ code: String, _ message: String, _ hint: String, severity: Diagnostic.Severity = .error
    ) throws {
        guard let element = try document.whole(open) else { return }
        element.leaveOutRest()
        output.report(element.fault(code, message, severity: severity, hint: hint))
    }

    // MARK: Peaks

    private mutating func readPeaks(
        _ open: OpenElement, _ xAxis: TraceRecord.Axis, _ yAxis: TraceRecord.Axis, _ signal: Signal, _ extras: inout Extras,
        _ ordinal: inout Int
    ) async throws {
        open.keepAttributes(in: &extras)
        let about = about.withoutFolders
        // Numbers alone are not unique: PerkinElmer's Turbochrom gives two peaks the number 2.
        let repeats = Repeats("gaml.repeated-peak", flag: "repeatedPeak")
        while let element = try document.nextWhole(in: open) {
            guard element.isNamed("peak") else {
                if element.isNamed("parameter") {
                    element.keepGAMLParameter(in: &extras)
                } else {
                    element.keepRest(in: &extras, under: element.name)
                }
                continue
            }
            ordinal += 1
            let number = ordinal
            let id = element.peek("number"), place = element.peek("peakXvalue")
            let flag =
                id.isEmpty || place.isEmpty
                ? nil : repeats.note([id, place], "the peak \(id) at \(place)", at: element.location, output.account)
            try await output.emitResult(of: element) {
                var result = ResultRecord(
                    kind: .peak, ordinal: number, sample: sample, position: position, injection: injection, signal: signal,
                    measurements: [], flags: flag.map { [$0] } ?? [], extras: about, location: element.location)
                try GAMLPeak(element, output, xAxis, yAxis).read(into: &result)
                return result
            }
        }
    }
}

extension Diagnostic {
    /// The same with another hint.
    fileprivate func saying(_ hint: String) -> Diagnostic {
        var diagnostic = self
        diagnostic.hint = hint
        return diagnostic
    }
}
