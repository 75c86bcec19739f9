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
}

/// One line of a records file.
public struct RecordLine: Sendable, Hashable {
    /// From 1.
    public let number: Int
    public let value: JSONValue

    public init(number: Int, value: JSONValue) {
        self.number = number
        self.value = value
    }
}
