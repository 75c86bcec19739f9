import Digests
import FlyingFox
import FoundationEssentials
import GRDB
import IngestCore

/// Who calls: HTTP Basic with the key as name and no password, or a bearer token that holds.
struct Authentication {
    let store: SandboxStore
    let options: SandboxOptions

    func caller(_ headers: HTTPHeaders) async throws -> Caller {
        guard let (scheme, value) = Self.parts(headers) else { throw Refusal.unauthorized }
        switch scheme {
        case "basic":
            guard let (name, password) = Self.basic(value), name == store.credentials.apiKey, password.isEmpty else {
                throw Refusal.unauthorized
            }
            return .user
        case "bearer":
            let expires = try await store.pool.read { db in
                try Int64.fetchOne(db, sql: "SELECT expires FROM token WHERE digest = ?", arguments: [MessageDigest.of(value)])
            }
            guard let expires, Instant(microseconds: expires) > .now() else { throw Refusal.unauthorized }
            return .app
        default: throw Refusal.unauthorized
        }
    }

    /// The answer of the token endpoint, which takes a form and nothing else.
    func token(_ headers: HTTPHeaders, _ body: Data) async throws -> Answer {
        let type = headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
        guard type == "application/x-www-form-urlencoded", let form = QueryText.pairs(String(decoding: body, as: UTF8.self))
        else {
            throw Refusal(400, "The body must be application/x-www-form-urlencoded", type: "invalid_request")
        }
        if let unknown = form.keys.sorted().first(where: { !["grant_type", "client_id", "client_secret"].contains($0) }) {
            throw Refusal(400, "Unknown parameter \(unknown)", type: "invalid_request")
        }
        guard let grant = form["grant_type"] else { throw Refusal(400, "grant_type is required", type: "invalid_request") }
        if grant != "client_credentials" {
            throw Refusal(400, "grant_type must be client_credentials", type: "unsupported_grant_type")
        }
        let (id, secret) = try client(headers, form)
        guard id == store.credentials.clientID, secret == store.credentials.clientSecret else {
            throw Refusal(401, "The client is unknown, or its secret is wrong", type: "invalid_client")
        }
        let token = "tok_" + Identifier.secret(48)
        let lifetime = Double(options.tokenLifetime)
        try await store.pool.write { db in
            try db.execute(sql: "DELETE FROM token WHERE expires < ?", arguments: [Instant.now().microseconds])
            try db.execute(
                sql: "INSERT INTO token (digest, expires) VALUES (?, ?)",
                arguments: [MessageDigest.of(token), Instant.now().adding(seconds: lifetime).microseconds])
        }
        return Answer([
            "access_token": .string(token), "token_type": "Bearer",
            "expires_in": JSONValue(integerLiteral: options.tokenLifetime),
        ])
    }

    /// In the form or as HTTP Basic, and not in both.
    private func client(_ headers: HTTPHeaders, _ form: [String: String]) throws -> (id: String, secret: String) {
        let inForm = form["client_id"] != nil || form["client_secret"] != nil
        guard let (scheme, value) = Self.parts(headers) else {
            guard let id = form["client_id"], let secret = form["client_secret"] else {
                throw Refusal(400, "client_id and client_secret are required", type: "invalid_request")
            }
            return (id, secret)
        }
        if inForm { throw Refusal(400, "Credentials both in the form and as HTTP Basic", type: "invalid_request") }
        guard scheme == "basic", let (id, secret) = Self.basic(value) else {
            throw Refusal(401, "The client is unknown, or its secret is wrong", type: "invalid_client")
        }
        return (id, secret)
    }

    private static func parts(_ headers: HTTPHeaders) -> (scheme: String, value: String)? {
        let parts = headers[.authorization]?.split(separator: " ", maxSplits: 1) ?? []
        return parts.count == 2 ? (parts[0].lowercased(), String(parts[1])) : nil
    }

    private static func basic(_ value: String) -> (name: String, password: String)? {
        guard let data = Data(base64Encoded: value), let text = String(validating: Array(data), as: UTF8.self),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
}
