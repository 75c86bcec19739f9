import Benchling
import FoundationEssentials
import IngestCore
import Testing

/// Nothing that is printed of a client, of its parts or of its failures holds a secret.
struct SecretsTests {
    private static let key = "sk_very+hidden/key", secret = "cs_very+hidden/secret", token = "tok_very.hidden-token"
    private static let signed = "https://bucket.example/object?X-Signature=hidden-signature"
    private static let words = ["hidden", "c2tfdmVyeStoaWRkZW4va2V5"]

    private func shown(_ value: Any) -> String {
        var text = "\(value) \(String(describing: value)) \(String(reflecting: value)) "
        dump(value, to: &text)
        return text
    }

    private func expectNothing(of value: Any, sourceLocation: Testing.SourceLocation = #_sourceLocation) {
        let text = shown(value)
        for word in Self.words { #expect(!text.contains(word), "\(text.prefix(300))", sourceLocation: sourceLocation) }
    }

    @Test(arguments: [Credentials.apiKey(key), .app(id: "app", secret: secret)])
    func `credentials and clients print as nothing`(credentials: Credentials) async throws {
        let transport = ScriptedTransport(
            .json(200, ["access_token": .string(Self.token), "expires_in": 900]), .json(200, ["registries": []]))
        expectNothing(of: credentials)
        expectNothing(of: [credentials])
        let client = try BenchlingClient.scripted(transport, credentials: credentials)
        do { _ = try await client.registries() } catch { expectNothing(of: error) }
        expectNothing(of: client.address)
        expectNothing(of: client)
    }

    @Test func `requests print without headers, queries and bodies`() {
        let request = HTTPRequest(
            "POST", Self.signed, headers: [(name: "Authorization", value: "Basic hidden")], body: .data(Data("hidden".utf8)))
        expectNothing(of: request)
        #expect("\(request)" == "POST https://bucket.example/object")
    }

    @Test func `step keys and signed addresses print as nothing`() throws {
        expectNothing(of: try StepKey("ana_1:hidden.eyJhdWQiOiJhIn0.hidden"))
        expectNothing(of: SecretText(Self.signed))
    }

    @Test(arguments: [
        "Bad key sk_very+hidden/key.", "Basic c2tfdmVyeStoaWRkZW4va2V5Og==", "sk_very%2Bhidden%2Fkey", "see \(signed) now",
        "at '\(signed)'", "secret=cs_very%2Bhidden%2Fsecret&x", "Bearer tok_very.hidden-token expired",
        String(repeating: "x", count: 495) + "sk_very+hidden/key",
    ])
    func `a tenant that quotes a secret is not quoted`(said: String) async throws {
        for credentials in [Credentials.apiKey(Self.key), .app(id: "app", secret: Self.secret)] {
            let isApp = credentials != .apiKey(Self.key)
            // Of each kind only its own secrets are known.
            let isMine = said.contains("sk_") || said.contains("Basic") ? !isApp : said.contains("://") || isApp
            guard isMine else { continue }
            let steps: [ScriptedTransport.Step] = [
                .json(400, ["error": ["message": .string(said), "errorId": .string(said)]]),
                .json(400, ["errors": [["fields": ["a": .string(said)], "global": [.string(said)]]]]),
                .text(400, "<html><title>\(said)</title></html>"), .text(502, said), .fault(.unsure(said)), .text(200, said),
            ]
            for step in steps {
                let time = FakeTime()
                let transport = ScriptedTransport { sent, _ in
                    sent.path.hasSuffix("/token")
                        ? .json(200, ["access_token": .string(Self.token), "expires_in": 900]) : step
                }
                let client = try BenchlingClient.scripted(transport, time, credentials: credentials)
                let failure = await #expect(throws: BenchlingFailure.self) { try await client.createRuns([WriteCall.record]) }
                expectNothing(of: try #require(failure))
                let other = await #expect(throws: BenchlingFailure.self) { try await client.projects() }
                expectNothing(of: try #require(other))
                expectNothing(of: time.waits)
            }
        }
    }
}
