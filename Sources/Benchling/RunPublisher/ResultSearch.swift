import FoundationEssentials
import IngestCore
import Publishing

/// Finds results that may have been made: by id, and where the tenant chooses its own, by their run and their fields.
struct ResultSearch: Sendable {
    private let creation: ResultCreation
    private var owner: RunPublication { creation.owner }

    init(_ creation: ResultCreation) { self.creation = creation }

    /// The id of each that is there, by record.
    /// - Parameters:
    ///   - claimed: The ids of results that are others of the same file.
    ///   - waits: Seconds before each look; new objects may take a moment to show in lists.
    func look(
        _ batch: [ResultCreation.Numbered], except claimed: Set<String> = [], waits: [Double] = RunSearch.waits
    ) async throws -> [String: String] {
        let stored = try await owner.client.results(batch.map(\.thing.id)).reduce(into: [String: StoredRecord]()) {
            $0[$1.id] = $1
        }
        var ids: [String: String] = [:]
        for item in batch {
            guard let there = stored[item.thing.id] else { continue }
            let differences = StoredDifference.fields(of: item.thing, from: there, run: run(of: item.thing))
            guard differences.isEmpty else { throw conflict(item.thing, differences) }
            ids[item.thing.record] = there.id
        }
        if !ids.isEmpty { try owner.ledger.setKeepsIDs(true, tenant: owner.resultsTenant) }
        guard ids.count < batch.count, try owner.ledger.keepsIDs(tenant: owner.resultsTenant) != true else { return ids }
        for wait in waits where ids.count < batch.count {
            if wait > 0 { try await owner.client.pace.wait(wait, because: Self.reason) }
            ids.merge(try await lookByRun(batch.filter { ids[$0.thing.record] == nil }, claimed.union(ids.values))) { $1 }
        }
        return ids
    }

    /// A call whose outcome is not known.
    struct Attempt {
        /// When an earlier command meant to make it; `nil` for this one.
        var since: String?
        var sent: SentThings?
    }

    /// What a call with an unsure outcome has made, by record; what is not among it may be sent again.
    /// - Parameter key: Of the effect, which is retracted once it is known that it did not happen.
    /// - Throws: ``lost(_:)`` where only time will tell.
    func settle(_ batch: [ResultCreation.Numbered], _ attempt: Attempt, _ key: EffectKey) async throws -> [String: String] {
        let sent = batch.map { ResultCreation.Numbered(ordinal: $0.ordinal, thing: attempt.sent?.asSent($0.thing) ?? $0.thing) }
        var ids = try await look(sent)
        if ids.count < sent.count, try owner.choosesResultIDs() {
            guard let since = attempt.since else { throw lost(sent.count - ids.count) }
            try await owner.lag.waitOut(sinceIntent: since, because: Self.reason)
            let rest = sent.filter { ids[$0.thing.record] == nil }
            ids.merge(try await look(rest, except: Set(ids.values), waits: [0])) { $1 }
            try await checkForStrays(among: ids)
            if ids.isEmpty { try owner.ledger.retract(key) }
        }
        let changed = zip(batch, sent).filter { ids[$0.thing.record] != nil && $0.thing.fields != $1.thing.fields }.map(\.1)
        if let first = changed.first {
            try owner.ledger.mark(creation.published(sent.filter { ids[$0.thing.record] != nil }, ids, .live))
            throw conflict(first.thing, ["it was made by an earlier command, and the mapping gives other values now"])
        }
        return ids
    }

    /// Before something is sent again to a tenant that gives its own ids: what is live in our runs and is not known may be what
    /// was sent, however the mapping, the samples or the file's name have changed since.
    func checkForStrays(among ids: [String: String] = [:]) async throws {
        let runs = Set(creation.runs.values).sorted()
        guard !runs.isEmpty else { return }
        let ours = try Set(
            owner.ledger.things(of: owner.publication.id).filter { $0.kind == .result && $0.state != .intended }.map(\.id)
        )
        .union(ids.values)
        for schema in owner.tenant.schemas where schema.isLinkedToRuns {
            let live = try await owner.client.results(schema: schema.id, runs: runs, archived: false)
            guard let stray = live.first(where: { !ours.contains($0.id) }) else { continue }
            throw Diagnostic(
                "publish.conflict",
                "run \(runs[0]) has results that are not known here, such as \(stray.id): they may be what was sent",
                at: SourceLocation(file: owner.plan.header.file),
                hint:
                    "nothing was sent again; take back what was begun with ingest undo \(owner.publication.id.prefix(8)), see what "
                    + "stays in Benchling, then run the command again")
        }
    }

    static let reason = "looking whether the results were made"

    private func run(of thing: PlannedThing) -> String? { thing.run.flatMap { creation.runs[$0] } }

    private func lookByRun(
        _ batch: [ResultCreation.Numbered], _ others: Set<String>
    ) async throws -> [String: String] {
        var ids: [String: String] = [:]
        let claimed = others.union(
            try owner.ledger.things(of: owner.publication.id).filter { $0.kind == .result && $0.state == .live }.map(\.id))
        for (schema, items) in Dictionary(grouping: batch, by: \.thing.schema) {
            let runs = Set(items.compactMap { run(of: $0.thing) })
            let isLinked = items.contains { $0.thing.isLinkedToRun }
            guard !runs.isEmpty || !isLinked else { continue }
            var candidates =
                isLinked
                ? try await owner.client.results(schema: schema, runs: runs.sorted(), archived: false)
                : try await Self.unlinked(schema, since: owner.publication.startedAt, owner.client, owner.ledger)
            candidates.removeAll { claimed.contains($0.id) }
            for item in items {
                let match = candidates.firstIndex { $0.has(item.thing, run: run(of: item.thing)) }
                // Results with the same fields stand for each other: each is given away once.
                if let match { ids[item.thing.record] = candidates.remove(at: match).id }
            }
        }
        return ids
    }

    /// The live results of a schema made since, that no publication knows: where nothing links them to their run.
    static func unlinked(
        _ schema: String, since: String, _ client: BenchlingClient, _ ledger: any Ledger
    ) async throws -> [StoredRecord] {
        let moment = StoredDifference.instant(since)?.addingTimeInterval(-Double(RunSearch.clockSkew))
        let from = (moment ?? Date(timeIntervalSince1970: 0)).formatted(.iso8601)
        return try await client.results(schema: schema, createdSince: from).filter {
            try ledger.things(withIDPrefix: $0.id).isEmpty
        }
    }

    private func conflict(_ thing: PlannedThing, _ differences: [String]) -> Diagnostic {
        Diagnostic(
            "publish.conflict", "result \(thing.id) is there with other values: \(differences.joined(separator: "; "))",
            at: SourceLocation(file: owner.plan.header.file, member: thing.member, line: thing.line, column: thing.column),
            hint: "take back what was begun with ingest undo \(owner.publication.id.prefix(8)), then run the command again")
    }

    /// They were sent, and cannot be found again.
    func lost(_ count: Int) -> Diagnostic {
        Diagnostic(
            "publish.unsure", "\(count) results were sent, and the tenant does not show whether they are there",
            at: SourceLocation(file: owner.plan.header.file),
            hint: "run the same command again: it looks again, and goes on from there")
    }
}
