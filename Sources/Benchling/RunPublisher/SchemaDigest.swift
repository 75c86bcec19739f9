import Digests

/// What a plan relies on of schemas, in few characters: it differs once a field is added, changed or archived.
enum SchemaDigest {
    static func of(_ ids: Set<String>, of tenant: Tenant) -> String {
        let lines = tenant.schemas.filter { ids.contains($0.id) }.sorted { $0.id < $1.id }.map { schema in
            let fields = schema.fields.sorted { $0.name < $1.name }.map { field in
                [
                    field.name, field.type, "\(field.isRequired)", "\(field.isMulti)", "\(field.isArchived)",
                    field.minimum.map { "\($0)" } ?? "", field.maximum.map { "\($0)" } ?? "", field.dropdown ?? "",
                    field.schema ?? "",
                ].joined(separator: "\u{1F}")
            }
            return ([schema.id, "\(schema.isArchived)"] + fields).joined(separator: "\u{1E}")
        }
        return MessageDigest.of(lines.joined(separator: "\u{1D}"))
    }
}
