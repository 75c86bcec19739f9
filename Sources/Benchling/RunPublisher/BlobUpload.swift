import IngestCore
import Publishing

/// Uploads one attachment, once. Blobs cannot be listed, so each id is written down as soon as it is known.
struct BlobUpload: Sendable {
    private let owner: RunPublication
    private let thing: PlannedThing
    private let ordinal: Int
    private let step: String

    init(_ owner: RunPublication, _ thing: PlannedThing, ordinal: Int) {
        self.owner = owner
        self.thing = thing
        self.ordinal = ordinal
        step = "blob:\(thing.record)"
    }

    /// The id of the blob, which is complete.
    func upload() async throws -> String {
        if thing.action == .skip {
            try owner.mark(found: [(ordinal, thing)])
            return thing.id
        }
        let key = key(step)
        if case .done(let id, _, _) = try owner.ledger.effect(key) { return id }
        guard let digest = thing.file, let file = owner.checks[thing.record] else {
            throw PlanFault.unresolved("the file \(thing.schemaName)")
        }
        let path = file.path
        let id =
            digest.bytes <= owner.settings.blobSingle ? try await uploadWhole(path, key) : try await uploadParts(path, digest)
        try file.checkUnchanged()
        try complete(key, id)
        return id
    }

    private var bytes: Int { thing.file?.bytes ?? 0 }
    private var mediaType: String { thing.mediaType ?? "application/octet-stream" }
    private var isImage: Bool { mediaType.hasPrefix("image/") }

    private func key(_ step: String) -> EffectKey { EffectKey(owner.publication.id, step) }

    private func complete(_ key: EffectKey, _ id: String) throws {
        var published = thing.published(by: owner.publication.id, ordinal: ordinal, state: .live)
        published.id = id
        try owner.ledger.complete(key, id: id, detail: [:], things: [published])
    }

    private func uploadWhole(_ path: String, _ key: EffectKey) async throws -> String {
        try owner.ledger.intend(key, detail: [:], things: [])
        let blob = try await owner.client.createBlob(
            name: thing.schemaName, mediaType: mediaType, isImage: isImage,
            content: BlobContent(path: path, offset: 0, length: bytes, fileSize: bytes))
        owner.settings.account.sent(bytes: bytes)
        return blob.id
    }

    // MARK: In parts

    private func uploadParts(_ path: String, _ digest: FileDigest) async throws -> String {
        let id = try await begun()
        if let blob = try await resumed(id) {
            switch blob.status {
            case .complete: return id
            case .inProgress: break
            case .aborted:
                try forget(digest)
                return try await uploadParts(path, digest)
            }
        }
        var parts: [(number: Int, eTag: String)] = []
        for number in 1...count(digest) {
            let key = key("\(step):part:\(number)")
            let offset = (number - 1) * owner.settings.blobPart
            let length = min(owner.settings.blobPart, digest.bytes - offset)
            defer { owner.settings.account.sent(bytes: length) }
            if case .done(let eTag, _, _) = try owner.ledger.effect(key) {
                parts.append((number, eTag))
                continue
            }
            try owner.ledger.intend(key, detail: [:], things: [])
            let eTag = try await owner.client.uploadPart(
                number, of: id,
                content: BlobContent(path: path, offset: offset, length: length, fileSize: digest.bytes))
            try owner.ledger.complete(key, id: eTag, detail: [:], things: [])
            parts.append((number, eTag))
        }
        try await finish(id, parts)
        return id
    }

    private func count(_ digest: FileDigest) -> Int { (digest.bytes + owner.settings.blobPart - 1) / owner.settings.blobPart }

    private func begun() async throws -> String {
        let key = key("\(step):start")
        if case .done(let id, _, _) = try owner.ledger.effect(key) { return id }
        try owner.ledger.intend(key, detail: [:], things: [])
        let blob = try await owner.client.startUpload(name: thing.schemaName, mediaType: mediaType, isImage: isImage)
        try owner.ledger.complete(key, id: blob.id, detail: [:], things: [])
        return blob.id
    }

    /// What became of an upload that was begun before; `nil` for one begun just now.
    private func resumed(_ id: String) async throws -> Blob? {
        guard try owner.ledger.effect(key("\(step):part:1")) != nil else { return nil }
        return try await owner.client.blob(id) ?? Blob(id: id, name: thing.schemaName, status: .aborted)
    }

    private func forget(_ digest: FileDigest) throws {
        for number in 1...count(digest) { try owner.ledger.retract(key("\(step):part:\(number)")) }
        try owner.ledger.retract(key("\(step):finish"))
        try owner.ledger.retract(key("\(step):start"))
    }

    private func finish(_ id: String, _ parts: [(number: Int, eTag: String)]) async throws {
        let key = key("\(step):finish")
        for attempt in 1...RunCreation.attempts {
            do {
                try owner.ledger.intend(key, detail: [:], things: [])
                _ = try await owner.client.completeUpload(id, parts: parts)
                break
            } catch let failure as BenchlingFailure where failure.kind == .unsure || failure.kind == .refused {
                if try await owner.client.blob(id)?.status == .complete { break }
                guard failure.kind == .unsure, attempt < RunCreation.attempts else { throw failure }
            }
        }
        try owner.ledger.complete(key, id: id, detail: [:], things: [])
    }
}
