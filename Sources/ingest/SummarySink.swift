import IngestCore
import IngestPipeline

/// Counts what passes and keeps the first results, for showing.
final class SummarySink: RecordSink {
    struct Summary: Sendable {
        var runs: [RunRecord] = []
        var runCount = 0
        var samples = 0
        var injections = 0
        var first: [ResultRecord] = []
        var traces: [TraceRecord] = []
        /// The sets behind the counts grew too large to go on; the counts are lower bounds.
        var isOpenEnded = false
    }

    private(set) var summary = Summary()
    private var samples: Set<Int> = []
    private var injections: Set<Int> = []
    private let subject = RepeatedSubject()

    /// The most distinct samples or injections that are told apart: memory stays small for any file.
    private static let mostDistinct = 200_000

    func write(_ record: Record) async throws {
        switch record {
        case .run(let run):
            summary.runCount += 1
            subject.forget()
            if summary.runs.count < 20 { summary.runs.append(run) }
        case .result(let result): _ = take(result)
        case .trace(let trace):
            if summary.traces.count < 20 { summary.traces.append(trace) }
            count(trace.sample, trace.injection, trace.position, trace.run)
        default: break
        }
    }

    func take(_ result: borrowing ResultRecord) -> Bool {
        if summary.first.count < 10 { summary.first.append(copy result) }
        let isRepeated = withUnsafePointer(to: result) { subject.isRepeated(by: $0) }
        if !isRepeated { count(result.sample, result.injection, result.position, result.run) }
        return true
    }

    func finish() async throws {
        summary.samples = samples.count
        summary.injections = injections.count
    }

    private func count(_ sample: Sample?, _ injection: Injection?, _ position: Position?, _ run: String) {
        guard samples.count < Self.mostDistinct, injections.count < Self.mostDistinct else {
            summary.isOpenEnded = true
            return
        }
        if let sample { samples.insert([sample.name, sample.id, sample.barcode].hashValue) }
        if let injection {
            var hasher = Hasher()
            hasher.combine(run)
            hasher.combine(sample)
            hasher.combine(injection)
            hasher.combine(position)
            injections.insert(hasher.finalize())
        }
    }
}
