import GRDB

/// A reading as a row of its table.
enum ReadingRow {
    private static let columns = [
        "at", "file", "sha256", "bytes", "adapter", "adapterVersion", "format", "records", "results", "leftOut", "complete",
        "status", "ingestVersion", "layout",
    ]
    static let insert = """
        INSERT INTO readings (\(columns.joined(separator: ", "))) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        """

    static func values(of one: ReadingEntry) -> SQLValues {
        [
            one.at, one.file, one.sha256, one.bytes, one.adapter, one.adapterVersion, one.format, one.records, one.results,
            one.leftOut, one.complete, one.status, one.ingestVersion, one.layout,
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
            leftOut: row["leftOut"], complete: row["complete"], status: row["status"], ingestVersion: row["ingestVersion"],
            layout: row["layout"])
    }
}
