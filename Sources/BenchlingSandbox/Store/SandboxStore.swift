import FoundationEssentials
import GRDB
import Glibc
import IngestCore

/// The one SQLite file of a tenant. Several processes may have it open.
final class SandboxStore: Sendable {
    let pool: DatabasePool
    let tenantID: String
    let credentials: Sandbox.Credentials

    /// Opens the file, makes it if there is none, and brings it to the present form.
    init(path: String, options: SandboxOptions) throws {
        var configuration = Configuration()
        // Others hold the file for one statement or one short transaction at a time.
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { db in
            // A power cut may take the last answers with it, as it takes the process; the file stays whole.
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        // One process at a time makes the file or brings it to the present form; the others wait and find it done.
        let lock = open(path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            throw DatabaseError(message: "\(path).lock cannot be locked: \(String(cString: strerror(errno)))")
        }
        defer { close(lock) }
        pool = try DatabasePool(path: path, configuration: configuration)
        try Self.migrator.migrate(pool)
        (tenantID, credentials) = try pool.write { db in
            if try String.fetchOne(db, sql: "SELECT value FROM tenant WHERE key = 'id'") == nil {
                try Self.found(db, options)
            } else if options.seed {
                try Seed(db, partRows: options.dataFramePartRows).plantMissingSchemas()
            }
            func value(_ key: String) throws -> String {
                guard let text = try String.fetchOne(db, sql: "SELECT value FROM tenant WHERE key = ?", arguments: [key]) else {
                    throw DatabaseError(message: "the tenant has no \(key)")
                }
                return text
            }
            let credentials = Sandbox.Credentials(
                apiKey: try value("apiKey"), clientID: try value("clientID"), clientSecret: try value("clientSecret"),
                analysisStepKey: try value("analysisStepKey"))
            return (try value("id"), credentials)
        }
    }

    private static func found(_ db: Database, _ options: SandboxOptions) throws {
        var analysis = Identifier.prefixed("ana_")
        if options.seed { analysis = try Seed(db, partRows: options.dataFramePartRows).plant() }
        let values = [
            "id": Identifier.uuid(), "apiKey": "sk_" + Identifier.secret(32), "clientID": "app_" + Identifier.secret(12),
            "clientSecret": "cs_" + Identifier.secret(40), "analysisStepKey": try stepKey(analysis),
        ]
        for (key, value) in values {
            try db.execute(sql: "INSERT INTO tenant (key, value) VALUES (?, ?)", arguments: [key, value])
        }
    }

    /// `<analysis id>:<JWT>`; the tenant that the token names is the loopback host, whatever port it is served at.
    private static func stepKey(_ analysis: String) throws -> String {
        func part(_ value: JSONValue) throws -> String { base64url(try JSONText.data(value)) }
        let header = try part(["alg": "HS256", "typ": "JWT"])
        let payload = try part(["aud": "127.0.0.1", "sub": .string(analysis)])
        return "\(analysis):\(header).\(payload).\(base64url(Data(Identifier.secret(32).utf8)))"
    }

    private static func base64url(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("tenant") { db in try db.execute(sql: tables) }
        migrator.registerMigration("attachments") { db in
            try db.execute(sql: "ALTER TABLE data_frame ADD COLUMN due INTEGER")
            try db.execute(sql: "ALTER TABLE analysis_item ADD COLUMN attached INTEGER")
        }
        return migrator
    }

    // Until `due` a data frame is in progress; what an analysis did not begin with was `attached` at a moment.
    // Moments are microseconds since 1970. `document` holds what only administrators change: schemas, dropdowns, projects,
    // registries, entities, folders, each as the API shows it. `content` holds the bytes of blobs, data frames and files in
    // pieces, so that no more than one is in memory.
    private static let tables = """
        CREATE TABLE tenant (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        CREATE TABLE token (digest TEXT PRIMARY KEY, expires INTEGER NOT NULL) STRICT;
        CREATE TABLE document (
            place INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id)
        ) STRICT;
        CREATE TABLE record (
            place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, schema TEXT NOT NULL,
            project TEXT, creator TEXT NOT NULL, fields TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL,
            archived TEXT, entry TEXT, equipment TEXT, validation TEXT, comment TEXT, verdicts TEXT, pending TEXT
        ) STRICT;
        CREATE INDEX record_schema ON record (kind, schema, place);
        CREATE INDEX record_pending ON record (pending) WHERE pending IS NOT NULL;
        CREATE TABLE link (record TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL) STRICT;
        CREATE INDEX link_target ON link (target, kind);
        CREATE INDEX link_record ON link (record);
        CREATE TABLE result_transaction (
            id TEXT PRIMARY KEY, state TEXT NOT NULL, created INTEGER NOT NULL, creator TEXT NOT NULL) STRICT;
        CREATE TABLE blob (
            place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, mime TEXT NOT NULL,
            type TEXT NOT NULL, status TEXT NOT NULL, created INTEGER NOT NULL) STRICT;
        CREATE TABLE content (
            owner TEXT NOT NULL, number INTEGER NOT NULL, tag TEXT NOT NULL, size INTEGER NOT NULL, bytes BLOB NOT NULL,
            PRIMARY KEY (owner, number)) STRICT;
        CREATE TABLE data_frame (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, file TEXT NOT NULL, status TEXT NOT NULL, error TEXT, columns TEXT,
            wanted TEXT, parts INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL) STRICT;
        CREATE TABLE file (
            place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, filename TEXT NOT NULL,
            folder TEXT NOT NULL, status TEXT NOT NULL, error TEXT, custom TEXT, creator TEXT NOT NULL, created INTEGER NOT NULL,
            modified INTEGER NOT NULL, archived TEXT) STRICT;
        CREATE TABLE dataset (
            place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, folder TEXT NOT NULL,
            frame TEXT NOT NULL, custom TEXT, creator TEXT NOT NULL, created INTEGER NOT NULL) STRICT;
        CREATE TABLE analysis (id TEXT PRIMARY KEY, folder TEXT NOT NULL, name TEXT NOT NULL) STRICT;
        CREATE TABLE analysis_item (
            place INTEGER PRIMARY KEY AUTOINCREMENT, analysis TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL,
            UNIQUE (analysis, kind, item)) STRICT;
        CREATE TABLE task (id TEXT PRIMARY KEY, body TEXT NOT NULL, ended INTEGER NOT NULL) STRICT;
        CREATE TABLE address (key TEXT PRIMARY KEY, use TEXT NOT NULL, owner TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
        """
}
