import ArgumentParser
import CMalloc

@main
struct Ingest: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Gets what laboratory instruments measure into Benchling, whole, right and once.",
        discussion: """
            ingest run.csv                      reads, checks, shows and publishes it
            ingest --dry-run run.csv            what publishing it would do
            ingest undo run.csv --reason TEXT   takes back what publishing it made
            ingest read run.csv -o run.jsonl    its records, for scripts
            ingest ic50 plate.csv               dose-response curves: IC50s, or why there is none
            ingest sandbox                      the tenant built in, in a browser

            Nothing has to be set up: without an ingest.yaml (ingest init) results
            go to the tenant built in, a file on this computer.

            Exit status: 0 everything read and published; 1 but rows were left out;
            2 nothing usable, or refused; 3 publishing is unfinished; 4 nothing to
            do; 64 wrong usage; 78 wrong configuration.
            """,
        version: version,
        subcommands: [
            RunCommand.self, ReadCommand.self, DetectCommand.self, AdaptersCommand.self, PublishCommand.self, UndoCommand.self,
            HistoryCommand.self, IC50Command.self, SandboxCommand.self, InitCommand.self, DoctorCommand.self,
            AdapterCommand.self,
        ],
        defaultSubcommand: RunCommand.self)

    static func main() async {
        // Large buffers go back to the system when they are freed: what glibc keeps of them otherwise was measured at 100 MB
        // for an attachment of 100 MB to the tenant built in.
        mallopt(M_MMAP_THRESHOLD, 1 << 20)
        Terminal.occupyStandardStreams()
        await main(nil)
    }
}
