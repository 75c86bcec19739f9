import BenchlingSandbox
import Foundation
import Publishing
import Synchronization

/// A folder with an `ingest.yaml` that names a served tenant, and files to publish; gone when it is no longer used.
final class CommandPlace: Sendable {
    let folder: String
    private let key: String

    struct Outcome: Sendable {
        var status: Int32
        var wasKilled: Bool
        var output: String, told: String
    }

    init(_ sandbox: Sandbox, at origin: String) throws {
        folder = FileManager.default.temporaryDirectory.path + "/commands-" + UUID().uuidString
        key = sandbox.credentials.apiKey
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write(CommandPlace.configuration.replacing("ORIGIN", with: origin), to: "ingest.yaml")
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: folder) }  // Best effort: it is below the temporary folder.

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    /// A table of peaks whose areas begin at a number.
    /// - Returns: The areas.
    func writeTable(_ name: String, count: Int, from first: Int) throws -> [Int] {
        let areas = (0..<count).map { first + $0 }
        let rows = areas.map { "S-00\(31 + $0 % 4),caffeine,4.5,\($0)\n" }
        try write("Sample ID,Compound,RT [min],Area [mAU*s]\n" + rows.joined(), to: name)
        return areas
    }

    var home: String { folder + "/home" }

    func ledger() throws -> SQLiteLedger { try SQLiteLedger(folder: home) }

    /// Runs `ingest` here, or another executable that was built with the tests.
    /// - Parameter started: Told the process id.
    func run(
        _ arguments: [String], executable: String = "ingest", environment more: [String: String] = [:],
        started: (pid_t) -> Void = { _ in }
    ) async throws -> Outcome {
        let mark = UUID().uuidString
        let (output, told) = (folder + "/\(mark).out", folder + "/\(mark).err")
        for path in [output, told] { try Data().write(to: URL(fileURLWithPath: path)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandPlace.built + "/" + executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        var environment = ProcessInfo.processInfo.environment.merging(more) { $1 }
        environment["INGEST_HOME"] = home
        environment["PROOF_KEY"] = key
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: told))
        // Waiting must not block a thread that the tenant in this process may need.
        let (ends, end) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in end.finish() }
        try process.run()
        started(process.processIdentifier)
        for await _ in ends {}
        defer { for path in [output, told] { unlink(path) } }
        return Outcome(
            status: process.terminationStatus,
            wasKilled: process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL,
            output: try String(contentsOfFile: output, encoding: .utf8), told: try String(contentsOfFile: told, encoding: .utf8))
    }

    /// Where the tests, the executable and the kill switch were built.
    static let built: String = {
        // The test runner itself, or where it is no link the path it was started by.
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().path
    }()

    private static let configuration = """
        destinations:
          proof:
            url: ORIGIN
            credentials: {key-from: PROOF_KEY}
            project: Analytical Development
            registry: Sandbox Registry
        publish:
          - for: lc
            run:
              schema: Chromatography Run
              fields:
                source_sha256: file.sha256
            results:
              - of: [peak, compound, sample]
                schema: Chromatography Result
                fields:
                  run: $run
                  sample: entity(sample.id) if known
                  sample_name: sample.name or sample.id
                  analyte: analyte.name
                  retention_time: retentionTime in min
                  peak_area: value(area)
                  chromatogram_file: blob(source)
        """
}
