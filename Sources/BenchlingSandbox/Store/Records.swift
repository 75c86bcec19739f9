import GRDB
import IngestCore

enum RecordKind: String, Sendable {
    case run, result
    var schemas: DocumentKind { self == .run ? .runSchema : .resultSchema }
    var words: String { self == .run ? "assay run" : "assay result" }
    /// The member that lists ids: `assayRunIds`.
    var ids: String { self == .run ? "assayRunIds" : "assayResultIds" }
    /// The member that lists records: `assayRuns`.
    var list: String { self == .run ? "assayRuns" : "assayResults" }
}

/// A run or a result as it is kept.
struct StoredRecord: Sendable {
    var place: Int64
    var id: String, kind: RecordKind, schema: String, project: String?
    var creator: Caller
    var fields: [String: JSONValue]
    var created: Instant, modified: Instant
    /// The reason.
    var archived: String?
    var entry: String?, equipment: String?
    var validation: String?, comment: String?
    /// `fieldValidation` as sent.
    var verdicts: JSONValue?

    init(_ row: Row) throws {
        place = row["place"]
        id = row["id"]
        kind = row["kind"] == RecordKind.run.rawValue ? .run : .result
        schema = row["schema"]
        project = row["project"]
        creator = Caller(stored: row["creator"])
        fields = try JSONText.value(row["fields"] as String).members
        created = Instant(microseconds: row["created"])
        modified = Instant(microseconds: row["modified"])
        archived = row["archived"]
        entry = row["entry"]
        equipment = row["equipment"]
        validation = row["validation"]
        comment = row["comment"]
        verdicts = try (row["verdicts"] as String?).map(JSONText.value)
    }
}

/// The runs and results of a tenant.
struct Records {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Those of open transactions are there for nobody, those without a project for their creator alone.
    private static let visible = "pending IS NULL AND (project IS NOT NULL OR creator = :caller)"

    func find(_ kind: RecordKind, _ id: String, _ caller: Caller) throws -> StoredRecord? {
        try Row.fetchOne(
            db, sql: "SELECT * FROM record WHERE id = :id AND kind = :kind AND \(Self.visible)",
            arguments: ["id": id, "kind": kind.rawValue, "caller": caller.rawValue]
        ).map(StoredRecord.init)
    }

    /// Whether an id is taken, also by a result of an open transaction.
    func isTaken(_ id: String) throws -> Bool {
        try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM record WHERE id = ?)", arguments: [id]) ?? false
    }

    /// Visible records in the order they were made, as far as `conditions` hold; all conditions are constants of this module.
    func list(
        _ kind: RecordKind, _ caller: Caller, conditions: [String], arguments: [String: any DatabaseValueConvertible],
        order: String = "place", after offset: Int = 0, limit: Int = -1
    ) throws -> [StoredRecord] {
        let all = (["kind = :kind", Self.visible] + conditions).joined(separator: " AND ")
        let given: [String: (any DatabaseValueConvertible)?] = ["kind": kind.rawValue, "caller": caller.rawValue]
        return try Row.fetchAll(
            db, sql: "SELECT * FROM record WHERE \(all) ORDER BY \(order) LIMIT \(limit) OFFSET \(offset)",
            arguments: StatementArguments(given.merging(arguments.mapValues { $0 }) { $1 })
        ).map(StoredRecord.init)
    }

    func insert(_ record: CheckedRecord, kind: RecordKind, creator: Caller, pending: String?) throws {
        let now = Instant.now().microseconds
        try db.execute(
            sql: """
                INSERT INTO record (id, kind, schema, project, creator, fields, created, modified, validation, comment, verdicts, pending)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                record.id, kind.rawValue, record.schema, record.project, creator.rawValue,
                try JSONText.text(.object(record.fields.values)), now, now, record.validation, record.comment,
                try record.verdicts.map(JSONText.text), pending,
            ])
        try replaceLinks(of: record.id, with: record.fields.links)
    }

    func update(_ record: StoredRecord, fields: [String: JSONValue], links: [FieldChecker.Link]) throws {
        try db.execute(
            sql: "UPDATE record SET fields = ?, equipment = ?, modified = ? WHERE id = ?",
            arguments: [try JSONText.text(.object(fields)), record.equipment, Instant.now().microseconds, record.id])
        try replaceLinks(of: record.id, with: links)
    }

    private func replaceLinks(of id: String, with links: [FieldChecker.Link]) throws {
        try db.execute(sql: "DELETE FROM link WHERE record = ?", arguments: [id])
        for link in Set(links) {
            try db.execute(
                sql: "INSERT INTO link (record, kind, target) VALUES (?, ?, ?)", arguments: [id, link.kind.rawValue, link.target])
        }
    }

    /// - Parameter reason: `nil` brings them back.
    func archive(_ ids: [String], reason: String?) throws {
        for id in ids {
            try db.execute(
                sql: "UPDATE record SET archived = ?, modified = ? WHERE id = ?",
                arguments: [reason, Instant.now().microseconds, id])
        }
    }

    func commit(_ transaction: String) throws {
        // They are made now: before, nobody could see them.
        let now = Instant.now().microseconds
        try db.execute(
            sql: "UPDATE record SET pending = NULL, created = ?, modified = ? WHERE pending = ?",
            arguments: [now, now, transaction])
    }

    func discard(_ transaction: String) throws {
        try db.execute(
            sql: "DELETE FROM link WHERE record IN (SELECT id FROM record WHERE pending = ?)", arguments: [transaction])
        try db.execute(sql: "DELETE FROM record WHERE pending = ?", arguments: [transaction])
    }
}
