import GRDB
import IngestCore

enum RunRoutes {
    static let all: [Route] = [
        Route("POST", "/assay-runs") { call in
            let items = try call.json(.object(["assayRuns": .required(.array(.anything))]))["assayRuns"]?.elements ?? []
            return try await RecordCreation.create(.run, items, call)
        },
        Route(
            "GET", "/assay-runs", query: Page.parameters.union(["schemaId", "minCreatedTime", "maxCreatedTime", "ids"]),
            answer: list),
        Route("GET", "/assay-runs/{assay_run_id}") { call in try await RecordReading.one(.run, call.id("assay_run_id"), call) },
        Route("PATCH", "/assay-runs/{assay_run_id}", answer: change),
        Route("GET", "/assay-runs:bulk-get", query: ["assayRunIds"]) { call in
            try await RecordReading.several(.run, most: 100, call)
        },
        Route("POST", "/assay-runs:archive") { call in try await RecordArchiving.archive(.run, call) },
        Route("POST", "/assay-runs:unarchive") { call in try await RecordArchiving.unarchive(.run, call) },
    ]

    @Sendable private static func list(_ call: Call) async throws -> Answer {
        let schema = try call.required("schemaId")
        let page = try Page(call)
        var filter = RecordFilter()
        filter.add("schema = :schema", ["schema": schema])
        try filter.addCreatedTimes(call)
        let ids = try call.list("ids")
        return try await call.store.pool.read { [filter] db in
            var filter = filter
            if try Documents(db).find(.runSchema, schema) == nil { throw Refusal.unknown("run schema", schema) }
            if let ids { try filter.addIDs(ids, .run, call, db) }
            let records = try Records(db).list(
                .run, call.caller, conditions: filter.conditions, arguments: filter.arguments, after: page.offset,
                limit: page.fetched)
            let view = RecordView(db: db, origin: call.origin)
            return page.answer("assayRuns", fetched: try records.map(view.json))
        }
    }

    @Sendable private static func change(_ call: Call) async throws -> Answer {
        let id = call.id("assay_run_id")
        let body = try call.json(.object(["fields": .optional(.openObject), "equipmentId": .optional(.nullable(.string()))]))
        return try await call.store.pool.write { db in
            guard let uuid = Identifier.uuid(id), var record = try Records(db).find(.run, uuid, call.caller) else {
                throw Refusal.unknown("assay run", id)
            }
            if record.archived != nil { throw Refusal.bad("The assay run \(id) is archived") }
            if let equipment = body["equipmentId"] { record.equipment = equipment.string }
            let definitions = try Documents(db).find(.runSchema, record.schema)?["fieldDefinitions"]?.elements ?? []
            let checker = FieldChecker(db: db, caller: call.caller, definitions: definitions)
            let sent = body["fields"]?.members ?? [:]
            let outcome = checker.check(sent, partial: true)
            if !outcome.faults.isEmpty {
                let texts = outcome.faults.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                throw Refusal.bad(texts.joined(separator: "; "))
            }
            var fields = record.fields.filter { sent[$0.key] == nil }
            fields.merge(outcome.values) { $1 }
            // The links of all fields anew: the ones that stay are found with the ones that change.
            let links = checker.check(fields.mapValues { ["value": $0] }).links
            try Records(db).update(record, fields: fields, links: links)
            guard let changed = try Records(db).find(.run, uuid, call.caller) else { throw Refusal.unknown("assay run", id) }
            return Answer(try RecordView(db: db, origin: call.origin).json(changed))
        }
    }
}
