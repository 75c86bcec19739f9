import GRDB
import IngestCore

enum EntityRoutes {
    static let all: [Route] = [
        Route("GET", "/registries", query: ["name", "modifiedAt"]) { call in
            let registries = try await call.store.pool.read { try Documents($0).all(.registry) }
            let filter = try DateFilter.modified(call.query["modifiedAt"])
            let kept = registries.filter { registry in
                (call.query["name"].map { $0 == registry.name } ?? true) && (filter?(registry) ?? true)
            }
            return Answer(["registries": .array(kept)])
        },
        Route("GET", "/registries/{registry_id}") { call in
            try await SchemaRoutes.document(.registry, call.id("registry_id"), call)
        },
        Route("GET", "/registries/{registry_id}/registered-entities:bulk-get", query: ["entityRegistryIds"], answer: registered),
        Route(
            "GET", "/custom-entities",
            query: Page.parameters.union([
                "sort", "createdAt", "modifiedAt", "name", "returning", "nameIncludes", "folderId", "projectId", "registryId",
                "schemaId", "archiveReason", "ids", "names.anyOf", "names.anyOf.caseSensitive", "entityRegistryIds.anyOf",
                "creatorIds", "authorIds.anyOf", "mentionedIn", "mentions",
            ]), answer: list),
        Route("GET", "/custom-entities/{custom_entity_id}", query: ["returning"]) { call in
            let id = call.id("custom_entity_id")
            let entity = try await call.store.pool.read { try Documents($0).find(.entity, id) }
            guard let entity else { throw Refusal.unknown("custom entity", id) }
            return Answer(shown(entity, call))
        },
        Route("GET", "/custom-entities:bulk-get", query: ["customEntityIds", "returning"]) { call in
            _ = try call.required("customEntityIds")
            let ids = try call.list("customEntityIds", atMost: 100) ?? []
            let found = try await call.store.pool.read { db in try ids.compactMap { try Documents(db).find(.entity, $0) } }
            let known = Set(found.compactMap { $0["id"]?.string })
            let unknown = ids.filter { !known.contains($0) }
            if !unknown.isEmpty && call.options.bulkGetUnknown == .fails { throw Refusal.unknown("custom entity", ids: unknown) }
            return Answer(["customEntities": .array(found.map { shown($0, call) })])
        },
    ]

    private static func shown(_ entity: JSONValue, _ call: Call) -> JSONValue {
        let id = entity["id"]?.string ?? ""
        let addresses: [String: JSONValue] = [
            "apiURL": .string("\(call.origin)/api/v2/custom-entities/\(id)"), "webURL": .string("\(call.origin)/entities/\(id)"),
            "url": .string("/entities/\(id)"),
        ]
        return .object(entity.members.merging(addresses) { $1 })
    }

    /// Archived ones come with the others, as everything registered does; their order is not that of the request.
    @Sendable private static func registered(_ call: Call) async throws -> Answer {
        let registry = call.id("registry_id")
        _ = try call.required("entityRegistryIds")
        let wanted = try call.list("entityRegistryIds") ?? []
        let entities = try await call.store.pool.read { db in
            guard try Documents(db).find(.registry, registry) != nil else { throw Refusal.notFound(registry) }
            return try Documents(db).all(.entity).filter { $0["registryId"]?.string == registry }
        }
        let found = entities.filter { wanted.contains($0["entityRegistryId"]?.string ?? "") }
        let known = Set(found.compactMap { $0["entityRegistryId"]?.string })
        if let unknown = wanted.first(where: { !known.contains($0) }) {
            switch call.options.entityLookupUnknown {
            case .absent: break
            case .notFound404: throw Refusal.notFound(unknown)
            case .badRequest400: throw Refusal.unknown("entity", unknown)
            }
        }
        let typed = found.map { entity -> JSONValue in
            .object(shown(entity, call).members.merging(["entityType": "custom_entity"]) { $1 })
        }
        return Answer(["entities": .array(typed)])
    }

    @Sendable private static func list(_ call: Call) async throws -> Answer {
        let all = try await call.store.pool.read { try Documents($0).all(.entity) }
        var kept = all
        if let ids = try call.list("entityRegistryIds.anyOf", atMost: 100) {
            kept = kept.filter { ids.contains($0["entityRegistryId"]?.string ?? "") }
        }
        if let schema = call.query["schemaId"] { kept = kept.filter { $0["schema"]?["id"]?.string == schema } }
        if let registry = call.query["registryId"] {
            kept = kept.filter { $0["registryId"]?.string == (registry == "null" ? nil : registry) }
        }
        for (name, member) in [("creatorIds", "creator"), ("authorIds.anyOf", "creator")] {
            guard let ids = try call.list(name) else { continue }
            kept = kept.filter { ids.contains($0[member]?["id"]?.string ?? "") }
        }
        // Nothing here belongs to a project or is mentioned anywhere.
        if call.query["projectId"] != nil || call.query["mentionedIn"] != nil || call.query["mentions"] != nil { kept = [] }
        for filter in [try DateFilter.created(call.query["createdAt"]), try DateFilter.modified(call.query["modifiedAt"])] {
            if let filter { kept = kept.filter(filter) }
        }
        kept = try NamedList.filtered(kept, call)
        return try Page(call).answer(
            "customEntities", all: kept.map { shown($0, call) }, headers: [("Result-Count", String(kept.count))])
    }
}
