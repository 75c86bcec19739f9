import BenchlingSandbox
import Foundation
import IngestCore
import Testing

struct RecordTests {
    @Test func `a run and its results come back as they were sent`() async throws {
        try await Tenant.with { tenant async throws in
            let wanted = "3F0F8F5E-6D0C-5B7E-9A55-0D0F6A1F2B3C"
            let run = try await tenant.makeRun(["id": .string(wanted)])
            #expect(run == wanted.lowercased())
            let blob = try await tenant.makeBlob()
            let samples = try tenant.sandbox.all(.entity)
            let sample = try #require(samples.first?["id"]?.string)
            let fields: [String: JSONValue] = [
                "analyte": "caffeine", "retention_time": 4.2100000000000001, "run_date": "2024-02-29", "sample": .string(sample),
                "chromatogram_file": .string(blob),
            ]
            let made = try await tenant.client.post("/assay-results", ["assayResults": [tenant.result(run: run, fields)]])
            #expect(made.status == 200 && made.json["errors"]?.isNull == true)
            let id = try #require(made.json["assayResults"]?[0]?.string)
            let read = try await tenant.client.get("/assay-results/\(id.uppercased())")
            for (name, value) in fields { #expect(read.json["fields"]?[name]?["value"] == value, "\(name)") }
            #expect(read.json["fields"]?["sample"]?["displayValue"] == samples.first?["name"])
            #expect(read.json["fields"]?["peak_area"]?["value"]?.isNull == true)
            let listed = try await tenant.client.get("/assay-results?schemaId=\(tenant.resultSchema)&assayRunIds=\(run)")
            #expect(listed.json["assayResults"]?.elements.map { $0["id"] } == [.string(id)])
            #expect(try tenant.sandbox.census().unlinkedBlobs.isEmpty)
        }
    }

    /// What is wrong with a value, and where the answer has to say so.
    static let badFields: [(field: String, value: JSONValue, says: String)] = [
        ("retention_time", "4.2", "Expected a number"), ("retention_time", -1, "Less than the minimum"),
        ("analyte", 3, "Expected a text"), ("analyte", ["a", "b"], "Expected a text"),
        ("run_date", "2023-02-29", "Expected a date"),
        ("run_date", "01.02.2024", "Expected a date"), ("sample", "bfi_nothing1", "No entity bfi_nothing1"),
        ("chromatogram_file", "c0ffee00-0000-4000-8000-000000000001", "No blob"), ("Retention Time", 4, "No field of this name"),
        ("run", "c0ffee00-0000-4000-8000-000000000001", "No assay run"), ("run", .null, "A required field needs a value"),
    ]

    @Test(arguments: badFields)
    func `a value that does not fit its field refuses the whole list`(field: String, value: JSONValue, says: String) async throws
    {
        try await Tenant.with { tenant async throws in
            let run = try await tenant.makeRun()
            let good = tenant.result(run: run)
            var fields = good["fields"]?.members ?? [:]
            fields[field] = ["value": value]
            let bad = JSONValue.object(good.members.merging(["fields": .object(fields)]) { $1 })
            let reply = try await tenant.client.post("/assay-results", ["assayResults": [good, bad]])
            #expect(reply.status == 400)
            #expect(reply.json["assayResults"]?.isNull == true)
            #expect(reply.json["errors"]?[0] == ["fields": [:], "global": []])
            #expect(reply.json["errors"]?[1]?["fields"]?[field]?.string?.contains(says) == true, "\(reply.text)")
            #expect(try tenant.sandbox.census().liveResults == 0)
        }
    }

    static let badChecks: [(field: String, value: JSONValue)] = [
        ("status", "Qualified"), ("injections", 1.5), ("injections", 0), ("injections", 1001), ("passed", "true"),
        ("details", "{}"),
        ("tags", "one"), ("tags", ["one", 2]), ("remarks", ["several"]), ("instrument", ""),
    ]

    @Test(arguments: badChecks)
    func `every kind of field refuses what is not its own`(field: String, value: JSONValue) async throws {
        try await Tenant.with { tenant async throws in
            let schema = try tenant.id(.runSchema, named: "Instrument Check")
            let dropdown = try #require(try tenant.sandbox.all(.dropdown).first)
            let options = dropdown["options"]?.elements ?? []
            var fields: [String: JSONValue] = [
                "instrument": ["value": "LC 1"], "status": ["value": options[0]["id"] ?? .null], "injections": ["value": 1000],
                "passed": ["value": true], "details": ["value": ["a": 1]], "tags": ["value": ["one", "two"]],
                "remarks": ["value": "none"],
            ]
            func create() async throws -> TestClient.Reply {
                try await tenant.client.post(
                    "/assay-runs",
                    [
                        "assayRuns": [
                            ["schemaId": .string(schema), "fields": .object(fields), "projectId": .string(tenant.project)]
                        ]
                    ])
            }
            #expect(try await create().status == 200)
            fields[field] = ["value": value]
            let refused = try await create()
            #expect(refused.status == 400 && refused.json["errors"]?[0]?["fields"]?[field] != nil, "\(refused.text)")
            fields[field] = nil
            fields["instrument"] = ["value": "LC 1"]
            fields["status"] = ["value": options[2]["id"] ?? .null]
            #expect(try await create().text.contains("is archived"))
        }
    }

    static let badItems: [(change: [String: JSONValue], says: String)] = [
        (["schemaId": "assaysch_unknown1"], "does not exist"), (["id": "7"], "is not a UUID"),
        (["projectId": "src_unknown1"], "does not exist"),
        (["surprise": 1], "unknown property surprise"),
        (["fields": ["run": ["value": "x", "displayValue": "y"]]], "cannot be set"),
        (["fieldValidation": ["analyte": ["validationStatus": "PARTIALLY_VALID"]]], "must be one of"),
    ]

    @Test(arguments: badItems)
    func `an item that is wrong as a whole is told at its place`(change: [String: JSONValue], says: String) async throws {
        try await Tenant.with { tenant async throws in
            let run = try await tenant.makeRun()
            let item = tenant.result(run: run).members.merging(change) { $1 }
            let reply = try await tenant.client.post(
                "/assay-results", ["assayResults": [tenant.result(run: run), .object(item)]])
            #expect(reply.status == 400)
            let fault = reply.json["errors"]?[1]
            let texts = (fault?["global"]?.elements ?? []) + Array((fault?["fields"]?.members ?? [:]).values)
            #expect(texts.contains { $0.string?.contains(says) == true }, "\(reply.text)")
        }
    }

    @Test func `archived schemas are listed as archived and take nothing`() async throws {
        try await Tenant.with { tenant async throws in
            let listed = try await tenant.client.get("/assay-run-schemas").json["assayRunSchemas"]?.elements ?? []
            let namesakes = listed.filter { $0["name"] == "Chromatography Run" }
            #expect(namesakes.map { $0["archiveRecord"]?.isNull } == [false, true])
            let reply = try await tenant.client.post(
                "/assay-runs", ["assayRuns": [["schemaId": namesakes[0]["id"] ?? .null, "fields": [:]]]])
            #expect(reply.status == 400 && reply.text.contains("is archived"))
        }
    }

    @Test(arguments: [
        (Sandbox.Options.DuplicateID.itemFault, 400), (.oneMessage, 400), (.conflict, 409),
    ])
    func `an id is taken once, whatever its case`(answer: Sandbox.Options.DuplicateID, status: Int) async throws {
        var options = Sandbox.Options()
        options.duplicateID = answer
        try await Tenant.with(options) { tenant async throws in
            let id = "3f0f8f5e-6d0c-5b7e-9a55-0d0f6a1f2b3c"
            _ = try await tenant.makeRun(["id": .string(id)])
            let again: JSONValue = ["schemaId": .string(tenant.runSchema), "fields": [:], "id": .string(id.uppercased())]
            let reply = try await tenant.client.post("/assay-runs", ["assayRuns": [again]])
            #expect(reply.status == status && reply.text.contains("already in use"))
            #expect((reply.json["errors"]?[0] != nil) == (answer == .itemFault))
            #expect(try tenant.sandbox.census().liveRuns == 1)
        }
    }

    @Test func `a tenant may make ids of its own`() async throws {
        var options = Sandbox.Options()
        options.keepsClientIDs = false
        try await Tenant.with(options) { tenant async throws in
            let id = "3f0f8f5e-6d0c-5b7e-9a55-0d0f6a1f2b3c"
            let made = [try await tenant.makeRun(["id": .string(id)]), try await tenant.makeRun(["id": .string(id)])]
            #expect(!made.contains(id) && Set(made).count == 2)
        }
    }

    @Test func `what has no project is there for its creator alone`() async throws {
        try await Tenant.with { tenant async throws in
            let app = try await TestClient.app(tenant.sandbox, tenant.origin)
            let made = try await app.post("/assay-runs", ["assayRuns": [["schemaId": .string(tenant.runSchema), "fields": [:]]]])
            let id = try #require(made.json["assayRuns"]?[0]?.string)
            #expect(try await app.get("/assay-runs/\(id)").status == 200)
            #expect(try await tenant.client.get("/assay-runs/\(id)").status == 400)
            let listed = try await tenant.client.get("/assay-runs?schemaId=\(tenant.runSchema)")
            #expect(listed.json["assayRuns"] == [])
        }
    }

    @Test func `runs are changed field by field, results not at all`() async throws {
        try await Tenant.with { tenant async throws in
            let run = try await tenant.makeRun()
            let changed = try await tenant.client.post(
                "/assay-runs/\(run)", ["fields": ["operator": ["value": "R. Vance"]]], method: "PATCH")
            #expect(changed.json["fields"]?["operator"]?["value"] == "R. Vance")
            #expect(changed.json["fields"]?["instrument"]?["value"] == "LC 1")
            let bare = try await tenant.client.post("/assay-runs/\(run)", ["fields": ["operator": "R. Vance"]], method: "PATCH")
            #expect(bare.status == 400)
            let result = try await tenant.makeResults(run: run)[0]
            #expect(try await tenant.client.post("/assay-results/\(result)", ["fields": [:]], method: "PATCH").status == 405)
        }
    }

    @Test func `archiving needs a known reason and ids that all exist`() async throws {
        try await Tenant.with { tenant async throws in
            let run = try await tenant.makeRun()
            let unknown = "c0ffee00-0000-4000-8000-000000000001"
            func archive(_ ids: [JSONValue], _ reason: JSONValue?) async throws -> Int {
                var body: [String: JSONValue] = ["assayRunIds": .array(ids)]
                body["reason"] = reason
                return try await tenant.client.post("/assay-runs:archive", .object(body)).status
            }
            #expect(try await archive([.string(run)], nil) == 400)
            #expect(try await archive([.string(run)], "Retired") == 400)
            #expect(try await archive([.string(run), .string(unknown)], "Other") == 400)
            #expect(try tenant.sandbox.census().liveRuns == 1)
            #expect(try await archive([.string(run)], "Made in error") == 200)
            #expect(try tenant.sandbox.census().archivedRuns == 1)
            let linked = try await tenant.client.post("/assay-results", ["assayResults": [tenant.result(run: run)]])
            #expect(linked.status == 400 && linked.text.contains("is archived"))
            #expect(try await tenant.client.post("/assay-runs:unarchive", ["assayRunIds": [.string(run)]]).status == 200)
            try tenant.sandbox.place(run, inEntry: "etr_12345678")
            #expect(try await archive([.string(run)], "Other") == 400)
            #expect(try tenant.sandbox.census().liveRuns == 1)
        }
    }

    @Test func `more than a hundred results are too many for one call`() async throws {
        try await Tenant.with { tenant async throws in
            let run = try await tenant.makeRun()
            #expect(try await tenant.makeResults(run: run, 101).isEmpty)
            #expect(try await tenant.makeResults(run: run, 100).count == 100)
        }
    }
}
