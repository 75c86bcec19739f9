import Synchronization

/// The calls since the start, the last hundred thousand of them.
final class RequestLog: Sendable {
    private struct State {
        var count = 0
        var entries: [Sandbox.Request] = []
    }
    private let state = Mutex(State())
    private static let most = 100_000

    /// The number of a call that begins, from 1 on.
    func begin() -> Int {
        state.withLock { state in
            state.count += 1
            return state.count
        }
    }

    func end(_ entry: Sandbox.Request) {
        state.withLock { state in
            // In steps, as the removal moves all that is left.
            if state.entries.count >= Self.most { state.entries.removeFirst(Self.most / 10) }
            state.entries.append(entry)
        }
    }

    var entries: [Sandbox.Request] { state.withLock(\.entries).sorted { $0.ordinal < $1.ordinal } }

    func clear() { state.withLock { $0 = State() } }
}
