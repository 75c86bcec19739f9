@testable import Benchling
import FoundationEssentials
import IngestCore
import Testing

struct RateLimitTests {
    private static let good = ScriptedTransport.Step.json(200, ["registries": []])

    /// How long is waited because of an answer.
    private func wait(_ status: Int, _ headers: [String: String]) async throws -> Double {
        let time = FakeTime()
        let transport = ScriptedTransport(.json(status, ["registries": []], headers: headers), Self.good)
        let client = try BenchlingClient.scripted(transport, time)
        _ = try await client.registries()
        if status == 200 { _ = try await client.registries() }
        #expect(transport.sent.count == 2)
        return time.waited
    }

    @Test(arguments: [
        (["retry-after": "4"], 4.0...5.0), (["retry-after": " 2 "], 2...3), (["x-rate-limit-reset": "7"], 7...8.5),
        (["x-ratelimit-reset": "7"], 7...8.5), (["retry-after": "3", "x-rate-limit-reset": "9"], 3...4),
        // The clock of these tests begins at Sun, 06 Nov 1994 08:49:37 GMT + 1000 s = 09:06:17.
        (["retry-after": "Sun, 06 Nov 1994 09:06:27 GMT"], 10...12),
        (["retry-after": "Sun, 06 Nov 1994 08:00:05 GMT", "date": "Sun, 06 Nov 1994 08:00:00 GMT"], 5...6),
        ([:], 0.5...1), (["retry-after": "soon"], 0.5...1), (["retry-after": "1e400"], 0.5...1), (["retry-after": "-5"], 0.5...1),
        (["retry-after": "86400"], 60...70),
    ])
    func `a 429 is waited out as long as it says`(headers: [String: String], seconds: ClosedRange<Double>) async throws {
        #expect(seconds.contains(try await wait(429, headers)))
    }

    @Test func `a pause is waited for in steps that are told`() async throws {
        let time = FakeTime()
        let transport = ScriptedTransport(.json(429, headers: ["retry-after": "40"]), Self.good)
        _ = try await BenchlingClient.scripted(transport, time).registries()
        #expect(time.waits.count == 3)
        #expect(time.waits.allSatisfy { $0.seconds <= 15 && $0.reason == "the tenant asks to slow down" })
    }

    @Test func `without a word of how long, the waits grow up to 15 seconds`() async throws {
        let time = FakeTime()
        let transport = ScriptedTransport { _, number in number <= 10 ? .json(429) : Self.good }
        _ = try await BenchlingClient.scripted(transport, time).registries()
        #expect(time.waits.map(\.seconds) == [0.75, 1.5, 3, 6, 11.25, 11.25, 11.25, 11.25, 11.25, 11.25])
    }

    @Test(arguments: [
        (["x-rate-limit-remaining": "0", "x-rate-limit-reset": "12"], 12.0...12.5),
        (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "12"], 12...12.5),
        (["x-rate-limit-remaining": "5", "x-rate-limit-reset": "12"], 0...0), (["x-rate-limit-remaining": "0"], 0...0.5),
        (["x-rate-limit-remaining": "many", "x-rate-limit-reset": "12"], 0...0),
    ])
    func `what is left of a window is not overdrawn`(headers: [String: String], seconds: ClosedRange<Double>) async throws {
        #expect(seconds.contains(try await wait(200, headers)))
    }

    @Test func `a token that ends while a pause is waited out is renewed before the call`() async throws {
        let time = FakeTime()
        let transport = ScriptedTransport { sent, number in
            if sent.path.hasSuffix("/token") {
                return .json(200, ["access_token": .string("tok-\(number)"), "expires_in": 100])
            }
            return number < 10 ? .json(429, headers: ["retry-after": "60"]) : Self.good
        }
        let client = try BenchlingClient.scripted(transport, time, credentials: .app(id: "a", secret: "b"))
        _ = try await client.registries()
        #expect(transport.sent.filter { $0.path.hasSuffix("/token") }.count >= 4)
    }

    @Test func `a new window has one allowance, however many calls begin it before an answer comes`() async throws {
        let time = FakeTime()
        let limiter = RateLimiter(pace: time.pace())
        try await limiter.admit()
        let headers = ["x-rate-limit-limit": "10", "x-rate-limit-remaining": "9", "x-rate-limit-reset": "30"]
        await limiter.answered(HTTPAnswer(status: 200, headers: headers))
        time.pass(40)
        for _ in 1...10 { try await limiter.admit() }
        #expect(time.waits.isEmpty)
        try await limiter.admit()
        #expect(!time.waits.isEmpty)
    }

    @Test func `calls side by side keep to the limit together`() async throws {
        let time = FakeTime()
        // A tenant of ten calls in thirty seconds, which refuses what is more.
        let windows = Windows(limit: 10, time)
        let transport = ScriptedTransport { _, _ in await windows.answer() }
        let client = try BenchlingClient.scripted(transport, time)
        _ = try await client.registries()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<60 { group.addTask { _ = try await client.registries() } }
            try await group.waitForAll()
        }
        #expect(await windows.accepted == 61)
        #expect(await windows.refused == 0)
    }

    private actor Windows {
        let limit: Int, time: FakeTime
        var begin = 0.0, used = 0, accepted = 0, refused = 0
        init(limit: Int, _ time: FakeTime) {
            self.limit = limit
            self.time = time
        }

        func answer() -> ScriptedTransport.Step {
            let now = time.pace().now()
            if now >= begin + 30 { (begin, used) = (now, 0) }
            let reset = "\(begin + 30 - now)"
            guard used < limit else {
                refused += 1
                return .json(429, headers: ["x-rate-limit-remaining": "0", "x-rate-limit-reset": reset])
            }
            used += 1
            accepted += 1
            return .json(
                200, ["registries": []],
                headers: [
                    "x-rate-limit-limit": "\(limit)", "x-rate-limit-remaining": "\(limit - used)", "x-rate-limit-reset": reset,
                ])
        }
    }
}
