import Digests
import Glibc
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
        guard let digest = thing.file, let path = owner.attachments.path(of: digest) else { throw missing() }
        let file = try AttachmentCheck(path: path, digest: digest)
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
            if case .done(let eTag, _, _) = try owner.ledger.effect(key) {
                parts.append((number, eTag))
                continue
            }
            let offset = (number - 1) * owner.settings.blobPart
            try owner.ledger.intend(key, detail: [:], things: [])
            let eTag = try await owner.client.uploadPart(
                number, of: id,
                content: BlobContent(
                    path: path, offset: offset, length: min(owner.settings.blobPart, digest.bytes - offset),
                    fileSize: digest.bytes))
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

    private func missing() -> Diagnostic {
        Diagnostic(
            "publish.attachment-missing", "\(thing.schemaName) is to be uploaded, and is not to be found",
            at: SourceLocation(file: owner.plan.header.file),
            hint: "put it back where it was, then run the same command again: it goes on from there")
    }
}

/// That the bytes of an attachment are those that were read, before and after they are sent.
struct AttachmentCheck {
    private let path: String, digest: FileDigest
    private let size: Int, changed: timespec

    /// Reads the file once.
    /// - Throws: ``Diagnostic`` when it is not the file that was read.
    init(path: String, digest: FileDigest) throws {
        self.path = path
        self.digest = digest
        (size, changed) = try AttachmentCheck.status(path, digest)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw AttachmentCheck.fault(digest, "cannot be read: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        let hash = MessageDigest()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw AttachmentCheck.fault(digest, "cannot be read: \(String(cString: strerror(errno)))") }
            guard count > 0 else { break }
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            try Task.checkCancellation()
        }
        guard hash.hexadecimal() == digest.sha256 else {
            throw AttachmentCheck.fault(digest, "is not the file that was read: its SHA-256 differs")
        }
    }

    func checkUnchanged() throws {
        let (size, changed) = try AttachmentCheck.status(path, digest)
        guard size == self.size, changed.tv_sec == self.changed.tv_sec, changed.tv_nsec == self.changed.tv_nsec else {
            throw AttachmentCheck.fault(digest, "changed while it was uploaded")
        }
    }

    private static func status(_ path: String, _ digest: FileDigest) throws -> (Int, timespec) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw fault(digest, "cannot be read: \(String(cString: strerror(errno)))") }
        guard Int(status.st_size) == digest.bytes else {
            throw fault(digest, "is not the file that was read: it has \(status.st_size) bytes, and had \(digest.bytes)")
        }
        return (Int(status.st_size), status.st_mtim)
    }

    private static func fault(_ digest: FileDigest, _ what: String) -> Diagnostic {
        Diagnostic(
            "publish.attachment-changed", "\(digest.name) \(what)", at: SourceLocation(file: digest.name),
            hint: "nothing links to what was uploaded of it; read the file again")
    }
}
