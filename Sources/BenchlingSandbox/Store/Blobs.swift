import GRDB
import IngestCore

struct StoredBlob: Sendable {
    enum Status: String, Sendable, CaseIterable { case inProgress = "IN_PROGRESS", complete = "COMPLETE", aborted = "ABORTED" }
    var id: String, name: String, mime: String, type: String
    var status: Status
    var created: Instant

    /// As the API shows it.
    var json: JSONValue {
        [
            "id": .string(id), "name": .string(name), "mimeType": .string(mime), "type": .string(type),
            "uploadStatus": .string(status.rawValue),
        ]
    }
}

/// The blobs of a tenant; their bytes are pieces of content owned by the blob's id.
struct Blobs {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func find(_ id: String) throws -> StoredBlob? {
        try Row.fetchOne(db, sql: "SELECT * FROM blob WHERE id = ?", arguments: [id]).map { row in
            guard let status = StoredBlob.Status(rawValue: row["status"]) else {
                throw DatabaseError(message: "blob \(id) has no status")
            }
            return StoredBlob(
                id: row["id"], name: row["name"], mime: row["mime"], type: row["type"], status: status,
                created: Instant(microseconds: row["created"]))
        }
    }

    func insert(name: String, mime: String?, type: String, status: StoredBlob.Status) throws -> StoredBlob {
        let blob = StoredBlob(
            id: Identifier.uuid(), name: name, mime: mime ?? "application/octet-stream", type: type, status: status,
            created: .now())
        try db.execute(
            sql: "INSERT INTO blob (id, name, mime, type, status, created) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [blob.id, blob.name, blob.mime, blob.type, status.rawValue, blob.created.microseconds])
        return blob
    }

    func set(_ status: StoredBlob.Status, of blob: StoredBlob) throws -> StoredBlob {
        try db.execute(sql: "UPDATE blob SET status = ? WHERE id = ?", arguments: [status.rawValue, blob.id])
        var changed = blob
        changed.status = status
        return changed
    }
}
