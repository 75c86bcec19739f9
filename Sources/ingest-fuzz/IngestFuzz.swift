import CFuzzDriver
import FuzzTargets
import Glibc

// ingest-fuzz list                                  the targets, a line each, with the length of their longest inputs
// ingest-fuzz seeds OUT CASES SAMPLES [CORPUS]      inputs to begin with and a dictionary for each target
// INGEST_FUZZ_TARGET=TARGET ingest-fuzz …            libFuzzer on one target, with its options; it calls itself, so the target is
//                                                    not among them
@main struct IngestFuzz {
    static func main() async throws {
        if let name = getenv("INGEST_FUZZ_TARGET").map({ String(cString: $0) }) {
            guard let target = FuzzTarget.all.first(where: { $0.name == name }) else { fatalError("there is no target \(name)") }
            FuzzLoop.run(target)
        }
        switch CommandLine.arguments.dropFirst().first {
        case "list":
            for target in FuzzTarget.all { print(target.name, target.longest) }
        case "seeds" where CommandLine.argc >= 5:
            try await FuzzSeeds(Array(CommandLine.arguments.dropFirst(2))).write()
        default: fatalError("ingest-fuzz list | seeds OUT CASES SAMPLES [CORPUS]")
        }
    }
}
