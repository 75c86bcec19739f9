/// What a field takes, by its type.
enum FieldKind: Sendable, Hashable {
    case text, integer, float, boolean, date, datetime, dropdown, json, entity, run, blob
    /// A link or another type for which only a literal id can stand.
    case other

    init(_ type: String) {
        switch type {
        case "text", "long_text": self = .text
        case "integer": self = .integer
        case "float": self = .float
        case "boolean": self = .boolean
        case "date": self = .date
        case "datetime": self = .datetime
        case "dropdown": self = .dropdown
        case "json": self = .json
        case "assay_run_link": self = .run
        case "blob_link": self = .blob
        case "entity_link", "custom_entity_link", "dna_sequence_link", "aa_sequence_link", "mixture_link", "dna_oligo_link",
            "rna_oligo_link", "part_link", "translation_link":
            self = .entity
        default: self = .other
        }
    }

    /// The longest text a field takes here, in UTF-8 bytes: nothing is published about it, and the cell of an instrument is
    /// far shorter. Longer ones are refused rather than sent in the hope that they fit.
    static let longestText = 100_000

    /// What can stand in it.
    var takes: Set<ExpressionType> {
        switch self {
        case .text: [.text, .number, .date, .datetime, .truth]
        case .integer, .float: [.number]
        case .boolean: [.truth]
        case .date: [.date, .text]
        case .datetime: [.datetime, .text]
        case .dropdown: [.text, .truth]
        case .json: [.json]
        case .entity: [.entity]
        case .run: [.run]
        case .blob: [.blob]
        case .other: [.text]
        }
    }

    /// What to write for it.
    var cure: String {
        switch self {
        case .text: "a path such as sample.name, or written(…) for the text of a cell"
        case .integer, .float: "a measurement with its unit (retentionTime in min), or value(…) for a number as stated"
        case .boolean: "true or false"
        case .date: "date(injection.acquired) or a text like \"2024-03-01\""
        case .datetime: "datetime(injection.acquired), which needs an offset"
        case .dropdown: "a text that is one of the options"
        case .json: "json(…), flags or extras"
        case .entity: "entity(sample.name)"
        case .run: "$run"
        case .blob: "blob(source)"
        case .other: "the id of a thing at the destination, in quotes"
        }
    }
}
