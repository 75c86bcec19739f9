import IngestCore

/// Compares a mapping with the schemas of a tenant.
struct MappingCheck {
    let schemas: [AssaySchema]
    let dropdowns: [String: Dropdown]
    let faults: FaultList

    /// - Parameter runSchema: What `$run` links to.
    /// - Returns: `nil` when there is no such schema. Whether the rest fits, the faults tell.
    func form(_ form: FormMapping, _ kind: SchemaKind, runSchema: AssaySchema?) -> CheckedForm? {
        guard let schema = schema(form, kind) else { return nil }
        var checked: [CheckedField] = []
        for mapping in form.fields {
            guard let definition = definition(mapping, schema) else { continue }
            let field = CheckedField(mapping: mapping, definition: definition, options: options(definition, mapping))
            FieldCheck(field: field, runSchema: runSchema, faults: faults).check()
            checked.append(field)
        }
        let mapped = Set(form.fields.map(\.name))
        let missing = schema.fields.filter { $0.isRequired && !$0.isArchived && !mapped.contains($0.name) }
        if !missing.isEmpty {
            let names = missing.map { "\"\($0.name)\" (\($0.type))" }.joined(separator: ", ")
            faults.add(
                "benchling.missing-field", "schema \"\(schema.name)\" requires \(names)", at: form.schemaPlace,
                length: form.schema.count, hint: "map \(missing.count == 1 ? "it" : "them") under \"fields\"")
        }
        return CheckedForm(schema: schema, fields: checked)
    }

    /// By id or exact name, live and of the right kind.
    func schema(_ form: FormMapping, _ kind: SchemaKind) -> AssaySchema? {
        let word = kind == .run ? "run" : "result"
        let right = schemas.filter { $0.kind == kind }
        func fault(_ code: String, _ message: String, _ hint: String) {
            faults.add(code, message, at: form.schemaPlace, length: form.schema.count, hint: hint)
        }
        let named = right.filter { $0.id == form.schema }.nonEmpty ?? right.filter { $0.name == form.schema }
        let live = named.filter { !$0.isArchived }
        if live.count == 1 { return live[0] }
        if live.count > 1 {
            fault(
                "benchling.ambiguous-schema", "there are \(live.count) \(word) schemas named \"\(form.schema)\"",
                "write the id of the one that is meant: \(live.map(\.id).sorted().joined(separator: ", "))")
        } else if !named.isEmpty {
            fault(
                "benchling.archived-schema", "the \(word) schema \"\(form.schema)\" is archived",
                "nothing can be made by it; name another, or have it unarchived")
        } else if schemas.contains(where: { $0.kind != kind && ($0.name == form.schema || $0.id == form.schema) }) {
            fault(
                "benchling.unknown-schema", "\"\(form.schema)\" is a \(kind == .run ? "result" : "run") schema",
                "here a \(word) schema is wanted")
        } else {
            let names = Set(right.filter { !$0.isArchived }.map(\.name)).sorted()
            let near = NearestName.of(form.schema, among: names).map { "did you mean \"\($0)\"? " } ?? ""
            let known =
                names.isEmpty
                ? "the tenant shows none at all: does the app have access?" : "there are: \(names.joined(separator: ", "))"
            fault("benchling.unknown-schema", "there is no \(word) schema \"\(form.schema)\"", near + known)
        }
        return nil
    }

    private func definition(_ mapping: FieldMapping, _ schema: AssaySchema) -> FieldDefinition? {
        let named = schema.fields.filter { $0.name == mapping.name }
        if let live = named.first(where: { !$0.isArchived }) { return live }
        func fault(_ code: String, _ message: String, _ hint: String) {
            faults.add(code, message, at: mapping.namePlace, length: mapping.name.count, hint: hint)
        }
        if !named.isEmpty {
            fault(
                "benchling.archived-field", "the field \"\(mapping.name)\" of \"\(schema.name)\" is archived",
                "take it out of the mapping")
            return nil
        }
        let live = schema.fields.filter { !$0.isArchived }
        if let shown = live.first(where: { $0.displayName == mapping.name }) {
            fault(
                "benchling.unknown-field", "\"\(mapping.name)\" is what people see; the field's system name is wanted",
                "write \(shown.name)")
            return nil
        }
        let near = NearestName.of(mapping.name, among: live.map(\.name)).map { "did you mean \"\($0)\"? " } ?? ""
        let known = live.isEmpty ? "it has no fields" : "it has: \(live.map(\.name).sorted().joined(separator: ", "))"
        fault("benchling.unknown-field", "schema \"\(schema.name)\" has no field \"\(mapping.name)\"", near + known)
        return nil
    }

    private func options(_ definition: FieldDefinition, _ mapping: FieldMapping) -> [String: String] {
        guard definition.type == "dropdown", let id = definition.dropdown else { return [:] }
        guard let dropdown = dropdowns[id] else {
            faults.add(
                "benchling.unknown-dropdown", "the options of \"\(definition.name)\" cannot be seen (dropdown \(id))",
                at: mapping.namePlace, length: mapping.name.count, hint: "does the app have access to it?")
            return [:]
        }
        return Dictionary(
            dropdown.options.filter { !$0.isArchived }.map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
    }
}

extension Array {
    fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
