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
        /// Live results that somebody else added to its runs: they stay, and link to an archived run. `nil` where they could
        /// not be looked for.
        public var others: [String]?
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
        let key = EffectKey(publication.id, "undo")
        try ledger.intend(key, detail: .object(["reason": .string(reason)]), things: [])
        let known = ArchiveReason.allCases.first { $0.rawValue.lowercased() == reason.lowercased() }
        let outcome: Archiving.Outcome
        do {
            outcome = try await archiving.archive(publication, reason: known ?? .other)
        } catch let failure as BenchlingFailure where failure.kind == .refused || failure.kind == .notFound {
            throw refused(failure, publication)
        } catch let fault as Diagnostic {
            // Nothing was archived: what was meant is forgotten.
            try ledger.retract(key)
            throw fault
        }
        publication.state = .undone
        publication.reason = reason
        publication.finishedAt = Date.now.formatted(.iso8601)
        try ledger.save(publication)
        try ledger.complete(key, id: publication.id, detail: .object(["reason": .string(reason)]), things: [])
        return Outcome(
            archived: outcome.archived, already: outcome.already,
            blobs: try ledger.things(of: publication.id).filter { $0.kind == .blob && !$0.id.isEmpty }.map(\.id),
            others: try await others(publication))
    }

    /// For people: what was taken back is taken back whether or not this can be told.
    private func others(_ publication: Publication) async throws -> [String]? {
        do {
            return try await archiving.othersResults(of: publication)
        } catch is BenchlingFailure {
            return nil
        }
    }

    private var archiving: Archiving { Archiving(ledger: ledger, tenant: tenant) }

    /// What Benchling will not archive, such as results in a legacy notebook table.
    private func refused(_ failure: BenchlingFailure, _ publication: Publication) -> any Error {
        do {
            try ledger.retract(EffectKey(publication.id, "undo"))
            let things = try ledger.things(of: publication.id).filter { $0.kind != .blob && $0.state != .found }
            let archived = things.count { $0.state == .archived }
            return Diagnostic(
                "undo.refused", "\(tenant.destination) will not archive it: \(failure.message)",
                at: SourceLocation(file: publication.file),
                hint:
                    "\(archived) of its \(things.count) runs and results are archived, the others stand as they were; mend that in "
                    + "Benchling, then run the same command again")
        } catch {
            return error
        }
    }

    /// Runs that were placed in a notebook entry stay: the vendor does not archive them.
    private func checkRuns(of publication: Publication) async throws {
        for run in try ledger.things(of: publication.id) where run.kind == .run && run.state != .found {
            let isNew = run.state == .intended
            guard let stored = try await tenant.client.run(run.id, isNew: isNew), stored.archived == nil, let entry = stored.entry
            else {
                continue
            }
            throw Diagnostic(
                "undo.in-notebook",
                "run \(run.id) was placed in the notebook entry \(entry), and is not archived from outside then",
                at: SourceLocation(file: publication.file),
                hint: "nothing was archived; take the run out of the entry in Benchling, then run the same command again")
        }
    }
}
