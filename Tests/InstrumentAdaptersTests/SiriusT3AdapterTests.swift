import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct SiriusT3AdapterTests {
    private static func point(_ id: Int, ph: String = "2.5", time: String = "100.5", spectrum: String = "") -> String {
        """
        <DataPoint><Id>\(id)</Id><ElapsedTime>\(time)</ElapsedTime><DataT3><Ph>\(ph)</Ph><Temperature>25.1</Temperature></DataT3>\
        <DataVolumes><Volumes size="2">1.5 0.1</Volumes></DataVolumes>\(spectrum)</DataPoint>
        """
    }

    private static let spectrum = """
        <DataSpectrum version="1"><Spectrum size="3">856 831 842</Spectrum><Avedevs size="3">3.5 3.5 4.5</Avedevs></DataSpectrum>
        """

    private static let means = """
        <FastDpasMeanResult><MeanPkaResults size="2">4.25 8.125</MeanPkaResults><MeanPkasStdDevs size="2">0.05 0.25</MeanPkasStdDevs>\
        <MeanPkasAverageTemperature size="2">25.0 25.0</MeanPkasAverageTemperature></FastDpasMeanResult>
        """

    private static let logP = """
        <MultisweepPhMetricResult><Rmsd>0.05</Rmsd><PhMetricResult><Rmsd>0.03</Rmsd></PhMetricResult><MultisweepPhMetricLevelResult>\
        <SampleValues><Pka>8.4</Pka><Logp>-10</Logp><Logp>2.125</Logp></SampleValues></MultisweepPhMetricLevelResult>\
        <LargeCarbonateConcentrationWarning/></MultisweepPhMetricResult>
        """

    private static func sweep(_ content: String = "<ChiSquared>0.125</ChiSquared>", from: Int = 1, to: Int = 2) -> String {
        """
        <Sweep><FirstEventId>\(from)</FirstEventId><LastEventId>\(to)</LastEventId>\(content)\
        <AssayQuality><Quality>Bad</Quality></AssayQuality></Sweep>
        """
    }

    private static func file(
        points: String = point(1) + point(2), results: String = means, sweeps: String = sweep(), asked: Int = 1
    ) -> String {
        """
        <DirectControlAssayResultsFile><ApplicationVersion>2.0.0.0</ApplicationVersion><Summary>\
        <SampleName>C:\\Data\\zelda\\EX-1.xmol</SampleName><AssayName>Fast UV psKa</AssayName>\
        <StartTime>2031-03-14T05:49:23</StartTime></Summary><AssayData Id="A1"><AssayId>31C-1</AssayId><AssayTemplate>\
        <Settings><NumberOfSweeps><DisplayName>Number</DisplayName><Value dt="integer">\(asked)</Value>\
        <MinValue dt="integer">1</MinValue></NumberOfSweeps></Settings></AssayTemplate><RecordedEvents>\(points)\
        <FinishTime>2031-03-14T06:01:28</FinishTime></RecordedEvents></AssayData><ProcessedData Id="P2">\
        <WavelengthScale size="3">250.5 252.5 254.5</WavelengthScale><PhMetricModel><Sample><Pka><PkaValue><Value>7.75</Value>\
        </PkaValue></Pka></Sample></PhMetricModel>\(results)<AssayQuality><Quality>Good</Quality></AssayQuality>\(sweeps)\
        </ProcessedData><Signature><SignatureValue>QUJD</SignatureValue></Signature></DirectControlAssayResultsFile>
        """
    }

    private func reading(_ text: String) async throws -> AdapterReading {
        try await SiriusT3Adapter().reading(text, name: "a.t3r")
    }

    @Test func `each mean pKa is a result with what belongs to it`() async throws {
        let reading = try await reading(Self.file())
        #expect(reading.codes == [])
        let means = reading.results.filter { $0.kind == .compound }
        #expect(means.map { $0.measurements.map(\.quantity.value) } == [[4.25, 0.05, 25], [8.125, 0.25, 25]])
        #expect(means.map(\.ordinal) == [1, 2])
        #expect(means.allSatisfy { $0.flags == [Flag("quality", written: "Good")] })
        #expect(Set(reading.results.map(\.id)).count == reading.results.count)
        #expect(reading.runs.first?.times.map(\.role) == [.started, .finished])
    }

    @Test func `what was predicted is no result`() async throws {
        let reading = try await reading(Self.file())
        #expect(!reading.results.contains { $0.measurements.contains { $0.quantity.value == 7.75 } })
        #expect(reading.runs.first?.extras["PhMetricModel/Sample/Pka/PkaValue/Value"] == "7.75")
    }

    @Test func `a list that does not go with the pKa is left out, they are not`() async throws {
        let reading = try await reading(Self.file().replacing("size=\"2\">0.05 0.25", with: "size=\"1\">0.05"))
        #expect(reading.codes == ["siriust3.count"])
        #expect(
            reading.results.filter { $0.kind == .compound }.map { $0.measurements.map(\.name) } == [
                ["pKa", "temperature"], ["pKa", "temperature"],
            ])
    }

    @Test(arguments: [("4.25 8.125", "4.25 8.12S", "xml.not-a-number"), ("4.25 8.125", "4.25", "siriust3.count")])
    func `garbled mean pKa are none`(old: String, new: String, code: String) async throws {
        let reading = try await reading(Self.file().replacing(old, with: new))
        #expect(reading.codes.first == code)
        #expect(!reading.results.contains { $0.kind == .compound })
        #expect(reading.status != 0)
    }

    @Test func `minus ten is no logP`() async throws {
        let reading = try await reading(Self.file(results: Self.logP))
        #expect(reading.codes == [])
        let result = reading.results.first { $0.kind == .compound }
        #expect(result?.measurements.map(\.name) == ["Rmsd", "Pka", "Logp", "Logp[2]"])
        #expect(result?.measurements.map(\.quantity.value) == [0.05, 8.4, nil, 2.125])
        #expect(result?.measurements[2].quantity.absent == .notReported)
        #expect(result?.flags.map(\.code) == ["warning", "quality"])
        #expect(reading.results.first?.extras["Result"] == "PhMetricResult")
    }

    @Test func `zeros of a sweep without points are none`() async throws {
        let content = "<PhMetricResult><Rmsd>0</Rmsd><Merit>1.5</Merit><AllPointsExcludedError/></PhMetricResult>"
        let reading = try await reading(Self.file(sweeps: Self.sweep(content)))
        let result = reading.results.last
        #expect(result?.measurements.map(\.quantity.value) == [nil, 1.5])
        #expect(result?.flags.map(\.code) == ["warning", "quality"])
    }

    @Test func `a titration is one trace over time`() async throws {
        let reading = try await reading(Self.file(points: Self.point(1) + Self.point(2, ph: "3.5", time: "110")))
        let trace = try #require(reading.traces.first)
        #expect(trace.axes.map(\.name) == ["time", "Id", "Ph", "Temperature", "Volume 1", "Volume 2"])
        #expect(trace.axes.map { $0.unit?.code } == ["s", nil, "[pH]", "Cel", nil, nil])
        #expect(reading.points[trace.id] == [100.5, 1, 2.5, 25.1, 1.5, 0.1, 110, 2, 3.5, 25.1, 1.5, 0.1])
    }

    @Test func `each list of events is a trace of its own points; events without points are told all the same`() async throws {
        let again = "</RecordedEvents><RecordedEvents>"
        let text = Self.file(points: Self.point(1) + again + Self.point(2, time: "110") + again + "<Vial>3<Rack>B</Rack></Vial>")
        let reading = try await reading(text)
        #expect(reading.traces.map(\.count) == [1, 1])
        #expect(reading.traces.map { reading.points[$0.id]?.prefix(2) } == [[100.5, 1], [110, 2]])
        #expect(Set(reading.traces.map(\.id)).count == 2)
        #expect(reading.end?.coverage.addsUp == true)
        let dark = "<DarkSpectrum><Id>3</Id><Time>5</Time><Note>lamp off</Note></DarkSpectrum>"
        let lone = try await self.reading(Self.file(points: Self.point(1) + again + dark))
        #expect(lone.results.contains { $0.extras.fields.contains { $0.text == "lamp off" } })
        #expect(lone.traces.first?.extras.fields.contains { $0.text == "lamp off" } == false)
    }

    @Test(arguments: [("2.5", "77.5", "siriust3.impossible-value"), ("2.5", "2.x", "xml.not-a-number")])
    func `a point that cannot be is left out alone`(old: String, new: String, code: String) async throws {
        let reading = try await reading(Self.file(points: Self.point(1, ph: new) + Self.point(2)))
        #expect(reading.codes == [code])
        #expect(reading.traces.first?.count == 1)
        #expect(reading.end?.coverage.addsUp == true)
        // Its time, number, pH, temperature and volumes.
        #expect(reading.end?.coverage.leftOut == 6)
    }

    @Test func `a spectrum is over the wavelengths that stand behind it`() async throws {
        let reading = try await reading(Self.file(points: Self.point(1, spectrum: Self.spectrum) + Self.point(2)))
        let trace = try #require(reading.traces.first)
        #expect(trace.axes.map(\.name) == ["wavelength", "Spectrum", "Avedevs"])
        #expect(reading.points[trace.id] == [250.5, 856, 3.5, 252.5, 831, 3.5, 254.5, 842, 4.5])
    }

    @Test func `a table goes along the scale beside it`() async throws {
        let content = """
            <Profile><PhScale size="3">1 2 3</PhScale><Species sizex="2" sizey="3" order="yx">1 0.5 0 0 0.5 1</Species></Profile>\
            <Fit><Scale size="3">7 8 9</Scale><Ep sizex="3" sizey="2" order="yx">10 11 20 21 30 31</Ep></Fit>
            """
        let reading = try await reading(Self.file(sweeps: Self.sweep(content)))
        #expect(reading.codes == [])
        #expect(reading.points[reading.traces[1].id] == [1, 1, 0, 2, 0.5, 0.5, 3, 0, 1])
        #expect(reading.points[reading.traces[2].id] == [7, 10, 11, 8, 20, 21, 9, 30, 31])
    }

    @Test func `Nan is no point, and counted`() async throws {
        let reading = try await reading(Self.file(sweeps: Self.sweep("<Curve size=\"3\">1.5 Nan 2.5</Curve>")))
        let trace = try #require(reading.traces.last)
        #expect(reading.points[trace.id] == [1, 1.5, 3, 2.5])
        #expect(trace.extras["Nan"] == "1")
        #expect(trace.flags == [Flag("missingPoints", written: "1")])
        #expect(reading.codes == [])
    }

    @Test(arguments: [
        ("250.5 252.5 254.5", "250.5 Nan 254.5", "siriust3.scale", [250.5, 856, 3.5, 254.5, 842, 4.5], "missingPoints"),
        ("250.5 252.5 254.5", "250.5 2S2.5 254.5", "xml.not-a-number", [1, 856, 3.5, 2, 831, 3.5, 3, 842, 4.5], "noScale"),
        ("250.5 252.5 254.5", "250.5 252.5", "siriust3.count", [1, 856, 3.5, 2, 831, 3.5, 3, 842, 4.5], "noScale"),
        (" size=\"3\">250.5", ">250.5", "siriust3.count", [1, 856, 3.5, 2, 831, 3.5, 3, 842, 4.5], "noScale"),
        ("size=\"3\">250.5 252.5", "size=\"2\">250.5", "siriust3.count", [1, 856, 3.5, 2, 831, 3.5, 3, 842, 4.5], "noScale"),
        ("856 831 842", "856 Nan 842", "", [250.5, 856, 3.5, 254.5, 842, 4.5], "missingPoints"),
        ("856 831 842", "856 831", "siriust3.count", [250.5, 3.5, 252.5, 3.5, 254.5, 4.5], ""),
        (" size=\"3\">856", ">856", "siriust3.count", [250.5, 3.5, 252.5, 3.5, 254.5, 4.5], ""),
        ("size=\"3\">3.5 3.5 4.5", "size=\"2\">3.5 3.5", "siriust3.count", [250.5, 856, 252.5, 831, 254.5, 842], ""),
        ("3.5 3.5 4.5", "3.5 3.5 --", "xml.not-a-number", [250.5, 856, 252.5, 831, 254.5, 842], ""),
    ])
    func `what is garbled in a spectrum or its scale is told, and moves no other number`(
        old: String, new: String, code: String, points: [Double], flag: String
    ) async throws {
        let file = Self.file(points: Self.point(1, spectrum: Self.spectrum) + Self.point(2)).replacing(old, with: new)
        let reading = try await reading(file)
        #expect(reading.codes == (code.isEmpty ? [] : [code]))
        let trace = try #require(reading.traces.first)
        #expect(trace.axes.first?.name == (flag == "noScale" ? "number" : "wavelength"))
        #expect(reading.points[trace.id] == points)
        #expect(trace.flags.map(\.code) == (flag.isEmpty ? [] : [flag]))
        #expect(reading.end?.completeness.verdict == (code == "siriust3.count" ? .no : .yes))
        #expect(reading.end?.coverage.addsUp == true)
        #expect(reading.traces.last?.count == 2)
    }

    @Test(arguments: [
        ("1 2 3", "1 Nan 3", "siriust3.scale", "PhScale", [1, 10, 3, 30], "missingPoints"),
        ("1 2 3", "1 2 3x", "xml.not-a-number", "number", [1, 10, 2, 20, 3, 30], "noScale"),
        ("1 2 3", "1 2", "siriust3.count", "number", [1, 10, 2, 20, 3, 30], "noScale"),
        ("PhScale size=\"3\"", "PhScale size=\"B\"", "siriust3.count", "number", [1, 10, 2, 20, 3, 30], "noScale"),
    ])
    func `a list beside a scale that cannot be read is over no other scale`(
        old: String, new: String, code: String, axis: String, points: [Double], flag: String
    ) async throws {
        let content = """
            <Fit><PhScale size="3">1 2 3</PhScale><TimeScale size="3">7 8 9</TimeScale><Ep size="3">10 20 30</Ep></Fit>
            """
        let reading = try await reading(Self.file(sweeps: Self.sweep(content.replacing(old, with: new))))
        #expect(reading.codes == [code])
        let trace = try #require(reading.traces.first { $0.signal?.name == "Ep" })
        #expect(trace.axes.map(\.name) == [axis, "Ep"])
        #expect(reading.points[trace.id] == points)
        #expect(trace.flags.map(\.code) == [flag])
    }

    @Test(arguments: [
        ("<Volumes size=\"2\">1.5 0.1", "<Volumes size=\"2\">1.5 Nan", "siriust3.point"), ("<Ph>2.5", "<Ph>", "siriust3.point"),
        ("<Temperature>25.1", "<Temperature>Nan", "siriust3.point"),
    ])
    func `a point without one of its numbers is left out and told`(old: String, new: String, code: String) async throws {
        let reading = try await reading(Self.file(points: Self.point(1).replacing(old, with: new) + Self.point(2)))
        #expect(reading.codes == [code])
        #expect(reading.traces.map(\.count) == [1])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test(arguments: ["", " "])
    func `a result without a number has none, and says so`(text: String) async throws {
        let sweep = Self.sweep("<Rmsd>\(text)</Rmsd><AcidityError>\(text)</AcidityError><Merit>x</Merit><Chi>1</Chi>")
        let reading = try await reading(Self.file(sweeps: sweep))
        #expect(reading.codes == ["xml.not-a-number"])
        let result = try #require(reading.results.last)
        #expect(result.measurements.map(\.name) == ["Rmsd", "AcidityError", "Chi"])
        #expect(result.measurements.map(\.quantity.absent) == [.empty, .empty, nil])
        #expect(result.flags == [Flag("quality", written: "Bad")])
    }

    @Test func `the mean pKa without the size of their list are told`() async throws {
        let reading = try await reading(Self.file().replacing(" size=\"2\">4.25", with: ">4.25"))
        #expect(reading.codes == ["siriust3.count"])
        #expect(reading.end?.completeness.verdict == .no)
        #expect(!reading.results.contains { $0.kind == .compound })
    }

    @Test func `a number that two points have, and one that is missing between them, are told`() async throws {
        let twice = try await reading(Self.file(points: Self.point(1) + Self.point(1, time: "101") + Self.point(2)))
        #expect(twice.codes == ["siriust3.event-number"])
        #expect(twice.traces.first?.flags == [Flag("repeatedNumber", written: "1")])
        #expect(twice.traces.first?.count == 3)
        let missing = try await reading(Self.file(points: Self.point(1) + Self.point(2) + Self.point(4)))
        #expect(missing.codes == ["siriust3.event-number"])
        #expect(missing.end?.completeness.verdict == .no)
    }

    @Test(arguments: [
        ("<FirstEventId>1", "<FirstEventId>l", "siriust3.sweep"),
        ("integer\">1</Value>", "integer\">l</Value>", "siriust3.sweep-count"),
    ])
    func `a garbled number that others are checked by is told`(old: String, new: String, code: String) async throws {
        let reading = try await reading(Self.file().replacing(old, with: new))
        #expect(reading.codes == [code])
        #expect(reading.end?.completeness.verdict == .unknown)
        #expect(reading.results.count == 3)
    }

    @Test(arguments: ["size=\"4\"", "size=\"-3\"", "size=\"x\"", "sizex=\"9223372036854775807\" sizey=\"3\" order=\"yx\""])
    func `a curve that is not as long as it says is left out`(size: String) async throws {
        let reading = try await reading(Self.file(sweeps: Self.sweep("<Curve \(size)>1 2 3</Curve><Chi>0.5</Chi>")))
        #expect(reading.codes == ["siriust3.count"])
        #expect(reading.traces.count == 1)
        #expect(reading.results.last?.measurements.map(\.name) == ["Chi"])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a number in a sweep that is none is left out alone`() async throws {
        let content = "<ChiSquared>0.1z5</ChiSquared><Method>first</Method><Rmsd>0.5</Rmsd>"
        let reading = try await reading(Self.file(sweeps: Self.sweep(content)))
        #expect(reading.codes == ["xml.not-a-number"])
        #expect(reading.results.last?.measurements.map(\.name) == ["Rmsd"])
        #expect(reading.results.last?.extras["Method"] == "first")
    }

    @Test func `a sweep that is missing, or has points that are, makes the file incomplete`() async throws {
        let fewer = try await reading(Self.file(asked: 2))
        #expect(fewer.codes == ["siriust3.sweep-count"])
        #expect(fewer.end?.completeness.verdict == .no)
        let beyond = try await reading(Self.file(sweeps: Self.sweep(to: 9)))
        #expect(beyond.codes == ["siriust3.sweep"])
        #expect(beyond.diagnostics.first?.location.path?.description.hasSuffix("/Sweep/LastEventId") == true)
    }

    @Test func `folders stay outside`() async throws {
        let reading = try await reading(Self.file())
        #expect(!reading.lines.contains("zelda"))
        #expect(reading.results.first?.sample?.name == "EX-1.xmol")
    }

    @Test func `a file cut anywhere is never complete`() async throws {
        let bytes = Array(Self.file(points: Self.point(1, spectrum: Self.spectrum) + Self.point(2)).utf8)
        for length in stride(from: 32, to: bytes.count - 1, by: 13) {
            let cut = try await SiriusT3Adapter().reading(OpenedSource(name: "a.t3r", bytes: Array(bytes[..<length])))
            #expect(cut.end?.completeness.verdict != .yes, "at \(length)")
            #expect(cut.status != 0, "at \(length)")
            #expect(cut.codes.filter { $0.hasPrefix("adapter.") } == [], "at \(length): \(cut.diagnostics)")
            #expect(cut.end?.coverage.addsUp != false, "at \(length)")
        }
    }

    @Test func `a point with a field twice is left out and told`() async throws {
        let twice = Self.point(1).replacing("<Ph>2.5</Ph>", with: "<Ph>2.5</Ph><Ph>3.5</Ph>")
        let reading = try await reading(Self.file(points: twice + Self.point(2)))
        #expect(reading.codes == ["siriust3.point"])
        #expect(reading.traces.map(\.count) == [1])
        #expect(reading.traces.first?.axes.count == 6)
    }

    @Test func `lists are read with the decimal mark and the missing values of the document`() async throws {
        let means = Self.means.replacing("4.25 8.125", with: "4,25 -1").replacing("0.05 0.25", with: "0,05 -1")
            .replacing("25.0", with: "25,0")
        let text = Self.file(results: means)
        let reading = try await SiriusT3Adapter().reading(
            text, name: "a.t3r", given: GivenAssumptions(decimalMark: .comma, missing: ["-1"]))
        let results = reading.results.filter { $0.analyte?.name?.hasPrefix("pKa ") == true }
        #expect(results.map { $0.measurements.map(\.quantity.value) } == [[4.25, 0.05, 25], [nil, nil, 25]])
        #expect(results.last?.measurements.first?.quantity.absent == .notReported)
    }
}
