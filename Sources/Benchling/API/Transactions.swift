import IngestCore

/// Results that become visible together: nothing that is added shows before the commit.
extension BenchlingClient {
    /// - Returns: The id of an open transaction. An empty one that is left behind is harmless.
    public func beginTransaction() async throws -> String {
        try await perform(.post("/result-transactions", whenUnsure: .again)) { try $0.text("id").lowercased() }
    }

    /// Adds up to 100 results. After an outcome that is not known the transaction has to be aborted: the same results added
    /// again may be there twice.
    public func addResults(_ results: [NewRecord], to transaction: String) async throws {
        let path = try Self.path(of: transaction) + "/results"
        try await perform(creation(of: results, path, "assayResults")) { body in
            // Which ids are listed, of this call or of all so far, is not documented; that there are some is.
            _ = try body.list("assayResults")
        }
    }

    /// Makes the added results visible. When the outcome is not known, one of them tells.
    public func commit(_ transaction: String) async throws {
        try await perform(.post(Self.path(of: transaction) + ":commit", whenUnsure: .tell)) { _ in }
    }

    /// Discards what was added.
    /// - Returns: `false` when the transaction was no longer open: committed, or aborted before.
    @discardableResult
    public func abort(_ transaction: String) async throws -> Bool {
        do {
            try await perform(.post(Self.path(of: transaction) + ":abort", whenUnsure: .again)) { _ in }
            return true
        } catch let failure as BenchlingFailure where failure.isDocumented && [400, 404].contains(failure.status) {
            return false
        }
    }

    private static func path(of transaction: String) throws -> String {
        "/result-transactions/" + (try QueryText.step(transaction, in: "POST /result-transactions"))
    }
}
