import GRDB
import IngestCore

/// Analyses, and the datasets that file a data frame in a folder.
enum AnalysisRoutes {
    static let all: [Route] = [
        Route("GET", "/analyses/{analysis_id}", base: "/api/v2-beta", query: ["returning"]) { call in
            Answer(try await call.store.pool.read { try analysis(call.id("analysis_id"), $0) })
        },
        Route("PATCH", "/analyses/{analysis_id}", base: "/api/v2-beta", answer: append),
        Route("POST", "/datasets", answer: createDataset),
        Route("GET", "/datasets", query: FileRoutes.listParameters) { call in
            try FileRoutes.listed(try await call.store.pool.read { try datasets($0) }, "datasets", call)
        },
        Route("GET", "/datasets/{dataset_id}") { call in
            let id = call.id("dataset_id")
            let found = try await call.store.pool.read { db in try datasets(db).first { $0["id"]?.string == id } }
            guard let found else { throw Refusal.unknown("dataset", id) }
            return Answer(found)
        },
    ]

    static func analysis(_ id: String, _ db: Database) throws -> JSONValue {
        guard let folder = try String.fetchOne(db, sql: "SELECT folder FROM analysis WHERE id = ?", arguments: [id]) else {
            throw Refusal.notFound(id)
        }
        func items(_ kind: String) throws -> JSONValue {
            .array(
                try String.fetchAll(
                    db, sql: "SELECT item FROM analysis_item WHERE analysis = ? AND kind = ? ORDER BY place",
                    arguments: [id, kind]
                ).map(JSONValue.string))
        }
        return [
            "id": .string(id), "folderId": .string(folder), "dataFrameIds": try items("dataFrame"), "fileIds": try items("file"),
        ]
    }

    /// Adds to what is there.
    @Sendable private static func append(_ call: Call) async throws -> Answer {
        let ids = BodyShape.Member.optional(.array(.string()))
        let body = try call.json(.object(["dataFrameIds": ids, "fileIds": ids]))
        let id = call.id("analysis_id")
        return try await call.store.pool.write { db in
            _ = try analysis(id, db)
            for item in (body["dataFrameIds"]?.elements ?? []).compactMap(\.string) {
                guard let frame = try DataFrames(db).find(item) else { throw Refusal.unknown("data frame", item) }
                if frame.status != "SUCCEEDED" { throw Refusal.bad("The upload of \(item) is \(frame.status), not SUCCEEDED") }
                try attach(item, "dataFrame", to: id, call.options, db)
            }
            for item in (body["fileIds"]?.elements ?? []).compactMap(\.string) {
                guard let file = try Files(db).find(item) else { throw Refusal.unknown("file", item) }
                if file["uploadStatus"] != "SUCCEEDED" { throw Refusal.bad("The upload of \(item) has not succeeded") }
                try attach(item, "file", to: id, call.options, db)
            }
            return Answer(try analysis(id, db))
        }
    }

    private static func attach(
        _ item: String, _ kind: String, to analysis: String, _ options: SandboxOptions, _ db: Database
    ) throws {
        let count = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM analysis_item WHERE analysis = ? AND kind = ? AND item = ?",
            arguments: [analysis, kind, item])
        guard count == 0 else {
            if options.attachedTwice == .ignored { return }
            throw Refusal.bad("\(item) is attached to \(analysis) already")
        }
        try db.execute(
            sql: "INSERT INTO analysis_item (analysis, kind, item, attached) VALUES (?, ?, ?, ?)",
            arguments: [analysis, kind, item, Instant.now().microseconds])
    }

    @Sendable private static func createDataset(_ call: Call) async throws -> Answer {
        let body = try call.json(
            .object([
                "name": .required(.string()), "dataFrameId": .required(.string()), "folderId": .required(.string()),
                "customFields": .optional(.map(.object(["value": .required(.string())]))),
                "study_ids": .optional(.nullable(.array(.string()))),
            ]))
        return try await call.store.pool.write { db in
            let folder = try FileRoutes.expectFolder(body, db)
            let frame = body["dataFrameId"]?.string ?? ""
            guard try DataFrames(db).find(frame)?.status == "SUCCEEDED" else {
                throw Refusal.bad("\(frame) is no data frame whose upload has succeeded")
            }
            let id = Identifier.prefixed("dataset_")
            try db.execute(
                sql: "INSERT INTO dataset (id, name, folder, frame, custom, creator, created) VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    id, body["name"]?.string, folder, frame, try body["customFields"].map(JSONText.text), call.caller.rawValue,
                    Instant.now().microseconds,
                ])
            return Answer(try datasets(db).first { $0["id"]?.string == id } ?? .null)
        }
    }

    private static func datasets(_ db: Database) throws -> [JSONValue] {
        try Row.fetchAll(db, sql: "SELECT * FROM dataset ORDER BY place").map { row in
            let created = JSONValue.string(Instant(microseconds: row["created"]).text)
            return [
                "id": .string(row["id"]), "name": .string(row["name"]), "folderId": .string(row["folder"]),
                "dataFrameId": .string(row["frame"]), "displayId": .string("DS\(row["place"] as Int)"),
                "customFields": try (row["custom"] as String?).map(JSONText.value) ?? [:],
                "creator": Caller(stored: row["creator"]).summary, "createdAt": created, "modifiedAt": created,
                "archiveRecord": .null,
            ]
        }
    }
}
