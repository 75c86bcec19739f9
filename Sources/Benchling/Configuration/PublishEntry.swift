import Digests
public import IngestCore

/// What becomes of the records of one family or format: an entry of `publish` in `ingest.yaml`.
public struct PublishEntry: Sendable, Hashable {
    /// A family (`lc`) or a format (`lc.table`).
    public let adapter: String
    /// Whether files whose completeness is unknown are published without being asked.
    public let acceptsUnknown: Bool
    /// The elements that are rows of an XML document, for `xml.table`: the first that a document has.
    public let elements: [String]
    public let run: FormMapping
    /// One or more; no kind of result in two of them.
    public let results: [ResultMapping]
    /// Where it stands in the configuration.
    public let place: SourceLocation
    let text: ConfigurationText

    /// The SHA-256 of what it says, whatever the layout and the order of fields: two entries with one digest map alike.
    public var digest: String {
        func form(_ form: FormMapping) -> JSONValue {
            [
                "schema": .string(form.schema),
                "fields": .object(
                    Dictionary(form.fields.map { ($0.name, .string($0.expression.text)) }, uniquingKeysWith: { $1 })),
            ]
        }
        let content: JSONValue = [
            "for": .string(adapter), "accept-unknown": .bool(acceptsUnknown), "run": form(run),
            "results": .array(
                results.map {
                    let kinds = $0.isChoice ? $0.kinds : $0.kinds.sorted()
                    return ["of": .array(kinds.map(JSONValue.string)), "choice": .bool($0.isChoice), "form": form($0.form)]
                }
                .sorted { $0.text < $1.text }),
        ]
        return MessageDigest.of(content.text)
    }
}

/// The schema that a run or a result is made by, and what stands in its fields.
public struct FormMapping: Sendable, Hashable {
    /// By name or id.
    public let schema: String
    public let schemaPlace: SourceLocation
    /// In the order written; no name twice.
    public let fields: [FieldMapping]
    /// Of the whole, for faults about what is missing.
    public let place: SourceLocation
}

public struct ResultMapping: Sendable, Hashable {
    /// `peak`, `compound`, …
    public let kinds: [String]
    /// Whether only the first of these kinds is published that a file has results of: many reports tell the same peaks twice,
    /// in a table of peaks and in one of compounds.
    public let isChoice: Bool
    public let form: FormMapping
}

/// One field and the expression for its value.
public struct FieldMapping: Sendable, Hashable {
    /// The system name.
    public let name: String
    public let namePlace: SourceLocation
    public let expression: FieldExpression
    /// Where the expression begins.
    public let place: SourceLocation
    /// Whether places inside the expression are columns of its line, which folded texts and those with escapes are not.
    let isLiteral: Bool

    /// The place of a character of the expression.
    func place(of offset: Int) -> SourceLocation {
        var place = place
        if isLiteral, let column = place.column { place.column = column + offset }
        return place
    }
}
