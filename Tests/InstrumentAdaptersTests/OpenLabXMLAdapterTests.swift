import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

private let adapter = OpenLabXMLAdapter()

private func acaml(_ content: String) -> [UInt8] {
    Array(
        "<ACAML xmlns=\"urn:schemas-agilent-com:acaml21\"><Doc><DocInfo><Description>d</Description></DocInfo><Content>\(content)</Content></Doc></ACAML>"
            .utf8)
}

/// Two injections of one sample name, with results in files of their own.
private func sequence(_ files: [String?] = ["1.rx", "2.rx"]) -> [UInt8] {
    var samples = "", injections = ""
    for (number, file) in files.enumerated() {
        samples +=
            "<Setup id=\"a\(number)\"><IdentParam><Name>S</Name></IdentParam></Setup><MeasData id=\"b\(number)\">"
            + "<SampleSetup_ID id=\"a\(number)\"/><InjectionMeasData_ID id=\"i\(number)\"/></MeasData>"
        injections +=
            "<MeasData id=\"i\(number)\"><AcqParam><Method_ID id=\"m1\"/><OrderNo val=\"\(number + 1)\"/></AcqParam>"
            + "<Signal id=\"s\(number)\"><Name>DAD1A</Name></Signal>"
            + (file.map { "<ExternalResultPath>\($0)</ExternalResultPath>" } ?? "") + "</MeasData>"
    }
    return acaml("<Method id=\"m1\"><Name>Acq</Name></Method><Samples>\(samples)</Samples><Injections>\(injections)</Injections>")
}

private func results(_ number: Int, area: String = "50") -> [UInt8] {
    let peak =
        "<Peak id=\"k\(number)\"><RetentionTime val=\"1.5\" unit=\"min\"/><Area val=\"\(area)\" unit=\"mAU·s\"/><AreaPercent val=\"100\"/></Peak>"
    return acaml(
        "<Method id=\"m2\"><Name>Proc</Name></Method><Injections><Result id=\"r\(number)\"><DAParam><Method_ID id=\"m2\"/></DAParam>"
            + "<InjectionMeasData_ID id=\"i\(number)\"/><SignalResult><Signal_ID id=\"s\(number)\"/>\(peak)</SignalResult>"
            + "<Integrator>TwelveTone</Integrator></Result></Injections>")
}

private func rx(_ bytes: [UInt8]) -> [UInt8] { StoredZip([("Base/InjectionACAML", bytes), ("Base/AuditTrail", [10, 4])]).bytes }

private func resultSet(_ files: [(name: String, bytes: [UInt8])]) -> OpenedSource {
    OpenedSource(name: "a.rslt", bytes: [], members: files.map { OpenedSource(name: $0.name, bytes: $0.bytes) })
}

@Test func `the results of each injection are found in its rx, with sample and signal from the sequence`() async throws {
    let source = resultSet([
        ("a.rslt/a.acaml", sequence()), ("a.rslt/1.rx", rx(results(0))), ("a.rslt/2.rx", rx(results(1))), ("a.rslt/1.dx", rx([])),
    ])
    let reading = try await adapter.reading(source)
    #expect(reading.results.map(\.kind) == [.sample, .sample, .peak, .peak])
    #expect(reading.results.map { $0.injection?.ordinal } == [1, 2, 1, 2])
    #expect(reading.results.last?.signal?.name == "DAD1A")
    #expect(reading.results.first?.extras["Result/Integrator"] == "TwelveTone")
    #expect(reading.runs.map(\.methods) == [[.init(.acquisition, "Acq"), .init(.processing, "Proc")]])
    #expect(reading.end?.completeness.verdict == .yes)
    #expect(reading.end?.coverage.addsUp == true)
    #expect(reading.codes == ["openlab-xml.not-read"])
    #expect(Set(reading.results.map(\.id)).count == 4)
}

@Test func `results that are missing or damaged are an error, and the others are read`() async throws {
    for files in [[("2.rx", rx(results(1)))], [("1.rx", Array(rx(results(0)).prefix(60))), ("2.rx", rx(results(1)))]] {
        let reading = try await adapter.reading(resultSet([("a.acaml", sequence())] + files))
        #expect(reading.codes.contains("openlab-xml.missing-result"))
        #expect(reading.results.filter { $0.kind == .peak }.count == 1)
        #expect(reading.results.first?.flags == [Flag("noResults")])
        #expect(reading.end?.completeness.verdict == .no)
    }
}

@Test func `injections that were not processed are no error`() async throws {
    let reading = try await adapter.reading(resultSet([("a.acaml", sequence([nil, "2.rx"])), ("2.rx", rx(results(1)))]))
    #expect(reading.codes.contains("openlab-xml.not-processed"))
    #expect(reading.end?.completeness.verdict == .yes)
}

@Test func `several result sets in one zip are a run each`() async throws {
    let reading = try await adapter.reading(
        resultSet([
            ("x/a.acaml", sequence(["1.rx"])), ("x/1.rx", rx(results(0))), ("y/b.acaml", sequence(["1.rx"])),
            ("y/1.rx", rx(results(0))),
            ("__MACOSX/y/._1.rx", [0, 5, 22, 7]),
        ]))
    #expect(reading.results.map(\.run) == ["r1", "r1", "r2", "r2"])
    #expect(reading.codes.isEmpty)
}

@Test func `an rx by itself is read without its sequence, and says so`() async throws {
    let reading = try await adapter.reading(resultSet([("Base/InjectionACAML", results(0))]))
    #expect(reading.results.map(\.kind) == [.peak, .sample])
    #expect(reading.codes.contains("openlab-xml.no-sequence"))
    #expect(reading.end?.completeness.verdict == .unknown)
}

@Test(arguments: ["5O", "", "-INF"])
func `a garbled area in an rx is never a number`(area: String) async throws {
    let reading = try await adapter.reading(
        resultSet([("a.acaml", sequence(["1.rx"])), ("1.rx", rx(results(0, area: area)))]))
    let areas = reading.results.flatMap(\.measurements).filter { $0.standard == .area }
    #expect(areas.allSatisfy { $0.quantity.value == nil })
    #expect(reading.end?.coverage.addsUp == true)
}

@Test func `a folder of ChemStation with an ACAML in it is no result set`() {
    let acaml = SourceOpening(name: "sequence.acam_", bytes: sequence())
    let opening = SourceOpening(name: "a.D", bytes: [], members: [acaml, SourceOpening(name: "FID1A.ch", bytes: [3])])
    #expect(adapter.recognize(opening) == .no)
    let archive = SourceOpening(name: "1.rx", bytes: [0x50, 0x4B, 3, 4])
    #expect(adapter.recognize(SourceOpening(name: "a", bytes: [], members: [acaml, archive])) != .no)
}
