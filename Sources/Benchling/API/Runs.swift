public import IngestCore

extension BenchlingClient {
    /// The most runs or results of one call.
    public static let mostRecords = 100

    /// Makes runs, all or none.
    /// - Returns: Their ids as the tenant has them, in the order of the request, in lower case.
    public func createRuns(_ runs: [NewRecord]) async throws -> [String] {
        try await create(runs, "/assay-runs", "assayRuns")
    }

    /// - Parameter isNew: Whether nobody is known to have made it: then a 400 or a 404 says that it is not there, whatever its
    ///   body. Of one that was there before, only the tenant's own words do.
    /// - Returns: `nil` when the tenant knows none with this id.
    public func run(_ id: String, isNew: Bool = false) async throws -> StoredRecord? {
        do {
            return try await ifKnown(.get("/assay-runs/" + QueryText.step(id, in: "GET /assay-runs")), StoredRecord.init)
        } catch let failure as BenchlingFailure where isNew && failure.kind == .refused && [400, 404].contains(failure.status) {
            return nil
        }
    }

    /// The runs of a schema, archived ones too.
    /// - Parameters:
    ///   - createdFrom: Unix seconds; `nil` for any.
    ///   - createdTo: Unix seconds; `nil` for any.
    public func runs(schema: String, createdFrom: Int?, createdTo: Int?) async throws -> [StoredRecord] {
        var query = [(name: "schemaId", values: [schema])]
        if let createdFrom { query.append(("minCreatedTime", ["\(createdFrom)"])) }
        if let createdTo { query.append(("maxCreatedTime", ["\(createdTo)"])) }
        return try await all(.get("/assay-runs", query), "assayRuns", StoredRecord.init)
    }

    /// Changes the named fields of a run and no others.
    public func updateRun(_ id: String, fields: [String: JSONValue]) async throws -> StoredRecord {
        let path = "/assay-runs/" + (try QueryText.step(id, in: "PATCH /assay-runs"))
        let body: JSONValue = ["fields": .object(fields.mapValues { ["value": $0] })]
        return try await perform(.patch(path, body, whenUnsure: .again), StoredRecord.init)
    }

    public func archiveRuns(_ ids: [String], reason: ArchiveReason) async throws {
        try await inBatches("/assay-runs:archive", "assayRunIds", ids, reason)
    }

    public func unarchiveRuns(_ ids: [String]) async throws {
        try await inBatches("/assay-runs:unarchive", "assayRunIds", ids)
    }

    func create(_ records: [NewRecord], _ path: String, _ key: String) async throws -> [String] {
        try await perform(creation(of: records, path, key)) { try $0.ids(key, count: records.count) }
    }

    func creation(of records: [NewRecord], _ path: String, _ key: String) throws -> Call {
        guard (1...Self.mostRecords).contains(records.count) else {
            throw BenchlingFailure(
                .refused, call: "POST \(path)",
                message: "\(records.count) records in one call, which takes 1 to \(Self.mostRecords); nothing was sent")
        }
        return try .post(path, [key: .array(records.map(\.body))], whenUnsure: .tell)
    }

    /// Calls that lead to the same end state however often they are made.
    func inBatches(_ path: String, _ key: String, _ ids: [String], _ reason: ArchiveReason? = nil) async throws {
        for start in stride(from: 0, to: ids.count, by: Self.mostRecords) {
            let batch = ids[start..<min(start + Self.mostRecords, ids.count)]
            var body: [String: JSONValue] = [key: .array(batch.map { .string($0) })]
            if let reason { body["reason"] = .string(reason.rawValue) }
            try await perform(.post(path, .object(body), whenUnsure: .again)) { _ in }
        }
    }
}

extension NewRecord {
    /// Schemas of requests are closed: nothing else may stand in one.
    var body: JSONValue {
        [
            "id": .string(id), "schemaId": .string(schema), "projectId": .string(project),
            "fields": .object(fields.mapValues { ["value": $0] }),
        ]
    }
}

extension StoredRecord {
    init(_ record: JSONValue) throws {
        let values = (record["fields"]?.members ?? [:]).compactMapValues { field in
            field["value"].flatMap { $0.isNull ? nil : $0 }
        }
        self.init(
            id: try record.text("id").lowercased(), schema: record["schema"]?["id"]?.string ?? "",
            project: record["projectId"]?.string, fields: values, createdAt: record["createdAt"]?.string,
            archived: record.isArchived ? record["archiveRecord"]?["reason"]?.string ?? "no reason given" : nil,
            entry: record["entryId"]?.string)
    }
}
