import IngestCore
import Publishing

/// Archives the live results and runs that a publication made, results first: a run without results misleads less than
/// results without a run.
struct Archiving: Sendable {
    let ledger: any Ledger
    let tenant: Tenant
    private var client: BenchlingClient { tenant.client }

    struct Outcome: Sendable {
        var archived = 0, already = 0, gone = 0
    }

    @discardableResult
    func archive(_ publication: Publication, reason: ArchiveReason) async throws -> Outcome {
        let isAbandoned = try await abandonTransaction(of: publication)
        try await checkAllIsKnown(of: publication, resultsAreNot: isAbandoned)
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
            let stored = try await client.run(run.id, isNew: run.state == .intended)
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

    /// Live results of other people, or of other publications, that belong to runs of this one.
    func othersResults(of publication: Publication) async throws -> [String] {
        let things = try ledger.things(of: publication.id)
        let runs = things.filter { $0.kind == .run && $0.state == .archived }.map(\.id)
        guard !runs.isEmpty else { return [] }
        let ours = Set(things.filter { $0.kind == .result }.map(\.id))
        var others: [String] = []
        for schema in tenant.schemas where schema.isLinkedToRuns {
            others += try await client.results(schema: schema.id, runs: runs, archived: false).map(\.id)
        }
        return others.filter { !ours.contains($0) }
    }

    /// An unfinished publication may have left a transaction open: what is in it never becomes visible.
    /// - Returns: Whether it is known that the results of one were never committed.
    private func abandonTransaction(of publication: Publication) async throws -> Bool {
        guard publication.state == .open else { return false }
        var isAbandoned = false
        let live = try ledger.things(of: publication.id).count { $0.kind == .result && $0.state != .intended }
        for round in Set([0, live]) {
            guard case .done(let transaction, _, _) = try ledger.effect(EffectKey(publication.id, "transaction:\(round)")),
                case let commit = try ledger.effect(EffectKey(publication.id, "commit:\(round)")), !isDone(commit)
            else { continue }
            // No longer open: if it was committed, its results are found by their ids.
            if try await client.abort(transaction) || commit == nil { isAbandoned = true }
        }
        return isAbandoned
    }

    private func isDone(_ effect: EffectState?) -> Bool { if case .done = effect { true } else { false } }

    /// Whether everything that was meant is found by the id it was meant to have.
    private func isAllThere(_ publication: Publication, withResults: Bool) async throws -> Bool {
        let meant = try ledger.things(of: publication.id).filter { $0.state == .intended && $0.kind != .blob }
        for run in meant where run.kind == .run { guard try await client.run(run.id, isNew: true) != nil else { return false } }
        guard withResults else { return true }
        let results = meant.filter { $0.kind == .result }.map(\.id)
        return try await client.results(results).count == results.count
    }

    /// Where the tenant chooses ids itself, an effect whose answer was lost is known by no id: what was sent tells of runs, and
    /// the run of its results.
    private func checkAllIsKnown(of publication: Publication, resultsAreNot isAbandoned: Bool) async throws {
        guard publication.state == .open else { return }
        let open = try ledger.openEffects(of: publication.id).map(\.key.step)
        let runs = open.contains { $0.hasPrefix("runs") }
        let results = !isAbandoned && open.contains { $0.hasPrefix("results") || $0.hasPrefix("commit") }
        // Not known to keep ids is not known to have been asked in vain: what is there may have another id.
        guard
            try runs && ledger.keepsIDs(tenant: publication.tenant) != true
                || results && ledger.keepsIDs(tenant: publication.tenant + "#results") != true
        else { return }
        guard try await !isAllThere(publication, withResults: results) else { return }
        let lost = LostAnswers(ledger: ledger, tenant: tenant)
        if runs ? try await lost.adoptRuns(of: publication) : try await lost.adoptResults(of: publication) { return }
        throw Diagnostic(
            "publish.unknown-ids",
            "\(publication.file) is published in part, and this tenant gives its own ids, or may: what was made is not all known",
            at: SourceLocation(file: publication.file),
            hint: "nothing was archived; finish it first with the command that began it, then run this one again")
    }
}
