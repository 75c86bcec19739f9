import Benchling
import Foundation

extension Pace {
    /// Time that passes faster: its seconds are told and waited for alike.
    /// - Parameter later: Seconds that its calendar is ahead.
    static func times(_ factor: Double, later: Double = 0) -> Pace {
        let start = ContinuousClock.now
        return Pace(
            now: { (ContinuousClock.now - start) / .seconds(1) * factor }, wallClock: { Date.now.timeIntervalSince1970 + later },
            sleep: { try await Task.sleep(for: .seconds($0 / factor)) })
    }
}
