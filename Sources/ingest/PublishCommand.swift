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
        PublishingReport.give(outcome.receipt, options, terminal, asks: outcome.asks)
    }
}
