import BenchlingSandbox
import Digests
import Foundation
import IngestCore
import Testing

struct TenantTests {
    static let wrongHeaders: [[String: String]] = [
        [:], ["Authorization": "Basic bm9ib2R5Og=="], ["Authorization": "Bearer tok_nothing"], ["Authorization": "Digest x"],
    ]

    @Test(arguments: wrongHeaders)
    func `wrong credentials are told as such`(headers: [String: String]) async throws {
        try await Tenant.with { tenant async throws in
            let reply = try await TestClient(tenant.origin, authorization: nil).send("GET", "/api/v2/projects", headers: headers)
            #expect(reply.status == 401 && reply.json["error"]?["type"] == "authentication_error")
        }
    }

    @Test func `a token runs out`() async throws {
        var options = Sandbox.Options()
        options.tokenLifetime = 0
        try await Tenant.with(options) { tenant async throws in
            #expect(try await TestClient.app(tenant.sandbox, tenant.origin).get("/projects").status == 401)
        }
    }

    @Test func `credentials go in the form or as HTTP Basic, not in both`() async throws {
        try await Tenant.with { tenant async throws in
            let credentials = tenant.sandbox.credentials
            let pair = Data("\(credentials.clientID):\(credentials.clientSecret)".utf8).base64EncodedString()
            func token(_ form: String) async throws -> Int {
                try await TestClient(tenant.origin, authorization: "Basic \(pair)").send(
                    "POST", "/api/v2/token", body: Data(form.utf8), headers: ["Content-Type": "application/x-www-form-urlencoded"]
                ).status
            }
            #expect(try await token("grant_type=client_credentials") == 200)
            #expect(try await token("grant_type=client_credentials&client_id=a&client_secret=b") == 400)
        }
    }

    @Test func `calls beyond the limit are refused and say what is left`() async throws {
        var options = Sandbox.Options()
        options.rateLimit = .init(app: 100, keys: 2)
        try await Tenant.with(options) { tenant async throws in
            var replies: [TestClient.Reply] = []
            for _ in 0..<3 { replies.append(try await tenant.client.get("/projects")) }
            #expect(replies.map(\.status) == [200, 200, 429])
            #expect(replies.map { $0.headers["x-rate-limit-remaining"] } == ["1", "0", "0"])
            #expect(replies[2].headers["retry-after"] == nil && replies[2].message == "Rate limit exceeded.")
        }
    }

    @Test func `bodies must be JSON, of a known shape, and not too long`() async throws {
        var options = Sandbox.Options()
        options.largestBody = 300_000
        try await Tenant.with(options) { tenant async throws in
            let body = Data(#"{"assayRuns": []}"#.utf8)
            #expect(
                try await tenant.client.send("POST", "/assay-runs", body: body, headers: ["Content-Type": "text/plain"]).status
                    == 400)
            let json = ["Content-Type": "application/json"]
            #expect(try await tenant.client.send("POST", "/assay-runs", body: body, headers: json).status == 200)
            #expect(try await tenant.client.send("POST", "/assay-runs", body: Data("{".utf8), headers: json).status == 400)
            #expect(try await tenant.client.post("/assay-runs", ["assayRuns": [], "dryRun": true]).message.contains("dryRun"))
            let long = Data(repeating: 32, count: 600_000)
            #expect(try await tenant.client.send("POST", "/assay-runs", body: long, headers: json).status == 413)
            #expect(try await tenant.client.get("/projects?colour=red").status == 400)
            #expect(try await tenant.client.get("/automation-output-processors").status == 404)
        }
    }

    @Test func `pages of a list hold together, and a token is for its own query`() async throws {
        try await Tenant.with { tenant async throws in
            let run = try await tenant.makeRun()
            let made = try await tenant.makeResults(run: run, 25)
            var read: [String] = []
            var token = ""
            repeat {
                let next = token.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                let page = try await tenant.client.get(
                    "/assay-results?schemaId=\(tenant.resultSchema)&pageSize=10&nextToken=\(next)")
                read += (page.json["assayResults"]?.elements ?? []).compactMap { $0["id"]?.string }
                token = page.json["nextToken"]?.string ?? ""
                if !token.isEmpty {
                    let other = try await tenant.client.get("/assay-results?schemaId=x&nextToken=\(token)")
                    #expect(other.status == 400)
                }
            } while !token.isEmpty
            #expect(read == made)
        }
    }

    @Test func `blobs in parts come back byte for byte, and every rule of parts holds`() async throws {
        var options = Sandbox.Options()
        (options.smallestPart, options.largestSinglePut) = (10, 20)
        try await Tenant.with(options) { tenant async throws in
            let whole = try await tenant.client.post("/blobs", Tenant.blob("123456789012345678901", name: "long"))
            #expect(whole.status == 400)
            let start = try await tenant.client.post("/blobs:start-multipart-upload", ["name": "a", "type": "RAW_FILE"])
            let id = start.json["id"]?.string ?? ""
            func part(_ number: Int, _ text: String, md5: String? = nil) async throws -> JSONValue {
                let sum = md5 ?? MessageDigest.of(text, .md5)
                return try await tenant.client.post(
                    "/blobs/\(id)/parts",
                    [
                        "partNumber": .number(Double(number)), "data64": .string(Data(text.utf8).base64EncodedString()),
                        "md5": .string(sum),
                    ]
                ).json
            }
            let first = try await part(2, "0123456789")
            let small = try await part(5, "short")
            let last = try await part(7, "end")
            #expect(first["eTag"]?.string?.first == "\"")
            #expect(try await part(8, "x", md5: "0")["error"] != nil)
            func complete(_ parts: JSONValue...) async throws -> Int {
                try await tenant.client.post("/blobs/\(id):complete-upload", ["parts": .array(parts)]).status
            }
            #expect(try await complete(first, small, last) == 400)
            let full = try await part(5, "abcdefghij")
            #expect(try await complete(first, small, last) == 400, "the eTag is that of bytes that were replaced")
            #expect(try await complete(full, first, last) == 400)
            #expect(try await complete(first, full) == 400, "a part that was sent would be left out")
            #expect(try await tenant.client.get("/blobs/\(id)/download-url").status == 400)
            #expect(try await complete(first, full, last) == 200)
            #expect(try await complete(first, full, last) == 400)
            let url = try await tenant.client.get("/blobs/\(id)/download-url").json["downloadURL"]?.string ?? ""
            #expect(try await TestClient(tenant.origin, authorization: nil).get(url).text == "0123456789abcdefghijend")
            #expect(try tenant.sandbox.census().unlinkedBlobs == [id])
        }
    }

    /// Slashes in base64 may be escaped in JSON, members may stand in any order, and a name may look like a member.
    @Test(arguments: [
        ("{\"name\": \"a\", \"type\": \"RAW_FILE\", \"data64\" : \"T\", \"md5\": \"M\"}", 200),
        ("{\"md5\":\"M\",\"data64\":\"E\",\"type\":\"RAW_FILE\",\"name\":\"a\"}", 200),
        (#"{"name":"\"data64\":\"","type":"RAW_FILE","data64":"T","md5":"M"}"#, 200),
        (#"{"name":"data64","type":"RAW_FILE","data64":"T","md5":"M"}"#, 200),
        (#"{"name":"a","type":"RAW_FILE","data64":"?","md5":"M"}"#, 400),
        (#"{"name":"a","type":"RAW_FILE","data64":"T","md5":"N"}"#, 400),
        (#"{"name":"a","type":"RAW_FILE","md5":"M"}"#, 400), (#"{"name":"a","type":"RAW_FILE","data64":"T"#, 400),
        (#"{"name":"a","type":"RAW_FILE","data64":"T","data64":"T","md5":"M"}"#, 400),
    ])
    func `the bytes of a blob are taken however its JSON is written`(body: String, status: Int) async throws {
        let bytes = Data([0xFF, 0xEF, 0xFE, 0xFF, 0xFF, 0xFF, 1])
        let md5 = MessageDigest(.md5)
        bytes.withUnsafeBytes { md5.update($0) }
        let text = bytes.base64EncodedString()
        #expect(text.contains("/"))
        let written = body.replacing("\"T", with: "\"" + text)
            .replacing("\"E\"", with: "\"" + text.replacing("/", with: #"\/"#) + "\"")
            .replacing("\"M\"", with: "\"\(md5.hexadecimal())\"")
        try await Tenant.with { tenant async throws in
            let made = try await tenant.client.send(
                "POST", "/blobs", body: Data(written.utf8), headers: ["Content-Type": "application/json"])
            #expect(made.status == status, "\(made.text)")
            guard status == 200, let id = made.json["id"]?.string else { return }
            let url = try await tenant.client.get("/blobs/\(id)/download-url").json["downloadURL"]?.string ?? ""
            #expect(try await TestClient(tenant.origin, authorization: nil).get(url).data == bytes)
        }
    }

    @Test func `signed addresses take no credentials, and want what the signature covers`() async throws {
        try await Tenant.with { tenant async throws in
            let frame = try await tenant.client.post("/data-frames", ["name": "f", "manifest": [["fileName": "f.csv"]]])
            let url = frame.json["manifest"]?[0]?["url"]?.string ?? ""
            let encryption = ["x-amz-server-side-encryption": "AES256"]
            let bare = TestClient(tenant.origin, authorization: nil)
            #expect(try await tenant.client.send("PUT", url, body: Data("a".utf8), headers: encryption).status == 400)
            #expect(try await bare.send("PUT", url, body: Data("a".utf8)).status == 403)
            #expect(
                try await bare.send("PUT", url + "x", body: Data("a".utf8), headers: encryption).text.contains(
                    "<Code>AccessDenied</Code>"))
            #expect(try await bare.send("PUT", url, body: Data(repeating: 97, count: 9 << 20), headers: encryption).status == 200)
        }
    }

    @Test func `a large data frame comes in several parts, each with its header`() async throws {
        var options = Sandbox.Options()
        options.dataFramePartRows = 6
        try await Tenant.with(options) { tenant async throws in
            let frame = try await tenant.client.post("/data-frames", ["name": "f", "manifest": [["fileName": "f.csv"]]])
            let rows = (1...10).map { "\($0),\"a \"\"b\"\",\n\($0)\",\($0 == 3 ? "" : "2024-01-0\($0 % 9 + 1)")" }
            let csv = (["n,text,day"] + rows).joined(separator: "\n") + "\n"
            let bare = TestClient(tenant.origin, authorization: nil)
            _ = try await bare.send(
                "PUT", frame.json["manifest"]?[0]?["url"]?.string ?? "", body: Data(csv.utf8),
                headers: ["x-amz-server-side-encryption": "AES256"])
            let path = "/data-frames/\(frame.json["id"]?.string ?? "")"
            _ = try await tenant.client.post(path, ["uploadStatus": "IN_PROGRESS"], method: "PATCH")
            let read = try await tenant.client.get(path).json
            #expect(read["columns"]?.elements.map { $0["type"]?["name"]?.string } == ["Int", "String", "Date"])
            #expect(read["columns"]?.elements.map { $0["type"]?["isNullable"]?.bool } == [false, false, true])
            var bodies: [String] = []
            for part in read["manifest"]?.elements ?? [] {
                let text = try await bare.get(part["url"]?.string ?? "").text
                #expect(text.hasPrefix("n,text,day\n"))
                bodies.append(String(text.dropFirst(11)))
            }
            #expect(bodies.count == 2 && "n,text,day\n" + bodies.joined() == csv)
        }
    }

    @Test func `a tenant outlives its server, and two may serve it at once`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ingest-tenant-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // Left to whoever cleans up temporary files.
        let path = folder.appending(path: "tenant.sqlite").path(percentEncoded: false)
        let run = try await Tenant.serving(try Sandbox(path: path)) { try await $0.makeRun() }
        let (first, second) = (try Sandbox(path: path), try Sandbox(path: path))
        #expect(first.credentials == second.credentials && first.tenantID == second.tenantID)
        try await Tenant.serving(first) { one in
            try await Tenant.serving(second) { other in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for tenant in [one, other] {
                        group.addTask { for _ in 0..<10 { _ = try await tenant.makeResults(run: run, 5) } }
                    }
                    try await group.waitForAll()
                }
                #expect(try await other.client.get("/assay-runs/\(run)").status == 200)
            }
        }
        #expect(try first.census().liveResults == 100)
    }

    @Test func `many may open a new tenant at once, and it is one`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ingest-tenant-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // Left to whoever cleans up temporary files.
        let path = folder.appending(path: "tenant.sqlite").path(percentEncoded: false)
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try Sandbox(path: path).tenantID } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(try Sandbox(path: path).all(.registry).count == 1)
    }

    @Test func `a port that is taken is an error at once, and the tenant can be started elsewhere`() async throws {
        try await Tenant.with { tenant async throws in
            let port = try #require(tenant.origin.split(separator: ":").last.flatMap { UInt16($0) })
            let other = try Sandbox.temporary()
            await #expect(throws: (any Error).self) { _ = try await other.start(port: port) }
            let origin = try await other.start()
            #expect(try await TestClient(other, origin).get("/projects").status == 200)
            await #expect(throws: Sandbox.StartFault.self) { _ = try await other.start() }
            await other.stop()
        }
    }

    @Test func `pages show what is there, and escape what is shown`() async throws {
        try await Tenant.with { tenant async throws in
            let evil = "<script>alert('x')</script>&\""
            let run = try await tenant.makeRun(["fields": ["instrument": ["value": .string(evil)]]])
            let blob = try await tenant.makeBlob("bytes", name: evil)
            let result = tenant.result(run: run, ["analyte": .string(evil), "chromatogram_file": .string(blob)])
            let made = try await tenant.client.post("/assay-results", ["assayResults": [result]])
            let id = made.json["assayResults"]?[0]?.string ?? ""
            let analysis = tenant.sandbox.credentials.analysisStepKey.prefix { $0 != ":" }
            for path in ["/", "/runs", "/runs/\(run)", "/results/\(id)", "/blobs/\(blob)", "/analyses/\(analysis)"] {
                let page = try await tenant.client.send("GET", path, isPage: true)
                #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8", "\(path)")
                #expect(!page.text.contains("<script"), "\(path)")
                if path.contains(run) || path.contains(id) {
                    #expect(page.text.contains("&lt;script&gt;alert(&#39;x&#39;)"), "\(path)")
                }
            }
            #expect(try await tenant.client.send("GET", "/blobs/\(blob)/download", isPage: true).text == "bytes")
            _ = try await tenant.client.post("/assay-runs:archive", ["assayRunIds": [.string(run)], "reason": "Made in error"])
            #expect(try await tenant.client.send("GET", "/runs", isPage: true).text.contains("archived: Made in error"))
            #expect(try await tenant.client.send("GET", "/runs/<b>", isPage: true).status == 404)
        }
    }
}
