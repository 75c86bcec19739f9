import GRDB
import IngestCore

/// Signed addresses: whoever has one may put or get what it names, without credentials, until it runs out.
struct Addresses {
    enum Use: String { case upload, download }

    private let db: Database

    init(_ db: Database) { self.db = db }

    func make(_ use: Use, owner: String, _ call: Call) throws -> (url: String, expires: Instant) {
        let key = Identifier.secret(40)
        let expires = Instant.now().adding(seconds: call.options.addressLifetime)
        try db.execute(sql: "DELETE FROM address WHERE expires < ?", arguments: [Instant.now().microseconds])
        try db.execute(
            sql: "INSERT INTO address (key, use, owner, expires) VALUES (?, ?, ?, ?)",
            arguments: [key, use.rawValue, owner, expires.microseconds])
        return ("\(call.origin)/storage/\(key)", expires)
    }

    /// Whose content an address names; `nil` for one that is unknown, for another use, or has run out.
    func owner(_ key: String, _ use: Use) throws -> String? {
        try String.fetchOne(
            db, sql: "SELECT owner FROM address WHERE key = ? AND use = ? AND expires >= ?",
            arguments: [key, use.rawValue, Instant.now().microseconds])
    }
}
