import Benchling
import IngestCore
import Publishing
import Synchronization

/// Ends a publication at a chosen step as a lost process ends it: from there on nothing is sent and nothing written down.
final class Mortality: Sendable {
    /// A write of the ledger or a request, counted together from 1.
    struct Point: Sendable, Hashable {
        var step: Int
        /// Whether the step has happened.
        var isAfter: Bool
    }

    struct Death: Error {}

    private struct State {
        var steps = 0, isDead = false
    }
    private let state = Mutex(State())
    private let point: Point?

    init(at point: Point?) { self.point = point }

    var steps: Int { state.withLock(\.steps) }
    var hasStruck: Bool { state.withLock(\.isDead) }

    func check() throws { if state.withLock(\.isDead) { throw Death() } }

    /// - Returns: Whether this step is the one to end after.
    func begin() throws -> Bool {
        try state.withLock { state in
            if state.isDead { throw Death() }
            state.steps += 1
            guard state.steps == point?.step else { return false }
            if point?.isAfter == true { return true }
            state.isDead = true
            throw Death()
        }
    }

    func end(isLast: Bool) throws {
        if isLast { state.withLock { $0.isDead = true } }
        try check()
    }

    func step<Value>(_ body: () throws -> Value) throws -> Value {
        let isLast = try begin()
        let value = try body()
        try end(isLast: isLast)
        return value
    }
}

struct MortalTransport: HTTPTransport {
    let base: any HTTPTransport
    let mortality: Mortality
    /// Seconds that an answer is waited for.
    var patience: Double?
    var longestAnswer = 64 << 20

    func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        var request = request
        request.timeout = patience ?? request.timeout
        request.longestAnswer = min(request.longestAnswer, longestAnswer)
        let isLast = try mortality.begin()
        let answer = try await base.send(request)
        try mortality.end(isLast: isLast)
        return answer
    }
}

struct MortalLedger: Ledger {
    let base: any Ledger
    let mortality: Mortality

    func hold(tenant: String, sha256: String, waiting: @Sendable (String) -> Void) async throws -> any LedgerHold {
        try await base.hold(tenant: tenant, sha256: sha256, waiting: waiting)
    }

    private func reading<Value>(_ body: () throws -> Value) throws -> Value {
        try mortality.check()
        return try body()
    }

    func save(_ publication: Publication) throws { try mortality.step { try base.save(publication) } }
    func intend(_ key: EffectKey, detail: JSONValue, things: [PublishedThing]) throws {
        try mortality.step { try base.intend(key, detail: detail, things: things) }
    }
    func complete(_ key: EffectKey, id: String, detail: JSONValue, things: [PublishedThing]) throws {
        try mortality.step { try base.complete(key, id: id, detail: detail, things: things) }
    }
    func forget(_ publication: String) throws { try mortality.step { try base.forget(publication) } }
    func retract(_ key: EffectKey) throws { try mortality.step { try base.retract(key) } }
    func mark(_ things: [PublishedThing]) throws { try mortality.step { try base.mark(things) } }
    func setKeepsIDs(_ keeps: Bool, tenant: String) throws {
        try mortality.step { try base.setKeepsIDs(keeps, tenant: tenant) }
    }
    func save(_ reading: ReadingEntry) throws { try mortality.step { try base.save(reading) } }

    func publications(_ query: PublicationQuery) throws -> [Publication] { try reading { try base.publications(query) } }
    func effect(_ key: EffectKey) throws -> EffectState? { try reading { try base.effect(key) } }
    func openEffects(of publication: String) throws -> [(key: EffectKey, detail: JSONValue)] {
        try reading { try base.openEffects(of: publication) }
    }
    func things(of publication: String) throws -> [PublishedThing] { try reading { try base.things(of: publication) } }
    func things(withIDPrefix prefix: String) throws -> [PublishedThing] { try reading { try base.things(withIDPrefix: prefix) } }
    func keepsIDs(tenant: String) throws -> Bool? { try reading { try base.keepsIDs(tenant: tenant) } }
    func readings(sha256Prefix: String?, file: String?) throws -> [ReadingEntry] {
        try reading { try base.readings(sha256Prefix: sha256Prefix, file: file) }
    }
}
