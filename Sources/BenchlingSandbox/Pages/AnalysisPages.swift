import FoundationEssentials
import GRDB
import IngestCore

/// The pages of an analysis and of its files: its tables with their first rows, and what opens.
struct AnalysisPages {
    let db: Database
    /// The most rows of a table that are shown, and the most bytes that they are taken from.
    private static let mostRows = 30, mostBytes = 1 << 18

    func analysis(_ id: String) throws -> PageBody {
        _ = try AnalysisRoutes.analysis(id, db)
        let name = try String.fetchOne(db, sql: "SELECT name FROM analysis WHERE id = ?", arguments: [id]) ?? id
        func items(_ kind: String, _ condition: String) throws -> [String] {
            try String.fetchAll(
                db, sql: "SELECT item FROM analysis_item WHERE analysis = ? AND kind = ? AND \(condition) ORDER BY place",
                arguments: [id, kind])
        }
        let inputs = try items("dataFrame", "attached IS NULL").map(table)
        let outputs = try items("dataFrame", "attached IS NOT NULL").map(table)
        let files = try items("file", "TRUE").compactMap { try Files(db).find($0) }.map(line)
        let none = "<p class=soft>None yet.</p>"
        let list = "<table><tr><th>File<th>Name<th class=number>Bytes<th></tr>\(files.joined())</table>"
        return PageBody(
            title: name,
            html: """
                <p class=soft><code>\(HTML.escaped(id))</code></p><h2>Input</h2>\(inputs.isEmpty ? none : inputs.joined())
                <h2>Attached tables</h2>\(outputs.isEmpty ? none : outputs.joined())
                <h2>Files</h2>\(files.isEmpty ? none : list)
                """)
    }

    func file(_ id: String) throws -> PageBody {
        guard let file = try Files(db).find(id) else { throw Refusal.notFound(id) }
        let users = try Row.fetchAll(
            db, sql: "SELECT id, name FROM analysis WHERE id IN (SELECT analysis FROM analysis_item WHERE item = ?)",
            arguments: [id]
        ).map { "<li><a href=\"/analyses/\(HTML.escaped($0["id"]))\">\(HTML.escaped($0["name"]))</a></li>" }
        return PageBody(
            title: file.name,
            html: """
                <p>\(opening(file))\(mark(file))</p><dl><dt>File name<dd>\(HTML.escaped(file["filename"]?.string ?? ""))
                <dt>Upload<dd>\(HTML.escaped(file["uploadStatus"]?.string ?? ""))<dt>Size<dd>\(try Contents(db).size(id)) bytes
                <dt>Id<dd><code>\(HTML.escaped(id))</code></dl><h2>Attached to</h2><ul>\(users.joined())</ul>
                """)
    }

    private func line(_ file: JSONValue) throws -> String {
        let id = file["id"]?.string ?? ""
        return """
            <tr><td><a href="/files/\(HTML.escaped(id))">\(HTML.escaped(file["filename"]?.string ?? ""))</a> \(mark(file))
            <td>\(HTML.escaped(file.name))<td class=number>\(try Contents(db).size(id))<td>\(opening(file))</tr>
            """
    }

    /// In a tab of its own: what somebody uploaded is not part of this page.
    private func opening(_ file: JSONValue) -> String {
        guard file["uploadStatus"] == "SUCCEEDED" else { return "" }
        return "<a href=\"/files/\(HTML.escaped(file["id"]?.string ?? ""))/open\" target=_blank rel=noopener>Open</a> "
    }

    private func mark(_ file: JSONValue) -> String {
        guard let reason = file["archiveRecord"]?["reason"]?.string else { return "" }
        return "<span class=archived>archived: \(HTML.escaped(reason))</span>"
    }

    // MARK: Tables

    private func table(_ id: String) throws -> String {
        guard let frame = try DataFrames(db).find(id) else { return "" }
        let head = "<h3>\(HTML.escaped(frame.name)) <code class=soft>\(HTML.escaped(frame.id))</code></h3>"
        guard frame.status == "SUCCEEDED" else {
            return head + "<p class=soft>\(HTML.escaped(frame.status)) \(HTML.escaped(frame.error ?? ""))</p>"
        }
        let (rows, isWhole) = try firstRows(of: frame.id)
        let numbers = (frame.columns?.elements ?? []).map { ["Int", "Float"].contains($0["type"]?["name"]?.string) }
        func cells(_ row: [String], _ tag: String) -> String {
            row.enumerated().map { index, value in
                "<\(tag)\(numbers.indices.contains(index) && numbers[index] ? " class=number" : "")>\(HTML.escaped(value))"
            }.joined()
        }
        let lines = rows.dropFirst().map { "<tr>\(cells($0, "td"))</tr>" }.joined()
        let more = isWhole ? "" : "<p class=soft>and more rows</p>"
        return "\(head)<div class=wide><table><tr>\(cells(rows.first ?? [], "th"))</tr>\(lines)</table></div>\(more)"
    }

    /// The header, and as many rows as are shown.
    private func firstRows(of frame: String) throws -> (rows: [[String]], isWhole: Bool) {
        let bytes = try Contents(db).piece(DataFrames.part(frame, 1), 1) ?? Data()
        let opening = bytes.prefix(Self.mostBytes)
        let rows = CSVSurvey.rows(opening, most: Self.mostRows + 2)
        let isCut = opening.count < bytes.count && rows.count < Self.mostRows + 2
        let shown = Array((isCut ? rows.dropLast() : rows[...]).prefix(Self.mostRows + 1))
        let parts = try DataFrames(db).find(frame)?.parts ?? 1
        return (shown, shown.count == rows.count && parts <= 1 && !isCut)
    }
}

/// A file as a browser gets it.
enum OpenedFile {
    private static let shown = [
        ".html": "text/html; charset=utf-8", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
        ".txt": "text/plain; charset=utf-8", ".csv": "text/plain; charset=utf-8",
    ]

    /// A page that somebody uploaded runs in an origin of its own and reaches no network: neither the tenant nor anything else.
    static func answer(_ file: JSONValue, _ id: String, _ db: Database) throws -> Answer {
        let name = file["filename"]?.string ?? "file"
        let type = shown.first { name.lowercased().hasSuffix($0.key) }?.value
        let safe = name.filter { $0.isASCII && !$0.isNewline && !"\"\\/;".contains($0) }
        return Answer(
            .content(owner: id, size: try Contents(db).size(id), type: type ?? "application/octet-stream"),
            headers: [
                ("Content-Disposition", "\(type == nil ? "attachment" : "inline"); filename=\"\(safe)\""),
                ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"),
                (
                    "Content-Security-Policy",
                    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
                        + "img-src data:; font-src data:"
                ),
            ])
    }
}
