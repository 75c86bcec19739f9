import FoundationEssentials
import IngestCore
import Publishing

/// Makes the results of a file: up to 100 in one call, more in a transaction, so that nobody ever sees half a file.
struct ResultCreation: Sendable {
    let owner: RunPublication
    let outline: PlanOutline
    /// The ids of runs and blobs, by record.
    let runs: [String: String], blobs: [String: String]
    /// How many results of this publication stand already: results that are added to it later are effects of their own.
    private let round: Int
    /// The most results a call takes.
    static let most = 100

    init(_ owner: RunPublication, _ outline: PlanOutline, runs: [String: String], blobs: [String: String]) throws {
        self.owner = owner
        self.outline = outline
        self.runs = runs
        self.blobs = blobs
        round = try owner.ledger.things(of: owner.publication.id).count { $0.kind == .result && $0.state != .intended }
    }

    func key(_ step: String) -> EffectKey { EffectKey(owner.publication.id, "\(step):\(round)") }

    /// The ids of all results of the plan, in file order.
    func create() async throws -> [String] {
        try markFound()
        if outline.newResults > Self.most {
            try await ResultTransaction(self).create()
        } else if outline.newResults > 0 {
            try await createAtOnce()
        }
        return try ids()
    }

    private func markFound() throws {
        guard outline.foundResults > 0 else { return }
        var found: [(Int, PlannedThing)] = []
        try forEachResult { ordinal, thing in if thing.action == .skip { found.append((ordinal, thing)) } }
        try owner.mark(found: found)
    }

    private func ids() throws -> [String] {
        let made = Dictionary(
            try owner.ledger.things(of: owner.publication.id).filter { $0.kind == .result }.map { ($0.record, $0.id) },
            uniquingKeysWith: { first, _ in first })
        var ids: [String] = []
        try forEachResult { _, thing in
            if thing.action == .create || thing.action == .skip { ids.append(made[thing.record] ?? thing.id) }
        }
        return ids
    }

    /// With its ordinal among the results of the plan.
    func forEachResult(_ take: (Int, PlannedThing) throws -> Void) throws {
        var ordinal = 0
        try owner.plan.forEachThing { thing in
            guard thing.kind == .result else { return }
            try take(ordinal, thing)
            ordinal += 1
        }
    }

    /// Those to be made, up to 100 at a time, in file order.
    func forEachBatch(_ take: ([Numbered]) async throws -> Void) async throws {
        let next = try owner.plan.stream()
        var batch: [Numbered] = []
        var ordinal = 0
        while let thing = try next() {
            guard thing.kind == .result else { continue }
            defer { ordinal += 1 }
            guard thing.action == .create else { continue }
            batch.append(Numbered(ordinal: ordinal, thing: thing))
            if batch.count == Self.most {
                try await take(batch)
                batch.removeAll()
            }
        }
        if !batch.isEmpty { try await take(batch) }
    }

    struct Numbered: Sendable {
        var ordinal: Int, thing: PlannedThing
    }

    func record(_ thing: PlannedThing, id: String? = nil) throws -> NewRecord {
        NewRecord(
            id: id ?? thing.id, schema: thing.schema, project: owner.plan.header.project,
            fields: try thing.fields.mapValues { try $0.sent(run: thing.run.flatMap { runs[$0] }, blobs: blobs) })
    }

    func published(_ batch: [Numbered], _ ids: [String: String], _ state: PublishedThing.State) -> [PublishedThing] {
        batch.map { item in
            var published = item.thing.published(by: owner.publication.id, ordinal: item.ordinal, state: state)
            published.id = ids[item.thing.record] ?? item.thing.id
            return published
        }
    }

    // MARK: In one call

    private func createAtOnce() async throws { try await forEachBatch { batch in try await create(batch) } }

    private func create(_ batch: [Numbered]) async throws {
        let key = key("results")
        var ids: [String: String] = [:]
        var unsure: ResultSearch.Attempt?
        switch try owner.ledger.effect(key) {
        case .done: return
        case .intended(let detail, let at): unsure = .init(since: at, sent: SentThings(json: detail))
        case nil: break
        }
        let search = ResultSearch(self)
        for attempt in 1...RunCreation.attempts {
            var missing = batch.filter { ids[$0.thing.record] == nil }
            if let earlier = unsure {
                ids.merge(try await search.settle(missing, earlier, key)) { $1 }
                missing.removeAll { ids[$0.thing.record] != nil }
            }
            if missing.isEmpty { break }
            try owner.ledger.intend(
                key, detail: SentThings(batch.map(\.thing), project: owner.plan.header.project).json,
                things: published(missing, [:], .intended))
            do {
                let given = try await owner.client.createResults(try missing.map { try record($0.thing) })
                guard given.count == missing.count else {
                    unsure = .init()
                    continue
                }
                // In whatever order: ours are ours.
                let keeps = Set(given) == Set(missing.map(\.thing.id))
                try owner.ledger.setKeepsIDs(keeps, tenant: owner.resultsTenant)
                for (item, id) in zip(missing, given) { ids[item.thing.record] = keeps ? item.thing.id : id }
                break
            } catch let failure as BenchlingFailure {
                switch failure.kind {
                case .unsure where attempt < RunCreation.attempts: unsure = .init()
                case .refused, .notFound:
                    // Without an unsure call before, only an id that is taken could mean that they are there.
                    let there = try await search.look(missing, waits: unsure != nil ? RunSearch.waits : [])
                    ids.merge(there) { $1 }
                    guard there.count == missing.count else {
                        if there.isEmpty { try owner.ledger.retract(key) }
                        throw PublishingStopped(owner.diagnostics(failure, missing.map(\.thing)), isUnfinished: true)
                    }
                default: throw failure
                }
            }
        }
        guard ids.count == batch.count else { throw search.lost(batch.count - ids.count) }
        try owner.ledger.complete(key, id: owner.publication.id, detail: [:], things: published(batch, ids, .live))
        owner.settings.account.sent(results: batch.count)
    }
}
