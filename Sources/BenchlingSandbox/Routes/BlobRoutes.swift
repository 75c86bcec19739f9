import FoundationEssentials
import GRDB
import IngestCore

enum BlobRoutes {
    private static let name = BodyShape.Member.required(.string(longest: 1000))
    private static let type = BodyShape.Member.required(.oneOf(["RAW_FILE", "VISUALIZATION"]))
    private static let mime = BodyShape.Member.optional(.string(longest: 100))

    static let all: [Route] = [
        Route("POST", "/blobs", answer: create),
        Route("POST", "/blobs:start-multipart-upload") { call in
            let body = try call.json(.object(["name": name, "type": type, "mimeType": mime]))
            return try await call.store.pool.write { Answer(try insert(body, .inProgress, $0).json) }
        },
        Route("POST", "/blobs/{blob_id}/parts", answer: addPart),
        Route("POST", "/blobs/{blob_id}:complete-upload", answer: complete),
        Route("POST", "/blobs/{blob_id}:abort-upload") { call in
            try call.expectNoBody()
            return try await call.store.pool.write { db in
                let blob = try open(call, db)
                _ = try Blobs(db).set(.aborted, of: blob)
                try Contents(db).remove(blob.id)
                return Answer([:] as JSONValue)
            }
        },
        Route("GET", "/blobs/{blob_id}", query: ["returning"]) { call in
            Answer(try await call.store.pool.read { try find(call, $0).json })
        },
        Route("GET", "/blobs/{blob_id}/download-url") { call in
            let (url, expires) = try await address(call)
            return Answer([
                "downloadURL": .string(url), "expiresAt": JSONValue(integerLiteral: Int(expires.microseconds / 1_000_000)),
            ])
        },
        Route("GET", "/blobs/{blob_id}/download") { call in
            Answer(.none, status: 302, headers: [("Location", try await address(call).url)])
        },
        Route("GET", "/blobs:bulk-get", query: ["blobIds", "returning"]) { call in
            let ids = try call.list("blobIds", atMost: 100) ?? []
            return try await call.store.pool.read { db in
                let found = try ids.compactMap { id in try Identifier.uuid(id).flatMap { try Blobs(db).find($0) } }
                if found.count < ids.count && call.options.bulkGetUnknown == .fails {
                    let known = Set(found.map(\.id))
                    throw Refusal.unknown("blob", ids: ids.filter { !known.contains($0.lowercased()) })
                }
                return Answer(["blobs": .array(found.map(\.json))])
            }
        },
    ]

    private static func insert(_ body: JSONValue, _ status: StoredBlob.Status, _ db: Database) throws -> StoredBlob {
        try Blobs(db).insert(
            name: body["name"]?.string ?? "", mime: body["mimeType"]?.string, type: body["type"]?.string ?? "", status: status)
    }

    private static func find(_ call: Call, _ db: Database) throws -> StoredBlob {
        let id = call.id("blob_id")
        guard let uuid = Identifier.uuid(id), let blob = try Blobs(db).find(uuid) else { throw Refusal.notFound(id) }
        return blob
    }

    /// A blob whose upload goes on; what is unknown is a 400 here, where the document lists no 404.
    private static func open(_ call: Call, _ db: Database) throws -> StoredBlob {
        let id = call.id("blob_id")
        guard let uuid = Identifier.uuid(id), let blob = try Blobs(db).find(uuid) else { throw Refusal.unknown("blob", id) }
        if blob.status != .inProgress {
            throw Refusal.bad("The upload of blob \(id) is \(blob.status.rawValue), not IN_PROGRESS")
        }
        return blob
    }

    /// The body without `data64`, and its bytes, with the digest and the size checked.
    private static func content(_ call: Call, _ shape: BodyShape, most: Int) throws -> (body: JSONValue, bytes: Data) {
        let member = Base64Member("data64", of: call.body)
        let body = try call.json(shape, of: member?.rest ?? call.body)
        let decoded = member.map(\.bytes) ?? Data(base64Encoded: body["data64"]?.string ?? "")
        guard let data = decoded else { throw Refusal.bad("data64 is not base64") }
        if data.count > most { throw Refusal.bad("data64 has \(data.count) bytes, more than \(most)") }
        let digest = Contents.md5(data)
        if body["md5"]?.string != digest { throw Refusal.bad("md5 does not fit: the bytes have \(digest)") }
        return (body, data)
    }

    @Sendable private static func create(_ call: Call) async throws -> Answer {
        let (body, data) = try content(
            call,
            .object(["name": name, "type": type, "mimeType": mime, "data64": .required(.string()), "md5": .required(.string())]),
            most: call.options.largestSinglePut)
        return try await call.store.pool.write { db in
            let blob = try insert(body, .complete, db)
            try Contents(db).store(data, owner: blob.id, number: 1)
            return Answer(blob.json)
        }
    }

    @Sendable private static func addPart(_ call: Call) async throws -> Answer {
        // No most is published for a part; one request's is, and base64 takes four bytes for three.
        let (body, data) = try content(
            call,
            .object([
                "partNumber": .required(.integer(1...10_000)), "data64": .required(.string()), "md5": .required(.string()),
            ]), most: call.options.largestBody / 4 * 3)
        let number = body["partNumber"]?.int ?? 0
        return try await call.store.pool.write { db in
            let blob = try open(call, db)
            let tag = try Contents(db).store(data, owner: blob.id, number: number)
            return Answer(["partNumber": JSONValue(integerLiteral: number), "eTag": .string(tag)])
        }
    }

    @Sendable private static func complete(_ call: Call) async throws -> Answer {
        let part = BodyShape.object(["partNumber": .required(.integer(1...10_000)), "eTag": .required(.string())])
        let body = try call.json(.object(["parts": .required(.array(part))]))
        let listed = (body["parts"]?.elements ?? []).map { ($0["partNumber"]?.int ?? 0, $0["eTag"]?.string ?? "") }
        return try await call.store.pool.write { db in
            let blob = try open(call, db)
            let stored = try Contents(db).pieces(blob.id)
            if listed.isEmpty { throw Refusal.bad("parts is empty") }
            if zip(listed, listed.dropFirst()).contains(where: { $0.0 >= $1.0 }) {
                throw Refusal.bad("parts must be in ascending order, each part once")
            }
            for (index, (number, tag)) in listed.enumerated() {
                guard let piece = stored.first(where: { $0.number == number }) else {
                    throw Refusal.bad("Part \(number) was not uploaded")
                }
                if piece.tag != tag { throw Refusal.bad("The eTag of part \(number) is not \(tag)") }
                if index < listed.count - 1, piece.size < call.options.smallestPart {
                    throw Refusal.bad(
                        "Part \(number) has \(piece.size) bytes; all but the last need \(call.options.smallestPart)")
                }
            }
            if let left = stored.first(where: { piece in !listed.contains { $0.0 == piece.number } }) {
                throw Refusal.bad("Part \(left.number) was uploaded and is not listed")
            }
            return Answer(try Blobs(db).set(.complete, of: blob).json)
        }
    }

    private static func address(_ call: Call) async throws -> (url: String, expires: Instant) {
        try await call.store.pool.write { db in
            let blob = try find(call, db)
            if blob.status != .complete {
                throw Refusal.bad("The upload of blob \(blob.id) is \(blob.status.rawValue), not COMPLETE")
            }
            return try Addresses(db).make(.download, owner: blob.id, call)
        }
    }
}
