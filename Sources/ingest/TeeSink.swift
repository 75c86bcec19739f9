import IngestCore

/// Passes every record to two sinks.
final class TeeSink: RecordSink {
    private let first: any RecordSink, second: any RecordSink

    init(_ first: any RecordSink, _ second: any RecordSink) {
        self.first = first
        self.second = second
    }

    func write(_ record: Record) async throws {
        try await first.write(record)
        try await second.write(record)
    }

    func finish() async throws {
        try await first.finish()
        try await second.finish()
    }
}
