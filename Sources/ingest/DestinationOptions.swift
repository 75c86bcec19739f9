import ArgumentParser

/// Where results go, on every command that talks to a destination.
struct DestinationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A destination of ingest.yaml, local (the tenant built in), or none.", valueName: "dest"))
    var to: String?

    @Option(help: ArgumentHelp("The configuration, instead of the ingest.yaml that is found.", valueName: "file"))
    var config: String?
}

/// How results are published.
struct PublishingOptions: ParsableArguments {
    @OptionGroup var destination: DestinationOptions

    @ArgumentParser.Flag(name: .customLong("dry-run"), help: "Do everything but write: print the plan, a line for each thing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Save the plan, and publish nothing yet.", valueName: "file"))
    var plan: String?

    @ArgumentParser.Flag(help: "Publish anew what is published already, and archive what stands.")
    var again = false

    @ArgumentParser.Flag(
        name: .customLong("new-run"), help: "Publish beside what looks like an earlier version of the same run.")
    var newRun = false

    @ArgumentParser.Flag(
        name: .customLong("accept-unknown"), help: "Publish a file that cannot prove that it is complete.")
    var acceptUnknown = false

    @ArgumentParser.Flag(help: "Answer yes to what a terminal would ask.")
    var yes = false

    @ArgumentParser.Flag(help: "One JSON object a file on standard output.")
    var json = false

    var publishes: Bool { !dryRun && plan == nil }
}
