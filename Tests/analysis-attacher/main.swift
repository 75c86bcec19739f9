import Benchling
import Foundation
import IngestCore
import Publishing

// analysis-attacher ORIGIN   the round trip of an analysis in a process of its own, which tests end with SIGKILL
//
// PROOF_KEY and STEP_KEY open the tenant, INGEST_HOME is where the ledger is. The status is that of a command: 0 attached,
// 2 refused, 3 unfinished, 4 nothing to do.

/// Time twenty times as fast, for waits that nobody has to see.
let start = ContinuousClock.now
let pace = Pace(
    now: { (ContinuousClock.now - start) / .seconds(1) * 20 }, wallClock: { Date.now.timeIntervalSince1970 },
    sleep: { try await Task.sleep(for: .seconds($0 / 20)) })

func write(_ text: String, _ name: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/attacher-\(getpid())-\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
}

func attach(_ environment: [String: String]) async throws -> Int {
    let key = try StepKey(environment["STEP_KEY"] ?? "")
    let client = BenchlingClient(
        address: try TenantAddress(CommandLine.arguments[1]), credentials: .apiKey(environment["PROOF_KEY"] ?? ""), pace: pace)
    let tenant = try AnalysisTenant(key, client: client, identity: "proof", destination: "proof")
    let ledger = try SQLiteLedger(folder: SQLiteLedger.home(environment: environment))
    let frame = try await AnalysisInput(key, tenant: tenant, ledger: ledger).fetch(nil) { $0.columns.isEmpty ? "none" : nil }
    let hold = try await ledger.hold(tenant: "proof", sha256: frame.sha256) { _ in }
    defer { hold.release() }
    let publisher = AnalysisPublisher(
        tenant: tenant, ledger: ledger, settings: .init(tool: "proof", toolVersion: 1, ingestVersion: "proof"))
    let table = AnalysisOutput(name: "IC50", fileName: "ic50.csv", path: try write("IC50\n\(frame.bytes)\n", "table.csv"))
    let page = AnalysisOutput(name: "IC50 plot", fileName: "ic50.html", path: try write("<p>\(frame.bytes)", "page.html"))
    defer { for output in [table, page] { unlink(output.path) } }
    let plan = try await publisher.plan(.init(frame, settings: "LL.4", dataFrames: [table], files: [page]))
    return try await publisher.carryOut(plan, ledger: ledger).status
}

do {
    exit(Int32(try await attach(ProcessInfo.processInfo.environment)))
} catch let stopped as PublishingStopped {
    print(stopped.diagnostics.map(\.message))
    exit(stopped.isUnfinished ? 3 : 2)
} catch {
    print(error)
    exit(3)
}
