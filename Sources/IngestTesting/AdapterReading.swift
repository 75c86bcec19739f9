public import IngestCore
public import IngestPipeline

/// What an adapter made of a text: for tests.
public struct AdapterReading: Sendable {
    public var source: SourceRecord?
    public var runs: [RunRecord] = []
    public var results: [ResultRecord] = []
    public var traces: [TraceRecord] = []
    /// The coordinates of the points of each trace, in turn.
    public var points: [String: [Double]] = [:]
    public var attachments: [AttachmentRecord] = []
    public var diagnostics: [Diagnostic] = []
    /// Missing when the reading failed.
    public var end: EndRecord?
    /// The records as they would be written; without an `end` line when the reading failed.
    public var lines = ""
    public var status: Int32 = 0

    public var codes: [String] { diagnostics.map(\.code) }
    public func diagnostic(_ code: String) -> Diagnostic? { diagnostics.first { $0.code == code } }
}

extension InstrumentAdapter {
    /// Reads a text as a file named `sample.csv`.
    public func reading(
        _ text: String, name: String = "sample.csv", given: GivenAssumptions = GivenAssumptions(),
        chunkLength: Int = 1 << 18
    ) async throws -> AdapterReading {
        try await reading(OpenedSource(name: name, bytes: Array(text.utf8)), given: given, chunkLength: chunkLength)
    }

    /// Reads a source; the adapter is obeyed whatever it makes of the beginning.
    public func reading(
        _ opened: OpenedSource, given: GivenAssumptions = GivenAssumptions(), chunkLength: Int = 1 << 18
    ) async throws -> AdapterReading {
        var run = IngestRun(adapters: [self], wish: .format(identity.name), given: given)
        run.chunkLength = chunkLength
        return try await run.reading(opened)
    }
}

extension IngestRun {
    /// Reads a source and keeps everything in memory.
    public func reading(_ opened: OpenedSource) async throws -> AdapterReading {
        let sink = CollectingSink()
        let outcome = try await read(opened, into: sink)
        var reading = sink.reading
        reading.lines = String(decoding: sink.buffer.bytes, as: UTF8.self)
        reading.diagnostics = outcome.diagnostics
        reading.end = outcome.end
        reading.source = outcome.source
        reading.status = outcome.status
        return reading
    }
}

private final class CollectingSink: RecordSink {
    var reading = AdapterReading()
    let buffer = LineBuffer()

    func write(_ record: Record) async throws {
        RecordLines(into: buffer).write(record, digest: "(digest)")
        switch record {
        case .run(let run): reading.runs.append(run)
        case .result(let result): reading.results.append(result)
        case .trace(let trace): reading.traces.append(trace)
        case .points(let points): reading.points[points.trace, default: []] += points.values
        case .attachment(let attachment): reading.attachments.append(attachment)
        case .source, .diagnostic, .end: break
        }
    }

    func finish() async throws {}
}
