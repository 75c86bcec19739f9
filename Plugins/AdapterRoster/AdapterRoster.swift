import Foundation
import PackagePlugin

/// Turns the files of the adapters' folders into `AdapterRoster`: the folder is the registration, the comment above the
/// type its documentation, and the first sample of its name its sample. An adapter that has no `init()`, because it is made
/// with something that a person says, is not listed.
@main
struct AdapterRoster: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let module = target as? SwiftSourceModuleTarget else { return [] }
        let adapters = module.sourceFiles(withSuffix: "Adapter.swift").map(\.url)
        let samples = context.package.directoryURL.appending(path: "Samples")
        let roster = context.pluginWorkDirectoryURL.appending(path: "AdapterRoster.swift")
        return [
            .buildCommand(
                displayName: "Listing \(adapters.count) instrument adapters",
                executable: try context.tool(named: "write-adapter-roster").url,
                arguments: [roster.path(), samples.path()] + adapters.map { $0.path() },
                inputFiles: adapters + inputs(in: samples), outputFiles: [roster])
        ]
    }

    private func inputs(in samples: URL) -> [URL] {
        guard let files = FileManager.default.enumerator(at: samples, includingPropertiesForKeys: nil) else { return [] }
        return files.compactMap { $0 as? URL }.filter { $0.lastPathComponent.hasPrefix("input") && !$0.hasDirectoryPath }
    }
}
