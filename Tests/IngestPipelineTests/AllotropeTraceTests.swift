import IngestCore
import Testing

@testable import IngestPipeline

@Test func `a trace is a chromatogram data cube in the units of the model`() async throws {
    let count = PointsRecord.most + 3
    let trace = trace(
        [TraceRecord.Axis("time", unit: .minute), TraceRecord.Axis("absorbance", unit: Unit("{AU}"))], count)
    let points = (0..<count).flatMap { [Double($0) / 100, Double($0) / 1000] }
    let text = try await document(
        of: [result(2, ordinal: 1, signal: "DAD1 A")], traces: [(trace, points)])
    let measurements = try measurements(text)
    #expect(measurements.count == 2)
    let cube = try #require(measurements[1]["chromatogram data cube"])
    #expect(cube["label"] == .string("DAD1 A"))
    #expect(
        cube["cube-structure"]
            == .object([
                "dimensions": .array([component("retention time", "s")]),
                "measures": .array([component("absorbance", "mAU")]),
            ]))
    let times = cube["data"]?["dimensions"]?[0]?.elements, values = cube["data"]?["measures"]?[0]?.elements
    #expect(times == (0..<count).map { .number(Double($0 * 60) / 100) })
    #expect(values == (0..<count).map { .number(Double($0)) })
    #expect(measurements[1]["custom information document"]?["Detector"] == .string("DAD"))
}

@Test(arguments: [
    ([TraceRecord.Axis("wavelength", unit: .nanometre), TraceRecord.Axis("absorbance", unit: .milliabsorbance)], 2),
    (
        [
            TraceRecord.Axis("time", unit: .minute), TraceRecord.Axis("wavelength", unit: .nanometre),
            TraceRecord.Axis("absorbance", unit: .milliabsorbance),
        ], 3
    ),
])
func `a curve that is no chromatogram is a cube in the custom information`(axes: [TraceRecord.Axis], count: Int)
    async throws
{
    let points = (0..<2 * count).map(Double.init)
    let measurement = try #require(
        try measurements(try await document(of: [], traces: [(trace(axes, 2), points)])).first)
    #expect(measurement["chromatogram data cube"] == nil)
    let custom = try #require(measurement["custom information document"])
    #expect(custom["Detector"] == .string("DAD"))
    let cube = try #require(custom["data cube"])
    #expect(cube["cube-structure"]?["measures"]?.elements.count == count - 1)
    #expect(cube["data"]?["measures"]?.elements.map(\.elements.count) == Array(repeating: 2, count: count - 1))
}

@Test func `an axis without a unit keeps none`() async throws {
    let axes = [TraceRecord.Axis("time"), TraceRecord.Axis("intensity", unitWritten: "blobs")]
    let measurement = try #require(
        try measurements(try await document(of: [], traces: [(trace(axes, 1), [1.5, 2.5])])).first)
    let structure = measurement["chromatogram data cube"]?["cube-structure"]
    #expect(structure?["dimensions"]?[0] == component("retention time", nil))
    #expect(structure?["measures"]?[0] == component("intensity", "blobs"))
}

@Test func `a trace of an earlier run goes into a second document of that run`() async throws {
    var second = result(4, ordinal: 1)
    second.run = "r2"
    let axes = [TraceRecord.Axis("time", unit: .second), TraceRecord.Axis("absorbance")]
    let text = try await document(
        of: [result(2, ordinal: 1), second], traces: [(trace(axes, 0), [])], runs: ["r1", "r2"])
    let runs = try #require(
        try JSONValue(parsing: text)["liquid chromatography aggregate document"]?["liquid chromatography document"]?.elements)
    #expect(
        runs.map { $0["measurement aggregate document"]?["custom information document"]?["run identifier"]?.string }
            == ["r1", "r2", "r1"])
}

@Test func `a long column waits in a file and comes back whole`() throws {
    let spool = TextSpool()
    var expected = ""
    for number in 0..<300_000 {
        try spool.append(Double(number) + 0.5)
        expected += (number == 0 ? "" : ",") + "\(number).5"
    }
    var text: [UInt8] = []
    try spool.read { text += $0 }
    #expect(text.elementsEqual(expected.utf8))
}

private func trace(_ axes: [TraceRecord.Axis], _ count: Int) -> TraceRecord {
    var trace = TraceRecord(
        sample: Sample(name: "S"), signal: Signal(name: "DAD1 A"), axes: axes, extras: ["Detector": "DAD"],
        location: SourceLocation(file: "t.csv", line: 9))
    trace.file = "0123456789abcdef"
    trace.run = "r1"
    trace.count = count
    return trace
}

private func component(_ concept: String, _ unit: String?) -> JSONValue {
    var fields: [String: JSONValue] = ["@componentDatatype": .string("double"), "concept": .string(concept)]
    fields["unit"] = unit.map { .string($0) }
    return .object(fields)
}
