import IngestCore
import IngestPipeline
import InstrumentAdapters

@main struct Ingest {
    static func main() async throws {
        for path in CommandLine.arguments.dropFirst() {
            let out = try await IngestRun(adapters: AdapterRoster.all).read(SourceOpener.open(path), into: JSONLinesSink(OutputFile(descriptor: 1)))
            for d in out.diagnostics { print("\(d.location): \(d.severity): \(d.message) [\(d.code)] \(d.hint ?? "")") }
            print(out.detection?.chosen.adapter.identity.name ?? "-", out.end as Any)
        }
    }
}
