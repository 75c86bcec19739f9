import FoundationEssentials

/// How time passes for a client: its clocks, its waits, and how often it asks again.
public struct Pace: Sendable {
    /// Seconds on a clock that never goes back.
    public var now: @Sendable () -> Double
    /// Seconds since 1970, for `Retry-After` dates.
    public var wallClock: @Sendable () -> Double
    public var sleep: @Sendable (_ seconds: Double) async throws -> Void
    /// From 0 up to, not including, 1: spreads the waits of many processes.
    public var random: @Sendable () -> Double
    /// How often a call that may be repeated is made before it is given up. Waits because of a 429 do not count.
    public var attempts = 6
    /// Told before each wait of a call, so that people know what goes on.
    public var onWait: @Sendable (Wait) -> Void

    public struct Wait: Sendable, Hashable {
        public var reason: String
        public var seconds: Double
    }

    public init(
        now: @escaping @Sendable () -> Double, wallClock: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (_ seconds: Double) async throws -> Void,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        onWait: @escaping @Sendable (Wait) -> Void = { _ in }
    ) {
        self.now = now
        self.wallClock = wallClock
        self.sleep = sleep
        self.random = random
        self.onWait = onWait
    }

    /// Real time.
    public init(onWait: @escaping @Sendable (Wait) -> Void = { _ in }) {
        let start = ContinuousClock.now
        self.init(
            now: { (ContinuousClock.now - start) / .seconds(1) }, wallClock: { Date.now.timeIntervalSince1970 },
            sleep: { try await Task.sleep(for: .seconds($0)) }, onWait: onWait)
    }

    /// Seconds before attempt `attempt` (from 2): half a second, doubled each time up to 15, of which a random half is waited.
    func backOff(before attempt: Int) -> Double {
        min(15, 0.5 * Double(1 << min(max(attempt - 2, 0), 10))) * (0.5 + random() / 2)
    }

    func wait(_ seconds: Double, because reason: String) async throws {
        onWait(Wait(reason: reason, seconds: seconds))
        try await sleep(seconds)
    }
}
