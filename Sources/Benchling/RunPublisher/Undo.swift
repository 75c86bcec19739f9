import IngestCore
public import Publishing
import FoundationEssentials

/// Takes a publication back: archives exactly what it made, and writes down that it did.
public struct Undo: Sendable {
    private let tenant: Tenant
    private let ledger: any Ledger

    public struct Outcome: Sendable, Hashable {
        public var archived: Int
        /// Archived there before, by whoever.
        public var already: Int
        /// Blobs stay: the API cannot archive them.
        public var blobs: [String]
    }

    public init(tenant: Tenant, ledger: any Ledger) {
        self.tenant = tenant
        self.ledger = ledger
    }

    /// The file of the publication must be held.
    /// - Parameter reason: In the person's words; kept in the ledger, and at the destination as the nearest reason it knows.
    /// - Throws: ``Diagnostic`` when something cannot be archived: then nothing was, as far as it could be told before.
    public func take(back publication: Publication, reason: String) async throws -> Outcome {
        var publication = publication
        try await checkRuns(of: publication)
        let isAbandoned = try await abandonTransaction(of: publication)
        try await checkAllIsKnown(of: publication, resultsAreNot: isAbandoned)
        let key = EffectKey(publication.id, "undo")
        try ledger.intend(key, detail: .object(["reason": .string(reason)]), things: [])
        let known = ArchiveReason.allCases.first { $0.rawValue.lowercased() == reason.lowercased() }
        let archiving = try await Archiving(ledger: ledger, client: tenant.client).archive(publication, reason: known ?? .other)
        publication.state = .undone
        publication.reason = reason
        publication.finishedAt = Date.now.formatted(.iso8601)
        try ledger.save(publication)
        try ledger.complete(key, id: publication.id, detail: .object(["reason": .string(reason)]), things: [])
        return Outcome(
            archived: archiving.archived, already: archiving.already,
            blobs: try ledger.things(of: publication.id).filter { $0.kind == .blob && !$0.id.isEmpty }.map(\.id))
    }

    /// Runs that were placed in a notebook entry stay: the vendor does not archive them.
    private func checkRuns(of publication: Publication) async throws {
        for run in try ledger.things(of: publication.id) where run.kind == .run && run.state != .found {
            guard let stored = try await tenant.client.run(run.id), stored.archived == nil, let entry = stored.entry else {
                continue
            }
            throw Diagnostic(
                "undo.in-notebook",
                "run \(run.id) was placed in the notebook entry \(entry), and is not archived from outside then",
                at: SourceLocation(file: publication.file),
                hint: "nothing was archived; take the run out of the entry in Benchling, then run the same command again")
        }
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
            if try await tenant.client.abort(transaction) || commit == nil { isAbandoned = true }
        }
        return isAbandoned
    }

    private func isDone(_ effect: EffectState?) -> Bool { if case .done = effect { true } else { false } }

    /// Whether everything that was meant is found by the id it was meant to have.
    private func isAllThere(_ publication: Publication, withResults: Bool) async throws -> Bool {
        let meant = try ledger.things(of: publication.id).filter { $0.state == .intended && $0.kind != .blob }
        for run in meant where run.kind == .run { guard try await tenant.client.run(run.id) != nil else { return false } }
        guard withResults else { return true }
        let results = meant.filter { $0.kind == .result }.map(\.id)
        return try await tenant.client.results(results).count == results.count
    }

    /// Where the tenant chooses ids itself, an effect whose answer was lost is known by no id: the run's results tell.
    private func checkAllIsKnown(of publication: Publication, resultsAreNot isAbandoned: Bool) async throws {
        guard publication.state == .open else { return }
        let open = try ledger.openEffects(of: publication.id).map(\.key.step)
        let runs = open.contains { $0.hasPrefix("runs") }
        let results = !isAbandoned && open.contains { $0.hasPrefix("results") || $0.hasPrefix("commit") }
        // Not known to keep ids is not known to have been asked in vain: what is there may have another id.
        guard
            try runs && ledger.keepsIDs(tenant: tenant.identity) != true
                || results && ledger.keepsIDs(tenant: tenant.identity + "#results") != true
        else { return }
        guard try await !isAllThere(publication, withResults: results) else { return }
        throw Diagnostic(
            "undo.unfinished",
            "\(publication.file) is published in part, and this tenant gives its own ids, or may: what was made is not all known",
            at: SourceLocation(file: publication.file),
            hint: "nothing was archived; finish it first with the command that began it, then undo it")
    }
}
