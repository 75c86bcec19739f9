import GRDB

/// The tables of the ledger, as steps that are only ever added to: a ledger of any earlier version is brought up to date
/// where it stands.
struct LedgerSchema: Sendable {
    var steps: [(name: String, sql: String)]

    static let current = LedgerSchema(steps: [("1", first), ("2", analyses), ("3", layouts)])

    /// `ingL`: tells our file from any other SQLite file.
    static let applicationID = 0x696E_674C

    /// Creates what is missing, in one transaction for each step.
    func bringUpToDate(_ database: DatabaseQueue, path: String) throws {
        var migrator = DatabaseMigrator()
        for step in steps {
            migrator.registerMigration(step.name, foreignKeyChecks: .immediate) { try $0.execute(sql: step.sql) }
        }
        let isUpToDate = try database.read { connection in
            let mark = try Int.fetchOne(connection, sql: "PRAGMA application_id") ?? 0
            // The table of the steps is made before the first of them; a process may have ended in between.
            let isEmpty = try !Bool.fetchOne(
                connection, sql: "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations')")!
            guard isEmpty || mark == LedgerSchema.applicationID else { throw LedgerFault.foreign(path: path) }
            guard try !migrator.hasBeenSuperseded(connection) else {
                let unknown = try migrator.appliedIdentifiers(connection).subtracting(migrator.migrations).sorted()
                throw LedgerFault.newer(unknown, than: migrator.migrations.last ?? "", path: path)
            }
            return try migrator.hasCompletedMigrations(connection)
        }
        if !isUpToDate { try migrator.migrate(database) }
    }

    // Ids and digests compare without regard to case, as the tenant's do; `sequence` is the order of writing, which no
    // clock that is set back disturbs.
    private static let first = """
        PRAGMA application_id = \(applicationID);
        CREATE TABLE publications (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE COLLATE NOCASE,
            tenant TEXT NOT NULL, destination TEXT NOT NULL,
            file TEXT NOT NULL, sha256 TEXT NOT NULL COLLATE NOCASE,
            adapter TEXT NOT NULL, adapterVersion INTEGER NOT NULL,
            records TEXT NOT NULL, mapping TEXT NOT NULL, fingerprint TEXT, generation INTEGER NOT NULL,
            state TEXT NOT NULL, startedAt TEXT NOT NULL, finishedAt TEXT,
            replaces TEXT COLLATE NOCASE, reason TEXT, takenBackAt TEXT, ingestVersion TEXT NOT NULL, receipt TEXT
        ) STRICT;
        CREATE INDEX publicationsBySHA256 ON publications (sha256);
        CREATE INDEX publicationsByFingerprint ON publications (fingerprint) WHERE fingerprint IS NOT NULL;
        CREATE INDEX publicationsByFile ON publications (file);
        CREATE INDEX publicationsByReplaced ON publications (replaces) WHERE replaces IS NOT NULL;
        CREATE TABLE effects (
            sequence INTEGER PRIMARY KEY,
            publication TEXT NOT NULL COLLATE NOCASE REFERENCES publications (id),
            step TEXT NOT NULL, detail TEXT NOT NULL, intendedAt TEXT NOT NULL, id TEXT, doneAt TEXT,
            UNIQUE (publication, step),
            CHECK ((id IS NULL) = (doneAt IS NULL))
        ) STRICT;
        CREATE TABLE things (
            publication TEXT NOT NULL COLLATE NOCASE REFERENCES publications (id),
            kind TEXT NOT NULL, ordinal INTEGER NOT NULL,
            id TEXT NOT NULL COLLATE NOCASE, schema TEXT NOT NULL, record TEXT NOT NULL COLLATE NOCASE,
            state TEXT NOT NULL, step TEXT, member TEXT, line INTEGER, "column" INTEGER, path TEXT,
            PRIMARY KEY (publication, kind, ordinal)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX thingsByID ON things (id);
        CREATE INDEX thingsByRecord ON things (record);
        CREATE TABLE tenants (tenant TEXT PRIMARY KEY, keepsIDs INTEGER NOT NULL, at TEXT NOT NULL) STRICT;
        CREATE TABLE readings (
            sequence INTEGER PRIMARY KEY,
            at TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL COLLATE NOCASE, bytes INTEGER NOT NULL,
            adapter TEXT NOT NULL, adapterVersion INTEGER NOT NULL, format TEXT NOT NULL, records TEXT NOT NULL,
            results INTEGER NOT NULL, leftOut INTEGER NOT NULL, complete TEXT NOT NULL, status INTEGER NOT NULL,
            ingestVersion TEXT NOT NULL
        ) STRICT;
        CREATE INDEX readingsBySHA256 ON readings (sha256);
        CREATE INDEX readingsByFile ON readings (file);
        """

    /// Publications to analyses, which make data frames and files.
    private static let analyses = """
        ALTER TABLE publications ADD COLUMN analysis TEXT COLLATE NOCASE;
        CREATE INDEX publicationsByAnalysis ON publications (analysis) WHERE analysis IS NOT NULL;
        """

    /// How the files of each instrument were laid out: a row for each layout, the one seen last with the highest `sequence`.
    private static let layouts = """
        ALTER TABLE readings ADD COLUMN layout TEXT;
        CREATE TABLE layouts (
            sequence INTEGER PRIMARY KEY,
            instrument TEXT NOT NULL, name TEXT NOT NULL, layout TEXT NOT NULL,
            file TEXT NOT NULL, sha256 TEXT NOT NULL COLLATE NOCASE, at TEXT NOT NULL, firstAt TEXT NOT NULL
        ) STRICT;
        CREATE INDEX layoutsByInstrument ON layouts (instrument, sequence);
        """
}
