import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct SoftMaxAdapterTests {
    private func well(_ name: String, _ row: Int, _ column: Int, _ inside: String) -> String {
        "<Well WellID=\"1\" Name=\"\(name)\" Row=\"\(row)\" Col=\"\(column)\">\(inside)</Well>"
    }

    private func raw(_ numbers: String) -> String { "<RawData>\(numbers)</RawData>" }

    private func section(
        _ wells: String, mode: String = "Absorbance", wavelengths: [String] = ["595"], stated: Int = 1, index: Int = 1,
        plate: String = "2 Well", temperature: String = "25.4", barcode: String = "n/a", type: String = "Endpoint"
    ) -> String {
        let list = wavelengths.enumerated().map { "<Wavelength Index=\"\($0 + 1)\">\($1)</Wavelength>" }.joined()
        return """
            <PlateSection Name="Plate1" InstrumentInfo="Reader&#xA;ROM v1" ReadTime="2:05 PM 10/14/2024">
            <Barcode>\(barcode)</Barcode><InstrumentSettings ReadMode="\(mode)" ReadType="\(type)" PlateType="\(plate)">
            <WavelengthSettings NumberOfWavelengths="\(stated)">\(list)</WavelengthSettings></InstrumentSettings>
            <Wavelengths><Wavelength WavelengthIndex="\(index)"><Wells>\(wells)</Wells></Wavelength></Wavelengths>
            <TemperatureData>\(temperature)</TemperatureData></PlateSection>
            """
    }

    private func reading(_ sections: String...) async throws -> AdapterReading {
        try await SoftMaxAdapter().reading(
            "<Experiment><PlateSections>\(sections.joined())</PlateSections></Experiment>", name: "plate.xml")
    }

    private var two: String { well("A1", 1, 1, raw("0.4121")) + well("A2", 1, 2, raw("-0.0012")) }

    @Test func `a plate is a run, a well a result with the wavelength of its block`() async throws {
        let reading = try await reading(section(two))
        #expect(reading.codes.isEmpty)
        #expect(reading.runs.first?.instrument?.name == "Reader")
        #expect(reading.runs.first?.extras["InstrumentInfo"] == "ROM v1")
        #expect(reading.results.map(\.kind) == [.well, .well, .sample])
        #expect(reading.results[1].measurements.first?.quantity.value == -0.0012)
        #expect(reading.results[1].measurements.first?.quantity.unit == nil)
        #expect(reading.results[1].signal?.wavelength?.value == 595)
        #expect(reading.results[1].position?.plate == "Plate1")
        #expect(reading.results[2].measurements.first?.standard == .temperature)
        #expect(reading.end?.completeness.verdict == .yes)
    }

    @Test func `the bytes that SoftMax writes are read - UTF-16 without a declaration`() async throws {
        var bytes: [UInt8] = [0xFF, 0xFE]
        for unit in "<Experiment><PlateSections>\(section(two))</PlateSections></Experiment>".utf16 {
            bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        }
        let reading = try await IngestRun(adapters: AdapterRoster.all).reading(OpenedSource(name: "p.xml", bytes: bytes))
        #expect(reading.source?.adapter.name == "xml.softmax")
        #expect(reading.results.count == 3)
        #expect(reading.status == 0)
    }

    @Test func `an absorbance at the ceiling lies above it`() async throws {
        let reading = try await reading(section(well("A1", 1, 1, raw("4")) + well("A2", 1, 2, raw("3.9999"))))
        #expect(reading.results.prefix(2).map { $0.measurements.first?.quantity.bound } == [.above, .exact])
        #expect(reading.results[0].flags == [Flag("saturated", written: "4")])
        let luminescence = try await self.reading(section(well("A1", 1, 1, raw("4")), mode: "Luminescence", plate: "1 Well"))
        #expect(luminescence.results[0].measurements.first == Measurement(.luminescence, Quantity(written: "4", value: 4)))
    }

    @Test(arguments: [("", Quantity.Absence.empty), ("NaN", .invalid), ("#Sat", .overflow), ("#Low", .belowLimit)])
    func `a reading that is not there is not zero`(text: String, reason: Quantity.Absence) async throws {
        let reading = try await reading(section(well("A1", 1, 1, raw(text)) + well("A2", 1, 2, raw("0.1"))))
        #expect(reading.codes.isEmpty)
        #expect(reading.results[0].measurements.first?.quantity.value == nil)
        #expect(reading.results[0].measurements.first?.quantity.absent == reason)
    }

    @Test func `a well whose name contradicts its row and column is left out`() async throws {
        let reading = try await reading(section(well("A1", 2, 1, raw("0.4121")) + well("A2", 1, 2, raw("0.1"))))
        #expect(reading.codes == ["softmax.position"])
        #expect(reading.results.map { $0.position?.written } == ["A2", nil])
    }

    @Test func `a well twice is read twice and told`() async throws {
        let reading = try await reading(section(well("A1", 1, 1, raw("0.1")) + well("A1", 1, 1, raw("0.2")), plate: "1 Well"))
        #expect(reading.codes == ["softmax.repeated-well"])
        #expect(reading.results.prefix(2).map { $0.flags.map(\.code) } == [[], ["repeatedWell"]])
        #expect(Set(reading.results.map(\.id)).count == 3)
    }

    @Test func `a part of a plate may be whole or not, more wells than a plate has are a contradiction`() async throws {
        let part = try await reading(section(two, plate: "96 Well Standard"))
        #expect(part.codes.isEmpty)
        #expect(part.end?.completeness.verdict == .unknown)
        let more = try await reading(section(two, plate: "1 Well"))
        #expect(more.codes == ["softmax.count"])
        #expect(more.end?.completeness.verdict == .no)
    }

    @Test func `wavelengths that are not the stated ones are told`() async throws {
        let count = try await reading(section(two, stated: 2))
        #expect(count.codes == ["softmax.count"])
        let index = try await reading(section(two, index: 3))
        #expect(index.codes == ["softmax.wavelength"])
        #expect(index.results[0].signal?.wavelength == nil)
        #expect(index.results[0].flags.map(\.code) == ["unknownWavelength"])
        #expect(index.end?.completeness.verdict == .no)
    }

    @Test func `several numbers are a curve over their times, without those that are missing`() async throws {
        let curve = raw("0.1 NaN 0.3") + "<TimeData>0 30 60</TimeData>"
        let reading = try await reading(
            section(well("A1", 1, 1, curve), plate: "1 Well", temperature: "37 37.1 37.2", type: "Kinetic"))
        #expect(reading.codes.isEmpty)
        let trace = try #require(reading.traces.first)
        #expect(trace.axes.map(\.name) == ["time", "absorbance"])
        #expect(trace.axes.map(\.unit) == [nil, nil])
        #expect(reading.points[trace.id] == [0, 0.1, 60, 0.3])
        #expect(trace.flags == [Flag("missingPoints", written: "1")])
        #expect(reading.points[reading.traces[1].id] == [1, 37, 2, 37.1, 3, 37.2])
    }

    @Test(arguments: [("0.1 0.2 0.3", "0 30", "softmax.times"), ("0.1 0.2", "0 3o", "softmax.curve")])
    func `a curve that does not fit is left out alone`(values: String, times: String, code: String) async throws {
        let curve = raw(values) + "<TimeData>\(times)</TimeData>"
        let reading = try await reading(section(well("A1", 1, 1, curve) + well("A2", 1, 2, raw(values)), type: "Kinetic"))
        #expect(reading.codes == [code])
        #expect(reading.traces.map { $0.position?.written } == ["A2"])
        #expect(reading.traces.first?.axes.first?.name == "reading")
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a file cut anywhere is never called whole`() async throws {
        let whole = Array("<Experiment><PlateSections>\(section(two))</PlateSections></Experiment>".utf8)
        for length in 0..<whole.count {
            let reading = try await SoftMaxAdapter().reading(OpenedSource(name: "p.xml", bytes: Array(whole.prefix(length))))
            #expect(reading.status != 0)
            #expect(reading.end?.completeness.verdict != .yes)
            #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
        }
    }

    @Test func `an empty temperature is none, and stays in the records`() async throws {
        let reading = try await reading(section(two, temperature: ""))
        #expect(reading.codes == [])
        #expect(reading.results.last?.measurements.map(\.quantity.absent) == [.empty])
    }

    @Test func `more temperatures than readings are no curve`() async throws {
        let reading = try await reading(section(two, temperature: "5 6"))
        #expect(reading.codes == ["softmax.temperature"])
        #expect(reading.traces.isEmpty)
        #expect(reading.results.count == 2)
        #expect(reading.end?.completeness.verdict == .no)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a well that was read more often than the plate is told and flagged`() async throws {
        let endpoint = try await reading(section(well("A1", 1, 1, raw("5 6")) + well("A2", 1, 2, raw("0.2"))))
        #expect(endpoint.codes == ["softmax.readings"])
        #expect(endpoint.traces.map(\.flags) == [[Flag("readingCount", written: "2")]])
        #expect(endpoint.end?.completeness.verdict == .no)
        let curves = well("A1", 1, 1, raw("1 2 3")) + well("A2", 1, 2, raw("1 2"))
        let kinetic = try await reading(section(curves, temperature: "25.1 25.2 25.3", type: "Kinetic"))
        #expect(kinetic.codes == ["softmax.readings"])
        #expect(kinetic.traces.map { $0.flags.map(\.code) } == [[], ["readingCount"], []])
    }

    @Test func `a wavelength that is garbled is told`() async throws {
        let missing = try await reading(section(two, wavelengths: ["NaN"]))
        #expect(missing.codes == ["softmax.wavelength"])
        let reading = try await reading(section(two, wavelengths: ["5g5"]))
        #expect(reading.codes == ["softmax.wavelength"])
        #expect(reading.results.first?.signal?.name == "5g5")
        let count = try await self.reading(section(two).replacing("NumberOfWavelengths=\"1\"", with: "NumberOfWavelengths=\"l\""))
        #expect(count.codes == ["softmax.count"])
    }

    @Test func `curves are read with the decimal mark and the missing values of the document`() async throws {
        let wells = well("A1", 1, 1, raw("0,05 -1 0,07") + "<TimeData>0 30,5 61</TimeData>") + well("A2", 1, 2, raw("0,06"))
        let text = "<Experiment><PlateSections>\(section(wells, temperature: "25,4"))</PlateSections></Experiment>"
        let reading = try await SoftMaxAdapter().reading(
            text.replacing("Endpoint", with: "Kinetic"), name: "plate.xml",
            given: GivenAssumptions(decimalMark: .comma, missing: ["-1"]))
        #expect(reading.results.first?.measurements.first?.quantity.value == 0.06)
        let trace = try #require(reading.traces.first)
        #expect(reading.points[trace.id] == [0, 0.05, 61, 0.07])
        #expect(trace.flags == [Flag("missingPoints", written: "1")])
        #expect(!reading.codes.contains("softmax.curve"))
    }

    @Test func `a reading without a time leaves out its curve, whole`() async throws {
        let curve = raw("0.05 0.06 0.07") + "<TimeData>0 NaN 60</TimeData>"
        let reading = try await reading(section(well("A1", 1, 1, curve) + well("A2", 1, 2, raw("0.1"))))
        #expect(reading.codes.filter { $0 != "softmax.readings" } == ["softmax.times"])
        #expect(reading.traces.isEmpty && reading.end?.traces == 0 && reading.end?.points == 0)
        // The well with its name, row, column and number, and its two lists.
        #expect(reading.end?.leftOut == 1 && reading.end?.coverage.leftOut == 6)
    }

    @Test func `a plate section that is there twice is told`() async throws {
        let twice = try await reading(section(two), section(two))
        #expect(twice.codes == ["softmax.repeated-section"] && twice.end?.completeness.verdict == .no)
        #expect(twice.results.filter { $0.kind == .well }.map { $0.flags.isEmpty } == [true, true, false, false])
        #expect(try await reading(section(two), section(two).replacing("Plate1", with: "Plate2")).codes.isEmpty)
    }
}
