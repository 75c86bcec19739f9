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
    /// What the body is made of, where that is a file which is removed afterwards.
    var blob: BlobBody?
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
        return HTTPRequest(method, url, headers: headers, body: body, timeout: timeout)
    }

    /// A minute, and for large bodies as long as a line of 1 Mbit/s takes for them.
    private var timeout: Double {
        let bytes = if case .data(let data) = body { data.count } else { blob?.length ?? 0 }
        return 60 + Double(bytes) / 125_000
    }

    private static func encode(_ body: JSONValue) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(body)
    }
}
