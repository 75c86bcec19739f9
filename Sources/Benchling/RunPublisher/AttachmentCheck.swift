import Digests
import Glibc
import IngestCore

/// That the bytes of an attachment are those that were read or made, before and after they are sent.
struct AttachmentCheck: Sendable {
    let path: String
    private let digest: FileDigest
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
            throw AttachmentCheck.fault(digest, "is not the file that was planned: its SHA-256 differs")
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
            throw fault(digest, "is not the file that was planned: it has \(status.st_size) bytes, and had \(digest.bytes)")
        }
        return (Int(status.st_size), status.st_mtim)
    }

    private static func fault(_ digest: FileDigest, _ what: String) -> Diagnostic {
        Diagnostic(
            "publish.attachment-changed", "\(digest.name) \(what)", at: SourceLocation(file: digest.name),
            hint: "nothing leads to it; run the same command again")
    }
}
