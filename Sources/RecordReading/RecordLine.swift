public import IngestCore

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

extension RecordLine {
    /// `type`: `source`, `run`, `result`, …
    public var type: String { value["type"]?.string ?? "" }
    /// `id`; empty for lines that have none.
    public var id: String { value["id"]?.string ?? "" }
    /// The id of the run a result or trace belongs to; empty where it names none.
    public var run: String { value["run"]?.string ?? "" }
    /// The kind of a result; empty for other lines.
    public var kind: String { value["kind"]?.string ?? "" }

    /// The place in the file that was read: `at` with the name of that file.
    public func location(in file: String) -> SourceLocation {
        let at = value["at"]
        return SourceLocation(
            file: file, member: at?["member"]?.string, line: at?["line"]?.int, column: at?["column"]?.int,
            field: at?["field"]?.string, path: at?["path"]?.string.map { ElementPath($0) })
    }
}
