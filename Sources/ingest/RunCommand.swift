import ArgumentParser
import Benchling
import Glibc
import IngestCore
import IngestPipeline
import Publishing
import RecordReading

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Recognises, reads, checks, shows and publishes files (the default).",
        discussion: """
            Results go to the destination of ingest.yaml, or to local, the tenant
            built in, where no ingest.yaml names one. --to none reads and shows only.
            The same file is published once: the same command again finds it there.
            """)

    @Argument(help: "Files, folders of one run (.D), .zip, .gz, or - for standard input.")
    var files: [String]

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var publishing: PublishingOptions
    @OptionGroup var telling: TellingOptions

    func validate() throws {
        try ReadingOptions.check(files)
        try checkForCommand()
        if publishing.plan != nil, files.count > 1 { throw ValidationError("--plan: one file at a time, for each has its plan") }
    }

    /// A command that was mistyped is taken for a file, as this one needs no name.
    private func checkForCommand() throws {
        let commands = Ingest.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let first = files.first, access(first, F_OK) != 0 else { return }
        let near = NearestName.of(first, among: commands)
        // Files have a suffix or stand in a folder; with others behind it, a bare word was meant to do something to them.
        let isWord = files.count > 1 && !first.contains { $0 == "." || $0 == "/" } && first != "-"
        guard near != nil || isWord else { return }
        let hint = near.map { "did you mean ingest \($0)?" } ?? "there are: \(commands.joined(separator: ", "))"
        throw ValidationError("\(first): there is no such command and no such file; \(hint)")
    }

    func run() async throws {
        let run = try reading.ingestRun(config: publishing.destination.config)
        let terminal = Terminal(telling)
        let command = self
        let status = try await PublishingFailure.told(terminal) {
            guard let destination = try OpenedDestination(command.publishing.destination) else {
                return try await command.files(terminal) { try await command.read($0, run, nil, terminal) }
            }
            // Connects while the first file is read.
            let opening = Task { @concurrent in try await PublishingSession.open(destination, terminal) }
            let consent = Consent(alwaysYes: command.publishing.yes, standardInputIsTaken: command.files.contains("-"))
            do {
                let status = try await command.files(terminal) { path in
                    try await command.read(path, run, Publishing(opening: opening, consent: consent), terminal)
                }
                // Told where it was needed; a session that never opened has nothing to close.
                try? await opening.value.close()
                return status
            } catch {
                // As above.
                try? await opening.value.close()
                throw error
            }
        }
        throw ExitCode(status)
    }

    /// What publishing needs, in the hands of every file.
    private struct Publishing: Sendable {
        let opening: Task<PublishingSession, any Error>
        let consent: Consent
    }

    private struct FileReport: Sendable {
        var reading: RunReport
        var publishing: FilePublisher.Outcome?
        var status: Int32 { publishing.map { Int32($0.receipt.status) } ?? reading.status }
    }

    private func files(
        _ terminal: Terminal, _ work: @escaping @Sendable (String) async throws -> FileReport
    ) async throws -> Int32 {
        let files = files
        let publishing = publishing
        let sends = publishing.publishes && publishing.destination.to != "none"
        let statuses = try await Interruption.guarded(sends ? .recorded : .clean) {
            var statuses: [Int32] = []
            var shared = FilePublisher.SharedFaults()
            try await FilesSideBySide.run(files, work) { _, report in
                statuses.append(report.status)
                Terminal.write(report.reading.told, to: STDERR_FILENO)
                // In a dry run the plan alone is what was asked for.
                if !publishing.json, publishing.publishes && !terminal.quiet || report.publishing == nil {
                    Terminal.give(report.reading.shown)
                }
                guard let outcome = report.publishing.map({ shared.oncePerCommand($0) }) else {
                    if publishing.json { Terminal.give(report.reading.json + "\n") }
                    if !terminal.quiet { terminal.tell(report.reading.line) }
                    return
                }
                Terminal.write(outcome.told, to: STDERR_FILENO)
                Terminal.give(outcome.shown)
                if !terminal.quiet { terminal.tell(report.reading.line) }
                PublishingReport.give(outcome.receipt, publishing, terminal, asks: outcome.asks)
            }
            return statuses
        }
        return FilesSideBySide.status(statuses)
    }

    private func read(
        _ path: String, _ run: IngestRun, _ publishing: Publishing?, _ terminal: Terminal
    ) async throws -> FileReport {
        do {
            let opened = try SourceOpener.open(path)
            let account = ReadingAccount()
            let sink = SummarySink()
            let spool = try publishing.map { _ in try RecordsSpool() }
            let outcome = try await Progress(terminal).reading(opened.name, bytes: { opened.size }, account: account) {
                try await run.read(opened, into: spool.map { TeeSink(sink, $0.sink) } ?? sink, account: account)
            }
            var report = FileReport(reading: RunReport(opened.name, outcome, sink.summary, terminal))
            guard let publishing, let spool, outcome.end != nil else { return report }
            report.publishing = try await publish(
                spool, opened, path, report.reading.status, account.tables, publishing, terminal)
            return report
        } catch let diagnostic as Diagnostic {
            return FileReport(
                reading: RunReport(path, IngestRun.Outcome(diagnostics: [diagnostic]), SummarySink.Summary(), terminal))
        }
    }

    private func publish(
        _ spool: RecordsSpool, _ opened: OpenedSource, _ path: String, _ status: Int32,
        _ tables: (noted: [Layout.Table], areCut: Bool), _ publishing: Publishing, _ terminal: Terminal
    ) async throws -> FilePublisher.Outcome {
        let records = try RecordsFile(path: spool.path)
        do {
            let publisher = FilePublisher(
                session: try await session(publishing.opening), options: self.publishing, consent: publishing.consent,
                terminal: terminal)
            return try await publisher.publish(
                records, from: path == "-" ? nil : path, attachments: OpenedAttachments(opened), readingStatus: status,
                tables: tables)
        } catch let failure as DestinationFailure where failure.status == 3 {
            return PublishingFailure.outcome(failure, records, terminal)
        }
    }

    /// Ends the opening too when it is no longer waited for: a destination may take long to say that it is not there.
    private func session(_ opening: Task<PublishingSession, any Error>) async throws -> PublishingSession {
        try await withTaskCancellationHandler {
            try await opening.value
        } onCancel: {
            opening.cancel()
        }
    }
}

/// The records of one file on their way to be published: a file without a name, gone with the last who holds it.
final class RecordsSpool: Sendable {
    private let descriptor: CInt
    var path: String { "/proc/self/fd/\(descriptor)" }

    init() throws { descriptor = try OutputFile.nameless() }
    deinit { close(descriptor) }

    var sink: JSONLinesSink { JSONLinesSink(OutputFile(descriptor: descriptor)) }
}

/// The bytes of an opened source, as publishing asks for them.
struct OpenedAttachments: AttachmentFiles {
    private let attachments: SourceAttachments
    init(_ opened: OpenedSource) { attachments = SourceAttachments(opened) }
    func path(of attachment: FileDigest) -> String? { attachments.path(of: attachment) }
}
