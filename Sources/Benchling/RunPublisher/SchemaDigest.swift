import Digests

/// What a plan relies on of schemas, in few characters: it differs once a field is added, changed or archived.
enum SchemaDigest {
    static func of(_ schemas: [AssaySchema]) -> String {
        let lines = schemas.sorted { $0.id < $1.id }.map { schema in
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
