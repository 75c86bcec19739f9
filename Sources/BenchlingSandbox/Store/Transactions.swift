import GRDB
import IngestCore

/// Result transactions: what is added is seen by nobody before the commit.
struct Transactions {
    private let db: Database

    init(_ db: Database) { self.db = db }

    func begin(_ caller: Caller) throws -> String {
        let id = Identifier.uuid()
        try db.execute(
            sql: "INSERT INTO result_transaction (id, state, created, creator) VALUES (?, 'open', ?, ?)",
            arguments: [id, Instant.now().microseconds, caller.rawValue])
        return id
    }

    func expectOpen(_ id: String, _ call: Call) throws {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM result_transaction WHERE id = ?", arguments: [id]),
            row["creator"] == call.caller.rawValue
        else { throw Refusal.unknown("result transaction", id) }
        let state: String = row["state"]
        guard state == "open" else { throw Refusal.bad("The result transaction \(id) is \(state)") }
        let ends = Instant(microseconds: row["created"]).adding(seconds: call.options.transactionLifetime)
        if ends < .now() { throw Refusal.bad("The result transaction \(id) has run out of time") }
    }

    func end(_ id: String, commit: Bool, _ call: Call) throws {
        try expectOpen(id, call)
        try db.execute(
            sql: "UPDATE result_transaction SET state = ? WHERE id = ?", arguments: [commit ? "committed" : "aborted", id])
        if commit {
            try Records(db).commit(id)
        } else if call.options.freesAbortedIDs {
            try Records(db).discard(id)
        }
    }

    /// Ends those that were left open too long, so that the ids of their results are free again.
    func abortExpired(lifetime: Double) throws {
        let limit = Instant.now().adding(seconds: -lifetime).microseconds
        for id in try String.fetchAll(
            db, sql: "SELECT id FROM result_transaction WHERE state = 'open' AND created < ?", arguments: [limit])
        {
            try db.execute(sql: "UPDATE result_transaction SET state = 'aborted' WHERE id = ?", arguments: [id])
            try Records(db).discard(id)
        }
    }
}
