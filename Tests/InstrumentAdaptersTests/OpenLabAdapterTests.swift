import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

private let adapter = OpenLabAdapter()

private let preamble = """
    Sequence name:,SEQ-1
    Acquired by:,R. Vance
    Report version:,2

    Line#,Location,Sample Name,Injection Date,Acq Method Name

    """
private let injections = """
    1,D1F-A1,S-1,2024-03-20 19:10:21+01:00,A.amx
    2,D1F-A2,S-2,2024-03-20 19:40:21+01:00,A.amx

    """
private let heading = "Line#,Compound,Sample Name,Inj#,RT [min],Area,Amount\n"
private let whole =
    preamble + injections + "\n" + heading + "1,Formic acid,S-1,1,15.271,534.102,0.064\n"
    + "2,Formic acid,S-2,1,15.280,541.775,0.065\n" + heading + "2,Acetic acid,S-2,1,16.402,1541.5,\n"

@Test func `compounds are joined to their injections by line number, not by name`() async throws {
    let reading = try await adapter.reading(
        preamble + injections.replacing("S-2", with: "S-1") + "\n" + heading + "2,Formic acid,S-1,1,15.28,541.7,\n")
    let result = try #require(reading.results.first)
    #expect(result.position?.column == 2)
    #expect(result.injection?.acquired?.local?.minute == 40)
}

@Test(arguments: [
    ("3,Formic acid,S-1,1,15.2,500.1,", "openlab.no-injection"),
    ("1,Formic acid,S-2,1,15.2,500.1,", "openlab.no-injection"),
    (",Formic acid,S-1,1,15.2,500.1,", "openlab.no-line"),
    ("l,Formic acid,S-1,1,15.2,500.1,", "table.not-a-whole-number"),
    ("1,Formic acid,S-1,1,15.2,5OO.1,", "table.not-a-number"),
    ("1,Formic acid,S-1,1,15.2,\"500,1\",", "table.other-decimal-mark"),
    ("1,Formic acid,S-1,1,-15.2,500.1,", "record.impossible-value"),
    ("1,Formic acid,free,S-1,1,15.2,500.1,0.1", "table.long-row"),
    ("1,Formic acid,S-1,1st,15.2,500.1,", "table.not-a-whole-number"),
])
func `a row that cannot be trusted is left out alone`(row: String, code: String) async throws {
    let reading = try await adapter.reading(whole + row + "\n")
    #expect(reading.results.filter { $0.kind == .peak }.count == 3)
    #expect(reading.codes == [code])
    #expect(reading.status == 1)
    #expect(reading.diagnostics.first?.location.line == 14)
}

@Test func `a compound that stands twice for an injection is flagged`() async throws {
    let reading = try await adapter.reading(whole + "1,Formic acid,S-1,1,15.9,12.5,\n1,Formic acid,S-1,2,15.9,12.5,\n")
    #expect(reading.codes == ["openlab.repeated-compound"])
    #expect(reading.results.map { $0.flags.map(\.code) } == [[], [], [], ["repeatedCompound"], []])
    #expect(reading.results.map(\.ordinal) == [1, 1, 2, 2, 3])
}

@Test func `an injection whose only compound was left out does not count as one without peaks`() async throws {
    let reading = try await adapter.reading(preamble + injections + "\n" + heading + "1,Formic acid,S-1,1,15.2,5OO.1,\n")
    #expect(reading.results.map { $0.flags.map(\.code) } == [[], ["noPeaks"]])
    #expect(reading.results.allSatisfy { $0.kind == .sample && $0.measurements.isEmpty })
}

private let broken: [(text: String, code: String)] = [
    (whole + whole, "openlab.second-report"),
    (whole + preamble.split(separator: "\n").last! + "\n" + injections, "openlab.second-report"),
    (whole.replacing("Line#,Location", with: "Line No,Location"), "openlab.no-injection-table"),
    (whole + heading.replacing("Line#", with: "Line"), "openlab.damaged-heading"),
    (preamble.replacing("Line#", with: "Nr") + injections, "openlab.no-injection-table"),
    (preamble + injections + String(heading.dropLast(4)), "openlab.cut-heading"),
]

@Test(arguments: broken)
func `a file whose tables cannot be told apart is not used`(text: String, code: String) async throws {
    let reading = try await adapter.reading(text)
    #expect(reading.codes.last == code)
    #expect(reading.end == nil)
    #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
}

@Test func `a renamed column keeps its numbers under its own heading`() async throws {
    let reading = try await adapter.reading(whole.replacing("Area", with: "Flaeche"))
    #expect(reading.results.first?.measurements.map(\.name) == ["retentionTime", "Flaeche", "amount"])
}

@Test func `a template without sample names in its injection table is joined all the same`() async throws {
    let reading = try await adapter.reading(
        "Sequence name:,S\n\nLine#,Location\n1,7\n\n" + heading + "1,Formic acid,S-1,1,15.271,534.102,0.064\n")
    #expect(reading.results.first?.sample?.name == "S-1")
    #expect(reading.results.first?.position?.vial == "7")
}

@Test func `a report cut at any byte never passes for whole, and no number changes unnoticed`() async throws {
    func key(_ result: ResultRecord) -> String { "\(result.location.line ?? 0) \(result.analyte?.name ?? "")" }
    let all = Dictionary(uniqueKeysWithValues: try await adapter.reading(whole).results.map { (key($0), $0.measurements) })
    let bytes = Array(whole.utf8)
    for length in 0..<bytes.count {
        let reading = try await adapter.reading(OpenedSource(name: "cut.csv", bytes: Array(bytes[..<length])))
        #expect(reading.end?.completeness.verdict != .yes)
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") }, "cut at \(length): \(reading.codes)")
        if let end = reading.end { #expect(end.coverage.addsUp) }
        let isTold = reading.diagnostics.contains { $0.severity > .note }
        for result in reading.results where result.kind == .peak {
            #expect(all[key(result)] == result.measurements || (isTold && result.flags.contains { $0.code == "lastLineOpen" }))
        }
    }
}

@Test func `a path in any column is its file name in the records`() async throws {
    let reading = try await adapter.reading(
        preamble + injections + "\n" + heading.replacing("Amount", with: "Raw")
            + #"1,Formic acid,S-1,1,15.2,5.1,\\srv\qc\a b\7.dx"# + "\n")
    #expect(reading.results.first?.extras["Raw"] == "7.dx")
    #expect(!reading.lines.contains("srv"))
}

@Test func `a long report is joined in pieces of any size`() async throws {
    var text = preamble
    for line in 1...500 { text += "\(line),\(line),S-\(line),2024-03-20 19:10:21+01:00,A.amx\n" }
    for compound in ["Formic acid", "Acetic acid", "Butanol"] {
        text += "\n" + heading
        for line in 1...500 { text += "\(line),\(compound),S-\(line),1,\(line % 30).5,\(line).25,\n" }
    }
    let reading = try await adapter.reading(text, chunkLength: 777)
    #expect(reading.results.count == 1500)
    #expect(reading.results.allSatisfy { $0.sample?.name == "S-" + ($0.position?.vial ?? "") })
    #expect(reading.codes.isEmpty)
}
