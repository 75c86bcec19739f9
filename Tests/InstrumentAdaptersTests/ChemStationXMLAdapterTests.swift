import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

private let adapter = ChemStationXMLAdapter()

private func peak(_ time: String, _ area: String, sum: String = "100") -> String {
    "<IntegrationResults><RetTime>\(time)</RetTime><Area>\(area)</Area><AreaSum>\(sum)</AreaSum></IntegrationResults>"
}

private func row(_ time: String, _ area: String, name: String = "", amount: String = "0", expected: String = "0") -> String {
    "<Peak><CompoundID>0</CompoundID><SignalDesc>FID1 A, </SignalDesc><PeakType>BB  </PeakType>"
        + "<ExpRetTime Unit=\"min\">\(expected)</ExpRetTime><MeasRetTime Unit=\"min\">\(time)</MeasRetTime>"
        + "<Area Unit=\"pA*s\">\(area)</Area><Name>\(name)</Name><Amount Unit=\"mg/l\">\(amount)</Amount></Peak>"
}

private func result(_ peaks: String, _ rows: String?, sample: String = "S-1") -> String {
    let list = rows.map { "<Results><QuantCalc>ESTD</QuantCalc><ResultsGroup>\($0)</ResultsGroup></Results>" } ?? ""
    return "<?xml version=\"1.0\"?><ChemStationResult><SampleInformation><SampleName>\(sample)</SampleName>"
        + "<Operator>LAB\\vance</Operator><CalMethod>C:\\Chem32\\1\\GC.M</CalMethod></SampleInformation><Chromatograms><Signal>"
        + "<Description>FID1 A, </Description><Operator>LAB\\vance</Operator><XUnits>min</XUnits><YUnits>pA</YUnits>\(peaks)</Signal></Chromatograms>\(list)"
        + "</ChemStationResult>"
}

private func reading(_ text: some StringProtocol) async throws -> AdapterReading {
    try await adapter.reading(String(text), name: "Result.xml")
}

private func quantity(_ result: ResultRecord?, _ name: MeasurementName) -> Quantity? {
    result?.measurements.first { $0.standard == name }?.quantity
}

@Test func `a peak of both lists is one result with the units of the second`() async throws {
    let reading = try await reading(
        result(
            peak("1.5", "60") + peak("2.5", "40"),
            row("1.5", "60", name: "Decane", amount: "2", expected: "1.4") + row("2.5", "40")))
    #expect(reading.results.map(\.kind) == [.peak, .peak])
    #expect(reading.results.first?.analyte == Analyte(name: "Decane"))
    #expect(quantity(reading.results.first, .area)?.unitWritten == "pA*s")
    #expect(quantity(reading.results.first, .amount)?.value == 2)
    #expect(reading.end?.completeness.verdict == .yes)
    #expect(reading.end?.coverage.addsUp == true)
}

@Test func `an amount and an expected time of 0 are none where nobody knows the peak`() async throws {
    let reading = try await reading(result(peak("1.5", "100"), row("1.5", "100")))
    #expect(quantity(reading.results.first, .amount)?.absent == .notReported)
    #expect(quantity(reading.results.first, .expectedRetentionTime)?.absent == .notReported)
}

@Test(arguments: [("0", ""), ("", "0")])
func `zeros of a compound that was not found stay none where one of them is lost`(time: String, area: String) async throws {
    let reading = try await reading(
        result(peak("1.5", "100"), row("1.5", "100") + row(time, area, name: "Decane", expected: "3.5")))
    let missing = try #require(reading.results.last)
    #expect(missing.flags == [Flag("notFound")])
    #expect(missing.measurements.filter { $0.standard != .expectedRetentionTime }.allSatisfy { $0.quantity.value == nil })
}

@Test func `a calibrated compound without a peak has no numbers`() async throws {
    let reading = try await reading(
        result(peak("1.5", "100"), row("1.5", "100") + row("0", "0", name: "Decane", expected: "3.5")))
    let missing = try #require(reading.results.last)
    #expect(missing.kind == .compound)
    #expect(missing.flags == [Flag("notFound")])
    #expect(quantity(missing, .area)?.absent == .notFound)
    #expect(quantity(missing, .area)?.value == nil)
    #expect(quantity(missing, .expectedRetentionTime)?.value == 3.5)
    #expect(!reading.codes.contains("chemstation-xml.unmatched"))
}

@Test func `two peaks of one retention time are joined in their order, and by their numbers`() async throws {
    let reading = try await reading(
        result(peak("1.5", "60") + peak("1.5", "40"), row("1.5", "40", name: "B") + row("1.5", "60", name: "A")))
    #expect(reading.results.map { $0.analyte?.name } == ["A", "B"])
    #expect(Set(reading.codes) == ["chemstation-xml.account"])
}

@Test func `numbers that the two lists tell differently are both read and told`() async throws {
    let reading = try await reading(result(peak("1.5", "100"), row("1.5", "10")))
    #expect(reading.results.map(\.flags) == [[Flag("contradictory")], [Flag("contradictory")]])
    #expect(reading.codes.contains("chemstation-xml.peaks-differ"))
    #expect(reading.end?.completeness.verdict == .no)
}

@Test func `what only one of the two lists has is told`() async throws {
    let reading = try await reading(result(peak("1.5", "100"), row("3.5", "10")))
    #expect(reading.results.map(\.flags) == [[Flag("unmatched")], [Flag("unmatched")]])
    #expect(reading.codes.filter { $0 == "chemstation-xml.unmatched" }.count == 2)
}

@Test func `without a list of compounds the unit of an area is that of its signal times seconds`() async throws {
    let reading = try await reading(result(peak("1.5", "100"), nil))
    #expect(quantity(reading.results.first, .area)?.unit == Unit(spelling: "pA*s"))
    #expect(quantity(reading.results.first, .area)?.unitIsFormats == true)
    #expect(reading.results.first?.flags == [])
}

@Test func `a peak that is missing shows in the sum of the others`() async throws {
    let reading = try await reading(result(peak("1.5", "60"), row("1.5", "60")))
    #expect(reading.codes.contains("chemstation-xml.sum"))
    #expect(reading.end?.completeness.verdict == .no)
}

@Test func `a signal without peaks is a finding`() async throws {
    let reading = try await reading(result("", ""))
    #expect(reading.results.map(\.kind) == [.sample])
    #expect(reading.results.first?.flags == [Flag("noPeaks")])
    #expect(reading.results.first?.signal?.name == "FID1 A")
}

@Test(arguments: ["6O", "1,5", "--"])
func `a garbled area leaves out the peak, and its row speaks for itself`(area: String) async throws {
    let reading = try await reading(result(peak("1.5", area), row("1.5", "60")))
    #expect(reading.results.count == 1)
    #expect(reading.results.first?.flags == [Flag("unmatched")])
    #expect(reading.end?.leftOut == 1)
    #expect(reading.end?.coverage.addsUp == true)
}

@Test func `no record of a Result.xml names a folder or an account`() async throws {
    let reading = try await reading(result(peak("1.5", "100"), nil))
    #expect(reading.runs.first?.operatorName == nil)
    #expect(reading.runs.first?.methods.map(\.name) == ["GC.M"])
    #expect(!reading.lines.contains("Chem32"))
    #expect(!reading.lines.contains("vance"))
    #expect(reading.end?.coverage.leftOut == 2)
}

@Test func `a Result.xml cut anywhere is never complete`() async throws {
    let whole = result(peak("1.5", "60") + peak("2.5", "40"), row("1.5", "60") + row("2.5", "40"))
    for length in stride(from: 60, to: whole.utf8.count - 1, by: 23) {
        let cut = String(decoding: whole.utf8.prefix(length), as: UTF8.self)
        let reading = try await reading(cut)
        #expect(reading.end?.completeness.verdict != .yes)
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
        #expect(reading.end?.coverage.addsUp != false)
    }
}

@Test(arguments: [
    "<SampleInformation", "<Chromatograms", "<Signal", "<Description", "<IntegrationResults", "<Area", "<Results>",
    "<ResultsGroup", "<Peak", "<Amount",
])
func `what nobody knows of a Result.xml travels in extras`(place: String) async throws {
    let text = result(peak("1.5", "100"), row("1.5", "100"))
    let range = try #require(text.firstRange(of: place))
    let end = try #require(text[range.lowerBound...].firstIndex { " >/".contains($0) })
    let reading = try await reading(text[..<end] + " news=\"Q7Q\"" + text[end...])
    #expect(reading.lines.contains("Q7Q"))
    #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
}

@Test func `a folder is one injection, and SAMPLE.XML of another sample is told`() async throws {
    let sample =
        "<Sample><Version>3</Version><Name>S-2</Name><ISTDs/><TargetMasses/><ACQMethodPath>C:\\A.M</ACQMethodPath></Sample>"
    let folder = OpenedSource(
        name: "1.D", bytes: [],
        members: [
            OpenedSource(name: "SAMPLE.XML", bytes: Array(sample.utf8)),
            OpenedSource(name: "Result.xml", bytes: Array(result(peak("1.5", "100"), nil).utf8)),
        ])
    let reading = try await adapter.reading(folder)
    #expect(reading.results.map { $0.sample?.name } == ["S-1"])
    #expect(reading.codes.contains("chemstation-xml.other-sample"))
    #expect(reading.runs.first?.methods.contains { $0.role == .acquisition && $0.name == "A.M" } == true)
}

@Test func `a report as CSV in the same folder is left to its own adapter`() throws {
    let header =
        "\"Sample Name\",\"S-1\",\"\"\r\n\"Acq. Instrument\",\"GC\",\"\"\r\n\"Injection Date\",\"20-Mar-24, 19:02:33\",\"\"\r\n"
        + "\"Number of Signals\",1,\"\"\r\n\"Number of Columns\",1,\"\"\r\n"
    func opening(_ names: [(String, String)]) -> SourceOpening {
        SourceOpening(name: "1.D", bytes: [], members: names.map { SourceOpening(name: $0.0, bytes: Array($0.1.utf8)) })
    }
    let xml = ("Result.xml", result("", nil)), csv = ("Report00.CSV", header)
    #expect(try Detection(opening([xml]), among: AdapterRoster.all).chosen.adapter.identity.name == "xml.chemstation")
    #expect(try Detection(opening([xml, csv]), among: AdapterRoster.all).chosen.adapter.identity.name == "lc.chemstation")
}

@Test func `a Result without signals is told`() async throws {
    let reading = try await reading("<ChemStationResult><Results/></ChemStationResult>")
    #expect(reading.codes == ["chemstation-xml.no-signals"])
    #expect(reading.end?.completeness.verdict == .unknown)
}

@Test(arguments: [
    ("Result.xml", "<ChemStationResult><Sam", "xml.malformed"), ("SAMPLE.XML", "<Sample><Name>S", "xml.malformed"),
    ("Limsinf.xml", "<!DOCTYPE r><SampleLimsInfo/>", "xml.doctype"),
])
func `a damaged part of a folder is an error, not a part that is missing`(name: String, text: String, code: String) async throws {
    var parts = ["Result.xml": result(peak("1.5", "100"), nil)]
    parts[name] = text
    if name == "Result.xml" { parts["SAMPLE.XML"] = "<Sample><ISTDs/><TargetMasses/><Name>S-1</Name></Sample>" }
    let opened = OpenedSource(
        name: "1.D", bytes: [],
        members: parts.sorted { $0.key < $1.key }.map { OpenedSource(name: $0.key, bytes: Array($0.value.utf8)) })
    let reading = try await adapter.reading(opened)
    #expect(reading.status == 2)
    #expect(reading.codes.contains(code), "\(reading.codes)")
    #expect(reading.diagnostic(code)?.location.member == name)
}

@Test func `a Result.xml that was not read is not where to look for the peaks`() async throws {
    let sample = "<Sample><ISTDs/><TargetMasses/><Name>S-1</Name></Sample>"
    let opened = OpenedSource(
        name: "1.D", bytes: [],
        members: [("Result.xml", "<Ch"), ("SAMPLE.XML", sample)].map { OpenedSource(name: $0.0, bytes: Array($0.1.utf8)) })
    let reading = try await adapter.reading(opened)
    #expect(reading.status == 2)
    #expect(reading.diagnostic("chemstation-xml.not-read")?.hint?.hasPrefix("the peaks would be in Result.xml") == true)
}

@Test(arguments: [
    ("SAMPLE.XML", "<?xml version=\"1.0\"?>\r\n<Sample>\r\n  <Version>3</Vers", true),
    ("a.xml", "<Sample><Version>3</Version><Name>S-1</Name><Amount>0</Amount><Mul", true),
    ("a.xml", "<Sample><Version>3</Version><Name>S-1</Name>", false), ("SAMPLE.XML", "<Sample><Name>S", false),
    ("SAMPLE.XML", "<Sample><Version>3</Version></Sample>", false),
])
func `a SAMPLE.XML that is cut says what it is`(name: String, text: String, isOurs: Bool) async throws {
    let run = IngestRun(adapters: AdapterRoster.all)
    let reading = try await run.reading(OpenedSource(name: name, bytes: Array(text.utf8)))
    #expect((reading.source?.adapter.name == "xml.chemstation") == isOurs)
    guard isOurs else { return }
    #expect(
        reading.codes == ["chemstation-xml.no-result", "xml.malformed"]
            || reading.codes == ["xml.malformed", "chemstation-xml.no-result"])
    #expect(reading.end?.completeness.verdict == .no)
    #expect(reading.status == 2)
}

@Test(arguments: [
    ("Result.xml", "<html><body>Login</body></html>"), ("SAMPLE.XML", "<html><body>Login</body></html>"),
    ("Limsinf.xml", "<Sample><Name>S-1</Name></Sample>"), ("SAMPLE.XML", "<Sample><Name>S-1</Name></Sample>"),
])
func `a file of a folder that holds something else is an error`(name: String, text: String) async throws {
    var parts = ["Result.xml": result(peak("1.5", "100"), nil)]
    parts[name] = text
    if name == "Result.xml" { parts["SAMPLE.XML"] = "<Sample><ISTDs/><TargetMasses/><Name>S-1</Name></Sample>" }
    let opened = OpenedSource(
        name: "1.D", bytes: [],
        members: parts.sorted { $0.key < $1.key }.map { OpenedSource(name: $0.key, bytes: Array($0.value.utf8)) })
    let reading = try await adapter.reading(opened)
    #expect(reading.status == 2 && reading.end?.completeness.verdict == .no)
    #expect(reading.diagnostic("chemstation-xml.other-content")?.severity == .error)
    #expect(reading.diagnostic("chemstation-xml.other-content")?.location.member == name)
    // A Result.xml that is there is not told as missing.
    #expect(!reading.codes.contains("chemstation-xml.no-result"))
}

@Test func `a folder without a Result xml says that no peaks were read, and one file asks for its folder`() async throws {
    let sample = "<Sample><ISTDs/><TargetMasses/><Name>S-1</Name></Sample>"
    let folder = try await adapter.reading(
        OpenedSource(name: "1.D", bytes: [], members: [OpenedSource(name: "SAMPLE.XML", bytes: Array(sample.utf8))]))
    #expect(folder.diagnostic("chemstation-xml.no-result")?.severity == .warning)
    #expect(folder.diagnostic("chemstation-xml.no-result")?.hint?.contains("give the .D folder") == false)
    #expect(folder.end?.completeness.verdict == .unknown)
    let alone = try await adapter.reading(sample, name: "SAMPLE.XML")
    #expect(alone.diagnostic("chemstation-xml.no-result")?.severity == .note)
    #expect(alone.diagnostic("chemstation-xml.no-result")?.hint?.contains("give the .D folder") == true)
}
