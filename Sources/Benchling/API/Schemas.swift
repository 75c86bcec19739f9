import IngestCore

extension BenchlingClient {
    /// All run schemas, archived ones too.
    public func runSchemas() async throws -> [AssaySchema] {
        try await schemas(.run, "/assay-run-schemas", "assayRunSchemas")
    }

    /// All result schemas, archived ones too.
    public func resultSchemas() async throws -> [AssaySchema] {
        try await schemas(.result, "/assay-result-schemas", "assayResultSchemas")
    }

    private func schemas(_ kind: SchemaKind, _ path: String, _ key: String) async throws -> [AssaySchema] {
        do {
            return try await all(.get(path), key) { try AssaySchema($0, kind) }
        } catch let failure as BenchlingFailure where failure.status == 404 {
            // Older tenants had one list for both kinds, told apart by `type`; it is gone from the current document.
            let lists = try await all(.get("/assay-schemas"), "assaySchemas") { schema in
                SchemaKind(rawValue: schema["type"]?.string ?? "") == kind ? [try AssaySchema(schema, kind)] : []
            }
            return lists.flatMap { $0 }
        }
    }
}

extension AssaySchema {
    init(_ schema: JSONValue, _ kind: SchemaKind) throws {
        self.init(
            id: try schema.text("id"), name: try schema.text("name"), kind: kind, systemName: schema["systemName"]?.string,
            isArchived: schema.isArchived, fields: try schema.list("fieldDefinitions").map(FieldDefinition.init))
    }
}

extension FieldDefinition {
    init(_ field: JSONValue) throws {
        let name = try field.text("name")
        self.init(
            id: field["id"]?.string ?? name, name: name, displayName: field["displayName"]?.string, type: try field.text("type"),
            isRequired: field["isRequired"]?.bool ?? false, isMulti: field["isMulti"]?.bool ?? false,
            isArchived: field.isArchived, minimum: field["numericMin"]?.number, maximum: field["numericMax"]?.number,
            dropdown: field["dropdownId"]?.string, schema: field["schemaId"]?.string)
    }
}
