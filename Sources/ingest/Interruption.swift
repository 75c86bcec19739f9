import Dispatch
import Glibc

/// Runs work so that Ctrl-C or SIGTERM ends it cleanly: nothing half-written stays behind on this computer. A second one
/// ends it at once.
enum Interruption {
    /// What stays behind, and is said.
    enum Rest: String {
        case clean = "interrupted; nothing unfinished was left behind"
        /// At a destination: what began there is in the ledger.
        case recorded = "interrupted; what is done is recorded, the same command goes on from there"
    }

    static func guarded<Value: Sendable>(_ rest: Rest, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value
    {
        let task = Task { @concurrent in try await work() }
        let queue = DispatchQueue(label: "signals")
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if task.isCancelled { _exit(128 + number) }
                // Nobody looks whether a task that waits for an answer was cancelled.
                if Terminal.isAsking {
                    Terminal.write("\n" + rest.rawValue + "\n", to: STDERR_FILENO)
                    _exit(128 + number)
                }
                interrupted = number
                task.cancel()
            }
            source.resume()
            return source
        }
        defer { sources.forEach { $0.cancel() } }
        do {
            return try await task.value
        } catch is CancellationError {
            Terminal.write(rest.rawValue + "\n", to: STDERR_FILENO)
            exit(128 + queue.sync { interrupted })
        }
    }

    /// Written and read on the queue of the signals only.
    nonisolated(unsafe) private static var interrupted: CInt = SIGINT
}
