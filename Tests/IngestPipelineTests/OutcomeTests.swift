import IngestCore
import Testing

@testable import IngestPipeline

/// The status of a reading, from what came of it.
struct OutcomeTests {
    private func status(
        _ verdict: Completeness.Verdict = .unknown, leftOut: Int = 0, told: [Diagnostic.Severity] = []
    ) -> Int32 {
        var outcome = IngestRun.Outcome(
            diagnostics: told.map { Diagnostic($0, "x.y", "so it is", at: SourceLocation(file: "x.csv")) })
        outcome.end = EndRecord(
            results: 3, leftOut: leftOut, traces: 0, points: 0, coverage: Coverage(),
            completeness: Completeness(verdict, why: ""))
        return outcome.status
    }

    @Test func `everything read is 0, whatever there is to note of it`() {
        #expect(status() == 0 && status(.yes) == 0 && status(told: [.warning, .note]) == 0)
    }

    @Test func `rows left out are 1, and so is any error`() {
        #expect(status(leftOut: 1) == 1 && status(.yes, told: [.warning, .error]) == 1)
    }

    @Test func `nothing usable is 2`() {
        #expect(status(.no) == 2 && status(.no, leftOut: 1) == 2)
        #expect(IngestRun.Outcome(diagnostics: []).status == 2)
    }
}
