import FoundationEssentials
import IngestCore
import Publishing

/// Finds a run that we made under an id we do not know: the tenant chose its own, and the answer was lost.
///
/// Nothing but the time and the fields can tell it: a candidate was made since we meant to, has exactly our fields, is live,
/// has no results, and no publication in the ledger claims it.
struct RunSearch: Sendable {
    private let tenant: Tenant
    private let ledger: any Ledger
    /// The project that the runs are in.
    private let project: String
    /// The clocks of the tenant and of this machine may differ by this many seconds.
    static let clockSkew = 300
    /// Seconds before each look: new objects may take a while to show in lists, and to act too early would make them twice.
    static let waits = [0, 0.5, 1.5, 3, 5, 8]
    static let reason = "looking whether the run was made"

    init(tenant: Tenant, ledger: any Ledger, project: String) {
        self.tenant = tenant
        self.ledger = ledger
        self.project = project
    }

    func look(_ things: [PlannedThing], since: String) async throws -> [String: String] {
        var ids: [String: String] = [:]
        let from = StoredDifference.instant(since).map { Int($0.timeIntervalSince1970) - Self.clockSkew }  // Else all.
        for wait in Self.waits where ids.count < things.count {
            if wait > 0 { try await tenant.client.pace.wait(wait, because: Self.reason) }
            for schema in Set(things.map(\.schema)) {
                let candidates = try await tenant.client.runs(schema: schema, createdFrom: from, createdTo: nil)
                for thing in things where thing.schema == schema && ids[thing.record] == nil {
                    let taken = Set(ids.values)
                    for candidate in candidates where !taken.contains(candidate.id) {
                        guard try await isOurs(candidate, thing) else { continue }
                        ids[thing.record] = candidate.id
                        break
                    }
                }
            }
        }
        if !ids.isEmpty { try ledger.setKeepsIDs(false, tenant: tenant.identity) }
        return ids
    }

    private func isOurs(_ candidate: StoredRecord, _ thing: PlannedThing) async throws -> Bool {
        guard candidate.archived == nil, candidate.project == nil || candidate.project == project,
            StoredDifference.fields(of: thing, from: candidate, run: nil).isEmpty,
            Set(candidate.fields.filter { !$0.value.isNull }.keys) == Set(thing.fields.keys),
            try ledger.things(withIDPrefix: candidate.id).isEmpty
        else { return false }
        for schema in tenant.schemas where schema.kind == .result && !schema.isArchived {
            guard schema.fields.contains(where: { $0.type == "assay_run_link" }) else { continue }
            let results = try await tenant.client.results(schema: schema.id, runs: [candidate.id], archived: true)
            guard results.isEmpty else { return false }
        }
        return true
    }
}
