import FoundationEssentials
import IngestCore
import Publishing

/// More than 100 results: a transaction, invisible to everyone until it is committed. Unsure while adding, it is thrown away
/// and begun anew; unsure at the commit, one of its results tells.
struct ResultTransaction: Sendable {
    private let creation: ResultCreation
    private var owner: RunPublication { creation.owner }
    /// So many batches are added side by side.
    static let width = 4
    /// So many transactions are begun before a person has to: one that could not be committed may cost another, in which its ids
    /// turn out to stay taken.
    static let attempts = 2 * RunCreation.attempts - 1

    init(_ creation: ResultCreation) { self.creation = creation }

    private var begin: EffectKey { creation.key("transaction") }
    private var commit: EffectKey { creation.key("commit") }
    private var results: EffectKey { creation.key("results") }
    /// Done once a transaction with these results was thrown away: their ids may stay taken.
    private var discarded: EffectKey { creation.key("discarded") }
    private var renaming: EffectKey { creation.key("names") }

    func create() async throws {
        if case .done = try owner.ledger.effect(commit) { return }
        if try await isSettledFromBefore() { return }
        // Why the last commit did not take place: what is refused afterwards may only be refused because of that.
        var cause: BenchlingFailure?
        for attempt in 1...Self.attempts {
            let transaction = try await open()
            do {
                try await add(to: transaction)
                try owner.ledger.intend(commit, detail: .object(["transaction": .string(transaction)]), things: [])
            } catch let failure as BenchlingFailure where failure.kind == .unsure && attempt < Self.attempts {
                try await discard(transaction)
                continue
            } catch let failure as BenchlingFailure where failure.kind == .refused || failure.kind == .notFound {
                guard try await isToBeRepeated(transaction, attempt) else { throw cause ?? failure }
                continue
            } catch let stopped as PublishingStopped {
                guard try await isToBeRepeated(transaction, attempt) else { throw (cause as (any Error)?) ?? stopped }
                continue
            }
            if try await committed(transaction, &cause) { return }
        }
        throw (cause as (any Error)?) ?? ResultSearch(creation).lost(creation.outline.newResults)
    }

    // MARK: What an earlier attempt left

    /// Looks after a transaction that the ledger knows and that was not seen to end: aborts it unless it was committed.
    private func isSettledFromBefore() async throws -> Bool {
        guard case .done(let transaction, _, _) = try owner.ledger.effect(begin) else { return false }
        if case .intended = try owner.ledger.effect(commit), try await isVisible() {
            try await complete(transaction)
            return true
        }
        return try await discardUnlessCommitted(transaction, isFromBefore: true)
    }

    private func discardUnlessCommitted(_ transaction: String, isFromBefore: Bool = false) async throws -> Bool {
        let wasOpen = try await owner.client.abort(transaction)
        guard !wasOpen, try owner.ledger.effect(commit) != nil else {
            try forget(isDiscarded: true)
            return false
        }
        // No longer open, and it was to be committed: it was, or it ran out before.
        if try await isVisible(patiently: true) {
            try await complete(transaction)
            return true
        }
        guard case .intended(_, let since) = try owner.ledger.effect(commit) else {
            try forget(isDiscarded: true)
            return false
        }
        // It may have been committed all the same, and not show yet. Added again under the same ids they would be refused,
        // and never doubled; where the tenant gives ids of its own, only time tells.
        if try owner.ledger.keepsIDs(tenant: owner.resultsTenant) != true {
            let search = ResultSearch(creation)
            guard isFromBefore else { throw search.lost(creation.outline.newResults) }
            try await owner.lag.waitOut(sinceIntent: since, because: ResultSearch.reason)
            if try await isVisible() {
                try await complete(transaction)
                return true
            }
            try await search.checkForStrays()
        }
        try forget(isDiscarded: false)
        return false
    }

    private func discard(_ transaction: String) async throws {
        if try await discardUnlessCommitted(transaction) {
            throw ResultSearch(creation).lost(creation.outline.newResults)
        }
    }

    /// - Parameter isDiscarded: Whether it is known that it was not committed: only then may its ids be given up for others.
    private func forget(isDiscarded: Bool) throws {
        if isDiscarded {
            try owner.ledger.complete(discarded, id: "", detail: [:], things: [])
        } else {
            try owner.ledger.retract(discarded)
        }
        try owner.ledger.retract(commit)
        try owner.ledger.retract(results)
        try owner.ledger.retract(begin)
    }

    // MARK: Steps

    private func open() async throws -> String {
        owner.settings.account.forgetResults()
        try owner.ledger.intend(begin, detail: [:], things: [])
        let transaction = try await owner.client.beginTransaction()
        try owner.ledger.complete(begin, id: transaction, detail: [:], things: [])
        return transaction
    }

    private func add(to transaction: String) async throws {
        let key = results
        let creation = creation, owner = owner
        let names = try takenNames()
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            try await creation.forEachBatch { batch in
                if running == Self.width {
                    try await group.next()
                    running -= 1
                }
                try owner.ledger.intend(key, detail: [:], things: creation.published(batch, names(batch), .intended))
                running += 1
                group.addTask {
                    let ids = names(batch)
                    let records = try batch.map { try creation.record($0.thing, id: ids[$0.thing.record]) }
                    do {
                        try await owner.client.addResults(records, to: transaction)
                        owner.settings.account.sent(results: batch.count)
                    } catch let failure as BenchlingFailure where failure.kind == .refused && !failure.items.isEmpty {
                        throw PublishingStopped(owner.diagnostics(failure, batch.map(\.thing)), isUnfinished: true)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// - Returns: False when it is to be begun anew: it was not committed, or its ids are refused if it was.
    private func committed(_ transaction: String, _ cause: inout BenchlingFailure?) async throws -> Bool {
        do {
            try await owner.client.commit(transaction)
        } catch var failure as BenchlingFailure where failure.kind != .unreachable && failure.kind != .unauthorized {
            if failure.kind == .unsure, try await isVisible() {
                try await complete(transaction)
                return true
            }
            if try await discardUnlessCommitted(transaction) { return true }
            // What becomes of it is settled: sending the same again cannot double it.
            if failure.kind == .unsure { failure.kind = .unreachable }
            cause = failure
            return false
        }
        try await complete(transaction)
        return true
    }

    private func complete(_ transaction: String) async throws {
        var things: [PublishedThing] = []
        let names = try takenNames()
        let search = ResultSearch(creation)
        let keeps = try await keepsIDs()
        var lost = 0, found: Set<String> = []
        try await creation.forEachBatch { batch in
            var ids = names(batch)
            if !keeps {
                // Nothing is written down before all are found: a part of them would count as a round of its own.
                ids = try await search.look(batch, except: found)
                lost += batch.count - ids.count
                found.formUnion(ids.values)
            }
            things += creation.published(batch, ids, .live)
        }
        guard lost == 0 else { throw search.lost(lost) }
        try owner.ledger.complete(commit, id: transaction, detail: [:], things: things)
    }

    // MARK: Looking

    /// Whether the tenant keeps ids of results; the first result tells, the first time.
    private func keepsIDs() async throws -> Bool {
        if let known = try owner.ledger.keepsIDs(tenant: owner.resultsTenant) { return known }
        guard let first = try firstID() else { return true }
        let keeps = try await owner.client.result(first) != nil
        try owner.ledger.setKeepsIDs(keeps, tenant: owner.resultsTenant)
        return keeps
    }

    /// Whether the first result can be seen: then all can.
    private func isVisible(patiently: Bool = false) async throws -> Bool {
        guard let first = try firstID() else { return false }
        for wait in patiently ? RunSearch.waits : [0] {
            if wait > 0 { try await owner.client.pace.wait(wait, because: ResultSearch.reason) }
            if try await owner.client.result(first) != nil {
                try owner.ledger.setKeepsIDs(true, tenant: owner.resultsTenant)
                return true
            }
            guard try owner.ledger.keepsIDs(tenant: owner.resultsTenant) != true, let item = try firstItem() else { continue }
            if try await ResultSearch(creation).look([item], waits: [0]).isEmpty == false { return true }
        }
        return false
    }

    private func firstItem() throws -> ResultCreation.Numbered? {
        let next = try owner.plan.stream()
        var ordinal = 0
        while let thing = try next() {
            guard thing.kind == .result else { continue }
            if thing.action == .create { return ResultCreation.Numbered(ordinal: ordinal, thing: thing) }
            ordinal += 1
        }
        return nil
    }

    private func firstID() throws -> String? {
        guard let first = try firstItem() else { return nil }
        return try takenNames()([first])[first.thing.record]
    }

    // MARK: Ids that a discarded transaction keeps taken

    /// After a refusal: the transaction is thrown away, and begun anew where it had run out, or where the ids were used by one
    /// that was thrown away before: perhaps they stay taken, so others are used.
    private func isToBeRepeated(_ transaction: String, _ attempt: Int) async throws -> Bool {
        var wereUsed = false
        if case .done = try owner.ledger.effect(discarded) { wereUsed = true }
        let wasOpen = try await owner.client.abort(transaction)
        try forget(isDiscarded: true)
        guard attempt < Self.attempts else { return false }
        if !wasOpen { return true }
        // The first refusal of ids that nobody used before is about something else.
        guard wereUsed else { return false }
        var names = 1
        if case .done(let earlier, _, _) = try owner.ledger.effect(renaming) { names = (Int(earlier) ?? 0) + 1 }
        try owner.ledger.complete(renaming, id: "\(names)", detail: [:], things: [])
        // Nobody used these: if they are refused too, it is about something else.
        try owner.ledger.retract(discarded)
        return true
    }

    /// The id of each result: as the ledger has it once it was sent, else its own, or another where that one stays taken.
    private func takenNames() throws -> @Sendable ([ResultCreation.Numbered]) -> [String: String] {
        var suffix: String?
        if case .done(let number, _, _) = try owner.ledger.effect(renaming) { suffix = number }
        let sent = try owner.ledger.things(of: owner.publication.id).filter { $0.kind == .result }.reduce(into: [:]) {
            $0[$1.record] = $1.id
        }
        return { [suffix, sent] batch in
            batch.reduce(into: [:]) { ids, item in
                ids[item.thing.record] =
                    sent[item.thing.record] ?? suffix.map { NameUUID.of([item.thing.id, $0]) } ?? item.thing.id
            }
        }
    }
}
