import ArgumentParser
import Benchling
import Foundation
import Glibc
import IngestCore
import Publishing

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks configuration, credentials and mapping against the live tenant, and says how to mend each fault.")

    @ArgumentParser.Flag(help: "One JSON object a check on standard output.")
    var json = false

    @OptionGroup var destination: DestinationOptions
    @OptionGroup var telling: TellingOptions

    func run() async throws {
        let command = self
        let checkup = Checkup(terminal: Terminal(telling), json: json)
        let isSound = await command.examine(checkup)
        throw ExitCode(isSound ? 0 : 78)
    }

    private func examine(_ checkup: Checkup) async -> Bool {
        let environment = ProcessInfo.processInfo.environment
        let home = SQLiteLedger.home(environment: environment)
        var isSound = checkup.check("ledger", passed: "\(home) can be written") { _ = try SQLiteLedger(folder: home) }
        var configuration = IngestConfiguration.none
        let isReadable = checkup.check("configuration", passed: nil) {
            configuration = try IngestConfiguration.found(destination.config)
        }
        guard isReadable else { return false }
        checkup.tell(
            .passed, "configuration",
            Self.told(configuration), hint: nil)
        let all = configuration.destinations.map(\.name)
        for name in destination.to.map({ [$0] }) ?? (all.isEmpty ? [PublishingSession.local] : all) {
            var options = destination
            options.to = name
            if await !examine(options, name, checkup) { isSound = false }
        }
        return isSound
    }

    private static func told(_ configuration: IngestConfiguration) -> String {
        guard let path = configuration.path else { return "no ingest.yaml; results go to local, the tenant built in" }
        let names = configuration.destinations.map(\.name)
        let mappings = RunReport.counted(configuration.publish.count, "mapping")
        return names.isEmpty
            ? "\(path): \(mappings), no destination: results go to local, the tenant built in"
            : "\(path): \(mappings), \(RunReport.counted(names.count, "destination")): \(names.joined(separator: ", "))"
    }

    private func examine(_ options: DestinationOptions, _ name: String, _ checkup: Checkup) async -> Bool {
        do {
            guard let destination = try OpenedDestination(options) else { return true }
            return try await PublishingSession.with(destination, checkup.terminal) { session in
                let tenant = session.tenant
                let kinds = Dictionary(grouping: tenant.schemas.filter { !$0.isArchived }, by: \.kind).mapValues(\.count)
                checkup.tell(
                    .passed, name,
                    "\(tenant.identity) answers; project \"\(tenant.project.name)\""
                        + (tenant.registry.map { ", registry \"\($0.name)\"" }
                            ?? ", no registry: samples are looked up by name and alias among all custom entities")
                        + ", \(RunReport.counted(kinds[.run] ?? 0, "run schema")) and "
                        + RunReport.counted(kinds[.result] ?? 0, "result schema"), hint: nil)
                return await examine(session, name, checkup)
            }
        } catch {
            checkup.tell(name, error)
            return false
        }
    }

    /// Each mapping against the schemas there.
    private func examine(_ session: PublishingSession, _ name: String, _ checkup: Checkup) async -> Bool {
        var entries = session.configuration.publish
        if entries.isEmpty, session.isLocal { entries = [PublishEntry.builtIn(forAdapter: "lc")].compactMap(\.self) }
        if entries.isEmpty {
            checkup.tell(
                .failed, name, "no mapping: nothing says what becomes of results",
                hint: "add an entry under publish; ingest init writes one from the schemas there")
            return false
        }
        var isSound = true
        let publisher = RunPublisher(
            tenant: session.tenant, ledger: session.ledger, attachments: NoAttachments(),
            settings: RunPublisher.Settings(ingestVersion: Ingest.version))
        for entry in entries {
            do {
                let mapping = try await publisher.checked(entry)
                let kinds = mapping.kinds.sorted().joined(separator: ", ")
                checkup.tell(
                    .passed, "\(name): \(entry.adapter)",
                    "runs become \"\(mapping.run.schema.name)\"; of results: \(kinds)", hint: nil)
            } catch {
                checkup.tell("\(name): \(entry.adapter)", error)
                isSound = false
            }
        }
        return isSound
    }
}

/// A mapping is checked without files.
private struct NoAttachments: AttachmentFiles {
    func path(of attachment: FileDigest) -> String? { nil }
}

/// Tells the outcome of each check, and what to do.
struct Checkup: Sendable {
    enum Outcome: String { case passed, failed }

    let terminal: Terminal
    let json: Bool

    /// - Returns: Whether it passed.
    func check(_ what: String, passed: String?, _ work: () throws -> Void) -> Bool {
        do {
            try work()
            if let passed { tell(.passed, what, passed, hint: nil) }
            return true
        } catch {
            tell(what, error)
            return false
        }
    }

    func tell(_ what: String, _ error: any Error) {
        switch error {
        case let faults as ConfigurationFaults:
            for fault in faults.diagnostics { tell(.failed, what, "\(fault.location): \(fault.message)", hint: fault.hint) }
        case let failure as DestinationFailure: tell(what, failure.failure)
        case let failure as BenchlingFailure:
            let fault = FailureText.diagnostic(failure, destination: what, at: SourceLocation(file: what))
            let hint =
                failure.kind == .unauthorized
                ? "see that the variables or files named under credentials hold a key or secret of this tenant that is not revoked"
                : "see that the address is right and that this computer reaches it"
            tell(.failed, what, fault.message, hint: hint)
        case let fault as Diagnostic: tell(.failed, what, "\(fault.location): \(fault.message)", hint: fault.hint)
        default: tell(.failed, what, "\(error)", hint: nil)
        }
    }

    func tell(_ outcome: Outcome, _ what: String, _ message: String, hint: String?) {
        if json {
            var members: [String: JSONValue] = [
                "check": .string(what), "outcome": .string(outcome.rawValue), "message": .string(message),
            ]
            if let hint { members["hint"] = .string(hint) }
            Terminal.give(JSONValue.object(members).text + "\n")
            return
        }
        let mark = outcome == .passed ? terminal.styled("ok  ", .blue) : terminal.styled("FAIL", .red)
        Terminal.give("\(mark) \(Terminal.printable(what)): \(Terminal.printable(message))\n")
        if let hint { Terminal.give("     \(Terminal.printable(hint))\n") }
    }
}
