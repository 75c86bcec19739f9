import FoundationEssentials
import GRDB
import IngestCore

/// What only an administrator changes in a tenant.
enum DocumentKind: String, Sendable {
    case runSchema, resultSchema, entitySchema, dropdown, project, registry, entity, folder
}

/// The documents of a tenant, each as the API shows it, in the order they were made.
struct Documents {
    private let db: Database
    private let known: Known?

    /// What was found already, for as long as one transaction: the items of a list mostly name the same few documents.
    final class Known {
        fileprivate var found: [String: JSONValue] = [:]
    }

    init(_ db: Database, known: Known? = nil) {
        self.db = db
        self.known = known
    }

    func find(_ kind: DocumentKind, _ id: String) throws -> JSONValue? {
        let key = "\(kind.rawValue) \(id)"
        if let found = known?.found[key] { return found }
        let found = try fetch(kind, id)
        known?.found[key] = found
        return found
    }

    private func fetch(_ kind: DocumentKind, _ id: String) throws -> JSONValue? {
        try String.fetchOne(db, sql: "SELECT body FROM document WHERE kind = ? AND id = ?", arguments: [kind.rawValue, id])
            .map(JSONText.value)
    }

    func all(_ kind: DocumentKind) throws -> [JSONValue] {
        try String.fetchAll(db, sql: "SELECT body FROM document WHERE kind = ? ORDER BY place", arguments: [kind.rawValue])
            .map(JSONText.value)
    }

    func put(_ kind: DocumentKind, _ body: JSONValue) throws {
        guard let id = body["id"]?.string else { throw DatabaseError(message: "a \(kind.rawValue) needs an id") }
        try db.execute(
            sql: """
                INSERT INTO document (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body
                """, arguments: [kind.rawValue, id, try JSONText.text(body)])
    }

    /// - Returns: The id of the entity.
    func addEntity(
        name: String, registryID: String?, aliases: [JSONValue], schema: String, schemaName: String, registry: String,
        folder: String
    ) throws -> String {
        let id = Identifier.prefixed("bfi_")
        let now = JSONValue.string(Instant.now().text)
        try put(
            .entity,
            [
                "id": .string(id), "name": .string(name), "entityRegistryId": JSONValue(registryID), "aliases": .array(aliases),
                "registryId": .string(registry), "folderId": .string(folder), "archiveRecord": .null, "fields": [:],
                "customFields": [:],
                "schema": ["id": .string(schema), "name": .string(schemaName)], "createdAt": now, "modifiedAt": now,
                "creator": Caller.administrator.summary, "authors": [Caller.administrator.summary], "registrationOrigin": .null,
            ])
        return id
    }
}

extension JSONValue {
    /// The name of an object that has one.
    var name: String { self["name"]?.string ?? "" }
    var isArchived: Bool { !(self["archiveRecord"] ?? .null).isNull }
}
