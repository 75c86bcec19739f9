import Digests
import FoundationEssentials
import Glibc
import IngestCore

/// The JSON of a blob or a part, made slice by slice from the file it comes from.
///
/// A small one is held in memory. A large one, some 13 MB as base64, is written to a temporary file: the URL loading system
/// copies a body in memory once more, and what several parts leave behind in the allocator was measured at 54 MB, against
/// 8 MB for any number of parts sent from files.
final class BlobBody: Sendable {
    let body: HTTPRequest.Body
    /// In bytes.
    let length: Int

    /// The longest content that is held in memory, in bytes.
    static let longestInMemory = 1 << 20
    /// Bytes read at a time; a multiple of three, so that the base64 texts of the slices make one text.
    private static let slice = 3 << 16

    /// - Parameter members: What else stands in the body.
    /// - Throws: ``BlobContent/Fault``, and a `Diagnostic` when there is no room for a temporary file.
    init(_ content: BlobContent, members: [String: String], partNumber: Int? = nil) throws {
        let file = open(content.path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Self.fault(content, "cannot be opened: \(String(cString: strerror(errno)))") }
        defer { close(file) }
        let before = try Self.state(of: file, content)
        guard before.size == content.fileSize, content.offset >= 0, content.length >= 0,
            content.offset + content.length <= before.size
        else {
            throw Self.fault(
                content, "has \(before.size) bytes and had \(content.fileSize) when it was looked at; it has changed")
        }
        var head: [String: JSONValue] = members.mapValues { .string($0) }
        if let partNumber { head["partNumber"] = .number(Double(partNumber)) }
        var opening = try JSONEncoder().encode(JSONValue.object(head))
        opening.removeLast()
        if !head.isEmpty { opening.append(UInt8(ascii: ",")) }
        opening.append(contentsOf: "\"data64\":\"".utf8)

        var written = try Written(inMemory: content.length <= Self.longestInMemory)
        do {
            try written.append(opening)
            let md5 = MessageDigest(.md5)
            try Self.append(content, of: file, to: &written, md5)
            guard try Self.state(of: file, content) == before else { throw Self.fault(content, "changed while it was read") }
            try written.append(Data("\",\"md5\":\"\(md5.hexadecimal())\"}".utf8))
            written.close()
        } catch {
            written.discard()
            throw error
        }
        body = written.body
        length = written.length
    }

    deinit {
        if case .file(let path) = body { unlink(path) }
    }

    private static func append(_ content: BlobContent, of file: Int32, to written: inout Written, _ md5: MessageDigest) throws {
        var slice = Data(count: Swift.min(Self.slice, content.length))
        var place = content.offset
        let end = content.offset + content.length
        while place < end {
            let wanted = Swift.min(slice.count, end - place)
            // Short reads happen; a slice has to be whole, or its base64 text would be padded in the middle.
            var got = 0
            while got < wanted {
                let count = slice.withUnsafeMutableBytes { pread(file, $0.baseAddress! + got, wanted - got, off_t(place + got)) }
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { throw fault(content, "cannot be read: \(String(cString: strerror(errno)))") }
                guard count > 0 else { throw fault(content, "ends at byte \(place + got); it has changed") }
                got += count
            }
            slice.withUnsafeBytes { md5.update(UnsafeRawBufferPointer(rebasing: $0[..<wanted])) }
            try written.append(slice.prefix(wanted).base64EncodedData())
            place += wanted
        }
    }

    /// Where the text goes.
    private struct Written {
        private var memory = Data()
        private var file: (descriptor: CInt, path: String)?
        private(set) var length = 0

        init(inMemory: Bool) throws { file = inMemory ? nil : try TemporaryFile.named() }

        var body: HTTPRequest.Body { file.map { .file(path: $0.path) } ?? .data(memory) }

        mutating func append(_ text: Data) throws {
            length += text.count
            guard let file else { return memory.append(text) }
            try text.withUnsafeBytes { try TemporaryFile.write($0, to: file.descriptor) }
        }

        func close() { if let file { Glibc.close(file.descriptor) } }

        func discard() {
            close()
            if let file { unlink(file.path) }
        }
    }

    private struct FileState: Equatable {
        var size: Int, seconds: Int, nanoseconds: Int
    }

    private static func state(of file: Int32, _ content: BlobContent) throws -> FileState {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw fault(content, "cannot be looked at: \(String(cString: strerror(errno)))") }
        return FileState(size: Int(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }

    private static func fault(_ content: BlobContent, _ what: String) -> BlobContent.Fault {
        BlobContent.Fault(description: "\(content.path) \(what)")
    }
}
