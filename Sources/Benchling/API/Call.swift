import FoundationEssentials
import IngestCore

/// One call of the API: what is sent, and what may be done when its outcome is not known.
struct Call: Sendable {
    enum WhenUnsure: Sendable {
        /// The same end state, or a harmless leftover: it is made again.
        case again
        /// It could happen twice: the caller has to look first.
        case tell
    }

    var method: String
    /// With the version: `/api/v2/assay-runs`.
    var path: String
    var query: [(name: String, values: [String])] = []
    var body: HTTPRequest.Body?
    var mediaType = "application/json"
    var whenUnsure: WhenUnsure

    /// `POST /assay-results`: without query values.
    var name: String { "\(method) \(path.replacing("/api/v2/", with: "/", maxReplacements: 1))" }

    var changesSomething: Bool { method != "GET" }

    static func get(_ path: String, _ query: [(name: String, values: [String])] = []) -> Call {
        Call(method: "GET", path: "/api/v2" + path, query: query, whenUnsure: .again)
    }

    static func post(_ path: String, _ body: JSONValue = [:], whenUnsure: WhenUnsure) throws -> Call {
        try Call(method: "POST", path: "/api/v2" + path, body: .data(encode(body)), whenUnsure: whenUnsure)
    }

    static func patch(_ path: String, _ body: JSONValue, whenUnsure: WhenUnsure) throws -> Call {
        try Call(method: "PATCH", path: "/api/v2" + path, body: .data(encode(body)), whenUnsure: whenUnsure)
    }

    /// The analyses calls are still a beta.
    var beta: Call {
        var call = self
        call.path = path.replacing("/api/v2/", with: "/api/v2-beta/", maxReplacements: 1)
        return call
    }

    func request(to address: TenantAddress, authorization: String?) -> HTTPRequest {
        var headers = [(name: "Accept", value: "application/json"), (name: "User-Agent", value: "ingest")]
        if let authorization { headers.append((name: "Authorization", value: authorization)) }
        if body != nil { headers.append((name: "Content-Type", value: mediaType)) }
        let url = address.base + path + (query.isEmpty ? "" : "?" + QueryText.query(query))
        return HTTPRequest(method, url, headers: headers, body: body, timeout: Self.timeout(for: body))
    }

    /// A minute, and for large bodies as long as a line of 1 Mbit/s takes for them.
    static func timeout(for body: HTTPRequest.Body?) -> Double {
        if case .data(let data) = body { 60 + Double(data.count) / 125_000 } else { 60 }
    }

    private static func encode(_ body: JSONValue) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(body)
    }
}
