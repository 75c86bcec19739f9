import Benchling
import FoundationEssentials
import IngestCore
import Testing

struct SignedTransferTests {
    private static let place = SecretText("https://bucket.example/object?X-Signature=hidden-signature")

    @Test func `a file goes to its address without credentials, and a redirect is followed`() async throws {
        let transport = ScriptedTransport(
            .text(307, "", headers: ["location": "https://other.example/object?X-Signature=two"]), .text(503, "<Error/>"),
            .text(200, ""))
        try await BenchlingClient.scripted(transport).upload(.data(Data("a,b\n".utf8)), mediaType: "text/csv", to: Self.place)
        #expect(
            transport.sent.map(\.url) == [
                "https://bucket.example/object?X-Signature=hidden-signature", "https://other.example/object?X-Signature=two",
                "https://other.example/object?X-Signature=two",
            ])
        #expect(transport.sent.allSatisfy { $0.headers["authorization"] == nil && $0.body == Data("a,b\n".utf8) })
        #expect(transport.sent.allSatisfy { $0.headers["x-amz-server-side-encryption"] == "AES256" && $0.method == "PUT" })
    }

    @Test func `an address that is no longer valid is told without being shown`() async throws {
        let expired = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
        let transport = ScriptedTransport(.text(403, expired))
        let failure = await #expect(throws: BenchlingFailure.self) {
            try await BenchlingClient.scripted(transport).download(from: Self.place)
        }
        #expect(failure?.kind == .refused)
        #expect(failure?.status == 403)
        #expect(failure?.message == "AccessDenied: Request has expired")
        #expect(transport.sent.count == 1)
    }

    @Test(arguments: ["http://bucket.example/a", "http://127.0.0.1/a", "ftp://a/b", "", "file:///etc/passwd"])
    func `an open line is not taken, also after a redirect`(place: String) async throws {
        let transport = ScriptedTransport(.text(302, "", headers: ["location": place]))
        let client = try BenchlingClient.scripted(transport)
        await #expect(throws: BenchlingFailure.self) { try await client.upload(.data(Data()), to: SecretText(place)) }
        #expect(transport.sent.isEmpty)
        await #expect(throws: BenchlingFailure.self) { try await client.upload(.data(Data()), to: Self.place) }
        #expect(transport.sent.count == 1)
    }

    @Test func `redirects in a circle end`() async throws {
        let transport = ScriptedTransport(.text(302, "", headers: ["location": "https://bucket.example/again"]))
        await #expect(throws: BenchlingFailure.self) { try await BenchlingClient.scripted(transport).download(from: Self.place) }
        #expect(transport.sent.count == 6)
    }

    @Test func `a table is waited for until it is made or refused`() async throws {
        let frame = { (status: JSONValue) -> ScriptedTransport.Step in
            .json(
                200,
                [
                    "id": "dset_1", "name": "t", "uploadStatus": status, "errorMessage": "row 3 is short",
                    "manifest": [
                        ["fileName": "a.csv", "url": "https://bucket.example/1"], ["fileName": "b.csv", "url": .null],
                    ],
                    "columns": [["displayName": "Dose", "type": ["name": "Float"]]],
                ])
        }
        let transport = ScriptedTransport(frame("IN_PROGRESS"), frame("NOT_UPLOADED"), frame("IN_PROGRESS"), frame("SUCCEEDED"))
        let made = try await BenchlingClient.scripted(transport).finishedDataFrame("dset_1")
        #expect(transport.sent.count == 4)
        #expect(made.columns.map { [$0.name, $0.type] } == [["Dose", "Float"]])
        #expect(made.parts.map { $0.address != nil } == [true, false])
        let failing = try BenchlingClient.scripted(ScriptedTransport(frame("FAILED_VALIDATION")))
        let failure = await #expect(throws: BenchlingFailure.self) { try await failing.finishedDataFrame("dset_1") }
        #expect(failure?.message == "row 3 is short")
        let slow = try BenchlingClient.scripted(ScriptedTransport(frame("IN_PROGRESS")))
        let late = await #expect(throws: BenchlingFailure.self) { try await slow.finishedDataFrame("dset_1", within: 100) }
        #expect(late?.kind == .unreachable)
    }

    @Test func `the address of a file stands in a header, and analyses are a beta`() async throws {
        let file: JSONValue = [
            "id": "file_1", "name": "t", "filename": "t.csv", "folderId": "lib_1", "uploadStatus": "NOT_UPLOADED",
        ]
        let transport = ScriptedTransport(
            .json(200, file, headers: ["content-location": "https://bucket.example/1"]), .json(200, file),
            .json(200, ["files": [file]]),
            .json(200, ["id": "ana_1", "folderId": "lib_1", "dataFrameIds": ["dset_1"], "fileIds": []]))
        let client = try BenchlingClient.scripted(transport)
        let made = try await client.createFile(name: "t", fileName: "t.csv", folder: "lib_1")
        #expect(made.address == SecretText("https://bucket.example/1"))
        try await client.finishFile("file_1")
        #expect(try await client.files(folder: "lib_1", name: "t").map(\.id) == ["file_1"])
        #expect(try await client.analysis("ana_1")?.dataFrames == ["dset_1"])
        _ = try await client.attach(dataFrames: ["dset_2"], files: [], to: "ana_1")
        #expect(
            transport.sent.map { "\($0.method) \($0.path)" } == [
                "POST /api/v2/files", "PATCH /api/v2/files/file_1", "GET /api/v2/files", "GET /api/v2-beta/analyses/ana_1",
                "PATCH /api/v2-beta/analyses/ana_1",
            ])
        #expect(transport.sent.last?.json == ["dataFrameIds": ["dset_2"]])
    }

    @Test(arguments: [JSONValue.object(["index": 1, "message": "bad row"]), [["index": 1, "message": "bad row"]]])
    func `a task says why it failed, in one object or in a list`(errors: JSONValue) async throws {
        let transport = ScriptedTransport(.json(200, ["status": "FAILED", "message": "it failed", "errors": errors]))
        let task = try await BenchlingClient.scripted(transport).task("t")
        #expect(task?.status == .failed)
        #expect(task?.message == "it failed; bad row")
    }
}
