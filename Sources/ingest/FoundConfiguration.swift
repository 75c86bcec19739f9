import Benchling
import Foundation
import IngestCore
import InstrumentAdapters

extension IngestConfiguration {
    /// The configuration that counts here; each mapping is for an adapter there is.
    /// - Parameter path: What `--config` names.
    /// - Throws: ``ConfigurationFaults``, all there are.
    static func found(
        _ path: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationFaults) -> IngestConfiguration {
        let configuration = try IngestConfiguration.load(
            path: path, directory: FileManager.default.currentDirectoryPath, environment: environment)
        let names = Set(AdapterRoster.all.flatMap { [$0.identity.name, $0.identity.family] })
        // A name that is like none of ours may be that of an adapter from elsewhere.
        let faults = configuration.publish.compactMap { entry -> Diagnostic? in
            guard !names.contains(entry.adapter), let near = NearestName.of(entry.adapter, among: names) else { return nil }
            return Diagnostic(
                "configuration.unknown-adapter", "there is no family or format \"\(entry.adapter)\"", at: entry.place,
                hint: "did you mean \(near)? ingest adapters lists them")
        }
        guard faults.isEmpty else { throw ConfigurationFaults(faults) }
        return configuration
    }
}
