import IngestCore
import Synchronization

/// A line on the terminal while reading lasts longer than a second; nothing otherwise.
struct Progress {
    private let terminal: Terminal
    private let shown: Bool

    init(_ terminal: Terminal) {
        self.terminal = terminal
        shown = terminal.isInteractive && !terminal.quiet
    }

    /// Runs `work` and shows how far `account` has come with `bytes` bytes, which are read twice: for the digest and
    /// the survey, and for the records.
    func during<Value: Sendable>(
        _ name: String, bytes: @escaping @Sendable () -> Int, account: ReadingAccount,
        _ work: () async throws -> Value
    ) async throws -> Value {
        guard shown else { return try await work() }
        let terminal = terminal
        let name = Terminal.printable(name)
        let ticker = Task { @concurrent in
            try await Task.sleep(for: .seconds(1))
            while !Task.isCancelled {
                let share = min(99, account.bytesRead.load(ordering: .relaxed) * 100 / max(1, 2 * bytes()))
                let bar = String(repeating: "█", count: share / 5) + String(repeating: "░", count: 20 - share / 5)
                Terminal.write(
                    "\r\u{1B}[2K\(terminal.styled(bar, .blue)) \(share) % \(name.prefix(max(10, terminal.width - 30)))", to: 2)
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        defer {
            ticker.cancel()
            Terminal.write("\r\u{1B}[2K", to: 2)
        }
        return try await work()
    }
}
