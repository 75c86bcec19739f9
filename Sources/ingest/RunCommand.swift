import ArgumentParser
import Glibc
import IngestCore
import IngestPipeline

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Recognises, reads, checks and shows files (the default).",
        discussion: "This version publishes nothing yet: --to none is the only destination.")

    @Argument(help: "Files, folders of one run (.D), .zip, .gz, or - for standard input.")
    var files: [String]

    @Option(help: ArgumentHelp("Where results are published; none reads and shows only.", valueName: "dest"))
    var to = "none"

    @ArgumentParser.Flag(help: "One JSON object a file on standard output.")
    var json = false

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var telling: TellingOptions

    func validate() throws {
        try ReadingOptions.check(files)
        guard to == "none" else {
            throw ValidationError("--to \(to): this version publishes nothing yet; use --to none, or leave it out")
        }
    }

    func run() async throws {
        let run = try reading.ingestRun()
        let terminal = Terminal(telling)
        let command = self
        let statuses = try await Interruption.guarded {
            var statuses: [Int32] = []
            try await FilesSideBySide.run(
                command.files, { try await command.read($0, run, terminal) },
                inOrder: { file, report in
                    statuses.append(report.status)
                    Terminal.write(report.told, to: STDERR_FILENO)
                    Terminal.give(command.json ? report.json + "\n" : report.shown)
                    if !terminal.quiet { terminal.tell(report.line) }
                })
            return statuses
        }
        throw ExitCode(FilesSideBySide.status(statuses))
    }

    private func read(_ path: String, _ run: IngestRun, _ terminal: Terminal) async throws -> RunReport {
        do {
            let opened = try SourceOpener.open(path)
            let account = ReadingAccount()
            return try await Progress(terminal).during(opened.name, bytes: { opened.size }, account: account) {
                let sink = SummarySink()
                let outcome = try await run.read(opened, into: sink, account: account)
                return RunReport(opened.name, outcome, sink.summary, terminal)
            }
        } catch let diagnostic as Diagnostic {
            return RunReport(path, IngestRun.Outcome(diagnostics: [diagnostic]), SummarySink.Summary(), terminal)
        }
    }
}
