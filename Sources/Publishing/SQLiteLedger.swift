import Digests
import Glibc
import GRDB
public import IngestCore

/// The ledger in a SQLite file below `$INGEST_HOME`, for as many processes as there are.
///
/// A call returns when what it says is on disk: write-ahead log, synced at every commit. What is stored is what is given;
/// credentials, signed addresses and step keys must not be among it, also not in a `detail`.
///
/// Every fault is a `Diagnostic` whose code begins with `ledger.`.
public final class SQLiteLedger: Ledger {
    /// Where the file, its log and the holds are.
    public let folder: String
    private let database: DatabaseQueue
    var path: String { folder + "/" + SQLiteLedger.fileName }

    static let fileName = "ledger.sqlite"

    /// Opens the ledger, or makes one; folders are made with mode 700, the file with mode 600.
    /// - Throws: `Diagnostic`: `ledger.unwritable`, `ledger.damaged`, `ledger.foreign` for another program's file, and
    ///   `ledger.newer` for one that a newer version has written.
    public convenience init(folder: String) throws { try self.init(folder: folder, schema: .current) }

    /// - Parameter patience: Seconds to wait for another process's entry. It takes milliseconds; of one that was stopped in
    ///   the middle it is better told.
    init(folder: String, schema: LedgerSchema, patience: Double = 30) throws {
        self.folder = folder
        let path = folder + "/" + SQLiteLedger.fileName
        try LedgerFolder.prepare(folder, file: path)
        // Alone while the file may still be without its tables or not yet have its log.
        let opening = try LockFile.waitingBriefly(for: folder + "/opening.lock")
        defer { opening.release() }
        do {
            database = try DatabaseQueue(path: path, configuration: SQLiteLedger.configuration(patience))
            try schema.bringUpToDate(database, path: path)
        } catch let error as DatabaseError {
            throw LedgerFault.diagnostic(error, path: path)
        }
    }

    /// `$INGEST_HOME`, else `$XDG_STATE_HOME/ingest`, else `~/.local/state/ingest`.
    ///
    /// An empty variable counts as none, and so does a relative `XDG_STATE_HOME` (XDG Base Directory Specification 0.8).
    public static func home(environment: [String: String]) -> String {
        if let home = environment["INGEST_HOME"], !home.isEmpty { return home }
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/ingest" }
        let home =
            environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? getpwuid(getuid()).map { String(cString: $0.pointee.pw_dir) }
        return (home ?? "/") + "/.local/state/ingest"
    }

    private static func configuration(_ patience: Double) -> Configuration {
        var configuration = Configuration()
        configuration.label = "ingest.ledger"
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        return configuration
    }

    /// In one transaction that is on disk when this returns, or did not happen.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            return try database.write(body)
        } catch let error as DatabaseError {
            throw LedgerFault.diagnostic(error, path: path)
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do {
            return try database.read(body)
        } catch let error as DatabaseError {
            throw LedgerFault.diagnostic(error, path: path)
        }
    }

    // MARK: Holds

    public func hold(tenant: String, sha256: String, waiting: @Sendable (String) -> Void) async throws -> any LedgerHold {
        let path = folder + "/holds/" + MessageDigest.of(NameUUID.joined([tenant, sha256]))
        var pause = Duration.milliseconds(4)
        var hasTold = false
        while true {
            try Task.checkCancellation()
            if let hold = try LockFile(taking: path) { return hold }
            if !hasTold { waiting(LockFile.holder(of: path)) }
            hasTold = true
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(250))
        }
    }

    // MARK: Publications

    public func save(_ publication: Publication) throws {
        try write { try $0.run(PublicationRow.upsert, PublicationRow.values(of: publication, at: Now.text())) }
    }

    public func forget(_ publication: String) throws {
        try write {
            try $0.run(
                """
                DELETE FROM publications WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM effects WHERE publication = ?1)
                AND NOT EXISTS (SELECT 1 FROM things WHERE publication = ?1)
                """, [publication])
        }
    }

    public func publications(_ query: PublicationQuery) throws -> [Publication] {
        let (sql, values) = PublicationRow.select(query)
        return try read { try $0.rows(sql, values) }.map { try PublicationRow.publication($0, path: path) }
    }

    // MARK: Effects

    public func effect(_ key: EffectKey) throws -> EffectState? {
        let rows = try read {
            try $0.rows(
                "SELECT detail, intendedAt, id, doneAt FROM effects WHERE publication = ? AND step = ?",
                [key.publication, key.step])
        }
        return try rows.first.map { row in
            let detail = try storedJSON(row["detail"])
            guard let id = row["id"] as String? else { return .intended(detail: detail, at: row["intendedAt"]) }
            return .done(id: id, detail: detail, at: row["doneAt"])
        }
    }

    public func intend(_ key: EffectKey, detail: JSONValue, things: [PublishedThing]) throws {
        let detail = detail.text
        try write { database in
            try require(key.publication, in: database)
            let done = try database.rows(
                "SELECT 1 FROM effects WHERE publication = ? AND step = ? AND doneAt IS NOT NULL",
                [key.publication, key.step])
            guard done.isEmpty else { throw LedgerFault.alreadyDone(key, path: path) }
            try database.run(
                """
                INSERT INTO effects (publication, step, detail, intendedAt) VALUES (?, ?, ?, ?)
                ON CONFLICT (publication, step) DO UPDATE SET detail = excluded.detail
                """, [key.publication, key.step, detail, Now.text()])
            try keep(things, of: key, in: database)
        }
    }

    public func complete(_ key: EffectKey, id: String, detail: JSONValue, things: [PublishedThing]) throws {
        let detail = detail.text
        try write { database in
            try require(key.publication, in: database)
            // What was never intended and has happened all the same is kept too: better told late than lost.
            try database.run(
                """
                INSERT INTO effects (publication, step, detail, intendedAt, id, doneAt) VALUES (?, ?, ?, ?4, ?5, ?4)
                ON CONFLICT (publication, step) DO UPDATE
                SET detail = excluded.detail, id = excluded.id, doneAt = excluded.doneAt
                """, [key.publication, key.step, detail, Now.text(), id])
            try keep(things, of: key, in: database)
        }
    }

    public func retract(_ key: EffectKey) throws {
        try write { database in
            let values: [(any DatabaseValueConvertible)?] = [key.publication, key.step]
            try database.run("DELETE FROM things WHERE publication = ? AND step = ?", values)
            try database.run("DELETE FROM effects WHERE publication = ? AND step = ?", values)
        }
    }

    public func openEffects(of publication: String) throws -> [(key: EffectKey, detail: JSONValue)] {
        try read {
            try $0.rows(
                "SELECT step, detail FROM effects WHERE publication = ? AND doneAt IS NULL ORDER BY sequence", [publication])
        }.map { (EffectKey(publication, $0["step"]), try storedJSON($0["detail"])) }
    }

    private func require(_ publication: String, in database: Database) throws {
        guard try database.rows("SELECT 1 FROM publications WHERE id = ?", [publication]).isEmpty else { return }
        throw LedgerFault.unknownPublication(publication, path: path)
    }

    // MARK: Things

    /// A thing stays with the effect that first named it, so that taking back the intent to archive does not forget what
    /// was to be archived.
    private func keep(_ things: [PublishedThing], of key: EffectKey?, in database: Database) throws {
        for thing in things { try database.run(ThingRow.upsert, ThingRow.values(of: thing, step: key?.step)) }
    }

    public func things(of publication: String) throws -> [PublishedThing] {
        try read { try $0.rows(ThingRow.ofPublication, [publication]) }.map { try ThingRow.thing($0, path: path) }
    }

    public func things(withIDPrefix prefix: String) throws -> [PublishedThing] {
        guard !prefix.isEmpty else { return [] }  // The begin of every id, and of none in particular.
        return try read { try $0.rows(ThingRow.withPrefix, [prefix, TextPrefix.end(of: prefix)]) }
            .map { try ThingRow.thing($0, path: path) }
    }

    public func mark(_ things: [PublishedThing]) throws {
        try write { database in
            for publication in Set(things.map(\.publication)) { try require(publication, in: database) }
            try keep(things, of: nil, in: database)
        }
    }

    public func contents(of publication: String) throws -> PublicationContents {
        try read { database in
            PublicationContents(
                runs: try database.rows(ThingRow.runsOfPublication, [publication]).map { try ThingRow.thing($0, path: path) },
                blobs: try count(.blob, of: publication, in: database),
                results: try count(.result, of: publication, in: database),
                dataFrames: try count(.dataFrame, of: publication, in: database),
                files: try count(.file, of: publication, in: database))
        }
    }

    private func count(_ kind: PublishedThing.Kind, of publication: String, in database: Database) throws -> Int {
        // What was only meant was perhaps never made.
        try database.rows(
            "SELECT count(*) AS n FROM things WHERE publication = ? AND kind = ? AND state != ?",
            [publication, kind.rawValue, PublishedThing.State.intended.rawValue])[0]["n"]
    }

    // MARK: Tenants and readings

    public func keepsIDs(tenant: String) throws -> Bool? {
        try read { try $0.rows("SELECT keepsIDs FROM tenants WHERE tenant = ?", [tenant]) }.first.map { $0["keepsIDs"] }
    }

    public func setKeepsIDs(_ keeps: Bool, tenant: String) throws {
        try write {
            try $0.run(
                """
                INSERT INTO tenants (tenant, keepsIDs, at) VALUES (?, ?, ?)
                ON CONFLICT (tenant) DO UPDATE SET keepsIDs = excluded.keepsIDs, at = excluded.at
                """, [tenant, keeps, Now.text()])
        }
    }

    public func save(_ reading: ReadingEntry) throws {
        try write { try $0.run(ReadingRow.insert, ReadingRow.values(of: reading)) }
    }

    public func readings(sha256Prefix: String?, file: String?) throws -> [ReadingEntry] {
        let (sql, values) = ReadingRow.select(sha256Prefix: sha256Prefix, file: file)
        return try read { try $0.rows(sql, values) }.map(ReadingRow.reading)
    }

    private func storedJSON(_ text: String) throws -> JSONValue {
        do {
            return try JSONValue(parsing: text)
        } catch { throw LedgerFault.damaged("the detail of an effect is not JSON", path: path) }
    }
}
