/// Writes records in the one form everything passes through, `ingest-records/1`: JSON Lines, keys in a fixed order,
/// no key without a value, so that the same records always give the same bytes.
public struct RecordLines {
    public static let form = "ingest-records/1"

    private let out: LineBuffer

    /// Lines are appended to `buffer`.
    public init(into buffer: LineBuffer) { out = buffer }

    /// - Parameter digest: For the `end` record, the SHA-256 of every line before it.
    public func write(_ record: Record, digest: String = "") {
        switch record {
        case .source(let source): write(source)
        case .run(let run): write(run)
        case .result(let result): write(result)
        case .trace(let trace): write(trace)
        case .points(let points): write(points)
        case .attachment(let attachment): write(attachment)
        case .diagnostic(let diagnostic): write(diagnostic)
        case .end(let end): write(end, digest: digest)
        }
    }

    // MARK: Lines

    private func write(_ source: SourceRecord) {
        out.raw("{\"type\":\"source\",\"form\":\"ingest-records/1\",\"file\":")
        file(source.file)
        if !source.members.isEmpty {
            out.raw(",\"members\":[")
            list(source.members, file)
            out.raw("]")
        }
        out.raw(",\"adapter\":{\"name\":")
        out.string(source.adapter.name)
        out.raw(",\"version\":")
        out.integer(source.adapter.version)
        out.raw(",\"format\":")
        out.string(source.format)
        out.raw("},\"recognized\":")
        out.string(source.recognized)
        out.raw(",\"assumptions\":{")
        var first = true
        func choice(_ key: StaticString, _ choice: Assumptions.Choice?) {
            guard let choice else { return }
            if !first { out.raw(",") }
            first = false
            out.raw("\"")
            out.raw(key)
            out.raw("\":{")
            if let value = choice.value {
                out.raw("\"value\":")
                out.string(value)
                out.raw(",")
            }
            out.raw("\"why\":")
            out.string(choice.why)
            out.raw("}")
        }
        choice("encoding", source.assumptions.encoding)
        choice("decimalMark", source.assumptions.decimalMark)
        choice("dateOrder", source.assumptions.dateOrder)
        choice("timeZone", source.assumptions.timeZone)
        choice("missing", source.assumptions.missing)
        out.raw("}}\n")
    }

    private func write(_ run: RunRecord) {
        out.raw("{\"type\":\"run\",\"id\":")
        out.string(run.id)
        text(",\"name\":", run.name)
        text(",\"sequence\":", run.sequence)
        if let instrument = run.instrument, instrument != RunRecord.Instrument() {
            out.raw(",\"instrument\":")
            object([
                ("name", instrument.name), ("vendor", instrument.vendor), ("model", instrument.model),
                ("serial", instrument.serial),
            ])
        }
        if let software = run.software, software != RunRecord.Software() {
            out.raw(",\"software\":")
            object([("name", software.name), ("version", software.version)])
        }
        text(",\"operator\":", run.operatorName)
        if !run.methods.isEmpty {
            out.raw(",\"methods\":[")
            list(run.methods) { object([("role", $0.role.rawValue), ("name", $0.name)]) }
            out.raw("]")
        }
        if !run.times.isEmpty {
            out.raw(",\"times\":[")
            list(run.times) {
                out.raw("{\"role\":")
                out.string($0.role.rawValue)
                out.raw(",")
                inside($0.time)
                out.raw("}")
            }
            out.raw("]")
        }
        extras(run.extras)
        out.raw("}\n")
    }

    public func write(_ result: borrowing ResultRecord) {
        out.raw("{\"type\":\"result\",\"id\":")
        out.string(result.id)
        out.raw(",\"run\":")
        out.string(result.run)
        out.raw(",\"kind\":")
        out.string(result.kind.rawValue)
        if let ordinal = result.ordinal {
            out.raw(",\"ordinal\":")
            out.integer(ordinal)
        }
        subject(result.sample, result.position, result.injection, result.signal, result.analyte)
        out.raw(",\"measurements\":[")
        var first = true
        for measurement in result.measurements {
            if !first { out.raw(",") }
            first = false
            out.raw("{\"name\":")
            out.string(measurement.name)
            if measurement.isOwn { out.raw(",\"own\":true") }
            out.raw(",")
            inside(measurement.quantity)
            out.raw("}")
        }
        out.raw("]")
        flags(result.flags)
        extras(result.extras)
        out.raw(",\"at\":")
        place(result.location, withField: false)
        out.raw("}\n")
    }

    private func write(_ trace: TraceRecord) {
        out.raw("{\"type\":\"trace\",\"id\":")
        out.string(trace.id)
        text(",\"run\":", trace.run.isEmpty ? nil : trace.run)
        subject(trace.sample, trace.position, trace.injection, trace.signal, trace.analyte)
        out.raw(",\"axes\":[")
        list(trace.axes) {
            object([("name", $0.name), ("unit", $0.unit?.code), ("unitWritten", $0.unitWritten)])
        }
        out.raw("],\"count\":")
        out.integer(trace.count)
        flags(trace.flags)
        extras(trace.extras)
        out.raw(",\"at\":")
        place(trace.location, withField: false)
        out.raw("}\n")
    }

    private func write(_ points: PointsRecord) {
        out.raw("{\"type\":\"points\",\"trace\":")
        out.string(points.trace)
        out.raw(",\"from\":")
        out.integer(points.from)
        out.raw(",\"values\":[")
        for (index, value) in points.values.enumerated() {
            if index % points.axes == 0 {
                out.raw(index == 0 ? "[" : "],[")
            } else {
                out.raw(",")
            }
            out.double(value)
        }
        out.raw(points.values.isEmpty ? "]}\n" : "]]}\n")
    }

    private func write(_ attachment: AttachmentRecord) {
        out.raw("{\"type\":\"attachment\",\"id\":")
        out.string(attachment.id)
        out.raw(",\"name\":")
        out.string(attachment.file.name)
        out.raw(",\"mediaType\":")
        out.string(attachment.mediaType)
        out.raw(",\"bytes\":")
        out.integer(attachment.file.bytes)
        out.raw(",\"sha256\":")
        out.string(attachment.file.sha256)
        out.raw(",\"role\":")
        out.string(attachment.role.rawValue)
        out.raw("}\n")
    }

    private func write(_ diagnostic: Diagnostic) {
        out.raw("{\"type\":\"diagnostic\",\"severity\":")
        out.string(diagnostic.severity.rawValue)
        text(",\"code\":", diagnostic.code)
        text(",\"message\":", diagnostic.message)
        out.raw(",\"at\":")
        place(diagnostic.location, withField: true)
        text(",\"hint\":", diagnostic.hint)
        out.raw("}\n")
    }

    private func write(_ end: EndRecord, digest: String) {
        out.raw("{\"type\":\"end\"")
        number(",\"results\":", end.results)
        number(",\"leftOut\":", end.leftOut)
        number(",\"traces\":", end.traces)
        number(",\"points\":", end.points)
        number(",\"coverage\":{\"values\":", end.coverage.values)
        number(",\"measured\":", end.coverage.measured)
        number(",\"described\":", end.coverage.described)
        number(",\"extras\":", end.coverage.extras)
        number(",\"ignored\":", end.coverage.ignored)
        number(",\"leftOut\":", end.coverage.leftOut)
        text("},\"complete\":", end.completeness.verdict.rawValue)
        text(",\"why\":", end.completeness.why)
        text(",\"digest\":", digest)
        out.raw("}\n")
    }

    // MARK: Parts

    private func subject(
        _ sample: Sample?, _ position: Position?, _ injection: Injection?, _ signal: Signal?, _ analyte: Analyte?
    ) {
        if let sample, sample != Sample() {
            out.raw(",\"sample\":")
            object([
                ("name", sample.name), ("id", sample.id), ("barcode", sample.barcode), ("batch", sample.batch),
                ("role", sample.role?.rawValue), ("roleWritten", sample.roleWritten),
            ])
        }
        if let position {
            out.raw(",\"position\":{\"written\":")
            out.string(position.written)
            text(",\"plate\":", position.plate)
            if let row = position.row { number(",\"row\":", row) }
            if let column = position.column { number(",\"column\":", column) }
            text(",\"vial\":", position.vial)
            out.raw("}")
        }
        if let injection, injection.ordinal != nil || injection.acquired != nil || injection.volume != nil {
            out.raw(",\"injection\":{")
            var first = true
            func key(_ key: StaticString) {
                if !first { out.raw(",") }
                first = false
                out.raw(key)
            }
            if let ordinal = injection.ordinal {
                key("\"ordinal\":")
                out.integer(ordinal)
            }
            if let acquired = injection.acquired {
                key("\"acquired\":{")
                inside(acquired)
                out.raw("}")
            }
            if let volume = injection.volume {
                key("\"volume\":{")
                inside(volume)
                out.raw("}")
            }
            out.raw("}")
        }
        if let signal, signal.name != nil || signal.wavelength != nil {
            out.raw(",\"signal\":{")
            if let name = signal.name {
                out.raw("\"name\":")
                out.string(name)
            }
            if let wavelength = signal.wavelength {
                out.raw(signal.name == nil ? "\"wavelength\":{" : ",\"wavelength\":{")
                inside(wavelength)
                out.raw("}")
            }
            out.raw("}")
        }
        if let analyte, analyte != Analyte() {
            out.raw(",\"analyte\":")
            object([("name", analyte.name), ("id", analyte.id), ("role", analyte.role?.rawValue)])
        }
    }

    private func inside(_ quantity: Quantity) {
        out.raw("\"written\":")
        out.string(quantity.written)
        if let value = quantity.value {
            out.raw(",\"value\":")
            out.double(value)
        }
        text(",\"unit\":", quantity.unit?.code)
        text(",\"unitWritten\":", quantity.unitWritten)
        if quantity.unitIsFormats { out.raw(",\"unitSource\":\"format\"") }
        if quantity.bound != .exact { text(",\"bound\":", quantity.bound.rawValue) }
        text(",\"absent\":", quantity.absent?.rawValue)
    }

    private func inside(_ time: Timestamp) {
        out.raw("\"written\":")
        out.string(time.written)
        text(",\"local\":", time.local?.description)
        text(",\"offset\":", time.offsetText)
        text(",\"offsetSource\":", time.offsetSource?.rawValue)
        if !time.unsettled.isEmpty {
            out.raw(",\"unsettled\":[")
            list(time.unsettled) { out.string($0.rawValue) }
            out.raw("]")
        }
    }

    private func flags(_ flags: [Flag]) {
        guard !flags.isEmpty else { return }
        out.raw(",\"flags\":[")
        list(flags) { object([("code", $0.code), ("written", $0.written)]) }
        out.raw("]")
    }

    private func extras(_ extras: Extras) {
        guard !extras.isEmpty else { return }
        out.raw(",\"extras\":{")
        list(extras.fields) {
            out.string($0.heading)
            out.raw(":")
            out.string($0.text)
        }
        out.raw("}")
    }

    private func place(_ location: SourceLocation, withField: Bool) {
        out.raw("{")
        var first = true
        func key(_ key: StaticString) {
            if !first { out.raw(",") }
            first = false
            out.raw(key)
        }
        if let member = location.member {
            key("\"member\":")
            out.string(member)
        }
        if let line = location.line {
            key("\"line\":")
            out.integer(line)
        }
        if let column = location.column {
            key("\"column\":")
            out.integer(column)
        }
        if withField, let field = location.field {
            key("\"field\":")
            out.string(field)
        }
        out.raw("}")
    }

    private func file(_ file: FileDigest) {
        out.raw("{\"name\":")
        out.string(file.name)
        number(",\"bytes\":", file.bytes)
        text(",\"sha256\":", file.sha256)
        out.raw("}")
    }

    private func object(_ pairs: [(StaticString, String?)]) {
        out.raw("{")
        var first = true
        for case (let key, let value?) in pairs {
            out.raw(first ? "\"" : ",\"")
            first = false
            out.raw(key)
            out.raw("\":")
            out.string(value)
        }
        out.raw("}")
    }

    private func list<Element>(_ elements: [Element], _ write: (Element) -> Void) {
        for (index, element) in elements.enumerated() {
            if index > 0 { out.raw(",") }
            write(element)
        }
    }

    private func text(_ key: StaticString, _ value: String?) {
        guard let value else { return }
        out.raw(key)
        out.string(value)
    }

    private func number(_ key: StaticString, _ value: Int) {
        out.raw(key)
        out.integer(value)
    }
}
