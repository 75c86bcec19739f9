import Benchling
import BenchlingSandbox
import Digests
import Foundation
import IngestCore
import IngestTesting
import Publishing
import RecordReading
import Synchronization
import Testing

/// An attachment far larger than memory should be.
@Suite struct LargeAttachmentTests {
    /// 1 GB, ten with `INGEST_PROOF=full`; a file of holes.
    private static let bytes = (Proof.isFull ? 10_000_000_000 : 1_000_000_000) + 12_345

    /// Passes everything on but the parts of blobs, which it counts and forgets: the tenant gets a blob of one byte instead.
    private final class Swallowing: HTTPTransport {
        private let base = URLSessionTransport()
        let swallowed = Mutex((parts: 0, bytes: 0, mostResident: 0))

        func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
            var request = request
            if request.url.hasSuffix(":start-multipart-upload") {
                request.url = request.url.replacing(":start-multipart-upload", with: "")
                let one = Data("x".utf8)
                let body: JSONValue = [
                    "name": "one.bin", "type": "RAW_FILE", "data64": .string(one.base64EncodedString()),
                    "md5": "9dd4e461268c8034f5c8564e155c67a6",
                ]
                request.body = .data(try JSONEncoder().encode(body))
                return try await base.send(request)
            }
            guard request.url.contains("/parts") || request.url.hasSuffix(":complete-upload") else {
                return try await base.send(request)
            }
            guard request.url.hasSuffix("/parts") else {
                let id = request.url.split(separator: "/").last?.split(separator: ":").first ?? ""
                return try answer(["id": .string(String(id)), "name": "one.bin", "type": "RAW_FILE", "uploadStatus": "COMPLETE"])
            }
            let length: Int
            switch request.body {
            case .file(let path):
                length = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            case .data(let data): length = data.count
            case nil: length = 0
            }
            let number = swallowed.withLock { sum in
                sum.parts += 1
                sum.bytes += length
                sum.mostResident = max(sum.mostResident, LargeAttachmentTests.residentBytes)
                return sum.parts
            }
            return try answer(["partNumber": .number(Double(number)), "eTag": .string("\"\(number)\"")])
        }

        private func answer(_ value: JSONValue) throws -> HTTPAnswer {
            HTTPAnswer(status: 200, headers: ["content-type": "application/json"], body: try JSONEncoder().encode(value))
        }
    }

    private static var residentBytes: Int {
        // Without the file, as where there is no /proc, nothing is measured and the test says so by failing.
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? Int.max / 4096) * 4096
    }

    private struct Source: AttachmentFiles {
        var file: String
        func path(of attachment: FileDigest) -> String? { file }
    }

    @Test func `an attachment of gigabytes goes in parts, and memory stays that of a few`() async throws {
        let bytes = Self.bytes
        let file = try TemporaryText("", name: "huge.raw")
        #expect(truncate(file.path, off_t(bytes)) == 0)
        let digest = Self.digestOfHoles(bytes)
        var made = RecordsSample(file: "huge.raw", results: [RecordsSample.result(2)])
        for index in made.lines.indices {
            var members = made.lines[index].members
            if members["type"] == "source" {
                members["file"] = ["name": "huge.raw", "bytes": .number(Double(bytes)), "sha256": .string(digest)]
            } else if members["type"] == "attachment" {
                members["bytes"] = .number(Double(bytes))
                members["sha256"] = .string(digest)
            }
            made.lines[index] = .object(members)
        }
        let text = try TemporaryText(made.text)
        let records = try RecordsFile(path: text.path)
        try await Laboratory.with(.plain) { laboratory async throws in
            let transport = Swallowing()
            let tenant = try await laboratory.tenant(Laboratory.Command(transport: transport))
            let ledger = try laboratory.ledger()
            let publisher = RunPublisher(
                tenant: tenant, ledger: ledger, attachments: Source(file: file.path),
                settings: RunPublisher.Settings(ingestVersion: "proof"))
            let plan = try await publisher.plan(RunPublisher.Input(records: records, entry: try laboratory.kind.entry()))
            let before = Self.residentBytes
            let receipt = try await publisher.carryOut(plan, ledger: ledger)
            #expect(receipt.status == 0 && receipt.results.count == 1 && receipt.blobs.count == 1)
            let (parts, sent, most) = transport.swallowed.withLock { ($0.parts, $0.bytes, $0.mostResident) }
            #expect(parts == (bytes + 9_999_999) / 10_000_000)
            // In base64, with a name, a number and a digest around each part.
            #expect(sent > bytes / 3 * 4 && sent < bytes / 3 * 4 + parts * 300)
            // Other tests of this process may grow meanwhile; a body held whole would be 1.3 GB and more.
            #expect(most - before < 300_000_000)
            print("attachment of \(bytes) bytes: \(parts) parts, memory grew by \(max(0, most - before) / 1_000_000) MB")
        }
    }

    private static func digestOfHoles(_ bytes: Int) -> String {
        let hash = MessageDigest()
        let zeros = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { zeros.deallocate() }
        zeros.initializeMemory(as: UInt8.self, repeating: 0)
        var left = bytes
        while left > 0 {
            let count = min(left, zeros.count)
            hash.update(UnsafeRawBufferPointer(rebasing: zeros[..<count]))
            left -= count
        }
        return hash.hexadecimal()
    }
}
