import Digests
import IngestCore

/// What is known of a records file while its lines pass.
struct RecordsCheck {
    private let file: String
    private let hash = MessageDigest()
    private(set) var source: RecordLine?
    private(set) var end: RecordLine?
    private(set) var runs: [RecordLine] = []
    private(set) var attachments: [RecordLine] = []
    private(set) var errors = 0
    private(set) var warnings: [Diagnostic] = []
    private var laidOut = LayoutOfRecords()
    var layout: Layout { laidOut.layout }
    private var runIDs: Set<String> = []
    private var attachmentIDs: Set<String> = []
    /// How many points of each trace are still to come.
    private var traces: [String: Int] = [:]
    private var results = 0
    private var points = 0
    /// Hashes stand for the ids of results, which are too many to keep; those seen twice are looked into afterwards.
    private var resultHashes: Set<Int> = []
    private(set) var repeatedHashes: Set<Int> = []
    private var digest = ""

    init(file: String) { self.file = file }

    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, number: Int) throws {
        guard end == nil else {
            throw fault(number, "records.order", "a line stands behind the \"end\" line", RecordsFile.readAgain)
        }
        let line = RecordLine(number: number, value: try parsed(bytes, number))
        let shape = LineShape(file: file, line: line)
        let type = try shape.text("type")
        if source == nil, type != "source" {
            throw fault(
                number, "records.order", "the first line is \"\(type.prefix(40))\", not \"source\"",
                "this is no records file, or its beginning is missing; \"ingest read FILE -o PATH\" writes one")
        }
        if type == "end" {
            digest = hash.hexadecimal()
            try takeEnd(line, shape)
            return
        }
        hash.update(UnsafeRawBufferPointer(bytes))
        try take(line, type, shape)
    }

    private func parsed(_ bytes: UnsafeBufferPointer<UInt8>, _ number: Int) throws -> JSONValue {
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            guard number > 1 else {
                throw fault(
                    1, "records.not-records", "this is no records file: its first line is not JSON",
                    "\"ingest read FILE -o PATH\" makes records of an instrument's file; \"ingest FILE\" reads and publishes it at once"
                )
            }
            throw Diagnostic(
                "records.not-json", "\(error.message)",
                at: SourceLocation(file: file, line: number, column: error.offset + 1), hint: RecordsFile.readAgain)
        }
    }

    private mutating func take(_ line: RecordLine, _ type: String, _ shape: LineShape) throws {
        switch type {
        case "source": try takeSource(line, shape)
        case "run":
            guard runIDs.insert(try shape.text("id")).inserted else { throw repeated(line) }
            runs.append(line)
            laidOut.take(run: line.value)
        case "result": try takeResult(line, shape)
        case "trace":
            if let run = line.value["run"], !runIDs.contains(run.string ?? "") { throw unknownRun(line) }
            guard traces.updateValue(try shape.whole("count"), forKey: try shape.text("id")) == nil else {
                throw repeated(line)
            }
            laidOut.take(trace: line.value)
        case "points": try takePoints(line, shape)
        case "attachment":
            guard attachmentIDs.insert(try shape.text("id")).inserted else { throw repeated(line) }
            try shape.fileDigest()
            _ = try shape.text("role")
            attachments.append(line)
        case "diagnostic":
            let message = try shape.text("message"), code = try shape.text("code")
            let severity = try shape.text("severity")
            if severity == "error" { errors += 1 }
            guard severity == "warning", warnings.count < 10_000 else { return }
            let name = source?.value["file"]?["name"]?.string ?? file
            warnings.append(
                Diagnostic(.warning, code, message, at: line.location(in: name), hint: line.value["hint"]?.string))
        default:
            throw fault(
                line.number, "records.unknown-type", "lines of type \"\(type.prefix(40))\" are not known",
                "the file was written by a newer version of ingest, or changed; read the source again")
        }
    }

    private mutating func takeSource(_ line: RecordLine, _ shape: LineShape) throws {
        guard source == nil else {
            throw fault(line.number, "records.order", "a second \"source\" line", RecordsFile.readAgain)
        }
        let form = try shape.text("form")
        guard form == RecordLines.form else {
            throw fault(
                line.number, "records.form", "the form is \"\(form.prefix(40))\"; \(RecordLines.form) is understood",
                "read the source again with this version of ingest")
        }
        try shape.inside("file").fileDigest()
        let adapter = try shape.inside("adapter")
        _ = try adapter.text("name")
        _ = try adapter.text("format")
        _ = try adapter.whole("version")
        source = line
        laidOut.take(source: line.value)
    }

    private mutating func takeResult(_ line: RecordLine, _ shape: LineShape) throws {
        let id = try shape.text("id")
        _ = try shape.text("kind")
        guard runIDs.contains(try shape.text("run")) else { throw unknownRun(line) }
        try shape.measurements()
        results += 1
        laidOut.take(result: line.value)
        if !resultHashes.insert(id.hashValue).inserted { repeatedHashes.insert(id.hashValue) }
    }

    private mutating func takePoints(_ line: RecordLine, _ shape: LineShape) throws {
        let trace = try shape.text("trace")
        let count = try shape.points()
        guard let left = traces[trace] else {
            throw fault(
                line.number, "records.order", "points of \"\(trace)\", a trace that no line before names", RecordsFile.readAgain)
        }
        guard count <= left else {
            throw fault(line.number, "records.count", "more points of \"\(trace)\" than its trace counts", RecordsFile.readAgain)
        }
        traces[trace] = left - count
        points += count
    }

    private mutating func takeEnd(_ line: RecordLine, _ shape: LineShape) throws {
        _ = try shape.whole("leftOut")
        let complete = try shape.text("complete")
        guard RecordsFile.Completeness(rawValue: complete) != nil else {
            throw fault(
                line.number, "records.wrong-kind", "\"complete\" is \"\(complete.prefix(40))\", not yes, no or unknown",
                RecordsFile.readAgain)
        }
        for (key, seen) in [("results", results), ("traces", traces.count), ("points", points)] {
            let stated = try shape.whole(key)
            guard stated == seen else {
                throw fault(
                    line.number, "records.count", "the \"end\" line counts \(stated) \(key), the file has \(seen)",
                    RecordsFile.readAgain)
            }
        }
        guard try shape.text("digest") == digest else {
            throw fault(
                line.number, "records.changed", "the digest of the lines is not the one the \"end\" line states",
                RecordsFile.readAgain)
        }
        end = line
    }

    /// - Parameter lines: How many there were.
    func finish(lines: Int) throws -> (source: RecordLine, end: RecordLine) {
        guard let source else {
            throw Diagnostic(
                "records.cut", "the file is empty", at: SourceLocation(file: file), hint: RecordsFile.readAgain)
        }
        guard let end else {
            throw fault(lines, "records.cut", "there is no \"end\" line behind this one", RecordsFile.readAgain)
        }
        return (source, end)
    }

    private func repeated(_ line: RecordLine) -> Diagnostic {
        fault(line.number, "records.repeated-id", "the id \"\(line.id)\" stands twice", RecordsFile.readAgain)
    }

    private func unknownRun(_ line: RecordLine) -> Diagnostic {
        fault(
            line.number, "records.order", "the run \"\(line.run)\" is not named by a line before", RecordsFile.readAgain)
    }

    private func fault(_ line: Int, _ code: String, _ message: String, _ hint: String) -> Diagnostic {
        Diagnostic(code, message, at: SourceLocation(file: file, line: line), hint: hint)
    }
}

/// Tells results with the same id from those whose ids only have the same hash.
enum RepeatedIDs {
    /// Reads the file once more, if there are suspects at all.
    static func first(in path: String, suspects: Set<Int>) throws -> Diagnostic? {
        guard !suspects.isEmpty else { return nil }
        let reader = try LineReader(path: path)
        var seen: [String: Int] = [:]
        while let bytes = try reader.next() {
            guard let line = JSONValue.line(bytes), line["type"]?.string == "result", let id = line["id"]?.string,
                suspects.contains(id.hashValue)
            else { continue }
            guard let before = seen.updateValue(reader.number, forKey: id) else { continue }
            return Diagnostic(
                "records.repeated-id", "the result \"\(id)\" stands in line \(before) too",
                at: SourceLocation(file: path, line: reader.number), hint: RecordsFile.readAgain)
        }
        return nil
    }
}
