/// A part of a file, or all of it, that becomes a blob or a part of one.
public struct BlobContent: Sendable, Hashable {
    public var path: String
    /// In bytes.
    public var offset: Int, length: Int
    /// The size of the whole file when it was looked at: a file that has another when it is read has changed.
    public var fileSize: Int

    public init(path: String, offset: Int, length: Int, fileSize: Int) {
        self.path = path
        self.offset = offset
        self.length = length
        self.fileSize = fileSize
    }

    /// All of a file of this size, in parts of ``BenchlingClient/blobPart`` bytes, the last of which may be shorter. An empty
    /// file has one empty part.
    public static func parts(of path: String, fileSize: Int) -> [BlobContent] {
        let size = BenchlingClient.blobPart
        return stride(from: 0, to: max(fileSize, 1), by: size).map {
            BlobContent(path: path, offset: $0, length: min(size, fileSize - $0), fileSize: fileSize)
        }
    }

    /// A file could not be read as it was planned; nothing of it was sent in this call.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }
}
