import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct TecanAdapterTests {
    /// A file of i-control with one section of four wells.
    private func file(
        _ wells: String? = nil, mode: String = "Fluorescence Top Reading", part: String = "A1-B2",
        plate: String = "<BC>PL-7</BC>",
        temperature: String = "25.3"
    ) -> String {
        let wells =
            wells
            ?? ["A1": "101", "A2": "102", "B1": "103", "B2": "104"].sorted { $0.key < $1.key }.map(well).joined(separator: "\n")
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <MeasurementResultData Date="2031-03-14T09:00:00.0000000+01:00">
              <Plate>\(plate)</Plate>
              <Header Application="Tecan.At.XFluor, Version=1.10.4.0">
                <Software_Versions><Version>Tecan i-control , 1.10.4.0</Version></Software_Versions>
                <Instrument><Name>infinite</Name><SerialNumber>77</SerialNumber></Instrument>
              </Header>
              <Section Name="Label1">
                <Time_Start>2031-03-14T09:00:05.5000000+01:00</Time_Start>
                <Parameters>
                  <Parameter Name="Mode" Value="\(mode)" />
                  <Parameter Name="Part of Plate" Value="\(part)" />
                </Parameters>
                <Data Cycle="1" Temperature="\(temperature)">
                  \(wells)
                </Data>
              </Section>
            </MeasurementResultData>
            """
    }

    private func well(_ name: String, _ value: String) -> String {
        "<Well Pos=\"\(name)\" Type=\"Single\"><Single LabelId=\"1\" Status=\"Measured\">\(value)</Single></Well>"
    }

    private func read(_ text: String) async throws -> AdapterReading { try await TecanAdapter().reading(text, name: "p.xml") }

    @Test func `a well has its plate, row, column and number`() async throws {
        let reading = try await read(file())
        #expect(reading.status == 0 && reading.codes.isEmpty, "\(reading.diagnostics)")
        #expect(reading.results.map(\.position?.written) == ["A1", "A2", "B1", "B2"])
        #expect(reading.results.map(\.position?.row) == [1, 1, 2, 2] && reading.results.map(\.position?.column) == [1, 2, 1, 2])
        #expect(reading.results.allSatisfy { $0.position?.plate == "PL-7" && $0.signal?.name == "Label1" })
        #expect(reading.results.map { $0.measurements.first?.quantity.value } == [101, 102, 103, 104])
        #expect(reading.results.allSatisfy { $0.measurements.first?.standard == .fluorescence })
        #expect(reading.end?.completeness.verdict == .yes)
    }

    @Test(arguments: [
        ("Fluorescence Bottom Reading", MeasurementName.fluorescence), ("Luminescence", .luminescence),
        ("Absorbance", .absorbance),
    ])
    func `the mode says what was measured`(mode: String, name: MeasurementName) async throws {
        #expect(try await read(file(mode: mode)).results.first?.measurements.first?.standard == name)
    }

    @Test func `a mode nobody knows keeps its own name`() async throws {
        #expect(try await read(file(mode: "Polarisation")).results.first?.measurements.first?.name == "Polarisation")
    }

    @Test func `an overflow is no number, and no fault`() async throws {
        let reading = try await read(file().replacing(">102<", with: ">OVER<"))
        #expect(reading.status == 0)
        #expect(reading.results[1].measurements[0].quantity.value == nil)
        #expect(reading.results[1].measurements[0].quantity.absent == .overflow)
    }

    @Test(arguments: ["1O57", "1,057", "12 34", "1e", "0x1F", "NaN", "INF", "--5", "1.2.3", "over"])
    func `a garbled reading leaves out its well alone`(garbled: String) async throws {
        let reading = try await read(file().replacing(">102<", with: ">\(garbled)<"))
        #expect(reading.results.map(\.position?.written) == ["A1", "B1", "B2"])
        #expect(reading.status == 1 && reading.end?.leftOut == 1, "\(reading.diagnostics)")
    }

    @Test func `a temperature of 0 is that of a reader without a sensor`() async throws {
        let reading = try await read(file(temperature: "0"))
        #expect(reading.results.allSatisfy { $0.measurements.count == 1 && $0.extras["Data@Temperature"] == "0" })
        let warm = try await read(file(temperature: "25.3"))
        #expect(warm.results.allSatisfy { $0.measurements.last?.quantity.value == 25.3 })
    }

    @Test func `a garbled temperature is not passed on as one`() async throws {
        let reading = try await read(file(temperature: "2S.3"))
        #expect(reading.codes == ["tecan.setting"] && reading.results.allSatisfy { $0.measurements.count == 1 })
        #expect(reading.results.count == 4 && reading.lines.contains("2S.3"))
    }

    @Test func `a garbled time costs the time alone`() async throws {
        let reading = try await read(file().replacing("<Time_Start>2031-03", with: "<Time_Start>2031-O3"))
        #expect(reading.codes == ["tecan.time"] && reading.results.count == 4 && reading.lines.contains("2031-O3"))
    }

    @Test func `a well read twice is marked and told, and both readings are kept`() async throws {
        let wells = [("A1", "1"), ("A2", "2"), ("B1", "3"), ("B2", "4"), ("A2", "5")].map { well($0.0, $0.1) }.joined()
        let reading = try await read(file(wells))
        #expect(reading.results.count == 5 && reading.codes == ["tecan.repeated-well"])
        #expect(reading.results.map { $0.flags.map(\.code) }.last == ["repeatedWell"])
        #expect(Set(reading.results.map(\.id)).count == 5)
    }

    @Test(arguments: [
        (["A1", "A2", "B1"], "tecan.count"), (["A1", "A2", "B1", "B2", "B3"], "tecan.outside-range"),
        // As many as there have to be, and one in the wrong place.
        (["A1", "A2", "B1", "H12"], "tecan.outside-range"), (["A1", "A2", "B1", "A99"], "tecan.outside-range"),
    ])
    func `wells that are not those of the part of the plate contradict the file`(names: [String], code: String) async throws {
        let reading = try await read(file(names.map { well($0, "7") }.joined()))
        #expect(reading.codes.contains(code) && reading.end?.completeness.verdict == .no)
        #expect(reading.results.count == names.count)
    }

    @Test func `a section whose readings are missing is not complete`() async throws {
        let text = file()
        let start = try #require(text.firstRange(of: "<Data")), end = try #require(text.firstRange(of: "</Data>"))
        let reading = try await read(String(text[..<start.lowerBound]) + String(text[end.upperBound...]))
        #expect(reading.codes == ["tecan.count"] && reading.end?.completeness.verdict == .no)
    }

    @Test func `cycles of one section are told apart`() async throws {
        let second =
            "</Data><Data Cycle=\"2\" Temperature=\"37\">" + ["A1", "A2", "B1", "B2"].map { well($0, "9") }.joined() + "</Data>"
        let reading = try await read(file().replacing("</Data>", with: second))
        #expect(reading.codes.isEmpty && reading.results.count == 8)
        #expect(reading.results.map { $0.extras["Cycle"] } == ["1", "1", "1", "1", "2", "2", "2", "2"])
        #expect(Set(reading.results.map(\.id)).count == 8)
    }

    @Test func `a scan is a trace over the wavelength`() async throws {
        let scan = "<Well Pos=\"A1\" Type=\"Scan\"><Scan WL=\"500\">7</Scan><Scan WL=\"505\">9.5</Scan></Well>"
        let reading = try await read(file(scan, part: "A1-A1"))
        let trace = try #require(reading.traces.first)
        #expect(reading.results.isEmpty && trace.position?.written == "A1" && reading.points[trace.id] == [500, 7, 505, 9.5])
        let broken = try await read(file(scan.replacing("9.5", with: "9,5"), part: "A1-A1"))
        #expect(broken.status != 0 && broken.points.values.map { $0 } == [[500, 7]])
    }

    @Test func `an account of a Windows domain does not go into the records`() async throws {
        let parameters = "<Parameters><Parameter Name=\"User\" Value=\"LAB\\hugo\" /></Parameters></Header>"
        let reading = try await read(file().replacing("</Header>", with: parameters))
        #expect(!reading.lines.contains("hugo") && reading.codes == ["tecan.account"])
    }

    @Test func `a file cut anywhere is never taken for whole`() async throws {
        let bytes = Array(file().utf8)
        for length in 1..<bytes.count {
            let opened = OpenedSource(name: "p.xml", bytes: Array(bytes[..<length]))
            let reading = try await TecanAdapter().reading(opened)
            #expect(reading.status != 0, "\(length) bytes of \(bytes.count)")
            #expect(reading.end?.completeness.verdict != .yes, "\(length) bytes of \(bytes.count)")
        }
    }

    @Test func `a reading outside a well is of nobody`() async throws {
        let reading = try await read(file(well("A1", "101") + "<Single LabelId=\"1\">102</Single>", part: "A1-A1"))
        #expect(reading.codes == ["tecan.no-well"])
        #expect(reading.diagnostics.first?.location.path?.description.hasSuffix("/Data/Single") == true)
        #expect(reading.results.map(\.position?.written) == ["A1"])
        #expect(reading.end?.leftOut == 1)
        #expect(reading.end?.completeness.verdict == .no)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test(arguments: ["<Well Pos=\"\">", "<Well>"])
    func `a well without a name is left out`(start: String) async throws {
        let wells = well("A1", "101") + start + "<Single LabelId=\"1\">102</Single></Well>"
        let reading = try await read(file(wells, part: "A1-A1"))
        #expect(reading.codes == ["tecan.position"])
        #expect(reading.results.map(\.position?.written) == ["A1"])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `a well that is none of a plate is told`() async throws {
        let reading = try await read(file(well("A1", "101") + well("A1O", "102"), part: ""))
        #expect(reading.codes == ["tecan.position"])
        #expect(
            reading.results.map(\.position) == [
                Position(written: "A1", plate: "PL-7", row: 1, column: 1), Position(written: "A1O", plate: "PL-7"),
            ])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `a part of the plate that is none is told`() async throws {
        let reading = try await read(file(part: "A1-B"))
        #expect(reading.codes == ["tecan.range"])
        #expect(reading.end?.completeness.verdict == .unknown)
    }

    @Test func `a well without a reading is told and left out`() async throws {
        let reading = try await read(file(well("A1", "101") + "<Well Pos=\"A2\" Type=\"Single\"></Well>", part: "A1-A1"))
        #expect(reading.codes == ["tecan.no-reading"])
        #expect(reading.results.count == 1)
        #expect(reading.end?.completeness.verdict == .no)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `what stands behind the last section is told by a finding`() async throws {
        let text = file()
            .replacing(
                "</MeasurementResultData>", with: "<Comment who=\"qa\">plate was dropped</Comment></MeasurementResultData>")
        let reading = try await read(text)
        #expect(reading.status == 0 && reading.codes.isEmpty, "\(reading.diagnostics)")
        let finding = try #require(reading.results.last)
        #expect(finding.kind == .sample && finding.measurements.isEmpty)
        #expect(finding.extras["Comment"] == "plate was dropped" && finding.extras["Comment@who"] == "qa")
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a plate behind the last section is no plate of it, and told`() async throws {
        let late = "<Plate><BC>PL-8</BC><Lid>yes</Lid></Plate>"
        let text = file().replacing("</MeasurementResultData>", with: late + "</MeasurementResultData>")
        let reading = try await read(text)
        #expect(reading.results.prefix(4).allSatisfy { $0.position?.plate == "PL-7" })
        #expect(reading.results.last?.extras == ["Plate/BC": "PL-8", "Plate/Lid": "yes"])
    }

    @Test func `a plate before another section is the plate of that one, and told once`() async throws {
        let section = try #require(file().firstMatch(of: /(?s)<Section.*<\/Section>/)).output
        let text = file()
            .replacing("</MeasurementResultData>", with: "<Plate><BC>PL-8</BC></Plate>\(section)</MeasurementResultData>")
        let reading = try await read(text)
        #expect(reading.results.map(\.position?.plate) == Array(repeating: "PL-7", count: 4) + Array(repeating: "PL-8", count: 4))
    }

    @Test func `a file without sections tells all that it says in its run`() async throws {
        let text = "<MeasurementResultData><Header Application=\"Tecan.At\"/><Comment>no plate</Comment></MeasurementResultData>"
        let reading = try await read(text)
        #expect(reading.runs.first?.extras["Comment"] == "no plate")
        #expect(reading.runs.first?.extras["Header@Application"] == "Tecan.At")
    }

    @Test(arguments: [("0.0", DecimalMark.point), ("0,0", .comma)])
    func `however a zero is written, it is no temperature`(zero: String, mark: DecimalMark) async throws {
        let reading = try await TecanAdapter().reading(
            file(temperature: zero), name: "p.xml", given: GivenAssumptions(decimalMark: mark))
        #expect(reading.results.allSatisfy { $0.measurements.count == 1 && $0.extras["Data@Temperature"] == zero })
    }

    @Test func `a scan in a reading of a well is a trace like one directly in it`() async throws {
        let points = "<Scan WL=\"280\">10</Scan><Scan WL=\"282\">11.5</Scan>"
        let scan =
            "<Well Pos=\"A1\" Type=\"Multiple\"><Multiple MRW_Position=\"1,1\" Status=\"Odd\">\(points)</Multiple>"
            + "<Multiple MRW_Position=\"1,2\">\(points)<Note>n</Note></Multiple></Well>"
        let reading = try await read(file(scan + ["A2", "B1", "B2"].map { well($0, "7") }.joined()))
        #expect(reading.codes == [])
        #expect(reading.traces.map { reading.points[$0.id] } == [[280, 10, 282, 11.5], [280, 10, 282, 11.5]])
        #expect(reading.traces.map(\.position?.written) == ["A1", "A1"] && reading.traces[0].axes.first?.unit == .nanometre)
        #expect(reading.traces.map { $0.extras["MRW_Position"] } == ["1,1", "1,2"])
        #expect(reading.traces.map { $0.extras["Type"] } == ["Multiple", "Multiple"] && reading.traces[1].extras["Note"] == "n")
        #expect(reading.traces[0].flags == [Flag("status", written: "Odd")] && Set(reading.traces.map(\.id)).count == 2)
        #expect(reading.results.count == 3 && reading.end?.coverage.addsUp == true)
    }

    @Test func `what is said of a well is left out with its readings`() async throws {
        let good = try await read(file())
        let bad = try await read(file().replacing(">103<", with: ">1O3<"))
        #expect(bad.codes == ["xml.not-a-number"] && bad.results.count == 3)
        // Its name and type, the label and status of its reading, and the reading.
        #expect(bad.end?.coverage.leftOut == 5)
        #expect(bad.end?.coverage.extras == (good.end?.coverage.extras ?? 0) - 2)
        #expect(bad.end?.coverage.described == (good.end?.coverage.described ?? 0) - 2)
    }

    @Test(arguments: ["5</Single>nan</Well>", "<Note>n</Note>5</Single></Well>"])
    func `a text behind a reading, or behind what stands in one, is told`(end: String) async throws {
        let wells = ["A1", "A2", "B1", "B2"].map { well($0, "5") }
        let stray = wells[0].replacing("5</Single></Well>", with: end)
        #expect(stray != wells[0])
        let reading = try await read(file(([stray] + wells[1...]).joined()))
        #expect(reading.codes == ["xml.stray-text"] && reading.results.count == 4)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a section that is there twice is told, and its second readings are marked`() async throws {
        let text = file()
        let start = try #require(text.firstRange(of: "<Section")).lowerBound
        let end = try #require(text.firstRange(of: "</MeasurementResultData>")).lowerBound
        let twice = try await read(text[..<end] + String(text[start...]))
        #expect(twice.codes == ["tecan.repeated-section"] && twice.end?.completeness.verdict == .no)
        #expect(twice.results.map { $0.flags.map(\.code) } == [[], [], [], []] + Array(repeating: ["repeatedSection"], count: 4))
        let later = String(text[start...]).replacing("09:00:05.5", with: "09:00:06.5")
        let again = try await read(text[..<end] + later)
        #expect(again.codes.isEmpty && again.end?.completeness.verdict == .yes)
    }

    @Test func `two readings of one label in a well are told and marked`() async throws {
        let second = "<Single LabelId=\"1\" Status=\"Measured\">7</Single></Well>"
        let wells = ["A1", "A2", "B1", "B2"].map { well($0, "5") }
        let twice = try await read(file(([wells[0].replacing("</Well>", with: second)] + wells[1...]).joined()))
        #expect(twice.codes == ["tecan.repeated-reading"] && twice.end?.completeness.verdict == .no)
        #expect(twice.results.map { $0.flags.map(\.code) } == [[], ["repeatedReading"], [], [], []])
        let other = second.replacing("LabelId=\"1\"", with: "LabelId=\"2\"")
        #expect(try await read(file(([wells[0].replacing("</Well>", with: other)] + wells[1...]).joined())).codes.isEmpty)
    }

    @Test func `a file without a section has no results, and says so`() async throws {
        let text = file()
        let start = try #require(text.firstRange(of: "<Section")).lowerBound
        let reading = try await read(text[..<start] + "</MeasurementResultData>")
        #expect(reading.codes == ["xml.no-results"] && reading.end?.completeness.verdict == .unknown)
        #expect(reading.diagnostics.first?.location.path?.description == "/MeasurementResultData")
    }
}
