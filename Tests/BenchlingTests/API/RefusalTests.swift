import Benchling
import FoundationEssentials
import IngestCore
import Testing

struct RefusalTests {
    private func failure(_ step: ScriptedTransport.Step) async throws -> BenchlingFailure {
        let client = try BenchlingClient.scripted(ScriptedTransport(step))
        return try #require(await #expect(throws: BenchlingFailure.self) { try await client.createResults([WriteCall.record]) })
    }

    @Test func `faults of items come back by their place, whatever their shape`() async throws {
        let failure = try await failure(
            .json(
                400,
                [
                    "assayResults": .null,
                    "errors": [
                        ["fields": [:], "global": []],
                        [
                            "fields": [
                                "a": "No entity", "b": ["x", "y"], "c": ["message": "too large"], "d": ["max": ["is 5"]],
                            ],
                            "global": [],
                        ],
                        ["fields": [:], "global": ["no such schema", ""]],
                    ],
                ]))
        #expect(failure.kind == .refused)
        #expect(failure.call == "POST /assay-results")
        #expect(failure.status == 400)
        #expect(
            failure.items == [
                1: .init(fields: ["a": "No entity", "b": "x; y", "c": "too large", "d": "max: is 5"]),
                2: .init(global: ["no such schema"]),
            ])
        #expect(failure.message == "item 2: a: No entity; b: x; y; c: too large; d: max: is 5 (and 1 more items)")
    }

    @Test func `the usual body gives what is meant for people, and the number for support`() async throws {
        let failure = try await failure(
            .json(
                400, ["error": ["type": "invalid_request_error", "message": "E17", "userMessage": "Too many", "errorId": "e-9"]]))
        #expect(failure.message == "Too many")
        #expect(failure.supportID == "e-9")
        #expect(failure.items.isEmpty)
    }

    @Test(arguments: [
        (
            "<!DOCTYPE html><HTML><head><title>413 Request Entity Too Large</title>",
            "an HTML page (title \"413 Request Entity Too Large\")"
        ),
        ("<html><body>no</body></html>", "an HTML page"), ("", "an empty answer"),
        ("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", "AccessDenied: Request has expired"),
        ("no \u{1B}[31mjson\u{7}", "text that is not whole JSON: \"no [31mjson \""), (#"{"error": {}}"#, "no reason is given"),
        (#"{"error": "invalid_client"}"#, "invalid_client"),
    ])
    func `an error needs no JSON to be told`(body: String, message: String) async throws {
        #expect(try await failure(.text(413, body)).message == message)
    }

    @Test func `a message is bounded`() async throws {
        let failure = try await failure(.json(400, ["error": ["message": .string(String(repeating: "long ", count: 1000))]]))
        #expect(failure.message.count == 501)
    }

    @Test(arguments: [400, 404])
    func `a run or result that is asked for by id may be missing, which only the tenant itself can say`(status: Int) async throws
    {
        let unknown = ScriptedTransport.Step.json(status, ["error": ["type": "invalid_request_error", "message": "no such run"]])
        #expect(try await BenchlingClient.scripted(ScriptedTransport(unknown)).run("a") == nil)
        #expect(try await BenchlingClient.scripted(ScriptedTransport(unknown)).result("a") == nil)
        let page = ScriptedTransport.Step.text(status, "<html><title>Bad Request</title></html>")
        for step in [page, .text(status, "")] {
            await #expect(throws: BenchlingFailure.self) { try await BenchlingClient.scripted(ScriptedTransport(step)).run("a") }
            await #expect(throws: BenchlingFailure.self) {
                try await BenchlingClient.scripted(ScriptedTransport(step)).result("a")
            }
        }
    }

    @Test func `a 404 of something else is not found`() async throws {
        let step = ScriptedTransport.Step.json(404, ["error": ["message": "no dropdown", "invalidId": "sfs_1"]])
        let failure = await #expect(throws: BenchlingFailure.self) {
            try await BenchlingClient.scripted(ScriptedTransport(step)).dropdown("sfs_1")
        }
        #expect(failure?.kind == .notFound)
        #expect(failure?.invalidIDs == ["sfs_1"])
    }

    @Test(arguments: [400, 404], ["", "{}", "<html><title>Bad Request</title></html>"])
    func `a bare refusal says that a run is not there only of one that nobody made`(status: Int, body: String) async throws {
        let client = try BenchlingClient.scripted(ScriptedTransport(.text(status, body), .text(status, body)))
        #expect(try await client.run("3f0f8f5e", isNew: true) == nil)
        let failure = await #expect(throws: BenchlingFailure.self) { try await client.run("3f0f8f5e") }
        #expect(failure?.kind == .refused && failure?.status == status)
    }

    @Test(arguments: ["", "a/b", "..", "a b", "é", "a\nb"])
    func `what cannot be an id is never sent`(id: String) async throws {
        let transport = ScriptedTransport(.json(200))
        let client = try BenchlingClient.scripted(transport)
        for call in [{ _ = try await client.run(id) }, { try await client.commit(id) }, { _ = try await client.blob(id) }] {
            await #expect(throws: BenchlingFailure.self) { try await call() }
        }
        #expect(transport.sent.isEmpty)
    }
}
