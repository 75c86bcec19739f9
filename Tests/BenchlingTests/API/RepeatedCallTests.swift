import Benchling
import FoundationEssentials
import IngestCore
import Testing

/// Every call that changes something, and whether it is made again when its outcome is not known.
struct WriteCall: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var mayRepeat: Bool
    var make: @Sendable (BenchlingClient) async throws -> Void

    init(_ name: String, mayRepeat: Bool, _ make: @escaping @Sendable (BenchlingClient) async throws -> Void) {
        testDescription = name
        self.mayRepeat = mayRepeat
        self.make = make
    }

    static let record = NewRecord(
        id: "3f0f8f5e-6d0c-5b7e-9a55-0d0f6a1f2b3c", schema: "assaysch_1", project: "src_1", fields: ["a": 1])

    static let all = [
        WriteCall("create runs", mayRepeat: false) { _ = try await $0.createRuns([record]) },
        WriteCall("create results", mayRepeat: false) { _ = try await $0.createResults([record]) },
        WriteCall("update run", mayRepeat: true) { _ = try await $0.updateRun("r", fields: ["a": 1]) },
        WriteCall("archive runs", mayRepeat: true) { try await $0.archiveRuns(["r"], reason: .other) },
        WriteCall("unarchive runs", mayRepeat: true) { try await $0.unarchiveRuns(["r"]) },
        WriteCall("archive results", mayRepeat: true) { try await $0.archiveResults(["r"], reason: .madeInError) },
        WriteCall("unarchive results", mayRepeat: true) { try await $0.unarchiveResults(["r"]) },
        WriteCall("begin", mayRepeat: true) { _ = try await $0.beginTransaction() },
        WriteCall("add results", mayRepeat: false) { try await $0.addResults([record], to: "t") },
        WriteCall("commit", mayRepeat: false) { try await $0.commit("t") },
        WriteCall("abort", mayRepeat: true) { try await $0.abort("t") },
        WriteCall("create blob", mayRepeat: true) { client in
            try await withTemporaryFile(Data("hello".utf8)) { path in
                let content = BlobContent(path: path, offset: 0, length: 5, fileSize: 5)
                _ = try await client.createBlob(name: "a", mediaType: "text/plain", isImage: false, content: content)
            }
        },
        WriteCall("start upload", mayRepeat: true) {
            _ = try await $0.startUpload(name: "a", mediaType: "text/plain", isImage: false)
        },
        WriteCall("upload part", mayRepeat: true) { client in
            try await withTemporaryFile(Data("hello".utf8)) { path in
                let content = BlobContent(path: path, offset: 0, length: 5, fileSize: 5)
                _ = try await client.uploadPart(1, of: "b", content: content)
            }
        },
        WriteCall("complete upload", mayRepeat: false) { _ = try await $0.completeUpload("b", parts: [(1, "\"e\"")]) },
        WriteCall("abort upload", mayRepeat: true) { try await $0.abortUpload("b") },
        WriteCall("create data frame", mayRepeat: true) { _ = try await $0.createDataFrame(name: "a", fileName: "a.csv") },
        WriteCall("start data frame", mayRepeat: false) { try await $0.startDataFrame("d") },
        WriteCall("create file", mayRepeat: false) { _ = try await $0.createFile(name: "a", fileName: "a.csv", folder: "lib_1") },
        WriteCall("finish file", mayRepeat: true) { try await $0.finishFile("f") },
        WriteCall("archive files", mayRepeat: true) { try await $0.archiveFiles(["f"], reason: .archived) },
        WriteCall("attach", mayRepeat: false) { _ = try await $0.attach(dataFrames: ["d"], files: [], to: "a") },
    ]
}

/// After which it is not known whether a call was acted on.
struct UnknownOutcome: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var step: ScriptedTransport.Step

    static let all =
        [500, 502, 503, 504, 520, 408].map {
            UnknownOutcome(testDescription: "\($0)", step: .text($0, "<html><title>Bad</title></html>"))
        } + [
            UnknownOutcome(testDescription: "lost connection", step: .fault(.unsure("the connection was lost"))),
            UnknownOutcome(testDescription: "cut body", step: .text(200, #"{"assayRuns": ["3f0f"#)),
            UnknownOutcome(testDescription: "page for an answer", step: .text(200, "<html><title>Sign in</title></html>")),
            UnknownOutcome(testDescription: "empty body", step: .text(200, "")),
            UnknownOutcome(testDescription: "redirect", step: .text(302, "", headers: ["location": "https://else.example/"])),
        ]
}

func withTemporaryFile(_ data: Data, _ use: (String) async throws -> Void) async throws {
    let path = FileManager.default.temporaryDirectory.path + "/blob-\(UInt64.random(in: 0...UInt64.max))"
    try data.write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }  // A file left there changes no outcome.
    try await use(path)
}

struct RepeatedCallTests {
    @Test(arguments: WriteCall.all, UnknownOutcome.all)
    func `a write of unknown outcome is sent once, unless twice is the same as once`(
        write: WriteCall, outcome: UnknownOutcome
    ) async throws {
        let transport = ScriptedTransport(outcome.step)
        let failure = await #expect(throws: BenchlingFailure.self) { try await write.make(.scripted(transport)) }
        #expect(transport.sent.count == (write.mayRepeat ? 6 : 1))
        #expect(failure?.kind == (write.mayRepeat ? .unreachable : .unsure))
    }

    @Test(arguments: WriteCall.all)
    func `what was never sent is sent again, whatever it is, and in the end unreachable`(write: WriteCall) async throws {
        let transport = ScriptedTransport(.fault(.notSent("nobody answers")))
        let failure = await #expect(throws: BenchlingFailure.self) { try await write.make(.scripted(transport)) }
        #expect(transport.sent.count == 6)
        #expect(failure?.kind == .unreachable)
    }

    @Test(arguments: WriteCall.all)
    func `a refusal is final`(write: WriteCall) async throws {
        for status in [403, 409, 413, 422] {
            let transport = ScriptedTransport(.json(status, ["error": ["message": "no", "userMessage": "not you"]]))
            let failure = await #expect(throws: BenchlingFailure.self) { try await write.make(.scripted(transport)) }
            #expect(transport.sent.count == 1)
            #expect(failure?.kind == .refused)
            #expect(failure?.message == "not you")
        }
    }

    @Test(arguments: WriteCall.all)
    func `many 429 in a row give up nothing`(write: WriteCall) async throws {
        let time = FakeTime()
        let transport = ScriptedTransport { _, number in
            number <= 40 ? .json(429, ["error": ["message": "Rate limit exceeded."]]) : .json(403, ["error": ["message": "no"]])
        }
        let failure = await #expect(throws: BenchlingFailure.self) { try await write.make(.scripted(transport, time)) }
        #expect(transport.sent.count == 41)
        #expect(failure?.kind == .refused)
        #expect(time.waits.count >= 40)
        #expect(time.waits.allSatisfy { $0.seconds <= 15 })
    }

    @Test func `a call that is refused after an unknown outcome may have happened`() async throws {
        let transport = ScriptedTransport(.text(502, ""), .json(400, ["error": ["message": "already archived"]]))
        let failure = await #expect(throws: BenchlingFailure.self) {
            try await BenchlingClient.scripted(transport).archiveRuns(["r"], reason: .archived)
        }
        #expect(failure?.kind == .unsure)
        #expect(failure?.message == "already archived")
    }

    @Test(arguments: UnknownOutcome.all.filter { $0.testDescription != "redirect" })
    func `a read is made again, later and later, and is done with the first good answer`(outcome: UnknownOutcome) async throws {
        let time = FakeTime()
        let transport = ScriptedTransport(outcome.step, outcome.step, outcome.step, .json(200, ["registries": []]))
        #expect(try await BenchlingClient.scripted(transport, time).registries() == [])
        #expect(transport.sent.count == 4)
        #expect(time.waits.map(\.seconds) == [0.375, 0.75, 1.5])
        let failing = ScriptedTransport(outcome.step)
        let failure = await #expect(throws: BenchlingFailure.self) { try await BenchlingClient.scripted(failing).registries() }
        #expect(failure?.kind == .unreachable)
        #expect(failing.sent.count == 6)
    }

    @Test func `an aborted transaction that is aborted again is no failure`() async throws {
        let gone = ScriptedTransport.Step.json(400, ["error": ["message": "not open"]])
        #expect(try await BenchlingClient.scripted(ScriptedTransport(gone)).abort("t") == false)
        #expect(try await BenchlingClient.scripted(ScriptedTransport(.text(504, ""), gone)).abort("t") == false)
        #expect(try await BenchlingClient.scripted(ScriptedTransport(.json(200, ["id": "t"]))).abort("t"))
    }
}
