/// A place in a source: where a record came from, or where a fault was found.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
    /// The file's name as the user gave it, without directories.
    public var file: String
    /// The part of a bundle, such as `REPORT01.CSV`; `nil` for a plain file.
    public var member: String?
    /// From 1; `nil` where the place is the whole file.
    public var line: Int?
    /// From 1, in characters; a quoted cell begins at its quote.
    public var column: Int?
    /// The heading of the column.
    public var field: String?
    /// In XML, the element or attribute.
    public var path: ElementPath?

    public init(
        file: String, member: String? = nil, line: Int? = nil, column: Int? = nil, field: String? = nil,
        path: ElementPath? = nil
    ) {
        self.file = file
        self.member = member
        self.line = line
        self.column = column
        self.field = field
        self.path = path
    }

    /// `run7.csv:14:13`, or `GC.D/REPORT01.CSV:3:1` in a bundle.
    public var description: String {
        var text = file
        if let member { text += "/" + member }
        if let line { text += ":\(line)" }
        if let column { text += ":\(column)" }
        return text
    }
}
