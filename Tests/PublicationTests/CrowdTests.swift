import BenchlingSandbox
import Publishing
import Testing

/// Several processes at once, with one ledger.
@Suite(.serialized) struct CrowdTests {
    private static func command(_ file: String) -> [String] {
        ["run", "--to", "proof", "--json", "--quiet", "--accept-unknown", "--yes", file]
    }

    @Test(arguments: [TenantKind.keeping, .ignoring], [2, 8])
    func `processes that publish one file publish it once, and all say so`(kind: TenantKind, processes: Int) async throws {
        let sandbox = try Sandbox.temporary(options: kind.options)
        let place = try CommandPlace(sandbox, at: try await sandbox.start())
        let areas = try place.writeTable("peaks.csv", count: 12, from: 1000)
        let statuses = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<processes { group.addTask { try await place.run(Self.command("peaks.csv")).status } }
            return try await group.reduce(into: [Int32]()) { $0.append($1) }
        }
        #expect(statuses.sorted() == [0] + Array(repeating: 4, count: processes - 1))
        let findings = try Findings(sandbox, live: [areas])
        #expect(findings.isClean && findings.unreachable == 0, "\(findings)")
        await sandbox.stop()
    }

    @Test(arguments: [TenantKind.keeping, .ignoring], [2, 8])
    func `processes that publish different files publish each once`(kind: TenantKind, processes: Int) async throws {
        let sandbox = try Sandbox.temporary(options: kind.options)
        let place = try CommandPlace(sandbox, at: try await sandbox.start())
        let files = try (1...processes).map { try place.writeTable("peaks\($0).csv", count: 5 + $0, from: $0 * 1000) }
        let outcomes = try await withThrowingTaskGroup(of: CommandPlace.Outcome.self) { group in
            for number in 1...processes { group.addTask { try await place.run(Self.command("peaks\(number).csv")) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0.status == 0 }, "\(outcomes.map(\.told))")
        var findings = try Findings(sandbox, live: files)
        let ledger = try place.ledger()
        for publication in try ledger.publications(PublicationQuery()) {
            findings.orphans += try Findings.unclosed(publication, ledger)
        }
        #expect(findings.isClean && findings.unreachable == 0, "\(findings)")
        await sandbox.stop()
    }
}
