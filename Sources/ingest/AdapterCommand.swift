import ArgumentParser

/// What authors of adapters need.
struct AdapterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adapter", abstract: "The proof kit, for an adapter under work.", subcommands: [AdapterTestCommand.self])
}
