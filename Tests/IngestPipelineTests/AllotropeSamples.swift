import FoundationEssentials
import IngestCore
import Testing

@testable import IngestPipeline

// MARK: Records

let source = SourceRecord(
    file: FileDigest(name: "t.csv", bytes: 99, sha256: "0123456789abcdef" + String(repeating: "0", count: 48)),
    members: [],
    adapter: AdapterIdentity("lc.table", version: 1, instrument: "any table"), format: "any table",
    recognized: "line 1 has headings", assumptions: Assumptions())

func run(_ id: String) -> RunRecord {
    var run = RunRecord(
        name: "Monday", instrument: RunRecord.Instrument(name: "HPLC 3", vendor: "Example", model: "X1", serial: "42"),
        software: RunRecord.Software(name: "Chrom", version: "2.0"), operatorName: "Ada",
        methods: [RunRecord.Method(.acquisition, "fast.m")])
    run.id = id
    return run
}

func result(
    _ line: Int, kind: ResultRecord.Kind = .peak, ordinal: Int, signal: String? = nil, measurements: [Measurement] = []
) -> ResultRecord {
    var result = ResultRecord(
        kind: kind, ordinal: ordinal, sample: Sample(name: "S"), signal: signal.map { Signal(name: $0) },
        measurements: measurements, location: SourceLocation(file: "t.csv", line: line, column: 1))
    result.file = "0123456789abcdef"
    result.run = "r1"
    return result
}

let end = EndRecord(
    results: 1, leftOut: 0, traces: 0, points: 0, coverage: Coverage(values: 9, measured: 4, described: 5),
    completeness: Completeness(.unknown, why: "no count"))

let smallTable: [Record] = {
    var second = result(3, ordinal: 2)
    second.measurements = [Measurement(.retentionTime, Quantity(written: "4.871", value: 4.871, unit: .minute))]
    second.analyte = Analyte(name: "Caffeine")
    let first = result(
        2, ordinal: 1,
        measurements: [
            Measurement(.retentionTime, Quantity(written: "1,05", value: 1.05, unit: .minute)),
            Measurement(.area, Quantity(written: "20", value: 20, unit: Unit("{mAU}.min"))),
            Measurement(.concentration, Quantity(written: "<0,1", value: 0.1, unit: Unit("mg/L"), bound: .below)),
        ])
    return [.source(source), .run(run("r1")), .result(first), .result(second), .end(end)]
}()

/// `DIGEST` stands for the digest of the records file.
let smallDocument = #"""
    {"$asm.manifest":"http://purl.allotrope.org/manifests/liquid-chromatography/BENCHLING/2023/09/liquid-chromatography.manifest","liquid chromatography aggregate document":{"liquid chromatography document":[
    {"analyst":"Ada","measurement aggregate document":{"measurement document":[
    {"measurement identifier":"measurement-0123456789abcdef-2.1","sample document":{"sample identifier":"S","written name":"S"},"device control aggregate document":{"device control document":[{"device type":"N/A"}]},"chromatography column document":{},"processed data aggregate document":{"processed data document":[
    {"processed data identifier":"processed-0123456789abcdef-2.1","peak list":{"peak":[
    {"identifier":"0123456789abcdef-2.1","peak index":"1","retention time":{"value":63,"unit":"s"},"peak area":{"value":1200,"unit":"mAU.s"},"custom information document":{"concentration below":{"value":0.1,"unit":"mg/L"}}},
    {"identifier":"0123456789abcdef-3.1","peak index":"2","written name":"Caffeine","retention time":{"value":292.26,"unit":"s"}}
    ]}}
    ]}}
    ],"custom information document":{"run identifier":"r1","run name":"Monday","acquisition method identifier":"fast.m"}}}
    ],"data system document":{"ASM converter name":"ingest lc.table","ASM converter version":"1","data system instance identifier":"N/A","file name":"t.csv","software name":"Chrom","software version":"2.0","custom information document":{"file SHA-256":"0123456789abcdef000000000000000000000000000000000000000000000000","file size":{"value":99,"unit":"byte"},"file format":"any table","recognized by":"line 1 has headings","records form":"ingest-records/1","records digest":"DIGEST","results":{"value":1,"unit":"#"},"results left out":{"value":0,"unit":"#"},"traces":{"value":0,"unit":"#"},"points":{"value":0,"unit":"#"},"values":{"value":9,"unit":"#"},"values measured":{"value":4,"unit":"#"},"values described":{"value":5,"unit":"#"},"values kept as extras":{"value":0,"unit":"#"},"values ignored":{"value":0,"unit":"#"},"values left out":{"value":0,"unit":"#"},"complete":"unknown","complete because":"no count"}},"device system document":{"asset management identifier":"HPLC 3","product manufacturer":"Example","model number":"X1","equipment serial number":"42"}}}

    """#

// MARK: Documents

func temporaryPath() -> String { "\(FileManager.default.temporaryDirectory.path)/asm-\(UUID().uuidString).json" }

/// The text of the document that the sink makes of records.
func document(_ records: [Record]) async throws -> String {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let sink = AllotropeSink(try OutputFile(path: path))
    for record in records { try await sink.write(record) }
    try await sink.finish()
    return try String(contentsOfFile: path, encoding: .utf8)
}

func document(
    of results: [ResultRecord], traces: [(TraceRecord, [Double])] = [], runs: [String] = ["r1"]
) async throws -> String {
    var records: [Record] = [.source(source)]
    records += runs.map { .run(run($0)) }
    records += results.map {
        var result = $0
        result.file = "0123456789abcdef"
        if result.run.isEmpty { result.run = "r1" }
        return .result(result)
    }
    for (trace, points) in traces {
        records.append(.trace(trace))
        let axes = trace.axes.count
        for from in stride(from: 0, to: trace.count, by: PointsRecord.most) {
            let part = points[from * axes..<min(points.count, (from + PointsRecord.most) * axes)]
            records.append(.points(PointsRecord(trace: trace.id, from: from, values: Array(part), axes: axes)))
        }
    }
    return try await document(records + [.end(end)])
}

/// All measurement documents.
/// - Throws: When the text is no JSON.
func measurements(_ text: String) throws -> [JSONValue] {
    let runs = try JSONValue(parsing: text)["liquid chromatography aggregate document"]?["liquid chromatography document"]
    return (runs?.elements ?? []).flatMap {
        $0["measurement aggregate document"]?["measurement document"]?.elements ?? []
    }
}

func processed(_ measurement: JSONValue) -> [JSONValue] {
    measurement["processed data aggregate document"]?["processed data document"]?.elements ?? []
}

func peaks(_ measurement: JSONValue) -> [JSONValue] {
    processed(measurement).flatMap { $0["peak list"]?["peak"]?.elements ?? [] }
}

/// The one peak of a result with these measurements.
func peak(with measurements: [Measurement]) async throws -> JSONValue {
    let text = try await document(of: [result(2, ordinal: 1, measurements: measurements)])
    let measurement = try #require(try IngestPipelineTests.measurements(text).first)
    return try #require(peaks(measurement).first)
}

extension JSONValue {
    /// A value with its unit as the Allotrope model has it.
    static func quantity(_ value: Double, _ unit: String) -> JSONValue {
        .object(["value": .number(value), "unit": .string(unit)])
    }
}
