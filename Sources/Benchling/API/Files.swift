import IngestCore

/// A file in a folder of a tenant.
public struct StoredFile: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable {
        case notUploaded = "NOT_UPLOADED", inProgress = "IN_PROGRESS", succeeded = "SUCCEEDED", failed = "FAILED_VALIDATION"
    }

    public var id: String, name: String, fileName: String
    public var folder: String?
    public var status: Status
    public var isArchived: Bool
    /// Where to send it, or to fetch it from: valid for an hour, and not there in lists.
    public var address: SecretText?
}

extension BenchlingClient {
    /// Makes a file, whose content then goes to its address. When the outcome is not known, ``files(folder:name:)`` tells.
    /// - Parameter fileName: Ends with `.csv`, `.html`, `.jmp`, `.jrn`, `.jrp`, `.jpeg`, `.jpg`, `.png`, `.pdf`, `.zip` or `.txt`.
    public func createFile(name: String, fileName: String, folder: String) async throws -> StoredFile {
        let body: JSONValue = ["name": .string(name), "filename": .string(fileName), "folderId": .string(folder)]
        return try await perform(.post("/files", body, whenUnsure: .tell), withHeaders: StoredFile.init)
    }

    /// - Returns: `nil` when the tenant knows none with this id.
    public func file(_ id: String) async throws -> StoredFile? {
        do {
            return try await perform(.get(Self.path(ofFile: id)), withHeaders: StoredFile.init)
        } catch let failure as BenchlingFailure where failure.meansUnknown {
            return nil
        }
    }

    /// Live files of this display name in a folder.
    public func files(folder: String, name: String) async throws -> [StoredFile] {
        try await all(.get("/files", [("folderId", [folder]), ("name", [name])]), "files") { try StoredFile($0, [:]) }
    }

    /// Says that the content is there.
    public func finishFile(_ id: String) async throws {
        try await perform(.patch(Self.path(ofFile: id), ["uploadStatus": "SUCCEEDED"], whenUnsure: .again)) { _ in }
    }

    public func archiveFiles(_ ids: [String], reason: ArchiveReason) async throws {
        try await inBatches("/files:archive", "fileIds", ids, reason)
    }

    private static func path(ofFile id: String) throws -> String { "/files/" + (try QueryText.step(id, in: "/files")) }
}

extension StoredFile {
    /// The address stands in a header of the answer, not in its body.
    init(_ file: JSONValue, _ headers: [String: String]) throws {
        guard let status = Status(rawValue: try file.text("uploadStatus")) else {
            throw Unreadable(message: "a file of unknown status")
        }
        self.init(
            id: try file.text("id"), name: file["name"]?.string ?? "", fileName: file["filename"]?.string ?? "",
            folder: file["folderId"]?.string, status: status, isArchived: file.isArchived,
            address: headers["content-location"].map(SecretText.init))
    }
}
