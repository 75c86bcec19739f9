import IngestCore
import Publishing

extension RunPublisher {
    /// What has changed at the destination since a plan was made; empty where it can be carried out as it stands.
    public func changes(since plan: RunPlan) async throws -> [String] {
        let header = plan.header
        guard header.tenant == tenant.identity else {
            return ["the plan is for \(header.tenant), and \(tenant.destination) is \(tenant.identity)"]
        }
        var changes: [String] = []
        if header.project != tenant.project.id { changes.append("results would go to another project now") }
        var schemas: Set<String> = []
        try plan.forEachThing { if !$0.schema.isEmpty { schemas.insert($0.schema) } }
        if SchemaDigest.of(schemas, of: tenant) != plan.summary.schemas { changes.append("a schema was changed") }
        changes += try await changedOptions(plan)
        changes += try await changedSamples(plan)
        changes += try await changedThings(plan)
        return changes
    }

    /// Dropdown options that were to be chosen and cannot be any more.
    private func changedOptions(_ plan: RunPlan) async throws -> [String] {
        let schemas = Dictionary(tenant.schemas.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var chosen: [String: Set<String>] = [:]
        try plan.forEachThing { thing in
            for field in schemas[thing.schema]?.fields ?? [] where thing.action == .create {
                guard let dropdown = field.dropdown, let value = thing.fields[field.name] else { continue }
                chosen[dropdown, default: []].formUnion(value.texts)
            }
        }
        var changes: [String] = []
        for (id, options) in chosen.sorted(by: { $0.key < $1.key }) {
            let dropdown = try await tenant.client.dropdown(id)
            let live = Set(dropdown.options.filter { !$0.isArchived }.map(\.id))
            for option in options.subtracting(live).sorted() {
                let name = dropdown.options.first { $0.id == option }?.name ?? option
                changes.append("option \"\(name)\" of dropdown \"\(dropdown.name)\" was archived or removed")
            }
        }
        return changes
    }

    private func changedSamples(_ plan: RunPlan) async throws -> [String] {
        let wishes = Set(plan.summary.samples.keys.map { EntityWish(text: $0, schema: nil, ifKnown: false) })
        guard !wishes.isEmpty else { return [] }
        let findings = try await SampleLookup(tenant).look(up: wishes)
        return findings.compactMap { wish, finding in
            if case .found(let entity) = finding, entity.id == plan.summary.samples[wish.text] { return nil }
            return "sample \"\(wish.text)\" is another entity now, or none"
        }.sorted()
    }

    /// What was to be made must not be there, unless this plan made it; what was there must be there as it was.
    private func changedThings(_ plan: RunPlan) async throws -> [String] {
        var changes: [String] = []
        let begun = try ledger.publications(
            PublicationQuery(tenant: plan.header.tenant, sha256: plan.header.sha256, states: [.open])
        ).first { $0.generation == plan.header.generation }
        let ours = try Set(begun.map { try ledger.things(of: $0.id).map(\.id) } ?? [])
        var runs: [PlannedThing] = [], batch: [PlannedThing] = [], batches: [[PlannedThing]] = []
        try plan.forEachThing { thing in
            if thing.kind == .run { runs.append(thing) }
            guard thing.kind == .result, thing.action == .skip else { return }
            batch.append(thing)
            if batch.count == 200 {
                batches.append(batch)
                batch = []
            }
        }
        for run in runs {
            let stored = try await tenant.client.run(run.id, isNew: run.action == .create)
            if run.action == .create, stored != nil, !ours.contains(run.id) { changes.append("run \(run.id) was made meanwhile") }
            if run.action == .skip, stored?.archived != nil || stored == nil {
                changes.append("run \(run.id) is gone or archived")
            }
        }
        for batch in batches + [batch] where !batch.isEmpty {
            let live = Set(try await tenant.client.results(batch.map(\.id)).filter { $0.archived == nil }.map(\.id))
            for result in batch where !live.contains(result.id) { changes.append("result \(result.id) is gone or archived") }
        }
        return changes
    }
}
