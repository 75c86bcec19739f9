import IngestCore

extension BenchlingClient {
    /// The registries of the tenant; the list has no pages.
    public func registries() async throws -> [NamedThing] {
        try await perform(.get("/registries")) { try $0.list("registries").map(NamedThing.init) }
    }

    /// The entities with these registry ids, of any kind, in no order. Unknown ones are left out, whichever way the tenant says
    /// that they are.
    /// - Parameter ids: Trimmed by whoever asks; one that is empty or holds a comma is never sent, and found nowhere.
    public func registeredEntities(registry: String, ids: [String]) async throws -> [Entity] {
        let path = "/registries/\(try QueryText.step(registry, in: "GET /registries"))/registered-entities:bulk-get"
        let lookup = KnownOnes(most: 100) { ids in
            try await perform(.get(path, [("entityRegistryIds", ids)])) { try $0.list("entities").map(Entity.init) }
        } othersWhere: { failure, ids in
            guard !failure.invalidIDs.contains(registry) || ids.contains(registry) else { throw failure }
            // The list of custom entities leaves out what it does not know: what it has need not be looked for one by one.
            return try await customEntities(registryIDs: ids, registry: registry)
        } key: {
            $0.registryID
        }
        return try await lookup.find(ids)
    }

    private func customEntities(registryIDs ids: [String], registry: String) async throws -> [Entity] {
        try await all(
            .get("/custom-entities", [("entityRegistryIds.anyOf", ids), ("registryId", [registry])]), "customEntities",
            Entity.init)
    }
}

extension Entity {
    init(_ entity: JSONValue) throws {
        self.init(
            id: try entity.text("id"), name: entity["name"]?.string ?? "", registryID: entity["entityRegistryId"]?.string,
            aliases: entity["aliases"]?.elements.compactMap(\.string) ?? [], schema: entity["schema"]?["id"]?.string,
            type: entity["entityType"]?.string,
            isArchived: entity.isArchived)
    }
}
