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
    /// The clocks of the tenant and of this machine may differ by this many seconds: a day, for zones that were set wrong.
    static let clockSkew = 86_400
    /// Seconds from an intent until its call was made, with the waits that a tenant may ask for.
    static let longestAttempt = 1800
    /// Seconds before each look: new objects may take a while to show in lists, and to act too early would make them twice.
    static let waits = [0, 0.5, 1.5, 3, 5, 8]
    static let reason = "looking whether the run was made"

    init(tenant: Tenant, ledger: any Ledger, project: String) {
        self.tenant = tenant
        self.ledger = ledger
        self.project = project
    }

    /// - Parameters:
    ///   - since: When they were meant to be made.
    ///   - waits: Seconds before each look.
    ///   - claim: Writes down whose a run is, before another publication can take it for its own.
    func look(
        _ things: [PlannedThing], since: String, waits: [Double] = RunSearch.waits,
        claim: (PlannedThing, _ id: String) throws -> Void
    ) async throws -> [String: String] {
        var ids: [String: String] = [:]
        for wait in waits where ids.count < things.count {
            if wait > 0 { try await tenant.client.pace.wait(wait, because: Self.reason) }
            let runs = try await runs(of: Set(things.map(\.schema)), since: since)
            for thing in things where ids[thing.record] == nil {
                for run in runs where try await isOurs(run, thing) {
                    guard try await claimed(run.id, for: thing, claim) else { continue }
                    ids[thing.record] = run.id
                    break
                }
            }
        }
        if !ids.isEmpty { try ledger.setKeepsIDs(false, tenant: tenant.identity) }
        return ids
    }

    /// The runs that may be one of these.
    func candidates(for things: [PlannedThing], since: String) async throws -> [String] {
        var found: [String] = []
        for run in try await runs(of: Set(things.map(\.schema)), since: since) {
            for thing in things where try await isOurs(run, thing) {
                found.append(run.id)
                break
            }
        }
        return found
    }

    private func runs(of schemas: Set<String>, since: String) async throws -> [StoredRecord] {
        let moment = StoredDifference.instant(since).map { Int($0.timeIntervalSince1970) }  // Else all.
        var runs: [StoredRecord] = []
        for schema in schemas.sorted() {
            runs += try await tenant.client.runs(
                schema: schema, createdFrom: moment.map { $0 - Self.clockSkew },
                createdTo: moment.map { $0 + Self.longestAttempt + Self.clockSkew })
        }
        return runs
    }

    /// One publication after the other: two that made the same of themselves must not take the same run.
    private func claimed(
        _ id: String, for thing: PlannedThing, _ claim: (PlannedThing, _ id: String) throws -> Void
    ) async throws -> Bool {
        let hold = try await ledger.hold(tenant: tenant.identity, sha256: "runs whose answer was lost") { _ in }
        defer { hold.release() }
        guard try ledger.things(withIDPrefix: id).isEmpty else { return false }
        try claim(thing, id)
        return true
    }

    private func isOurs(_ candidate: StoredRecord, _ thing: PlannedThing) async throws -> Bool {
        guard candidate.archived == nil, candidate.schema == thing.schema,
            candidate.project == nil || candidate.project == project,
            candidate.has(thing, run: nil),
            try ledger.things(withIDPrefix: candidate.id).isEmpty
        else { return false }
        for schema in tenant.schemas where schema.isLinkedToRuns {
            let results = try await tenant.client.results(schema: schema.id, runs: [candidate.id], archived: true)
            guard results.isEmpty else { return false }
        }
        return true
    }
}
