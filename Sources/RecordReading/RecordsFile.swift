public import IngestCore

/// A records file (`ingest-records/1`) that was found whole: its form is known, its lines are in order, its `end` line is
/// there and the digest in it is that of the lines before.
public struct RecordsFile: Sendable {
    public let path: String
    /// The `source` line.
    public let source: RecordLine
    /// The `end` line.
    public let end: RecordLine
    /// The digest the end line states.
    public let digest: String
    /// The few lines kept in memory; results, traces and points are streamed.
    public let runs: [RecordLine], attachments: [RecordLine]
    /// How many of its diagnostics are errors: what was left out when the source was read.
    public let errors: Int
    /// What the reading of the source warned of, at most 10,000.
    public let warnings: [Diagnostic]
    /// How the file that was read was laid out, as far as records tell it: not its headings.
    public let layout: Layout
    private let identity: FileIdentity

    static let readAgain = "the file was cut or changed after it was written; read the source again"

    /// Checks the whole file in one pass. Memory: the longest line, the runs and attachments, and 16 bytes for each result.
    ///
    /// Refused are: an unknown form, an order other than `source`, `run` before its results, `end` last; unknown types of
    /// lines; keys that are missing or of the wrong kind; ids that stand twice; counts in `end` that are not those of the
    /// lines; a digest other than theirs; lines above 8 MiB. Unknown keys are passed over.
    /// - Throws: `Diagnostic` with the file and the line.
    public init(path: String) throws {
        let reader = try LineReader(path: path)
        var check = RecordsCheck(file: path)
        while let line = try reader.next() { try check.take(line, number: reader.number) }
        let (source, end) = try check.finish(lines: reader.number)
        if let repeated = try RepeatedIDs.first(in: path, suspects: check.repeatedHashes) { throw repeated }
        guard reader.isUnchanged else { throw RecordsFile.changed(path) }
        self.path = path
        self.source = source
        self.end = end
        digest = end.value["digest"]?.string ?? ""
        runs = check.runs
        attachments = check.attachments
        errors = check.errors
        warnings = check.warnings
        layout = check.layout
        identity = reader.identity
    }

    /// The results, in file order, read from the file again.
    /// - Throws: `records.changed` when the file is no longer the one that was checked.
    public func results() throws -> ResultReader {
        let reader = try LineReader(path: path)
        guard reader.identity == identity else { throw RecordsFile.changed(path) }
        return ResultReader(reader, digest: digest)
    }

    static func changed(_ path: String) -> Diagnostic {
        Diagnostic(
            "records.changed", "the records file was changed while it was being used", at: SourceLocation(file: path),
            hint: "nothing more was taken from it; read the source again, and publish the new records file")
    }
}

extension RecordsFile {
    /// The name of the file that was read, without directories.
    public var fileName: String { source.value["file"]?["name"]?.string ?? "" }
    /// Its size in bytes.
    public var bytes: Int { source.value["file"]?["bytes"]?.int ?? 0 }
    /// Its SHA-256 in lower-case hexadecimal.
    public var sha256: String { source.value["file"]?["sha256"]?.string ?? "" }
    /// `lc.table`
    public var adapterName: String { source.value["adapter"]?["name"]?.string ?? "" }
    public var adapterVersion: Int { source.value["adapter"]?["version"]?.int ?? 0 }
    public var format: String { source.value["adapter"]?["format"]?.string ?? "" }
    public var complete: Completeness { Completeness(rawValue: end.value["complete"]?.string ?? "") ?? .unknown }
    /// Which instrument made the file, as far as it says: serial number or else name of the first run that states one, with the
    /// adapter; the adapter with the format without its version where none does.
    public var instrument: Instrument {
        for run in runs {
            guard let stated = run.value["instrument"] else { continue }
            if let serial = stated["serial"]?.string {
                return Instrument(key: "\(adapterName) serial \(serial)", name: stated["name"]?.string ?? serial, isStated: true)
            }
            if let name = stated["name"]?.string {
                return Instrument(key: "\(adapterName) name \(name)", name: name, isStated: true)
            }
        }
        let words = format.split(separator: " ").filter { !$0.contains(where: \.isNumber) }.joined(separator: " ")
        return Instrument(key: "\(adapterName) format \(words)", name: adapterName, isStated: false)
    }

    /// What layouts are remembered of.
    public struct Instrument: Sendable, Hashable {
        /// The same for all files of it.
        public let key: String
        /// For people.
        public let name: String
        /// The file names it; otherwise it stands for all files of one format.
        public let isStated: Bool
    }

    /// What shows that the source is whole, or that it is not.
    public var why: String { end.value["why"]?.string ?? "" }
    public var resultCount: Int { end.value["results"]?.int ?? 0 }
    /// Curves of points.
    public var traceCount: Int { end.value["traces"]?.int ?? 0 }
    /// Rows that were left out when the source was read.
    public var leftOut: Int { end.value["leftOut"]?.int ?? 0 }

    /// Whether a source proves that it is whole.
    public enum Completeness: String, Sendable, Hashable, CaseIterable { case yes, no, unknown }
}
