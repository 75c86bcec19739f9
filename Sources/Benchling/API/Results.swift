import IngestCore

extension BenchlingClient {
    /// Makes results, all or none.
    /// - Returns: Their ids as the tenant has them, in the order of the request, in lower case.
    public func createResults(_ results: [NewRecord]) async throws -> [String] {
        try await create(results, "/assay-results", "assayResults")
    }

    /// - Returns: `nil` when the tenant knows none with this id.
    public func result(_ id: String) async throws -> StoredRecord? {
        try await ifKnown(.get("/assay-results/" + QueryText.step(id, in: "GET /assay-results")), StoredRecord.init)
    }

    /// The results with these ids, archived ones too, in no order; unknown ones are left out, whichever way the tenant says that
    /// they are.
    public func results(_ ids: [String]) async throws -> [StoredRecord] {
        let lookup = KnownOnes(most: 200) { ids in
            try await perform(.get("/assay-results:bulk-get", [("assayResultIds", ids)])) {
                try $0.list("assayResults").map(StoredRecord.init)
            }
        } othersWhere: { _, _ in
            []
        } key: {
            $0.id
        }
        return try await lookup.find(ids)
    }

    /// The results of a schema that belong to one of these runs. A new result may take a moment to show here.
    /// - Parameter archived: Whether archived ones are wanted too.
    public func results(schema: String, runs: [String], archived: Bool) async throws -> [StoredRecord] {
        var found: [StoredRecord] = []
        for batch in IDBatches.of(runs, most: 100) {
            var query = [(name: "schemaId", values: [schema]), (name: "assayRunIds", values: batch)]
            if archived { query.append(("archiveReason", ["ANY_ARCHIVED_OR_NOT_ARCHIVED"])) }
            found += try await all(.get("/assay-results", query), "assayResults", StoredRecord.init)
        }
        return found
    }

    /// The live results of a schema that were made since a moment. A new one may take a moment to show here.
    /// - Parameter since: RFC 3339.
    public func results(schema: String, createdSince since: String) async throws -> [StoredRecord] {
        try await all(
            .get("/assay-results", [("schemaId", [schema]), ("createdAt.gte", [since])]), "assayResults", StoredRecord.init)
    }

    public func archiveResults(_ ids: [String], reason: ArchiveReason) async throws {
        try await inBatches("/assay-results:archive", "assayResultIds", ids, reason)
    }

    public func unarchiveResults(_ ids: [String]) async throws {
        try await inBatches("/assay-results:unarchive", "assayResultIds", ids)
    }
}
