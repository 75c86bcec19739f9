import Foundation
import IngestCore
import IngestTesting
import Testing
@testable import ledger_writer

@testable import Publishing

@Suite struct LedgerTests {
    @Test func `random calls leave a ledger that answers as a plain model does, also when it is opened anew`() throws {
        var refused = 0
        for seed in 0..<UInt64(SeededGenerator.trials(12)) {
            let place = try LedgerPlace()
            let model = ModelLedger()
            var ledger = try place.ledger()
            for (index, call) in LedgerScript.calls(seed: seed, count: 60).enumerated() {
                var isTaken = true
                do { try call.make(on: ledger) } catch is Diagnostic { isTaken = false }
                #expect(isTaken == model.make(call), "seed \(seed), call \(index): \(call)")
                if !isTaken { refused += 1 }
                // A wrong answer stays one for long: asking everything after every call would only take time.
                guard index % 10 == 9 else { continue }
                ledger = try place.ledger()
                let differences = try model.differences(from: ledger)
                #expect(differences.isEmpty, "seed \(seed), call \(index): \(call)")
                guard differences.isEmpty else { return }
            }
        }
        #expect(refused > 0)
    }
}
