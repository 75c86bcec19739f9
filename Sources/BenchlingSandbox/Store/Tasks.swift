import GRDB
import IngestCore

/// Tasks: what is done by the time it is answered here is still told by one, as elsewhere. One that ends later is running until then.
struct Tasks {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// - Parameter seconds: Until it ends.
    func insert(_ body: JSONValue, endsIn seconds: Double = 0) throws -> String {
        let id = Identifier.uuid()
        try db.execute(
            sql: "INSERT INTO task (id, body, ended) VALUES (?, ?, ?)",
            arguments: [id, try JSONText.text(body), Instant.now().adding(seconds: seconds).microseconds])
        return id
    }

    /// - Parameter lifetime: Seconds after its end that a task is known.
    func find(_ id: String, lifetime: Double) throws -> JSONValue? {
        try Row.fetchOne(
            db, sql: "SELECT body, ended FROM task WHERE id = ? AND ended >= ?",
            arguments: [id, Instant.now().adding(seconds: -lifetime).microseconds]
        ).map { row in
            row["ended"] as Int64 > Instant.now().microseconds ? ["status": "RUNNING"] : try JSONText.value(row["body"] as String)
        }
    }
}
