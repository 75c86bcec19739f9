public import IngestCore
public import IngestPipeline
import Synchronization

/// Breaks samples in every way that files break in life, reads each mutant, and judges what became of its numbers.
///
/// The mutants are the same for the same seed. A mutant is read as the sample was found, by its content, among all adapters:
/// what one no longer recognises, another must not read as something else.
public struct MutationProof: Sendable {
    public let adapters: [any InstrumentAdapter]
    public var wish: Detection.Wish
    /// Of each kind and each text of a sample, at most; of files beyond 1 MB fewer, for each is read once for each mutant.
    public var mutantsOfAKind: Int
    public var seed: UInt64

    public init(adapters: [any InstrumentAdapter], wish: Detection.Wish = .anything, mutantsOfAKind: Int = 20, seed: UInt64 = 1) {
        self.adapters = adapters
        self.wish = wish
        self.mutantsOfAKind = mutantsOfAKind
        self.seed = seed
    }

    /// A mutant that stayed silent, to be looked at.
    public struct SilentCase: Sendable {
        public let sample: String
        /// The part of a bundle that was changed.
        public let part: String
        public let kind: MutationKind
        /// From 1 among those of its sample and kind.
        public let number: Int
        public let change: String
        public let difference: String
        public let bytes: [UInt8]
    }

    /// What became of the mutants of one sample.
    public struct Outcome: Sendable {
        public let sample: String
        public let adapter: String
        public var tallies: [MutationKind: MutationTally] = [:]
        public var silent: [SilentCase] = []
        /// The sample is broken already, or nothing of it can be read: it was not tried.
        public var isUnread = false
    }

    public func outcome(of sample: MutationSample) async throws -> Outcome {
        var outcome = Outcome(sample: sample.name, adapter: sample.adapter)
        let run = IngestRun(adapters: adapters, wish: wish(for: sample), given: sample.given)
        let original = try await run.reading(sample.opened())
        // A sample with faults of its own may be repaired by what breaks others.
        guard original.status == 0, let judge = MutationJudge(original) else {
            outcome.isUnread = true
            return outcome
        }
        for (part, var maker) in sample.makers() {
            let bytes = sample.parts[part].bytes
            let count = max(3, min(mutantsOfAKind, mutantsOfAKind * (1 << 20) / max(1, bytes.count)))
            for (index, kind) in MutationKind.allCases.enumerated() {
                let seed = seed &+ UInt64(part) &* 1_000 &+ UInt64(index)
                let mutants = maker.mutants(kind, count, of: bytes, seed: seed)
                let verdicts = try await verdicts(on: mutants, judge, run, sample, part)
                for (number, (mutant, verdict)) in zip(mutants, verdicts).enumerated() {
                    outcome.tallies[kind, default: MutationTally()].add(verdict)
                    guard case .silent(let difference) = verdict else { continue }
                    outcome.silent.append(
                        SilentCase(
                            sample: sample.name, part: sample.parts[part].name, kind: kind, number: number + 1,
                            change: mutant.change, difference: difference, bytes: mutant.bytes))
                }
            }
        }
        return outcome
    }

    /// By content, unless the sample put together in memory is no longer found so: an archive that was unpacked.
    private func wish(for sample: MutationSample) -> Detection.Wish {
        // One that cannot be told is one that has to be named.
        let found = try? Detection(sample.opened().opening, among: adapters, wish: wish)
        return found?.chosen.adapter.identity.name == sample.adapter ? wish : .format(sample.adapter)
    }

    /// Side by side, as many as the machine does at once; in the order of the mutants.
    private func verdicts(
        on mutants: [Mutant], _ judge: MutationJudge, _ run: IngestRun, _ sample: MutationSample, _ part: Int
    ) async throws -> [MutationVerdict] {
        try await withThrowingTaskGroup(of: (Int, MutationVerdict).self) { group in
            var verdicts = [MutationVerdict](repeating: .intact, count: mutants.count)
            for (index, mutant) in mutants.enumerated() {
                if index >= 4, let (done, verdict) = try await group.next() { verdicts[done] = verdict }
                group.addTask { @concurrent in
                    (index, judge.verdict(on: mutant, try await run.reading(sample.opened(part, mutant.bytes))))
                }
            }
            for try await (done, verdict) in group { verdicts[done] = verdict }
            return verdicts
        }
    }
}
