import Foundation
import IngestTesting
import Publishing
import Testing

@testable import ledger_writer

/// The writing process is ended with SIGKILL at every sync and at every write of the ledger's files, one after the other.
@Suite struct LedgerKillTests {
    private static let seed: UInt64 = 7
    private static let count = 20
    private static let calls = LedgerScript.calls(seed: seed, count: count)

    private static func environment(_ call: String, _ more: [String: String]) -> [String: String] {
        [
            "LD_PRELOAD": LedgerPlace.built + "/libKillSwitch.so", "KILL_SWITCH_PATH": "ledger.sqlite", "KILL_SWITCH_CALL": call,
        ].merging(more) { $1 }
    }

    private static let arguments = ["script", "\(seed)", "\(count)"]

    /// How many calls of a kind it takes when nothing ends it.
    private static func total(of call: String, in arguments: [String] = arguments, telling count: Int = count) throws -> Int {
        let place = try LedgerPlace()
        let counted = place.folder + "/count"
        let outcome = try place.run(arguments, environment: environment(call, ["KILL_SWITCH_COUNT": counted]))
        #expect(outcome.status == 0 && outcome.told.count == count, "\(outcome.said)")
        return try #require(Int(String(contentsOfFile: counted, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// What the model holds after so many calls.
    private static func model(after count: Int) -> ModelLedger {
        let model = ModelLedger()
        for call in calls.prefix(count) { _ = model.make(call) }
        return model
    }

    @Test func `every entry is synced before its call returns`() throws {
        // Opening and closing sync too.
        let idle = try LedgerKillTests.total(of: "sync", in: ["fill", "0"], telling: 0)
        #expect(try LedgerKillTests.total(of: "sync", in: ["fill", "20"], telling: 20) - idle >= 20)
    }

    @Test(arguments: [("sync", "before"), ("sync", "after"), ("write", "before"), ("write", "half")])
    func `after a kill at any point each entry whose call had returned is there, and none is there in part`(
        call: String, phase: String
    ) throws {
        let total = try LedgerKillTests.total(of: call)
        #expect(total >= LedgerKillTests.count / 2)
        var inFlight = 0
        for point in 1...total {
            let place = try LedgerPlace()
            let switches = ["KILL_SWITCH_AT": "\(point)", "KILL_SWITCH_PHASE": phase]
            let outcome = try place.run(
                LedgerKillTests.arguments, environment: LedgerKillTests.environment(call, switches))
            #expect(outcome.wasKilled, "point \(point): \(outcome)")
            let returned = outcome.told.count
            let ledger = try place.ledger()
            let differences = try LedgerKillTests.model(after: returned).differences(from: ledger)
            guard !differences.isEmpty else { continue }
            // Nobody was told of the call it was ended in: that one may have happened, but wholly.
            inFlight += 1
            let more = try LedgerKillTests.model(after: returned + 1).differences(from: ledger)
            #expect(more.isEmpty, "killed \(phase) \(call) \(point) of \(total), \(returned) calls had returned: \(differences)")
        }
        print(
            "killed \(phase) each of \(total) calls of \(call): nothing lost, nothing half; \(inFlight) times the call in flight stood"
        )
    }
}
