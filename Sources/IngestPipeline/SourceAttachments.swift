import Glibc
public import IngestCore

/// The bytes behind the attachments of a source: the file itself, the files of a bundle, what an archive holds.
///
/// Keeps the source open; the paths it gives are good for as long as it lives.
public final class SourceAttachments: Sendable {
    private let contents: [(name: String, content: SourceFile.Content)]
    private let folder: String?

    public init(_ opened: OpenedSource) {
        contents = SourceAttachments.contents(of: opened)
        folder = opened.folder
    }

    /// A path at which a file can be read; `nil` when it is none of these. Told by name and size: whoever reads it checks
    /// the digest.
    public func path(of file: FileDigest) -> String? {
        for (name, content) in contents where name == file.name {
            switch content {
            case .descriptor(let open) where open.size == file.bytes: return "/proc/self/fd/\(open.descriptor)"
            case .bytes(let bytes) where bytes.count == file.bytes: return SourceAttachments.spooled(bytes)
            case .bytes, .descriptor: continue
            }
        }
        // A companion, which stands beside the file that was named.
        guard let folder, !file.name.contains("/"), access(folder + "/" + file.name, R_OK) == 0 else { return nil }
        return folder + "/" + file.name
    }

    private static func contents(of opened: OpenedSource) -> [(name: String, content: SourceFile.Content)] {
        var contents = opened.members.flatMap { self.contents(of: $0) }
        if opened.members.isEmpty { contents.append((opened.name, opened.content)) }
        if let container = opened.container { contents.append((container.name, container.content)) }
        return contents
    }

    /// A nameless file with the bytes, which stays open to the end of the process: it is small, or it would have been a file.
    private static func spooled(_ bytes: [UInt8]) -> String? {
        // Without room for it the attachment is not to be had, which is told as such.
        guard let descriptor = try? TemporaryFile.nameless(), (try? TemporaryFile.write(bytes[...], to: descriptor)) != nil
        else { return nil }
        return "/proc/self/fd/\(descriptor)"
    }
}
