public import IngestCore

/// Writes the records of one file as one Allotrope Simple Model (ASM) document of liquid chromatography, for the systems
/// that take that model. It is streamed: memory does not grow with the number of results or points.
///
/// - A run is a `liquid chromatography document`, neighbouring results of one injection and signal are a
///   `measurement document` with their peaks, a trace is one with its data cube. Compounds that were found are peaks;
///   other results are `processed data document`s that hold custom information.
/// - Values are converted to the unit that the model asks for, and to no other. A number without a unit is
///   `(unitless)` where the model takes any unit, and custom information where it takes a certain one.
/// - A value that is missing or only bounded (`<0.05`) is never a number of a field: the custom information says
///   `… absent` or `… below`. A time whose zone is open is no `injection time`: give the zone (`--time-zone`) to have it.
/// - What the model has no name for stands in `custom information document`s, so nothing is dropped but the text of
///   cells that are numbers. `records digest` is the digest in the `end` line of the records file of the same reading.
/// - Identifiers are made of the ids in the records: the same input gives the same bytes.
///
/// Source: the published model liquid-chromatography/BENCHLING/2023/09, the newest that public converters write.
public final class AllotropeSink: RecordSink {
    static let manifest =
        "http://purl.allotrope.org/manifests/liquid-chromatography/BENCHLING/2023/09/liquid-chromatography.manifest"

    private let output: OutputFile
    private let json = JSONStream()
    private let digest = RecordDigest()
    private var names = AllotropeNames()
    private var summary = AllotropeSummary()

    /// The run whose document is open; runs that have had one.
    private var run: String?
    private var documented: Set<String> = []
    private var group: (subject: AllotropeSubject, ordinal: Int?)?
    private var cube: AllotropeCube?
    private var processed = Processed.none
    private enum Processed { case none, documents, peaks }

    /// How deep the arrays lie in which documents follow each other.
    private enum Depth {
        static let documents = 3, measurements = 6, processed = 9
    }

    public init(_ output: OutputFile) {
        self.output = output
        json.beginObject()
        json.text("$asm.manifest", AllotropeSink.manifest)
        json.key("liquid chromatography aggregate document")
        json.beginObject()
        json.key("liquid chromatography document")
        json.beginArray(inLines: true)
    }

    public func write(_ record: Record) async throws {
        digest.add(record)
        switch record {
        case .source(let source): summary.source = source
        case .run(let run): summary.runs.append(run)
        case .result(let result): try add(result)
        case .trace(let trace): try begin(trace)
        case .points(let points): try cube?.write(points)
        case .attachment(let attachment): summary.attachments.append(attachment)
        case .diagnostic(let diagnostic): summary.diagnostics.append(diagnostic)
        case .end(let end): try close(end)
        }
        try flush(above: 1 << 17)
    }

    public func finish() async throws {
        try flush(above: 0)
        try output.finish()
    }

    private func flush(above count: Int) throws {
        guard json.buffer.count > count else { return }
        try output.write(json.buffer.bytes)
        json.buffer.removeAll()
    }

    // MARK: Documents

    private func open(run id: String) throws {
        guard run != id else { return }
        try closeRun()
        run = id
        json.beginObject()
        json.text("analyst", summary.run(id)?.operatorName)
        json.key("measurement aggregate document")
        json.beginObject()
        json.key("measurement document")
        json.beginArray(inLines: true)
    }

    private func closeRun() throws {
        guard let id = run else { return }
        try closeMeasurement()
        json.end()
        // A run whose traces follow the results of another has two documents; the first one tells all of it.
        summary.describe(run: id, inFull: documented.insert(id).inserted).write(to: json)
        json.end(downTo: Depth.documents)
        run = nil
    }

    private func closeMeasurement() throws {
        try cube?.end { try flush(above: 1 << 17) }
        cube = nil
        group = nil
        processed = .none
        json.end(downTo: Depth.measurements)
    }

    private func begin(_ trace: TraceRecord) throws {
        try open(run: trace.run)
        try closeMeasurement()
        json.beginObject()
        AllotropeSubject(trace).write(to: json, identifier: "trace-" + trace.id, place: trace.id)
        cube = AllotropeCube(trace, into: json)
    }

    /// A model without a measurement is none: a run without results or traces has one that states nothing.
    private func beginEmpty(run id: String) throws {
        try open(run: id)
        let place = summary.place(ofRun: id)
        json.beginObject()
        AllotropeSubject(run: id).write(to: json, identifier: "measurement-" + place, place: place)
    }

    private func close(_ end: EndRecord) throws {
        try closeRun()
        for run in summary.runs where !documented.contains(run.id) { try beginEmpty(run: run.id) }
        try closeRun()
        if documented.isEmpty {
            try beginEmpty(run: "")
            try closeRun()
        }
        json.end()
        summary.write(end, digest: digest.hexadecimal(), to: json)
        json.end(downTo: 0)
        json.buffer.byte(UInt8(ascii: "\n"))
    }

    // MARK: Results

    private func add(_ result: ResultRecord) throws {
        let subject = AllotropeSubject(result)
        if let group, group.subject == subject, !restarts(result.ordinal, after: group.ordinal) {
            self.group?.ordinal = result.ordinal
        } else {
            try open(run: result.run)
            try closeMeasurement()
            json.beginObject()
            subject.write(to: json, identifier: "measurement-" + result.id, place: result.id)
            group = (subject, result.ordinal)
        }
        if processed == .none {
            json.key("processed data aggregate document")
            json.beginObject()
            json.key("processed data document")
            json.beginArray(inLines: true)
            processed = .documents
        }
        if isPeak(result) { writePeak(result) } else { writeProcessed(result) }
    }

    /// `ordinal` counts within an injection and signal, so one that does not go on begins another of the same names.
    private func restarts(_ ordinal: Int?, after last: Int?) -> Bool {
        guard let ordinal, let last else { return false }
        return ordinal <= last
    }

    /// A compound that has a place or a size in the chromatogram was found as a peak.
    private func isPeak(_ result: ResultRecord) -> Bool {
        switch result.kind {
        case .peak: true
        case .compound:
            result.measurements.contains {
                guard $0.quantity.value != nil, let name = $0.standard else { return false }
                return [.retentionTime, .retentionVolume, .area, .height].contains(name)
            }
        default: false
        }
    }

    private func writePeak(_ result: ResultRecord) {
        if processed != .peaks {
            json.beginObject()
            json.text("processed data identifier", "processed-" + result.id)
            json.key("peak list")
            json.beginObject()
            json.key("peak")
            json.beginArray(inLines: true)
            processed = .peaks
        }
        json.beginObject()
        json.text("identifier", result.id)
        json.text("peak index", result.ordinal.map { "\($0)" })
        json.text("written name", result.analyte?.name)
        var custom = CustomInformation()
        if result.kind != .peak { custom.add("result kind", result.kind.rawValue) }
        custom.add(result.analyte, withName: false)
        add(result.measurements, to: &custom, withFields: true)
        custom.add(result.flags)
        custom.add(result.extras)
        custom.write(to: json)
        json.end()
    }

    private func writeProcessed(_ result: ResultRecord) {
        json.end(downTo: Depth.processed)
        processed = .documents
        json.beginObject()
        json.text("processed data identifier", "processed-" + result.id)
        var custom = CustomInformation()
        custom.add("identifier", result.id)
        custom.add("result kind", result.kind.rawValue)
        if let ordinal = result.ordinal { custom.add("index", "\(ordinal)") }
        custom.add(result.analyte, withName: true)
        add(result.measurements, to: &custom, withFields: false)
        custom.add(result.flags)
        custom.add(result.extras)
        custom.write(to: json)
        json.end()
    }

    /// Writes the fields of a peak, and keeps what is no field of it for its custom information.
    private func add(_ measurements: [Measurement], to custom: inout CustomInformation, withFields: Bool) {
        var written: Set<String> = []
        for measurement in measurements {
            let quantity = measurement.quantity
            guard let name = measurement.standard else {
                custom.add(measurement.name, quantity)
                continue
            }
            let place = names.place(of: name, quantity)
            if withFields, place.isField, quantity.bound == .exact, let value = quantity.value,
                written.insert(place.name).inserted
            {
                json.key(place.name)
                json.quantity(place.converted(value), place.unit)
            } else {
                custom.add(place.name, quantity, place)
            }
        }
    }
}
