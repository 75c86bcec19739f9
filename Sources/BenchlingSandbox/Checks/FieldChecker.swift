import GRDB
import IngestCore

/// Checks the `fields` of a run or a result against its schema: every value, with all faults at once.
struct FieldChecker {
    struct Link: Hashable {
        enum Kind: String { case entity, run, result, blob }
        var kind: Kind
        var target: String
    }

    struct Outcome {
        /// The bare values by system name; a field without a value is not in it.
        var values: [String: JSONValue] = [:]
        var links: [Link] = []
        /// By field name.
        var faults: [String: String] = [:]
    }

    let db: Database
    let caller: Caller
    /// `fieldDefinitions` of the schema.
    let definitions: [JSONValue]
    var known: Documents.Known?

    /// - Parameters:
    ///   - partial: Only the fields named are changed: `PATCH`, which takes the wrapped form alone.
    func check(_ fields: [String: JSONValue], partial: Bool = false) -> Outcome {
        var outcome = Outcome()
        let live = definitions.filter { !$0.isArchived }
        for (name, sent) in fields {
            guard let definition = live.first(where: { $0.name == name }) else {
                outcome.faults[name] = "No field of this name; there are \(live.map(\.name).joined(separator: ", "))"
                continue
            }
            do {
                guard let value = try unwrapped(sent, of: definition, bareAllowed: !partial) else { continue }
                let (kept, links) = try checked(value, definition)
                outcome.values[name] = kept
                outcome.links += links
            } catch {
                outcome.faults[name] = (error as? Fault)?.text ?? "\(error)"
            }
        }
        for definition in live where definition["isRequired"] == true && outcome.values[definition.name] == nil {
            // A partial change touches only what it names.
            if outcome.faults[definition.name] == nil && (!partial || fields[definition.name] != nil) {
                outcome.faults[definition.name] = "A required field needs a value"
            }
        }
        return outcome
    }

    private struct Fault: Error { var text: String }

    /// The value in `{"value": X}`, or a bare one; `nil` for no value.
    private func unwrapped(_ sent: JSONValue, of definition: JSONValue, bareAllowed: Bool) throws -> JSONValue? {
        let value: JSONValue
        if case .object(let members) = sent, let wrapped = members["value"] {
            if let extra = members.keys.sorted().first(where: { $0 != "value" }) {
                throw Fault(text: "\(extra) cannot be set; send {\"value\": …} alone")
            }
            value = wrapped
        } else if bareAllowed, sent.members.isEmpty || definition["type"] == "json" {
            value = sent
        } else {
            throw Fault(text: "Expected {\"value\": …}")
        }
        return value.isNull ? nil : value
    }

    private func checked(_ value: JSONValue, _ definition: JSONValue) throws -> (JSONValue, [Link]) {
        guard definition["isMulti"] == true else { return try single(value, definition) }
        guard case .array(let elements) = value else { throw Fault(text: "Expected a list, as the field takes several values") }
        if elements.isEmpty && definition["isRequired"] == true { throw Fault(text: "A required field needs a value") }
        let parts = try elements.map { try single($0, definition) }
        return (.array(parts.map(\.0)), parts.flatMap(\.1))
    }

    private func single(_ value: JSONValue, _ definition: JSONValue) throws -> (JSONValue, [Link]) {
        let type = definition["type"]?.string ?? ""
        switch type {
        case "text", "long_text":
            guard let text = value.string else { throw Fault(text: "Expected a text") }
            if text.isEmpty && definition["isRequired"] == true { throw Fault(text: "A required field needs a value") }
        case "integer", "float": try checkNumber(value, definition, whole: type == "integer")
        case "boolean": guard value.bool != nil else { throw Fault(text: "Expected true or false") }
        case "date":
            guard let text = value.string, Instant.day(text) != nil else { throw Fault(text: "Expected a date as YYYY-MM-DD") }
        case "datetime":
            guard let text = value.string, Instant(text) != nil else {
                throw Fault(text: "Expected an RFC 3339 date and time with offset")
            }
        case "json":
            switch value {
            case .object, .array: break
            default: throw Fault(text: "Expected an object or a list")
            }
        default:
            guard let id = value.string else { throw Fault(text: "Expected an id") }
            if type == "dropdown" {
                try checkOption(id, definition)
            } else {
                let link = try checkLink(id, type, schema: definition["schemaId"]?.string)
                return (.string(link.target), [link])
            }
        }
        return (value, [])
    }

    private func checkNumber(_ value: JSONValue, _ definition: JSONValue, whole: Bool) throws {
        guard let number = value.number else { throw Fault(text: "Expected a number") }
        if whole && number.rounded() != number { throw Fault(text: "Expected a whole number") }
        if let least = definition["numericMin"]?.number, number < least { throw Fault(text: "Less than the minimum of \(least)") }
        if let most = definition["numericMax"]?.number, number > most { throw Fault(text: "More than the maximum of \(most)") }
    }

    private func checkOption(_ id: String, _ definition: JSONValue) throws {
        let dropdown = try definition["dropdownId"]?.string.flatMap { try Documents(db, known: known).find(.dropdown, $0) }
        let option = dropdown?["options"]?.elements.first { $0["id"]?.string == id }
        guard let option else { throw Fault(text: "No dropdown option \(id)") }
        if option.isArchived { throw Fault(text: "Dropdown option \(id) is archived") }
    }

    private func checkLink(_ id: String, _ type: String, schema: String?) throws -> Link {
        switch type {
        case "entity_link", "custom_entity_link":
            guard let entity = try Documents(db, known: known).find(.entity, id) else { throw Fault(text: "No entity \(id)") }
            if entity.isArchived { throw Fault(text: "Entity \(id) is archived") }
            try check(schema: entity["schema"]?["id"]?.string, of: "Entity \(id)", wanted: schema)
            return Link(kind: .entity, target: id)
        case "assay_run_link", "assay_result_link":
            let kind: RecordKind = type == "assay_run_link" ? .run : .result
            guard let uuid = Identifier.uuid(id), let record = try Records(db).find(kind, uuid, caller) else {
                throw Fault(text: "No \(kind.words) \(id)")
            }
            if record.archived != nil { throw Fault(text: "The \(kind.words) \(id) is archived") }
            try check(schema: record.schema, of: "The \(kind.words) \(id)", wanted: schema)
            return Link(kind: kind == .run ? .run : .result, target: uuid)
        case "blob_link":
            guard let uuid = Identifier.uuid(id), let blob = try Blobs(db).find(uuid) else { throw Fault(text: "No blob \(id)") }
            if blob.status != .complete { throw Fault(text: "The upload of blob \(id) is not complete") }
            return Link(kind: .blob, target: uuid)
        default:
            // Entries, batches, storage, sequences: a local tenant has none.
            throw Fault(text: "No target \(id) for a \(type)")
        }
    }

    private func check(schema: String?, of target: String, wanted: String?) throws {
        if let wanted, schema != wanted { throw Fault(text: "\(target) has schema \(schema ?? "none"), not \(wanted)") }
    }
}
