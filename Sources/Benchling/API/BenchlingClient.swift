import FoundationEssentials
import IngestCore

/// The API of one tenant. Each call says in its own file what it gives; this is what holds for all of them.
///
/// - A 429 is waited out, for as long as it takes. A 401 is answered by one new token.
/// - A call is made again after an outcome that is not known (5xx, a lost connection, an answer cut short) only where twice
///   is the same as once; for all others the failure is ``BenchlingFailure/Kind/unsure``: look, then act.
/// - Failures are ``BenchlingFailure``; they hold no secrets.
public struct BenchlingClient: Sendable {
    public let address: TenantAddress
    public let pace: Pace
    let sender: CallSender
    private let caller: any CallAuthorizing

    public init(
        address: TenantAddress, credentials: Credentials, transport: any HTTPTransport = URLSessionTransport(),
        pace: Pace = Pace()
    ) {
        self.address = address
        self.pace = pace
        sender = CallSender(
            address: address, transport: transport, pace: pace, limiter: RateLimiter(pace: pace),
            shown: ShownText(credentials.secrets))
        caller =
            switch credentials {
            case .apiKey(let key): APIKey(authorizationValue: SecretText(Authorization.basic(key)))
            case .app(let id, let secret): TokenSource(id: id, secret: secret, sender: sender)
            }
    }

    func perform<Value>(_ call: Call, _ read: (JSONValue) throws -> Value) async throws -> Value {
        try await sender.perform(call, as: caller) { try read(Unreadable.json($0)) }
    }

    func perform<Value>(_ call: Call, withHeaders read: (JSONValue, [String: String]) throws -> Value) async throws -> Value {
        try await sender.perform(call, as: caller) { try read(Unreadable.json($0), $0.headers) }
    }

    /// A thing asked for by its id: `nil` where the tenant itself says that it knows none. A missing run or result is a 400
    /// there, and a 404 where the document lists one. An error page on the way says nothing of the kind.
    func ifKnown<Value>(_ call: Call, _ read: (JSONValue) throws -> Value) async throws -> Value? {
        do {
            return try await perform(call, read)
        } catch let failure as BenchlingFailure where failure.meansUnknown {
            return nil
        }
    }

    /// All pages of a list.
    func all<Value>(_ call: Call, _ key: String, _ read: (JSONValue) throws -> Value) async throws -> [Value] {
        var found: [Value] = []
        var token: String?, seen: Set<String> = [], ids: Set<String> = []
        repeat {
            var page = call
            page.query.append(("pageSize", ["100"]))
            if let token { page.query.append(("nextToken", [token])) }
            let next = try await perform(page) { body in
                // What shifts while the pages are read may stand on two of them.
                found += try body.list(key).filter { $0["id"]?.string.map { ids.insert($0).inserted } ?? true }.map(read)
                return body["nextToken"]?.string
            }
            token = next.flatMap { $0.isEmpty ? nil : $0 }
            // A page that leads back to one before would be read for ever.
            if let token, !seen.insert(token).inserted {
                throw BenchlingFailure(.unreachable, call: call.name, message: "the pages of the list lead back to each other")
            }
        } while token != nil
        return found
    }

    private struct APIKey: CallAuthorizing {
        let authorizationValue: SecretText
        func authorization() -> String? { authorizationValue.text }
        func renew(insteadOf refused: String?) -> Bool { false }
    }
}

extension BenchlingFailure {
    /// Asked by id, and not there.
    var meansUnknown: Bool {
        (kind == .refused || kind == .notFound) && isDocumented && (status == 400 || status == 404)
    }
}
