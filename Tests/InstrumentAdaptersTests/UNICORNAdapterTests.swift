import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

private let adapter = UNICORNAdapter()

private func text(_ text: String) -> [UInt8] { Array(text.utf8) }
private func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

/// An array as .NET serializes it.
private func array(_ values: [Float], stated: Int? = nil) -> [UInt8] {
    [0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 0, 0, 0, 0, 15, 1, 0, 0, 0] + little(stated ?? values.count) + [0x0B]
        + values.flatMap { little(Int($0.bitPattern)) } + [0x0B]
}

private func curve(_ number: Int, more: String = "") -> String {
    """
    <Curve CurveDataType="UV"><Name>UV \(number)_280</Name><IsoChroneType>Time</IsoChroneType><TimeUnit>min</TimeUnit>\
    <VolumeUnit>ml</VolumeUnit><AmplitudeUnit>mAU</AmplitudeUnit><CurveNumber>\(number)</CurveNumber>\(more)<CurvePoints>\
    <CurvePoint><BinaryCurvePointsFileName>Chrom.1_\(number)_True</BinaryCurvePointsFileName></CurvePoint></CurvePoints></Curve>
    """
}

private func chromatogram(_ curves: String, tables: String = "") -> [UInt8] {
    text(
        "<Chromatogram UNICORNVersion=\"7.5\"><Curves>\(curves)</Curves><PeakTables>\(tables)</PeakTables></Chromatogram>")
}

private func table(_ detected: String, _ base: String, _ peaks: String) -> String {
    """
    <PeakTable><DataCurve><CurveNumber>1</CurveNumber></DataCurve><CalculationRetention>\(base)</CalculationRetention>\
    <NumberOfDetectedPeaks>\(detected)</NumberOfDetectedPeaks><Peaks>\(peaks)</Peaks>\
    <PeakUnit><AreaUnit>ml*mAU</AreaUnit><RetentionUnit>\(base == "Time" ? "min" : "ml")</RetentionUnit></PeakUnit></PeakTable>
    """
}

private func curveZip(_ amplitudes: [UInt8], _ volumes: [UInt8]?) -> [UInt8] {
    var zip = StoredZip([("CoordinateData.Amplitudes", amplitudes)])
    if let volumes { zip.add("CoordinateData.Volumes", volumes) }
    return zip.bytes
}

private func result(_ files: [(String, [UInt8])], named name: String = "run.zip") -> OpenedSource {
    OpenedSource(name: name, bytes: [], members: files.map { OpenedSource(name: $0.0, bytes: $0.1) })
}

@Test func `the points of a curve come from its zip, bit by bit`() async throws {
    let values: [Float] = [0.1, -3.5e-12, .leastNonzeroMagnitude]
    let reading = try await adapter.reading(
        result([("Chrom.1.Xml", chromatogram(curve(1))), ("Chrom.1_1_True.zip", curveZip(array(values), array([0.5, 1, 1.5])))]))
    #expect(reading.codes.isEmpty)
    #expect(reading.traces.first?.axes.map(\.unit) == [.millilitre, .milliabsorbance])
    #expect(reading.points.values.first == zip([0.5, 1, 1.5], values.map(Double.init)).flatMap { [$0, $1] })
    #expect(reading.end?.coverage.measured == 6)
}

@Test(arguments: [4, 40])
func `an array that states another number of values makes the file incomplete`(stated: Int) async throws {
    let reading = try await adapter.reading(
        result([
            ("Chrom.1.Xml", chromatogram(curve(1))),
            ("Chrom.1_1_True.zip", curveZip(array([1, 2, 3], stated: stated), array([1, 2, 3], stated: stated))),
        ]))
    #expect(reading.codes == ["unicorn.points-missing"])
    #expect(reading.traces.first?.flags.map(\.code) == ["pointCount"] && reading.traces.first?.count == 3)
    #expect(reading.end?.completeness.verdict == .no)
}

@Test func `an array cut at any byte is told, and never read with other values`() async throws {
    let whole = array([1, 2, 3])
    for length in 0..<whole.count {
        let cut = Array(whole[..<length])
        let reading = try await adapter.reading(
            result([("Chrom.1.Xml", chromatogram(curve(1))), ("Chrom.1_1_True.zip", curveZip(cut, array([1, 2, 3])))]))
        #expect(reading.end?.completeness.verdict == .no)
        #expect(reading.traces.isEmpty || reading.points.values.allSatisfy { [1, 1, 2, 2, 3, 3].starts(with: $0) })
    }
}

@Test func `a curve without volumes has them from its first point and their distance, or is left out`() async throws {
    let steps = "<DistanceBetweenPoints>0.5</DistanceBetweenPoints><DistanceToStartPoint>4</DistanceToStartPoint>"
    let reading = try await adapter.reading(
        result([
            ("Chrom.1.Xml", chromatogram(curve(1, more: steps) + curve(2))),
            ("Chrom.1_1_True.zip", curveZip(array([7, 8]), nil)), ("Chrom.1_2_True.zip", curveZip(array([7, 8]), nil)),
        ]))
    #expect(reading.codes == ["unicorn.no-axis"])
    #expect(reading.traces.map { $0.axes.map(\.name) } == [["time", "absorbance"]])
    #expect(reading.points.values.first == [4, 7, 4.5, 8])
}

@Test func `peaks on a time axis have retention times, but none before the injection`() async throws {
    let peaks = [-1.5, 2.5].map {
        "<Peak><Area>5</Area><StartPeakRetention>\($0 - 0.5)</StartPeakRetention><MaxPeakRetention>\($0)</MaxPeakRetention></Peak>"
    }
    let reading = try await adapter.reading(
        result([("Chrom.1.Xml", chromatogram("", tables: table("2", "Time", peaks.joined())))]))
    #expect(reading.codes == ["unicorn.no-curve"])
    #expect(
        reading.results.filter { $0.kind == .peak }.map { $0.measurements.map(\.name) } == [
            ["area", "StartPeakRetention", "MaxPeakRetention"], ["area", "startTime", "retentionTime"],
        ])
    #expect(reading.results.first?.measurements.last?.quantity.unit == .minute)
}

@Test func `fewer peaks than were detected are normal, more are not`() async throws {
    let peaks = String(repeating: "<Peak><Area>5</Area><MaxPeakRetention>1</MaxPeakRetention></Peak>", count: 2)
    for (detected, verdict) in [("284", Completeness.Verdict.yes), ("2", .yes), ("1", .no)] {
        let reading = try await adapter.reading(
            result([("Chrom.1.Xml", chromatogram("", tables: table(detected, "Volume", peaks)))]))
        #expect(reading.end?.completeness.verdict == verdict)
        #expect(reading.codes.contains("unicorn.peak-count") == (verdict == .no))
        #expect(reading.results.filter { $0.kind == .peak }.map(\.ordinal) == [1, 2])
    }
}

@Test func `results in zips of their own are read side by side`() async throws {
    func export(_ name: String, _ value: Float) -> [UInt8] {
        StoredZip([
            ("Result.xml", text("<Result UNICORNVersion=\"7.5\"><Name>\(name)</Name></Result>")),
            ("Chrom.1.Xml", chromatogram(curve(1))), ("Chrom.1_1_True.zip", curveZip(array([value]), array([1]))),
        ]).bytes
    }
    let run = IngestRun(adapters: [adapter])
    let reading = try await run.reading(result([("a.zip", export("first", 3)), ("b.zip", export("second", 4))]))
    #expect(reading.codes.isEmpty)
    #expect(reading.runs.map(\.name) == ["first", "second"])
    #expect(reading.traces.map { reading.points[$0.id] ?? [] } == [[1, 3], [1, 4]])
    #expect(reading.traces.map(\.run) == ["r1", "r2"])
}

@Test func `a chromatogram without its zips gives its peaks, and says where the curves are`() async throws {
    let peak = "<Peak><Area>5</Area><MaxPeakRetention>1</MaxPeakRetention></Peak>"
    let alone = OpenedSource(name: "Chrom.1.Xml", bytes: chromatogram(curve(1), tables: table("1", "Volume", peak)))
    let reading = try await adapter.reading(alone)
    #expect(reading.codes == ["unicorn.alone"] && reading.status == 1)
    #expect(reading.results.first?.signal?.wavelength?.value == 280)
    #expect(reading.end?.coverage.addsUp == true)
}

@Test func `a document broken inside a zip is told at its own line`() async throws {
    func serialized(_ xml: String) -> [UInt8] {
        [0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 0, 0, 0, 0, 6, 1, 0, 0, 0, UInt8(xml.utf8.count)] + text(xml) + [0x0B]
    }
    let broken = StoredZip([("Xml", serialized("<Method>\n<Name>a</Name>\n</Methd>"))])
    let blank = StoredZip([("Xml", serialized(""))])
    let reading = try await adapter.reading(
        result([
            ("Chrom.1.Xml", chromatogram("")), ("MethodData.zip", broken.bytes), ("ReportFormatData.zip", blank.bytes),
        ]))
    #expect(reading.codes == ["xml.malformed"])
    #expect(reading.diagnostics.first?.location.member == "MethodData.zip/Xml")
    #expect(reading.diagnostics.first?.location.line == 3)
    #expect(reading.end?.completeness.verdict == .no)
}

@Test func `a chromatogram of somebody else is not taken for one of UNICORN`() {
    for xml in ["<Chromatogram/>", "<chromatogram UNICORNVersion=\"7\"/>", "<Result UNICORNVersion=\"7\"/>"] {
        #expect(adapter.recognize(OpenedSource(name: "Chrom.1.Xml", bytes: text(xml)).opening) == .no)
    }
}

@Test(arguments: ["Chrom.1.Xml", "Result.xml"])
func `a DOCTYPE in a document of the export is refused by name`(name: String) async throws {
    func part(_ own: String, _ bytes: [UInt8]) -> (String, [UInt8]) { (own, own == name ? text("<!DOCTYPE x>") + bytes : bytes) }
    let source = result([
        part("Result.xml", text("<Result UNICORNVersion=\"7.5\"><Name>R</Name></Result>")),
        part("Chrom.1.Xml", chromatogram("")),
    ])
    let reading = try await IngestRun(adapters: AdapterRoster.all).reading(source)
    #expect(reading.source == nil || reading.source?.adapter.name == "xml.unicorn")
    #expect(reading.codes == ["xml.doctype"])
    #expect(reading.diagnostics.first?.location.member == name)
    #expect(reading.status == 2)
}

@Test func `two peaks at one place and two curves of one number are told`() async throws {
    let peak =
        "<Peak><StartPeakRetention>1</StartPeakRetention><MaxPeakRetention>1.5</MaxPeakRetention><EndPeakRetention>2</EndPeakRetention></Peak>"
    let tables = table("2", "Volume", peak + peak)
    let peaks = try await adapter.reading(OpenedSource(name: "Chrom.1.Xml", bytes: chromatogram(curve(1), tables: tables)))
    #expect(peaks.codes.filter { $0 != "unicorn.alone" } == ["unicorn.repeated-peak"])
    #expect(peaks.results.map { $0.flags.map(\.code) } == [[], ["repeatedPeak"], []])
    #expect(peaks.end?.completeness.verdict == .no)
    let curves = try await adapter.reading(
        OpenedSource(name: "Chrom.1.Xml", bytes: chromatogram(curve(1) + curve(1), tables: table("l", "Volume", peak))))
    #expect(
        curves.codes.filter { $0 != "unicorn.alone" } == ["unicorn.repeated-curve", "unicorn.no-curve", "unicorn.peak-count"])
    #expect(curves.results.first?.signal == nil)
}

@Test(arguments: [("EventTime", ["unicorn.event"]), ("EventVolume", [])])
func `an event without its time is told, one without its volume is as UNICORN writes it`(field: String, codes: [String])
    async throws
{
    let event = "<Event><EventTime>1</EventTime><EventVolume>2</EventVolume><EventText>Start</EventText></Event>"
    let curve = "<EventCurve EventCurveType=\"Logbook\"><Name>Log</Name><Events>\(event)</Events></EventCurve>"
    let number = field == "EventTime" ? "1" : "2"
    let whole = "<Chromatogram UNICORNVersion=\"7.5\"><Curves/><EventCurves>\(curve)</EventCurves></Chromatogram>"
    let reading = try await adapter.reading(
        OpenedSource(name: "Chrom.1.Xml", bytes: text(whole.replacing("<\(field)>\(number)<", with: "<\(field)><"))))
    #expect(reading.codes.filter { $0 != "unicorn.alone" } == codes)
    #expect(reading.traces.first?.count == 0)
}
