import IngestCore
import Synchronization

/// Counts the calls of each caller in windows that begin with its first call.
final class RateLimiter: Sendable {
    private struct Window {
        var began: Instant
        var count: Int
    }
    private let windows = Mutex<[Caller: Window]>([:])
    private let limit: SandboxOptions.RateLimit?

    init(_ limit: SandboxOptions.RateLimit?) { self.limit = limit }

    /// Counts one call.
    /// - Returns: The headers that tell what is left; none where calls are not counted.
    /// - Throws: ``Refusal`` with 429 when nothing is.
    func count(_ caller: Caller) throws -> [(String, String)] {
        guard let limit else { return [] }
        let most = caller == .app ? limit.app : limit.keys
        let now = Instant.now()
        let window = windows.withLock { windows in
            var window = windows[caller] ?? Window(began: now, count: 0)
            if window.began.adding(seconds: limit.window) <= now { window = Window(began: now, count: 0) }
            window.count += 1
            windows[caller] = window
            return window
        }
        let left = Double(window.began.adding(seconds: limit.window).microseconds - now.microseconds) / 1_000_000
        let headers = [
            ("x-rate-limit-limit", String(most)), ("x-rate-limit-remaining", String(max(0, most - window.count))),
            ("x-rate-limit-reset", String(Int(left.rounded(.up)))),
        ]
        if window.count <= most { return headers }
        var refusal = Self.exceeded
        refusal.headers = headers
        throw refusal
    }

    static let exceeded = Refusal(429, "Rate limit exceeded.")
}
