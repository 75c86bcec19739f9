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
        try await abandonTransaction(of: publication)
        try await adoptWhatIsThere(of: publication)
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
            guard let stored = try await tenant.client.run(run.id), stored.archived == nil, let entry = stored.entry else { continue }
            throw Diagnostic(
                "undo.in-notebook", "run \(run.id) was placed in the notebook entry \(entry), and is not archived from outside then",
                at: SourceLocation(file: publication.file),
                hint: "nothing was archived; take the run out of the entry in Benchling, then run the same command again")
        }
    }

    /// An unfinished publication may have left a transaction open: what is in it never becomes visible.
    private func abandonTransaction(of publication: Publication) async throws {
        guard publication.state == .open else { return }
        for (key, _) in try ledger.openEffects(of: publication.id) where key.step.hasPrefix("commit") || key.step.hasPrefix("results") {
            let begin = EffectKey(publication.id, "transaction:" + (key.step.split(separator: ":").last ?? "0"))
            guard case .done(let transaction, _, _) = try ledger.effect(begin) else { continue }
            // No longer open: if it was committed, its results are found by their ids.
            _ = try await tenant.client.abort(transaction)
        }
    }

    /// Where the tenant chooses ids itself, an effect whose answer was lost is known by no id: the run's results tell.
    private func adoptWhatIsThere(of publication: Publication) async throws {
        guard publication.state == .open, try ledger.keepsIDs(tenant: tenant.identity) == false else { return }
        guard try !ledger.openEffects(of: publication.id).isEmpty else { return }
        throw Diagnostic(
            "undo.unfinished", "\(publication.file) is published in part, and this tenant gives its own ids: what was made is not all known",
            at: SourceLocation(file: publication.file),
            hint: "nothing was archived; finish it first with the command that began it, then undo it")
    }
}
