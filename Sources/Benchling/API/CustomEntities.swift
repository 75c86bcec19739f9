import IngestCore

extension BenchlingClient {
    /// The custom entities of which the name, an alias or the registry id is one of these, in no order; unknown ones are left
    /// out, and so are archived entities.
    /// - Parameters:
    ///   - registry: `nil` for entities in no registry, too.
    ///   - anyCase: Whether names that differ in capitals are the same.
    public func customEntities(names: [String], registry: String?, anyCase: Bool = false) async throws -> [Entity] {
        var asked: Set<String> = []
        let wanted = names.filter { !$0.isEmpty && asked.insert($0).inserted }
        let inRegistry = registry.map { [(name: "registryId", values: [$0])] } ?? []
        var found: [Entity] = [], seen: Set<String> = []
        // A comma separates the names of a list, so a name that holds one is asked for alone.
        let filters =
            IDBatches.of(wanted.filter { !$0.contains(",") }, most: 100).map {
                (anyCase ? "names.anyOf" : "names.anyOf.caseSensitive", $0)
            }
            + wanted.filter { $0.contains(",") }.map { ("name", [$0]) }
        for filter in filters {
            let entities = try await all(.get("/custom-entities", [filter] + inRegistry), "customEntities", Entity.init)
            found += entities.filter { seen.insert($0.id).inserted }
        }
        return found
    }
}
