import IngestCore
import StreamingXML
import TabularText

/// Reads a tube: its settings, its gates, and the statistics of their events.
struct FACSDivaTube {
    private let tube: Element
    private let run: RunRecord
    private let output: AdapterOutput
    private let about: Extras
    private var base: ResultRecord
    /// The events of each gate by its path; a gate twice counts once.
    private let counts: [String: Int?]
    /// The tube has events, its gates were never counted.
    private let isUncounted: Bool

    init(_ tube: Element, batch: String?, run: RunRecord, _ about: Extras, _ repeated: Flag?, _ output: AdapterOutput) {
        self.tube = tube
        self.run = run
        self.output = output
        var about = about
        let keywords = tube.inside("keywords")
        let id = keywords.first { $0.peek("name") == "SAMPLE ID" }?["value"]?.string()
        base = ResultRecord(
            kind: .gate, sample: Sample(name: tube.string("name"), id: id, batch: batch), measurements: [],
            location: tube.location)
        if let repeated { base.flags.append(repeated) }
        if let acquired = tube["data_begin_date"]?.time("facsdiva", orKeptIn: &about) {
            base.injection = Injection(acquired: acquired)
        }
        self.about = about
        let gates = tube.inside("gates")
        counts = Dictionary(
            gates.map { ($0.peek("fullname"), Int($0.peek("num_events"))) }, uniquingKeysWith: { first, _ in first })
        let all = gates.first { $0.peek("parent").isEmpty }
        // A count that is garbled does not make counts of the zeros around it.
        let events = gates.compactMap { $0["num_events"]?.peekNumber }
        isUncounted =
            all.map { ($0["num_events"]?.peekNumber ?? 0) == 0 } == true && !events.isEmpty && events.allSatisfy { $0 == 0 }
            && tube["time_tick_last_event"]?.peekNumber != 0
        for (field, code) in [("AspiratedError", "aspirationError"), ("AcqObjInError", "acquisitionError")]
        where tube[field]?.equals("true") == true {
            base.flags.append(Flag(code, written: "true"))
        }
    }

    func read() async throws {
        check()
        try await emitTube()
        var ordinal = 0
        var seen: Set<String> = []
        for gate in tube.inside("gates") {
            ordinal += 1
            try await emit(gate, ordinal, isRepeated: !seen.insert(gate.peek("fullname")).inserted)
        }
        for schedule in tube.inside("statistics_calculations") { try await emit(statistics: schedule) }
        try await output.emitUnknown(in: tube)
    }

    private func check() {
        if isUncounted, let last = tube["time_tick_last_event"], last.peekNumber == nil {
            output.report(
                last.fault(
                    "facsdiva.last-event", "the last event of the tube is at tick \"\(last.peek)\", and its gates hold 0 events",
                    hint:
                        "its gates have no count in the records, for only a tube that ends at tick 0 is known to have no events: "
                        + "export the experiment again"))
        } else if isUncounted {
            output.report(
                tube.fault(
                    "facsdiva.no-events",
                    tube["time_tick_last_event"].map { "the tube has events up to tick \($0.peek), its gates hold 0" }
                        ?? "the tube does not say that it was not recorded, its gates hold 0",
                    severity: .note,
                    hint: "its gates have no count in the records: the experiment was exported without its data"))
        }
        // As ISO 8601 they sort by time.
        let begin = tube.peek("data_begin_date"), end = tube.peek("data_end_date")
        if !begin.isEmpty, !end.isEmpty, end < begin {
            output.report(
                tube.fault(
                    "facsdiva.times", "the data end at \(end), before they begin at \(begin)", severity: .warning,
                    hint: "the tube was read with the time of its beginning; compare it with the cytometer"))
        }
    }

    private func emitTube() async throws {
        try await output.emitResult(of: tube) {
            var result = base
            result.kind = .sample
            result.extras = about
            for (field, first) in [
                ("data_instrument_name", run.instrument?.name), ("data_instrument_type", run.instrument?.model),
                ("data_instrument_serial_number", run.instrument?.serial),
            ] {
                if let text = tube.string(field), text != first { result.extras.add(field, text) }
            }
            if let user = tube["record_user"]?.person("facsdiva"), user != run.operatorName {
                result.extras.add("record_user", user)
            }
            if let file = tube["data_filename"]?.fileName() { result.extras.add("data_filename", file) }
            for child in tube.children where !child.isNamed("gates") && !child.isNamed("statistics_calculations") {
                FACSDivaSettings.keep(child, in: &result.extras, under: "")
            }
            tube.keepOwnAttributes(in: &result.extras)
            result.extras = result.extras.withoutFolders
            return result
        }
    }

    // MARK: Gates

    private func emit(_ gate: Element, _ ordinal: Int, isRepeated: Bool) async throws {
        let path = gate.peek("fullname")
        var flags: [Flag] = []
        if isRepeated {
            flags.append(Flag("repeatedGate", written: path))
            warn(gate, "facsdiva.repeated-gate", "the gate \"\(path)\" stands in this tube before", .warning)
        }
        let parent = gate.peek("parent")
        if !parent.isEmpty { flags += family(gate, of: parent) }
        let points = gate.inside("region/points")
        if let wrong = points.first(where: { $0.peekNumber("x") == nil || $0.peekNumber("y") == nil }) {
            flags.append(Flag("gateRegion"))
            warn(wrong, "facsdiva.region", "\"\(wrong.peek("x"))\", \"\(wrong.peek("y"))\" is no point", .warning)
        }
        try await output.emitResult(of: gate) {
            var result = base
            result.ordinal = ordinal
            result.location = gate.location
            result.analyte = Analyte(name: gate.string("name"), id: gate.string("fullname"))
            result.flags += flags
            if let value = gate["num_events"] {
                var quantity = try value.quantity()
                if let events = quantity.value, events != events.rounded() {
                    throw value.fault(
                        "facsdiva.events", "\"\(value.peek)\" is no number of events",
                        hint: "this gate was left out, the others were read; export the experiment again")
                }
                if isUncounted {
                    quantity = Quantity(written: quantity.written, absent: .notReported)
                    result.flags.append(Flag("notCounted", written: quantity.written))
                }
                result.measurements = [Measurement(.count, quantity)]
            }
            for name in ["color", "visible"] { gate[name]?.ignore("how gates are drawn") }
            gate.keepRest(in: &result.extras)
            return result
        }
    }

    /// A gate lies in another one of the same tube, and has no more events.
    private func family(_ gate: Element, of parent: String) -> [Flag] {
        guard let events = counts[parent] else {
            warn(gate, "facsdiva.parent", "the gate lies in \"\(parent)\", which this tube does not have", .warning)
            return [Flag("unknownParent", written: parent)]
        }
        guard let events, let own = Int(gate.peek("num_events")), own > events else { return [] }
        let message = "\"\(gate.peek("fullname"))\" has \(own) events, \"\(parent)\" around it \(events)"
        warn(gate, "facsdiva.count", message, .error)
        output.account.contradict(message)
        return [Flag("moreThanParent", written: "\(own)")]
    }

    private func warn(_ element: Element, _ code: String, _ message: String, _ severity: Diagnostic.Severity) {
        output.report(
            element.fault(
                code, message, severity: severity, hint: "it was read, and flagged; compare it with the experiment"))
    }

    // MARK: Statistics

    private func emit(statistics schedule: Element) async throws {
        let path = schedule.peek("gate")
        var flags: [Flag] = []
        if !counts.keys.contains(path) {
            flags.append(Flag("unknownGate", written: path))
            warn(schedule, "facsdiva.gate", "these are statistics of \"\(path)\", which this tube does not have", .warning)
        }
        try await output.emitResult(of: schedule) {
            var result = base
            result.location = schedule.location
            result.flags += flags
            result.signal = schedule.string("parameter").map { Signal(name: $0) }
            result.analyte = schedule.string("gate").map {
                Analyte(name: $0.split(separator: "\\").last.map(String.init), id: $0)
            }
            var taken: Set<String> = []
            var numbers: [String: Int] = [:]
            for calculation in schedule.children("calculation") {
                guard let value = calculation["value"] else { continue }
                let formula = calculation.string("formula") ?? "value"
                let quantity = try value.quantity()
                let standard = Self.names[formula]
                var name = standard?.rawValue ?? formula
                if taken.insert(name).inserted {
                    result.measurements.append(standard.map { Measurement($0, quantity) } ?? Measurement(own: name, quantity))
                    continue
                }
                repeat {
                    numbers[formula, default: 1] += 1
                    name = "\(formula) (\(numbers[formula] ?? 2))"
                } while !taken.insert(name).inserted
                result.measurements.append(Measurement(own: name, quantity))
            }
            schedule.keepRest(in: &result.extras)
            return result
        }
    }

    private static let names: [String: MeasurementName] = [
        "Median": .median, "Mean": .mean, "SD": .standardDeviation, "CV": .coefficientOfVariation, "count": .count,
    ]
}
