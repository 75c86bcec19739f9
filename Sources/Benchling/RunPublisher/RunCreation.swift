import FoundationEssentials
import IngestCore
import Publishing

/// Makes the runs of a file, each once: unsure, it looks before it acts.
struct RunCreation: Sendable {
    private let owner: RunPublication
    private let blobs: [String: String]
    /// The most runs sent at once; no limit is published.
    static let most = 100
    /// So often a call with an unsure outcome is looked after and made again before a person has to.
    static let attempts = 3

    init(_ owner: RunPublication, blobs: [String: String]) {
        self.owner = owner
        self.blobs = blobs
    }

    /// The id of each run, by record.
    func create(_ runs: [PlannedThing]) async throws -> [String: String] {
        var ids: [String: String] = [:]
        for thing in runs where thing.action == .skip { ids[thing.record] = thing.id }
        let missing = runs.enumerated().filter { $0.element.action == .create }
        for start in stride(from: 0, to: missing.count, by: Self.most) {
            let batch = Array(missing[start..<min(start + Self.most, missing.count)])
            ids.merge(try await create(batch, step: "runs:\(start / Self.most)")) { $1 }
        }
        try owner.mark(found: runs.enumerated().filter { $0.element.action == .skip }.map { ($0.offset, $0.element) })
        return ids
    }

    /// A call whose outcome is not known.
    private struct Attempt {
        var since: String
        /// Made by an earlier command, which has ended.
        var isFromBefore = false
        var sent: SentThings?
    }

    private func create(_ batch: [(offset: Int, element: PlannedThing)], step: String) async throws -> [String: String] {
        let key = EffectKey(owner.publication.id, step)
        var ids: [String: String] = [:]
        var unsure: Attempt?
        switch try owner.ledger.effect(key) {
        case .done(_, let detail, _): return detail.members.compactMapValues(\.string)
        case .intended(let detail, let at): unsure = Attempt(since: at, isFromBefore: true, sent: SentThings(json: detail))
        case nil: break
        }
        for attempt in 1...Self.attempts {
            var missing = batch.filter { ids[$0.element.record] == nil }
            if let earlier = unsure {
                ids.merge(try await settle(missing, earlier, key)) { $1 }
                missing.removeAll { ids[$0.element.record] != nil }
            }
            if missing.isEmpty { break }
            try owner.ledger.intend(
                key, detail: SentThings(batch.map(\.element), project: owner.plan.header.project).json,
                things: missing.map { $0.element.published(by: owner.publication.id, ordinal: $0.offset) })
            let since = unsure?.since ?? Date.now.formatted(.iso8601)
            do {
                let given = try await owner.client.createRuns(try missing.map { try record($0.element) })
                let keeps = try note(given, for: missing.map(\.element))
                for (thing, id) in zip(missing, given) { ids[thing.element.record] = keeps ? thing.element.id : id }
                break
            } catch let failure as BenchlingFailure {
                switch failure.kind {
                case .unsure where attempt < Self.attempts:
                    unsure = Attempt(since: since)
                    continue
                case .refused, .notFound:
                    // Perhaps because an earlier attempt made it after all.
                    let there = try await look(missing, since: since, patiently: unsure != nil)
                    ids.merge(there) { $1 }
                    guard there.count == missing.count else {
                        if there.isEmpty { try owner.ledger.retract(key) }
                        throw PublishingStopped(
                            owner.diagnostics(failure, missing.map(\.element)), isUnfinished: !there.isEmpty || !blobs.isEmpty)
                    }
                default: throw failure
                }
            }
        }
        try owner.ledger.complete(
            key, id: ids[batch[0].element.record] ?? "", detail: .object(ids.mapValues { .string($0) }),
            things: batch.map { published($0.element, $0.offset, ids) })
        return ids
    }

    /// What a call with an unsure outcome has made, by record; what is not among it may be sent again.
    private func settle(
        _ missing: [(offset: Int, element: PlannedThing)], _ attempt: Attempt, _ key: EffectKey
    ) async throws -> [String: String] {
        let sent = missing.map { ($0.offset, attempt.sent?.asSent($0.element) ?? $0.element) }
        var ids = try await look(sent, since: attempt.since)
        if ids.count < sent.count, try owner.choosesRunIDs() {
            guard attempt.isFromBefore else { throw lost(sent.count - ids.count) }
            try await owner.lag.waitOut(sinceIntent: attempt.since, because: RunSearch.reason)
            let rest = sent.filter { ids[$0.1.record] == nil }
            ids.merge(try await look(rest, since: attempt.since, waits: [0])) { $1 }
            if ids.isEmpty { try owner.ledger.retract(key) }
        }
        for (now, before) in zip(missing, sent) where ids[now.element.record] != nil && now.element.fields != before.1.fields {
            throw Diagnostic(
                "publish.conflict",
                "run \(ids[now.element.record] ?? "") was made by an earlier command, with other values than the mapping gives now",
                at: SourceLocation(file: owner.plan.header.file),
                hint: "take back what was begun with ingest undo \(owner.publication.id.prefix(8)), then run the command again")
        }
        return ids
    }

    private func record(_ thing: PlannedThing) throws -> NewRecord {
        NewRecord(
            id: thing.id, schema: thing.schema, project: owner.plan.header.project,
            fields: try thing.fields.mapValues { try $0.sent(run: nil, blobs: blobs) })
    }

    private func published(_ thing: PlannedThing, _ ordinal: Int, _ ids: [String: String]) -> PublishedThing {
        var published = thing.published(by: owner.publication.id, ordinal: ordinal, state: .live)
        published.id = ids[thing.record] ?? thing.id
        return published
    }

    /// They were sent, and cannot be found again.
    private func lost(_ count: Int) -> Diagnostic {
        Diagnostic(
            "publish.unsure",
            "\(count) run\(count == 1 ? " was" : "s were") sent, and the tenant does not show whether \(count == 1 ? "it is" : "they are") there",
            at: SourceLocation(file: owner.plan.header.file),
            hint: "run the same command again: it looks again, and goes on from there")
    }

    /// Whether the tenant keeps the ids we choose shows in its answer.
    private func note(_ given: [String], for things: [PlannedThing]) throws -> Bool {
        guard given.count == things.count else {
            throw BenchlingFailure(
                .unsure, call: "POST /assay-runs", status: 200,
                message: "\(things.count) runs were sent and \(given.count) ids came back")
        }
        // In whatever order: ours are ours.
        let keeps = Set(given) == Set(things.map(\.id))
        try owner.ledger.setKeepsIDs(keeps, tenant: owner.tenant.identity)
        return keeps
    }

    // MARK: Looking

    /// Which of the runs are there, by record.
    /// - Parameter patiently: Whether it is also looked for under an id of the tenant's choosing: a call with an unsure outcome
    ///   may have made it.
    private func look(
        _ things: [(offset: Int, element: PlannedThing)], since: String, patiently: Bool = true,
        waits: [Double] = RunSearch.waits
    ) async throws -> [String: String] {
        var ids: [String: String] = [:]
        for (_, thing) in things {
            if let stored = try await owner.client.run(thing.id, isNew: true) {
                let differences = StoredDifference.fields(of: thing, from: stored, run: nil)
                guard differences.isEmpty else {
                    throw Diagnostic(
                        "publish.conflict", "run \(thing.id) is there with other values: \(differences.joined(separator: "; "))",
                        at: SourceLocation(file: owner.plan.header.file),
                        hint: "take back what was begun with ingest undo \(thing.id.prefix(8)), then run the command again")
                }
                ids[thing.record] = stored.id
            }
        }
        guard patiently, ids.count < things.count, try owner.ledger.keepsIDs(tenant: owner.tenant.identity) != true else {
            return ids
        }
        let rest = things.filter { ids[$0.element.record] == nil }
        let search = RunSearch(tenant: owner.tenant, ledger: owner.ledger, project: owner.plan.header.project)
        ids.merge(
            try await search.look(rest.map(\.element), since: since, waits: waits) { thing, id in
                guard let found = rest.first(where: { $0.element.record == thing.record }) else { return }
                try owner.ledger.mark([published(thing, found.offset, [thing.record: id])])
            }
        ) { $1 }
        return ids
    }
}
