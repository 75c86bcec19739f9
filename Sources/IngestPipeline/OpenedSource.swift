import Digests
import Glibc
public import IngestCore
import Synchronization

/// What a name on the command line turned out to be: a file, a bundle of files, or what a zip or gzip file holds. Open,
/// looked at, but not yet hashed.
public struct OpenedSource: Sendable {
    public let name: String
    public let opening: SourceOpening
    let content: SourceFile.Content
    let members: [OpenedSource]
    /// The files of a bundle as they were given, where archives among them were unpacked to members.
    let files: [OpenedSource]?
    /// The file as it was given when it had to be unpacked: a zip, a gzip.
    let container: Container?
    /// The folder of a plain file, where its companions are.
    let folder: String?
    /// Why archives among its files were not unpacked.
    let faults: [ArchiveFault]

    struct Container: Sendable {
        let name: String
        let content: SourceFile.Content
        /// What is left of its bounds for archives among its files, and how many archives deep these lie.
        let bounds: ArchiveBounds
        let depth: Int
    }

    init(
        name: String, opening: SourceOpening, content: SourceFile.Content, members: [OpenedSource] = [],
        files: [OpenedSource]? = nil, container: Container? = nil, folder: String? = nil, faults: [ArchiveFault] = []
    ) {
        self.name = name
        self.opening = opening
        self.content = content
        self.members = members
        self.files = files
        self.container = container
        self.folder = folder
        self.faults = faults
    }

    /// The bytes of all its files together.
    public var size: Int {
        switch content {
        case .bytes(let bytes): bytes.count + (files ?? members).reduce(0) { $0 + $1.size }
        case .descriptor(let file): file.size
        }
    }

    /// A source of some bytes in memory.
    public init(name: String, bytes: [UInt8], members: [OpenedSource] = []) {
        self.init(
            name: name,
            opening: SourceOpening(
                name: name, bytes: Array(bytes.prefix(SourceOpening.length)), members: members.map(\.opening)),
            content: .bytes(bytes), members: members)
    }

    /// The same under another name.
    func renamed(_ name: String, container: Container? = nil) -> OpenedSource {
        OpenedSource(
            name: name,
            opening: SourceOpening(
                name: name, bytes: opening.bytes, members: opening.members, neighbours: opening.neighbours), content: content,
            members: members, files: files, container: container ?? self.container, folder: folder, faults: faults)
    }

    /// Hashes everything and makes it ready to be read. With `companions`, the files of those names beside a plain file
    /// become members together with it.
    ///
    /// - Throws: A ``Diagnostic`` when something cannot be read.
    public func source(
        companions: [String] = [], given: GivenAssumptions = GivenAssumptions(),
        account: ReadingAccount = ReadingAccount(), chunkLength: Int = 1 << 18
    ) throws -> SourceFile {
        func ready(_ opened: OpenedSource, bundle: String) throws -> SourceFile {
            let (digest, survey) = try opened.look(account)
            var file = SourceFile(
                name: opened.name, digest: digest, parts: [], content: opened.content, opening: opened.opening, members: [],
                given: given, account: account, bundleName: bundle, survey: survey)
            file.chunkLength = chunkLength
            return file
        }
        var parts = try members.map { try ready($0, bundle: name) }
        if members.isEmpty, !companions.isEmpty, let folder {
            for other in companions {
                parts.append(try ready(try SourceOpener.openFile(folder + "/" + other, name: other), bundle: name))
            }
            parts.append(try ready(self, bundle: name))
            parts.sort { $0.name < $1.name }
        }
        let whole: FileDigest
        var partDigests = parts.map(\.digest)
        if let files {
            let known = Dictionary(partDigests.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            partDigests = try files.map { try known[$0.name] ?? Self.digest($0.content, name: $0.name, account) { _ in } }
        }
        var survey: ByteSurvey?
        if parts.isEmpty {
            (whole, survey) = try look(account)
        } else {
            // A folder has no bytes of its own: its digest is that of its parts, as sha256sum would list them. So it is
            // for a file and its companions, whichever of them was named: what is read comes from all of them.
            let list = partDigests.map { "\($0.sha256)  \($0.name)\n" }.joined()
            whole = FileDigest(
                name: name, bytes: partDigests.reduce(0) { $0 + $1.bytes }, sha256: MessageDigest.of(list))
        }
        var digest = whole
        if let container {
            digest = try Self.digest(container.content, name: container.name, account) { _ in }
            if partDigests.isEmpty { partDigests = [whole] }
        }
        var file = SourceFile(
            name: name, digest: digest, parts: partDigests, content: content, opening: opening, members: parts, given: given,
            account: account, bundleName: nil, survey: survey)
        file.chunkLength = chunkLength
        file.isUnpacked = container != nil
        return file
    }

    /// The source without its digest, for measuring what reads it.
    package func unhashedSource() -> SourceFile {
        SourceFile(
            name: name, digest: FileDigest(name: name, bytes: size, sha256: ""), content: content, opening: opening,
            account: ReadingAccount())
    }

    /// Hashes the bytes, and surveys them on the way when they may be a table: they pass only once.
    private func look(_ account: ReadingAccount) throws -> (FileDigest, ByteSurvey?) {
        guard !opening.bytes.contains(0), !opening.isMarkup else {
            return (try Self.digest(content, name: name, account) { _ in }, nil)
        }
        var survey = ByteSurvey()
        let digest = try Self.digest(content, name: name, account) { survey.look(at: $0) }
        survey.finish()
        return (digest, survey)
    }

    private static func digest(
        _ content: SourceFile.Content, name: String, _ account: ReadingAccount,
        passing: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws -> FileDigest {
        let hash = MessageDigest()
        switch content {
        case .bytes(let bytes):
            bytes.withUnsafeBytes { hash.update($0) }
            bytes.withUnsafeBufferPointer(passing)
            return FileDigest(name: name, bytes: bytes.count, sha256: hash.hexadecimal())
        case .descriptor(let file):
            // Small enough to stay in the cache from one look to the next.
            let length = 1 << 16
            let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: length)
            defer { buffer.deallocate() }
            var offset = 0
            while true {
                try Task.checkCancellation()
                let count = pread(file.descriptor, buffer.baseAddress, length, off_t(offset))
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { throw SourceOpener.failure(name, "cannot be read") }
                guard count > 0 else { break }
                let chunk = UnsafeBufferPointer(rebasing: buffer[..<count])
                hash.update(UnsafeRawBufferPointer(chunk))
                passing(chunk)
                offset += count
                account.bytesRead.add(count, ordering: .relaxed)
            }
            return FileDigest(name: name, bytes: offset, sha256: hash.hexadecimal())
        }
    }
}
