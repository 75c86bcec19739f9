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

    // MARK: What has ids that nobody knows

    /// Finds by their run the results whose ids nobody knows, once they had time enough to show.
    /// - Returns: False when it cannot be told which results of the run are ours.
    private func adoptResults(of publication: Publication) async throws -> Bool {
        let open = try ledger.openEffects(of: publication.id).filter {
            $0.key.step.hasPrefix("results") || $0.key.step.hasPrefix("commit")
        }
        let sent = open.lazy.compactMap { SentThings(json: $0.detail) }.first
        let things = try ledger.things(of: publication.id)
        let meant = things.filter { $0.kind == .result && $0.state == .intended }
        let lag = ListLag(pace: client.pace)
        var waits = RunSearch.waits
        if let last = open.last, case .intended(_, let since) = try ledger.effect(last.key) {
            waits.append(lag.left(sinceIntent: since))
        }
        var isClear = true
        for wait in waits {
            if wait > 0 { try await client.pace.wait(wait, because: ResultSearch.reason) }
            var found = try await unknownResults(things)
            if let sent {
                for schema in Set(sent.things.filter { !$0.isLinkedToRun }.map(\.schema)) {
                    found += try await ResultSearch.unlinked(schema, since: publication.startedAt, client, ledger)
                }
            }
            // Without what was sent only the number tells: a transaction shows all of its results or none.
            let ids = sent.map { matches(of: $0, among: found) } ?? Dictionary(zip(meant.map(\.record), found.map(\.id))) { $1 }
            isClear = sent != nil || found.isEmpty || found.count == meant.count
            guard isClear, !ids.isEmpty else { continue }
            try ledger.mark(meant.compactMap { thing in ids[thing.record].map { thing.live($0) } })
            if ids.count == meant.count { break }
        }
        return isClear
    }

    /// The live results of the publication's runs whose ids are not in the ledger.
    private func unknownResults(_ things: [PublishedThing]) async throws -> [StoredRecord] {
        let runs = things.filter { $0.kind == .run && $0.state != .found }.map(\.id)
        let known = Set(things.filter { $0.kind == .result && $0.state != .intended }.map(\.id))
        guard !runs.isEmpty else { return [] }
        var found: [StoredRecord] = []
        for schema in tenant.schemas where schema.isLinkedToRuns {
            found += try await client.results(schema: schema.id, runs: runs, archived: false)
        }
        return found.filter { !known.contains($0.id) }
    }

    /// The id of each that has the values that were sent, by record; each result stands for one.
    private func matches(of sent: SentThings, among found: [StoredRecord]) -> [String: String] {
        var left = found
        var ids: [String: String] = [:]
        for thing in sent.things {
            guard let match = left.firstIndex(where: { $0.schema == thing.schema && $0.has(thing, run: nil) }) else { continue }
            ids[thing.record] = left.remove(at: match).id
        }
        return ids
    }

    /// Finds runs whose answer was lost by what was sent, once they had time enough to show.
    /// - Returns: False when the ledger does not say what that was.
    private func adoptRuns(of publication: Publication) async throws -> Bool {
        let lag = ListLag(pace: client.pace)
        for (key, detail) in try ledger.openEffects(of: publication.id) where key.step.hasPrefix("runs") {
            guard let sent = SentThings(json: detail), case .intended(_, let since) = try ledger.effect(key) else { return false }
            let meant = try ledger.things(of: publication.id).filter { $0.kind == .run && $0.state == .intended }
            let things = sent.things.filter { thing in meant.contains { $0.record == thing.record } }
            let search = RunSearch(tenant: tenant, ledger: ledger, project: sent.project)
            for wait in RunSearch.waits + [lag.left(sinceIntent: since)] {
                if wait > 0 { try await client.pace.wait(wait, because: RunSearch.reason) }
                let candidates = try await search.candidates(for: things, since: since)
                guard candidates.count <= things.count else { throw ambiguous(candidates, publication) }
                if candidates.count == things.count { break }
            }
            // One that is not there by now was never made.
            _ = try await search.look(things, since: since, waits: [0]) { thing, id in
                try ledger.mark(meant.filter { $0.record == thing.record }.map { $0.live(id) })
            }
        }
        return true
    }

    private func ambiguous(_ runs: [String], _ publication: Publication) -> Diagnostic {
        Diagnostic(
            "publish.unknown-ids",
            "\(publication.file) is published in part, and the id of its run is not known: it may be one of \(runs.joined(separator: ", "))",
            at: SourceLocation(file: publication.file),
            hint: "nothing was archived; archive the right one in Benchling, then run this command again")
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
        if runs ? try await adoptRuns(of: publication) : try await adoptResults(of: publication) { return }
        throw Diagnostic(
            "publish.unknown-ids",
            "\(publication.file) is published in part, and this tenant gives its own ids, or may: what was made is not all known",
            at: SourceLocation(file: publication.file),
            hint: "nothing was archived; finish it first with the command that began it, then run this one again")
    }
}

extension PublishedThing {
    /// The same, found to be there under this id.
    fileprivate func live(_ id: String) -> PublishedThing {
        var thing = self
        thing.id = id
        thing.state = .live
        return thing
    }
}
