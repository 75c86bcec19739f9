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

    private func create(_ batch: [(offset: Int, element: PlannedThing)], step: String) async throws -> [String: String] {
        let key = EffectKey(owner.publication.id, step)
        var ids: [String: String] = [:]
        var since: String?
        var wasUnsure = false, isFromBefore = false
        switch try owner.ledger.effect(key) {
        case .done(_, let detail, _): return detail.members.compactMapValues(\.string)
        case .intended(_, let at):
            since = at
            wasUnsure = true
            isFromBefore = true
        case nil: break
        }
        for attempt in 1...Self.attempts {
            var missing = batch.filter { ids[$0.element.record] == nil }
            if wasUnsure, let moment = since {
                ids.merge(try await look(missing.map(\.element), since: moment)) { $1 }
                missing.removeAll { ids[$0.element.record] != nil }
                if !missing.isEmpty, try owner.choosesRunIDs() {
                    guard isFromBefore else { throw lost(missing.count) }
                    try await owner.lag.waitOut(since: moment, because: RunSearch.reason)
                    ids.merge(try await look(missing.map(\.element), since: moment)) { $1 }
                    missing.removeAll { ids[$0.element.record] != nil }
                    // Not made, so what is sent now is the first of it.
                    if ids.isEmpty {
                        try owner.ledger.retract(key)
                        since = nil
                    }
                    isFromBefore = false
                }
            }
            if missing.isEmpty { break }
            try owner.ledger.intend(
                key, detail: SentRuns(missing.map(\.element), project: owner.plan.header.project).json,
                things: missing.map { $0.element.published(by: owner.publication.id, ordinal: $0.offset) })
            since = since ?? Date.now.formatted(.iso8601)
            do {
                let given = try await owner.client.createRuns(try missing.map { try record($0.element) })
                try note(given, for: missing.map(\.element))
                for (thing, id) in zip(missing, given) { ids[thing.element.record] = id }
                break
            } catch let failure as BenchlingFailure {
                switch failure.kind {
                case .unsure where attempt < Self.attempts:
                    wasUnsure = true
                    continue
                case .refused, .notFound:
                    // Perhaps because an earlier attempt made it after all.
                    let there = try await look(missing.map(\.element), since: since ?? "", patiently: wasUnsure)
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
    private func note(_ given: [String], for things: [PlannedThing]) throws {
        guard given.count == things.count else {
            throw BenchlingFailure(
                .unsure, call: "POST /assay-runs", status: 200,
                message: "\(things.count) runs were sent and \(given.count) ids came back")
        }
        try owner.ledger.setKeepsIDs(zip(given, things).allSatisfy { $0 == $1.id }, tenant: owner.tenant.identity)
    }

    // MARK: Looking

    /// Which of the runs are there, by record.
    /// - Parameter patiently: Whether it is also looked for under an id of the tenant's choosing: a call with an unsure outcome
    ///   may have made it.
    private func look(
        _ things: [PlannedThing], since: String, patiently: Bool = true
    ) async throws -> [String: String] {
        var ids: [String: String] = [:]
        for thing in things {
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
        let search = RunSearch(tenant: owner.tenant, ledger: owner.ledger, project: owner.plan.header.project)
        ids.merge(try await search.look(things.filter { ids[$0.record] == nil }, since: since)) { $1 }
        return ids
    }
}
