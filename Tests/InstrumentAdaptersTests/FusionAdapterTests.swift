import IngestCore
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct FusionAdapterTests {
    private let export = """
         ,WARNING: CSV format is subject to change without notice.

        Cal 7,SampleName,Concentration, ,NormalizedConcentration, ,Area, ,RT(s), 
        Detectors,,"A:tcd","B:tcd","A:tcd","B:tcd","A:tcd","B:tcd","A:tcd","B:tcd"
        Time (GMT -90 mins),,"H2","CO2","H2","CO2","H2","CO2","H2","CO2"
        2031-03-01 10:12:00,Gas,0.250000,0.750000,25.0000,75.0000,1250,3751,52.1,31.9
        2031-03-01 10:06:00,Gas,0.500000,0.500000,50.0000,50.0000,2500,2500,52.2,31.8
        2031-03-01 10:00:00,Gas,0.250000,0.250000,50.0000,50.0000,1250,1250,52.4,31.9
        % RSD, ,43.30127019,50.00000000 ,34.64101615,24.74358297 ,43.30127019,50.01333289 ,0.29244261,0.18117686

        """

    private func reading(_ text: String) async throws -> AdapterReading { try await FusionAdapter().reading(text) }

    @Test func `each component of each injection is a peak`() async throws {
        let reading = try await reading(export)
        #expect(reading.codes.isEmpty, "\(reading.diagnostics)")
        #expect(reading.results.map(\.analyte?.name) == ["H2", "CO2", "H2", "CO2", "H2", "CO2"])
        #expect(reading.results.map(\.signal?.name) == ["A:tcd", "B:tcd", "A:tcd", "B:tcd", "A:tcd", "B:tcd"])
        let peak = try #require(reading.results.dropFirst().first)
        #expect(peak.measurements.map(\.name) == ["concentration", "NormalizedConcentration", "area", "retentionTime"])
        #expect(peak.measurements.map(\.quantity.value) == [0.75, 75, 3751, 31.9])
        #expect(peak.measurements.map(\.quantity.unit) == [nil, nil, nil, .second])
        #expect(peak.injection?.acquired?.offsetText == "-01:30")
        #expect(peak.injection?.acquired?.offsetSource == .stated)
        #expect(reading.end?.completeness.verdict == .yes)
    }

    @Test(arguments: [6, 7, 8, 9])
    func `a row that is missing is told by the deviations`(line: Int) async throws {
        var lines = export.split(separator: "\n", omittingEmptySubsequences: false)
        lines.remove(at: line - 1)
        let reading = try await reading(lines.joined(separator: "\n"))
        #expect(reading.codes.contains(line == 9 ? "fusion.no-deviations" : "fusion.deviation"))
        #expect(reading.end?.completeness.verdict != .yes)
    }

    @Test(arguments: [
        ("0.500000,0.50", "0x500000,0.50", "table.not-a-number"), ("2500,2500", "5200,2500", "fusion.deviation"),
        ("0.500000,0.500000,50", "0.600000,0.500000,50", "fusion.share"), ("10:06:00", "10:12:00", "fusion.time-order"),
        ("2031-03-01 10:06:00", "2031-30-01 10:06:00", "table.not-a-time"), ("52.2,31.8", "52.2,", "fusion.empty"),
        ("52.2,31.8", "-52.2,31.8", "record.impossible-value"), ("% RSD, ,43.30127019", "% RSD, ,43x", "fusion.deviation"),
        ("(GMT -90 mins)", "(GMT)", "fusion.zone"), ("Area, ", "Aera, ", "fusion.unknown-group"),
        ("75.0000,1250,3751,", "75.0000,1250,", "table.short-row"),
    ])
    func `a damaged cell is told at its place`(cell: String, damaged: String, code: String) async throws {
        let reading = try await reading(export.replacing(cell, with: damaged, maxReplacements: 1))
        #expect(reading.codes.contains(code), "\(reading.codes)")
        #expect(reading.diagnostic(code)?.location.column != nil)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a component renamed in one group is read by itself and told`() async throws {
        var lines = export.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines[4] = "Time (GMT -90 mins),,\"H2\",\"CO2\",\"H2\",\"CO2\",\"H3\",\"CO2\",\"H2\",\"CO2\""
        let reading = try await reading(lines.joined(separator: "\n"))
        #expect(reading.codes == ["fusion.component"])
        #expect(reading.results.prefix(3).map(\.analyte?.name) == ["H2", "CO2", "H3"])
        #expect(reading.results.first?.measurements.map(\.name) == ["concentration", "NormalizedConcentration", "retentionTime"])
    }

    @Test func `what follows the deviations is left out and told once`() async throws {
        let reading = try await reading(export + export)
        #expect(reading.codes == ["fusion.second-table"])
        #expect(reading.results.count == 6)
        #expect(reading.end?.completeness.verdict == .no)
    }
}
