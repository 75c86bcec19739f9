import Benchling
import FoundationEssentials
import IngestCore
import Synchronization

extension FuzzTarget {
    /// What a tenant answers: the first byte chooses the call, the answers behind it follow one another.
    ///
    ///     b200
    ///     content-location: https://…
    ///
    ///     {"id": "…"}
    ///     === next answer
    ///     404
    static let answers = FuzzTarget("answers", longest: 8_000, grace: 0.2) { input in
        guard let first = input.first else { return }
        let transport = AnsweringTransport(Array(input.dropFirst()))
        let client = BenchlingClient(
            address: try TenantAddress("https://acme.benchling.com"),
            credentials: first & 0x80 == 0 ? .apiKey("sk_hidden-key-1") : .app(id: "app", secret: "sk_hidden-key-1"),
            transport: transport, pace: FuzzTime().pace)
        do {
            try await calls[Int(first) % calls.count](client)
        } catch let failure as BenchlingFailure {
            try expect(!failure.description.contains("sk_hidden-key-1"), "the failure shows a secret")
            try expect(!failure.message.isEmpty, "a failure without a reason")
        } catch let fault as TransportFault {
            throw FuzzFinding("\(fault) is not told as a failure")
        }
    }

    private static let calls: [@Sendable (BenchlingClient) async throws -> Void] = [
        { _ = try await $0.runSchemas() }, { _ = try await $0.resultSchemas() }, { _ = try await $0.run("a1") },
        { _ = try await $0.run("a1", isNew: true) }, { _ = try await $0.runs(schema: "s", createdFrom: 1, createdTo: nil) },
        { _ = try await $0.updateRun("a1", fields: ["n": 1]) }, { try await $0.archiveRuns(["a1"], reason: .other) },
        { _ = try await $0.createRuns([record, record]) }, { _ = try await $0.createResults([record]) },
        { _ = try await $0.result("a1") }, { _ = try await $0.results(["a1", "a2", "a3"]) },
        { _ = try await $0.results(schema: "s", runs: ["a1"], archived: true) },
        { _ = try await $0.results(schema: "s", createdSince: "2024-01-01T00:00:00Z") },
        { _ = try await $0.dataFrame("d1") }, { _ = try await $0.finishedDataFrame("d1", within: 20) },
        { _ = try await $0.createDataFrame(name: "n", fileName: "f.csv") }, { _ = try await $0.analysis("x1") },
        { _ = try await $0.attach(dataFrames: ["d1"], files: ["f1"], to: "x1") }, { _ = try await $0.blob("b1") },
        { _ = try await $0.startUpload(name: "n", mediaType: "text/csv", isImage: false) },
        { _ = try await $0.completeUpload("b1", parts: [(1, "\"e\"")]) }, { try await $0.abortUpload("b1") },
        { _ = try await $0.file("f1") }, { _ = try await $0.files(folder: "l", name: "n") },
        { _ = try await $0.createFile(name: "n", fileName: "f.csv", folder: "l") }, { _ = try await $0.task("t1") },
        { _ = try await $0.beginTransaction() }, { try await $0.addResults([record], to: "t1") },
        { try await $0.commit("t1") }, { _ = try await $0.abort("t1") }, { _ = try await $0.dropdown("o1") },
        { _ = try await $0.projects() }, { _ = try await $0.registries() },
        { _ = try await $0.registeredEntities(registry: "r", ids: ["e1", "e2", "e3"]) },
        { _ = try await $0.customEntities(names: ["a", "b"], registry: "r", anyCase: true) },
    ]

    private static let record = NewRecord(id: "a1", schema: "s", project: "p", fields: ["n": 1])
}

/// A network of answers in turn, the last of them from then on; it breaks when it is asked too often.
private final class AnsweringTransport: HTTPTransport {
    private let answers: [HTTPAnswer]
    private let asked = Atomic<Int>(0)

    init(_ text: [UInt8]) {
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        answers = lines.split(omittingEmptySubsequences: false) { $0.hasPrefix("=== ") }.map(AnsweringTransport.answer)
    }

    private static func answer(_ lines: ArraySlice<Substring>) -> HTTPAnswer {
        var answer = HTTPAnswer(status: lines.first.flatMap { Int($0) }.map { max(100, min($0, 999)) } ?? 200)
        let rest = lines.dropFirst()
        let head = rest.prefix { !$0.isEmpty }
        for line in head {
            let parts = line.split(separator: ": ", maxSplits: 1)
            if parts.count == 2 { answer.headers[parts[0].lowercased()] = String(parts[1]) }
        }
        answer.body = Data(rest.dropFirst(head.count + 1).joined(separator: "\n").utf8)
        return answer
    }

    func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        let number = asked.add(1, ordering: .relaxed).oldValue
        if number >= 200 { throw FuzzFinding("the tenant is asked for ever") }
        // A tenant that asks for patience for ever is given it.
        if number >= 30 { return HTTPAnswer(status: 400, body: Data("{\"error\":{\"message\":\"enough\"}}".utf8)) }
        return answers[min(number, answers.count - 1)]
    }
}

/// Time that passes only when it is waited for.
private final class FuzzTime: Sendable {
    private let now = Mutex(1000.0)

    var pace: Pace {
        Pace(
            now: { self.now.withLock { $0 } }, wallClock: { self.now.withLock { $0 } + 784_111_777 },
            sleep: { seconds in self.now.withLock { $0 += seconds } }, random: { 0.5 })
    }
}
