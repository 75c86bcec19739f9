import IngestCore
import Testing

@testable import ingest

/// What the summary counts while records pass.
struct SummaryTests {
    private func result(_ sample: String, injection: Int, peak: Int) -> ResultRecord {
        ResultRecord(
            kind: .peak, ordinal: peak, sample: Sample(name: sample), injection: Injection(ordinal: injection),
            measurements: [], location: SourceLocation(file: "x", line: peak))
    }

    @Test func `samples and injections are counted once, whatever the order of their rows`() async throws {
        let sink = SummarySink()
        try await sink.write(.run(RunRecord(name: "r1")))
        for (sample, injection) in [("A", 1), ("A", 1), ("A", 2), ("B", 1), ("A", 1), ("B", 1)] {
            #expect(sink.take(result(sample, injection: injection, peak: 1)))
        }
        try await sink.finish()
        #expect(sink.summary.samples == 2 && sink.summary.injections == 3 && sink.summary.first.count == 6)
    }

    @Test func `the same injection of another run is another one`() async throws {
        let sink = SummarySink()
        for run in ["r1", "r2"] {
            try await sink.write(.run(RunRecord(name: run)))
            var peak = result("A", injection: 1, peak: 1)
            peak.run = run
            _ = sink.take(peak)
            try await sink.write(.result(peak))
        }
        try await sink.finish()
        #expect(sink.summary.samples == 1 && sink.summary.injections == 2 && sink.summary.runCount == 2)
    }
}
