import Digests
public import IngestCore

/// Writes records as JSON Lines, and closes them with the digest of all lines before.
public final class JSONLinesSink: RecordSink {
    private let output: OutputFile
    private let hash = MessageDigest()
    private let buffer = LineBuffer(capacity: 1 << 18)
    private let lines: RecordLines

    public init(_ output: OutputFile) {
        self.output = output
        lines = RecordLines(into: buffer)
    }

    public func write(_ record: Record) async throws {
        if case .end = record {
            try flush()
            lines.write(record, digest: hash.hexadecimal())
            try output.write(buffer.bytes)
            buffer.removeAll()
            return
        }
        lines.write(record)
        if buffer.count >= 1 << 17 { try flush() }
    }

    public func take(_ result: borrowing ResultRecord) throws -> Bool {
        lines.write(result)
        if buffer.count >= 1 << 17 { try flush() }
        return true
    }

    /// Also writes what is there of a reading that failed, so that its reasons can be read.
    public func flush() throws {
        hash.update(buffer.bytes)
        try output.write(buffer.bytes)
        buffer.removeAll()
    }

    public func finish() async throws { try output.finish() }
}

/// The digest that closes the records file of a reading, for sinks that write something else and refer to it.
final class RecordDigest {
    private let hash = MessageDigest()
    private let buffer = LineBuffer(capacity: 1 << 18)
    private let lines: RecordLines

    init() { lines = RecordLines(into: buffer) }

    /// Takes the records in order; the `end` itself is not part of the digest.
    func add(_ record: Record) {
        if case .end = record { return }
        lines.write(record)
        if buffer.count >= 1 << 17 { flush() }
    }

    /// The digest of all lines. Nothing can be added afterwards.
    func hexadecimal() -> String {
        flush()
        return hash.hexadecimal()
    }

    private func flush() {
        hash.update(buffer.bytes)
        buffer.removeAll()
    }
}
