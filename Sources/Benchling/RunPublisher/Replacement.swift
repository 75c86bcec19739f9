import FoundationEssentials
import IngestCore
import Publishing

/// Archives what a newer publication stands for now.
struct Replacement: Sendable {
    let ledger: any Ledger
    let client: BenchlingClient

    func archive(_ publications: [String], by successor: String) async throws {
        for id in publications {
            let key = EffectKey(successor, "archive:\(id)")
            if case .done = try ledger.effect(key) { continue }
            guard var old = try publication(id), old.state == .done || old.state == .open || old.state == .replaced else { continue }
            try ledger.intend(key, detail: [:], things: [])
            try await Archiving(ledger: ledger, client: client).archive(old, reason: .archived)
            old.state = .replaced
            old.finishedAt = old.finishedAt ?? Date.now.formatted(.iso8601)
            try ledger.save(old)
            try ledger.complete(key, id: id, detail: [:], things: [])
        }
    }

    private func publication(_ id: String) throws -> Publication? {
        try ledger.publications(PublicationQuery(reference: id)).first { $0.id == id }
    }

    /// The runs that were archived for a publication, for its receipt.
    static func runs(of replaced: String?, _ ledger: any Ledger) throws -> [String] {
        try (replaced ?? "").split(separator: ",").flatMap { id in
            try ledger.things(of: String(id)).filter { $0.kind == .run }.map(\.id)
        }
    }
}

/// Archives the live results and runs that a publication made, results first: a run without results misleads less than
/// results without a run.
struct Archiving: Sendable {
    let ledger: any Ledger
    let client: BenchlingClient

    struct Outcome: Sendable {
        var archived = 0, already = 0, gone = 0
    }

    @discardableResult
    func archive(_ publication: Publication, reason: ArchiveReason) async throws -> Outcome {
        let things = try ledger.things(of: publication.id)
        var outcome = Outcome()
        let results = things.filter { $0.kind == .result && $0.state != .found && $0.state != .archived }
        for start in stride(from: 0, to: results.count, by: 200) {
            let batch = Array(results[start..<min(start + 200, results.count)])
            let stored = try await client.results(batch.map(\.id))
            let live = stored.filter { $0.archived == nil }.map(\.id)
            if !live.isEmpty { try await client.archiveResults(live, reason: reason) }
            try settle(batch, stored, live.count, &outcome)
        }
        let runs = things.filter { $0.kind == .run && $0.state != .found && $0.state != .archived }
        for run in runs {
            let stored = try await client.run(run.id)
            if let stored, stored.archived == nil { try await client.archiveRuns([run.id], reason: reason) }
            try settle([run], [stored].compactMap(\.self), stored.map { $0.archived == nil ? 1 : 0 } ?? 0, &outcome)
        }
        return outcome
    }

    private func settle(
        _ things: [PublishedThing], _ stored: [StoredRecord], _ archived: Int, _ outcome: inout Outcome
    ) throws {
        let there = Set(stored.map(\.id))
        outcome.archived += archived
        outcome.already += stored.count - archived
        outcome.gone += things.count { !there.contains($0.id) }
        try ledger.mark(
            things.filter { there.contains($0.id) }.map { thing in
                var thing = thing
                thing.state = .archived
                return thing
            })
    }
}
