import BenchlingSandbox
import Foundation
import IngestCore
import Testing

/// What people see of an analysis, and what attaching to one answers.
struct AnalysisPageTests {
    private static let storage = ["x-amz-server-side-encryption": "AES256"]

    private static func send(
        _ method: String, _ path: String, _ body: JSONValue, _ tenant: Tenant
    ) async throws -> TestClient.Reply {
        try await tenant.client.send(
            method, path, body: Data(body.text.utf8), headers: ["Content-Type": "application/json"])
    }

    private static func makeFrame(_ name: String, csv: String, _ tenant: Tenant) async throws -> String {
        let made = try await tenant.client.post("/data-frames", ["name": .string(name), "manifest": [["fileName": "f.csv"]]])
        let id = try #require(made.json["id"]?.string)
        let address = made.json["manifest"]?[0]?["url"]?.string ?? ""
        _ = try await TestClient(tenant.origin, authorization: nil).send(
            "PUT", address, body: Data(csv.utf8), headers: storage)
        #expect(try await send("PATCH", "/data-frames/\(id)", ["uploadStatus": "IN_PROGRESS"], tenant).status == 202)
        return id
    }

    private static func makeFile(_ name: String, _ content: String, _ tenant: Tenant) async throws -> String {
        let folder = try await tenant.client.get("/api/v2-beta/analyses/\(tenant.sandbox.analysisID)").json["folderId"] ?? .null
        let made = try await tenant.client.post(
            "/files", ["name": .string("the " + name), "filename": .string(name), "folderId": folder])
        let id = try #require(made.json["id"]?.string)
        _ = try await TestClient(tenant.origin, authorization: nil).send(
            "PUT", made.headers["content-location"] ?? "", body: Data(content.utf8), headers: storage)
        #expect(try await send("PATCH", "/files/\(id)", ["uploadStatus": "SUCCEEDED"], tenant).status == 200)
        return id
    }

    private static func attach(_ frames: [String], files: [String] = [], in tenant: Tenant) async throws -> TestClient.Reply {
        let body: JSONValue = [
            "dataFrameIds": .array(frames.map { .string($0) }), "fileIds": .array(files.map { .string($0) }),
        ]
        return try await send("PATCH", "/api/v2-beta/analyses/\(tenant.sandbox.analysisID)", body, tenant)
    }

    @Test func `an analysis shows its input, what was attached, and files that open apart from the tenant`() async throws {
        try await Tenant.with { tenant async throws in
            let evil = "<script>alert(1)</script>"
            let csv = "curve,\"IC\n50\"\n" + (0..<40).map { "\"row \($0) \(evil)\",\($0).5\n" }.joined()
            let frame = try await Self.makeFrame("result " + evil, csv: csv, tenant)
            let page = "<!DOCTYPE html><title>IC50</title><script>1</script>"
            let html = try await Self.makeFile("ic50.html", page, tenant)
            let zip = try await Self.makeFile("all.zip", "PK", tenant)
            #expect(try await Self.attach([frame], files: [html, zip], in: tenant).status == 200)
            let shown = try await tenant.client.send("GET", "/analyses/\(tenant.sandbox.analysisID)", isPage: true)
            #expect(shown.status == 200 && !shown.text.contains("<script"))
            let rest = shown.text.components(separatedBy: "Attached tables")
            #expect(rest.count == 2 && rest[0].contains("Mortality 48h") && rest[0].contains("<td class=number>98.3"))
            #expect(!rest[1].contains("Mortality 48h") && !rest[0].contains("row 0"))
            #expect(rest[1].contains("row 29 &lt;script&gt;") && !rest[1].contains("row 30") && rest[1].contains("and more rows"))
            #expect(rest[1].contains("ic50.html") && rest[1].contains("<td class=number>\(page.utf8.count)"))
            #expect(rest[1].contains("/files/\(html)/open"))
            let file = try await tenant.client.send("GET", "/files/\(html)", isPage: true)
            #expect(file.status == 200 && file.text.contains("\(page.utf8.count) bytes") && file.text.contains("compound 12"))
            let opened = try await tenant.client.send("GET", "/files/\(html)/open", isPage: true)
            #expect(opened.text == page && opened.headers["content-type"] == "text/html; charset=utf-8")
            let policy = try #require(opened.headers["content-security-policy"])
            #expect(policy.hasPrefix("sandbox allow-scripts; default-src 'none'") && !policy.contains("allow-same-origin"))
            let loaded = try await tenant.client.send("GET", "/files/\(zip)/open", isPage: true)
            #expect(loaded.headers["content-disposition"] == "attachment; filename=\"all.zip\"")
            #expect(try await tenant.client.send("GET", "/files/file_none/open", isPage: true).status == 404)
        }
    }

    @Test(arguments: [SandboxOptions.AttachedTwice.refused, .ignored])
    func `what is attached already is refused or ignored, and what is not there is refused`(
        twice: SandboxOptions.AttachedTwice
    ) async throws {
        var options = SandboxOptions()
        options.attachedTwice = twice
        try await Tenant.with(options) { tenant async throws in
            let frame = try await Self.makeFrame("a", csv: "x\n1\n", tenant)
            let other = try await Self.makeFrame("b", csv: "x\n2\n", tenant)
            let ragged = try await Self.makeFrame("c", csv: "x,y\n2\n", tenant)
            #expect(try await Self.attach([frame], in: tenant).status == 200)
            let again = try await Self.attach([other, frame], in: tenant)
            #expect(again.status == (twice == .ignored ? 200 : 400))
            #expect(try tenant.sandbox.attachments().map(\.id) == (twice == .ignored ? [frame, other] : [frame]))
            for unfit in [ragged, "dset_none"] { #expect(try await Self.attach([unfit], in: tenant).status == 400) }
            #expect(try await Self.attach([], files: ["file_none"], in: tenant).status == 400)
        }
    }

    @Test func `a data frame may take its time`() async throws {
        var options = SandboxOptions()
        options.validationTime = 3600
        try await Tenant.with(options) { tenant async throws in
            let id = try await Self.makeFrame("slow", csv: "x\n1\n", tenant)
            let frame = try await tenant.client.get("/data-frames/\(id)").json
            #expect(frame["uploadStatus"] == "IN_PROGRESS" && frame["manifest"]?[0]?["url"]?.isNull == true)
            #expect(try await Self.attach([id], in: tenant).status == 400)
        }
    }
}
