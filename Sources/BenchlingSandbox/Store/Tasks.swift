import GRDB
import IngestCore

/// Tasks: what is done by the time it is answered here is still told by one, as elsewhere.
struct Tasks {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func insert(_ body: JSONValue) throws -> String {
        let id = Identifier.uuid()
        try db.execute(
            sql: "INSERT INTO task (id, body, ended) VALUES (?, ?, ?)",
            arguments: [id, try JSONText.text(body), Instant.now().microseconds])
        return id
    }

    /// - Parameter lifetime: Seconds after its end that a task is known.
    func find(_ id: String, lifetime: Double) throws -> JSONValue? {
        try String.fetchOne(
            db, sql: "SELECT body FROM task WHERE id = ? AND ended >= ?",
            arguments: [id, Instant.now().adding(seconds: -lifetime).microseconds]
        ).map(JSONText.value)
    }
}
