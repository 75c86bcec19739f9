import BenchlingSandbox
import IngestTesting
import Testing

/// Histories by chance, the same for the same seed: publish, correct, publish again, undo.
@Suite(.serialized) struct HistoryTests {
    private enum Step: CaseIterable { case publish, correct, again, undo }

    /// Which version of each run is live; what every step has to leave.
    private struct Model {
        var current: [Series], live: [Series?]
        var expected: [Series] { live.compactMap(\.self) }
    }

    @Test(arguments: [TenantKind.keeping, .ignoring], 1...UInt64(SeededGenerator.trials(3)))
    func `after every step exactly the last publication of each run is live, and after the last undo nothing`(
        kind: TenantKind, seed: UInt64
    ) async throws {
        try await Laboratory.with(kind) { laboratory async throws in
            var random = SeededGenerator(seed: seed)
            var model = Model(
                current: try (1...3).map { try Series(run: $0, count: $0 * 2) }, live: [nil, nil, nil])
            var history: [String] = []
            for _ in 0..<14 {
                let run = Int.random(in: 0..<3, using: &random)
                let step = Step.allCases.randomElement(using: &random) ?? .publish
                history.append("\(step) \(run + 1)")
                let status = try await Self.take(step, run, &model, laboratory)
                let findings = try Findings(laboratory, live: model.expected)
                #expect(status && findings.isClean, "\(history), \(findings); \(laboratory.told)")
            }
            for run in 0..<3 {
                #expect(try await Self.take(.undo, run, &model, laboratory))
            }
            let findings = try Findings(laboratory, live: [])
            #expect(findings.isClean, "\(findings)")
            let census = try laboratory.sandbox.census()
            #expect(census.liveRuns == 0 && census.liveResults == 0 && census.openTransactions == 0 && census.openBlobs == 0)
        }
    }

    /// - Returns: Whether the status was the one it has to be.
    private static func take(_ step: Step, _ run: Int, _ model: inout Model, _ laboratory: Laboratory) async throws -> Bool {
        let isLive = model.live[run].map { $0.version == model.current[run].version } ?? false
        switch step {
        case .undo:
            guard let live = model.live[run] else { return try await laboratory.undo(model.current[run]) == 4 }
            model.live[run] = nil
            return try await laboratory.undo(live) == 0
        case .correct:
            let old = model.current[run]
            model.current[run] = try Series(run: old.run, version: old.version + 1, count: old.count)
            model.live[run] = model.current[run]
            return try await laboratory.publish(model.current[run]) == 0
        case .publish:
            model.live[run] = model.current[run]
            return try await laboratory.publish(model.current[run]) == (isLive ? 4 : 0)
        case .again:
            model.live[run] = model.current[run]
            return try await laboratory.publish(model.current[run], Laboratory.Command(again: true)) == 0
        }
    }
}
