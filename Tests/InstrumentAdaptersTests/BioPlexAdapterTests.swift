import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct BioPlexAdapterTests {
    private func well(
        total: Int = 3, gated: Int = 3, inside: Int = 2, events: Int = 3, number: Int = 1, count: String = "2",
        lines: String = "14 9 812 1 1\n14 9 790 1 1\n0 2 55 3 1", time: String = "2025-02-11T08:12:05Z"
    ) -> String {
        """
        <Well RowNo="1" ColNo="1" WellNo="\(number)"><User>R. Okafor</User><AcquisitionTime>\(time)</AcquisitionTime>
        <RunConditions><PlatformTemp Unit="°C">24.1</PlatformTemp></RunConditions>
        <RunSettings><SampleVolume Unit="µl">50</SampleVolume>
        <RegionsOfInterest><Region RegionNumber="14"/></RegionsOfInterest></RunSettings>
        <TotalEvents>\(total)</TotalEvents><TotalGatedEvents>\(gated)</TotalGatedEvents>
        <TotalRegionEventCount>\(inside)</TotalRegionEventCount>
        <BeadRegions><BeadRegion RegionNumber="14"><RegionCount>\(count)</RegionCount><Median>801.00</Median></BeadRegion>
        <BeadRegion RegionNumber="0"><RegionCount>1</RegionCount><Median>55.00</Median></BeadRegion></BeadRegions>
        <BeadEventData Events="\(events)" NumberColumns="5" Column_1="RegionNumber">\(lines)</BeadEventData></Well>
        """
    }

    private func unknown(
        reading: String = "8.01000000000000000E+002", code: String = "0", concentration: String = "5.0E+001",
        readCode: String = "0", label: String = "X1"
    ) -> String {
        """
        <Unknown><Description></Description><Label>\(label)</Label><Analytes><Analyte RegionNumber="14">
        <AnalyteName>IL-6</AnalyteName><ReplicateCount>1</ReplicateCount><StatsErrorCode Code="0">OK</StatsErrorCode>
        <Mean>8.0E+002</Mean><ObsConc RecoveryRange="NotInRange"><StdDeviation>0.0E+000</StdDeviation>4.2E+001
        </ObsConc><ObsConcValidationFlag Code="\(readCode)">?</ObsConcValidationFlag></Analyte></Analytes>
        <MemberWells><MemberWell RowNo="1" ColNo="1" WellNumber="1"><MWAnalytes><MWAnalyte RegionNumber="14">
        <AnalyteName>IL-6</AnalyteName><Reading Valid="true" Code="\(code)" OutlierType="None">\(reading)</Reading>
        <MWObsConc ReadingOK="\(readCode == "0")" ReadError="?" ReadErrorCode="\(readCode)">\(concentration)</MWObsConc>
        </MWAnalyte></MWAnalytes></MemberWell></MemberWells></Unknown>
        """
    }

    private func export(wells: String, samples: String) -> String {
        """
        <bpm:BioPlexManager xmlns:bpm="http://www.Bio-Rad.com/XMLschema/2010/Bio-Plex_5" XmlExportUser="rokafor">
        <PlateDimensions Columns="12" Rows="8" TotalWells="96"/><Wells>\(wells)</Wells>
        <StandardCurves><Interpolators><Interpolator RegionNumber="14"><AnalyteName>IL-6</AnalyteName>
        <ConcentrationUnits>pg/ml</ConcentrationUnits></Interpolator></Interpolators></StandardCurves>
        <Samples><Unknowns>\(samples)</Unknowns></Samples></bpm:BioPlexManager>
        """
    }

    private func reading(_ text: String) async throws -> AdapterReading {
        try await BioPlexAdapter().reading(text, name: "plate.xml")
    }

    @Test func `regions have the analyte and the sample that stand at the end of the file`() async throws {
        let reading = try await reading(export(wells: well(), samples: unknown()))
        #expect(reading.codes.isEmpty)
        #expect(reading.results.map(\.kind) == [.well, .region, .region, .sample, .compound])
        #expect(reading.results[1].analyte == Analyte(name: "IL-6", id: "14", role: .target))
        #expect(reading.results[1].sample?.name == "X1")
        #expect(reading.results[2].analyte == Analyte(id: "0"))
        #expect(reading.results[2].flags.map(\.code) == ["notOfInterest"])
        #expect(reading.end?.completeness.verdict == .yes)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `events are a trace with a column for each axis`() async throws {
        let reading = try await reading(export(wells: well(), samples: unknown()))
        let trace = try #require(reading.traces.first)
        #expect(trace.axes.map(\.name) == ["RegionNumber", "column 2", "column 3", "column 4", "column 5"])
        #expect(reading.points[trace.id] == [14, 9, 812, 1, 1, 14, 9, 790, 1, 1, 0, 2, 55, 3, 1])
    }

    @Test func `a concentration that was never calculated is not zero`() async throws {
        let samples = unknown(concentration: "0.00000000000000000E+000", readCode: "9")
        let reading = try await reading(export(wells: well(), samples: samples))
        let analyte = try #require(reading.results.last)
        let concentration = try #require(analyte.measurements.last?.quantity)
        #expect(concentration.value == nil)
        #expect(concentration.absent == .notReported)
        #expect(concentration.unit == Unit("pg/mL"))
        #expect(analyte.flags == [Flag("concentrationInvalid", written: "9: ?")])
    }

    @Test(arguments: ["1", "5", "x"])
    func `a reading counts only with the code 0`(code: String) async throws {
        let reading = try await reading(export(wells: well(), samples: unknown(code: code)))
        #expect(reading.results.last?.measurements.first?.quantity.absent == .invalid)
        #expect(reading.results.last?.flags.first == Flag("readingInvalid", written: code))
    }

    @Test func `a number behind the elements of its element is read`() async throws {
        let reading = try await reading(export(wells: well(), samples: unknown()))
        let statistics = try #require(reading.results.first { $0.kind == .sample })
        let concentration = statistics.measurements.first { $0.standard == .concentration }?.quantity
        #expect(concentration?.value == 42)
        #expect(concentration?.written == "4.2E+001")
    }

    @Test func `counts that do not add up are told and the file is not whole`() async throws {
        for wells in [well(total: 4), well(gated: 4), well(inside: 3), well(number: 2)] {
            let reading = try await reading(export(wells: wells, samples: unknown()))
            #expect(reading.codes.count == 1)
            #expect(["bioplex.count", "bioplex.well-number"].contains(reading.codes.first))
            #expect(reading.results.count == 5)
            #expect(reading.results.first?.flags.isEmpty == false)
            #expect(reading.end?.completeness.verdict == .no)
        }
    }

    @Test(arguments: ["14 9 812 1 1\n14 9 790 1", "14 9 812 1 1\n14 9 7g0 1 1\n0 2 55 3 1", ""])
    func `events that are cut or garbled leave out the trace and nothing else`(lines: String) async throws {
        let reading = try await reading(export(wells: well(lines: lines), samples: unknown()))
        #expect(reading.traces.isEmpty)
        #expect(reading.results.count == 5)
        #expect(reading.codes.count == 1)
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `a garbled number leaves out its region alone`() async throws {
        let reading = try await reading(export(wells: well(count: "2").replacing("801.00", with: "8O1"), samples: unknown()))
        #expect(reading.results.map(\.kind) == [.well, .region, .sample, .compound])
        #expect(reading.codes == ["xml.not-a-number"])
        #expect(reading.end?.coverage.leftOut == 3)
    }

    @Test func `a time that is none costs nothing but itself`() async throws {
        let reading = try await reading(export(wells: well(time: "noon"), samples: unknown()))
        #expect(reading.codes == ["bioplex.time"])
        #expect(reading.results.count == 5)
        #expect(reading.results.first?.extras["AcquisitionTime"] == "noon")
    }

    @Test func `a well that two samples claim has none`() async throws {
        let samples = unknown() + unknown(label: "X2")
        let reading = try await reading(export(wells: well(), samples: samples))
        #expect(reading.codes == ["bioplex.shared-well"])
        #expect(reading.results.first?.sample == nil)
        #expect(reading.results.filter { $0.kind == .compound }.map { $0.sample?.name } == ["X1", "X2"])
    }

    @Test(arguments: ["RowNo=\"9\"", "RowNo=\"0\"", "RowNo=\"x\"", "RowNo=\"\""])
    func `a well that the plate does not have is left out`(row: String) async throws {
        let wells = well().replacing("<Well RowNo=\"1\"", with: "<Well \(row)")
        let reading = try await reading(export(wells: wells, samples: unknown()))
        #expect(reading.results.map(\.kind) == [.sample, .compound])
        #expect(reading.end?.leftOut == 1)
    }

    @Test(arguments: ["Well", "Samples"])
    func `a piece of an export is known for one and not read`(piece: String) async throws {
        let text = piece == "Well" ? well() : "<Samples><Unknowns>\(unknown())</Unknowns></Samples>"
        let opened = OpenedSource(name: "piece.xml", bytes: Array(text.utf8))
        let reading = try await IngestRun(adapters: AdapterRoster.all).reading(opened)
        #expect(reading.codes == ["bioplex.fragment"])
        #expect(reading.diagnostics.first?.location.line == 1)
        #expect(reading.status == 2)
        #expect(reading.end == nil)
    }

    @Test func `the account of the exporting user goes nowhere`() async throws {
        let reading = try await reading(export(wells: well(), samples: unknown()))
        #expect(!reading.lines.contains("rokafor"))
        #expect(reading.end?.coverage.ignored == 1)
    }

    @Test func `a file cut anywhere is never called whole`() async throws {
        let whole = Array(export(wells: well(), samples: unknown()).utf8)
        for length in stride(from: 0, to: whole.count, by: 7) {
            let cut = OpenedSource(name: "plate.xml", bytes: Array(whole.prefix(length)))
            let reading = try await BioPlexAdapter().reading(cut)
            #expect(reading.status != 0)
            #expect(reading.end?.completeness.verdict != .yes)
            #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
        }
    }

    @Test(arguments: ["", " "])
    func `an empty number is none, and stays in the records`(text: String) async throws {
        let sample = unknown(reading: text, concentration: text).replacing("4.2E+001", with: text)
        let reading = try await reading(
            export(wells: well().replacing("24.1", with: text), samples: sample.replacing("0.0E+000", with: text)))
        #expect(reading.codes == [])
        let absent = reading.results.flatMap(\.measurements).filter { $0.quantity.absent == .empty }.map(\.name)
        #expect(absent == ["temperature", "concentration", "ObsConc StdDeviation", "fluorescence", "concentration"])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test(arguments: [
        ("Valid=\"true\" Code=\"0\"", "Valid=\"true\" Code=\"\"", MeasurementName.fluorescence),
        ("Valid=\"true\" Code=\"0\"", "Valid=\"true\"", .fluorescence), ("ReadErrorCode=\"0\"", "", .concentration),
        ("<StatsErrorCode Code=\"0\">OK</StatsErrorCode>", "", .mean),
    ])
    func `a number whose code is gone has no value`(old: String, new: String, name: MeasurementName) async throws {
        let reading = try await reading(export(wells: well(), samples: unknown().replacing(old, with: new)))
        #expect(reading.codes == ["bioplex.no-code"])
        let results = reading.results.suffix(2).filter { $0.flags.contains { $0.code.hasSuffix("Invalid") } }
        #expect(results.count == 1)
        #expect(results.first?.measurements.first { $0.standard == name }?.quantity.absent == .invalid)
    }

    @Test func `a region that stands twice in a well is told`() async throws {
        let sample = unknown()
        let start = try #require(sample.firstRange(of: "<MWAnalyte ")).lowerBound
        let end = try #require(sample.firstRange(of: "</MWAnalytes>")).lowerBound
        let twice = sample.replacing(sample[start..<end], with: sample[start..<end] + sample[start..<end])
        let reading = try await reading(export(wells: well(), samples: twice))
        #expect(reading.codes == ["bioplex.repeated-region"])
        #expect(reading.results.map(\.flags).last == [Flag("repeatedRegion", written: "14")])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `a region by a number that is none, and an empty volume, are told`() async throws {
        let odd = try await reading(
            export(
                wells: well().replacing("BeadRegion RegionNumber=\"0\"", with: "BeadRegion RegionNumber=\"O\""),
                samples: unknown()))
        #expect(odd.codes == ["bioplex.region"])
        #expect(odd.end?.completeness.verdict == .no)
        let empty = try await reading(export(wells: well().replacing("µl\">50<", with: "µl\"><"), samples: unknown()))
        #expect(empty.codes == [])
        #expect(empty.results.first?.injection?.volume?.absent == .empty)
    }

    @Test func `a size of the plate that is no number is told`() async throws {
        let text = export(wells: well(), samples: unknown()).replacing("Columns=\"12\"", with: "Columns=\"l2\"")
        let reading = try await reading(text)
        #expect(reading.codes == ["bioplex.plate"])
        #expect(reading.end?.completeness.verdict == .unknown)
    }

    @Test func `a well and an analyte that are there twice are told`() async throws {
        let wells = try await reading(export(wells: well() + well(), samples: unknown()))
        #expect(wells.codes == ["bioplex.repeated-well"])
        #expect(wells.results.count { $0.flags.contains(Flag("repeatedWell", written: "A1")) } == 3)
        let sample = unknown()
        let start = try #require(sample.firstRange(of: "<Analyte ")).lowerBound
        let end = try #require(sample.firstRange(of: "</Analytes>")).lowerBound
        let twice = sample.replacing(sample[start..<end], with: sample[start..<end] + sample[start..<end])
        let analytes = try await reading(export(wells: well(), samples: twice))
        #expect(analytes.codes == ["bioplex.repeated-region"])
        #expect(analytes.end?.completeness.verdict == .no)
    }

    @Test func `concentrations of a region without a standard curve are told to have no unit`() async throws {
        let text = export(wells: well(), samples: unknown()).replacing(
            "<Interpolator RegionNumber=\"14\"", with: "<Interpolator RegionNumber=\"l4\"")
        let reading = try await reading(text)
        #expect(reading.codes == ["bioplex.no-curve"])
        #expect(reading.results.last?.measurements.last?.quantity.unit == nil)
    }
}
