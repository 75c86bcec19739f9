import Benchling
import FoundationEssentials
import IngestCore
import Synchronization
import Testing

struct TokenTests {
    private static let app = Credentials.app(id: "app_1", secret: "cs/hidden+secret=2")

    private static func token(_ number: Int, lasting seconds: Double = 900) -> ScriptedTransport.Step {
        .json(200, ["access_token": .string("tok-\(number)"), "token_type": "Bearer", "expires_in": .number(seconds)])
    }

    /// Gives token after token, and takes only those that `isGood`.
    private func tenant(
        lasting seconds: Double = 900, isGood: @escaping @Sendable (String) -> Bool = { _ in true }
    ) -> ScriptedTransport {
        let tokens = Mutex(0)
        return ScriptedTransport { sent, _ in
            if sent.path == "/api/v2/token" {
                let number = tokens.withLock { count in
                    count += 1
                    return count
                }
                return Self.token(number, lasting: seconds)
            }
            let isTaken = isGood(sent.headers["authorization"] ?? "")
            return isTaken ? .json(200, ["registries": []]) : .json(401, ["error": ["type": "authentication_error"]])
        }
    }

    @Test func `a key goes as the user name of HTTP Basic, without a password`() async throws {
        let transport = ScriptedTransport(.json(200, ["registries": []]))
        _ = try await BenchlingClient.scripted(transport, credentials: .apiKey("sk_abc")).registries()
        #expect(transport.sent.first?.headers["authorization"] == "Basic c2tfYWJjOg==")
    }

    @Test func `concurrent calls share one token, fetched with a form and no header`() async throws {
        let transport = tenant()
        let client = try BenchlingClient.scripted(transport, credentials: Self.app)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await client.registries() } }
            try await group.waitForAll()
        }
        let fetches = transport.sent.filter { $0.path == "/api/v2/token" }
        #expect(fetches.count == 1)
        #expect(fetches.first?.headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(fetches.first?.headers["authorization"] == nil)
        #expect(
            fetches.map { String(decoding: $0.body, as: UTF8.self) } == [
                "grant_type=client_credentials&client_id=app_1&client_secret=cs%2Fhidden%2Bsecret%3D2"
            ])
        #expect(transport.sent.filter { $0.path != "/api/v2/token" }.allSatisfy { $0.headers["authorization"] == "Bearer tok-1" })
    }

    @Test(arguments: [JSONValue.null, nil, 0, "soon"])
    func `a token that says no lifetime is used for a minute`(lifetime: JSONValue?) async throws {
        let time = FakeTime()
        let transport = ScriptedTransport { sent, number in
            guard sent.path == "/api/v2/token" else { return .json(200, ["registries": []]) }
            var body: [String: JSONValue] = ["access_token": .string("tok-\(number)"), "token_type": "Bearer"]
            body["expires_in"] = lifetime
            return .json(200, .object(body))
        }
        let client = try BenchlingClient.scripted(transport, time, credentials: Self.app)
        for wait in [0.0, 50, 10] {
            time.pass(wait)
            _ = try await client.registries()
        }
        #expect(transport.sent.filter { $0.path == "/api/v2/token" }.count == 2)
    }

    @Test(arguments: [(900.0, 839.0, 841.0), (100, 89, 91), (5, 3.9, 4.1)])
    func `a token is renewed a tenth of its life before its end`(life: Double, before: Double, after: Double) async throws {
        let transport = tenant(lasting: life), time = FakeTime()
        let client = try BenchlingClient.scripted(transport, time, credentials: Self.app)
        _ = try await client.registries()
        time.pass(before)
        _ = try await client.registries()
        #expect(transport.sent.last?.headers["authorization"] == "Bearer tok-1")
        time.pass(after - before)
        _ = try await client.registries()
        #expect(transport.sent.last?.headers["authorization"] == "Bearer tok-2")
    }

    @Test func `a token that is refused is renewed once, and a write is then made again`() async throws {
        let transport = ScriptedTransport { sent, _ in
            if sent.path == "/api/v2/token" { return Self.token(Int.random(in: 1...1_000_000)) }
            return .json(401, ["error": ["type": "authentication_error", "message": "expired"]])
        }
        let client = try BenchlingClient.scripted(transport, credentials: Self.app)
        let failure = await #expect(throws: BenchlingFailure.self) { try await client.createRuns([WriteCall.record]) }
        #expect(failure?.kind == .unauthorized)
        #expect(transport.sent.map(\.path) == ["/api/v2/token", "/api/v2/assay-runs", "/api/v2/token", "/api/v2/assay-runs"])
        let renewing = tenant { $0 != "Bearer tok-1" }
        _ = try await BenchlingClient.scripted(renewing, credentials: Self.app).registries()
        #expect(renewing.sent.count == 4)
    }

    @Test func `many calls refused with one token fetch one new one`() async throws {
        let transport = tenant { $0 != "Bearer tok-1" }
        let client = try BenchlingClient.scripted(transport, credentials: Self.app)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { _ = try await client.registries() } }
            try await group.waitForAll()
        }
        #expect(transport.sent.filter { $0.path == "/api/v2/token" }.count == 2)
    }

    @Test func `a key that is refused is not tried again`() async throws {
        let transport = ScriptedTransport(.json(401, ["error": ["type": "authentication_error", "message": "bad key"]]))
        let failure = await #expect(throws: BenchlingFailure.self) { try await BenchlingClient.scripted(transport).projects() }
        #expect(failure?.kind == .unauthorized)
        #expect(transport.sent.count == 1)
    }

    @Test(arguments: [400, 401])
    func `an app that gets no token is told why`(status: Int) async throws {
        let transport = ScriptedTransport(.json(status, ["error": ["type": "invalid_client"]]))
        let failure = await #expect(throws: BenchlingFailure.self) {
            try await BenchlingClient.scripted(transport, credentials: Self.app).projects()
        }
        #expect(failure?.kind == .unauthorized)
        #expect(failure?.call == "POST /token")
        #expect(failure?.message == "the tenant gives no token for this app's id and secret: invalid_client")
        #expect(transport.sent.count == 1)
    }

    @Test func `the call for a token is made again after trouble, and a failed one is not kept`() async throws {
        let transport = ScriptedTransport(
            .text(503, ""), .json(200, ["access_token": "t"]), .fault(.unsure("lost")), Self.token(4),
            .json(200, ["registries": []]))
        _ = try await BenchlingClient.scripted(transport, credentials: Self.app).registries()
        #expect(transport.sent.count == 5)
        let failing = ScriptedTransport { sent, number in
            if number <= 6 { return .text(500, "") }
            return sent.path == "/api/v2/token" ? Self.token(1) : .json(200, ["registries": []])
        }
        let client = try BenchlingClient.scripted(failing, credentials: Self.app)
        let failure = await #expect(throws: BenchlingFailure.self) { try await client.registries() }
        #expect(failure?.kind == .unreachable)
        #expect(try await client.registries() == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a fetch that nobody waits for any more is ended`() async throws {
        let transport = ScriptedTransport { _, _ in
            try await Task.sleep(for: .seconds(3600))
            return .json(500)
        }
        let client = try BenchlingClient.scripted(transport, credentials: Self.app)
        let call = Task { try await client.registries() }
        while transport.sent.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
    }
}
