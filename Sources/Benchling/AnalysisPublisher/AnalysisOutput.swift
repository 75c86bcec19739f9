import Digests
import Glibc
import IngestCore
import Publishing

/// A file on this computer that is to be attached to an analysis, as a data frame or as a file.
public struct AnalysisOutput: Sendable, Hashable {
    /// For people, such as `IC50`; at the destination the mark of the publication stands before it.
    public var name: String
    /// What it is called when it is loaded: `ic50.csv`. Of a data frame it ends with `.csv`.
    public var fileName: String
    /// Where its bytes are until it is attached. They must follow from the input and the settings alone, without the time of day:
    /// whatever has other bytes is attached beside what is there.
    public var path: String

    public init(name: String, fileName: String, path: String) {
        self.name = name
        self.fileName = fileName
        self.path = path
    }
}

extension AnalysisOutput {
    /// What the document lists for files; all of them are ASCII.
    private static let fileTypes = [
        ".csv", ".html", ".jmp", ".jrn", ".jrp", ".jpeg", ".jpg", ".png", ".pdf", ".zip", ".txt",
    ]
    /// In bytes.
    private static let largestFile = 30_000_000, largestDataFrame = 150_000_000

    /// Reads it once.
    /// - Throws: `Diagnostic` for what the tenant would not take.
    func digest(as kind: PublishedThing.Kind) throws -> FileDigest {
        let types = kind == .dataFrame ? [".csv"] : Self.fileTypes
        guard types.contains(where: fileName.lowercased().hasSuffix), !fileName.contains("/") else {
            throw fault("type", "it cannot be attached under that name; names end with \(types.joined(separator: " "))")
        }
        let most = kind == .dataFrame ? Self.largestDataFrame : Self.largestFile
        let (bytes, sha256) = try content()
        guard bytes > 0 else { throw fault("empty", "it is empty") }
        guard bytes <= most else { throw fault("too-large", "it has \(bytes) bytes, and \(most) are the most") }
        return FileDigest(name: fileName, bytes: bytes, sha256: sha256)
    }

    private func content() throws -> (bytes: Int, sha256: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("unreadable", "it cannot be read: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        let digest = MessageDigest()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var bytes = 0
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw fault("unreadable", "it cannot be read: \(String(cString: strerror(errno)))") }
            guard count > 0 else { return (bytes, digest.hexadecimal()) }
            digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            bytes += count
        }
    }

    private func fault(_ code: String, _ message: String) -> Diagnostic {
        Diagnostic(
            "analysis.output-" + code, message, at: SourceLocation(file: fileName), hint: "nothing was sent or attached")
    }
}
