import GRDB
import IngestCore

/// The creation of runs and results: all of a list or none.
enum RecordCreation {
    /// The most items of one call; published for results only, and kept for runs alike.
    static let mostItems = 100

    static func create(_ kind: RecordKind, _ items: [JSONValue], _ call: Call, transaction: String? = nil) async throws -> Answer
    {
        if items.count > mostItems { throw Refusal.bad("\(kind.list) has \(items.count) items, more than \(mostItems)") }
        return try await call.store.pool.write { db in
            try Transactions(db).abortExpired(lifetime: call.options.transactionLifetime)
            if let transaction { try Transactions(db).expectOpen(transaction, call) }
            let ids = try store(kind, items, call, db, pending: transaction)
            return Answer(.object([kind.list: .array(ids.map(JSONValue.string)), "errors": .null]))
        }
    }

    /// - Returns: The ids, in the order of the request.
    static func store(_ kind: RecordKind, _ items: [JSONValue], _ call: Call, _ db: Database, pending: String?) throws -> [String]
    {
        let checker = RecordChecker(db: db, kind: kind, caller: call.caller, options: call.options)
        // The document gives the usual body for results outside a transaction: both are sent.
        let records = try checker.check(items, resultsHaveMessage: kind == .result && pending == nil)
        for record in records { try Records(db).insert(record, kind: kind, creator: call.caller, pending: pending) }
        return records.map(\.id)
    }
}

enum RecordReading {
    static func one(_ kind: RecordKind, _ id: String, _ call: Call) async throws -> Answer {
        try await call.store.pool.read { db in
            guard let uuid = Identifier.uuid(id), let record = try Records(db).find(kind, uuid, call.caller) else {
                guard kind == .result || call.options.saysWhichRunIsUnknown else { return Answer(.none, status: 400) }
                throw Refusal.unknown(kind.words, id)
            }
            return Answer(try RecordView(db: db, origin: call.origin).json(record))
        }
    }

    static func several(_ kind: RecordKind, most: Int, _ call: Call) async throws -> Answer {
        _ = try call.required(kind.ids)
        let ids = try call.list(kind.ids, atMost: most) ?? []
        return try await call.store.pool.read { db in
            let view = RecordView(db: db, origin: call.origin)
            var unknown: [String] = []
            var found: [JSONValue] = []
            for id in ids {
                if let uuid = Identifier.uuid(id), let record = try Records(db).find(kind, uuid, call.caller) {
                    found.append(try view.json(record))
                } else {
                    unknown.append(id)
                }
            }
            if !unknown.isEmpty && call.options.bulkGetUnknown == .fails { throw Refusal.unknown(kind.words, ids: unknown) }
            return Answer(.object([kind.list: .array(found)]))
        }
    }
}

enum RecordArchiving {
    private static let reasons = ["Archived", "Made in error", "Other"]

    static func archive(_ kind: RecordKind, _ call: Call) async throws -> Answer {
        let reason = BodyShape.oneOf(reasons)
        let body = try call.json(
            .object([kind.ids: .required(.array(.string())), "reason": kind == .run ? .required(reason) : .optional(reason)]))
        return try await set(kind, body[kind.ids]?.elements ?? [], reason: body["reason"]?.string ?? "Archived", call)
    }

    static func unarchive(_ kind: RecordKind, _ call: Call) async throws -> Answer {
        let body = try call.json(.object([kind.ids: .required(.array(.string()))]))
        return try await set(kind, body[kind.ids]?.elements ?? [], reason: nil, call)
    }

    private static func set(_ kind: RecordKind, _ sent: [JSONValue], reason: String?, _ call: Call) async throws -> Answer {
        let ids = sent.compactMap(\.string)
        return try await call.store.pool.write { db in
            for id in ids {
                guard let uuid = Identifier.uuid(id), let record = try Records(db).find(kind, uuid, call.caller) else {
                    throw Refusal.unknown(kind.words, id)
                }
                if record.entry != nil { throw Refusal.bad("The \(kind.words) \(id) is placed in a notebook entry") }
            }
            let uuids = ids.map { $0.lowercased() }
            try Records(db).archive(uuids, reason: reason)
            return Answer(.object([kind.ids: .array(uuids.map(JSONValue.string))]))
        }
    }
}
