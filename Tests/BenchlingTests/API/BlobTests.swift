import Benchling
import Digests
import FoundationEssentials
import IngestCore
import Testing

struct BlobTests {
    private static let made = ScriptedTransport.Step.json(200, ["id": "B-1", "name": "a", "uploadStatus": "COMPLETE"])

    private static func bytes(_ count: Int) -> Data { Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }) }

    private static func md5(_ data: Data) -> String {
        let digest = MessageDigest(.md5)
        data.withUnsafeBytes { digest.update($0) }
        return digest.hexadecimal()
    }

    // Around the slices of 196 608 bytes in which a file is read, and around the three bytes of a base64 group.
    @Test(arguments: [0, 1, 2, 3, 5, 196_607, 196_608, 196_609, 1_048_576, 1_048_577, 3_000_000])
    func `a blob is its file in base64, with the MD5 of the bytes`(size: Int) async throws {
        let transport = ScriptedTransport(Self.made)
        let data = Self.bytes(size)
        try await withTemporaryFile(data) { path in
            let parts = BlobContent.parts(of: path, fileSize: size)
            #expect(parts.count == 1)
            let blob = try await BenchlingClient.scripted(transport).createBlob(
                name: "a \"b\"\n.raw", mediaType: "text/plain", isImage: false, content: parts[0])
            #expect(blob == Blob(id: "b-1", name: "a", status: .complete))
        }
        let body = try #require(transport.sent.first?.json)
        #expect(body["data64"]?.string.flatMap { Data(base64Encoded: $0) } == data)
        #expect(body["md5"]?.string == Self.md5(data))
        #expect(body["name"] == "a \"b\"\n.raw")
        #expect(body["type"] == "RAW_FILE")
        #expect(body["mimeType"] == "text/plain")
        #expect(body.members.count == 5)
    }

    @Test func `a large file goes in parts that make it whole again`() async throws {
        let size = 23_000_001
        let data = Self.bytes(size)
        let transport = ScriptedTransport { _, number in .json(200, ["partNumber": 1, "eTag": .string("\"tag-\(number)\"")]) }
        var tags: [(number: Int, eTag: String)] = []
        try await withTemporaryFile(data) { path in
            let parts = BlobContent.parts(of: path, fileSize: size)
            #expect(parts.map(\.length) == [10_000_000, 10_000_000, 3_000_001])
            let client = try BenchlingClient.scripted(transport)
            for (index, part) in parts.enumerated() {
                tags.append((index + 1, try await client.uploadPart(index + 1, of: "b", content: part)))
            }
        }
        let bodies = transport.sent.compactMap(\.json)
        #expect(bodies.map { $0["partNumber"]?.int } == [1, 2, 3])
        #expect(bodies.compactMap { $0["data64"]?.string.flatMap { Data(base64Encoded: $0) } }.reduce(Data(), +) == data)
        #expect(bodies.allSatisfy { $0.members.count == 3 })
        let completing = ScriptedTransport(Self.made)
        _ = try await BenchlingClient.scripted(completing).completeUpload("b", parts: tags.reversed())
        #expect(
            completing.sent.first?.json == [
                "parts": [
                    ["partNumber": 1, "eTag": "\"tag-1\""], ["partNumber": 2, "eTag": "\"tag-2\""],
                    ["partNumber": 3, "eTag": "\"tag-3\""],
                ]
            ])
        #expect(completing.sent.first?.path == "/api/v2/blobs/b:complete-upload")
    }

    @Test func `a file that is gone, a directory, and one that changed size are errors, and nothing is sent`() async throws {
        let transport = ScriptedTransport(Self.made)
        let client = try BenchlingClient.scripted(transport)
        try await withTemporaryFile(Self.bytes(10)) { path in
            let wrong = [
                BlobContent(path: path + "-gone", offset: 0, length: 10, fileSize: 10),
                BlobContent(path: "/tmp", offset: 0, length: 10, fileSize: 10),
                BlobContent(path: path, offset: 0, length: 9, fileSize: 9),
                BlobContent(path: path, offset: 0, length: 11, fileSize: 11),
                BlobContent(path: path, offset: 5, length: 6, fileSize: 10),
                BlobContent(path: path, offset: -1, length: 6, fileSize: 10),
            ]
            for content in wrong {
                let fault = await #expect(throws: BlobContent.Fault.self) {
                    try await client.createBlob(name: "a", mediaType: "text/plain", isImage: true, content: content)
                }
                #expect(fault?.description.contains(content.path) == true)
            }
        }
        #expect(transport.sent.isEmpty)
    }

    @Test func `a blob is looked up by its id`() async throws {
        let unknown = ScriptedTransport(.json(404, ["error": ["message": "no", "invalidId": "b"]]))
        #expect(try await BenchlingClient.scripted(unknown).blob("b") == nil)
        let open = ScriptedTransport(.json(200, ["id": "b", "name": "a", "uploadStatus": "IN_PROGRESS"]))
        #expect(try await BenchlingClient.scripted(open).blob("b")?.status == .inProgress)
    }
}
