import Digests
import FoundationEssentials
import Glibc
import IngestCore

/// The JSON of a blob or a part, made straight from the file in one buffer: the content as base64 is some 13 MB, and neither it
/// nor the bytes it is made of are held a second time.
struct BlobBody {
    let data: Data

    /// Bytes read at a time; a multiple of three, so that the base64 texts of the slices make one text.
    private static let slice = 3 << 16

    /// - Parameter members: What else stands in the body.
    /// - Throws: ``BlobContent/Fault``.
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
        var body = try JSONEncoder().encode(JSONValue.object(head))
        body.removeLast()
        var buffer = Data(capacity: body.count + 64 + (content.length + 2) / 3 * 4)
        buffer.append(body)
        if !head.isEmpty { buffer.append(UInt8(ascii: ",")) }
        buffer.append(contentsOf: "\"data64\":\"".utf8)
        let md5 = MessageDigest(.md5)
        try Self.append(content, of: file, to: &buffer, md5)
        guard try Self.state(of: file, content) == before else { throw Self.fault(content, "changed while it was read") }
        buffer.append(contentsOf: "\",\"md5\":\"\(md5.hexadecimal())\"}".utf8)
        data = buffer
    }

    private static func append(_ content: BlobContent, of file: Int32, to buffer: inout Data, _ md5: MessageDigest) throws {
        var slice = Data(count: Swift.min(Self.slice, content.length))
        var place = content.offset
        let end = content.offset + content.length
        while place < end {
            let wanted = Swift.min(slice.count, end - place)
            // Short reads happen; a slice has to be whole, or its base64 text would be padded in the middle.
            var got = 0
            while got < wanted {
                let count = slice.withUnsafeMutableBytes { pread(file, $0.baseAddress! + got, wanted - got, place + got) }
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { throw fault(content, "cannot be read: \(String(cString: strerror(errno)))") }
                guard count > 0 else { throw fault(content, "ends at byte \(place + got); it has changed") }
                got += count
            }
            slice.withUnsafeBytes { md5.update(UnsafeRawBufferPointer(rebasing: $0[..<wanted])) }
            buffer.append(slice.prefix(wanted).base64EncodedData())
            place += wanted
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
