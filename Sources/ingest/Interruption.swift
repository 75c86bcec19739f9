import Dispatch
import Glibc

/// Runs work so that Ctrl-C or SIGTERM ends it cleanly: nothing half-written stays behind. A second one ends it at once.
enum Interruption {
    static func guarded<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = Task { @concurrent in try await work() }
        let queue = DispatchQueue(label: "signals")
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if task.isCancelled { _exit(128 + number) }
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
            Terminal.write("interrupted; nothing unfinished was left behind\n", to: STDERR_FILENO)
            exit(128 + queue.sync { interrupted })
        }
    }

    /// Written and read on the queue of the signals only.
    nonisolated(unsafe) private static var interrupted: CInt = SIGINT
}
