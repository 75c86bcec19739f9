import Foundation
import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct BioanalyzerAdapterTests {
    private static let values: [Float] = [-0.25, 1.5, 14.5, 2.75]

    private static func base64(_ values: [Float], isBigEndian: Bool = false) -> String {
        var bytes: [UInt8] = []
        for value in values {
            let bits = isBigEndian ? value.bitPattern.bigEndian : value.bitPattern.littleEndian
            withUnsafeBytes(of: bits) { bytes.append(contentsOf: $0) }
        }
        return Data(bytes).base64EncodedString()
    }

    private static func peak(_ mark: String = "", concentration: String = "98.3", area: String = "15.05") -> String {
        """
        <PeakMolecular><MigrationTime>40.1</MigrationTime><Area>\(area)</Area><FragmentSize>1702.5</FragmentSize>\
        <Concentration>\(concentration)</Concentration><Molarity>0</Molarity><SignalToNoiseRatio>-1</SignalToNoiseRatio>\
        <Observations>\(mark)</Observations></PeakMolecular>
        """
    }

    private static func channel(_ key: String, _ peaks: String) -> String {
        "<Channel key=\"\(key)\"><Succeeded>true</Succeeded><PeaksMolecular>\(peaks)</PeaksMolecular><TotalArea>20.5</TotalArea></Channel>"
    }

    private static func signal(_ key: String, _ name: String, text: String = base64(values), count: Int = 4) -> String {
        """
        <Channel key="\(key)"><SignalData><ChannelID>\(name)</ChannelID><XStart>17</XStart><XStep>0.5</XStep><UnitX>s</UnitX>\
        <UnitY>Fluorescence</UnitY><MinValue>-0.25</MinValue><MaxValue>14.5</MaxValue><NumberOfSamples>4</NumberOfSamples>\
        <RawSignal vartype="LE_R4" numvalues="6">\(base64([9, 9] + values))</RawSignal>\
        <ProcessedSignal vartype="LE_R4" numvalues="\(count)">\(text)</ProcessedSignal></SignalData></Channel>
        """
    }

    private static func file(
        channels: String = channel("1", peak()), other: String = "", signals: String = signal("1", "Red"), acquired: Int = 1,
        unit: String = "pg/µl"
    ) -> String {
        """
        <Chipset><Chips><Chip key="0"><AssayBody><DAAssaySetpoints><DAMAssayInfoMolecular><SizeUnit>nt</SizeUnit>\
        <ConcentrationUnit>\(unit)</ConcentrationUnit></DAMAssayInfoMolecular></DAAssaySetpoints>\
        <DASampleSetpoints><DAMCommon><Apply>true</Apply><Low>5</Low></DAMCommon></DASampleSetpoints></AssayBody>
        <ChipInformation><UserName>zelda</UserName></ChipInformation>
        <Files><File><FileInformation><FileName>C:\\Users\\zelda\\chip.xad</FileName></FileInformation><Samples>
        <Sample key="0"><HasData>true</HasData><Category>Sample</Category><Name>S</Name><WellNumber>1</WellNumber>\
        <DASampleSetpoints><DAMCommon><Apply>true</Apply><Low>7</Low></DAMCommon></DASampleSetpoints>
        <DAResultStructures><DARIntegrator>\(channels)</DARIntegrator>\(other)</DAResultStructures>
        <DASignals><DetectorChannels>\(signals)</DetectorChannels></DASignals></Sample>
        </Samples></File></Files><NumberOfAcquiredSamples>\(acquired)</NumberOfAcquiredSamples></Chip></Chips></Chipset>
        """
    }

    private func reading(_ text: String) async throws -> AdapterReading {
        try await BioanalyzerAdapter().reading(text, name: "chip.xml")
    }

    @Test func `a peak has the units of the assay, wherever they stand`() async throws {
        let reading = try await reading(Self.file())
        #expect(reading.codes == [])
        #expect(reading.results.map(\.kind) == [.sample, .peak])
        let units = reading.results.last?.measurements.map { $0.quantity.unit?.code }
        #expect(units == ["s", nil, "{nt}", "pg/uL", "pmol/L", nil])
        #expect(reading.end?.completeness.verdict == .yes)
    }

    @Test(arguments: [("ng/µl", "nmol/L"), ("pg/µl", "pmol/L"), ("mg/ml", nil)])
    func `molarities go with the concentrations`(written: String, molarity: String?) async throws {
        let reading = try await reading(Self.file(unit: written))
        let quantity = reading.results.last?.measurements.first { $0.standard == .molarity }?.quantity
        #expect(quantity?.unit?.code == molarity)
    }

    @Test func `a zero that was not calculated is no zero`() async throws {
        let reading = try await reading(Self.file(channels: Self.channel("1", Self.peak(concentration: "0"))))
        let absent = reading.results.last?.measurements.filter { $0.quantity.value == nil }
        #expect(absent?.map(\.name) == ["concentration", "molarity", "signalToNoise"])
        #expect(absent?.map(\.quantity.written) == ["0", "0", "-1"])
        let flat = try await self.reading(Self.file(channels: Self.channel("1", Self.peak(concentration: "0", area: "0"))))
        #expect(flat.results.last?.measurements.first { $0.standard == .concentration }?.quantity.value == 0)
    }

    @Test func `a channel that repeats the red one to the letter is read once`() async throws {
        let channels = Self.channel("1", Self.peak()) + Self.channel("62", Self.peak())
        let signals = Self.signal("1", "Red") + Self.signal("62", "RIN")
        let reading = try await reading(Self.file(channels: channels, signals: signals))
        #expect(reading.results.count == 2)
        #expect(reading.traces.count == 2)
        let differing = Self.channel("1", Self.peak()) + Self.channel("62", Self.peak(concentration: "98.4"))
        let other = try await self.reading(Self.file(channels: differing, signals: signals))
        #expect(other.results.count == 4)
        #expect(other.results.map { $0.signal?.name } == ["Red", "Red", "RIN", "RIN"])
    }

    @Test func `a processed signal has its times, a longer raw one has none`() async throws {
        let reading = try await reading(Self.file())
        #expect(reading.traces.map { $0.axes.map(\.name) } == [["time", "signal"], ["number", "signal"]])
        #expect(reading.traces.first?.axes.first?.unit == .second)
        #expect(reading.points[reading.traces[0].id] == [17, -0.25, 17.5, 1.5, 18, 14.5, 18.5, 2.75])
        #expect(reading.points[reading.traces[1].id]?.prefix(4) == [1, 9, 2, 9])
    }

    @Test func `a signal in another byte order is left out, and nothing else`() async throws {
        let signal = Self.signal("1", "Red", text: Self.base64(Self.values, isBigEndian: true))
        let reading = try await reading(Self.file(signals: signal))
        #expect(reading.codes == ["bioanalyzer.signal-range"])
        #expect(reading.traces.map { $0.extras["signal"] } == ["RawSignal"])
        #expect(reading.results.count == 2)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test(arguments: [
        (base64(values), 5, "bioanalyzer.signal-length"), (base64(Array(values.dropLast())), 4, "xml.number-count"),
        (String(base64(values).dropLast(6)), 4, "xml.number-count"), ("AEAD*4==", 4, "xml.base64"),
        (base64([-0.25, .nan, 14.5, 2.75]), 4, "xml.not-finite"),
    ])
    func `a signal that is not what it is said to be is left out`(text: String, count: Int, code: String) async throws {
        let reading = try await reading(Self.file(signals: Self.signal("1", "Red", text: text, count: count)))
        #expect(reading.codes == [code])
        #expect(reading.traces.count == 1)
        #expect(reading.status != 0)
    }

    @Test func `a signal of a type nobody knows is left out`() async throws {
        let reading = try await reading(Self.file().replacing("\"LE_R4\" numvalues=\"4\"", with: "\"LE_UI1\" numvalues=\"4\""))
        #expect(reading.codes == ["bioanalyzer.signal-type"])
    }

    @Test func `fewer peaks than declared make the file incomplete`() async throws {
        func manipulation(_ count: Int) -> String {
            """
            <DARPeakManipulation><Channel key="1"><TotalUserPeaks>\(count)</TotalUserPeaks><LowerMarkerID>0</LowerMarkerID>\
            <UpperMarkerID>-1</UpperMarkerID></Channel></DARPeakManipulation>
            """
        }
        let peaks = Self.channel("1", Self.peak("Lower Marker") + Self.peak())
        #expect(try await reading(Self.file(channels: peaks, other: manipulation(1))).codes == [])
        for count in [2, Int.max] {
            let reading = try await reading(Self.file(channels: peaks, other: manipulation(count)))
            #expect(reading.codes == ["bioanalyzer.peak-count"])
            #expect(reading.end?.completeness.verdict == .no)
        }
    }

    @Test func `a sample more than was acquired, or less, is told`() async throws {
        let reading = try await reading(Self.file(acquired: 2))
        #expect(reading.codes == ["bioanalyzer.sample-count"])
        #expect(reading.diagnostics.first?.location.path?.description == "/Chipset/Chips/Chip/NumberOfAcquiredSamples")
    }

    @Test(arguments: [("8.9", [] as [String]), ("11.4", ["bioanalyzer.integrity"]), ("B.9", ["xml.not-a-number"])])
    func `a RIN is between 1 and 10`(written: String, codes: [String]) async throws {
        let rin = "<DARRIN><Channel key=\"1\"><RIN>\(written)</RIN></Channel></DARRIN>"
        let reading = try await reading(Self.file(other: rin))
        #expect(reading.codes == codes)
        let integrity = reading.results.first?.measurements.first { $0.standard == .integrity }?.quantity.value
        #expect(integrity == (codes.isEmpty ? 8.9 : nil))
        // What is told of the sample does not go with its RIN.
        #expect(reading.results.map(\.kind) == (codes.isEmpty ? [.sample, .peak] : [.peak, .sample]))
        #expect(reading.results.contains { $0.extras["HasData"] == "true" })
    }

    @Test func `a ratio of fragments that were not found is none`() async throws {
        let fragments = "<DARFragment><Channel key=\"1\"><rRNARatio>0</rRNARatio><Fragments/></Channel></DARFragment>"
        let reading = try await reading(Self.file(other: fragments))
        #expect(reading.results.first?.measurements.last?.quantity.absent == .notFound)
    }

    @Test func `only the settings of a sample that differ from the assay are kept with it`() async throws {
        let reading = try await reading(Self.file())
        #expect(reading.results.first?.extras["DASampleSetpoints/DAMCommon/Low"] == "7")
        #expect(reading.results.first?.extras["DASampleSetpoints/DAMCommon/Apply"] == nil)
        #expect(reading.runs.first?.extras["DASampleSetpoints/DAMCommon/Low"] == "5")
    }

    @Test func `the Windows user and folders stay outside`() async throws {
        let reading = try await reading(Self.file())
        #expect(!reading.lines.contains("zelda"))
        #expect(reading.runs.first?.name == "chip.xad")
    }

    @Test func `a sample without data is flagged`() async throws {
        let reading = try await reading(
            Self.file(acquired: 0).replacing("<HasData>true", with: "<HasData>false").replacing(
                Self.channel("1", Self.peak()), with: ""
            )
            .replacing(Self.signal("1", "Red"), with: ""))
        #expect(reading.codes == [])
        #expect(reading.results.map { $0.flags.map(\.code) } == [["noData"]])
    }

    @Test func `a file cut anywhere is never complete`() async throws {
        let bytes = Array(Self.file().replacing("\n", with: "").utf8)
        for length in stride(from: 10, to: bytes.count - 1, by: 11) {
            let cut = try await BioanalyzerAdapter().reading(OpenedSource(name: "chip.xml", bytes: Array(bytes[..<length])))
            #expect(cut.end?.completeness.verdict != .yes, "at \(length)")
            #expect(cut.status != 0, "at \(length)")
            #expect(cut.codes.filter { $0.hasPrefix("adapter.") } == [], "at \(length): \(cut.diagnostics)")
            #expect(cut.end?.coverage.addsUp != false, "at \(length)")
        }
    }

    @Test(arguments: ["", "x", "NaN"])
    func `a zero beside an area that is none is no zero`(area: String) async throws {
        let peaks = Self.peak(concentration: "0", area: area) + Self.peak(concentration: "5")
        let reading = try await reading(Self.file(channels: Self.channel("1", peaks)))
        #expect(reading.codes == (area.isEmpty ? [] : ["xml.not-a-number"]))
        let zeros = reading.results.flatMap(\.measurements).filter { $0.quantity.value == 0 || $0.quantity.value == -1 }
        #expect(zeros.isEmpty)
    }

    @Test(arguments: [
        ("<XStart>17", "<XStart>l7", "bioanalyzer.signal-time"), ("<XStart>17", "<XStart>", "bioanalyzer.signal-time"),
        ("<XStart>17</XStart>", "", "bioanalyzer.signal-time"), ("<XStep>0.5", "<XStep>0,5", "bioanalyzer.signal-time"),
        ("<XStep>0.5", "<XStep>0", "bioanalyzer.signal-time"),
    ])
    func `a signal whose times are not known is read by number and flagged`(old: String, new: String, code: String) async throws {
        let reading = try await reading(Self.file().replacing(old, with: new))
        #expect(reading.codes == [code])
        let trace = try #require(reading.traces.first)
        #expect(trace.axes.first?.name == "number")
        #expect(trace.flags == [Flag("noTime", written: "ProcessedSignal")])
        #expect(reading.points[trace.id] == [1, -0.25, 2, 1.5, 3, 14.5, 4, 2.75])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a number of samples that is none moves no axis`() async throws {
        let raw = Self.signal("1", "Red").replacing(
            "numvalues=\"6\">\(Self.base64([9, 9] + Self.values))", with: "numvalues=\"4\">\(Self.base64(Self.values))")
        let whole = try await reading(Self.file(signals: raw))
        let garbled = try await reading(Self.file(signals: raw.replacing("<NumberOfSamples>4", with: "<NumberOfSamples>A")))
        #expect(whole.traces.map(\.axes.first?.name) == ["time", "time"])
        #expect(garbled.traces.map(\.axes) == whole.traces.map(\.axes))
        #expect(garbled.codes == ["bioanalyzer.signal-length"])
        #expect(garbled.end?.completeness.verdict == .unknown)
        let alone = raw.replacing("ProcessedSignal", with: "OtherSignal").replacing(
            "<NumberOfSamples>4</NumberOfSamples>", with: "")
        let neither = try await reading(Self.file(signals: alone))
        #expect(neither.codes == ["bioanalyzer.signal-length"])
        #expect(neither.traces.map(\.flags) == [[Flag("noTime", written: "RawSignal")]])
    }

    @Test func `limits of a signal that are no numbers are told`() async throws {
        let reading = try await reading(Self.file().replacing("<MaxValue>14.5", with: "<MaxValue>14.S"))
        #expect(reading.codes == ["bioanalyzer.signal-range"])
        #expect(reading.traces.count == 2)
    }

    @Test func `results of a channel that no signal has are told and flagged`() async throws {
        let other = "<DARRIN><Channel key=\"6Z\"><Succeeded>true</Succeeded><RIN>8.9</RIN></Channel></DARRIN>"
        let reading = try await reading(Self.file(other: other))
        #expect(reading.codes == ["bioanalyzer.channel"])
        #expect(reading.results.last?.flags == [Flag("unknownChannel", written: "6Z")])
        #expect(reading.results.first?.flags == [])
        #expect(reading.end?.completeness.verdict == .no)
        let nameless = try await self.reading(Self.file(other: other.replacing(" key=\"6Z\"", with: "")))
        #expect(nameless.codes == ["bioanalyzer.channel"])
        #expect(!nameless.results.contains { $0.measurements.contains { $0.standard == .integrity } })
    }

    @Test func `a channel that a structure has twice gives no number twice`() async throws {
        let rin = "<Channel key=\"1\"><Succeeded>true</Succeeded><RIN>8.9</RIN></Channel>"
        let reading = try await reading(Self.file(other: "<DARRIN>\(rin)\(rin.replacing("8.9", with: "2.5"))</DARRIN>"))
        #expect(reading.codes == ["bioanalyzer.channel"])
        let summary = try #require(reading.results.first)
        #expect(summary.measurements.filter { $0.standard == .integrity }.map(\.quantity.value) == [8.9])
        #expect(summary.extras["DARRIN/RIN"] == "2.5")
        #expect(summary.flags == [Flag("repeatedChannel", written: "1")])
    }

    @Test(arguments: [([0, 1, 1], 1), ([0, 2], 0), ([0, 1, 2], 0)])
    func `peaks that are numbered twice, or with a gap, are told`(numbers: [Int], flagged: Int) async throws {
        let peaks = numbers.map { Self.peak().replacing("<MigrationTime>", with: "<PeakID>\($0)</PeakID><MigrationTime>") }
        let reading = try await reading(Self.file(channels: Self.channel("1", peaks.joined())))
        let isOdd = numbers != [0, 1, 2]
        #expect(reading.codes == (isOdd ? ["bioanalyzer.peak-number"] : []))
        #expect(reading.results.count { $0.flags.map(\.code) == ["repeatedNumber"] } == flagged)
        #expect(reading.end?.completeness.verdict == (isOdd ? .no : .yes))
    }

    @Test func `a number of peaks that is none is told`() async throws {
        let count = "<DARPeakManipulation><Channel key=\"1\"><TotalUserPeaks>l</TotalUserPeaks></Channel></DARPeakManipulation>"
        let reading = try await reading(Self.file(other: count))
        #expect(reading.codes == ["bioanalyzer.peak-count"])
        #expect(reading.end?.completeness.verdict == .unknown)
    }

    @Test func `a sample and a list of peaks that are there twice are told`() async throws {
        let text = Self.file()
        let start = try #require(text.firstRange(of: "<Sample key")).lowerBound
        let end = try #require(text.firstRange(of: "</Samples>")).lowerBound
        let samples = try await reading(
            text.replacing(text[start..<end], with: text[start..<end] + text[start..<end]).replacing(
                "AcquiredSamples>1", with: "AcquiredSamples>2"))
        #expect(samples.codes == ["bioanalyzer.sample-number"])
        #expect(samples.results.count { $0.flags == [Flag("repeatedNumber", written: "0")] } == 2)
        let peak = Self.peak().replacing("<MigrationTime>", with: "<PeakID>0</PeakID><MigrationTime>")
        let lists = try await reading(
            Self.file(channels: Self.channel("1", peak + "</PeaksMolecular><PeaksMolecular>" + peak)))
        #expect(lists.codes == ["bioanalyzer.peak-number"])
    }

    @Test func `what was not calculated is no zero where the file writes decimal commas`() async throws {
        let text = Self.file(channels: Self.channel("1", Self.peak(area: "0.05"))).replacing(/(\d)\.(\d)/) { "\($0.1),\($0.2)" }
        let reading = try await BioanalyzerAdapter().reading(
            text, name: "chip.xml", given: GivenAssumptions(decimalMark: .comma))
        #expect(reading.codes == [])
        let peak = try #require(reading.results.first { $0.kind == .peak })
        let molarity = peak.measurements.first { $0.standard == .molarity }
        #expect(molarity?.quantity.absent == .notReported && molarity?.quantity.written == "0")
        // The signal goes from -0,25 to 14,5, as is said beside it.
        let damaged = try await BioanalyzerAdapter().reading(
            text.replacing("14,5", with: "14,6"), name: "chip.xml", given: GivenAssumptions(decimalMark: .comma))
        #expect(damaged.codes == ["bioanalyzer.signal-range"])
    }

    @Test func `a second chip, and a chip that is not there, are told`() async throws {
        let text = Self.file()
        let start = try #require(text.firstRange(of: "<Chip key")).lowerBound
        let end = try #require(text.firstRange(of: "</Chips>")).lowerBound
        let twice = try await reading(text[..<end] + String(text[start...]))
        #expect(twice.codes == ["bioanalyzer.repeated-chip"] && twice.end?.completeness.verdict == .no)
        let none = try await reading(text[..<start] + String(text[end...]))
        #expect(none.codes == ["xml.no-results"] && none.end?.completeness.verdict == .unknown)
    }
}
