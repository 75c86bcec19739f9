import Foundation
import IngestCore
import Publishing

/// A folder for a ledger; gone when it is no longer used.
final class LedgerPlace: Sendable {
    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/ledger-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: folder) }  // Best effort: it is below the temporary folder.

    var file: String { folder + "/ledger.sqlite" }

    func ledger() throws -> SQLiteLedger { try SQLiteLedger(folder: folder) }

    struct Outcome {
        /// What the child told, line by line.
        var told: [String]
        var status: Int32
        var wasKilled: Bool
        /// Standard error.
        var said: String
    }

    /// Where the tests, the child and the kill switch were built.
    static let built: String = {
        // The test runner itself, or where it is no link the path it was started by.
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().path
    }()

    /// Starts `ledger-writer` on this place, behind a line of shell that ends in `exec "$0" "$@"`.
    func start(_ arguments: [String], environment: [String: String] = [:], by shell: String = "exec \"$0\" \"$@\"") throws
        -> Child
    {
        try Child([shell, LedgerPlace.built + "/ledger-writer", folder] + arguments, environment)
    }

    func run(_ arguments: [String], environment: [String: String] = [:], by shell: String = "exec \"$0\" \"$@\"") throws
        -> Outcome
    {
        try start(arguments, environment: environment, by: shell).outcome()
    }

    final class Child {
        private let process = Process()
        private let output = Pipe(), errors = Pipe()

        init(_ arguments: [String], _ environment: [String: String]) throws {
            process.executableURL = URL(fileURLWithPath: "/bin/bash")
            process.arguments = ["-c"] + arguments
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            process.standardOutput = output
            process.standardError = errors
            try process.run()
        }

        var id: Int32 { process.processIdentifier }

        /// Waits until it tells something.
        func told() -> String { String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) }

        func outcome() throws -> Outcome {
            let told = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            let said = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            return Outcome(
                told: told.split(separator: "\n").map(String.init), status: process.terminationStatus,
                wasKilled: process.terminationReason == .uncaughtSignal && process.terminationStatus == 9, said: said)
        }
    }
}
