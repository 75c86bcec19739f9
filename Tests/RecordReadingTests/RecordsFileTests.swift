import Foundation
import IngestCore
import IngestTesting
import RecordReading
import Testing

@Suite struct RecordsFileTests {
    private static let sample: RecordsSample = {
        var sample = RecordsSample(results: (1...5).map { RecordsSample.result($0) })
        sample.lines.append(["type": "trace", "id": "t1", "run": "r1", "axes": [], "count": 3])
        sample.lines.append(["type": "points", "trace": "t1", "from": 0, "values": [[0, 1], [1, 2], [2, 3]]])
        sample.lines.append(["type": "diagnostic", "severity": "error", "code": "table.short-row", "message": "short"])
        sample.end = ["leftOut": 1, "complete": "unknown", "why": "nothing says so"]
        return sample
    }()

    @Test func `a whole file tells what it is, and gives its results in order`() throws {
        let text = try TemporaryText(Self.sample.text)
        let file = try RecordsFile(path: text.path)
        #expect(file.fileName == "run7.csv")
        #expect(file.adapterName == "lc.table")
        #expect(file.adapterVersion == 2)
        #expect(file.format == "Table")
        #expect(file.sha256.count == 64)
        #expect(file.complete == .unknown)
        #expect(file.why == "nothing says so")
        #expect(file.leftOut == 1)
        #expect(file.resultCount == 5)
        #expect(file.errors == 1)
        #expect(file.runs.map(\.id) == ["r1"])
        #expect(file.attachments.map(\.id) == ["a1"])
        let reader = try file.results()
        let batches = try [reader.next(upTo: 2), reader.next(upTo: 2), reader.next(upTo: 2), reader.next(upTo: 2)]
        #expect(batches.map(\.count) == [2, 2, 1, 0])
        #expect(batches.flatMap { $0 }.map { $0.location(in: "run7.csv").line } == [1, 2, 3, 4, 5])
        #expect(batches[0][0].number == 3)
        #expect(batches[0][0].kind == "peak")
    }

    /// Each change of the sample, the code and the line of the fault.
    private static let changes: [(String, @Sendable (inout RecordsSample) -> Void, code: String, line: Int)] = [
        ("no source", { $0.lines.removeFirst() }, "records.order", 1),
        ("two sources", { $0.lines.insert($0.lines[0], at: 1) }, "records.order", 2),
        ("another form", { $0.lines[0] = change($0.lines[0], "form", "ingest-records/2") }, "records.form", 1),
        (
            "no digest of the source", { $0.lines[0] = change($0.lines[0], "file", ["name": "a", "bytes": 1]) },
            "records.missing-key", 1
        ),
        ("an adapter that is a text", { $0.lines[0] = change($0.lines[0], "adapter", "lc") }, "records.wrong-kind", 1),
        ("an unknown line", { $0.lines.insert(["type": "remark"], at: 2) }, "records.unknown-type", 3),
        ("a result before its run", { $0.lines.swapAt(1, 2) }, "records.order", 2),
        ("a result of no run", { $0.lines[2] = change($0.lines[2], "run", "r2") }, "records.order", 3),
        ("a result without an id", { $0.lines[2] = change($0.lines[2], "id", nil) }, "records.missing-key", 3),
        ("an id that is a number", { $0.lines[2] = change($0.lines[2], "id", 7) }, "records.wrong-kind", 3),
        ("a result twice", { $0.lines.insert($0.lines[3], at: 5) }, "records.repeated-id", 6),
        ("a run twice", { $0.lines.insert($0.lines[1], at: 2) }, "records.repeated-id", 3),
        (
            "a value and its absence",
            {
                $0.lines[2] = change(
                    $0.lines[2], "measurements", [["name": "area", "written": "", "value": 1, "absent": "empty"]])
            }, "records.wrong-kind", 3
        ),
        (
            "neither of the two", { $0.lines[2] = change($0.lines[2], "measurements", [["name": "area", "written": ""]]) },
            "records.missing-key", 3
        ),
        ("points of no trace", { $0.lines.remove(at: 8) }, "records.order", 9),
        ("points that are none", { $0.lines[9] = change($0.lines[9], "values", [[]]) }, "records.wrong-kind", 10),
        (
            "too many points", { $0.lines[9] = change($0.lines[9], "values", .array(Array(repeating: [1, 2], count: 4))) },
            "records.count", 10
        ),
        ("a wrong count", { $0.end["results"] = 4 }, "records.count", 12),
        ("a wrong count of points", { $0.end["points"] = 4 }, "records.count", 12),
        ("a wrong digest", { $0.end["digest"] = "00" }, "records.changed", 12),
        ("an unknown completeness", { $0.end["complete"] = "maybe" }, "records.wrong-kind", 12),
    ]

    private static func change(_ line: JSONValue, _ key: String, _ value: JSONValue?) -> JSONValue {
        var members = line.members
        members[key] = value
        return .object(members)
    }

    @Test(arguments: changes.indices)
    func `a file that is not as promised is refused at its line`(index: Int) throws {
        let (name, change, code, line) = Self.changes[index]
        var sample = Self.sample
        change(&sample)
        let text = try TemporaryText(sample.text)
        let fault = #expect(throws: Diagnostic.self) { try RecordsFile(path: text.path) }
        #expect(fault?.code == code, "\(name): \(fault?.message ?? "")")
        #expect(fault?.location == SourceLocation(file: text.path, line: line), "\(name)")
        #expect(fault?.hint != nil)
    }

    @Test func `a file cut at any byte but the last line end is refused`() throws {
        let bytes = Array(Self.sample.text.utf8)
        for length in stride(from: 0, to: bytes.count - 1, by: 7) {
            let text = try TemporaryText(bytes: Array(bytes.prefix(length)))
            #expect(throws: Diagnostic.self) { try RecordsFile(path: text.path) }
        }
    }

    @Test func `a file with any byte changed is refused`() throws {
        let text = Self.sample.text
        let end = text.dropLast().lastIndex(of: "\n")!
        let bytes = Array(text.utf8)
        let before = text.utf8.distance(from: text.utf8.startIndex, to: end)
        for index in stride(from: 0, to: before, by: 11) {
            var changed = bytes
            changed[index] ^= 1
            let file = try TemporaryText(bytes: changed)
            #expect(throws: Diagnostic.self) { try RecordsFile(path: file.path) }
        }
    }

    @Test func `a line behind the end is refused`() throws {
        let text = try TemporaryText(Self.sample.text + "\n")
        let fault = #expect(throws: Diagnostic.self) { try RecordsFile(path: text.path) }
        #expect(fault?.code == "records.order")
    }

    @Test(arguments: [(8 << 20, true), ((8 << 20) + 1, false)])
    func `a line of 8 MiB is read and a longer one is refused`(length: Int, isRead: Bool) throws {
        var sample = Self.sample
        let empty = RecordsSample.result(9, ["note": ""])
        let note = String(repeating: "x", count: length - empty.text.utf8.count - 1)
        sample.lines.insert(RecordsSample.result(9, ["note": .string(note)]), at: 2)
        let text = try TemporaryText(sample.text)
        if isRead {
            #expect(try RecordsFile(path: text.path).resultCount == 6)
        } else {
            let fault = #expect(throws: Diagnostic.self) { try RecordsFile(path: text.path) }
            #expect(fault?.code == "records.line-too-long")
            #expect(fault?.location.line == 3)
        }
    }

    @Test func `a file changed after it was checked gives no results`() throws {
        let text = try TemporaryText(Self.sample.text)
        let file = try RecordsFile(path: text.path)
        try Data(Self.sample.text.utf8).write(to: URL(filePath: text.path))
        let fault = #expect(throws: Diagnostic.self) { try file.results() }
        #expect(fault?.code == "records.changed")
    }

    @Test func `a change that keeps size and time shows before the last result`() throws {
        let text = try TemporaryText(Self.sample.text)
        let file = try RecordsFile(path: text.path)
        var status = stat()
        #expect(stat(text.path, &status) == 0)
        let changed = Self.sample.text.replacingOccurrences(of: "cdef-3.1", with: "cdef-8.1")
        let handle = try FileHandle(forWritingTo: URL(filePath: text.path))
        try handle.write(contentsOf: Data(changed.utf8))
        try handle.close()
        let times = [status.st_atim, status.st_mtim]
        #expect(utimensat(AT_FDCWD, text.path, times, 0) == 0)
        let reader = try file.results()
        #expect(try reader.next(upTo: 4).count == 4)
        let fault = #expect(throws: Diagnostic.self) { try reader.next() }
        #expect(fault?.code == "records.changed")
    }

    @Test(arguments: ["/nonexistent/records.jsonl", "/tmp", "/dev/null"])
    func `what cannot be read twice is told by its path`(path: String) {
        let fault = #expect(throws: Diagnostic.self) { try RecordsFile(path: path) }
        #expect(fault?.code == "records.unreadable")
    }
}
