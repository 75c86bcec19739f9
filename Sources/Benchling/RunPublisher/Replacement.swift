import FoundationEssentials
import IngestCore
import Publishing

/// Archives what a newer publication stands for now.
struct Replacement: Sendable {
    let ledger: any Ledger
    let tenant: Tenant
    let account: PublishingAccount

    /// - Parameter successor: Its file is held.
    func archive(_ publications: [String], by successor: Publication) async throws {
        for id in publications {
            let key = EffectKey(successor.id, "archive:\(id)")
            if case .done = try ledger.effect(key) { continue }
            guard let known = try publication(id) else { continue }
            // Somebody may be at it: what is archived under his feet he would make again.
            let hold = known.sha256 == successor.sha256 ? nil : try await hold(known)
            defer { hold?.release() }
            guard var old = try publication(id), old.state != .undone else { continue }
            try ledger.intend(key, detail: [:], things: [])
            let archiving = Archiving(ledger: ledger, tenant: tenant)
            try await archiving.archive(old, reason: .archived)
            await tellOthers(of: old, archiving)
            old.state = .replaced
            old.finishedAt = old.finishedAt ?? Date.now.formatted(.iso8601)
            try ledger.save(old)
            try ledger.complete(key, id: id, detail: [:], things: [])
        }
    }

    /// Results that somebody else added to what is replaced stay, and belong to an archived run now.
    private func tellOthers(of old: Publication, _ archiving: Archiving) async {
        let place = SourceLocation(file: old.file)
        do {
            let others = try await archiving.othersResults(of: old)
            guard !others.isEmpty else { return }
            account.warn(OthersResults.warning(others, at: place))
        } catch {
            // What is replaced is replaced, whether or not this can be told.
            account.warn(OthersResults.unknown(at: place))
        }
    }

    private func hold(_ old: Publication) async throws -> any LedgerHold {
        let ledger = ledger
        return try await withThrowingTaskGroup(of: (any LedgerHold)?.self) { group in
            group.addTask { try await ledger.hold(tenant: old.tenant, sha256: old.sha256) { _ in } }
            group.addTask {
                try await Task.sleep(for: .seconds(Replacement.patience))
                return nil
            }
            defer { group.cancelAll() }
            if let hold = try await group.next() ?? nil { return hold }
            throw Diagnostic(
                "publish.busy", "\(old.file), which this stands for now, is being published by another process",
                at: SourceLocation(file: old.file),
                hint: "what is new is published; run the same command again, and what it replaces is archived")
        }
    }

    /// Seconds to wait for another process.
    private static let patience = 30

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
