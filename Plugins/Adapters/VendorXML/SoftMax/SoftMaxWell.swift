import IngestCore
import StreamingXML
import TabularText

/// Reads the wells of one wavelength: a number each, or a curve.
struct SoftMaxWell {
    let plate: String?
    let signal: Signal?
    let mode: SoftMaxMode
    let acquired: Timestamp?
    let flags: [Flag]
    let output: AdapterOutput

    /// What SoftMax Pro writes for every absorbance above.
    private static let ceiling = 4.0

    /// - Parameter readings: How many the wells before had; `nil` before the first one.
    func read(_ well: Element, _ isRepeated: Bool, _ readings: inout Int?) async throws {
        var flags = flags
        let count = well["RawData"].map { $0.peek.split(whereSeparator: \.isWhitespace).count } ?? 0
        if let fault = compare(count, with: readings, well) {
            flags.append(Flag("readingCount", written: "\(count)"))
            output.report(fault)
            output.account.contradict(fault.message)
        }
        // Of a well that was not read nothing follows.
        if count > 0 { readings = readings ?? (mode.isEndpoint ? 1 : count) }
        if isRepeated {
            let name = well.peek("Name")
            flags.append(Flag("repeatedWell", written: name))
            output.report(
                well.fault(
                    "softmax.repeated-well", "the well \(name) was read before at this wavelength", severity: .warning,
                    hint: "both readings are in the records; compare them with the instrument"))
        }
        guard let value = well["RawData"], value.peek.contains(where: \.isWhitespace) else {
            return try await emit(well, flags)
        }
        do {
            try readCurve(well, value, flags)
        } catch let diagnostic as Diagnostic {
            well.leaveOutAll()
            output.leaveOut(diagnostic)
        }
    }

    /// All wells of a plate are read as often.
    private func compare(_ count: Int, with readings: Int?, _ well: Element) -> Diagnostic? {
        let expected = mode.isEndpoint ? 1 : readings
        guard let expected, count > 0, count != expected else { return nil }
        let why = mode.isEndpoint ? "the plate was read once (ReadType Endpoint)" : "the wells before have \(expected)"
        return (well["RawData"]?.fault ?? well.fault)(
            "softmax.readings", "well \(well.peek("Name")) has \(count) readings, \(why)", .error,
            "they were read as they stand, and flagged readingCount; the file was edited or damaged: export the plate again")
    }

    private func emit(_ well: Element, _ flags: [Flag]) async throws {
        try await output.emitResult(of: well) {
            var result = ResultRecord(
                kind: .well, position: try position(well), injection: acquired.map { Injection(acquired: $0) },
                signal: signal, measurements: [], flags: flags, location: well.location)
            var quantity = try well.quantity("RawData") ?? Quantity(written: "", absent: .empty)
            if mode.standard == .absorbance, quantity.value == Self.ceiling {
                quantity.bound = .above
                result.flags.append(Flag("saturated", written: quantity.written.trimmed))
            }
            result.measurements = [mode.measurement(quantity)]
            well.keepRest(in: &result.extras)
            return result
        }
    }

    /// The well by its name, which row and column have to agree with.
    private func position(_ well: Element) throws -> Position {
        let name = well.string("Name") ?? ""
        let row = try well.integer("Row"), column = try well.integer("Col")
        guard var position = Position(well: name), row ?? position.row == position.row,
            column ?? position.column == position.column
        else {
            throw well.fault(
                "softmax.position",
                "well \"\(name)\" is not row \(row.map(String.init) ?? "?"), column \(column.map(String.init) ?? "?")",
                hint: "this well was left out, for it is not known which one was read; export the plate again")
        }
        position.plate = plate
        return position
    }

    // MARK: Curves

    private func readCurve(_ well: Element, _ value: XMLValue, _ flags: [Flag]) throws {
        let readings = try numbers(value)
        let times = try well["TimeData"].map { try numbers($0) }
        if let times, times.count != readings.count {
            let message = "\(readings.count) readings have \(times.count) times"
            output.account.contradict("well \(well.peek("Name")): \(message)")
            throw value.fault(
                "softmax.times", message,
                hint: "the curve of this well was left out, the others were read; export the plate again")
        }
        let points = try points(readings, times, value)
        var trace = TraceRecord(
            position: try position(well), injection: acquired.map { Injection(acquired: $0) }, signal: signal,
            axes: [TraceRecord.Axis(times == nil ? "reading" : "time"), TraceRecord.Axis(mode.name)], flags: flags,
            location: well.location)
        let missing = readings.filter { $0 == nil }.count
        if missing > 0 { trace.flags.append(Flag("missingPoints", written: "\(missing)")) }
        if mode.standard == .absorbance, readings.contains(Self.ceiling) { trace.flags.append(Flag("saturated", written: "4")) }
        value.measured()
        well["TimeData"]?.measured()
        well.keepRest(in: &trace.extras)
        let writer = output.trace(trace)
        for point in points { try writer.append(point.time, point.reading) }
    }

    /// The readings that are there, with their times or else their numbers.
    /// - Throws: A ``Diagnostic`` at the readings when one of them has no time.
    private func points(
        _ readings: [Double?], _ times: [Double?]?, _ value: XMLValue
    ) throws -> [(time: Double, reading: Double)] {
        try readings.enumerated().compactMap { index, reading in
            guard let reading else { return nil }
            guard let time = times.map({ $0[index] }) ?? Double(index + 1) else {
                throw value.fault(
                    "softmax.times", "reading \(index + 1) has no time",
                    hint: "the curve of this well was left out, the others were read; export the plate again")
            }
            return (time, reading)
        }
    }

    /// Numbers with blanks between them; `nil` for one that is missing.
    private func numbers(_ value: XMLValue) throws -> [Double?] {
        try value.peek.split(whereSeparator: \.isWhitespace).enumerated().map { index, text in
            let reader = value.element.reader
            if let number = reader.number(in: text) { return number }
            guard ["NaN", "n/a", "#Sat", "#SAT", "#Low", "#LOW"].contains(text) || reader.isGivenMissing(text) else {
                throw value.fault(
                    "softmax.curve", "number \(index + 1), \"\(text)\", is none, in <\(value.name)>",
                    hint: "the curve of this well was left out, the others were read; export the plate again")
            }
            return nil
        }
    }
}
