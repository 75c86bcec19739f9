import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct D300AdapterTests {
    private func plate(_ index: Int, _ id: String) -> String {
        "<Plate Index=\"\(index)\">\(id)<Rows>2</Rows><Cols>3</Cols><AssayVolume>50000</AssayVolume></Plate>"
    }

    private func well(_ row: Int, _ column: Int, _ fluids: (fluid: Int, volume: String)...) -> String {
        "<Well R=\"\(row)\" C=\"\(column)\">"
            + fluids.map {
                "<Fluid Index=\"\($0.fluid)\" TotalVolume=\"\($0.volume)\">"
                    + "<Detail Time=\"2031-03-14T08:00:01.000+01:00\" Cassette=\"0\" Head=\"\($0.fluid)\" Volume=\"\($0.volume)\" /></Fluid>"
            }.joined() + "</Well>"
    }

    private func report(
        _ wells: String? = nil, plates: String? = nil, heads: (String, String) = ("225.5", "374.5"), simulated: String = "False"
    ) -> String {
        let usual =
            "<Plate Index=\"0\">" + well(0, 0, (0, "200")) + well(0, 1, (0, "25.5"), (1, "174.5")) + well(1, 2, (1, "200"))
            + "</Plate>"
        return """
            <?xml version="1.0" encoding="utf-8"?>
            <Report>
              <SWVersion>3.0.2</SWVersion>
              <Protocol>C:\\Users\\hugo\\Plate.hpdd</Protocol>
              <Simulated>\(simulated)</Simulated>
              <StartTime>2031-03-14T08:00:00.000+01:00</StartTime>
              <DispenseOrder>LastPriority</DispenseOrder>
              <Fluids>
                <Fluid Index="0"><Name>CPD-1</Name><Concentration>10</Concentration><ConcentrationUnit>mM</ConcentrationUnit></Fluid>
                <Fluid Index="1"><Name>DMSO</Name><IsNormalization>True</IsNormalization></Fluid>
              </Fluids>
              <Plates>\(plates ?? plate(0, "<ID>PL-7</ID>"))</Plates>
              <DispenseHeads>
                <DispenseHead Cassette="0" Head="0" Fluid="0"><DispenseVolume>\(heads.0)</DispenseVolume></DispenseHead>
                <DispenseHead Cassette="0" Head="1" Fluid="1"><DispenseVolume>\(heads.1)</DispenseVolume></DispenseHead>
              </DispenseHeads>
              <Dispensed VolumeUnit="nL">
                \(wells ?? usual)
              </Dispensed>
            </Report>
            """
    }

    private func read(_ text: String) async throws -> AdapterReading { try await D300Adapter().reading(text, name: "d.DATA.xml") }

    private func value(_ result: ResultRecord, _ name: String) -> Double? {
        result.measurements.first { $0.name == name }?.quantity.value
    }

    @Test func `each fluid of each well has its volume, its stock and the assay volume`() async throws {
        let reading = try await read(report())
        #expect(reading.status == 0 && reading.codes.isEmpty, "\(reading.diagnostics)")
        #expect(reading.results.map(\.analyte?.name) == ["CPD-1", "CPD-1", "DMSO", "DMSO"])
        #expect(reading.results.map { value($0, "volume") } == [200, 25.5, 174.5, 200])
        #expect(reading.results.map { value($0, "concentration") } == [10, 10, nil, nil])
        #expect(reading.results.allSatisfy { value($0, "AssayVolume") == 50000 })
        #expect(reading.results.map { $0.flags.map(\.code) } == [[], [], ["normalization"], ["normalization"]])
        let units = reading.results[0].measurements.map { $0.quantity.unit?.code }
        #expect(units == ["nL", "mmol/L", "nL"])
        #expect(reading.end?.completeness.verdict == .yes)
    }

    @Test func `rows and columns count from 1 in the records`() async throws {
        let positions = try await read(report()).results.map(\.position)
        #expect(positions.map { $0?.row } == [1, 1, 1, 2] && positions.map { $0?.column } == [1, 2, 2, 3])
        #expect(positions.allSatisfy { $0?.plate == "PL-7" })
    }

    @Test func `of a path the file name alone is kept`() async throws {
        let reading = try await read(report())
        #expect(!reading.lines.contains("hugo") && reading.lines.contains("Plate.hpdd"))
    }

    @Test(arguments: [("225.6", "374.5"), ("225.5", "374.4"), ("0", "374.5")])
    func `heads whose volumes do not add up contradict the report`(first: String, second: String) async throws {
        let reading = try await read(report(heads: (first, second)))
        #expect(reading.codes == ["d300.volume"] && reading.end?.completeness.verdict == .no)
    }

    @Test func `a well that was taken out shows in the sums of the heads`() async throws {
        let reading = try await read(report().replacing(well(1, 2, (1, "200")), with: ""))
        #expect(reading.codes == ["d300.volume"] && reading.end?.completeness.verdict == .no)
    }

    @Test func `a changed total is told though the heads add up`() async throws {
        let reading = try await read(report().replacing("TotalVolume=\"25.5\"", with: "TotalVolume=\"255\""))
        #expect(reading.codes == ["d300.volume"] && reading.end?.completeness.verdict == .no)
    }

    @Test func `a head that the report does not list proves nothing`() async throws {
        let reading = try await read(report().replacing("Head=\"1\" Volume=\"200\"", with: "Head=\"6\" Volume=\"200\""))
        #expect(reading.codes.contains("d300.unknown-head") && reading.end?.completeness.verdict == .no)
    }

    @Test func `without heads nobody knows whether the report is whole`() async throws {
        let text = report()
        let start = try #require(text.firstRange(of: "<DispenseHeads>")),
            end = try #require(text.firstRange(of: "</DispenseHeads>"))
        let reading = try await read(String(text[..<start.lowerBound]) + String(text[end.upperBound...]))
        #expect(reading.results.count == 4 && reading.codes.isEmpty)
    }

    @Test(arguments: ["2O0", "20,5", "", "1e", "NaN", "INF"])
    func `a garbled volume leaves out its entry, and the report is not whole`(garbled: String) async throws {
        let reading = try await read(report().replacing("TotalVolume=\"25.5\"", with: "TotalVolume=\"\(garbled)\""))
        #expect(reading.status != 0 || reading.end?.completeness.verdict == .no, "\(reading.lines)")
        #expect(!reading.results.contains { value($0, "volume").map { $0 != 200 && $0 != 174.5 } ?? false })
    }

    @Test func `a garbled stock is no concentration of any result`() async throws {
        let reading = try await read(report().replacing("<Concentration>10<", with: "<Concentration>1O<"))
        #expect(reading.status == 1 && reading.codes == ["xml.not-a-number"])
        #expect(reading.results.count == 4 && reading.results.allSatisfy { value($0, "concentration") == nil })
    }

    @Test(arguments: [("<Well R=\"2\" C=\"0\">", "d300.outside-plate"), ("<Well R=\"0\" C=\"-1\">", "d300.outside-plate")])
    func `a well that the plate does not have is left out`(well: String, code: String) async throws {
        let reading = try await read(report().replacing("<Well R=\"0\" C=\"0\">", with: well))
        #expect(reading.codes.contains(code) && reading.status != 0 && reading.end?.leftOut == 1)
    }

    @Test func `a fluid and a plate that are not listed are left out`() async throws {
        let fluid = try await read(
            report().replacing("<Fluid Index=\"0\" TotalVolume=\"200\">", with: "<Fluid Index=\"8\" TotalVolume=\"200\">"))
        #expect(fluid.codes.contains("d300.unknown-fluid") && fluid.end?.leftOut == 1)
        let plate = try await read(report().replacing("<Plate Index=\"0\"><Well", with: "<Plate Index=\"3\"><Well"))
        #expect(plate.codes.contains("d300.unknown-plate") && plate.results.isEmpty && plate.end?.leftOut == 4)
    }

    @Test(arguments: [
        ("<ID>P</ID>", "<ID>Q</ID>", ["P", "Q"], []), ("<ID>P</ID>", "<ID>P</ID>", ["P (1)", "P (2)"], ["d300.plate-names"]),
        ("", "", ["plate 1", "plate 2"], ["d300.plate-names"]), ("<ID>P</ID>", "", ["P", "plate 2"], ["d300.plate-names"]),
    ])
    func `wells of two plates are never of one`(first: String, second: String, names: [String], codes: [String]) async throws {
        let wells =
            "<Plate Index=\"0\">" + well(0, 0, (0, "225.5")) + "</Plate><Plate Index=\"1\">" + well(0, 0, (1, "374.5"))
            + "</Plate>"
        let reading = try await read(report(wells, plates: plate(0, first) + plate(1, second)))
        #expect(reading.results.map(\.position?.plate) == names.map { $0 })
        #expect(reading.codes == codes)
    }

    @Test func `a garbled time costs the time alone`() async throws {
        let reading = try await read(report().replacing("<StartTime>2031", with: "<StartTime>2O31"))
        #expect(reading.codes == ["d300.time"] && reading.results.count == 4 && reading.lines.contains("2O31"))
    }

    @Test func `a simulated run is told`() async throws {
        let reading = try await read(report(simulated: "True"))
        #expect(reading.codes == ["d300.simulated"] && reading.diagnostics.first?.severity == .warning)
    }

    @Test func `a report cut anywhere is never taken for whole`() async throws {
        let bytes = Array(report().utf8)
        for length in 1..<bytes.count {
            let opened = OpenedSource(name: "d.DATA.xml", bytes: Array(bytes[..<length]))
            let reading = try await D300Adapter().reading(opened)
            #expect(reading.status != 0, "\(length) bytes of \(bytes.count)")
            #expect(reading.end?.completeness.verdict != .yes, "\(length) bytes of \(bytes.count)")
        }
    }

    @Test func `a plate without an index is told`() async throws {
        let reading = try await read(report().replacing("<Plate Index=\"0\"><ID>", with: "<Plate Index=\"\"><ID>"))
        #expect(reading.codes == ["d300.plate-index"])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `a garbled volume of a head costs the comparison with that head alone`() async throws {
        let reading = try await read(report(heads: ("22S.5", "374.5")))
        #expect(reading.codes == ["xml.not-a-number"])
        #expect(reading.results.count == 4 && reading.end?.completeness.verdict == .unknown)
        let other = try await read(report(heads: ("22S.5", "374.4")))
        #expect(other.codes.sorted() == ["d300.volume", "xml.not-a-number"] && other.end?.completeness.verdict == .no)
    }

    @Test func `heads may be listed behind the wells`() async throws {
        let text = report()
        let heads = try #require(text.firstMatch(of: /(?s)<DispenseHeads>.*<\/DispenseHeads>/)).output
        let moved = text.replacing(heads, with: "").replacing("</Report>", with: heads + "</Report>")
        let reading = try await read(moved)
        #expect(reading.codes.isEmpty && reading.end?.completeness.verdict == .yes)
        #expect(reading.results.last?.kind == .sample)
        let wrong = try await read(moved.replacing("225.5", with: "225.6"))
        #expect(wrong.codes == ["d300.volume"] && wrong.end?.completeness.verdict == .no)
    }

    @Test(arguments: ["Rows", "Cols", "AssayVolume"])
    func `a garbled field of a plate costs nothing of the others`(field: String) async throws {
        let garbled = plate(0, "<ID>PL-7</ID>").replacing(try Regex("<\(field)>[0-9]+"), with: "<\(field)>x")
        let reading = try await read(report(plates: garbled))
        #expect(reading.codes.count == 1 && reading.results.count == 4)
        #expect(reading.results.allSatisfy { $0.position?.plate == "PL-7" })
        #expect(reading.results.allSatisfy { value($0, "AssayVolume") == (field == "AssayVolume" ? nil : 50000) })
        // The other of rows and columns is compared all the same.
        let outside = well(7, 0, (0, "1")) + well(0, 9, (0, "1"))
        let more = try await read(report("<Plate Index=\"0\">\(outside)</Plate>", plates: garbled))
        let kept = ["Rows": 1, "Cols": 1, "AssayVolume": 0][field]
        #expect(more.results.filter { $0.kind == .well }.count == kept)
    }

    @Test func `rows and columns are numbers of their own, and the position has the name of the well`() async throws {
        let reading = try await read(report())
        #expect(reading.lines.contains("\"position\":{\"written\":\"A1\",\"plate\":\"PL-7\",\"row\":1,\"column\":1}"))
        #expect(reading.results.map(\.position?.written) == ["A1", "A2", "A2", "B3"])
    }

    @Test func `row and column of a well are left out with all that is in it`() async throws {
        let good = try await read(report())
        let bad = try await read(report().replacing("Index=\"0\" TotalVolume=\"200\"", with: "Index=\"0\" TotalVolume=\"2OO\""))
        #expect(bad.results.count == 3)
        // Of its fluid the number, the total and the four values of the detail.
        #expect(bad.end?.coverage.leftOut == 8 && bad.end?.coverage.values == good.end?.coverage.values)
    }

    @Test func `a well that is there twice is told and marked`() async throws {
        let wells = "<Plate Index=\"0\">" + well(0, 0, (0, "200")) + well(0, 0, (0, "25.5")) + "</Plate>"
        let reading = try await read(report(wells))
        #expect(reading.codes.contains("d300.repeated-well") && reading.end?.completeness.verdict == .no)
        #expect(reading.results.map { $0.flags.map(\.code) } == [[], ["repeatedWell"]])
    }

    @Test func `a plate and a fluid of the same index are told, and the first one counts`() async throws {
        let plates = try await read(report(plates: plate(0, "<ID>PL-7</ID>") + plate(0, "<ID>PL-8</ID>")))
        #expect(plates.codes == ["d300.repeated-plate"] && plates.end?.completeness.verdict == .no)
        #expect(plates.results.allSatisfy { $0.position?.plate == "PL-7" && $0.flags.first?.code == "repeatedPlate" })
        #expect(plates.lines.contains("PL-8"))
        let other = "<Fluid Index=\"0\"><Name>CPD-9</Name><Concentration>1</Concentration></Fluid></Fluids>"
        let fluids = try await read(report().replacing("</Fluids>", with: other))
        #expect(fluids.codes == ["d300.repeated-fluid"] && fluids.end?.completeness.verdict == .no)
        #expect(fluids.results.filter { $0.flags.first?.code == "repeatedFluid" }.map(\.analyte?.name) == ["CPD-1", "CPD-1"])
        #expect(fluids.lines.contains("CPD-9") && fluids.end?.coverage.addsUp == true)
    }
}
