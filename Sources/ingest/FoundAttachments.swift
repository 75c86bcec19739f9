import Benchling
import Foundation
import IngestCore
import IngestPipeline
import Synchronization

/// The source of a records file, found where it was said to be, beside the records or in the working folder.
final class FoundAttachments: AttachmentFiles {
    /// Where it was found.
    let place: String?
    private let opened: OpenedSource?
    private let attachments: SourceAttachments?
    private let sha256: String
    private let isSame = Mutex<Bool?>(nil)

    /// - Parameter sha256: Of what was read; a file with another is not uploaded in its place.
    init(records: String, source: String?, name: String, sha256: String) {
        self.sha256 = sha256
        let folder = URL(fileURLWithPath: records).deletingLastPathComponent().path
        let given = source.map { [$0, $0 + "/" + name] } ?? []
        let candidates = given + [folder + "/" + name, name]
        for candidate in candidates where URL(fileURLWithPath: candidate).lastPathComponent == name {
            // Not there or not readable: the next place; when there is none, the attachment is reported as missing.
            guard let opened = try? SourceOpener.open(candidate) else { continue }
            place = candidate
            self.opened = opened
            attachments = SourceAttachments(opened)
            return
        }
        place = nil
        opened = nil
        attachments = nil
    }

    func path(of attachment: FileDigest) -> String? {
        guard let attachments, isWhatWasRead else { return nil }
        return attachments.path(of: attachment)
    }

    /// Read only when an attachment is asked for: a mapping without blobs has no need of the file. A publication that has
    /// begun could not go on, so it is found out before.
    private var isWhatWasRead: Bool {
        isSame.withLock { known in
            if let known { return known }
            // What cannot be read to its end is not what was read either.
            let isSame = (try? opened?.source().digest.sha256) == sha256
            known = isSame
            return isSame
        }
    }

    /// What to tell when the file was found, was needed, and is another by now.
    var change: Diagnostic? {
        guard let place, isSame.withLock({ $0 == false }) else { return nil }
        return Diagnostic(
            "publish.source-changed", "this is not the file that was read: its content has changed",
            at: SourceLocation(file: place),
            hint:
                "to publish it as it is now, read it again; to publish what was read, put that file back or name it with --source"
        )
    }
}
