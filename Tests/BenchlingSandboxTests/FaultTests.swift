import BenchlingSandbox
import Foundation
import FoundationNetworking
import IngestCore
import Synchronization
import Testing

struct FaultTests {
    private func create(_ tenant: Tenant) async throws -> TestClient.Reply {
        try await tenant.client.post(
            "/assay-runs",
            ["assayRuns": [["schemaId": .string(tenant.runSchema), "fields": [:], "projectId": .string(tenant.project)]]])
    }

    static let answered: [(kind: FaultPlan.Kind, status: Int)] = [
        (.tooManyRequests(.retryAfter(2)), 429), (.tooManyRequests(.reset(2)), 429), (.tooManyRequests(.none), 429),
        (.status(500, html: false), 500), (.status(502, html: true), 502), (.status(503, html: true), 503), (.expiredToken, 401),
        (.redirect(to: "http://elsewhere.invalid/"), 307),
    ]

    @Test(arguments: answered, [FaultPlan.Moment.before, .after])
    func `a fault with an answer strikes once, before or after the tenant acted`(
        fault: (kind: FaultPlan.Kind, status: Int), moment: FaultPlan.Moment
    ) async throws {
        try await Tenant.with { tenant async throws in
            tenant.sandbox.plan(FaultPlan([.init(fault.kind, moment, at: 2, of: "POST /assay-runs")]))
            #expect(try await create(tenant).status == 200)
            #expect(try await tenant.client.get("/projects").status == 200)
            let struck = try await create(tenant)
            #expect(struck.status == fault.status)
            #expect(try tenant.sandbox.census().liveRuns == (moment == .after ? 2 : 1))
            switch fault.kind {
            case .tooManyRequests(.retryAfter): #expect(struck.headers["retry-after"] == "2")
            case .tooManyRequests(.reset): #expect(struck.headers["x-rate-limit-reset"] == "2")
            case .status(_, html: true): #expect(struck.text.hasPrefix("<!DOCTYPE html>"))
            case .redirect(let place): #expect(struck.headers["location"] == place)
            default: break
            }
            #expect(try await create(tenant).status == 200)
        }
    }

    @Test(arguments: [FaultPlan.Kind.cut, .cutBody], [FaultPlan.Moment.before, .after])
    func `a cut connection is an error to the client, whether or not the tenant acted`(
        kind: FaultPlan.Kind, moment: FaultPlan.Moment
    ) async throws {
        try await Tenant.with { tenant async throws in
            tenant.sandbox.plan(FaultPlan([.init(kind, moment, at: 1)]))
            await #expect(throws: URLError.self) { _ = try await create(tenant) }
            #expect(try tenant.sandbox.census().liveRuns == (moment == .after ? 1 : 0))
            #expect(try await create(tenant).status == 200)
        }
    }

    @Test func `a slow answer is the right one, late`() async throws {
        try await Tenant.with { tenant async throws in
            tenant.sandbox.plan(FaultPlan([.init(.slow(seconds: 0.3), .before)]))
            let clock = ContinuousClock()
            let began = clock.now
            let reply = try await create(tenant)
            #expect(reply.status == 200 && clock.now - began >= .seconds(0.3))
        }
    }

    @Test func `an endless body goes on until the client hangs up, and the tenant answers others`() async throws {
        try await Tenant.with { tenant async throws in
            tenant.sandbox.plan(FaultPlan([.init(.endless, .before, at: 1)]))
            let endless = Task { try await tenant.client.get("/projects") }
            try await Task.sleep(for: .seconds(0.2))
            #expect(try await TestClient(tenant.sandbox, tenant.origin).get("/projects").status == 200)
            endless.cancel()
            await #expect(throws: (any Error).self) { _ = try await endless.value }
        }
    }

    @Test func `every call is counted and told before and after it is acted on`() async throws {
        let seen = Mutex<[String]>([])
        var options = Sandbox.Options()
        options.onRequest = { ordinal, moment in seen.withLock { $0.append("\(ordinal) \(moment)") } }
        try await Tenant.with(options) { tenant async throws in
            _ = try await create(tenant)
            _ = try await tenant.client.get("/assay-runs/none")
            #expect(seen.withLock(\.self) == ["1 before", "1 after", "2 before", "2 after"])
            let told = tenant.sandbox.requests.map { "\($0.ordinal) \($0.call) \($0.status ?? 0)" }
            #expect(told == ["1 POST /assay-runs 200", "2 GET /assay-runs/{assay_run_id} 400"])
        }
    }
}
