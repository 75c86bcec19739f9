import GRDB
import IngestCore

enum ResultRoutes {
    private static let moments: Set<String> = Set(
        ["createdAt", "modifiedAt"].flatMap { name in ["lt", "lte", "gt", "gte"].map { "\(name).\($0)" } })

    static let all: [Route] = [
        Route("POST", "/assay-results") { call in
            try await RecordCreation.create(.result, try items(call), call)
        },
        Route(
            "GET", "/assay-results",
            query: Page.parameters.union(moments).union([
                "schemaId", "minCreatedTime", "maxCreatedTime", "sort", "entityIds", "storageIds", "assayRunIds",
                "automationOutputProcessorId", "ids", "archiveReason",
            ]), answer: list),
        Route("GET", "/assay-results/{assay_result_id}") { call in
            try await RecordReading.one(.result, call.id("assay_result_id"), call)
        },
        Route("GET", "/assay-results:bulk-get", query: ["assayResultIds"]) { call in
            try await RecordReading.several(.result, most: 200, call)
        },
        Route("POST", "/assay-results:archive") { call in try await RecordArchiving.archive(.result, call) },
        Route("POST", "/assay-results:unarchive") { call in try await RecordArchiving.unarchive(.result, call) },
        Route("POST", "/assay-results:bulk-create", answer: bulkCreate),
        Route("POST", "/result-transactions") { call in
            try call.expectNoBody()
            let id = try await call.store.pool.write { try Transactions($0).begin(call.caller) }
            return Answer(["id": .string(id)])
        },
        Route("POST", "/result-transactions/{transaction_id}/results") { call in
            try await RecordCreation.create(.result, try items(call), call, transaction: call.id("transaction_id").lowercased())
        },
        Route("POST", "/result-transactions/{transaction_id}:commit") { call in try await end(call, commit: true) },
        Route("POST", "/result-transactions/{transaction_id}:abort") { call in try await end(call, commit: false) },
    ]

    private static func items(_ call: Call) throws -> [JSONValue] {
        try call.json(.object(["assayResults": .required(.array(.anything))]))["assayResults"]?.elements ?? []
    }

    private static func end(_ call: Call, commit: Bool) async throws -> Answer {
        try call.expectNoBody()
        let id = call.id("transaction_id").lowercased()
        try await call.store.pool.write { try Transactions($0).end(id, commit: commit, call) }
        return Answer(["id": .string(id)])
    }

    /// Validation errors come from the task, and a task that failed stored nothing.
    @Sendable private static func bulkCreate(_ call: Call) async throws -> Answer {
        let body = try call.json(.object(["assayResults": .required(.array(.anything)), "tableId": .optional(.string())]))
        let items = body["assayResults"]?.elements ?? []
        let most = body["tableId"] == nil ? 4000 : 500
        if items.count > most { throw Refusal.bad("assayResults has \(items.count) items, more than \(most)") }
        // A local tenant has no notebook, so no table either.
        if let table = body["tableId"]?.string { throw Refusal.unknown("results table", table) }
        let outcome: JSONValue
        do {
            outcome = try await call.store.pool.write { db in
                let ids = try RecordCreation.store(.result, items, call, db, pending: nil)
                let view = RecordView(db: db, origin: call.origin)
                let made = try ids.compactMap { try Records(db).find(.result, $0, call.caller) }.map(view.json)
                return ["status": "SUCCEEDED", "response": ["assayResults": .array(made)]]
            }
        } catch let refusal as Refusal {
            outcome = failure(refusal, call.options.taskErrors)
        }
        let task = try await call.store.pool.write { try Tasks($0).insert(outcome) }
        return Answer(["taskId": .string(task)], status: 202)
    }

    private static func failure(_ refusal: Refusal, _ shape: SandboxOptions.TaskErrorShape) -> JSONValue {
        let message = refusal.body["error"]?["message"] ?? "The results are invalid"
        let faults = (refusal.body["errors"]?.elements ?? []).enumerated().compactMap { index, item -> JSONValue? in
            let texts = (item["fields"]?.members ?? [:]).sorted { $0.key < $1.key }.map {
                "\($0.key): \($0.value.string ?? "invalid")"
            }
            let all = texts + (item["global"]?.elements ?? []).compactMap(\.string)
            return all.isEmpty
                ? nil : ["index": JSONValue(integerLiteral: index), "message": .string(all.joined(separator: "; "))]
        }
        let errors: JSONValue = shape == .object ? faults.first ?? ["message": message] : .array(faults)
        return ["status": "FAILED", "message": message, "errors": errors]
    }

    @Sendable private static func list(_ call: Call) async throws -> Answer {
        let page = try Page(call)
        let filter = try filter(call)
        let runs = try call.list("assayRunIds")
        let ids = try call.list("ids")
        let order = try order(call.query["sort"])
        let archive = try ArchiveFilter(call.query["archiveReason"])
        return try await call.store.pool.read { db in
            var filter = filter
            if let runs {
                let unknown = try runs.filter { run in
                    try Identifier.uuid(run).flatMap { try Records(db).find(.run, $0, call.caller) } == nil
                }
                if !unknown.isEmpty { throw Refusal.unknown("assay run", ids: unknown) }
                filter.add(anyOf: runs.map { $0.lowercased() }) {
                    "id IN (SELECT record FROM link WHERE kind = 'run' AND target IN (\($0)))"
                }
            }
            if let ids { try filter.addIDs(ids, .result, call, db) }
            filter.add(archive.condition.sql, archive.condition.arguments)
            let records = try Records(db).list(
                .result, call.caller, conditions: filter.conditions, arguments: filter.arguments, order: order,
                after: page.offset, limit: page.fetched)
            let view = RecordView(db: db, origin: call.origin)
            return page.answer("assayResults", fetched: try records.map(view.json))
        }
    }

    private static func filter(_ call: Call) throws -> RecordFilter {
        var filter = RecordFilter()
        switch (call.query["schemaId"], call.query["automationOutputProcessorId"], call.query["assayRunIds"]) {
        case (nil, nil, _): throw Refusal.bad("schemaId or automationOutputProcessorId is required")
        case (_, .some, .some): throw Refusal.bad("assayRunIds and automationOutputProcessorId exclude each other")
        case (_, .some(let processor), _): throw Refusal.unknown("automation output processor", processor)
        case (.some(let schema), nil, _): filter.add("schema = :schema", ["schema": schema])
        }
        try filter.addCreatedTimes(call)
        let signs = ["lt": "<", "lte": "<=", "gt": ">", "gte": ">="]
        for name in moments.sorted() {
            guard let text = call.query[name], let sign = signs[String(name.split(separator: ".")[1])] else { continue }
            let column = name.hasPrefix("created") ? "created" : "modified"
            let argument = name.replacing(".", with: "_")
            filter.add("\(column) \(sign) :\(argument)", [argument: try DateFilter.instant(text).microseconds])
        }
        if let entities = try call.list("entityIds", atMost: 20) {
            filter.add(anyOf: entities) { "id IN (SELECT record FROM link WHERE kind = 'entity' AND target IN (\($0)))" }
        }
        // A local tenant has no storage, so nothing links to any.
        if let storages = try call.list("storageIds", atMost: 20), !storages.isEmpty { filter.add("FALSE") }
        return filter
    }

    private static func order(_ sort: String?) throws -> String {
        switch sort ?? "createdAt:asc" {
        case "createdAt:asc": return "created, place"
        case "createdAt:desc": return "created DESC, place DESC"
        case "modifiedAt:asc": return "modified, place"
        case "modifiedAt:desc": return "modified DESC, place DESC"
        default: throw Refusal.bad("sort must be createdAt or modifiedAt with :asc or :desc")
        }
    }
}
