import FoundationEssentials
public import IngestCore
import IngestPipeline

/// The samples of adapters with what they are read as: `Samples/<adapter>/<case>/{input.*, records.jsonl, diagnostics.txt}`.
///
/// A case that only reads with something given has it in `options.txt`, an option of the command a line: `--element Peak`,
/// `--missing n.d.`.
public enum GoldenSamples {
    public struct Case: Sendable, CustomStringConvertible {
        public let adapter: String
        public let name: String
        /// The folder of the case.
        public let folder: String
        /// The file or folder `input.*` in it.
        public let input: String
        /// What `options.txt` gives.
        public let given: GivenAssumptions

        public var description: String { adapter + "/" + name }
    }

    /// All cases below `samples`, the folder of an adapter for each.
    public static func cases(in samples: String) -> [Case] {
        let manager = FileManager.default
        // What is no folder has nothing in it.
        func entries(_ path: String) -> [String] { ((try? manager.contentsOfDirectory(atPath: path)) ?? []).sorted() }
        var cases: [Case] = []
        for adapter in entries(samples) {
            for name in entries(samples + "/" + adapter) {
                let folder = samples + "/" + adapter + "/" + name
                guard let input = entries(folder).first(where: { $0.hasPrefix("input.") || $0 == "input" }) else { continue }
                cases.append(
                    Case(adapter: adapter, name: name, folder: folder, input: folder + "/" + input, given: given(in: folder)))
            }
        }
        return cases
    }

    static func given(in folder: String) -> GivenAssumptions {
        var given = GivenAssumptions()
        // Most cases have none.
        let options = (try? String(contentsOfFile: folder + "/options.txt", encoding: .utf8)) ?? ""
        for line in options.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map { $0.trimmed }
            switch words.first {
            case "--element" where words.count == 2: given.element = words[1]
            case "--missing" where words.count == 2: given.missing.append(words[1])
            default: preconditionFailure("\(folder)/options.txt: \"\(line)\" is no option that a case may give")
            }
        }
        return given
    }

    /// How a case compares with what is recorded; `nil` when it is the same.
    ///
    /// A case without a record is recorded, which is told as a difference: look at what was recorded, number by number,
    /// before the next run. With `INGEST_RECORD=1` a record that differs is written anew, but not when fields would be
    /// lost; `INGEST_RECORD=drop` allows that too.
    public static func difference(_ golden: Case, adapters: [any InstrumentAdapter]) async throws -> String? {
        let reading = try await IngestRun(
            adapters: adapters, wish: wish(golden.adapter, adapters), given: golden.given
        )
        .reading(SourceOpener.open(golden.input))
        let told = reading.diagnostics.map(text).joined()
        var messages: [String] = []
        for (file, now) in [("records.jsonl", reading.lines), ("diagnostics.txt", told)] {
            let path = golden.folder + "/" + file
            // A record that cannot be read is recorded anew, which is told.
            guard let recorded = try? String(contentsOfFile: path, encoding: .utf8) else {
                try now.write(toFile: path, atomically: true, encoding: .utf8)
                messages.append("\(file) was not there and is recorded now; look at it, number by number, and run again")
                continue
            }
            guard recorded != now else { continue }
            messages.append("\(file) differs: \(firstDifference(recorded, now))")
            try record(now, over: recorded, path, &messages)
        }
        return messages.isEmpty ? nil : messages.joined(separator: "\n")
    }

    private static func wish(_ name: String, _ adapters: [any InstrumentAdapter]) -> Detection.Wish {
        adapters.contains { $0.identity.name == name } ? .anything : .family(name)
    }

    private static func record(_ now: String, over recorded: String, _ path: String, _ messages: inout [String]) throws {
        let wish = ProcessInfo.processInfo.environment["INGEST_RECORD"]
        guard wish == "1" || wish == "drop" else { return }
        let lost = path.hasSuffix(".jsonl") ? keys(recorded).subtracting(keys(now)) : []
        if !lost.isEmpty, wish != "drop" {
            messages.append(
                "not recorded anew, it would lose \(lost.sorted().joined(separator: ", ")); INGEST_RECORD=drop insists")
            return
        }
        try now.write(toFile: path, atomically: true, encoding: .utf8)
        messages.append("recorded anew")
    }

    private static func keys(_ lines: String) -> Set<String> {
        var keys: Set<String> = []
        for part in lines.split(separator: "\":") {
            if let start = part.lastIndex(of: "\"") { keys.insert(String(part[part.index(after: start)...])) }
        }
        return keys
    }

    /// A diagnostic as `diagnostics.txt` has it: place, severity, code, message, and the hint on a line of its own.
    public static func text(_ diagnostic: Diagnostic) -> String {
        "\(diagnostic.location): \(diagnostic.severity.rawValue): \(diagnostic.message) [\(diagnostic.code)]\n"
            + (diagnostic.hint.map { "    \($0)\n" } ?? "")
    }

    private static func firstDifference(_ old: String, _ new: String) -> String {
        let before = old.split(separator: "\n", omittingEmptySubsequences: false)
        let after = new.split(separator: "\n", omittingEmptySubsequences: false)
        for index in 0..<max(before.count, after.count) {
            let was = index < before.count ? before[index] : "(no line)", `is` = index < after.count ? after[index] : "(no line)"
            if was != `is` { return "line \(index + 1)\n  recorded: \(was.prefix(1500))\n  now:      \(`is`.prefix(1500))" }
        }
        return "line ends"
    }
}
