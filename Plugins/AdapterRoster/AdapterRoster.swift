import Foundation
import PackagePlugin

/// Turns the files of the adapters' folders into `AdapterRoster.all`: the folder is the registration.
@main
struct AdapterRoster: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let module = target as? SwiftSourceModuleTarget else { return [] }
        let adapters = module.sourceFiles(withSuffix: "Adapter.swift").map(\.url)
        let roster = context.pluginWorkDirectoryURL.appending(path: "AdapterRoster.swift")
        return [
            .buildCommand(
                displayName: "Listing \(adapters.count) instrument adapters",
                executable: try context.tool(named: "write-adapter-roster").url,
                arguments: [roster.path()] + adapters.map { $0.path() },
                inputFiles: adapters, outputFiles: [roster])
        ]
    }
}
