import Foundation

/// A folder to work in, with some files; gone when it is no longer used.
final class Workplace {
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

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

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

    /// Runs a line of shell here, in which `ingest` is the executable that was built together with the tests.
    func run(_ line: String, input: String = "") throws -> Outcome {
        try write(input, to: ".in")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "ingest() { \"$INGEST\" \"$@\"; }\n{ \(line)\n} <.in >.out 2>.err"]
        process.currentDirectoryURL = URL(fileURLWithPath: path)
        var environment = ProcessInfo.processInfo.environment
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "TMPDIR"] { environment[name] = nil }
        environment["INGEST"] = Workplace.executable
        process.environment = environment
        try process.run()
        process.waitUntilExit()
        defer { for name in [".in", ".out", ".err"] { _ = try? FileManager.default.removeItem(atPath: path + "/" + name) } }
        return Outcome(status: process.terminationStatus, output: try text(of: ".out"), told: try text(of: ".err"))
    }

    private static let executable: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("ingest").path
    }()
}
