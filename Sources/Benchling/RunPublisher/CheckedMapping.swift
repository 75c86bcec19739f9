import Digests
import IngestCore
public import RecordReading

/// A mapping that fits the schemas of a tenant: every field is there, every expression gives what its field takes.
public struct CheckedMapping: Sendable {
    public let entry: PublishEntry
    public let run: CheckedForm
    /// The SHA-256 of the mapping and of the schemas it was checked against: another one may map otherwise.
    public let digest: String
    private var forms: [String: CheckedForm]
    /// Kinds that are set aside because the file has one that comes before them, and which.
    public private(set) var setAside: [String: String] = [:]

    /// How results of a kind are mapped; `nil` for kinds that are not published.
    public func form(for kind: String) -> CheckedForm? { forms[kind] }

    /// The kinds of results that are published.
    public var kinds: Set<String> { Set(forms.keys) }

    /// For a file that has results of these kinds.
    public func chosen(for present: Set<String>) -> CheckedMapping {
        var chosen = self
        for mapping in entry.results where mapping.isChoice {
            guard let first = mapping.kinds.first(where: present.contains) else { continue }
            for kind in mapping.kinds where kind != first {
                chosen.forms[kind] = nil
                chosen.setAside[kind] = first
            }
        }
        return chosen
    }

    /// - Parameters:
    ///   - schemas: All run and result schemas of the tenant, archived ones too.
    ///   - dropdowns: By id, at least those of ``dropdownsNeeded(_:schemas:)``.
    /// - Throws: ``ConfigurationFaults``, all there are, each at its line of the YAML.
    public init(
        _ entry: PublishEntry, schemas: [AssaySchema], dropdowns: [String: Dropdown]
    ) throws(ConfigurationFaults) {
        let faults = FaultList(entry.text)
        let check = MappingCheck(schemas: schemas, dropdowns: dropdowns, faults: faults)
        let run = check.form(entry.run, .run, runSchema: nil)
        let results = entry.results.map { ($0.kinds, check.form($0.form, .result, runSchema: run?.schema)) }
        try faults.check()
        guard let run else { throw ConfigurationFaults(faults.diagnostics) }
        var forms: [String: CheckedForm] = [:]
        for case (let kinds, let form?) in results { for kind in kinds { forms[kind] = form } }
        self.entry = entry
        self.run = run
        self.forms = forms
        let used = [run.schema] + forms.values.map(\.schema)
        digest = MessageDigest.of(entry.digest + "\n" + CheckedMapping.canonical(used, dropdowns))
    }

    /// The ids of the dropdowns that mapped fields choose from; they have to be fetched before the check.
    public static func dropdownsNeeded(_ entry: PublishEntry, schemas: [AssaySchema]) -> Set<String> {
        // Faults are told by the check itself.
        let check = MappingCheck(schemas: schemas, dropdowns: [:], faults: FaultList(entry.text))
        var needed: Set<String> = []
        for (form, kind) in [(entry.run, SchemaKind.run)] + entry.results.map({ ($0.form, SchemaKind.result) }) {
            guard let schema = check.schema(form, kind) else { continue }
            for field in form.fields {
                if let dropdown = schema.fields.first(where: { $0.name == field.name && !$0.isArchived })?.dropdown {
                    needed.insert(dropdown)
                }
            }
        }
        return needed
    }

    private static func canonical(_ schemas: [AssaySchema], _ dropdowns: [String: Dropdown]) -> String {
        func field(_ field: FieldDefinition) -> JSONValue {
            var parts: [JSONValue] = [.string(field.id), .string(field.name), .string(field.type)]
            parts += [.bool(field.isRequired), .bool(field.isMulti), .bool(field.isArchived)]
            parts += [field.minimum, field.maximum].map { $0.map(JSONValue.number) ?? .null }
            parts += [field.dropdown, field.schema].map { $0.map(JSONValue.string) ?? .null }
            let options = field.dropdown.flatMap { dropdowns[$0] }?.options ?? []
            parts.append(.array(options.map { [.string($0.id), .string($0.name), .bool($0.isArchived)] }))
            return .array(parts)
        }
        let texts = schemas.map { schema in
            JSONValue.array([.string(schema.id), .array(schema.fields.map(field).sorted { $0.text < $1.text })]).text
        }
        return Set(texts).sorted().joined(separator: "\n")
    }
}

/// A schema and what stands in its fields.
public struct CheckedForm: Sendable {
    public let schema: AssaySchema
    let fields: [CheckedField]

    /// The values of the fields for one record.
    /// - Parameter result: `nil` when the form is that of a run.
    public func map(_ result: RecordLine?, run: RecordLine, in file: RecordsFile) -> MappedFields {
        var mapped = MappedFields()
        for field in fields {
            var evaluation = Evaluation(result: result, run: run, file: file, field: field)
            evaluation.fill(&mapped)
        }
        return mapped
    }
}

/// A field with its definition and its expression.
struct CheckedField: Sendable {
    let mapping: FieldMapping
    let definition: FieldDefinition
    /// Live options of a dropdown, by name.
    let options: [String: String]
}
