import GRDB

// How the entries of the ledger stand in its tables; column names are those of the properties.

typealias SQLValues = [(any DatabaseValueConvertible)?]

extension Database {
    func run(_ sql: String, _ values: SQLValues) throws {
        try cachedStatement(sql: sql).execute(arguments: try arguments(values))
    }

    func rows(_ sql: String, _ values: SQLValues) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: try arguments(values))
    }

    /// A text with a NUL would come back cut there, so it is not taken.
    private func arguments(_ values: SQLValues) throws -> StatementArguments {
        for case let text as String in values where text.utf8.contains(0) { throw LedgerFault.nul(in: text) }
        return StatementArguments(values)
    }
}

/// The texts that begin with another are those from it up to its end.
enum TextPrefix {
    static func end(of prefix: String) -> String { prefix + "\u{10FFFF}" }
}

enum PublicationRow {
    private static let columns = [
        "id", "tenant", "destination", "file", "sha256", "adapter", "adapterVersion", "records", "mapping", "fingerprint",
        "generation", "state", "startedAt", "finishedAt", "replaces", "reason", "takenBackAt", "ingestVersion", "receipt",
    ]

    // ?20 is the moment, for a publication that is taken back without saying when; it stays that of the first time.
    static let upsert = """
        INSERT INTO publications (\(columns.joined(separator: ", "))) VALUES (\(columns.enumerated().map(given).joined(separator: ", ")))
        ON CONFLICT (id) DO UPDATE SET \(columns.enumerated().dropFirst().map(renewed).joined(separator: ", "))
        """

    private static func given(_ index: Int, _ column: String) -> String {
        column == "takenBackAt" ? "coalesce(?\(index + 1), ?20)" : "?\(index + 1)"
    }

    private static func renewed(_ index: Int, _ column: String) -> String {
        column == "takenBackAt"
            ? "takenBackAt = coalesce(?\(index + 1), CASE WHEN state = excluded.state THEN takenBackAt END, ?20)"
            : "\(column) = excluded.\(column)"
    }

    static func values(of one: Publication, at now: String) -> SQLValues {
        let isTakenBack = one.state == .undone || one.state == .replaced
        return [
            one.id, one.tenant, one.destination, one.file, one.sha256, one.adapter, one.adapterVersion, one.records,
            one.mapping, one.fingerprint, one.generation, one.state.rawValue, one.startedAt, one.finishedAt, one.replaces,
            one.reason, one.takenBackAt, one.ingestVersion, one.receipt, isTakenBack ? now : nil,
        ]
    }

    static func select(_ query: PublicationQuery) -> (sql: String, values: SQLValues) {
        var conditions: [String] = []
        var values: SQLValues = []
        func equal(_ column: String, _ value: String?) {
            guard let value else { return }
            conditions.append("\(column) = ?")
            values.append(value)
        }
        equal("tenant", query.tenant)
        equal("sha256", query.sha256)
        equal("fingerprint", query.fingerprint)
        equal("file", query.file)
        equal("replaces", query.replaces)
        if let reference = query.reference {
            conditions.append(
                """
                ? <> '' AND (id BETWEEN ? AND ? OR sha256 BETWEEN ? AND ? OR id IN
                (SELECT publication FROM things WHERE kind = 'run' AND state <> 'found' AND id BETWEEN ? AND ?))
                """)
            let range = [reference, TextPrefix.end(of: reference)]
            values += [reference] + range + range + range
        }
        if let states = query.states {
            conditions.append("state IN (\(states.map { _ in "?" }.joined(separator: ", ")))")
            values += states.map(\.rawValue).sorted()
        }
        let wanted = query.withoutReceipts ? columns.dropLast() : columns[...]
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.map { "(\($0))" }.joined(separator: " AND ")
        return ("SELECT \(wanted.joined(separator: ", ")) FROM publications\(filter) ORDER BY sequence DESC", values)
    }

    static func publication(_ row: Row, path: String) throws -> Publication {
        guard let state = Publication.State(rawValue: row["state"]) else {
            throw LedgerFault.damaged("a publication has the state \"\(row["state"] as String)\"", path: path)
        }
        return Publication(
            id: row["id"], tenant: row["tenant"], destination: row["destination"], file: row["file"], sha256: row["sha256"],
            adapter: row["adapter"], adapterVersion: row["adapterVersion"], records: row["records"], mapping: row["mapping"],
            fingerprint: row["fingerprint"], generation: row["generation"], state: state, startedAt: row["startedAt"],
            finishedAt: row["finishedAt"], replaces: row["replaces"], reason: row["reason"], takenBackAt: row["takenBackAt"],
            ingestVersion: row["ingestVersion"], receipt: row.hasColumn("receipt") ? row["receipt"] : nil)
    }
}

enum ThingRow {
    private static let columns = #"publication, kind, ordinal, id, schema, record, state, member, line, "column", path"#
    private static let order = "CASE kind WHEN 'run' THEN 0 WHEN 'blob' THEN 1 ELSE 2 END, ordinal"

    static let upsert = """
        INSERT INTO things (\(columns), step) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (publication, kind, ordinal) DO UPDATE SET id = excluded.id, schema = excluded.schema,
        record = excluded.record, state = excluded.state, member = excluded.member, line = excluded.line,
        "column" = excluded."column", path = excluded.path
        """
    static let ofPublication = "SELECT \(columns) FROM things WHERE publication = ? ORDER BY \(order)"
    static let withPrefix = """
        SELECT \(columns) FROM things WHERE id BETWEEN ?1 AND ?2 OR record BETWEEN ?1 AND ?2
        ORDER BY (SELECT sequence FROM publications WHERE publications.id = publication) DESC, \(order)
        """

    static func values(of one: PublishedThing, step: String?) -> SQLValues {
        [
            one.publication, one.kind.rawValue, one.ordinal, one.id, one.schema, one.record, one.state.rawValue, one.member,
            one.line, one.column, one.path, step,
        ]
    }

    static func thing(_ row: Row, path: String) throws -> PublishedThing {
        guard let kind = PublishedThing.Kind(rawValue: row["kind"]), let state = PublishedThing.State(rawValue: row["state"])
        else {
            throw LedgerFault.damaged(
                "a thing is of the kind \"\(row["kind"] as String)\" and \"\(row["state"] as String)\"", path: path)
        }
        return PublishedThing(
            publication: row["publication"], kind: kind, ordinal: row["ordinal"], id: row["id"], schema: row["schema"],
            record: row["record"], state: state, member: row["member"], line: row["line"], column: row["column"],
            path: row["path"])
    }
}

enum ReadingRow {
    private static let columns = [
        "at", "file", "sha256", "bytes", "adapter", "adapterVersion", "format", "records", "results", "leftOut", "complete",
        "status", "ingestVersion",
    ]
    static let insert = """
        INSERT INTO readings (\(columns.joined(separator: ", "))) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        """

    static func values(of one: ReadingEntry) -> SQLValues {
        [
            one.at, one.file, one.sha256, one.bytes, one.adapter, one.adapterVersion, one.format, one.records, one.results,
            one.leftOut, one.complete, one.status, one.ingestVersion,
        ]
    }

    static func select(sha256Prefix: String?, file: String?) -> (sql: String, values: SQLValues) {
        var conditions: [String] = []
        var values: SQLValues = []
        if let sha256Prefix {
            conditions.append("sha256 BETWEEN ? AND ?")
            values += [sha256Prefix, TextPrefix.end(of: sha256Prefix)]
        }
        if let file {
            conditions.append("file = ?")
            values.append(file)
        }
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return ("SELECT \(columns.joined(separator: ", ")) FROM readings\(filter) ORDER BY sequence DESC", values)
    }

    static func reading(_ row: Row) -> ReadingEntry {
        ReadingEntry(
            at: row["at"], file: row["file"], sha256: row["sha256"], bytes: row["bytes"], adapter: row["adapter"],
            adapterVersion: row["adapterVersion"], format: row["format"], records: row["records"], results: row["results"],
            leftOut: row["leftOut"], complete: row["complete"], status: row["status"], ingestVersion: row["ingestVersion"])
    }
}
