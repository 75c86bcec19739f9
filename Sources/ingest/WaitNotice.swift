import Benchling
import Synchronization

/// Tells a person what is waited for. Calls that run side by side wait side by side: that is one wait to a person.
final class WaitNotice: Sendable {
    private let destination: String
    private let terminal: Terminal
    private let toldUntil = Mutex<ContinuousClock.Instant?>(nil)

    init(_ destination: String, _ terminal: Terminal) {
        self.destination = destination
        self.terminal = terminal
    }

    func tell(_ wait: Pace.Wait) {
        guard wait.seconds >= 1, !terminal.quiet else { return }
        let now = ContinuousClock.now
        let isNews = toldUntil.withLock { until in
            if let told = until, told > now { return false }
            until = now + .seconds(wait.seconds)
            return true
        }
        guard isNews else { return }
        terminal.tell(
            "\(destination): \(Terminal.printable(wait.reason)); waiting \(Int(wait.seconds.rounded())) s (Ctrl-C stops)")
    }
}
