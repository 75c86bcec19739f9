import IngestCore

/// Finds the entities that samples of a file stand for. Nothing is linked by guess: an entity is found by its registry id,
/// its name or an alias, letter for letter, or it is not found.
struct SampleLookup: Sendable {
    enum Finding: Sendable, Hashable {
        case found(Entity)
        /// With names at the destination that are nearly the same.
        case unknown(near: [String])
        /// Several entities have that name.
        case ambiguous([String])
        /// It is there but cannot be linked, and why.
        case unfit(String)
    }

    private let client: BenchlingClient
    private let registry: NamedThing?
    private let cache: SampleCache
    /// A longer text, percent-encoded, is not asked for: the address would be refused, and no entity is called so.
    static let longestText = 4000
    /// Near misses are looked for this many unknown samples; all are named.
    static let mostSuggestions = 50

    init(_ tenant: Tenant) {
        client = tenant.client
        registry = tenant.registry
        cache = tenant.samples
    }

    /// Each text with what was found; in as few calls as there can be.
    func look(up wishes: Set<EntityWish>) async throws -> [EntityWish: Finding] {
        let texts = Set(wishes.map(\.text)).filter { QueryText.encoded($0).utf8.count <= Self.longestText }
        var entities = await cache.entities(of: texts)
        let asked = texts.filter { entities[$0] == nil }
        func take(_ found: [Entity], by keys: (Entity) -> [String]) {
            for entity in found {
                for key in Set(keys(entity)) where asked.contains(key) {
                    if entities[key]?.contains(where: { $0.id == entity.id }) != true {
                        entities[key, default: []].append(entity)
                    }
                }
            }
        }
        if let registry {
            // An id with a comma would be taken for two, so it can only be a name.
            let ids = asked.filter { !$0.contains(",") }.sorted()
            take(try await client.registeredEntities(registry: registry.id, ids: ids)) { [$0.registryID].compactMap(\.self) }
        }
        let others = asked.filter { entities[$0] == nil }.sorted()
        if !others.isEmpty {
            take(try await client.customEntities(names: others, registry: registry?.id)) {
                [$0.name, $0.registryID].compactMap(\.self) + $0.aliases
            }
        }
        await cache.keep(entities)
        let missing = texts.filter { entities[$0] == nil }.sorted()
        let near = try await nearMisses(of: Array(missing.prefix(Self.mostSuggestions)))
        var findings: [EntityWish: Finding] = [:]
        for wish in wishes {
            findings[wish] = entities[wish.text].map { finding($0, for: wish) } ?? .unknown(near: near[wish.text] ?? [])
        }
        return findings
    }

    private func finding(_ entities: [Entity], for wish: EntityWish) -> Finding {
        let live = entities.filter { !$0.isArchived }
        guard !live.isEmpty else { return .unfit("it is archived there") }
        let kin = live.filter { wish.type == nil || $0.type == nil || $0.type == wish.type }
        guard !kin.isEmpty else {
            return .unfit("it is a \(live[0].type ?? "?"), and the field links to a \(wish.type ?? "?")")
        }
        let fitting = kin.filter { wish.schema == nil || $0.schema == wish.schema }
        guard let first = fitting.first else { return .unfit("it is of another schema than the field links to") }
        guard fitting.count == 1 else {
            return .ambiguous(fitting.map { "\($0.registryID ?? $0.id) (\($0.name))" }.sorted())
        }
        return .found(first)
    }

    /// Names that differ as names differ by accident, and that the destination has.
    private func nearMisses(of texts: [String]) async throws -> [String: [String]] {
        guard !texts.isEmpty else { return [:] }
        var origins: [String: Set<String>] = [:]
        for text in texts {
            // One with a comma takes a call of its own: forty for each unknown sample would use up the limit of the tenant.
            for variant in NearMiss.variants(of: text) where !variant.contains(",") {
                origins[variant.lowercased(), default: []].insert(text)
            }
        }
        var near: [String: [String]] = [:]
        for entity in try await client.customEntities(names: origins.keys.sorted(), registry: registry?.id, anyCase: true)
        where !entity.isArchived {
            for name in [entity.registryID, entity.name].compactMap(\.self) + entity.aliases {
                for text in origins[name.lowercased()] ?? [] where near[text]?.contains(name) != true {
                    near[text, default: []].append(name)
                }
            }
        }
        return near.mapValues { Array($0.sorted().prefix(3)) }
    }
}
