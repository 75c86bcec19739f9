import GRDB
import IngestCore

/// Schemas, dropdowns and projects: what an administrator has set up.
enum SchemaRoutes {
    static let all: [Route] =
        [
            (DocumentKind.runSchema, "/assay-run-schemas", "assayRunSchemas", "Run-Count"),
            (.resultSchema, "/assay-result-schemas", "assayResultSchemas", "Result-Count"),
        ]
        .flatMap { kind, path, list, header in
            [
                Route("GET", path, query: Page.parameters.union(["modifiedAt"])) { call in
                    let schemas = try await call.store.pool.read { try Documents($0).all(kind) }
                    let kept =
                        try DateFilter.modified(call.query["modifiedAt"]).map { filter in schemas.filter(filter) } ?? schemas
                    return try Page(call).answer(list, all: kept, headers: [(header, String(kept.count))])
                },
                Route("GET", path + "/{schema_id}") { call in try await document(kind, call.id("schema_id"), call) },
            ]
        } + [
            Route("GET", "/dropdowns/{dropdown_id}") { call in try await document(.dropdown, call.id("dropdown_id"), call) },
            Route("GET", "/projects", query: Page.parameters.union(["sort", "archiveReason", "ids", "name"])) { call in
                let projects = try await call.store.pool.read { try Documents($0).all(.project) }
                return try Page(call).answer("projects", all: NamedList.filtered(projects, call))
            },
        ]

    static func document(_ kind: DocumentKind, _ id: String, _ call: Call) async throws -> Answer {
        guard let body = try await call.store.pool.read({ try Documents($0).find(kind, id) }) else { throw Refusal.notFound(id) }
        return Answer(body)
    }
}
