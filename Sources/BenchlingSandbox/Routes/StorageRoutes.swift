import FlyingFox
import FoundationEssentials
import GRDB
import IngestCore

/// The object store behind the tenant: signed addresses, no credentials, faults as XML.
enum StorageRoutes {
    static let all: [Route] = [
        Route("PUT", "/{key}", base: "/storage", takesStream: true) { call in
            do {
                return try await put(call)
            } catch let fault as Fault {
                return fault.answer
            }
        },
        Route("GET", "/{key}", base: "/storage") { call in
            do {
                return try await get(call)
            } catch let fault as Fault {
                return fault.answer
            }
        },
    ]

    private struct Fault: Error {
        var status: Int, code: String, message: String

        var answer: Answer {
            let xml =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code><Message>\(HTML.escaped(message))</Message></Error>"
            return Answer(.data(Data(xml.utf8), type: "application/xml"), status: status)
        }
    }

    private static func owner(_ call: Call, _ use: Addresses.Use) async throws -> String {
        if call.header("Authorization") != nil {
            throw Fault(status: 400, code: "InvalidArgument", message: "Only one auth mechanism allowed; the address is signed")
        }
        let owner = try await call.store.pool.read { try Addresses($0).owner(call.id("key"), use) }
        guard let owner else {
            throw Fault(status: 403, code: "AccessDenied", message: "The address is not signed for this, or has run out")
        }
        return owner
    }

    /// The bytes arrive beside what is there and take its place when they are whole.
    private static func put(_ call: Call) async throws -> Answer {
        let arriving = "arriving/" + Identifier.uuid()
        var (size, pieces, piece) = (0, 0, Data())
        let refusal = await refusal(call)
        do {
            for try await chunk in call.stream where refusal == nil {
                piece += chunk
                size += chunk.count
                if piece.count >= 4 << 20 {
                    (pieces, piece) = (pieces + 1, try await store(piece, arriving, pieces + 1, call))
                }
            }
            if let refusal { throw refusal }
            if !piece.isEmpty || pieces == 0 { _ = try await store(piece, arriving, pieces + 1, call) }
            let owner = try await owner(call, .upload)
            try await call.store.pool.write { try Contents($0).move(arriving, to: owner) }
        } catch {
            try await call.store.pool.write { try Contents($0).remove(arriving) }
            throw error
        }
        return Answer(.none, headers: [("ETag", "\"\(Identifier.secret(32).lowercased())\"")])
    }

    /// - Returns: What the next piece begins with: nothing.
    private static func store(_ piece: Data, _ owner: String, _ number: Int, _ call: Call) async throws -> Data {
        try await call.store.pool.write { _ = try Contents($0).store(piece, owner: owner, number: number) }
        return Data()
    }

    /// Why an upload is refused whatever its bytes are.
    private static func refusal(_ call: Call) async -> Fault? {
        do {
            _ = try await owner(call, .upload)
        } catch let fault as Fault {
            return fault
        } catch {
            return Fault(status: 500, code: "InternalError", message: "\(error)")
        }
        if call.header("x-amz-server-side-encryption") != "AES256" {
            return Fault(
                status: 403, code: "AccessDenied", message: "x-amz-server-side-encryption: AES256 is part of the signature")
        }
        guard let length = call.header("Content-Length").flatMap({ Int($0) }) else {
            return Fault(status: 411, code: "MissingContentLength", message: "You must provide the Content-Length HTTP header")
        }
        let most = max(call.options.largestDataFrame, call.options.largestFile)
        return length <= most ? nil : Fault(status: 400, code: "EntityTooLarge", message: "At most \(most) bytes")
    }

    private static func get(_ call: Call) async throws -> Answer {
        let owner = try await owner(call, .download)
        return try await call.store.pool.read { try content(owner, $0) }
    }

    /// A download; nothing in it is shown by a browser in the tenant's own name.
    static func content(_ owner: String, _ db: Database) throws -> Answer {
        let blob = try Blobs(db).find(owner)
        let safe = (blob?.name ?? "download").filter { $0.isASCII && !$0.isNewline && !"\"\\/;".contains($0) }
        return Answer(
            .content(owner: owner, size: try Contents(db).size(owner), type: blob?.mime ?? "application/octet-stream"),
            headers: [("Content-Disposition", "attachment; filename=\"\(safe)\""), ("X-Content-Type-Options", "nosniff")])
    }
}
