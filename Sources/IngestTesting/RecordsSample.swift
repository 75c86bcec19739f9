import Digests
import Glibc
public import IngestCore

/// A records file under construction, whose `end` line fits what was put in: for tests.
public struct RecordsSample: Sendable {
    /// Every line but the last.
    public var lines: [JSONValue]
    /// What the `end` line says otherwise, or more.
    public var end: [String: JSONValue] = [:]

    /// One run and the source as its attachment.
    public init(
        file: String = "run7.csv", adapter: String = "lc.table", run: [String: JSONValue] = [:], results: [JSONValue] = []
    ) {
        let sha256 = JSONValue.string(MessageDigest.of(file))
        lines = [
            [
                "type": "source", "form": "ingest-records/1",
                "file": ["name": .string(file), "bytes": 512, "sha256": sha256],
                "adapter": ["name": .string(adapter), "version": 2, "format": "Table"],
            ],
            .object(["type": "run", "id": "r1"].merging(run, uniquingKeysWith: { $1 })),
        ]
        lines += results
        lines.append(
            [
                "type": "attachment", "id": "a1", "name": .string(file), "mediaType": "text/csv", "bytes": 512,
                "sha256": sha256, "role": "source",
            ])
    }

    /// A peak of the run `r1` at a line.
    public static func result(_ line: Int, _ members: [String: JSONValue] = [:]) -> JSONValue {
        let own: [String: JSONValue] = [
            "type": "result", "id": .string("0123456789abcdef-\(line).1"), "run": "r1", "kind": "peak",
            "at": ["line": .number(Double(line)), "column": 1],
        ]
        return .object(own.merging(members, uniquingKeysWith: { $1 }))
    }

    /// `end` with its counts and its digest.
    public var text: String {
        let before = lines.map { $0.text + "\n" }.joined()
        func count(_ type: String) -> JSONValue { .number(Double(lines.count { $0["type"]?.string == type })) }
        let points = lines.filter { $0["type"] == "points" }.map { $0["values"]?.elements.count ?? 0 }.reduce(0, +)
        let own: [String: JSONValue] = [
            "type": "end", "results": count("result"), "leftOut": 0, "traces": count("trace"),
            "points": .number(Double(points)), "complete": "yes", "digest": .string(MessageDigest.of(before)),
        ]
        return before + JSONValue.object(own.merging(end, uniquingKeysWith: { $1 })).text + "\n"
    }
}

/// A file that is there as long as this is.
public final class TemporaryText: Sendable {
    public let path: String

    public init(_ text: String, name: String = "records.jsonl") throws { path = try TemporaryText.write(Array(text.utf8), name) }

    public init(bytes: [UInt8], name: String = "records.jsonl") throws { path = try TemporaryText.write(bytes, name) }

    private static func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
        var template = Array("\(folder)/ingest-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TemporaryFault() }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/" + name
        guard let file = fopen(path, "we") else { throw TemporaryFault() }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw TemporaryFault() }
        return path
    }

    deinit {
        unlink(path)
        rmdir(String(path[..<path.lastIndex(of: "/")!]))
    }

    struct TemporaryFault: Error {}
}
