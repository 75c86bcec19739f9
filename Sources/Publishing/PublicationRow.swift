import GRDB

/// A publication as a row of its table; columns are named as the properties.
enum PublicationRow {
    private static let columns = [
        "id", "tenant", "destination", "file", "sha256", "adapter", "adapterVersion", "records", "mapping", "fingerprint",
        "generation", "state", "startedAt", "finishedAt", "replaces", "reason", "takenBackAt", "ingestVersion", "analysis",
        "receipt",
    ]

    // ?21 is the moment, for a publication that is taken back without saying when; it stays that of the first time.
    static let upsert = """
        INSERT INTO publications (\(columns.joined(separator: ", "))) VALUES (\(columns.enumerated().map(given).joined(separator: ", ")))
        ON CONFLICT (id) DO UPDATE SET \(columns.enumerated().dropFirst().map(renewed).joined(separator: ", "))
        """

    private static func given(_ index: Int, _ column: String) -> String {
        column == "takenBackAt" ? "coalesce(?\(index + 1), ?21)" : "?\(index + 1)"
    }

    private static func renewed(_ index: Int, _ column: String) -> String {
        column == "takenBackAt"
            ? "takenBackAt = coalesce(?\(index + 1), CASE WHEN state = excluded.state THEN takenBackAt END, ?21)"
            : "\(column) = excluded.\(column)"
    }

    static func values(of one: Publication, at now: String) -> SQLValues {
        let isTakenBack = one.state == .undone || one.state == .replaced
        return [
            one.id, one.tenant, one.destination, one.file, one.sha256, one.adapter, one.adapterVersion, one.records,
            one.mapping, one.fingerprint, one.generation, one.state.rawValue, one.startedAt, one.finishedAt, one.replaces,
            one.reason, one.takenBackAt, one.ingestVersion, one.analysis, one.receipt, isTakenBack ? now : nil,
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
        if let replaced = query.replaces {
            conditions.append("replaces IS NOT NULL AND instr(',' || lower(replaces) || ',', ',' || lower(?) || ',') > 0")
            values.append(replaced)
        }
        if let reference = query.reference {
            conditions.append(
                """
                ? <> '' AND (id BETWEEN ? AND ? OR sha256 BETWEEN ? AND ? OR analysis BETWEEN ? AND ? OR id IN
                (SELECT publication FROM things WHERE kind IN ('run', 'dataFrame', 'file') AND state <> 'found'
                AND id BETWEEN ? AND ?))
                """)
            let range = [reference, TextPrefix.end(of: reference)]
            values += [reference] + range + range + range + range
        }
        switch query.subject {
        case .runs: conditions.append("analysis IS NULL")
        case .analysis(let id):
            conditions.append("analysis = ? COLLATE BINARY")
            values.append(id)
        case nil: break
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
            ingestVersion: row["ingestVersion"], analysis: row["analysis"],
            receipt: row.hasColumn("receipt") ? row["receipt"] : nil)
    }
}
