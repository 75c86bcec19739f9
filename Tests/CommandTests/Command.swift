import Foundation

/// A folder to work in, with some files; gone when it is no longer used. What the command keeps (ledger, local tenant) and
/// what it would find of a person's configuration are folders inside.
final class Workplace: Sendable {
    let path: String

    static let table = "Sample,RT (min),Area\nA,1.0,2\nB,2.5,3.25\n"
    /// What most tests read: sound, with a row that is garbled, and no file at all.
    static let usual = [
        "whole.csv": table, "garbled.csv": table.replacing("3.25", with: "3.2S"), "damaged.csv": table + "\0",
        "picture.csv": "\u{89}PNG\r\n\u{1A}\n",
    ]

    init(_ files: [String: String] = usual) throws {
        path = FileManager.default.temporaryDirectory.path + "/ingest-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    }

    func text(of name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

    /// The files here; `.home`, where the command keeps its state, is not among them.
    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).filter { $0 != Self.home }.sorted() }
    }

    private static let home = ".home"

    struct Outcome {
        var status: Int32
        var output: String
        var told: String

        /// The lines of standard output as JSON objects.
        var objects: [[String: Any]] {
            get throws {
                try output.split(separator: "\n").compactMap {
                    try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
                }
            }
        }
    }

    /// Runs a line of shell here, in which `ingest` is the executable that was built together with the tests. Two lines at
    /// once do not disturb each other.
    func run(_ line: String, input: String = "", environment more: [String: String] = [:]) async throws -> Outcome {
        let streams = FileManager.default.temporaryDirectory.path + "/ingest-streams-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: streams, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(atPath: streams) }
        try Data(input.utf8).write(to: URL(fileURLWithPath: streams + "/in"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [
            "-c", "ingest() { \"$INGEST\" \"$@\"; }\n{ \(line)\n} <\"$STREAMS/in\" >\"$STREAMS/out\" 2>\"$STREAMS/err\"",
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: path)
        var environment = ProcessInfo.processInfo.environment
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "TMPDIR"] { environment[name] = nil }
        environment["INGEST"] = Workplace.executable
        environment["INGEST_HOME"] = path + "/" + Self.home
        environment["XDG_CONFIG_HOME"] = path + "/.config"
        environment["STREAMS"] = streams
        process.environment = environment.merging(more) { $1 }
        await Turnstile.commands.enter()
        // Waiting must not keep a thread from a tenant that is served by this process.
        let status = try await withCheckedThrowingContinuation { waiting in
            process.terminationHandler = { waiting.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { waiting.resume(throwing: error) }
        }
        await Turnstile.commands.leave()
        func text(_ name: String) throws -> String { try String(contentsOfFile: streams + "/" + name, encoding: .utf8) }
        return Outcome(status: status, output: try text("out"), told: try text("err"))
    }

    static let executable: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("ingest").path
    }()
}

/// Lets a few in at a time: all tests at once would mostly wait for each other, and their commands for the tenants.
private actor Turnstile {
    static let commands = Turnstile(8)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ width: Int) { free = width }

    func enter() async {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
