import Digests
import IngestCore

/// The results of a checked records file, in batches.
///
/// The digest is computed once more on the way: a change that left size and time alone shows at the end, before the last
/// result is given out.
public final class ResultReader {
    private let reader: LineReader
    private let digest: String
    private let hash = MessageDigest()
    private var isFinished = false
    /// Given out by the next call: the last result waits for the digest.
    private var waiting: RecordLine?

    init(_ reader: LineReader, digest: String) {
        self.reader = reader
        self.digest = digest
    }

    /// The next results, at most `count` (1 or more); empty behind the last.
    /// - Throws: `records.changed` when the file is no longer the one that was checked.
    public func next(upTo count: Int) throws -> [RecordLine] {
        var batch: [RecordLine] = []
        while batch.count < count, let line = try next() { batch.append(line) }
        return batch
    }

    /// The next result; `nil` behind the last.
    public func next() throws -> RecordLine? {
        let following = try read()
        guard let current = waiting else {
            guard let following else { return nil }
            waiting = try read()
            return following
        }
        waiting = following
        return current
    }

    private func read() throws -> RecordLine? {
        guard !isFinished else { return nil }
        while let line = try reader.next() {
            if line.starts(with: ResultReader.points) {
                hash.update(UnsafeRawBufferPointer(line))
                continue
            }
            guard let value = JSONValue.line(line) else { throw changed() }
            if value["type"]?.string == "end" { break }
            hash.update(UnsafeRawBufferPointer(line))
            if value["type"]?.string == "result" { return RecordLine(number: reader.number, value: value) }
        }
        isFinished = true
        guard reader.isUnchanged, hash.hexadecimal() == digest else { throw changed() }
        return nil
    }

    /// How most lines of points begin; they were checked, the digest shows whether they still are the same.
    private static let points = Array("{\"type\":\"points\",".utf8)

    private func changed() -> Diagnostic { RecordsFile.changed(reader.path) }
}

extension JSONValue {
    /// A line that was checked before; `nil` when it is JSON no more.
    static func line(_ bytes: UnsafeBufferPointer<UInt8>) -> JSONValue? {
        try? JSONValue(parsing: bytes)  // Why it is none was told when the file was checked; now it only shows a change.
    }
}
