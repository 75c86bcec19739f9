import GRDB

/// A run, result, blob, data frame or file as a row of its table, with the step of the effect that first named it.
enum ThingRow {
    private static let columns = #"publication, kind, ordinal, id, schema, record, state, member, line, "column", path"#
    private static let order =
        "CASE kind WHEN 'run' THEN 0 WHEN 'blob' THEN 1 WHEN 'result' THEN 2 WHEN 'dataFrame' THEN 3 ELSE 4 END, ordinal"

    static let upsert = """
        INSERT INTO things (\(columns), step) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (publication, kind, ordinal) DO UPDATE SET id = excluded.id, schema = excluded.schema,
        record = excluded.record, state = excluded.state, member = excluded.member, line = excluded.line,
        "column" = excluded."column", path = excluded.path
        """
    static let ofPublication = "SELECT \(columns) FROM things WHERE publication = ? ORDER BY \(order)"
    static let runsOfPublication = "SELECT \(columns) FROM things WHERE publication = ? AND kind = 'run' ORDER BY ordinal"
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
