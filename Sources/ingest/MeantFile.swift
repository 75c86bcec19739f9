import Foundation
import IngestCore
import IngestPipeline
import Publishing
import RecordReading

/// What a file is, where one stands for what was published: it is known by its content, whatever it is called.
enum MeantFile {
    /// What `--json` printed, a receipt a line.
    case receipts([Receipt])
    /// What `ingest read` or `ingest ic50` wrote.
    case records(RecordsFile)
    case source(sha256: String)

    /// `nil` when there is no such file.
    /// - Throws: A ``Diagnostic`` for a file that cannot be read, and for receipts and records that are not whole.
    init?(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        // A folder or a large file is no receipt; whatever cannot be read as one is taken for the source.
        if RecordsFile.begins(at: path) {
            self = .records(try RecordsFile(path: path))
        } else if let text = try? String(contentsOfFile: path, encoding: .utf8), text.hasPrefix("{\"file\":") {
            self = .receipts(try text.split(separator: "\n").map { try Receipt(parsing: String($0), name: path) })
        } else {
            self = .source(sha256: try SourceOpener.open(path).source().digest.sha256)
        }
    }
}

extension RecordsFile {
    /// Whether there are records at a path: they begin with their source line.
    static func begins(at path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }  // Only read: nothing is lost.
        let head = (try? handle.read(upToCount: 17)) ?? Data()  // What cannot be read is told when it is opened for good.
        return head == Data(#"{"type":"source","#.utf8)
    }
}
