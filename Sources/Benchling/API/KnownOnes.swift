import IngestCore

/// Asks for many things by their ids, of a call that may leave out the unknown ones or may fail as a whole because of one.
struct KnownOnes<Thing: Sendable> {
    /// How many ids a call takes.
    let most: Int
    /// One call.
    let ask: ([String]) async throws -> [Thing]
    /// After a failed call: what another call knows of the ids, which tells the unknown ones from the rest. It throws the failure
    /// on when that has another cause.
    let othersWhere: (BenchlingFailure, [String]) async throws -> [Thing]
    let key: (Thing) -> String?

    init(
        most: Int, ask: @escaping ([String]) async throws -> [Thing],
        othersWhere: @escaping (BenchlingFailure, [String]) async throws -> [Thing], key: @escaping (Thing) -> String?
    ) {
        self.most = most
        self.ask = ask
        self.othersWhere = othersWhere
        self.key = key
    }

    func find(_ ids: [String]) async throws -> [Thing] {
        var asked: Set<String> = []
        let askable = ids.filter { !$0.isEmpty && !$0.contains(",") && asked.insert($0).inserted }
        var found: [Thing] = []
        for batch in IDBatches.of(askable, most: most) { found += try await find(batch: batch) }
        return found
    }

    private func find(batch: [String]) async throws -> [Thing] {
        var left = batch, found: [Thing] = []
        var isOtherAsked = false
        while !left.isEmpty {
            do {
                return found + (try await ask(left))
            } catch let failure as BenchlingFailure where failure.meansUnknown {
                let named = Set(failure.invalidIDs.map { $0.lowercased() })
                let rest = left.filter { !named.contains($0.lowercased()) }
                if rest.count < left.count { left = rest } else if isOtherAsked { return found + (try await halves(left)) }
                if !isOtherAsked {
                    isOtherAsked = true
                    let others = try await othersWhere(failure, left)
                    found += others
                    let known = Set(others.compactMap { key($0)?.lowercased() })
                    left.removeAll { known.contains($0.lowercased()) }
                }
            }
        }
        return found
    }

    /// Where the answer does not say which one is unknown: it is in one half or in the other.
    private func halves(_ ids: [String]) async throws -> [Thing] {
        guard ids.count > 1 else { return [] }
        let middle = ids.count / 2
        return try await find(half: Array(ids[..<middle])) + (try await find(half: Array(ids[middle...])))
    }

    private func find(half ids: [String]) async throws -> [Thing] {
        do {
            return try await ask(ids)
        } catch let failure as BenchlingFailure where failure.meansUnknown {
            return try await halves(ids)
        }
    }
}
