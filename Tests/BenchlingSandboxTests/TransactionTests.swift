import BenchlingSandbox
import IngestCore
import Testing

struct TransactionTests {
    private func begin(_ tenant: Tenant) async throws -> String {
        try #require(try await tenant.client.send("POST", "/result-transactions").json["id"]?.string)
    }

    @Test func `added results are seen by nobody before the commit, and all at once after it`() async throws {
        try await Tenant.with { tenant async throws in
            let run = try await tenant.makeRun()
            let transaction = try await begin(tenant)
            let id = "3f0f8f5e-6d0c-5b7e-9a55-0d0f6a1f2b3c"
            let add = try await tenant.client.post(
                "/result-transactions/\(transaction)/results", ["assayResults": [tenant.result(run: run, id: id)]])
            #expect(add.status == 200)
            #expect(try await tenant.client.get("/assay-results/\(id)").status == 400)
            #expect(try await tenant.client.get("/assay-results?schemaId=\(tenant.resultSchema)").json["assayResults"] == [])
            #expect(try await tenant.client.get("/assay-results:bulk-get?assayResultIds=\(id)").json["assayResults"] == [])
            // The id is taken all the same.
            let taken = try await tenant.client.post("/assay-results", ["assayResults": [tenant.result(run: run, id: id)]])
            #expect(taken.status == 400)
            #expect(try await tenant.client.send("POST", "/result-transactions/\(transaction):commit").status == 200)
            #expect(try await tenant.client.get("/assay-results/\(id)").status == 200)
            #expect(try tenant.sandbox.census().openTransactions == 0)
        }
    }

    @Test func `an abort leaves nothing, and frees the ids`() async throws {
        try await Tenant.with { tenant async throws in
            let run = try await tenant.makeRun()
            let transaction = try await begin(tenant)
            let body: JSONValue = ["assayResults": [tenant.result(run: run, id: "3f0f8f5e-6d0c-5b7e-9a55-0d0f6a1f2b3c")]]
            #expect(try await tenant.client.post("/result-transactions/\(transaction)/results", body).status == 200)
            #expect(try await tenant.client.send("POST", "/result-transactions/\(transaction):abort").status == 200)
            #expect(try tenant.sandbox.census().pendingResults == 0)
            #expect(try await tenant.client.post("/assay-results", body).status == 200)
        }
    }

    @Test(arguments: ["commit", "abort"], ["commit", "abort", "results"])
    func `an ended transaction takes nothing more`(end: String, then: String) async throws {
        try await Tenant.with { tenant async throws in
            let run = try await tenant.makeRun()
            let transaction = try await begin(tenant)
            #expect(try await tenant.client.send("POST", "/result-transactions/\(transaction):\(end)").status == 200)
            let reply =
                then == "results"
                ? try await tenant.client.post(
                    "/result-transactions/\(transaction)/results", ["assayResults": [tenant.result(run: run)]])
                : try await tenant.client.send("POST", "/result-transactions/\(transaction):\(then)")
            #expect(reply.status == 400)
            #expect(try tenant.sandbox.census().liveResults == 0)
        }
    }

    @Test func `a transaction that was left open too long is over`() async throws {
        var options = Sandbox.Options()
        options.transactionLifetime = 0
        try await Tenant.with(options) { tenant async throws in
            let transaction = try await begin(tenant)
            #expect(try await tenant.client.send("POST", "/result-transactions/\(transaction):commit").status == 400)
            _ = try await tenant.makeRun()
            #expect(try tenant.sandbox.census().openTransactions == 0)
        }
    }

    @Test func `a bulk creation tells its faults in its task, and stores all or nothing`() async throws {
        try await Tenant.with { tenant async throws in
            let run = try await tenant.makeRun()
            func outcome(_ items: [JSONValue]) async throws -> JSONValue {
                let link = try await tenant.client.post("/assay-results:bulk-create", ["assayResults": .array(items)])
                #expect(link.status == 202)
                return try await tenant.client.get("/tasks/\(link.json["taskId"]?.string ?? "")").json
            }
            let failed = try await outcome([tenant.result(run: run), tenant.result(run: run, ["peak_area": "12"])])
            #expect(failed["status"] == "FAILED" && failed["errors"]?[0]?["index"] == 1)
            #expect(try tenant.sandbox.census().liveResults == 0)
            let succeeded = try await outcome((0..<150).map { _ in tenant.result(run: run) })
            #expect(succeeded["response"]?["assayResults"]?.elements.count == 150)
        }
    }
}
