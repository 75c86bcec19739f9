import GRDB
public import IngestCore

// Looking in from outside, for proofs: what no client could see.

extension Sandbox {
    /// How much there is of everything.
    public struct Census: Sendable, Hashable {
        public var liveRuns = 0, archivedRuns = 0
        public var liveResults = 0, archivedResults = 0
        /// Transactions neither committed nor aborted, and the results that wait in them.
        public var openTransactions = 0, pendingResults = 0
        public var completeBlobs = 0, openBlobs = 0, abortedBlobs = 0
        /// Complete blobs that no live run or result links to.
        public var unlinkedBlobs: [String] = []
        public var files = 0, dataFrames = 0
    }

    /// A run or a result, live or archived; those of open transactions are not among them.
    public struct Entry: Sendable, Hashable {
        public var id: String, schema: String, project: String?
        /// The bare values.
        public var fields: [String: IngestCore.JSONValue]
        public var archived: String?
    }

    public func census() throws -> Census {
        try store.pool.read { db in
            func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM " + sql) ?? 0 }
            var census = Census()
            census.liveRuns = try count("record WHERE kind = 'run' AND archived IS NULL")
            census.archivedRuns = try count("record WHERE kind = 'run' AND archived IS NOT NULL")
            census.liveResults = try count("record WHERE kind = 'result' AND pending IS NULL AND archived IS NULL")
            census.archivedResults = try count("record WHERE kind = 'result' AND pending IS NULL AND archived IS NOT NULL")
            census.openTransactions = try count("result_transaction WHERE state = 'open'")
            census.pendingResults = try count(
                "record WHERE pending IN (SELECT id FROM result_transaction WHERE state = 'open')")
            census.completeBlobs = try count("blob WHERE status = 'COMPLETE'")
            census.openBlobs = try count("blob WHERE status = 'IN_PROGRESS'")
            census.abortedBlobs = try count("blob WHERE status = 'ABORTED'")
            census.unlinkedBlobs = try String.fetchAll(
                db,
                sql: """
                    SELECT id FROM blob WHERE status = 'COMPLETE' AND NOT EXISTS (
                        SELECT 1 FROM link JOIN record ON record.id = link.record
                        WHERE link.target = blob.id AND link.kind = 'blob' AND record.archived IS NULL AND record.pending IS NULL)
                    ORDER BY place
                    """)
            census.files = try count("file WHERE archived IS NULL")
            census.dataFrames = try count("data_frame")
            return census
        }
    }

    public func runs() throws -> [Entry] { try entries("run") }
    public func results() throws -> [Entry] { try entries("result") }

    private func entries(_ kind: String) throws -> [Entry] {
        try store.pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM record WHERE kind = ? AND pending IS NULL ORDER BY place", arguments: [kind])
                .map { row in
                    let record = try StoredRecord(row)
                    return Entry(
                        id: record.id, schema: record.schema, project: record.project, fields: record.fields,
                        archived: record.archived)
                }
        }
    }

    /// What only an administrator changes.
    public enum Setting: String, Sendable {
        case runSchema, resultSchema, entitySchema, dropdown, project, registry, entity, folder
    }

    /// Puts a schema, dropdown, project, registry, entity or folder, as the API shows it, in the place of one with the same `id`.
    public func put(_ setting: Setting, _ body: IngestCore.JSONValue) throws {
        guard let kind = DocumentKind(rawValue: setting.rawValue) else { return }
        try store.pool.write { try Documents($0).put(kind, body) }
    }

    /// All of them as the API shows them, in the order they were made.
    public func all(_ setting: Setting) throws -> [IngestCore.JSONValue] {
        guard let kind = DocumentKind(rawValue: setting.rawValue) else { return [] }
        return try store.pool.read { try Documents($0).all(kind) }
    }

    /// Registers a sample of the seeded schema in the seeded registry.
    /// - Returns: Its id.
    @discardableResult public func addSample(name: String, registryID: String?, aliases: [String] = []) throws -> String {
        try store.pool.write { db in
            func id(_ kind: DocumentKind) throws -> String { try Documents(db).all(kind).first?["id"]?.string ?? "" }
            return try Documents(db).addEntity(
                name: name, registryID: registryID, aliases: aliases.map(JSONValue.string), schema: try id(.entitySchema),
                schemaName: "Sample", registry: try id(.registry), folder: try id(.folder))
        }
    }

    /// Puts a run or result in a notebook entry, after which it can no longer be archived.
    public func place(_ id: String, inEntry entry: String) throws {
        try store.pool.write { db in
            try db.execute(sql: "UPDATE record SET entry = ? WHERE id = ?", arguments: [entry, id])
        }
    }
}
