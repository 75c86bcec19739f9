import IngestCore

/// Finds the file that a call made whose answer was lost. Its name holds the digest of its content: whatever is called so in the
/// folder of the analysis is the same file.
struct FileSearch: Sendable {
    static let reason = "looking whether the file was made"
    private let client: BenchlingClient
    private let analysis: String, folder: String

    init(_ client: BenchlingClient, analysis: String, folder: String) {
        self.client = client
        self.analysis = analysis
        self.folder = folder
    }

    /// - Parameter waits: Seconds before each look.
    /// - Returns: The one that is attached, or the furthest; the others, which nothing leads to, are archived.
    func find(_ name: String, waits: [Double]) async throws -> StoredFile? {
        for wait in waits {
            if wait > 0 { try await client.pace.wait(wait, because: Self.reason) }
            let found = try await client.files(folder: folder, name: name).filter { $0.isLive(named: name) }
            guard let first = found.first else { continue }
            guard found.count > 1 else { return first }
            let attached = Set(try await client.analysis(analysis)?.files ?? [])
            let best =
                found.first { attached.contains($0.id) } ?? found.first { $0.status == .succeeded } ?? first
            let strays = found.map(\.id).filter { $0 != best.id && !attached.contains($0) }
            if !strays.isEmpty { try await client.archiveFiles(strays, reason: .madeInError) }
            return best
        }
        return nil
    }
}
