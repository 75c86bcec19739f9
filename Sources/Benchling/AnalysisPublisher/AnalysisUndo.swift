import FoundationEssentials
import IngestCore
public import Publishing

/// Takes back of a publication to an analysis what can be taken back: its files are archived. The API cannot detach anything, nor
/// archive a data frame, so the data frames stay, and an archived file stays on the list of the analysis.
public struct AnalysisUndo: Sendable {
    private let client: BenchlingClient
    private let destination: String
    private let ledger: any Ledger

    public struct Outcome: Sendable, Hashable {
        /// Ids of files that are archived now, and how many of them were so before.
        public var files: [String], already: Int
        /// Ids of data frames that stay attached. One that was never attached is not among them: nothing leads to it.
        public var dataFrames: [String]
    }

    public init(tenant: Tenant, ledger: any Ledger) {
        client = tenant.client
        destination = tenant.destination
        self.ledger = ledger
    }

    init(tenant: AnalysisTenant, ledger: any Ledger) {
        client = tenant.client
        destination = tenant.destination
        self.ledger = ledger
    }

    /// The input of the publication must be held.
    /// - Parameter reason: In the person's words; kept in the ledger, and at the destination as the nearest reason it knows.
    /// - Throws: ``BenchlingFailure``; `Diagnostic` when the tenant will not archive a file.
    public func take(back publication: Publication, reason: String) async throws -> Outcome {
        var publication = publication
        let key = EffectKey(publication.id, "undo")
        try ledger.intend(key, detail: ["reason": .string(reason)], things: [])
        try await adoptLostFiles(of: publication)
        var outcome = Outcome(files: [], already: 0, dataFrames: [])
        for thing in try ledger.things(of: publication.id) where !thing.id.isEmpty && thing.state != .found {
            switch thing.kind {
            case .dataFrame: outcome.dataFrames.append(thing.id)
            case .file: try await archive(thing, publication, reason, &outcome)
            case .run, .blob, .result: break
            }
        }
        if !outcome.dataFrames.isEmpty, let analysis = try await client.analysis(publication.analysis ?? "") {
            outcome.dataFrames.removeAll { !analysis.dataFrames.contains($0) }
        }
        publication.state = .undone
        publication.reason = reason
        publication.finishedAt = Date.now.formatted(.iso8601)
        try ledger.save(publication)
        try ledger.complete(key, id: publication.id, detail: ["reason": .string(reason)], things: [])
        return outcome
    }

    private func archive(
        _ thing: PublishedThing, _ publication: Publication, _ reason: String, _ outcome: inout Outcome
    ) async throws {
        guard let file = try await client.file(thing.id) else { return }
        if file.isArchived {
            outcome.already += 1
        } else {
            let known = ArchiveReason.allCases.first { $0.rawValue.lowercased() == reason.lowercased() }
            do {
                try await client.archiveFiles([file.id], reason: known ?? .other)
            } catch let failure as BenchlingFailure where failure.kind == .refused || failure.kind == .notFound {
                try ledger.retract(EffectKey(publication.id, "undo"))
                throw Diagnostic(
                    "undo.refused", "\(destination) will not archive the file \(file.id): \(failure.message)",
                    at: SourceLocation(file: publication.file), hint: "mend that in Benchling, then run the same command again")
            }
        }
        var archived = thing
        archived.state = .archived
        try ledger.mark([archived])
        outcome.files.append(file.id)
    }

    /// Of an unfinished publication, files whose answer was lost, once they had time enough to show.
    private func adoptLostFiles(of publication: Publication) async throws {
        for (key, detail) in try ledger.openEffects(of: publication.id) {
            guard let folder = detail["folder"]?.string, let name = detail["name"]?.string,
                case .intended(_, let since) = try ledger.effect(key),
                let meant = try ledger.things(of: publication.id).first(where: { $0.kind == .file && $0.schema == name })
            else { continue }
            let lag = ListLag(pace: client.pace).left(sinceIntent: since)
            let search = FileSearch(client, analysis: publication.analysis ?? "", folder: folder)
            guard let file = try await search.find(name, waits: RunSearch.waits + (lag > 0 ? [lag] : [])) else { continue }
            var found = meant
            found.id = file.id
            try ledger.complete(key, id: file.id, detail: detail, things: [found])
        }
    }
}
