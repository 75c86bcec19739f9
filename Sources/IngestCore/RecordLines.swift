/// Writes records in the one form everything passes through, `ingest-records/1`: JSON Lines, keys in a fixed order,
/// no key without a value, so that the same records always give the same bytes.
public struct RecordLines {
    public static let form = "ingest-records/1"

    private let out: LineBuffer
    private let repeated = RepeatedParts()

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
        if let instrument = run.instrument {
            object(
                ",\"instrument\":",
                [
                    ("name", instrument.name), ("vendor", instrument.vendor), ("model", instrument.model),
                    ("serial", instrument.serial),
                ])
        }
        if let software = run.software {
            object(",\"software\":", [("name", software.name), ("version", software.version)])
        }
        text(",\"operator\":", run.operatorName)
        if !run.methods.isEmpty {
            out.raw(",\"methods\":[")
            list(run.methods) { object("", [("role", $0.role.rawValue), ("name", $0.name)]) }
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
        out.raw("{\"type\":\"result\",\"id\":\"")
        id(result.file, result.location, result.index)
        out.raw("\",\"run\":")
        out.string(result.run)
        out.raw(",\"kind\":")
        out.string(result.kind.rawValue)
        if let ordinal = result.ordinal {
            out.raw(",\"ordinal\":")
            out.integer(ordinal)
        }
        if repeated.isSubject(result.sample, result.position, result.injection, result.signal) {
            out.append(repeated.subject)
        } else {
            let start = out.count
            subject(result.sample, result.position, result.injection, result.signal)
            repeated.keep(result.sample, result.position, result.injection, result.signal, out.bytes(from: start))
        }
        if let analyte = result.analyte { write(analyte) }
        if !result.measurements.isEmpty {
            out.raw(",\"measurements\":[")
            result.measurements.withUnsafeBufferPointer { measurements in
                for index in measurements.indices { write(measurements, index) }
            }
            out.raw("]")
        }
        flags(result.flags)
        extras(result.extras)
        place(result.location, withField: false)
        out.raw("}\n")
    }

    /// A measurement: what stands before its text and behind its value is the same from row to row.
    @inline(__always)
    private func write(_ measurements: UnsafeBufferPointer<Measurement>, _ index: Int) {
        if !repeated.isColumn(index, measurements) {
            let start = out.count
            if index > 0 { out.raw(",") }
            out.raw("{\"name\":")
            out.string(measurements[index].name)
            if measurements[index].isOwn { out.raw(",\"own\":true") }
            out.raw(",\"written\":")
            let before = out.bytes(from: start)
            out.cut(to: start)
            text(",\"unit\":", measurements[index].quantity.unit?.code)
            text(",\"unitWritten\":", measurements[index].quantity.unitWritten)
            if measurements[index].quantity.unitIsFormats { out.raw(",\"unitSource\":\"format\"") }
            let behind = out.bytes(from: start)
            out.cut(to: start)
            repeated.keep(index, measurements[index], before, behind)
        }
        out.append(repeated.columns[index].before)
        out.string(measurements[index].quantity.text)
        if let value = measurements[index].quantity.value {
            out.raw(",\"value\":")
            out.double(value)
        }
        out.append(repeated.columns[index].behind)
        tail(measurements[index].quantity)
        out.raw("}")
    }

    private func id(_ file: String, _ location: SourceLocation, _ index: Int) {
        out.plain(file)
        out.raw("-")
        if let member = location.member {
            out.escaped(member)
            out.raw(":")
        }
        out.integer(location.line ?? 0)
        out.raw(".")
        out.integer(index)
    }

    private func write(_ trace: TraceRecord) {
        out.raw("{\"type\":\"trace\",\"id\":")
        out.string(trace.id)
        text(",\"run\":", trace.run.isEmpty ? nil : trace.run)
        subject(trace.sample, trace.position, trace.injection, trace.signal)
        if let analyte = trace.analyte { write(analyte) }
        flags(trace.flags)
        extras(trace.extras)
        place(trace.location, withField: false)
        out.raw(",\"axes\":[")
        list(trace.axes) {
            object("", [("name", $0.name), ("unit", $0.unit?.code), ("unitWritten", $0.unitWritten)])
        }
        out.raw("],\"count\":")
        out.integer(trace.count)
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

    private func subject(_ sample: Sample?, _ position: Position?, _ injection: Injection?, _ signal: Signal?) {
        if let sample {
            object(
                ",\"sample\":",
                [
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
        if let injection, injection != Injection() {
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
        if let signal {
            let name = signal.name.flatMap { $0.isEmpty ? nil : $0 }
            guard name != nil || signal.wavelength != nil else { return }
            out.raw(",\"signal\":{")
            if let name {
                out.raw("\"name\":")
                out.string(name)
            }
            if let wavelength = signal.wavelength {
                out.raw(name == nil ? "\"wavelength\":{" : ",\"wavelength\":{")
                inside(wavelength)
                out.raw("}")
            }
            out.raw("}")
        }
    }

    private func write(_ analyte: Analyte) {
        var isFirst = true
        func key(_ key: StaticString, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            out.raw(isFirst ? ",\"analyte\":{" : ",")
            isFirst = false
            out.raw(key)
            out.string(value)
        }
        key("\"name\":", analyte.name)
        key("\"id\":", analyte.id)
        key("\"role\":", analyte.role?.rawValue)
        if !isFirst { out.raw("}") }
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
        tail(quantity)
    }

    @inline(__always)
    private func tail(_ quantity: borrowing Quantity) {
        if quantity.bound != .exact { text(",\"bound\":", quantity.bound.rawValue) }
        if let absent = quantity.absent { text(",\"absent\":", absent.rawValue) }
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
        list(flags) { object("", [("code", $0.code), ("written", $0.written)]) }
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
        let isWhole = location.member == nil && location.line == nil && location.column == nil
        guard !isWhole || withField && location.field != nil else { return }
        out.raw(",\"at\":{")
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

    /// An object with those of its keys that have a value; nothing, not even `key`, when none has.
    private func object(_ key: StaticString, _ pairs: [(StaticString, String?)]) {
        var first = true
        for case (let name, let value?) in pairs where !value.isEmpty {
            if first {
                out.raw(key)
                out.raw("{\"")
            } else {
                out.raw(",\"")
            }
            first = false
            out.raw(name)
            out.raw("\":")
            out.string(value)
        }
        if !first { out.raw("}") }
    }

    private func list<Element>(_ elements: [Element], _ write: (Element) -> Void) {
        for (index, element) in elements.enumerated() {
            if index > 0 { out.raw(",") }
            write(element)
        }
    }

    private func text(_ key: StaticString, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        out.raw(key)
        out.string(value)
    }

    private func number(_ key: StaticString, _ value: Int) {
        out.raw(key)
        out.integer(value)
    }
}
