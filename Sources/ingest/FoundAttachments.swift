import Benchling
import Foundation
import IngestCore
import IngestPipeline

/// The source of a records file, found where it was said to be, beside the records or in the working folder.
final class FoundAttachments: AttachmentFiles {
    /// Where it was found.
    let place: String?
    private let attachments: SourceAttachments?

    init(records: String, source: String?, name: String) {
        let folder = URL(fileURLWithPath: records).deletingLastPathComponent().path
        let given = source.map { [$0, $0 + "/" + name] } ?? []
        let candidates = given + [folder + "/" + name, name]
        for candidate in candidates where URL(fileURLWithPath: candidate).lastPathComponent == name {
            // Not there or not readable: the next place; when there is none, the attachment is reported as missing.
            guard let opened = try? SourceOpener.open(candidate) else { continue }
            place = candidate
            attachments = SourceAttachments(opened)
            return
        }
        place = nil
        attachments = nil
    }

    func path(of attachment: FileDigest) -> String? { attachments?.path(of: attachment) }
}
