import IngestCore
import IngestTesting
import TabularText
import Testing

/// Reads a preamble and the rows below `Sample`.
private struct ReportAdapter: InstrumentAdapter {
    let identity = AdapterIdentity("report", version: 1, instrument: "a test")

    func recognize(_ opening: SourceOpening) -> Recognition { .certain(because: "a test") }

    func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let report = try await TabularReport(source, headerStartsWith: "Sample")
        try await output.begin(RunRecord(extras: report.preamble.unread))
        for try await row in report.rows {
            try await output.emitResult {
                ResultRecord(
                    kind: .sample, sample: Sample(name: try row.text("Sample")),
                    measurements: [Measurement(.pH, try row.quantity("pH", .pH))], extras: row.unread,
                    location: row.location)
            }
        }
    }
}

@Test func `without a header the error says so alone`() async throws {
    let reading = try await ReportAdapter().reading("Instrument,S7\nOperator,R. Vance\nSmaple,pH\nA,7.02\n")
    #expect(reading.codes == ["table.no-header"])
    #expect(reading.end == nil)
    #expect(reading.status == 2)
}

@Test func `with a header the preamble and every row are accounted for`() async throws {
    let reading = try await ReportAdapter().reading("Instrument,S7\n\nSample,pH,Note\nA,7.02,warm\nB,7.1,\n")
    #expect(reading.codes.isEmpty)
    #expect(reading.runs.first?.extras == ["Instrument": "S7"])
    #expect(reading.results.map(\.extras) == [["Note": "warm"], [:]])
    #expect(reading.end?.coverage == Coverage(values: 10, measured: 2, described: 6, extras: 2))
}
