import Benchling
import IngestCore
import Synchronization

/// A line on the terminal while work lasts longer than a second; nothing otherwise.
struct Progress {
    private let terminal: Terminal
    private let shown: Bool

    init(_ terminal: Terminal) {
        self.terminal = terminal
        shown = terminal.isInteractive && !terminal.quiet
    }

    /// Reads a file and shows how far `account` has come with `bytes` bytes, which are read twice: for the digest and the
    /// survey, and for the records.
    func reading<Value: Sendable>(
        _ name: String, bytes: @escaping @Sendable () -> Int, account: ReadingAccount,
        _ work: () async throws -> Value
    ) async throws -> Value {
        try await during(name, work) {
            (account.bytesRead.load(ordering: .relaxed) * 100 / max(1, 2 * bytes()), nil)
        }
    }

    /// Publishes a file and shows how much of it has been sent.
    func publishing<Value: Sendable>(
        _ name: String, _ account: PublishingAccount, _ work: () async throws -> Value
    ) async throws -> Value {
        try await during(name, work) { (account.share, account.text) }
    }

    /// - Parameter state: The share done, in per cent, and what is being done.
    private func during<Value: Sendable>(
        _ name: String, _ work: () async throws -> Value, _ state: @escaping @Sendable () -> (share: Int, what: String?)
    ) async throws -> Value {
        guard shown else { return try await work() }
        let terminal = terminal
        let name = Terminal.printable(name)
        let ticker = Task { @concurrent in
            try await Task.sleep(for: .seconds(1))
            while !Task.isCancelled {
                let (done, what) = state()
                let share = max(0, min(99, done))
                let bar = String(repeating: "█", count: share / 5) + String(repeating: "░", count: 20 - share / 5)
                let text = what.map { "\($0) \(name)" } ?? name
                if Task.isCancelled { return }
                terminal.showProgress(
                    "\(terminal.styled(bar, .blue)) \(share) % \(text.prefix(max(10, terminal.width - 30)))")
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        defer {
            ticker.cancel()
            Terminal.clearProgress()
        }
        return try await work()
    }
}
