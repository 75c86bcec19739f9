import GRDB
import IngestCore

/// Data frames, and the tasks that tell how their validation went.
enum DataFrameRoutes {
    static let all: [Route] =
        ["/api/v2", "/api/v2-beta"].flatMap { base in
            [
                Route("POST", "/data-frames", base: base) { call in try await create(call, columns: base == "/api/v2-beta") },
                Route("GET", "/data-frames/{data_frame_id}", base: base, query: ["returning", "rowDataFormat"], answer: show),
                Route("PATCH", "/data-frames/{data_frame_id}", base: base, answer: change),
            ]
        } + [
            Route("GET", "/tasks/{task_id}") { call in
                let id = call.id("task_id")
                let task = try await call.store.pool.read { try Tasks($0).find(id, lifetime: call.options.taskLifetime) }
                guard let task else { throw Refusal.notFound(id) }
                return Answer(task)
            }
        ]

    private static func create(_ call: Call, columns: Bool) async throws -> Answer {
        let file = BodyShape.object(["fileName": .required(.string())])
        var members: [String: BodyShape.Member] = ["name": .required(.string()), "manifest": .required(.array(file))]
        let type = BodyShape.object([
            "name": .required(.oneOf(["String", "Int", "Float", "JSON", "DateTime", "Date", "Boolean", "ObjectLink"])),
            "isList": .required(.bool), "isNullable": .required(.bool), "target": .optional(.nullable(.openObject)),
        ])
        if columns { members["columns"] = .optional(.nullable(.array(.object(["type": .required(type)])))) }
        let body = try call.json(.object(members))
        let files = (body["manifest"]?.elements ?? []).compactMap { $0["fileName"]?.string }
        guard files.count == 1, files[0].lowercased().hasSuffix(".csv") else {
            throw Refusal.bad("manifest must name exactly one .csv file")
        }
        return try await call.store.pool.write { db in
            let wanted = body["columns"].flatMap { $0.isNull ? nil : $0 }
            let id = try DataFrames(db).insert(name: body["name"]?.string ?? "", file: files[0], wanted: wanted)
            return Answer(try shown(id, call, db))
        }
    }

    @Sendable private static func show(_ call: Call) async throws -> Answer {
        switch call.query["rowDataFormat"] ?? "csv" {
        case "csv": break
        case "parquet": throw Refusal(403, "A local tenant keeps data frames as CSV alone")
        default: throw Refusal(403, "rowDataFormat must be csv or parquet")
        }
        return try await call.store.pool.write { Answer(try shown(call.id("data_frame_id"), call, $0)) }
    }

    /// With addresses for the upload, or for the download of every part.
    private static func shown(_ id: String, _ call: Call, _ db: Database) throws -> JSONValue {
        guard let frame = try DataFrames(db).find(id) else { throw Refusal.notFound(id) }
        switch frame.status {
        case "NOT_UPLOADED":
            return frame.json(urls: [try Addresses(db).make(.upload, owner: DataFrames.upload(id), call).url])
        case "SUCCEEDED":
            return frame.json(
                urls: try (1...max(1, frame.parts)).map {
                    try Addresses(db).make(.download, owner: DataFrames.part(id, $0), call).url
                })
        default: return frame.json(urls: [nil])
        }
    }

    @Sendable private static func change(_ call: Call) async throws -> Answer {
        let id = call.id("data_frame_id")
        _ = try call.json(.object(["uploadStatus": .required(.oneOf(["IN_PROGRESS"]))]))
        return try await call.store.pool.write { db in
            guard let frame = try DataFrames(db).find(id) else { throw Refusal.notFound(id) }
            if frame.status != "NOT_UPLOADED" { throw Refusal.bad("The upload of \(id) is \(frame.status), not NOT_UPLOADED") }
            let size = try Contents(db).size(DataFrames.upload(id))
            if size == 0 { throw Refusal.bad("Nothing was uploaded to \(id)") }
            if size > call.options.largestDataFrame {
                throw Refusal.bad("The CSV has \(size) bytes, more than \(call.options.largestDataFrame)")
            }
            let time = call.options.validationTime
            try DataFrames(db).validate(id, partRows: call.options.dataFramePartRows, time: time)
            let after = try DataFrames(db).outcome(of: id)
            let task: JSONValue =
                after?.status == "SUCCEEDED"
                ? ["status": "SUCCEEDED", "response": ["dataFrameId": .string(id)]]
                : [
                    "status": "FAILED", "message": .string(after?.error ?? ""),
                    "errors": [["message": .string(after?.error ?? "")]],
                ]
            return Answer(["taskId": .string(try Tasks(db).insert(task, endsIn: time))], status: 202)
        }
    }
}
