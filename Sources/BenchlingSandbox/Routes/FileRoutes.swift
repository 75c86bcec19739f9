import GRDB
import IngestCore

enum FileRoutes {
    private static let types = [
        ".csv", ".html", ".jmp", ".jrn", ".jrp", ".jpeg", ".jpg", ".png", ".pdf", ".zip", ".txt",
    ]
    private static let custom = BodyShape.Member.optional(.map(.object(["value": .required(.string())])))
    static let listParameters = Page.parameters.union([
        "sort", "archiveReason", "createdAt", "creatorIds", "folderId", "mentionedIn", "modifiedAt", "name", "nameIncludes",
        "names.anyOf.caseSensitive", "names.anyOf", "originIds", "ids", "displayIds", "returning",
    ])

    static let all: [Route] =
        ["/api/v2", "/api/v2-beta"].flatMap { base in
            [
                Route("POST", "/files", base: base, answer: create),
                Route("GET", "/files/{file_id}", base: base) { call in
                    let id = call.id("file_id")
                    return try await call.store.pool.write { db in
                        guard let file = try Files(db).find(id) else { throw Refusal.notFound(id) }
                        let use: Addresses.Use = file["uploadStatus"] == "NOT_UPLOADED" ? .upload : .download
                        let url = try Addresses(db).make(use, owner: id, call).url
                        return Answer(file, headers: [("Content-Location", url)])
                    }
                },
                Route("PATCH", "/files/{file_id}", base: base) { call in try await change(call, beta: base == "/api/v2-beta") },
            ]
        } + [
            Route("GET", "/files", query: listParameters) { call in
                let newest = Instant.now().adding(seconds: -call.options.listLag)
                return try listed(try await call.store.pool.read { try Files($0).all(until: newest) }, "files", call)
            },
            Route("POST", "/files:archive", answer: archive),
        ]

    /// The filters that files and datasets have in common.
    static func listed(_ items: [JSONValue], _ list: String, _ call: Call) throws -> Answer {
        var kept = try NamedList.filtered(items, call)
        if let ids = try call.list("displayIds") { kept = kept.filter { ids.contains($0["displayId"]?.string ?? "") } }
        if let ids = try call.list("creatorIds") { kept = kept.filter { ids.contains($0["creator"]?["id"]?.string ?? "") } }
        for filter in [try DateFilter.created(call.query["createdAt"]), try DateFilter.modified(call.query["modifiedAt"])] {
            if let filter { kept = kept.filter(filter) }
        }
        // Nothing here is mentioned anywhere or has an origin.
        if call.query["mentionedIn"] != nil || call.query["originIds"] != nil { kept = [] }
        return try Page(call).answer(list, all: kept)
    }

    static func expectFolder(_ body: JSONValue, _ db: Database) throws -> String {
        let folder = body["folderId"]?.string ?? ""
        guard try Documents(db).find(.folder, folder) != nil else { throw Refusal.unknown("folder", folder) }
        return folder
    }

    @Sendable private static func create(_ call: Call) async throws -> Answer {
        let body = try call.json(
            .object([
                "name": .required(.string()), "filename": .required(.string()), "folderId": .required(.string()),
                "customFields": custom,
            ]))
        let filename = body["filename"]?.string ?? ""
        guard types.contains(where: filename.lowercased().hasSuffix) else {
            throw Refusal.bad("filename must end in one of \(types.joined(separator: " "))")
        }
        return try await call.store.pool.write { db in
            let folder = try expectFolder(body, db)
            let id = try Files(db).insert(
                name: body["name"]?.string ?? "", filename: filename, folder: folder, custom: body["customFields"],
                creator: call.caller)
            let url = try Addresses(db).make(.upload, owner: id, call).url
            return Answer(try Files(db).find(id) ?? .null, headers: [("Content-Location", url)])
        }
    }

    private static func change(_ call: Call, beta: Bool) async throws -> Answer {
        var members: [String: BodyShape.Member] = ["folderId": .optional(.string()), "customFields": custom]
        members["uploadStatus"] = .optional(.oneOf(beta ? ["SUCCEEDED"] : ["SUCCEEDED", "FAILED_VALIDATION"]))
        members[beta ? "name" : "errorMessage"] = .optional(.string())
        let body = try call.json(.object(members))
        let id = call.id("file_id")
        return try await call.store.pool.write { db in
            guard let file = try Files(db).find(id) else { throw Refusal.notFound(id) }
            var changes: [(column: String, value: String)] = []
            if body["folderId"] != nil { changes.append(("folder", try expectFolder(body, db))) }
            if let custom = body["customFields"] { changes.append(("custom", try JSONText.text(custom))) }
            if let name = body["name"]?.string { changes.append(("name", name)) }
            if let error = body["errorMessage"]?.string {
                guard body["uploadStatus"] == "FAILED_VALIDATION" else {
                    throw Refusal.bad("errorMessage goes with FAILED_VALIDATION")
                }
                changes.append(("error", error))
            }
            if let status = body["uploadStatus"]?.string {
                if status == "SUCCEEDED" { try expectUploaded(file, id, call, db) }
                changes.append(("status", status))
            }
            try Files(db).update(id, changes)
            return Answer(try Files(db).find(id) ?? .null)
        }
    }

    private static func expectUploaded(_ file: JSONValue, _ id: String, _ call: Call, _ db: Database) throws {
        if file["uploadStatus"] == "FAILED_VALIDATION" { throw Refusal.bad("The upload of \(id) has failed") }
        let pieces = try Contents(db).pieces(id)
        if pieces.isEmpty { throw Refusal.bad("Nothing was uploaded to \(id)") }
        let size = pieces.reduce(0) { $0 + $1.size }
        if size > call.options.largestFile {
            throw Refusal.bad("The file has \(size) bytes, more than \(call.options.largestFile)")
        }
    }

    @Sendable private static func archive(_ call: Call) async throws -> Answer {
        let body = try call.json(
            .object([
                "fileIds": .required(.array(.string(), longest: 100)),
                "reason": .required(.oneOf(["Made in error", "Archived", "Other"])),
            ]))
        let ids = (body["fileIds"]?.elements ?? []).compactMap(\.string)
        return try await call.store.pool.write { db in
            for id in ids {
                if try Files(db).find(id) == nil { throw Refusal.unknown("file", id) }
                try Files(db).update(id, [("archived", body["reason"]?.string ?? "")])
            }
            return Answer(["fileIds": .array(ids.map(JSONValue.string))])
        }
    }
}
