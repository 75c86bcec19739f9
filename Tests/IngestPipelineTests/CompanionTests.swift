import FoundationEssentials
import IngestCore
import IngestPipeline
import IngestTesting
import TabularText
import Testing

/// A folder with some files, gone when it is no longer used.
final class Folder {
    let path: String

    init(_ files: [String: String]) throws {
        path = FileManager.default.temporaryDirectory.path + "/ingest-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8) }
    }

    deinit { _ = try? FileManager.default.removeItem(atPath: path) }
}

/// Reads `a.txt` and `b.txt` together, whichever is named.
private struct PairAdapter: CompanionReading {
    let identity = AdapterIdentity("pair", version: 1, instrument: "two files")
    func recognize(_ opening: SourceOpening) -> Recognition { .certain(because: "test") }
    func companions(of opening: SourceOpening) -> [String] { opening.neighbours.filter { $0 == "a.txt" || $0 == "b.txt" } }

    func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        for file in source.members { _ = try TextSurvey(file, .comma) }
        try await output.begin(RunRecord())
        for member in source.members {
            try await output.emit(ResultRecord(kind: .sample, measurements: [], location: member.location(line: 1)))
        }
    }
}

@Test func `a file read with its companions is identified by all of them`() async throws {
    let first = try Folder(["a.txt": "same", "b.txt": "one"])
    let second = try Folder(["a.txt": "same", "b.txt": "two"])
    let run = IngestRun(adapters: [PairAdapter()])
    let a = try await run.reading(SourceOpener.open(first.path + "/a.txt"))
    let b = try await run.reading(SourceOpener.open(first.path + "/b.txt"))
    let other = try await run.reading(SourceOpener.open(second.path + "/a.txt"))
    #expect(a.results.map(\.id) == b.results.map(\.id))
    #expect(Set(a.results.map(\.id)).isDisjoint(with: other.results.map(\.id)))
    #expect(a.source?.members.map(\.name) == ["a.txt", "b.txt"])
}

@Test func `a folder of one file has that file attached, not itself`() async throws {
    let folder = try Folder(["a.txt": "same"])
    let reading = try await IngestRun(adapters: [PairAdapter()]).reading(SourceOpener.open(folder.path))
    #expect(reading.attachments.map(\.file.name) == ["a.txt"])
}

@Test func `a file of a bundle without dates says nothing of their order`() async throws {
    let folder = try Folder(["a.txt": "10/6/2016\n", "b.txt": "1,2\n"])
    let reading = try await IngestRun(adapters: [PairAdapter()]).reading(SourceOpener.open(folder.path + "/a.txt"))
    #expect(reading.source?.assumptions.dateOrder?.why.contains("10/6/2016") == true)
}

@Test func `a part that cannot show that it is whole outweighs one that can`() {
    let account = ReadingAccount()
    account.prove("a total")
    #expect(account.completeness.verdict == .yes)
    account.doubt("the other part")
    #expect(account.completeness == Completeness(.unknown, why: "the other part"))
    account.contradict("a row is cut")
    #expect(account.completeness.verdict == .no)
}
