import IngestCore
import Publishing

/// Makes one file in the folder of the analysis, once: a file whose answer was lost is found there by its name.
struct FileUpload: Sendable {
    private let owner: AnalysisPublication
    private let output: PlannedOutput
    private let making: EffectKey, sending: EffectKey
    private var client: BenchlingClient { owner.client }

    init(_ owner: AnalysisPublication, _ output: PlannedOutput) {
        self.owner = owner
        self.output = output
        making = owner.key("file:\(output.ordinal)")
        sending = owner.key("file:\(output.ordinal):upload")
    }

    /// The id of the file, whose upload has succeeded.
    func upload() async throws -> String {
        let file = try await begun()
        if file.status != .succeeded {
            if case .done = try owner.ledger.effect(sending) { try owner.ledger.retract(sending) }
            try owner.ledger.intend(sending, detail: ["file": .string(file.id)], things: [])
            try await SignedUpload(client, path: output.path).send(to: file.address) { try await client.file(file.id)?.address }
            try await client.finishFile(file.id)
        }
        try owner.ledger.complete(sending, id: file.id, detail: [:], things: [])
        return file.id
    }

    /// The file of an earlier attempt, or a new one.
    private func begun() async throws -> StoredFile {
        if let known = try await known() { return known }
        if let file = try await live(output.id) {
            try complete(file.id)
            return file
        }
        let folder = owner.plan.folder ?? ""
        try owner.ledger.intend(
            making, detail: ["folder": .string(folder), "name": .string(output.name)],
            things: [output.published(by: owner.publication.id, id: "", state: .intended)])
        do {
            let file = try await client.createFile(name: output.name, fileName: output.content.name, folder: folder)
            try complete(file.id)
            return file
        } catch let failure as BenchlingFailure {
            guard failure.kind == .unsure else {
                try owner.ledger.retract(making)
                throw failure
            }
            guard let file = try await search(RunSearch.waits, in: folder) else { throw failure }
            return file
        }
    }

    /// What an earlier command made, whether or not it was told so.
    private func known() async throws -> StoredFile? {
        switch try owner.ledger.effect(making) {
        case .done(let id, _, _):
            if let file = try await live(id) { return file }
            try owner.ledger.retract(sending)
            try owner.ledger.retract(making)
            return nil
        case .intended(_, let since):
            let lag = ListLag(pace: client.pace).left(sinceIntent: since)
            return try await search(RunSearch.waits + (lag > 0 ? [lag] : []), in: owner.plan.folder ?? "")
        case nil: return nil
        }
    }

    private func live(_ id: String) async throws -> StoredFile? {
        guard !id.isEmpty, let file = try await client.file(id), file.isLive(named: output.name) else { return nil }
        return file
    }

    private func search(_ waits: [Double], in folder: String) async throws -> StoredFile? {
        let search = FileSearch(client, analysis: owner.plan.analysis, folder: folder)
        guard let found = try await search.find(output.name, waits: waits) else { return nil }
        try complete(found.id)
        // With its address, which lists do not have.
        return try await live(found.id)
    }

    private func complete(_ id: String) throws {
        try owner.ledger.complete(
            making, id: id, detail: [:], things: [output.published(by: owner.publication.id, id: id, state: .intended)])
    }
}
