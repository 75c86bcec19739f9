import ArgumentParser
import Benchling
import Foundation
import Glibc
import IngestCore
import IngestPipeline
import Publishing
import RecordReading

struct PublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Publishes records files, or carries out a plan that was saved.",
        discussion: """
            ingest publish run.jsonl                 the second half of ingest run
            ingest publish run.jsonl --plan p.plan   saves the plan, sends nothing
            ingest publish --plan p.plan             carries it out, and nothing else

            The files that become blobs are looked for beside the records and in the
            working folder, or where --source says. A plan knows its destination.
            """)

    @Argument(help: "Records files (ingest read -o).")
    var records: [String] = []

    @Option(help: ArgumentHelp("The file or folder that was read, where it is not beside the records.", valueName: "path"))
    var source: String?

    @OptionGroup var publishing: PublishingOptions
    @OptionGroup var telling: TellingOptions

    func validate() throws {
        if records.isEmpty, publishing.plan == nil { throw ValidationError("name a records file, or a plan with --plan") }
        if records.contains("-") { throw ValidationError("-: records are read twice, so they have to be a file") }
        if publishing.plan != nil, records.count > 1 {
            throw ValidationError("--plan: one file at a time, for each has its plan")
        }
    }

    func run() async throws {
        let terminal = Terminal(telling)
        let command = self
        let status = try await PublishingFailure.told(terminal) {
            let plan = try command.planToCarryOut()
            var options = command.publishing.destination
            options.to = options.to ?? plan?.header.destination
            guard let destination = try OpenedDestination(options) else {
                throw ValidationError("--to none: there is nothing to publish to")
            }
            return try await PublishingSession.with(destination, terminal) {
                try await command.publish(plan, $0, terminal)
            }
        }
        throw ExitCode(status)
    }

    /// The plan that was saved, opened before anything is asked of a destination; `nil` where records are named.
    private func planToCarryOut() throws -> RunPlan? {
        guard records.isEmpty, let path = publishing.plan else { return nil }
        if publishing.dryRun {
            throw ValidationError("--dry-run: a plan that was saved is shown when it is made; name the records to plan anew")
        }
        return try RunPlan(path: path)
    }

    private func publish(_ plan: RunPlan?, _ session: PublishingSession, _ terminal: Terminal) async throws -> Int32 {
        let command = self
        let consent = Consent(alwaysYes: publishing.yes, standardInputIsTaken: false)
        return try await Interruption.guarded(plan != nil || publishing.publishes ? .recorded : .clean) {
            if let plan, let path = command.publishing.plan {
                let outcome = try await PlanCommandStep(
                    session: session, terminal: terminal, consent: consent, source: command.source
                ).carryOut(plan, path)
                command.tell(outcome, terminal, always: true)
                return Int32(outcome.receipt.status)
            }
            var statuses: [Int32] = []
            var shared = FilePublisher.SharedFaults()
            try await FilesSideBySide.run(
                command.records,
                { path in
                    do {
                        let publisher = FilePublisher(
                            session: session, options: command.publishing, consent: consent, terminal: terminal)
                        let records = try RecordsFile(path: path)
                        let attachments = FoundAttachments(records: path, source: command.source, name: records.fileName)
                        let left = records.leftOut > 0 || records.errors > 0
                        return try await publisher.publish(
                            records, from: attachments.place, attachments: attachments, readingStatus: left ? 1 : 0)
                    } catch let fault as Diagnostic {
                        return FilePublisher.Outcome(
                            receipt: Receipt(file: path, sha256: "", destination: session.tenant.destination, status: 2),
                            told: DiagnosticRenderer(terminal: terminal).render(fault))
                    }
                },
                inOrder: { _, outcome in
                    statuses.append(Int32(outcome.receipt.status))
                    command.tell(shared.oncePerCommand(outcome), terminal, always: false)
                })
            return FilesSideBySide.status(statuses)
        }
    }

    private func tell(_ outcome: FilePublisher.Outcome, _ terminal: Terminal, always: Bool) {
        Terminal.write(outcome.told, to: STDERR_FILENO)
        Terminal.give(outcome.shown)
        var options = publishing
        if always { options.plan = nil }
        PublishingReport.give(outcome.receipt, options, terminal)
    }
}

/// Carries out a plan that was saved.
struct PlanCommandStep: Sendable {
    let session: PublishingSession
    let terminal: Terminal
    let consent: Consent
    let source: String?

    func carryOut(_ plan: RunPlan, _ path: String) async throws -> FilePublisher.Outcome {
        let header = plan.header
        var outcome = FilePublisher.Outcome(
            receipt: Receipt(file: header.file, sha256: header.sha256, destination: header.destination, status: 2))
        let attachments = FoundAttachments(records: path, source: source ?? header.path, name: header.file)
        let publisher = RunPublisher(
            tenant: session.tenant, ledger: session.ledger, attachments: attachments,
            settings: RunPublisher.Settings(ingestVersion: Ingest.version))
        let terminal = terminal
        let hold = try await session.ledger.hold(tenant: header.tenant, sha256: header.sha256) { other in
            terminal.tell("\(Terminal.printable(header.file)): waiting, \(other)")
        }
        defer { hold.release() }
        if let receipt = try done(plan) {
            outcome.receipt = receipt
            return outcome
        }
        if let refusal = plan.nothingToPublish {
            outcome.told = render([refusal])
            return outcome
        }
        let changes = try await publisher.changes(since: plan)
        guard changes.isEmpty else {
            outcome.told = render(
                changes.map {
                    Diagnostic(
                        "plan.outdated", $0, at: SourceLocation(file: path),
                        hint: "the plan was made \(header.madeAt) and does not hold any more: make it again; nothing was sent")
                })
            return outcome
        }
        if let refusal = await consent.refusal(of: plan.summary.questions, about: header.file) {
            outcome.told = render([refusal])
            return outcome
        }
        do {
            outcome.receipt = try await publisher.carryOut(plan, ledger: session.ledger)
        } catch let stopped as PublishingStopped {
            outcome.told = render(stopped.diagnostics)
            outcome.receipt = stopped.receipt ?? outcome.receipt
            outcome.receipt.status = stopped.isUnfinished ? 3 : 2
        }
        return outcome
    }

    /// The receipt of a plan that was carried out before.
    private func done(_ plan: RunPlan) throws -> Receipt? {
        let header = plan.header
        let same = try session.ledger.publications(
            PublicationQuery(tenant: header.tenant, sha256: header.sha256, states: [.done])
        ).first { $0.generation == header.generation && $0.records == header.records && $0.mapping == header.mapping }
        guard let text = same?.receipt, plan.counts.all(.create) > 0 else { return nil }
        var receipt = try Receipt(parsing: text)
        receipt.status = 4
        receipt.skipped = receipt.results.count
        receipt.created = 0
        return receipt
    }

    private func render(_ diagnostics: [Diagnostic]) -> String { DiagnosticRenderer(terminal: terminal).render(diagnostics) }
}

/// The source of a records file, found beside it or in the working folder.
final class FoundAttachments: AttachmentFiles {
    /// Where it was found.
    let place: String?
    private let attachments: SourceAttachments?

    init(records: String, source: String?, name: String) {
        let folder = URL(fileURLWithPath: records).deletingLastPathComponent().path
        let given = source.map { [$0, $0 + "/" + name] } ?? []
        let candidates = given + [folder + "/" + name, name]
        for candidate in candidates where URL(fileURLWithPath: candidate).lastPathComponent == name {
            // Not there or not readable: the next place; when there is none, the attachment is reported as missing.
            guard let opened = try? SourceOpener.open(candidate) else { continue }
            place = candidate
            attachments = SourceAttachments(opened)
            return
        }
        place = nil
        attachments = nil
    }

    func path(of attachment: FileDigest) -> String? { attachments?.path(of: attachment) }
}
