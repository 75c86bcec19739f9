import GRDB
import IngestCore

/// The pages themselves. They see what every caller sees together; what waits in open transactions stays unseen.
struct RecordPages {
    let db: Database
    let origin: String
    private static let runsPerPage = 50
    /// The most results that a run's page shows; how many more there are stands below them.
    private static let mostResults = 1000

    func overview() throws -> PageBody {
        func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: "SELECT count(*) FROM " + sql) ?? 0 }
        let tiles = [
            ("runs", try count("record WHERE kind = 'run' AND archived IS NULL")),
            ("results", try count("record WHERE kind = 'result' AND pending IS NULL AND archived IS NULL")),
            ("blobs", try count("blob WHERE status = 'COMPLETE'")),
            ("archived", try count("record WHERE archived IS NOT NULL")),
        ].map { "<div class=tile><b>\($0.1)</b>\($0.0)</div>" }.joined()
        let analyses = try Row.fetchAll(db, sql: "SELECT id, name FROM analysis ORDER BY name").map { row in
            "<li><a href=\"/analyses/\(HTML.escaped(row["id"]))\">\(HTML.escaped(row["name"]))</a></li>"
        }
        return PageBody(
            title: "Overview",
            html: """
                <div class=tiles>\(tiles)</div><h2>Latest runs</h2>\(try runTable(limit: 10, offset: 0))
                <h2>Analyses</h2><ul>\(analyses.joined())</ul>
                """)
    }

    func runs(page: Int) throws -> PageBody {
        let (all, first) = (
            try Int.fetchOne(db, sql: "SELECT count(*) FROM record WHERE kind = 'run'") ?? 0, (page - 1) * Self.runsPerPage
        )
        var html = try runTable(limit: Self.runsPerPage, offset: first)
        if page > 1 { html += "<p><a href=\"/runs/page/\(page - 1)\">Newer</a></p>" }
        if first + Self.runsPerPage < all { html += "<p><a href=\"/runs/page/\(page + 1)\">Older</a></p>" }
        return PageBody(title: "Runs", html: html)
    }

    private func runTable(limit: Int, offset: Int) throws -> String {
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM record WHERE kind = 'run' ORDER BY place DESC LIMIT ? OFFSET ?", arguments: [limit, offset])
        if rows.isEmpty { return "<p class=soft>None yet.</p>" }
        let lines = try rows.map(StoredRecord.init).map { run in
            let results = try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM link JOIN record ON record.id = link.record
                    WHERE link.target = ? AND link.kind = 'run' AND record.pending IS NULL AND record.archived IS NULL
                    """, arguments: [run.id])
            let schema = try Documents(db).find(.runSchema, run.schema)?.name ?? run.schema
            return """
                <tr><td><a href="/runs/\(run.id)">\(HTML.escaped(schema))</a> \(mark(run))<br><code class=soft>\(run.id)</code></td>
                <td>\(HTML.escaped(run.fields["instrument"]?.string ?? ""))</td>
                <td class=number>\(results ?? 0)</td><td class=when>\(moment(run.created))</td></tr>
                """
        }
        let head = "<tr><th>Run<th>Instrument<th class=number>Results<th>Created</tr>"
        return "<div class=wide><table>\(head)\(lines.joined())</table></div>"
    }

    func run(_ id: String) throws -> PageBody {
        let run = try find(id, .run)
        let schema = try Documents(db).find(.runSchema, run.schema)
        let (html, blobs) = try resultTable(of: run)
        let links = try blobs.compactMap { try Blobs(db).find($0) }.map { "<li>\(blobLink($0))</li>" }.joined()
        return PageBody(
            title: schema?.name ?? run.schema,
            html: try facts(run, schema) + "<h2>Results</h2>\(html)" + (links.isEmpty ? "" : "<h2>Files</h2><ul>\(links)</ul>"))
    }

    /// The results that link to a run, a table for each schema, and the blobs they and the run link to.
    private func resultTable(of run: StoredRecord) throws -> (html: String, blobs: [String]) {
        let filter = "FROM record WHERE pending IS NULL AND id IN (SELECT record FROM link WHERE target = ? AND kind = 'run')"
        let all = try Int.fetchOne(db, sql: "SELECT count(*) \(filter)", arguments: [run.id]) ?? 0
        let results = try Row.fetchAll(
            db, sql: "SELECT * \(filter) ORDER BY place LIMIT \(Self.mostResults)", arguments: [run.id]
        )
        .map(StoredRecord.init)
        var html = results.isEmpty ? "<p class=soft>None.</p>" : ""
        for schemaID in Set(results.map(\.schema)).sorted() {
            let schema = try Documents(db).find(.resultSchema, schemaID)
            let columns = (schema?["fieldDefinitions"]?.elements ?? []).filter { $0["type"] != "assay_run_link" }
            let lines = try results.filter { $0.schema == schemaID }.enumerated().map { index, result in
                let cells = try columns.map { try cell(result.fields[$0.name] ?? .null, $0) }.joined()
                return "<tr><td><a href=\"/results/\(result.id)\">\(index + 1)</a> \(mark(result))</td>\(cells)</tr>"
            }
            let heads = columns.map { "<th\(Self.look($0))>\(HTML.escaped($0.name))" }.joined()
            html += "<p class=soft>\(HTML.escaped(schema?.name ?? schemaID))</p>"
            html += "<div class=wide><table><tr><th>#\(heads)</tr>\(lines.joined())</table></div>"
        }
        if all > results.count { html += "<p class=soft>and \(all - results.count) more</p>" }
        let blobs = try String.fetchAll(
            db,
            sql: """
                SELECT DISTINCT target FROM link WHERE kind = 'blob' AND (record = :run OR record IN (
                    SELECT record FROM link JOIN record r ON r.id = link.record WHERE target = :run AND link.kind = 'run' AND r.pending IS NULL))
                """, arguments: ["run": run.id])
        return (html, blobs)
    }

    func result(_ id: String) throws -> PageBody {
        let result = try find(id, .result)
        let schema = try Documents(db).find(.resultSchema, result.schema)
        return PageBody(title: schema?.name ?? result.schema, html: try facts(result, schema))
    }

    func blob(_ id: String) throws -> PageBody {
        guard let uuid = Identifier.uuid(id), let blob = try Blobs(db).find(uuid) else { throw Refusal.notFound(id) }
        let size = try Contents(db).size(uuid)
        let users = try String.fetchAll(
            db, sql: "SELECT record FROM link JOIN record ON record.id = record WHERE target = ? AND pending IS NULL LIMIT 100",
            arguments: [uuid])
        let links = try users.compactMap { try Row.fetchOne(db, sql: "SELECT * FROM record WHERE id = ?", arguments: [$0]) }
            .map(StoredRecord.init).map {
                "<li><a href=\"/\($0.kind.rawValue)s/\($0.id)\">\($0.kind.rawValue) <code>\($0.id)</code></a></li>"
            }
        let load = blob.status == .complete ? "<p><a href=\"/blobs/\(uuid)/download\">Download</a></p>" : ""
        return PageBody(
            title: blob.name,
            html: """
                <dl><dt>Upload<dd>\(blob.status.rawValue)<dt>Size<dd>\(size) bytes<dt>Type<dd>\(HTML.escaped(blob.mime))
                <dt>Id<dd><code>\(uuid)</code></dl>\(load)<h2>Linked from</h2><ul>\(links.joined())</ul>
                """)
    }

    private func find(_ id: String, _ kind: RecordKind) throws -> StoredRecord {
        let row = try Row.fetchOne(
            db, sql: "SELECT * FROM record WHERE id = ? AND kind = ? AND pending IS NULL",
            arguments: [id.lowercased(), kind.rawValue])
        guard let row else { throw Refusal.notFound(id) }
        return try StoredRecord(row)
    }

    private func facts(_ record: StoredRecord, _ schema: JSONValue?) throws -> String {
        let project = try record.project.flatMap { try Documents(db).find(.project, $0) }?.name
        let fields = try (schema?["fieldDefinitions"]?.elements ?? []).map { definition in
            "<dt>\(HTML.escaped(definition.name))<dd>\(try shown(record.fields[definition.name] ?? .null, definition))"
        }
        return """
            <p>\(mark(record))</p><dl>\(fields.joined())</dl><h2>About</h2><dl><dt>Id<dd><code>\(record.id)</code>
            <dt>Project<dd>\(HTML.escaped(project ?? "none: its creator alone sees it"))<dt>Created<dd>\(moment(record.created))</dl>
            """
    }

    private func cell(_ value: JSONValue, _ definition: JSONValue) throws -> String {
        "<td\(Self.look(definition))>\(try shown(value, definition))</td>"
    }

    /// Of a column, head and cells.
    private static func look(_ definition: JSONValue) -> String {
        switch definition["type"]?.string {
        case "float", "integer": " class=number"
        case "date", "datetime": " class=when"
        default: ""
        }
    }

    private func shown(_ value: JSONValue, _ definition: JSONValue) throws -> String {
        let text = HTML.escaped(try RecordView(db: db, origin: origin).displayed(value, definition) ?? "")
        guard let id = value.string.map(HTML.escaped) else { return text }
        return switch definition["type"]?.string {
        case "assay_run_link": "<a href=\"/runs/\(id)\">\(text)</a>"
        case "assay_result_link": "<a href=\"/results/\(id)\">\(text)</a>"
        case "blob_link": "<a href=\"/blobs/\(id)\">\(text)</a>"
        default: text
        }
    }

    private func blobLink(_ blob: StoredBlob) -> String { "<a href=\"/blobs/\(blob.id)\">\(HTML.escaped(blob.name))</a>" }

    private func mark(_ record: StoredRecord) -> String {
        record.archived.map { "<span class=archived>archived: \(HTML.escaped($0))</span>" } ?? ""
    }

    private func moment(_ moment: Instant) -> String { moment.text.prefix(19).replacing("T", with: " ") + " UTC" }
}
