import Foundation
import IngestCore
import Synchronization
import Testing

@testable import Publishing

/// Several processes and tasks at one ledger.
@Suite struct LedgerCrowdTests {
    @Test(arguments: [2, 8])
    func `processes that write at once hold a file one after the other and lose nothing`(processes: Int) throws {
        let place = try LedgerPlace()
        let each = 12
        // All of them also make the ledger, at the same time.
        let children = try (0..<processes).map { _ in try place.start(["generations", "\(each)"]) }
        for child in children {
            let outcome = try child.outcome()
            #expect(outcome.status == 0, "\(outcome.told) \(outcome.said)")
        }
        let ledger = try place.ledger()
        let publications = try ledger.publications(PublicationQuery())
        #expect(publications.map(\.generation).sorted() == Array(1...processes * each))
        for publication in publications {
            #expect(try ledger.things(of: publication.id).map(\.id) == ["run-" + publication.id])
            #expect(try ledger.openEffects(of: publication.id).isEmpty)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder + "/holds").isEmpty)
    }

    @Test func `tasks of one process exclude each other too, however often a hold changes hands`() async throws {
        let place = try LedgerPlace()
        let ledger = try place.ledger()
        let turns = Turns()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await turns.take(25, of: ledger) } }
            try await group.waitForAll()
        }
        #expect(turns.taken.withLock { $0 } == 200)
    }

    private final class Turns: Sendable {
        let inside = Mutex(0), taken = Mutex(0)

        func take(_ count: Int, of ledger: SQLiteLedger) async throws {
            for _ in 0..<count {
                let hold = try await ledger.hold(tenant: "acme", sha256: "ab01") { _ in }
                let here = inside.withLock { count in
                    count += 1
                    return count
                }
                #expect(here == 1)
                await Task.yield()
                inside.withLock { $0 -= 1 }
                taken.withLock { $0 += 1 }
                hold.release()
            }
        }
    }

    @Test func `a lock that is removed as it is taken excludes the next one all the same`() throws {
        let place = try LedgerPlace()
        let path = place.folder + "/lock"
        let inside = Atomic(0), most = Atomic(0), taken = Atomic(0), faults = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<10_000 {
                do {
                    guard let lock = try LockFile(taking: path) else { continue }
                    most.max(inside.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
                    taken.add(1, ordering: .relaxed)
                    usleep(50)  // Long enough for another to come in, if it can.
                    inside.subtract(1, ordering: .relaxed)
                    lock.release()
                } catch { faults.add(1, ordering: .relaxed) }
            }
        }
        #expect(most.load(ordering: .relaxed) == 1)
        #expect(taken.load(ordering: .relaxed) > 100)
        #expect(faults.load(ordering: .relaxed) == 0)
    }

    @Test func `files are held apart from each other, and tenants too`() async throws {
        let place = try LedgerPlace()
        let ledger = try place.ledger()
        let holds = [
            try await ledger.hold(tenant: "a", sha256: "bc") { Issue.record("waits: \($0)") },
            try await ledger.hold(tenant: "ab", sha256: "c") { Issue.record("waits: \($0)") },
            try await ledger.hold(tenant: "a", sha256: "b") { Issue.record("waits: \($0)") },
        ]
        for hold in holds { hold.release() }
    }

    @Test func `who waits is told once by whom the file is held, and goes on when that process is killed`() async throws {
        let place = try LedgerPlace()
        let child = try place.start(["hold"])
        #expect(child.told() == "held\n")
        let process = child.id
        let told = Mutex<[String]>([])
        let hold = try await place.ledger().hold(tenant: "acme.benchling.com", sha256: "ab01") { text in
            told.withLock { $0.append(text) }
            kill(process, SIGKILL)
        }
        hold.release()
        let texts = told.withLock { $0 }
        #expect(texts.count == 1)
        #expect(texts.first?.hasPrefix("process \(process) has been publishing it since ") == true)
        #expect(texts.first?.contains(/since (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d$/) == true)
        #expect(try child.outcome().wasKilled)
    }

    @Test func `waiting ends when the task is cancelled, and entries are taken from a cancelled task all the same`() async throws
    {
        let place = try LedgerPlace()
        let ledger = try place.ledger()
        let hold = try await ledger.hold(tenant: "acme", sha256: "ab01") { _ in }
        let waiting = Task {
            let other = try await ledger.hold(tenant: "acme", sha256: "ab01") { _ in withUnsafeCurrentTask { $0?.cancel() } }
            other.release()
        }
        await #expect(throws: CancellationError.self) { try await waiting.value }
        hold.release()
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            #expect(Task.isCancelled)
            try ledger.setKeepsIDs(true, tenant: "acme")
            return try ledger.keepsIDs(tenant: "acme")
        }
        #expect(try await late.value == true)
    }
}
