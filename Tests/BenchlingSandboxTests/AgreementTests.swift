import BenchlingSandbox
import Digests
import Foundation
import IngestCore
import Testing

/// Drives every operation, well and badly, and holds each answer against what the OpenAPI documents say of its status.
struct AgreementTests {
    private static let unknown = "c0ffee00-0000-4000-8000-000000000001"

    // Without the documents beside the package there is nothing to hold the answers against; the run says that it was skipped.
    @Test(.enabled(if: OpenAPIDocument.isThere, "the OpenAPI documents are not there"))
    func `every answer is as the OpenAPI documents have it`() async throws {
        var options = Sandbox.Options()
        options.smallestPart = 4
        options.rateLimit = .init(app: 10_000, keys: 10_000)
        try await Tenant.with(options) { tenant async throws in
            let exercise = try Exercise(tenant)
            try await settings(exercise)
            try await records(exercise)
            try await transactions(exercise)
            try await blobs(exercise)
            try await frames(exercise)
            try await files(exercise)
            try await token(exercise)
            let missing = Set(Sandbox.operations.filter { !$0.contains("/storage") }).subtracting(exercise.exercised)
            #expect(missing.isEmpty, "never exercised: \(missing.sorted())")
            print("\(exercise.checked) answers of \(exercise.exercised.count) operations agree with the OpenAPI documents")
        }
    }

    private func settings(_ exercise: Exercise) async throws {
        let tenant = exercise.tenant
        for (list, id) in [("/assay-run-schemas", tenant.runSchema), ("/assay-result-schemas", tenant.resultSchema)] {
            try await exercise.call("GET", list, query: "?pageSize=1", expect: 200)
            try await exercise.call("GET", list, query: "?pageSize=101", expect: 400)
            try await exercise.call("GET", list + "/{schema_id}", ["schema_id": id], expect: 200)
            try await exercise.call("GET", list + "/{schema_id}", ["schema_id": "assaysch_unknown1"], expect: 404)
        }
        let dropdown = try #require(try tenant.sandbox.all(.dropdown).first?["id"]?.string)
        try await exercise.call("GET", "/dropdowns/{dropdown_id}", ["dropdown_id": dropdown], expect: 200)
        try await exercise.call("GET", "/dropdowns/{dropdown_id}", ["dropdown_id": "sfs_unknown1"], expect: 404)
        try await exercise.call("GET", "/projects", query: "?name=Bioassay&sort=name:desc", expect: 200)
        try await exercise.call("GET", "/registries", query: "?name=Sandbox%20Registry", expect: 200)
        try await exercise.call("GET", "/registries/{registry_id}", ["registry_id": tenant.registry], expect: 200)
        try await exercise.call("GET", "/registries/{registry_id}", ["registry_id": "src_unknown1"], expect: 404)
        let lookup = "/registries/{registry_id}/registered-entities:bulk-get"
        try await exercise.call(
            "GET", lookup, ["registry_id": tenant.registry], query: "?entityRegistryIds=S-0031,SMP-0001", expect: 200)
        try await exercise.call("GET", lookup, ["registry_id": tenant.registry], expect: 400)
        try await exercise.call("GET", lookup, ["registry_id": "src_unknown1"], query: "?entityRegistryIds=S-0031", expect: 404)
        let entities = try await exercise.call("GET", "/custom-entities", query: "?names.anyOf=std%20a,S-0032", expect: 200)
        let entity = try #require(entities.json["customEntities"]?[0]?["id"]?.string)
        #expect(entities.json["customEntities"]?.elements.count == 2)
        try await exercise.call("GET", "/custom-entities", query: "?sort=size", expect: 400)
        try await exercise.call("GET", "/custom-entities/{custom_entity_id}", ["custom_entity_id": entity], expect: 200)
        try await exercise.call("GET", "/custom-entities/{custom_entity_id}", ["custom_entity_id": "bfi_unknown1"], expect: 400)
        try await exercise.call("GET", "/custom-entities:bulk-get", query: "?customEntityIds=\(entity),bfi_unknown1", expect: 200)
        try await exercise.call("GET", "/custom-entities:bulk-get", expect: 400)
    }

    private func records(_ exercise: Exercise) async throws {
        let tenant = exercise.tenant
        let item: JSONValue = [
            "schemaId": .string(tenant.runSchema), "fields": ["instrument": "LC 1"], "projectId": .string(tenant.project),
            "validationStatus": "INVALID", "validationComment": "tried",
        ]
        let made = try await exercise.call("POST", "/assay-runs", body: ["assayRuns": [item]], expect: 200)
        let run = try #require(made.json["assayRuns"]?[0]?.string)
        try await exercise.call("POST", "/assay-runs", body: ["assayRuns": [["schemaId": "x", "fields": [:]]]], expect: 400)
        try await exercise.call("POST", "/assay-runs", body: ["runs": []], expect: 400)
        try await exercise.call("GET", "/assay-runs", query: "?schemaId=\(tenant.runSchema)&ids=\(run)", expect: 200)
        try await exercise.call("GET", "/assay-runs", query: "?schemaId=\(tenant.runSchema)&ids=\(Self.unknown)", expect: 400)
        try await exercise.call("GET", "/assay-runs/{assay_run_id}", ["assay_run_id": run], expect: 200)
        try await exercise.call("GET", "/assay-runs/{assay_run_id}", ["assay_run_id": Self.unknown], expect: 400)
        let path = "/assay-runs/{assay_run_id}"
        let change: JSONValue = ["fields": ["operator": ["value": "me"]], "equipmentId": "eq_1"]
        try await exercise.call("PATCH", path, ["assay_run_id": run], body: change, expect: 200)
        try await exercise.call("PATCH", path, ["assay_run_id": run], body: ["fields": ["none": ["value": 1]]], expect: 400)
        try await exercise.call("GET", "/assay-runs:bulk-get", query: "?assayRunIds=\(run),\(Self.unknown)", expect: 200)

        let sample = try #require(try tenant.sandbox.all(.entity).first?["id"]?.string)
        let fields: [String: JSONValue] = [
            "peak_area": 12.5, "sample": .string(sample), "chromatogram_file": .string(try await tenant.makeBlob()),
            "run_date": "2024-01-31",
        ]
        let results: JSONValue = ["assayResults": [tenant.result(run: run, fields), tenant.result(run: run)]]
        let ids =
            try await exercise.call("POST", "/assay-results", body: results, expect: 200).json["assayResults"]?.elements ?? []
        let result = try #require(ids.first?.string)
        try await exercise.call("POST", "/assay-results", body: ["assayResults": [tenant.result(run: Self.unknown)]], expect: 400)
        let filters =
            "?schemaId=\(tenant.resultSchema)&assayRunIds=\(run)&entityIds=\(sample)&createdAt.gt=2024-01-01T00:00:00%2B00:00"
        let listed = try await exercise.call("GET", "/assay-results", query: filters, expect: 200)
        #expect(listed.json["assayResults"]?.elements.map { $0["id"] } == [.string(result)])
        try await exercise.call("GET", "/assay-results", expect: 400)
        try await exercise.call("GET", "/assay-results/{assay_result_id}", ["assay_result_id": result], expect: 200)
        try await exercise.call("GET", "/assay-results/{assay_result_id}", ["assay_result_id": Self.unknown], expect: 400)
        try await exercise.call("GET", "/assay-results:bulk-get", query: "?assayResultIds=\(result)", expect: 200)
        try await exercise.call("GET", "/assay-results:bulk-get", expect: 400)
        for (things, member, id) in [("/assay-results", "assayResultIds", result), ("/assay-runs", "assayRunIds", run)] {
            let body: [String: JSONValue] = [member: [.string(id)]]
            let reasoned = JSONValue.object(body.merging(["reason": "Other"]) { $1 })
            try await exercise.call("POST", things + ":archive", body: reasoned, expect: 200)
            try await exercise.call("POST", things + ":archive", body: [:], expect: 400)
            let template = things == "/assay-runs" ? "/assay-runs/{assay_run_id}" : "/assay-results/{assay_result_id}"
            let name = things == "/assay-runs" ? "assay_run_id" : "assay_result_id"
            let archived = try await exercise.call("GET", template, [name: id], expect: 200)
            #expect(archived.json["archiveRecord"]?["reason"] == "Other")
            try await exercise.call("POST", things + ":unarchive", body: .object(body), expect: 200)
            try await exercise.call("POST", things + ":unarchive", body: .object([member: [.string(Self.unknown)]]), expect: 400)
        }
    }

    private func transactions(_ exercise: Exercise) async throws {
        let tenant = exercise.tenant
        let run = try await tenant.makeRun()
        let body: JSONValue = ["assayResults": [tenant.result(run: run)]]
        for end in ["commit", "abort"] {
            let id = try #require(try await exercise.call("POST", "/result-transactions", expect: 200).json["id"]?.string)
            let values = ["transaction_id": id]
            try await exercise.call("POST", "/result-transactions/{transaction_id}/results", values, body: body, expect: 200)
            let bad: JSONValue = ["assayResults": [tenant.result(run: run, ["peak_area": "x"])]]
            try await exercise.call("POST", "/result-transactions/{transaction_id}/results", values, body: bad, expect: 400)
            try await exercise.call("POST", "/result-transactions/{transaction_id}:\(end)", values, expect: 200)
            try await exercise.call("POST", "/result-transactions/{transaction_id}:\(end)", values, expect: 400)
        }
        for (results, status) in [(body, "SUCCEEDED"), (["assayResults": [tenant.result(run: Self.unknown)]], "FAILED")] {
            let link = try await exercise.call("POST", "/assay-results:bulk-create", body: results, expect: 202)
            let task = try await exercise.call(
                "GET", "/tasks/{task_id}", ["task_id": link.json["taskId"]?.string ?? ""], expect: 200)
            #expect(task.json["status"]?.string == status)
        }
        try await exercise.call("POST", "/assay-results:bulk-create", body: [:], expect: 400)
        try await exercise.call("GET", "/tasks/{task_id}", ["task_id": Self.unknown], expect: 404)
    }

    private func blobs(_ exercise: Exercise) async throws {
        let blob = Tenant.blob("bytes", name: "a.txt")
        let id = try #require(try await exercise.call("POST", "/blobs", body: blob, expect: 200).json["id"]?.string)
        try await exercise.call("POST", "/blobs", body: .object(blob.members.merging(["md5": "0"]) { $1 }), expect: 400)
        try await exercise.call("GET", "/blobs/{blob_id}", ["blob_id": id], expect: 200)
        try await exercise.call("GET", "/blobs/{blob_id}/download-url", ["blob_id": id], expect: 200)
        try await exercise.call("GET", "/blobs/{blob_id}/download", ["blob_id": id], expect: 302)
        for path in ["/blobs/{blob_id}", "/blobs/{blob_id}/download-url", "/blobs/{blob_id}/download"] {
            try await exercise.call("GET", path, ["blob_id": Self.unknown], expect: 404)
        }
        try await exercise.call("GET", "/blobs:bulk-get", query: "?blobIds=\(id)", expect: 200)
        let start: JSONValue = ["name": "b", "type": "RAW_FILE"]
        try await exercise.call("POST", "/blobs:start-multipart-upload", body: ["name": "b"], expect: 400)
        for end in ["complete", "abort"] {
            let open = try await exercise.call("POST", "/blobs:start-multipart-upload", body: start, expect: 200)
            let values = ["blob_id": open.json["id"]?.string ?? ""]
            let part: JSONValue = ["partNumber": 3, "data64": blob["data64"] ?? .null, "md5": blob["md5"] ?? .null]
            let sent = try await exercise.call("POST", "/blobs/{blob_id}/parts", values, body: part, expect: 200)
            try await exercise.call("POST", "/blobs/{blob_id}/parts", values, body: ["partNumber": 0], expect: 400)
            let template = "/blobs/{blob_id}:\(end)-upload"
            let body: JSONValue? = end == "complete" ? ["parts": [sent.json]] : nil
            try await exercise.call("POST", template, values, body: body, expect: 200)
            try await exercise.call("POST", template, values, body: body, expect: 400)
        }
    }

    /// Uploads to a signed address as the object store wants it.
    private func upload(_ address: String?, _ text: String, _ tenant: Tenant) async throws -> Int {
        try await TestClient(tenant.origin, authorization: nil).send(
            "PUT", address ?? "", body: Data(text.utf8), headers: ["x-amz-server-side-encryption": "AES256"]
        ).status
    }

    private func frames(_ exercise: Exercise) async throws {
        let tenant = exercise.tenant
        let analysis = String(tenant.sandbox.credentials.analysisStepKey.prefix { $0 != ":" })
        let before = try await exercise.call(
            "GET", "/analyses/{analysis_id}", ["analysis_id": analysis], base: "/api/v2-beta", expect: 200)
        for base in ["/api/v2", "/api/v2-beta"] {
            for (csv, outcome) in [("a,b\n1,x\n2,\n", "SUCCEEDED"), ("a,b\n1\n", "FAILED")] {
                let create: JSONValue = ["name": "frame", "manifest": [["fileName": "f.csv"]]]
                let made = try await exercise.call("POST", "/data-frames", base: base, body: create, expect: 200)
                let values = ["data_frame_id": made.json["id"]?.string ?? ""]
                #expect(try await upload(made.json["manifest"]?[0]?["url"]?.string, csv, tenant) == 200)
                let path = "/data-frames/{data_frame_id}"
                let update: JSONValue = ["uploadStatus": "IN_PROGRESS"]
                let link = try await exercise.call("PATCH", path, values, base: base, body: update, expect: 202)
                try await exercise.call("PATCH", path, values, base: base, body: update, expect: 400)
                let task = try await exercise.call(
                    "GET", "/tasks/{task_id}", ["task_id": link.json["taskId"]?.string ?? ""], expect: 200)
                #expect(task.json["status"]?.string == outcome)
                try await exercise.call("GET", path, values, base: base, expect: 200)
                try await exercise.call("GET", path, ["data_frame_id": "dset_unknown1"], base: base, expect: 404)
                guard outcome == "SUCCEEDED" else { continue }
                let attach: JSONValue = ["dataFrameIds": [.string(values["data_frame_id"] ?? "")]]
                let attached = ["analysis_id": analysis]
                try await exercise.call(
                    "PATCH", "/analyses/{analysis_id}", attached, base: "/api/v2-beta", body: attach, expect: 200)
                try await exercise.call(
                    "PATCH", "/analyses/{analysis_id}", attached, base: "/api/v2-beta", body: ["x": 1], expect: 400)
                let dataset: JSONValue = [
                    "name": "set", "dataFrameId": .string(values["data_frame_id"] ?? ""),
                    "folderId": before.json["folderId"] ?? .null,
                ]
                let filed = try await exercise.call("POST", "/datasets", body: dataset, expect: 200)
                try await exercise.call(
                    "GET", "/datasets/{dataset_id}", ["dataset_id": filed.json["id"]?.string ?? ""], expect: 200)
            }
            try await exercise.call("POST", "/data-frames", base: base, body: ["name": "x", "manifest": []], expect: 400)
        }
        try await exercise.call("POST", "/datasets", body: [:], expect: 400)
        try await exercise.call("GET", "/datasets", expect: 200)
        try await exercise.call("GET", "/datasets", query: "?ids=dataset_unknown", expect: 400)
        try await exercise.call("GET", "/datasets/{dataset_id}", ["dataset_id": "dataset_unknown"], expect: 400)
        try await exercise.call(
            "GET", "/analyses/{analysis_id}", ["analysis_id": "ana_unknown1"], base: "/api/v2-beta", expect: 404)
    }

    private func files(_ exercise: Exercise) async throws {
        let tenant = exercise.tenant
        let folder = try #require(try tenant.sandbox.all(.folder).first?["id"])
        for base in ["/api/v2", "/api/v2-beta"] {
            let create: JSONValue = [
                "name": "plot", "filename": "plot.html", "folderId": folder, "customFields": ["a": ["value": "b"]],
            ]
            let made = try await exercise.call("POST", "/files", base: base, body: create, expect: 200)
            let values = ["file_id": made.json["id"]?.string ?? ""]
            try await exercise.call(
                "PATCH", "/files/{file_id}", values, base: base, body: ["uploadStatus": "SUCCEEDED"], expect: 400)
            #expect(try await upload(made.headers["content-location"], "<p>plot</p>", tenant) == 200)
            try await exercise.call(
                "PATCH", "/files/{file_id}", values, base: base, body: ["uploadStatus": "SUCCEEDED"], expect: 200)
            let read = try await exercise.call("GET", "/files/{file_id}", values, base: base, expect: 200)
            let loaded = try await TestClient(tenant.origin, authorization: nil).get(read.headers["content-location"] ?? "")
            #expect(loaded.text == "<p>plot</p>")
            try await exercise.call("GET", "/files/{file_id}", ["file_id": "file_unknown"], base: base, expect: 404)
            try await exercise.call("POST", "/files", base: base, body: ["name": "plot"], expect: 400)
            try await exercise.call("GET", "/files", query: "?name=plot&folderId=\(folder.string ?? "")", expect: 200)
            let archive: JSONValue = ["fileIds": [made.json["id"] ?? .null], "reason": "Made in error"]
            try await exercise.call("POST", "/files:archive", body: archive, expect: 200)
        }
        try await exercise.call("POST", "/files:archive", body: ["fileIds": []], expect: 400)
        try await exercise.call("GET", "/files", query: "?ids=file_unknown", expect: 400)
    }

    private func token(_ exercise: Exercise) async throws {
        let credentials = exercise.tenant.sandbox.credentials
        let right = "client_id=\(credentials.clientID)&client_secret=\(credentials.clientSecret)"
        let client = TestClient(exercise.tenant.origin, authorization: nil)
        let forms = [
            ("grant_type=client_credentials&\(right)", 200), ("grant_type=password&\(right)", 400), (right, 400),
            ("grant_type=client_credentials&client_id=x&client_secret=y", 401),
        ]
        for (form, status) in forms {
            let reply = try await client.send(
                "POST", "/api/v2/token", body: Data(form.utf8), headers: ["Content-Type": "application/x-www-form-urlencoded"])
            #expect(reply.status == status, "\(form)")
            try exercise.check(reply, "POST", "/token", "/api/v2")
        }
        let json = try await client.post("/token", ["grant_type": "client_credentials"])
        #expect(json.status == 400)
        try exercise.check(json, "POST", "/token", "/api/v2")
    }
}
