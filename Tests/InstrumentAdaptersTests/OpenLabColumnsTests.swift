import IngestCore
import IngestTesting
import InstrumentAdapters
import Testing

/// What columns of OpenLab's compound tables mean.
struct OpenLabColumnsTests {
    private func reading(_ compounds: String, description: String = "x") async throws -> AdapterReading {
        try await OpenLabAdapter().reading(
            """
            Sequence name:,SEQ-1
            Description:,\(description)
            Acquisition date:,2024-03-20 19:02:33+01:00

            Line#,Location,Sample Name,Sample Type,Injection Date
            2,D1F-A1,L7,Sample,2024-03-20 19:10:21+01:00

            \(compounds)
            """)
    }

    @Test(arguments: ["Type", "Peak Type"])
    func `the type of a peak is no role of its sample, and tells what was integrated by hand`(heading: String) async throws {
        let reading = try await reading(
            "Line#,Compound,\(heading),RT [min],Area\n2,Formic acid,MM,15.2,534.8\n2,Acetic acid,BB,16.2,534.8\n")
        #expect(reading.results.map { $0.extras[heading] } == ["MM", "BB"])
        #expect(reading.results.map { $0.flags.map(\.code) } == [["manualIntegration"], []])
        #expect(reading.results.allSatisfy { $0.sample?.role == .unknown })
        #expect(reading.codes.isEmpty)
    }

    @Test func `a heading that stands in a text only is none`() async throws {
        let reading = try await OpenLabAdapter().reading(
            "Sequence name:,S\nDescription:,\"Line#,a\n\nLine#,b\"\nAcquisition date:,2024-03-20 19:02:33+01:00\nfoo,bar\n")
        #expect(reading.codes == ["openlab.no-injection-table"])
        #expect(reading.status == 2)
    }

    @Test func `a row with a decimal comma in one number is not shifted`() async throws {
        let reading = try await reading(
            "Line#,Compound,Sample Name,RT [min],Area,Amount\n2,Propanol,L7,26.431,4663.5,\n2,Butanol,L7,26,544,4664.4,\n")
        #expect(reading.codes == ["table.long-row"])
        #expect(reading.results.map { $0.analyte?.name } == ["Propanol"])
    }
}
