import GRDB
import IngestCore

/// The files of a tenant, as the API shows them; their bytes are owned by the file's id.
struct Files {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func insert(name: String, filename: String, folder: String, custom: JSONValue?, creator: Caller) throws -> String {
        let id = Identifier.prefixed("file_")
        let now = Instant.now().microseconds
        try db.execute(
            sql: """
                INSERT INTO file (id, name, filename, folder, status, custom, creator, created, modified)
                VALUES (?, ?, ?, ?, 'NOT_UPLOADED', ?, ?, ?, ?)
                """, arguments: [id, name, filename, folder, try custom.map(JSONText.text), creator.rawValue, now, now])
        return id
    }

    func find(_ id: String) throws -> JSONValue? {
        try Row.fetchOne(db, sql: "SELECT * FROM file WHERE id = ?", arguments: [id]).map(json)
    }

    /// Those that were made by then.
    func all(until newest: Instant) throws -> [JSONValue] {
        try Row.fetchAll(db, sql: "SELECT * FROM file WHERE created <= ? ORDER BY place", arguments: [newest.microseconds])
            .map(json)
    }

    private func json(_ row: Row) throws -> JSONValue {
        [
            "id": .string(row["id"]), "name": .string(row["name"]), "filename": .string(row["filename"]),
            "folderId": .string(row["folder"]),
            "displayId": .string("FILE\(row["place"] as Int)"), "uploadStatus": .string(row["status"]),
            "errorMessage": JSONValue(row["error"]),
            "customFields": try (row["custom"] as String?).map(JSONText.value) ?? [:],
            "creator": Caller(stored: row["creator"]).summary,
            "createdAt": .string(Instant(microseconds: row["created"]).text),
            "modifiedAt": .string(Instant(microseconds: row["modified"]).text),
            "archiveRecord": (row["archived"] as String?).map { ["reason": .string($0)] } ?? .null,
        ]
    }

    /// - Parameter changes: By column, a constant of this module.
    func update(_ id: String, _ changes: [(column: String, value: String)]) throws {
        for (column, value) in changes {
            try db.execute(sql: "UPDATE file SET \(column) = ? WHERE id = ?", arguments: [value, id])
        }
        try db.execute(sql: "UPDATE file SET modified = ? WHERE id = ?", arguments: [Instant.now().microseconds, id])
    }
}
