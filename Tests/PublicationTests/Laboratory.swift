import Benchling
import BenchlingSandbox
import Foundation
import IngestCore
import Publishing
import RecordReading
import Synchronization

/// A tenant of one kind, a ledger, and the commands that publish to the one by the other.
final class Laboratory: Sendable {
    let kind: TenantKind
    let sandbox: Sandbox
    private let origin: String
    let folder: String

    private init(_ kind: TenantKind) async throws {
        self.kind = kind
        sandbox = try Sandbox.temporary(options: kind.options)
        origin = try await sandbox.start()
        folder = FileManager.default.temporaryDirectory.path + "/laboratory-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: folder) }  // Best effort: it is below the temporary folder.

    static func with<Value>(_ kind: TenantKind, _ body: (Laboratory) async throws -> Value) async throws -> Value {
        let laboratory = try await Laboratory(kind)
        do {
            let value = try await body(laboratory)
            await laboratory.sandbox.stop()
            return value
        } catch {
            await laboratory.sandbox.stop()
            throw error
        }
    }

    func ledger() throws -> SQLiteLedger { try SQLiteLedger(folder: folder) }

    /// Who a command is, and what it may meet.
    struct Command: Sendable {
        var mortality = Mortality(at: nil)
        var transport: any HTTPTransport = URLSessionTransport()
        var pace = Pace.times(20)
        /// Seconds that an answer is waited for.
        var patience: Double?
        /// The most bytes of an answer that are taken.
        var longestAnswer = 64 << 20
        var again = false
        /// A line of the mapping that reads otherwise by now.
        var other: (line: String, instead: String)?
        var asNewRun = false
    }

    func client(_ command: Command) throws -> BenchlingClient {
        let credentials: Credentials =
            kind.isApp
            ? .app(id: sandbox.credentials.clientID, secret: sandbox.credentials.clientSecret)
            : .apiKey(sandbox.credentials.apiKey)
        let transport = MortalTransport(
            base: command.transport, mortality: command.mortality, patience: command.patience,
            longestAnswer: command.longestAnswer)
        return BenchlingClient(
            address: try TenantAddress(origin), credentials: credentials, transport: transport, pace: command.pace)
    }

    func tenant(_ command: Command) async throws -> Tenant {
        let wish = Tenant.Wish(
            destination: "proof", identity: identity, project: "Analytical Development", registry: "Sandbox Registry",
            place: SourceLocation(file: "proof"))
        return try await Tenant(wish, client: try client(command))
    }

    var identity: String { "proof/" + sandbox.tenantID }

    /// Publishes a file as the command does, with yes to every question.
    /// - Returns: The status: 0 done, 3 unfinished, 4 nothing to do, 2 refused.
    /// - Throws: ``Mortality/Death``, and what the command would not know how to tell.
    func publish(_ series: Series, _ command: Command = Command()) async throws -> Int {
        let ledger = MortalLedger(base: try ledger(), mortality: command.mortality)
        do {
            let tenant = try await tenant(command)
            let hold = try await ledger.hold(tenant: tenant.identity, sha256: series.records.sha256) { _ in }
            defer { hold.release() }
            var settings = RunPublisher.Settings(ingestVersion: "proof")
            settings.blobSingle = TenantKind.part
            settings.blobPart = TenantKind.part
            let publisher = RunPublisher(tenant: tenant, ledger: ledger, attachments: series, settings: settings)
            var input = RunPublisher.Input(records: series.records, entry: try kind.entry(command.other))
            input.again = command.again
            input.asNewRun = command.asNewRun
            let plan = try await publisher.plan(input)
            if plan.isNothingToDo, try isFinished(plan, ledger) { return 4 }
            return try await publisher.carryOut(plan, ledger: ledger).status
        } catch let stopped as PublishingStopped {
            note(stopped.diagnostics.map { "\($0.code): \($0.message)" }.joined(separator: "; "))
            return stopped.isUnfinished ? 3 : 2
        } catch let failure as BenchlingFailure {
            note(failure.description)
            return failure.kind == .refused || failure.kind == .notFound ? 2 : 3
        } catch let fault as Diagnostic {
            note(fault.message)
            return 2
        }
    }

    /// What commands told last, for a test that fails.
    var told: String { notes.joined(separator: " | ") }
    private var notes: [String] { noted.withLock(\.self) }
    private let noted = Mutex<[String]>([])
    func note(_ text: String) { noted.withLock { $0.append(text) } }

    private func isFinished(_ plan: RunPlan, _ ledger: some Ledger) throws -> Bool {
        guard let id = plan.header.publication else { return true }
        return try ledger.publications(PublicationQuery(reference: id)).contains { $0.id == id && $0.state == .done }
    }

    /// What stands of a file, or was begun.
    func publication(of series: Series) throws -> Publication? {
        try ledger().publications(PublicationQuery(tenant: identity, sha256: series.records.sha256))
            .first { $0.state == .done || $0.state == .open }
    }

    /// Takes back what stands of a file.
    /// - Returns: 0 done, 3 unfinished, 4 nothing to do.
    func undo(_ series: Series, _ command: Command = Command()) async throws -> Int {
        guard let publication = try publication(of: series) else { return 4 }
        let ledger = MortalLedger(base: try ledger(), mortality: command.mortality)
        do {
            _ = try await Undo(tenant: try await tenant(command), ledger: ledger).take(back: publication, reason: "Made in error")
            return 0
        } catch let failure as BenchlingFailure {
            note(failure.description)
            return 3
        } catch let fault as Diagnostic {
            note(fault.message)
            return 2
        }
    }

    /// The same command again and again, until it has nothing more to do.
    /// - Returns: The status of each.
    func untilDone(_ command: () async throws -> Int) async throws -> [Int] {
        var statuses: [Int] = []
        repeat { statuses.append(try await command()) } while statuses.last == 3 && statuses.count < 5
        return statuses
    }
}
