import Glibc
import Synchronization

/// A file, or the files of a bundle, open for reading from the beginning to the end, as often as an adapter likes.
///
/// Its bytes were hashed before an adapter sees it; if the file changes afterwards, reading it fails.
public struct SourceFile: Sendable {
    /// The name without directories.
    public let name: String
    public let digest: FileDigest
    /// The parts of a bundle, by name; empty for a plain file.
    public let members: [SourceFile]
    public let opening: SourceOpening
    /// The digests of the files this was put together from: the parts of a bundle, what a gzip file held. Empty for a
    /// plain file.
    public let parts: [FileDigest]
    public let given: GivenAssumptions
    public let account: ReadingAccount
    /// True for a part of a bundle: places name it.
    public let isMember: Bool
    /// The name of the bundle for a part, else ``name``.
    public let bundleName: String

    /// True for what a zip or gzip file holds: the file that was given is that one.
    package var isUnpacked = false

    /// How much is read at a time, in bytes. Only tests change it.
    public var chunkLength = 1 << 18

    /// What its bytes tell as a text, when that was looked at while they were hashed.
    package let survey: ByteSurvey?

    private let content: Content

    public enum Content: Sendable {
        case bytes([UInt8])
        case descriptor(OpenFile)
    }

    public init(
        name: String, digest: FileDigest, parts: [FileDigest] = [], content: Content, opening: SourceOpening,
        members: [SourceFile] = [], given: GivenAssumptions = GivenAssumptions(), account: ReadingAccount,
        bundleName: String? = nil
    ) {
        self.init(
            name: name, digest: digest, parts: parts, content: content, opening: opening, members: members, given: given,
            account: account, bundleName: bundleName, survey: nil)
    }

    package init(
        name: String, digest: FileDigest, parts: [FileDigest], content: Content, opening: SourceOpening,
        members: [SourceFile], given: GivenAssumptions, account: ReadingAccount, bundleName: String?, survey: ByteSurvey?
    ) {
        self.name = name
        self.digest = digest
        self.content = content
        self.opening = opening
        self.members = members
        self.parts = parts
        self.survey = survey
        self.given = given
        self.account = account
        isMember = bundleName != nil
        self.bundleName = bundleName ?? name
    }

    /// The size in bytes.
    public var size: Int { digest.bytes }

    /// The part of the bundle with that name, in any case.
    public func member(_ name: String) -> SourceFile? {
        members.first { $0.name.lowercased() == name.lowercased() }
    }

    /// The place of a line of this file.
    public func location(line: Int? = nil, column: Int? = nil, field: String? = nil) -> SourceLocation {
        SourceLocation(file: bundleName, member: isMember ? name : nil, line: line, column: column, field: field)
    }

    /// Fills `buffer` from `offset` on; the number of bytes, 0 at the end.
    /// - Throws: A ``Diagnostic`` when the file cannot be read or is no longer the one that was opened.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        switch content {
        case .bytes(let bytes):
            let count = min(buffer.count, max(0, bytes.count - offset))
            if count > 0 {
                bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count])) }
            }
            return count
        case .descriptor(let file):
            var count = 0
            repeat {
                count = pread(file.descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            } while count < 0
                && errno == EINTR
            guard count >= 0 else {
                throw Diagnostic(
                    "source.unreadable", "reading stopped: \(String(cString: strerror(errno)))", at: location(),
                    hint: "check the disk or the network share and run the same command again")
            }
            if count == 0 { try checkUnchanged(file) }
            account.bytesRead.add(count, ordering: .relaxed)
            return count
        }
    }

    private func checkUnchanged(_ file: OpenFile) throws {
        guard file.isUnchanged() else {
            throw Diagnostic(
                "source.changed", "the file was changed while it was read", at: location(),
                hint: "wait until the instrument has finished writing it and run the same command again")
        }
    }
}

/// A file descriptor that is closed when nobody needs it any more, and remembers what it was opened on.
public final class OpenFile: Sendable {
    public let descriptor: CInt
    private let length: off_t
    private let modified: timespec

    /// Takes over `descriptor`.
    public init(descriptor: CInt) {
        self.descriptor = descriptor
        var status = stat()
        _ = fstat(descriptor, &status)
        length = status.st_size
        modified = status.st_mtim
    }

    deinit { _ = close(descriptor) }

    /// The size it had when it was opened, in bytes.
    public var size: Int { Int(length) }

    /// Whether size and modification time are still those it was opened with.
    public func isUnchanged() -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return status.st_size == length && status.st_mtim.tv_sec == modified.tv_sec
            && status.st_mtim.tv_nsec == modified.tv_nsec
    }
}
