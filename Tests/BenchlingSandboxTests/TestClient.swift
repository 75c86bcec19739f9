import BenchlingSandbox
import Digests
import Foundation
import FoundationNetworking
import IngestCore
import Testing

/// Calls a tenant as any HTTP client would; redirects are answers.
final class TestClient: Sendable {
    struct Reply: Sendable {
        var status: Int
        /// By lower-case name.
        var headers: [String: String]
        var data: Data
        /// `null` for anything but JSON.
        var json: JSONValue {
            // What is no JSON has none: tests of pages and bytes look at `data`.
            (try? JSONDecoder().decode(JSONValue.self, from: data)) ?? .null
        }
        var message: String { json["error"]?["message"]?.string ?? "" }
        var text: String { String(decoding: data, as: UTF8.self) }
    }

    let origin: String
    private let authorization: String?
    private let session: URLSession

    init(_ origin: String, authorization: String?) {
        self.origin = origin
        self.authorization = authorization
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.timeoutIntervalForRequest = 20
        session = URLSession(configuration: configuration, delegate: NoRedirects(), delegateQueue: nil)
    }

    /// With the user's key.
    convenience init(_ sandbox: Sandbox, _ origin: String) {
        let pair = Data("\(sandbox.credentials.apiKey):".utf8).base64EncodedString()
        self.init(origin, authorization: "Basic \(pair)")
    }

    /// With a token of the app.
    static func app(_ sandbox: Sandbox, _ origin: String) async throws -> TestClient {
        let form =
            "grant_type=client_credentials&client_id=\(sandbox.credentials.clientID)&client_secret=\(sandbox.credentials.clientSecret)"
        let reply = try await TestClient(origin, authorization: nil).send(
            "POST", "/api/v2/token", body: Data(form.utf8), headers: ["Content-Type": "application/x-www-form-urlencoded"])
        return TestClient(origin, authorization: "Bearer \(reply.json["access_token"]?.string ?? "")")
    }

    /// - Parameter path: Below `/api/v2` unless it begins with `/api`, `/storage` or a scheme.
    func send(
        _ method: String, _ path: String, body: Data? = nil, headers: [String: String] = [:], isPage: Bool = false
    ) async throws -> Reply {
        let address =
            path.hasPrefix("http")
            ? path : origin + (isPage || path.hasPrefix("/api") || path.hasPrefix("/storage") ? "" : "/api/v2") + path
        var request = URLRequest(url: try #require(URL(string: address)))
        request.httpMethod = method
        request.httpBody = body
        if let authorization { request.setValue(authorization, forHTTPHeaderField: "Authorization") }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await session.data(for: request)
        let http = try #require(response as? HTTPURLResponse)
        let pairs = http.allHeaderFields.map { ("\($0.key)".lowercased(), "\($0.value)") }
        return Reply(status: http.statusCode, headers: Dictionary(pairs) { $1 }, data: data)
    }

    func get(_ path: String) async throws -> Reply { try await send("GET", path) }

    func post(_ path: String, _ body: JSONValue, method: String = "POST") async throws -> Reply {
        try await send(method, path, body: try JSONEncoder().encode(body), headers: ["Content-Type": "application/json"])
    }

    private final class NoRedirects: NSObject, URLSessionTaskDelegate, Sendable {
        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
        ) {
            completionHandler(nil)
        }
    }
}

/// A running tenant for one test.
struct Tenant: Sendable {
    let sandbox: Sandbox
    let origin: String
    let client: TestClient
    let runSchema: String, resultSchema: String, project: String, registry: String

    func id(_ setting: Sandbox.Setting, named name: String) throws -> String { try Self.id(sandbox, setting, name) }

    private static func id(_ sandbox: Sandbox, _ setting: Sandbox.Setting, _ name: String) throws -> String {
        let live = try sandbox.all(setting).first { $0["name"]?.string == name && $0["archiveRecord"]?.isNull != false }
        return try #require(live?["id"]?.string)
    }

    static func with<Value>(
        _ options: Sandbox.Options = Sandbox.Options(), _ work: (Tenant) async throws -> Value
    ) async throws -> Value {
        let sandbox = try Sandbox.temporary(options: options)
        return try await serving(sandbox, work)
    }

    static func serving<Value>(_ sandbox: Sandbox, _ work: (Tenant) async throws -> Value) async throws -> Value {
        let origin = try await sandbox.start()
        do {
            let value = try await work(
                Tenant(
                    sandbox: sandbox, origin: origin, client: TestClient(sandbox, origin),
                    runSchema: try id(sandbox, .runSchema, "Chromatography Run"),
                    resultSchema: try id(sandbox, .resultSchema, "Chromatography Result"),
                    project: try id(sandbox, .project, "Analytical Development"),
                    registry: try id(sandbox, .registry, "Sandbox Registry")))
            await sandbox.stop()
            return value
        } catch {
            await sandbox.stop()
            throw error
        }
    }

    /// - Returns: The id of a new run.
    func makeRun(_ more: [String: JSONValue] = [:]) async throws -> String {
        let item: [String: JSONValue] = [
            "schemaId": .string(runSchema), "fields": ["instrument": ["value": "LC 1"]], "projectId": .string(project),
        ]
        let reply = try await client.post("/assay-runs", ["assayRuns": [.object(item.merging(more) { $1 })]])
        return try #require(reply.json["assayRuns"]?[0]?.string, "\(reply.text)")
    }

    func result(run: String, _ fields: [String: JSONValue] = [:], id: String? = nil) -> JSONValue {
        var all = fields.mapValues { JSONValue.object(["value": $0]) }
        all["run"] = ["value": .string(run)]
        var item: [String: JSONValue] = [
            "schemaId": .string(resultSchema), "fields": .object(all), "projectId": .string(project),
        ]
        if let id { item["id"] = .string(id) }
        return .object(item)
    }

    func makeResults(run: String, _ count: Int = 1) async throws -> [String] {
        let items = (0..<count).map { result(run: run, ["analyte": .string("peak \($0)")]) }
        let reply = try await client.post("/assay-results", ["assayResults": .array(items)])
        return (reply.json["assayResults"]?.elements ?? []).compactMap(\.string)
    }

    func makeBlob(_ text: String = "a chromatogram", name: String = "run.cdf") async throws -> String {
        let reply = try await client.post("/blobs", Self.blob(text, name: name))
        return try #require(reply.json["id"]?.string)
    }

    static func blob(_ text: String, name: String) -> JSONValue {
        [
            "name": .string(name), "type": "RAW_FILE", "data64": .string(Data(text.utf8).base64EncodedString()),
            "md5": .string(MessageDigest.of(text, .md5)),
        ]
    }
}
