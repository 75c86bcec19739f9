import GRDB
import IngestCore

/// Runs and results as the API shows them.
struct RecordView {
    let db: Database
    let origin: String

    func json(_ record: StoredRecord) throws -> JSONValue {
        let schema = try Documents(db).find(record.kind.schemas, record.schema)
        var body: [String: JSONValue] = [
            "id": .string(record.id), "schema": ["id": .string(record.schema), "name": .string(schema?.name ?? "")],
            "fields": .object(try fields(record, schema)), "projectId": JSONValue(record.project),
            "createdAt": .string(record.created.text), "creator": record.creator.summary,
            "archiveRecord": record.archived.map { ["reason": .string($0)] } ?? .null, "entryId": JSONValue(record.entry),
            "isReviewed": false, "v3Id": .string(record.id), "validationStatus": .string(record.validation ?? "VALID"),
        ]
        switch record.kind {
        case .run:
            body["apiURL"] = .string("\(origin)/api/v2/assay-runs/\(record.id)")
            body["equipmentId"] = JSONValue(record.equipment)
            body["validationComment"] = JSONValue(record.comment)
        case .result:
            body["modifiedAt"] = .string(record.modified.text)
            body["fieldValidation"] = record.verdicts ?? [:]
            body["validationComment"] = .string(record.comment ?? "")
        }
        return .object(body)
    }

    /// Every live field of the schema, and what is left of those that are no longer.
    private func fields(_ record: StoredRecord, _ schema: JSONValue?) throws -> [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        for definition in schema?["fieldDefinitions"]?.elements ?? [] {
            let value = record.fields[definition.name] ?? .null
            if definition.isArchived && value.isNull { continue }
            let text = try JSONValue(displayed(value, definition))
            fields[definition.name] = [
                "value": value, "displayValue": text, "textValue": text, "type": definition["type"] ?? "text",
                "isMulti": definition["isMulti"] ?? false,
            ]
        }
        return fields
    }

    /// What a person sees of a value: the names of what it links to.
    func displayed(_ value: JSONValue, _ definition: JSONValue) throws -> String? {
        switch value {
        case .null: nil
        case .array(let elements) where definition["isMulti"] == true:
            try elements.compactMap { try displayed($0, definition) }.joined(separator: ", ")
        case .string(let text): try name(text, definition) ?? text
        case .bool(let truth): truth ? "true" : "false"
        case .number, .array, .object: try JSONText.text(value)
        }
    }

    private func name(_ id: String, _ definition: JSONValue) throws -> String? {
        switch definition["type"]?.string {
        case "entity_link", "custom_entity_link": try Documents(db).find(.entity, id)?.name
        case "blob_link": try Blobs(db).find(id)?.name
        case "dropdown":
            try definition["dropdownId"]?.string.flatMap { try Documents(db).find(.dropdown, $0) }?["options"]?.elements
                .first { $0["id"]?.string == id }?.name
        default: nil
        }
    }
}
