import IngestCore
import Publishing

/// Archives the live results and runs that a publication made, results first: a run without results misleads less than
/// results without a run.
struct Archiving: Sendable {
    let ledger: any Ledger
    let client: BenchlingClient

    struct Outcome: Sendable {
        var archived = 0, already = 0, gone = 0
    }

    @discardableResult
    func archive(_ publication: Publication, reason: ArchiveReason) async throws -> Outcome {
        try requireKnownIDs(of: publication)
        try await abandonTransaction(of: publication)
        let things = try ledger.things(of: publication.id)
        var outcome = Outcome()
        let results = things.filter { $0.kind == .result && $0.state != .found && $0.state != .archived }
        for start in stride(from: 0, to: results.count, by: 200) {
            let batch = Array(results[start..<min(start + 200, results.count)])
            let stored = try await client.results(batch.map(\.id))
            let live = stored.filter { $0.archived == nil }.map(\.id)
            if !live.isEmpty { try await client.archiveResults(live, reason: reason) }
            try settle(batch, stored, live.count, &outcome)
        }
        let runs = things.filter { $0.kind == .run && $0.state != .found && $0.state != .archived }
        for run in runs {
            let stored = try await client.run(run.id)
            if let stored, stored.archived == nil { try await client.archiveRuns([run.id], reason: reason) }
            try settle([run], [stored].compactMap(\.self), stored.map { $0.archived == nil ? 1 : 0 } ?? 0, &outcome)
        }
        return outcome
    }

    private func settle(
        _ things: [PublishedThing], _ stored: [StoredRecord], _ archived: Int, _ outcome: inout Outcome
    ) throws {
        let there = Set(stored.map(\.id))
        outcome.archived += archived
        outcome.already += stored.count - archived
        outcome.gone += things.count { !there.contains($0.id) }
        try ledger.mark(
            things.filter { there.contains($0.id) }.map { thing in
                var thing = thing
                thing.state = .archived
                return thing
            })
    }

    /// An unfinished publication may have left a transaction open: what is in it never becomes visible.
    private func abandonTransaction(of publication: Publication) async throws {
        guard publication.state == .open else { return }
        var rounds = Set(
            try ledger.openEffects(of: publication.id).compactMap { $0.key.step.split(separator: ":").last.map(String.init) })
        rounds.insert("\(try ledger.things(of: publication.id).count { $0.kind == .result && $0.state != .intended })")
        for round in rounds {
            guard case .done(let transaction, _, _) = try ledger.effect(EffectKey(publication.id, "transaction:" + round)) else {
                continue
            }
            if case .done = try ledger.effect(EffectKey(publication.id, "commit:" + round)) { continue }
            // No longer open: if it was committed, its results are found by their ids.
            _ = try await client.abort(transaction)
        }
    }

    /// Where the tenant chooses ids itself, an effect whose answer was lost is known by no id: the run's results tell.
    func requireKnownIDs(of publication: Publication) throws {
        guard publication.state == .open, try ledger.keepsIDs(tenant: publication.tenant) == false else { return }
        guard try !ledger.openEffects(of: publication.id).isEmpty else { return }
        throw Diagnostic(
            "publish.unknown-ids",
            "\(publication.file) is published in part, and this tenant gives its own ids: what was made is not all known",
            at: SourceLocation(file: publication.file),
            hint: "nothing was archived; finish it first with the command that began it, then run this one again")
    }
}
