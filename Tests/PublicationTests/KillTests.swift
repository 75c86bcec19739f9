import BenchlingSandbox
import Foundation
import Publishing
import Synchronization
import Testing

/// The executable is ended with SIGKILL at every request and at every sync of its ledger; then the same command again.
@Suite(.serialized) struct KillTests {
    private static let command = ["run", "--to", "proof", "--json", "--quiet", "--accept-unknown", "--yes", "peaks.csv"]
    private static let count = Proof.large

    private enum Point: Sendable {
        /// The tenant has acted, or never does.
        case request(Int, isAfter: Bool)
        case sync(Int, phase: String)
    }

    /// A tenant whose requests can end a process, and a file to publish there.
    private static func with<Value>(
        _ kind: TenantKind, killingAt request: Int? = nil, _ moment: FaultPlan.Moment = .before,
        _ body: (Sandbox, CommandPlace, [Int], Child) async throws -> Value
    ) async throws -> Value {
        let child = Child()
        var options = kind.options
        options.largestSinglePut = SandboxOptions().largestSinglePut
        options.onRequest = { ordinal, at in
            guard ordinal == request, at == moment, let process = child.process.withLock(\.self) else { return }
            kill(process, SIGKILL)
        }
        let sandbox = try Sandbox.temporary(options: options)
        // A killed process took its request with it: the tenant has not seen it.
        if let request, moment == .before { sandbox.plan(FaultPlan([.init(.cut, .before, at: request)])) }
        let place = try CommandPlace(sandbox, at: try await sandbox.start())
        do {
            let areas = try place.writeTable("peaks.csv", count: count, from: 1000)
            let value = try await body(sandbox, place, areas, child)
            await sandbox.stop()
            return value
        } catch {
            await sandbox.stop()
            throw error
        }
    }

    private final class Child: Sendable {
        let process = Mutex<pid_t?>(nil)
    }

    private static func environment(_ more: [String: String]) -> [String: String] {
        [
            "LD_PRELOAD": CommandPlace.built + "/libKillSwitch.so", "KILL_SWITCH_PATH": "ledger.sqlite",
            "KILL_SWITCH_CALL": "sync",
        ].merging(more) { $1 }
    }

    /// How many requests and syncs the command takes when nothing ends it.
    private static func totals(_ kind: TenantKind) async throws -> (requests: Int, syncs: Int) {
        try await with(kind) { sandbox, place, areas, _ async throws in
            let counted = place.folder + "/count"
            let outcome = try await place.run(command, environment: environment(["KILL_SWITCH_COUNT": counted]))
            #expect(outcome.status == 0, "\(outcome.told)")
            #expect(try Findings(sandbox, live: [areas]).isClean)
            let syncs = try String(contentsOfFile: counted, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
            return (sandbox.requests.count, try #require(Int(syncs)))
        }
    }

    private static func attempt(_ point: Point, _ kind: TenantKind) async throws -> Proof.Outcome? {
        var request: Int?, moment = FaultPlan.Moment.before, switches: [String: String] = [:]
        switch point {
        case .request(let ordinal, let isAfter):
            request = ordinal
            moment = isAfter ? .after : .before
        case .sync(let ordinal, let phase):
            switches = environment(["KILL_SWITCH_AT": "\(ordinal)", "KILL_SWITCH_PHASE": phase])
        }
        return try await with(kind, killingAt: request, moment) { sandbox, place, areas, child async throws in
            let first = try await place.run(command, environment: switches) { process in child.process.withLock { $0 = process } }
            child.process.withLock { $0 = nil }
            guard first.wasKilled else { return nil }
            var statuses: [Int] = [], told = ""
            repeat {
                let next = try await place.run(command)
                statuses.append(Int(next.status))
                told = next.told
            } while statuses.last == 3 && statuses.count < 4
            var findings = try Findings(sandbox, live: [areas])
            let ledger = try place.ledger()
            findings.orphans += try Findings.unclosed(
                try ledger.publications(PublicationQuery(states: [.done, .open])).first, ledger)
            let isDone = statuses.last == 0 || statuses.last == 4
            return Proof.Outcome(
                findings: findings, statuses: statuses,
                fault: isDone && findings.isClean ? nil : "killed at \(point): \(statuses), \(findings); \(told)")
        }
    }

    @Test(arguments: [TenantKind.keeping, .ignoring])
    func `a command that is killed at any request or any sync is finished by the same command`(kind: TenantKind) async throws {
        let (requests, syncs) = try await Self.totals(kind)
        let all =
            (1...requests).flatMap { ordinal in [false, true].map { Point.request(ordinal, isAfter: $0) } }
            + (1...syncs).flatMap { ordinal in ["before", "after"].map { Point.sync(ordinal, phase: $0) } }
        // Else each request and each sync once, by turns before and after it; where ids are not kept, a command that looks
        // for what was made takes its time, and fewer are tried.
        let turns = kind.options.keepsClientIDs ? [0, 3] : [5]
        let period = kind.options.keepsClientIDs ? 4 : 11
        let taken = all.enumerated().filter { Proof.isFull || turns.contains($0.offset % period) }.map(\.element)
        let proof = try await Proof.run(taken) { try await Self.attempt($0, kind) }
        proof.conclude("killed at one of \(requests) requests or \(syncs) syncs, \(kind.name)", of: all.count)
    }
}
