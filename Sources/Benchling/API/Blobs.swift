import IngestCore

/// Blobs cannot be listed or searched: whoever makes one has to keep its id.
extension BenchlingClient {
    /// The largest content of ``createBlob(name:mediaType:isImage:content:)`` and the size of a part, in bytes.
    public static let blobPart = 10_000_000

    /// Makes a blob in one call, of up to ``blobPart`` bytes. When the call has to be repeated, a blob may be left that nothing
    /// leads to.
    /// - Parameter isImage: Whether it is shown as a picture.
    public func createBlob(name: String, mediaType: String, isImage: Bool, content: BlobContent) async throws -> Blob {
        let body = try BlobBody(content, members: Self.members(name, mediaType, isImage))
        return try await perform(.blob("/blobs", body), Blob.init)
    }

    /// Begins a blob that is sent in parts.
    /// - Returns: In progress, with its id.
    public func startUpload(name: String, mediaType: String, isImage: Bool) async throws -> Blob {
        let members = Self.members(name, mediaType, isImage).mapValues { JSONValue.string($0) }
        return try await perform(.post("/blobs:start-multipart-upload", .object(members), whenUnsure: .again), Blob.init)
    }

    /// Sends a part; every one but the last has at least 5 MiB.
    /// - Parameter number: From 1 to 10 000; the order of the parts.
    /// - Returns: Its tag, which ``completeUpload(_:parts:)`` wants back as it is, with its quotes.
    public func uploadPart(_ number: Int, of blob: String, content: BlobContent) async throws -> String {
        let body = try BlobBody(content, members: [:], partNumber: number)
        return try await perform(.blob(Self.path(of: blob) + "/parts", body)) { try $0.text("eTag") }
    }

    /// Puts the parts together. When the outcome is not known, ``blob(_:)`` tells.
    public func completeUpload(_ blob: String, parts: [(number: Int, eTag: String)]) async throws -> Blob {
        let list = parts.sorted { $0.number < $1.number }.map { part -> JSONValue in
            ["partNumber": .number(Double(part.number)), "eTag": .string(part.eTag)]
        }
        return try await perform(
            .post(Self.path(of: blob) + ":complete-upload", ["parts": .array(list)], whenUnsure: .tell), Blob.init)
    }

    public func abortUpload(_ blob: String) async throws {
        try await perform(.post(Self.path(of: blob) + ":abort-upload", whenUnsure: .again)) { _ in }
    }

    /// - Returns: `nil` when the tenant knows none with this id.
    public func blob(_ id: String) async throws -> Blob? {
        try await ifKnown(.get(Self.path(of: id)), Blob.init)
    }

    private static func path(of blob: String) throws -> String { "/blobs/" + (try QueryText.step(blob, in: "/blobs")) }

    private static func members(_ name: String, _ mediaType: String, _ isImage: Bool) -> [String: String] {
        ["name": name, "mimeType": mediaType, "type": isImage ? "VISUALIZATION" : "RAW_FILE"]
    }
}

extension Call {
    /// Keeps the body, which may be a file, for as long as the call is made.
    static func blob(_ path: String, _ blob: BlobBody) -> Call {
        var call = Call(method: "POST", path: "/api/v2" + path, body: blob.body, whenUnsure: .again)
        call.blob = blob
        return call
    }
}

extension Blob {
    init(_ blob: JSONValue) throws {
        guard let status = Status(rawValue: try blob.text("uploadStatus")) else {
            throw Unreadable(message: "a blob of unknown status")
        }
        self.init(id: try blob.text("id").lowercased(), name: blob["name"]?.string ?? "", status: status)
    }
}
