import BenchlingSandbox
import Foundation
import Publishing
import Synchronization
import Testing

/// A process that makes the round trip of an analysis is ended with SIGKILL at every request and at every sync of its ledger; then
/// the same again.
@Suite(.serialized) struct AnalysisKillTests {
    private enum Point: Sendable {
        /// The tenant has acted, or never does.
        case request(Int, isAfter: Bool)
        case sync(Int, phase: String)
    }

    private final class Child: Sendable {
        let process = Mutex<pid_t?>(nil)
    }

    private struct Site {
        let sandbox: Sandbox, origin: String, place: CommandPlace, child: Child

        func run(_ more: [String: String] = [:]) async throws -> CommandPlace.Outcome {
            let secrets = ["STEP_KEY": sandbox.credentials.analysisStepKey]
            let outcome = try await place.run(
                [origin], executable: "analysis-attacher", environment: secrets.merging(more) { $1 }
            ) { process in child.process.withLock { $0 = process } }
            child.process.withLock { $0 = nil }
            return outcome
        }
    }

    private static func with<Value>(
        killingAt request: Int? = nil, _ moment: FaultPlan.Moment = .before, _ body: (Site) async throws -> Value
    ) async throws -> Value {
        let child = Child()
        var options = SandboxOptions()
        options.onRequest = { ordinal, at in
            guard ordinal == request, at == moment, let process = child.process.withLock(\.self) else { return }
            kill(process, SIGKILL)
        }
        let sandbox = try Sandbox.temporary(options: options)
        // A killed process took its request with it: the tenant has not seen it.
        if let request, moment == .before { sandbox.plan(FaultPlan([.init(.cut, .before, at: request)])) }
        let origin = try await sandbox.start()
        do {
            let place = try CommandPlace(sandbox, at: origin)
            let value = try await body(Site(sandbox: sandbox, origin: origin, place: place, child: child))
            await sandbox.stop()
            return value
        } catch {
            await sandbox.stop()
            throw error
        }
    }

    private static func switches(_ more: [String: String]) -> [String: String] {
        [
            "LD_PRELOAD": CommandPlace.built + "/libKillSwitch.so", "KILL_SWITCH_PATH": "ledger.sqlite",
            "KILL_SWITCH_CALL": "sync",
        ].merging(more) { $1 }
    }

    private static func totals() async throws -> (requests: Int, syncs: Int) {
        try await with { site async throws in
            let counted = site.place.folder + "/count"
            let outcome = try await site.run(switches(["KILL_SWITCH_COUNT": counted]))
            #expect(outcome.status == 0, "\(outcome.told) \(outcome.output)")
            #expect(try Findings(analysis: site.sandbox).isClean)
            let syncs = try String(contentsOfFile: counted, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
            return (site.sandbox.requests.count, try #require(Int(syncs)))
        }
    }

    private static func attempt(_ point: Point) async throws -> Proof.Outcome? {
        var request: Int?, moment = FaultPlan.Moment.before, more: [String: String] = [:]
        switch point {
        case .request(let ordinal, let isAfter):
            request = ordinal
            moment = isAfter ? .after : .before
        case .sync(let ordinal, let phase): more = switches(["KILL_SWITCH_AT": "\(ordinal)", "KILL_SWITCH_PHASE": phase])
        }
        return try await with(killingAt: request, moment) { site async throws in
            guard try await site.run(more).wasKilled else { return nil }
            var statuses: [Int] = [], told = ""
            repeat {
                let next = try await site.run()
                statuses.append(Int(next.status))
                told = next.told + next.output
            } while statuses.last == 3 && statuses.count < 4
            var findings = try Findings(analysis: site.sandbox)
            let ledger = try site.place.ledger()
            findings.orphans += try Findings.unclosed(
                try ledger.publications(PublicationQuery(states: [.done, .open])).first, ledger)
            let isDone = statuses.last == 0 || statuses.last == 4
            return Proof.Outcome(
                findings: findings, statuses: statuses,
                fault: isDone && findings.isClean ? nil : "killed at \(point): \(statuses), \(findings); \(told)")
        }
    }

    @Test func `a process that is killed at any request or any sync is finished by the next one`() async throws {
        let (requests, syncs) = try await Self.totals()
        let points =
            (1...requests).flatMap { ordinal in [false, true].map { Point.request(ordinal, isAfter: $0) } }
            + (1...syncs).flatMap { ordinal in ["before", "after"].map { Point.sync(ordinal, phase: $0) } }
        // Else each request and each sync once, by turns before and after it.
        let taken = points.enumerated().filter { Proof.isFull || [0, 3].contains($0.offset % 4) }.map(\.element)
        let proof = try await Proof.run(taken) { try await Self.attempt($0) }
        proof.conclude("killed at one of \(requests) requests or \(syncs) syncs, an analysis", of: points.count)
    }
}
