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
            if wait > 0 { try await owner.client.pace.wait(wait, because: "looking whether the results were made") }
            ids.merge(try await lookByRun(batch.filter { ids[$0.thing.record] == nil }, claimed.union(ids.values))) { $1 }
        }
        return ids
    }

    /// Looks for what was sent and may have been made, until what is not found can be sent again.
    /// - Parameters:
    ///   - begun: When an earlier command sent them; `nil` for this one, and afterwards.
    ///   - key: Of the effect, which is retracted once it is known that it did not happen.
    /// - Throws: ``lost(_:)`` where only time will tell.
    func look(_ batch: [ResultCreation.Numbered], begun: inout String?, _ key: EffectKey) async throws -> [String: String] {
        var ids = try await look(batch)
        guard ids.count < batch.count, try owner.choosesResultIDs() else { return ids }
        guard let moment = begun else { throw lost(batch.count - ids.count) }
        try await owner.lag.waitOut(since: moment, because: "looking whether the results were made")
        ids.merge(try await look(batch.filter { ids[$0.thing.record] == nil }, except: Set(ids.values), waits: [0])) { $1 }
        if ids.isEmpty { try owner.ledger.retract(key) }
        begun = nil
        return ids
    }

    private func run(of thing: PlannedThing) -> String? { thing.run.flatMap { creation.runs[$0] } }

    private func lookByRun(
        _ batch: [ResultCreation.Numbered], _ others: Set<String>
    ) async throws -> [String: String] {
        var ids: [String: String] = [:]
        let claimed = others.union(
            try owner.ledger.things(of: owner.publication.id).filter { $0.kind == .result && $0.state == .live }.map(\.id))
        for (schema, items) in Dictionary(grouping: batch, by: \.thing.schema) {
            let runs = Set(items.compactMap { run(of: $0.thing) })
            guard !runs.isEmpty else { continue }
            var candidates = try await owner.client.results(schema: schema, runs: runs.sorted(), archived: false)
                .filter { !claimed.contains($0.id) }
            for item in items {
                let match = candidates.firstIndex { candidate in
                    StoredDifference.fields(of: item.thing, from: candidate, run: run(of: item.thing)).isEmpty
                        && Set(candidate.fields.filter { !$0.value.isNull }.keys) == Set(item.thing.fields.keys)
                }
                // Results with the same fields stand for each other: each is given away once.
                if let match { ids[item.thing.record] = candidates.remove(at: match).id }
            }
        }
        return ids
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
