import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct FACSDivaAdapterTests {
    private func gate(_ path: String, _ events: String, parent: String? = nil, point: String = "x=\"1.5\" y=\"2\"") -> String {
        let name = path.split(separator: "\\").last ?? ""
        let region = "<region xparm=\"FSC-A\" yparm=\"SSC-A\"><points><point \(point)/></points></region>"
        return """
            <gate fullname="\(path)" type="Region_Classifier"><name>\(name)</name><color>0xff0000</color>
            <num_events>\(events)</num_events>\(parent.map { "<parent>\($0)</parent>\(region)" } ?? "")</gate>
            """
    }

    private func tube(
        _ gates: String, name: String = "T1", statistics: String = "",
        coefficients: [[String]] = [["1.0", "0.5"], ["0.0", "1.0"]],
        user: String = "mlind", tick: Int = 998, begin: String = "2024-10-14T15:13:10"
    ) -> String {
        let parameters = coefficients.enumerated().map { number, row in
            let cells = row.map { "<compensation_coefficient>\($0)</compensation_coefficient>" }.joined()
            return "<parameter name=\"P\(number + 1)\"><voltage>437</voltage><compensation>\(cells)</compensation></parameter>"
        }
        return """
            <tube name="\(name)"><data_filename>D:\\Data\\501.fcs</data_filename><data_begin_date>\(begin)</data_begin_date>
            <data_end_date>2024-10-14T15:13:22</data_end_date><data_instrument_name>Cyte</data_instrument_name>
            <time_tick_last_event>\(tick)</time_tick_last_event><record_user>\(user)</record_user>
            <keywords><keyword name="$OP" type="2"><description>who</description><value>\(user)</value></keyword></keywords>
            <instrument_settings name="S">\(parameters.joined())</instrument_settings>
            <gates>\(gates)</gates><statistics_calculations>\(statistics)</statistics_calculations></tube>
            """
    }

    private func experiment(_ tubes: String) -> String {
        """
        <bdfacs version="Version 6.2"><experiment name="E"><export_time>2024-10-14T15:27:27</export_time>
        <worksheet_config active_worksheet="Sheet1"><worksheet name="Sheet1"/></worksheet_config>
        <acquisition_worksheets><worksheet_template name="G"><gates>\(gate("All Events", "28095"))</gates></worksheet_template>
        </acquisition_worksheets><specimen name="Batch 12">\(tubes)</specimen>
        <carousel_mgr><specimen><name>Batch 12</name></specimen></carousel_mgr></experiment></bdfacs>
        """
    }

    private func reading(_ tubes: String) async throws -> AdapterReading {
        try await FACSDivaAdapter().reading(experiment(tubes), name: "e.xml")
    }

    private var gates: String { gate("All Events", "1000") + gate("All Events\\P1", "900", parent: "All Events") }

    @Test func `a tube is a sample of its specimen, its gates are counts by path`() async throws {
        let reading = try await reading(tube(gates))
        #expect(reading.codes.isEmpty)
        #expect(reading.runs.map(\.name) == ["E"])
        #expect(reading.runs.first?.instrument?.name == "Cyte")
        #expect(reading.runs.first?.operatorName == "mlind")
        #expect(reading.results.map(\.kind) == [.sample, .gate, .gate])
        #expect(reading.results.allSatisfy { $0.sample == Sample(name: "T1", batch: "Batch 12") })
        #expect(reading.results[0].extras["P1 compensation P2"] == "0.5")
        #expect(reading.results[0].extras["data_filename"] == "501.fcs")
        #expect(reading.results[2].analyte == Analyte(name: "P1", id: "All Events\\P1"))
        #expect(reading.results[2].measurements == [Measurement(.count, Quantity(written: "900", value: 900))])
        #expect(reading.results[2].extras["region/points/point@x"] == "1.5")
        #expect(reading.end?.completeness.verdict == .yes)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `the gates of templates are nobody's results`() async throws {
        let reading = try await reading(tube(gates))
        #expect(!reading.lines.contains("28095"))
        #expect(reading.runs.first?.extras["carousel_mgr/specimen/name"] == "Batch 12")
    }

    @Test func `gates of a recorded tube that hold nothing were not counted`() async throws {
        let none = gate("All Events", "0") + gate("All Events\\P1", "0", parent: "All Events")
        let recorded = try await reading(tube(none))
        #expect(recorded.codes == ["facsdiva.no-events"])
        #expect(recorded.results[1].measurements.first?.quantity.absent == .notReported)
        #expect(recorded.results[1].flags == [Flag("notCounted", written: "0")])
        #expect(recorded.status == 0)
        let empty = try await reading(tube(none, tick: 0))
        #expect(empty.codes.isEmpty)
        #expect(empty.results[1].measurements.first?.quantity.value == 0)
        let some = try await reading(tube(gate("All Events", "5") + gate("All Events\\P1", "0", parent: "All Events")))
        #expect(some.results[2].measurements.first?.quantity.value == 0)
    }

    @Test func `a gate with more events than the one around it is a contradiction`() async throws {
        let more = gate("All Events", "1000") + gate("All Events\\P1", "1001", parent: "All Events")
        let reading = try await reading(tube(more))
        #expect(reading.codes == ["facsdiva.count"])
        #expect(reading.results[2].flags.map(\.code) == ["moreThanParent"])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test(arguments: ["79O", "-4", "2.5", "1e999"])
    func `a count that is none leaves out its gate alone`(events: String) async throws {
        let reading = try await reading(tube(gate("All Events", "1000") + gate("All Events\\P1", events, parent: "All Events")))
        #expect(reading.results.map(\.kind) == [.sample, .gate])
        #expect(reading.end?.leftOut == 1)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `gates that cannot be placed are flagged`() async throws {
        let lost =
            gates + gate("All Events\\P9\\P3", "15", parent: "All Events\\P9") + gate("All Events\\P1", "9", parent: "All Events")
        let reading = try await reading(tube(lost))
        #expect(reading.codes == ["facsdiva.parent", "facsdiva.repeated-gate"])
        #expect(reading.results.map { $0.flags.map(\.code) } == [[], [], [], ["unknownParent"], ["repeatedGate"]])
        let point = try await self.reading(tube(gates.replacing("y=\"2\"", with: "y=\"two\"")))
        #expect(point.codes == ["facsdiva.region"])
    }

    @Test func `statistics are of a gate and a parameter, and NaN is no value`() async throws {
        let statistics = """
            <calculation_schedule gate="All Events\\P1" parameter="FITC-A"><calculation formula="Median" value="118.5"/>
            <calculation formula="SD" value="NaN"/><calculation formula="sum of squares" value="7"/></calculation_schedule>
            """
        let reading = try await reading(tube(gates, statistics: statistics))
        let result = try #require(reading.results.last)
        #expect(result.signal?.name == "FITC-A")
        #expect(result.analyte == Analyte(name: "P1", id: "All Events\\P1"))
        #expect(result.measurements.map(\.name) == ["median", "standardDeviation", "sum of squares"])
        #expect(result.measurements.map(\.quantity.value) == [118.5, nil, 7])
        let lost = try await self.reading(tube(gates, statistics: statistics.replacing("P1", with: "P7")))
        #expect(lost.codes == ["facsdiva.gate"])
    }

    @Test func `coefficients that are not as many as parameters are kept by number`() async throws {
        let reading = try await reading(tube(gates, coefficients: [["1.0", "0.5", "0.2"]]))
        #expect(reading.codes == ["facsdiva.compensation"])
        #expect(reading.results[0].extras["P1 compensation 3"] == "0.2")
    }

    @Test func `a Windows account goes nowhere`() async throws {
        let reading = try await reading(tube(gates, user: "LAB\\mlind"))
        #expect(!reading.lines.contains("mlind"))
        #expect(Set(reading.codes) == ["facsdiva.account"])
    }

    @Test func `data that end before they begin are told`() async throws {
        let reading = try await reading(tube(gates, begin: "2024-10-14T15:13:30"))
        #expect(reading.codes == ["facsdiva.times"])
    }

    @Test func `a file cut anywhere is never called whole`() async throws {
        let whole = Array(experiment(tube(gates)).utf8)
        for length in stride(from: 0, to: whole.count, by: 5) {
            let cut = OpenedSource(name: "e.xml", bytes: Array(whole.prefix(length)))
            let reading = try await FACSDivaAdapter().reading(cut)
            #expect(reading.status != 0)
            #expect(reading.end?.completeness.verdict != .yes)
            #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
        }
    }

    @Test(arguments: [("998", "99B"), ("998", ""), ("0<", "O<"), ("0<", "<"), ("998", "NaN"), ("0<", "NaN<")])
    func `zeros stay without a count where what proves it is garbled`(old: String, new: String) async throws {
        let none = gate("All Events", "0") + gate("All Events\\P1", "0", parent: "All Events")
        var text = tube(none)
        let place = try #require(text.firstRange(of: old == "998" ? "last_event>998" : "num_events>0<"))
        text.replaceSubrange(place, with: text[place].replacing(old, with: new))
        let reading = try await reading(text)
        #expect(reading.status != 0 || new == "<" || new == "NaN<")
        let counts = reading.results.flatMap(\.measurements).map(\.quantity)
        #expect(counts.count == (new == "O<" ? 1 : 2))
        #expect(counts.allSatisfy { $0.value == nil && $0.absent != nil })
    }

    @Test func `a point with a decimal comma is one where the file writes commas`() async throws {
        let text = experiment(tube(gates)).replacing("x=\"1.5\"", with: "x=\"1,5\"")
        let reading = try await FACSDivaAdapter().reading(text, given: GivenAssumptions(decimalMark: .comma))
        #expect(!reading.codes.contains("facsdiva.region"))
        let other = try await FACSDivaAdapter().reading(text)
        #expect(other.codes.contains("facsdiva.region"))
    }

    @Test func `statistics of one formula have names of their own`() async throws {
        let values = ["Median", "Median", "Median", "Other", "Other"].enumerated()
            .map { "<calculation formula=\"\($1)\" value=\"\($0)\"/>" }.joined()
        let schedule = "<calculation_schedule gate=\"All Events\" parameter=\"P1\">\(values)</calculation_schedule>"
        let reading = try await reading(tube(gates, statistics: schedule))
        #expect(reading.codes == [])
        let statistics = reading.results.last?.measurements ?? []
        #expect(statistics.map(\.name) == ["median", "Median (2)", "Median (3)", "Other", "Other (2)"])
        #expect(statistics.map(\.quantity.value) == [0, 1, 2, 3, 4])
    }

    @Test func `two tubes of one data file are told, and the second is marked`() async throws {
        let twice = try await reading(tube(gates) + tube(gates, name: "T2"))
        #expect(twice.codes == ["facsdiva.repeated-tube"] && twice.end?.completeness.verdict == .no)
        #expect(twice.results.map { $0.flags.map(\.code) == ["repeatedTube"] } == [false, false, false, true, true, true])
    }

    @Test func `a file without an experiment has no results, and says so`() async throws {
        let reading = try await FACSDivaAdapter().reading("<bdfacs version=\"Version 6.2\"/>", name: "e.xml")
        #expect(reading.codes == ["xml.no-results"] && reading.end?.completeness.verdict == .unknown)
    }
}
