import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct TapeStationAdapterTests {
    private static let units = """
        <Assay><Units><ConcentrationUnit>ng/µl</ConcentrationUnit><MolarityUnit>nmol/l</MolarityUnit>\
        <MolecularWeightUnit>bp</MolecularWeightUnit></Units></Assay>
        """

    private static let tape = """
        <ScreenTape><ScreenTapeID>T-1</ScreenTapeID><ElectrophoresisTemp>25.5</ElectrophoresisTemp>\
        <TapeRunDate>2031-03-14T08:14:29-05:00</TapeRunDate><Environment><Experimenter>A. Person</Experimenter>\
        <InstrumentSerialNumber>X1</InstrumentSerialNumber></Environment></ScreenTape>
        """

    private static func peak(_ number: String, size: String = "100", from: String = "90", to: String = "110") -> String {
        """
        <Peak><Area>0.5</Area><CalibratedQuantity>2.5</CalibratedQuantity><FromMW>\(from)</FromMW><Size>\(size)</Size>\
        <Number>\(number)</Number><ToMW>\(to)</ToMW></Peak>
        """
    }

    private static func sample(_ well: String = "A1", tape: String = "T-1", fields: String = "", peaks: String = "") -> String {
        """
        <Sample><WellNumber>\(well)</WellNumber><Comment>S</Comment><Concentration>12.5</Concentration>\(fields)\
        <ScreenTapeID>\(tape)</ScreenTapeID><Peaks>\(peaks)</Peaks><Regions/></Sample>
        """
    }

    private static func file(_ samples: String, tapes: String = tape, units: String = units) -> String {
        """
        <File><FileInformation><FileName>C:\\Users\\ann\\plate.D1000</FileName><Assay>D1000</Assay></FileInformation>
        <ScreenTapes>\(tapes)</ScreenTapes>\(units)
        <Samples>\(samples)</Samples></File>
        """
    }

    private func reading(_ text: String) async throws -> AdapterReading {
        try await TapeStationAdapter().reading(text, name: "plate.xml")
    }

    @Test func `a sample has the time and temperature of its tape`() async throws {
        let other = Self.tape.replacing("T-1", with: "T-2").replacing("25.5", with: "26.5").replacing("08:14", with: "09:14")
        let reading = try await reading(
            Self.file(Self.sample(tape: "T-2") + Self.sample("B1"), tapes: Self.tape + other))
        #expect(reading.codes == [])
        #expect(reading.results.map { $0.measurements.last?.quantity.value } == [26.5, 25.5])
        #expect(reading.results.map { $0.injection?.acquired?.written.dropFirst(11).prefix(5) } == ["09:14", "08:14"])
    }

    @Test func `a sample of a tape that is not listed is read, told at its place, and makes the file incomplete`() async throws {
        let reading = try await reading(
            Self.file(Self.sample(tape: "T-9", peaks: Self.peak("1")) + Self.sample("B1", tape: "T-9")))
        #expect(reading.codes == ["tapestation.unknown-tape"])
        #expect(reading.diagnostics.first?.location.path?.description == "/File/Samples/Sample/ScreenTapeID")
        #expect(reading.results.count == 3)
        #expect(reading.results.allSatisfy { $0.flags.map(\.code) == ["unknownTape"] && $0.injection == nil })
        #expect(reading.end?.completeness.verdict == .no)
        #expect(reading.status != 0)
    }

    @Test func `a garbled number leaves out its peak alone`() async throws {
        let peaks = Self.peak("1").replacing("0.5", with: "0,5") + Self.peak("2")
        let reading = try await reading(Self.file(Self.sample(peaks: peaks)))
        #expect(reading.codes == ["xml.other-decimal-mark"])
        #expect(reading.results.map(\.kind) == [.sample, .peak])
        #expect(reading.results.last?.ordinal == 2)
    }

    @Test func `a garbled concentration of a sample leaves its peaks`() async throws {
        let text = Self.file(Self.sample(peaks: Self.peak("1"))).replacing("12.5", with: "12.S")
        let reading = try await reading(text)
        #expect(reading.codes == ["xml.not-a-number"])
        #expect(reading.results.map(\.kind) == [.peak])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a peak that was taken out shows in the numbers of the others`() async throws {
        let reading = try await reading(Self.file(Self.sample(peaks: Self.peak("-") + Self.peak("1") + Self.peak("3"))))
        #expect(reading.codes == ["tapestation.peak-number"])
        #expect(reading.results.count == 4)
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test(arguments: ["9223372036854775807", "-9223372036854775808", "0"])
    func `a garbled number of a peak is told, whatever it is`(number: String) async throws {
        let reading = try await reading(Self.file(Self.sample(peaks: Self.peak(number) + Self.peak("2"))))
        #expect(reading.codes.allSatisfy { $0 == "tapestation.peak-number" })
        #expect(!reading.codes.isEmpty)
        #expect(reading.results.count == 3)
    }

    @Test(arguments: [("89", "90", "110"), ("111", "90", "110"), ("100", "110", "90")])
    func `a size outside its peak is told`(size: String, from: String, to: String) async throws {
        let reading = try await reading(Self.file(Self.sample(peaks: Self.peak("1", size: size, from: from, to: to))))
        #expect(reading.codes == ["tapestation.size"])
        #expect(reading.results.last?.flags.map(\.code) == ["sizeOutsideRange"])
    }

    @Test func `a size beyond the range is a bound, and no contradiction`() async throws {
        let peak = Self.peak("1", size: "&gt;60000", from: "1717", to: "&gt;60000")
        let reading = try await reading(Self.file(Self.sample(peaks: peak)))
        #expect(reading.codes == [])
        let size = reading.results.last?.measurements.first { $0.standard == .size }?.quantity
        #expect(size?.value == 60000)
        #expect(size?.bound == .above)
        #expect(size?.unit?.code == "{bp}")
    }

    @Test func `a hyphen is no value and never zero`() async throws {
        let peak = Self.peak("1", size: "-", from: "-", to: "-").replacing("2.5", with: "-")
        let reading = try await reading(Self.file(Self.sample(peaks: peak)))
        let absent = reading.results.last?.measurements.filter { $0.quantity.value == nil }
        #expect(absent?.map(\.name) == ["concentration", "FromMW", "size", "ToMW"])
        #expect(absent?.allSatisfy { $0.quantity.absent == .notReported && $0.quantity.written == "-" } == true)
    }

    @Test(arguments: ["<RNA><RINe>8.6</RINe></RNA>", "<RNA/><DIN>8.6</DIN>"])
    func `RINe and DIN are the integrity`(fields: String) async throws {
        let reading = try await reading(Self.file(Self.sample(fields: fields)))
        #expect(reading.results.first?.measurements.first { $0.standard == .integrity }?.quantity.value == 8.6)
    }

    @Test func `the lane of a ladder is no well of a plate`() async throws {
        let reading = try await reading(Self.file(Self.sample("L1") + Self.sample("H12")))
        #expect(reading.results.map { $0.position?.row } == [nil, 8])
    }

    @Test func `a ladder run as a sample is no ladder`() async throws {
        let samples =
            Self.sample(fields: "<Observations>Ladder</Observations>")
            + Self.sample("B1", fields: "<Observations>Ladder run as sample</Observations>")
        let reading = try await reading(Self.file(samples))
        #expect(reading.results.map { $0.sample?.role } == [.ladder, nil])
        #expect(reading.results.map { $0.flags.map(\.code) } == [[], ["observation"]])
    }

    @Test func `units that the file does not state are missing`() async throws {
        let reading = try await reading(Self.file(Self.sample(peaks: Self.peak("1")), units: "<Assay/>"))
        #expect(reading.results.last?.measurements.compactMap(\.quantity.unit) == [])
        let odd = try await self.reading(Self.file(Self.sample(), units: Self.units.replacing("ng/µl", with: "furlong")))
        #expect(odd.codes == ["tapestation.unit"])
        #expect(odd.results.first?.measurements.first?.quantity.unitWritten == "furlong")
    }

    @Test func `folders and accounts stay outside`() async throws {
        let text = Self.file(Self.sample(), tapes: Self.tape.replacing("A. Person", with: "LAB\\ann"))
        let reading = try await reading(text)
        #expect(reading.runs.first?.name == "plate.D1000")
        #expect(reading.runs.first?.operatorName == nil)
        #expect(reading.codes == ["tapestation.account"])
        #expect(!reading.lines.contains("ann"))
    }

    @Test func `tapes of two instruments are told for each`() async throws {
        let other = Self.tape.replacing("T-1", with: "T-2").replacing("X1", with: "X2")
        let reading = try await reading(Self.file(Self.sample(), tapes: Self.tape + other))
        #expect(reading.runs.first?.instrument?.serial == nil)
        #expect(reading.runs.first?.extras["ScreenTape[2]/Environment/InstrumentSerialNumber"] == "X2")
    }

    @Test func `what stands behind the samples is kept`() async throws {
        let text = Self.file(Self.sample()).replacing("</File>", with: "<Audit><Entry>seen</Entry></Audit></File>")
        let reading = try await reading(text)
        #expect(reading.codes == [])
        #expect(reading.results.last?.extras["Audit/Entry"] == "seen")
    }

    @Test func `a file cut anywhere is never complete, and no number of it is another one`() async throws {
        let whole = Self.file(Self.sample(peaks: Self.peak("1") + Self.peak("2", size: "105")))
        let all = try await reading(whole)
        let known = Set(all.results.flatMap { $0.measurements.map { "\($0.name) \($0.quantity.value ?? 0)" } })
        let bytes = Array(whole.utf8)
        for length in stride(from: 8, to: bytes.count - 1, by: 7) {
            let cut = try await TapeStationAdapter().reading(
                OpenedSource(name: "plate.xml", bytes: Array(bytes[..<length])))
            #expect(cut.end?.completeness.verdict != .yes, "at \(length)")
            #expect(cut.status != 0, "at \(length)")
            for result in cut.results {
                #expect(known.isSuperset(of: result.measurements.map { "\($0.name) \($0.quantity.value ?? 0)" }), "at \(length)")
            }
            #expect(!cut.codes.contains { $0.hasPrefix("adapter.") }, "at \(length)")
            #expect(cut.end?.coverage.addsUp != false, "at \(length)")
        }
    }

    @Test func `it is told by its elements, not by the name of the outermost one`() {
        func recognition(_ text: String) -> Recognition {
            TapeStationAdapter().recognize(SourceOpening(name: "x.xml", bytes: Array(text.utf8)))
        }
        if case .certain = recognition(Self.file(Self.sample())) {} else { Issue.record("not recognized") }
        for other in [
            "<File><FileInformation/><Samples><Sample/></Samples></File>", "<File><Samples/></File>",
            "<File xmlns=\"urn:x\"><FileInformation/><ScreenTapes/></File>", "<Files><ScreenTapes/></Files>",
        ] {
            if case .no = recognition(other) {} else { Issue.record("recognized: \(other)") }
        }
    }

    @Test func `a sample that names no tape is told and flagged`() async throws {
        let reading = try await reading(Self.file(Self.sample(tape: "")))
        #expect(reading.codes == ["tapestation.unknown-tape"])
        #expect(reading.results.first?.flags == [Flag("unknownTape")])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `a garbled number of a peak is told, and the others go on`() async throws {
        let peaks = Self.peak("-") + Self.peak("1") + Self.peak("Z") + Self.peak("3")
        let reading = try await reading(Self.file(Self.sample(peaks: peaks)))
        #expect(reading.codes == ["tapestation.peak-number"])
        #expect(reading.results.count == 5)
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `what is neither a peak nor a region is kept in a finding, and told`() async throws {
        let text = Self.file(Self.sample(peaks: Self.peak("1") + "<Smear size=\"7\">broad</Smear>"))
        let reading = try await reading(text)
        #expect(reading.codes == ["xml.unknown-values"])
        #expect(reading.results.last?.extras == ["Peaks/Smear": "broad", "Peaks/Smear@size": "7"])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a file without samples has no results, and says so`() async throws {
        let text = Self.file("")
        let reading = try await reading(text.replacing("<Samples></Samples>", with: ""))
        #expect(reading.codes == ["xml.no-results"] && reading.end?.completeness.verdict == .unknown)
    }
}
