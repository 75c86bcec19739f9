import BenchlingSandbox
import IngestCore
import Publishing

/// What is wrong with a tenant in which certain files are to be live, each once, and nothing else.
struct Findings: Sendable, CustomStringConvertible {
    var duplicates = 0, losses = 0
    /// Runs without results, results without their run, transactions with results that are still open, links to blobs that
    /// are not complete, effects and publications that the ledger has not closed.
    var orphans = 0
    /// Uploads that nothing links to, and empty transactions: their ids came with an answer that was lost.
    var unreachable = 0

    init() {}

    init(_ laboratory: Laboratory, live series: [Series]) throws {
        try self.init(laboratory.sandbox, live: series.map(\.areas))
        for series in series {
            orphans += try Findings.unclosed(try laboratory.publication(of: series), try laboratory.ledger())
        }
    }

    /// - Parameter files: The areas of the results of each file that is to be live.
    init(_ sandbox: Sandbox, live files: [[Int]]) throws {
        let runs = Set(try sandbox.runs().filter { $0.archived == nil }.map(\.id))
        let all = try sandbox.results()
        let results = all.filter { $0.archived == nil }
        var wanted = files.joined().reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
        for result in results { wanted[result.fields["peak_area"]?.int ?? -1, default: 0] -= 1 }
        losses = wanted.values.filter { $0 > 0 }.reduce(0, +) + max(0, files.count - runs.count)
        duplicates = -wanted.values.filter { $0 < 0 }.reduce(0, +) + max(0, runs.count - files.count)
        let used = Set(results.compactMap { $0.fields["run"]?.string })
        orphans = runs.subtracting(used).count + used.subtracting(runs).count
        let census = try sandbox.census()
        let linked = Set(results.compactMap { $0.fields["chromatogram_file"]?.string })
        orphans += linked.count - (census.completeBlobs - census.unlinkedBlobs.count)
        orphans += results.count { $0.fields["chromatogram_file"]?.string == nil }
        orphans += census.pendingResults
        let everLinked = Set(all.compactMap { $0.fields["chromatogram_file"]?.string })
        unreachable = census.openBlobs + census.openTransactions + Set(census.unlinkedBlobs).subtracting(everLinked).count
    }

    /// A publication that is not done, and effects that are still open.
    static func unclosed(_ publication: Publication?, _ ledger: some Ledger) throws -> Int {
        guard let publication, publication.state == .done else { return 1 }
        return try ledger.openEffects(of: publication.id).count
    }

    var isClean: Bool { duplicates == 0 && losses == 0 && orphans == 0 }

    mutating func add(_ other: Findings) {
        duplicates += other.duplicates
        losses += other.losses
        orphans += other.orphans
        unreachable += other.unreachable
    }

    var description: String {
        "duplicates \(duplicates), losses \(losses), orphans \(orphans) (unreachable uploads and empty transactions \(unreachable))"
    }
}
