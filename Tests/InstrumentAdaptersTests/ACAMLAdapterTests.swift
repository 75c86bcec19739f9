import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

private let adapter = ACAMLAdapter()

private func peak(_ id: String, _ time: String, _ area: String, _ share: String, more: String = "") -> String {
    "<Peak id=\"\(id)\"><RetentionTime val=\"\(time)\" unit=\"min\"/><Area val=\"\(area)\" unit=\"mAU·s\"/>"
        + "<AreaPercent val=\"\(share)\"/><WidthBase val=\"0.25\"/>\(more)</Peak>"
}

private func compound(_ peaks: [String], _ name: String, _ fields: String) -> String {
    let references = peaks.map { "<Peak_ID id=\"\($0)\"/>" }.joined()
    let identification =
        peaks.isEmpty ? "" : "<Identification><Qualified><Peaks>\(references)</Peaks></Qualified></Identification>"
    return "<InjectionCompound id=\"c\"><CompoundName>\(name)</CompoundName>\(identification)\(fields)</InjectionCompound>"
}

private func document(
    _ peaks: String, _ compounds: String = "", signal: String = "s1", user: String = "SYSTEM", app: String = "CDS",
    injection: String = "i1", samples: String = ""
) -> String {
    """
    <ACAML xmlns="urn:schemas-agilent-com:acaml21"><Doc><DocInfo><CreatedByUser>\(user)</CreatedByUser><CreatedByApplication>
    <AgilentApp><Name>\(app)</Name><Version>2.5</Version></AgilentApp></CreatedByApplication></DocInfo><Content>
    <Method id="m1"><Name>Acq</Name></Method><Method id="m2"><Name>Proc</Name></Method>
    <Samples><Setup id="a1"><IdentParam><Name>S-1</Name></IdentParam><AcqParam><OrderNo val="7"/><VialNumber>D1F-A2</VialNumber></AcqParam>
    <DAParam><Type>Calibration</Type></DAParam></Setup>\(samples)
    <MeasData id="b1"><SampleSetup_ID id="a1"/><InjectionMeasData_ID id="i1"/></MeasData></Samples>
    <Injections><MeasData id="i1"><Info><CreatedDate>2024-03-14T08:41:07Z</CreatedDate></Info>
    <AcqParam_ID id="p1"/><Signal id="s1"><Name>DAD1A</Name><Description>DAD1A,Sig=254,4 Ref=360,100</Description></Signal></MeasData>
    <Result id="r1"><DAParam_ID id="p2"/><InjectionMeasData_ID id="\(injection)"/>
    <SignalResult><Signal_ID id="\(signal)"/>\(peaks)</SignalResult>\(compounds)</Result></Injections>
    <InjectionParams><AcqParam id="p1"><Method_ID id="m1"/><OrderNo val="2"/></AcqParam><DAParam id="p2"><Method_ID id="m2"/></DAParam>
    </InjectionParams></Content></Doc></ACAML>
    """
}

private func reading(_ text: some StringProtocol) async throws -> AdapterReading {
    try await adapter.reading(String(text), name: "a.acaml")
}

private func quantity(_ result: ResultRecord?, _ name: MeasurementName) -> Quantity? {
    result?.measurements.first { $0.standard == name }?.quantity
}

private let two = peak("k1", "2.5", "60", "60") + peak("k2", "1.5", "40", "40")

@Test func `ids lead from a peak to its signal, sample, injection and methods, also where these stand behind it`() async throws {
    let reading = try await reading(document(two))
    #expect(reading.results.map(\.kind) == [.sample, .peak, .peak])
    let first = try #require(reading.results.last)
    #expect(first.sample == Sample(name: "S-1", role: .standard, roleWritten: "Calibration"))
    #expect(first.position?.plate == "D1F")
    #expect(first.injection?.ordinal == 2)
    #expect(first.injection?.acquired?.offset == 0)
    #expect(first.signal?.name == "DAD1A")
    #expect(first.signal?.wavelength?.value == 254)
    #expect(first.ordinal == 2)
    #expect(reading.runs.first?.methods == [.init(.acquisition, "Acq"), .init(.processing, "Proc")])
    #expect(reading.results.first?.extras["Sample/AcqParam/OrderNo"] == "7")
    #expect(reading.end?.completeness.verdict == .yes)
    #expect(reading.end?.coverage.addsUp == true)
    #expect(reading.codes.isEmpty)
}

@Test func `a compound of one peak completes it, with the unit it states`() async throws {
    let named = compound(["k2"], "Decane", "<Amount val=\"2.5\" unit=\"ng/ul\"/><Area val=\"40\" unit=\"\"/>")
    let reading = try await reading(document(two, named))
    #expect(reading.results.map(\.kind) == [.sample, .peak, .peak])
    #expect(reading.results.map { $0.analyte?.name } == [nil, nil, "Decane"])
    #expect(quantity(reading.results.last, .amount)?.unit == Unit(spelling: "ng/ul"))
    #expect(quantity(reading.results.last, .area)?.unitWritten == "mAU·s")
}

@Test(arguments: [
    "<ExpectedRetTime val=\"-INF\" unit=\"min\"/>", "<ExpectedRetTime val=\"0\"/>", "<Amount val=\"0\" unit=\"ng/ul\"/>",
])
func `what stands for no number is none`(field: String) async throws {
    let reading = try await reading(document(two, compound(["k1"], "", field)))
    let peak = reading.results[1]
    #expect(peak.measurements.filter { $0.quantity.absent == .notReported }.count == 1)
    #expect(reading.results.count == 3)
}

@Test func `a compound without a peak was not found, one of several stands by itself`() async throws {
    let group = compound(["k1", "k2"], "Sum", "<Area val=\"100\"/>"), missing = compound([], "Decane", "<Amount val=\"0\"/>")
    let reading = try await reading(document(two, group + missing))
    #expect(reading.results.suffix(2).map(\.kind) == [.compound, .compound])
    #expect(reading.results[3].extras["Peak_ID"] == "k1 k2")
    #expect(reading.results[4].flags == [Flag("notFound")])
    #expect(quantity(reading.results[4], .amount)?.absent == .notFound)
    #expect(reading.codes.isEmpty)
}

@Test func `a compound with other numbers than its peak is told and read by itself`() async throws {
    let reading = try await reading(document(two, compound(["k1"], "Decane", "<Area val=\"6\"/>")))
    #expect(reading.results.last?.flags == [Flag("contradictory")])
    #expect(reading.results[1].analyte == nil)
    #expect(reading.codes == ["acaml.peaks-differ"])
    #expect(reading.end?.completeness.verdict == .no)
}

@Test func `references to nothing are told`() async throws {
    let lost = compound(["k9"], "Decane", "<Area val=\"6\"/>")
    #expect(try await reading(document(two, lost)).codes == ["acaml.unknown-reference"])
    #expect(try await reading(document(two, signal: "s9")).codes == ["acaml.unknown-reference"])
    #expect(try await reading(document(two, injection: "i9")).codes == ["acaml.unknown-reference", "acaml.no-results"])
}

@Test func `results of an injection that the file does not have are told by one finding`() async throws {
    let result = "<Result id=\"r2\"><DAParam_ID id=\"p2\"/><InjectionMeasData_ID id=\"i9\"/><Remark>second</Remark></Result>"
    let text = document(two, injection: "i9").replacing("</Injections>", with: "\(result)\(result)</Injections>")
    let reading = try await reading(text)
    let findings = reading.results.filter { $0.kind == .sample && $0.extras.fields.contains { $0.text == "second" } }
    #expect(findings.count == 1, "\(reading.lines)")
    #expect(reading.codes.filter { $0 == "acaml.unknown-reference" }.count == 3)
    #expect(reading.end?.coverage.addsUp == true)
}

@Test func `an id that two peaks have is told, and its compound goes to one of them`() async throws {
    let twice = peak("k1", "2.5", "60", "60") + peak("k1", "1.5", "40", "40")
    let reading = try await reading(document(twice, compound(["k1"], "Decane", "<Area val=\"60\"/>")))
    #expect(reading.codes == ["acaml.repeated-id"])
    #expect(reading.results.map { $0.analyte?.name } == [nil, "Decane", nil])
}

@Test func `a peak that is missing shows in the area percents`() async throws {
    let reading = try await reading(document(peak("k1", "2.5", "60", "60")))
    #expect(reading.codes == ["acaml.area-percent-sum"])
    #expect(reading.end?.completeness.verdict == .no)
}

@Test(arguments: ["6O", "6,5", "--", "NaN"])
func `a garbled area is never a number`(area: String) async throws {
    let reading = try await reading(document(peak("k1", "2.5", area, "60") + peak("k2", "1.5", "40", "40")))
    #expect(reading.results.allSatisfy { quantity($0, .area)?.value != 6 })
    #expect(reading.results.compactMap { quantity($0, .area)?.value } == [40])
    #expect(reading.end?.coverage.addsUp == true)
    #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
}

@Test(arguments: [("ChemStation", MeasurementName.width), ("CDS", .baseWidth)])
func `the width at the base of ChemStation is the width of its reports`(app: String, name: MeasurementName) async throws {
    let reading = try await reading(document(two, app: app))
    #expect(quantity(reading.results.last, name)?.value == 0.25)
    #expect(quantity(reading.results.last, name)?.unitIsFormats == true)
}

@Test func `a sample that was not injected is told`() async throws {
    let reading = try await reading(
        document(two, samples: "<Setup id=\"a2\"><IdentParam><Name>S-2</Name></IdentParam></Setup>"))
    #expect(reading.results.last?.sample?.name == "S-2")
    #expect(reading.results.last?.flags == [Flag("notInjected")])
}

@Test(arguments: [
    "<Doc", "<Content", "<Method id", "<Samples", "<Setup", "<Injections", "<Signal ", "<Result", "<SignalResult", "<Signal_ID",
    "<Peak", "<Area ",
])
func `what nobody knows of an ACAML travels in extras`(place: String) async throws {
    let text = document(two)
    let range = try #require(text.firstRange(of: place))
    let end = try #require(text[range.lowerBound...].firstIndex { " >/".contains($0) })
    let reading = try await reading(text[..<end] + " news=\"Q7Q\"" + text[end...])
    #expect(reading.lines.contains("Q7Q"))
    #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
    #expect(reading.end?.coverage.addsUp == true)
}

@Test func `no record of an ACAML names an account`() async throws {
    let reading = try await reading(document(two, user: "LAB\\vance"))
    #expect(reading.codes == ["acaml.account"])
    #expect(!reading.lines.contains("vance"))
    #expect(reading.end?.coverage.leftOut == 1)
}

@Test func `an ACAML cut anywhere is never complete`() async throws {
    let whole = document(two, compound(["k2"], "Decane", "<Amount val=\"2.5\"/>"))
    for length in stride(from: 60, to: whole.utf8.count - 1, by: 37) {
        let reading = try await reading(String(decoding: whole.utf8.prefix(length), as: UTF8.self))
        #expect(reading.end?.completeness.verdict != .yes)
        #expect(reading.end?.coverage.addsUp != false)
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
    }
}

@Test func `an ACAML of another version is recognised, another format of the vendor is not`() {
    func recognition(_ text: String) -> Recognition {
        adapter.recognize(SourceOpening(name: "a.xml", bytes: Array(text.utf8)))
    }
    #expect(recognition("<ACAML xmlns=\"urn:schemas-agilent-com:acaml14\"/>") != .no)
    #expect(recognition("<ACAML/>") == .no)
    #expect(recognition("<ACMD xmlns=\"urn:schemas-agilent-com:acmd20\"/>") == .no)
}

@Test func `an ACAML without injections is told`() async throws {
    let reading = try await reading("<ACAML xmlns=\"urn:schemas-agilent-com:acaml21\"><Doc><DocInfo/><Content/></Doc></ACAML>")
    #expect(reading.codes == ["acaml.no-injections"])
    #expect(reading.end?.completeness.verdict == .unknown)
}

@Test(arguments: [
    ("OrderNo val=\"2\"", "OrderNo val=\"Z\""), ("<OrderNo val=\"2\"/>", "<InjectionVolume val=\"S\" unit=\"µL\"/>"),
])
func `a garbled number of an injection is told and kept as a text`(old: String, new: String) async throws {
    let reading = try await reading(document(two).replacing(old, with: new))
    #expect(reading.codes == ["acaml.setting"])
    #expect(reading.results.first?.injection?.volume == nil)
    #expect(reading.lines.contains(new.contains("OrderNo") ? "\"Z\"" : "\"S\""))
}

@Test func `an injection that is there twice is told, and the second is marked`() async throws {
    let text = document(two)
    let start = try #require(text.firstRange(of: "<MeasData id=\"i1\">")).lowerBound
    let end = try #require(text.firstRange(of: "<Result id")).lowerBound
    let reading = try await reading(text[..<end] + String(text[start...]))
    #expect(reading.codes == ["acaml.repeated-injection"] && reading.end?.completeness.verdict == .no)
    #expect(reading.results.map { $0.flags.map(\.code) } == [[], ["repeatedInjection"], [], []])
}
