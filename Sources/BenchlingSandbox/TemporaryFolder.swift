import FoundationEssentials

/// A folder that is gone with the last reference to it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ingest-sandbox-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path(percentEncoded: false)
    }

    // A folder that cannot be removed is left to whoever cleans up temporary files.
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
