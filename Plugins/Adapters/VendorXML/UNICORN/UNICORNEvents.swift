import IngestCore
import StreamingXML
import TabularText

/// One curve of events: fractions, injections, the run log.
struct UNICORNEvents {
    private let curve: Element
    private let signal: Signal
    private let sample: Sample?
    private let time: StatedUnit, volume: StatedUnit
    private let output: AdapterOutput

    init(_ curve: Element, _ sample: Sample?, _ output: AdapterOutput) {
        self.curve = curve
        self.sample = sample
        self.output = output
        signal = Signal(name: curve.string("Name"))
        time = StatedUnit(written: curve.string("TimeUnit") ?? "")
        volume = StatedUnit(written: curve.string("VolumeUnit") ?? "")
    }

    func read() async throws {
        let events = curve.child("Events")?.children("Event") ?? []
        if curve.peek("EventCurveType") == "Fraction" {
            try await readFractions(events)
        } else {
            try readLog(events)
        }
    }

    private func readFractions(_ events: [Element]) async throws {
        for (index, event) in events.enumerated() {
            try await output.emitResult(of: event) {
                var result = ResultRecord(
                    kind: .region, ordinal: index + 1, sample: sample, signal: signal, measurements: [],
                    location: event.location)
                result.measurements = [
                    try event.measurement(.retentionTime, "EventTime", time),
                    try event.measurement(.retentionVolume, "EventVolume", volume),
                ].compactMap(\.self)
                event.keepRest(in: &result.extras)
                return result
            }
        }
        var extras: Extras = [:]
        curve.describe("EventCurveType")
        curve.keepRest(in: &extras)
        try await output.emit(
            ResultRecord(
                kind: .sample, sample: sample, signal: signal, measurements: [], extras: extras, location: curve.location))
    }

    private func readLog(_ events: [Element]) throws {
        var trace = TraceRecord(
            sample: sample, signal: signal,
            axes: [
                TraceRecord.Axis("time", unit: time.unit, unitWritten: time.written),
                TraceRecord.Axis("volume", unit: volume.unit, unitWritten: volume.written),
            ], location: curve.location)
        var points: [(Double, Double)] = []
        for (index, event) in events.enumerated() {
            let heading = "Event \(index + 1)"
            if let point = point(event) {
                points.append(point)
            } else {
                // One of the two alone is no point, and is kept as it stands.
                for field in ["EventTime", "EventVolume"] {
                    if let text = event[field]?.extra() { trace.extras.add(heading + "/" + field, text) }
                }
            }
            event.keepRest(in: &trace.extras, under: heading)
        }
        curve.keepRest(in: &trace.extras)
        let writer = output.trace(trace)
        for point in points { try writer.append(point.0, point.1) }
    }

    private func point(_ event: Element) -> (Double, Double)? {
        do {
            let time = try event.quantity("EventTime")?.value, volume = try event.quantity("EventVolume")?.value
            if let time, let volume { return (time, volume) }
            // UNICORN itself leaves out the volume of some events, never the time.
            guard time == nil, let written = event["EventTime"] else { return nil }
            throw written.fault("unicorn.event", "\"\(written.peek)\" is not the time of an event")
        } catch let fault as Diagnostic {
            var told = fault
            told.severity = .warning
            told.hint = "the event is in the records without a place on the curve"
            output.report(told)
            return nil
        } catch {
            return nil
        }
    }
}
