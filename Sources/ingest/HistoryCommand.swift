import ArgumentParser
import Foundation
import Glibc
import IngestCore
import IngestPipeline
import Publishing
import RecordReading

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Tells what was read and published, when, by which version; any value back to its cell."
    )

    @Argument(
        help: "A file, its records, a receipt, or the id of a run, result or blob or the begin of one; everything without it.")
    var reference: String?

    @Option(help: "The most entries; the others are counted.")
    var limit = 50

    @ArgumentParser.Flag(help: "One JSON object an entry on standard output.")
    var json = false

    @OptionGroup var telling: TellingOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit \(limit): it is 1 or more") }
    }

    func run() async throws {
        let terminal = Terminal(telling)
        let command = self
        let status = try await PublishingFailure.told(terminal) {
            let ledger = try SQLiteLedger(folder: SQLiteLedger.home(environment: ProcessInfo.processInfo.environment))
            var history = try History(of: try command.meant(), in: ledger, limit: command.limit)
            // A file that was changed since is known by its name.
            if history.entries.isEmpty { history = try History(of: command.reference, in: ledger, limit: command.limit) }
            if command.json {
                for line in try history.lines { Terminal.give(line + "\n") }
            } else {
                Terminal.give(history.text + "\n")
            }
            return 0
        }
        throw ExitCode(status)
    }

    /// A file that is there is meant by its content: it may have been published under another name.
    private func meant() throws -> String? {
        guard let reference else { return nil }
        return switch try MeantFile(reference) {
        case nil: reference
        case .receipts(let receipts): receipts.first?.publication
        case .records(let records): records.sha256
        case .source(let digest): digest
        }
    }
}
