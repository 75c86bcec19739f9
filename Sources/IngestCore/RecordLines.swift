/// Writes records in the one form everything passes through, `ingest-records/1`: JSON Lines, keys in a fixed order,
/// no key without a value, so that the same records always give the same bytes.
public struct RecordLines {
    public static let form = "ingest-records/1"

    let out: LineBuffer
    private let repeated = RepeatedParts()
    private let repeatedSubject = RepeatedSubject()

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
        withUnsafePointer(to: result) { write($0) }
    }

    /// A result by its address: at 700 bytes it is not passed around.
    private func write(_ result: UnsafePointer<ResultRecord>) {
        out.raw("{\"type\":\"result\",\"id\":\"")
        id(result.pointee.file, result.pointee.location, result.pointee.index)
        out.raw("\",\"run\":")
        out.string(result.pointee.run)
        out.raw(",\"kind\":")
        out.string(result.pointee.kind.rawValue)
        if let ordinal = result.pointee.ordinal {
            out.raw(",\"ordinal\":")
            out.integer(ordinal)
        }
        if repeatedSubject.isRepeated(by: result) {
            out.append(repeated.subject)
        } else {
            let start = out.count
            subject(result.pointee.sample, result.pointee.position, result.pointee.injection, result.pointee.signal)
            repeated.keep(subject: out.bytes(from: start))
        }
        if let analyte = result.pointee.analyte { write(analyte) }
        if !result.pointee.measurements.isEmpty {
            out.raw(",\"measurements\":[")
            result.pointee.measurements.withUnsafeBufferPointer { measurements in
                for index in measurements.indices { write(measurements, index) }
            }
            out.raw("]")
        }
        if !result.pointee.flags.isEmpty { flags(result.pointee.flags) }
        if !result.pointee.extras.isEmpty { extras(result.pointee.extras) }
        place(result.pointee.location)
        out.raw("}\n")
    }

    /// A measurement: what stands before its text and behind its value is the same from row to row.
    @inline(__always)
    private func write(_ measurements: UnsafeBufferPointer<Measurement>, _ index: Int) {
        if !repeated.isColumn(index, measurements) { learn(measurements, index) }
        out.append(repeated.pieces[index].before)
        out.string(measurements[index].quantity.text)
        if let value = measurements[index].quantity.value {
            out.raw(",\"value\":")
            out.double(value)
        }
        out.append(repeated.pieces[index].behind)
        tail(measurements[index].quantity.bound, measurements[index].quantity.absent)
        out.raw("}")
    }

    @inline(never)
    private func learn(_ measurements: UnsafeBufferPointer<Measurement>, _ index: Int) {
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

    private func id(_ file: String, _ location: borrowing SourceLocation, _ index: Int) {
        out.plain(file)
        out.raw("-")
        if let member = location.member {
            out.escaped(member)
            out.raw(":")
        }
        if let path = location.path {
            out.escaped(path.stem)
            ordinal(path)
        } else {
            out.integer(location.line ?? 0)
        }
        out.raw(".")
        out.integer(index)
    }

    /// The number at the end of a path.
    func ordinal(_ path: borrowing ElementPath) {
        guard path.ordinal > 1 else { return }
        out.raw("[")
        out.integer(path.ordinal)
        out.raw("]")
    }

    private func write(_ trace: TraceRecord) {
        out.raw("{\"type\":\"trace\",\"id\":")
        out.string(trace.id)
        text(",\"run\":", trace.run.isEmpty ? nil : trace.run)
        subject(trace.sample, trace.position, trace.injection, trace.signal)
        if let analyte = trace.analyte { write(analyte) }
        flags(trace.flags)
        extras(trace.extras)
        place(trace.location)
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
        place(diagnostic.location, field: diagnostic.location.field)
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
}
