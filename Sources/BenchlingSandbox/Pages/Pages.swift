import FoundationEssentials
import GRDB
import IngestCore

/// Plain pages for people: what Benchling would show of runs, results, blobs, analyses and files. They show everything of the tenant
/// to whoever reaches it, which is why it is served to the machine itself unless told otherwise.
struct Pages {
    let store: SandboxStore
    let origin: String

    func answer(_ method: String, _ segments: [String]) async throws -> Answer {
        do {
            guard method == "GET" else { throw Refusal(405, "Pages are read") }
            return page(try await store.pool.read { db in try body(segments, RecordPages(db: db, origin: origin)) }, status: 200)
        } catch let refusal as Refusal {
            // No page of ours, but what somebody uploaded.
            if refusal.status == 303, let id = segments.dropFirst().first {
                return segments.first == "files" ? try await content(id) : try await download(id)
            }
            let text = refusal.body["error"]?["message"]?.string ?? ""
            return page(PageBody(title: "Not here", html: "<p>\(HTML.escaped(text))</p>"), status: refusal.status)
        }
    }

    private func body(_ segments: [String], _ pages: RecordPages) throws -> PageBody {
        let number = segments.count == 3 ? Int(segments[2]) : 1
        switch (segments.first, segments.count > 1 ? segments[1] : nil) {
        case (nil, nil): return try pages.overview()
        case ("runs", nil): return try pages.runs(page: 1)
        case ("runs", "page"): return try pages.runs(page: max(1, number ?? 1))
        case ("runs", let id?) where segments.count == 2: return try pages.run(id)
        case ("results", let id?) where segments.count == 2: return try pages.result(id)
        case ("blobs", let id?) where segments.count == 2: return try pages.blob(id)
        case ("blobs", _?) where segments.count == 3 && segments[2] == "download": throw Refusal(303, "")
        case ("analyses", let id?) where segments.count == 2: return try AnalysisPages(db: pages.db).analysis(id)
        case ("files", let id?) where segments.count == 2: return try AnalysisPages(db: pages.db).file(id)
        case ("files", _?) where segments.count == 3 && segments[2] == "open": throw Refusal(303, "")
        default: throw Refusal.notFound("/" + segments.joined(separator: "/"))
        }
    }

    private func download(_ id: String) async throws -> Answer {
        try await store.pool.read { db in
            guard let uuid = Identifier.uuid(id), let blob = try Blobs(db).find(uuid), blob.status == .complete else {
                return page(PageBody(title: "Not here", html: "<p>No complete blob \(HTML.escaped(id))</p>"), status: 404)
            }
            return try StorageRoutes.content(uuid, db)
        }
    }

    private func content(_ id: String) async throws -> Answer {
        try await store.pool.read { db in
            guard let file = try Files(db).find(id), file["uploadStatus"] == "SUCCEEDED" else {
                return page(PageBody(title: "Not here", html: "<p>No file \(HTML.escaped(id)) with content</p>"), status: 404)
            }
            return try OpenedFile.answer(file, id, db)
        }
    }

    private func page(_ body: PageBody, status: Int) -> Answer {
        let html = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(HTML.escaped(body.title)) · local tenant</title><style>\(Self.style)</style></head>
            <body><header><a href="/">Local tenant</a><nav><a href="/runs">Runs</a></nav></header>
            <main><h1>\(HTML.escaped(body.title))</h1>\(body.html)</main></body></html>
            """
        return Answer(
            .data(Data(html.utf8), type: "text/html; charset=utf-8"), status: status,
            headers: [
                ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ])
    }

    private static let style = """
        :root{color-scheme:light dark;--line:light-dark(#d9dee5,#3a4048);--soft:light-dark(#5b6673,#a3adb9);--link:light-dark(#0b5cad,#7cb8ff)}
        body{font:16px/1.5 system-ui,sans-serif;margin:0;background:light-dark(#fff,#16191d);color:light-dark(#1b2026,#e6e9ed)}
        header{display:flex;gap:1.5rem;padding:.8rem 1rem;border-bottom:1px solid var(--line)}header a:first-child{font-weight:600}
        main{max-width:76rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;margin:.4rem 0 1rem;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:2rem 0 .5rem}
        a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}.wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:.4rem .7rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
        th{font-weight:600;color:var(--soft);font-size:.85rem}.number{text-align:right;padding-right:1.6rem}.when{white-space:nowrap}code{font-size:.85em;overflow-wrap:anywhere}
        dl{display:grid;grid-template-columns:fit-content(40%) 1fr;gap:.3rem 1rem;margin:0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        .soft{color:var(--soft)}.archived{background:light-dark(#fbe6c8,#5a4215);border-radius:.3rem;padding:.1rem .45rem;font-size:.8rem}
        .tiles{display:flex;flex-wrap:wrap;gap:.8rem}.tile{border:1px solid var(--line);border-radius:.5rem;padding:.6rem 1rem;min-width:7rem}.tile b{display:block;font-size:1.5rem}
        """
}

/// What stands on a page: its title as text, the rest as HTML.
struct PageBody: Sendable {
    var title: String
    var html: String
}
