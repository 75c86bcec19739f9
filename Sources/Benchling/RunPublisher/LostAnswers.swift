import IngestCore
import Publishing

/// Finds what an unfinished publication made at a tenant that gives ids of its own, where the answer with the ids was lost: so
/// that it can be archived.
struct LostAnswers: Sendable {
    let ledger: any Ledger
    let tenant: Tenant
    private var client: BenchlingClient { tenant.client }

    /// Finds by their run the results whose ids nobody knows, once they had time enough to show.
    /// - Returns: False when it cannot be told which results of the run are ours.
    func adoptResults(of publication: Publication) async throws -> Bool {
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
    func adoptRuns(of publication: Publication) async throws -> Bool {
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
