import IngestCore

/// Keeps all calls of a client below the limit of the tenant, and lets none go while the tenant asks for a pause.
actor RateLimiter {
    /// A pause is waited for in steps of this many seconds, each told, and a longer one than ``longestPause`` is not believed:
    /// asking again is harmless, as a 429 is never acted on. The documented window is 30 s.
    static let longestStep = 15.0, longestPause = 60.0
    /// Seconds of a window as documented, for as long as no answer says otherwise.
    static let window = 30.0

    private let pace: Pace
    /// Of the current window; `nil` while it is not known.
    private var remaining: Int?, limit: Int?
    private var windowEnd = 0.0, pausedUntil = 0.0
    private var inFlight = 0, refusals = 0

    init(pace: Pace) { self.pace = pace }

    /// Returns when a call may be sent. Each return is followed by one ``answered(_:)``.
    func admit() async throws {
        while true {
            try Task.checkCancellation()
            let now = pace.now()
            if windowEnd <= now, let limit {
                // Once a window: until an answer tells its end, nobody else begins it again with a full allowance.
                // Calls under way may count for either window; one goes all the same, so that long ones do not stop everything.
                remaining = max(1, limit - inFlight)
                windowEnd = now + Self.window
            }
            let isUsedUp = remaining.map { $0 <= 0 } ?? false
            let wait = max(pausedUntil, isUsedUp ? windowEnd : 0) - now
            guard wait > 0 else { break }
            let reason = pausedUntil > now ? "the tenant asks to slow down" : "the calls of this half minute are used up"
            try await pace.wait(min(wait, Self.longestStep), because: reason)
        }
        remaining = remaining.map { $0 - 1 }
        inFlight += 1
    }

    /// - Parameter answer: `nil` where none came.
    func answered(_ answer: HTTPAnswer?) {
        inFlight -= 1
        guard let answer else { return }
        note(answer)
        if answer.status == 429 { pause(answer) } else { refusals = 0 }
    }

    private func note(_ answer: HTTPAnswer) {
        guard let left = number("x-rate-limit-remaining", "x-ratelimit-remaining", in: answer), left >= 0 else { return }
        limit = number("x-rate-limit-limit", "x-ratelimit-limit", in: answer).flatMap {
            $0 >= 1 ? Int(exactly: $0.rounded(.down)) : nil
        }
        // Calls under way were not counted by the server when it answered, or not all of them.
        remaining = Int(min(left, 1_000_000)) - inFlight
        windowEnd = pace.now() + (resetSeconds(answer) ?? 0) + pace.random() / 4
    }

    private func pause(_ answer: HTTPAnswer) {
        refusals += 1
        let asked = RetryAfter.seconds(answer, now: pace.wallClock()) ?? resetSeconds(answer)
        let seconds =
            if let asked, asked > 0 {
                min(asked, Self.longestPause) * (1 + pace.random() / 8)
            } else {
                pace.backOff(before: refusals + 2)
            }
        pausedUntil = max(pausedUntil, pace.now() + seconds)
    }

    /// `x-rate-limit-reset` is the seconds to the end of the window; a number that can only be a point in time is taken as one.
    private func resetSeconds(_ answer: HTTPAnswer) -> Double? {
        guard let reset = number("x-rate-limit-reset", "x-ratelimit-reset", in: answer), reset >= 0 else { return nil }
        return min(reset > 1_000_000_000 ? max(0, reset - pace.wallClock()) : reset, Self.longestPause)
    }

    private func number(_ names: String..., in answer: HTTPAnswer) -> Double? {
        names.lazy.compactMap { answer.headers[$0].flatMap { Double($0.trimmed) } }.first { $0.isFinite }
    }
}
