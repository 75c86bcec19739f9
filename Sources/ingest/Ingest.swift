import ArgumentParser

@main
struct Ingest: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Gets what laboratory instruments measure into Benchling, whole, right and once.",
        discussion: """
            ingest --adapter lc run.csv           recognise, read, check and show a file
            ingest read run.csv -o run.jsonl      its records, for scripts
            ingest detect run.csv                 which format it is, and why
            ingest adapters                       what can be read

            Exit status: 0 everything read; 1 read, but rows were left out; 2 nothing usable; 64 wrong usage.
            """,
        version: version,
        subcommands: [RunCommand.self, ReadCommand.self, DetectCommand.self, AdaptersCommand.self],
        defaultSubcommand: RunCommand.self)

    static func main() async {
        Terminal.occupyStandardStreams()
        await main(nil)
    }
}
