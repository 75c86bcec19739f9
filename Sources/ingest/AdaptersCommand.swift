import ArgumentParser
import IngestCore
import InstrumentAdapters

struct AdaptersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adapters", abstract: "Lists the families and formats there are; one in detail, with a sample.")

    @Argument(help: "A family or a format.")
    var name: String?

    @ArgumentParser.Flag(help: "One JSON object a format.")
    var json = false

    @OptionGroup var telling: TellingOptions

    func run() throws {
        let all = AdapterRoster.all.sorted { $0.identity.name < $1.identity.name }
        let chosen = name.map { wished in all.filter { $0.identity.name == wished || $0.identity.family == wished } } ?? all
        guard !chosen.isEmpty else {
            let near = NearestName.of(name ?? "", among: all.map(\.identity.name) + all.map(\.identity.family))
            throw ValidationError("there is no adapter \(name ?? "")" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        if json {
            for adapter in chosen { Terminal.give(line(adapter.identity)) }
        } else if let name, chosen.count == 1 || chosen[0].identity.name == name {
            Terminal.give(detail(chosen[0]))
        } else {
            Terminal.give(list(chosen))
        }
    }

    private func list(_ adapters: [any InstrumentAdapter]) -> String {
        let width = adapters.map(\.identity.name.count).max() ?? 0
        var text = ""
        var family = ""
        for identity in adapters.map(\.identity) {
            if identity.family != family {
                family = identity.family
                text += (text.isEmpty ? "" : "\n") + "\(family)\n"
            }
            text += "  \(identity.name.padded(to: width))  \(identity.instrument)\n"
        }
        return text + "\ningest adapters NAME shows one in detail.\n"
    }

    private func detail(_ adapter: any InstrumentAdapter) -> String {
        let identity = adapter.identity
        var text = "\(identity.name), version \(identity.version): \(identity.instrument)\n\n"
        if let documentation = AdapterRoster.documentation[String(describing: type(of: adapter))] { text += documentation + "\n" }
        if let sample = AdapterRoster.samples[identity.name] {
            text += "A sample (\(sample.name)):\n\n"
            text += sample.lines.map { "    \(RunReport.printable($0))\n" }.joined()
        }
        return text
    }

    private func line(_ identity: AdapterIdentity) -> String {
        let out = LineBuffer(capacity: 512)
        out.raw("{\"name\":")
        out.string(identity.name)
        out.raw(",\"family\":")
        out.string(identity.family)
        out.raw(",\"version\":")
        out.integer(identity.version)
        out.raw(",\"instrument\":")
        out.string(identity.instrument)
        out.raw("}\n")
        return String(decoding: out.bytes, as: UTF8.self)
    }
}
