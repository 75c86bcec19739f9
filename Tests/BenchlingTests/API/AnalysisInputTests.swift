import Benchling
import FoundationEssentials
import IngestCore
import IngestTesting
import Publishing
import Testing

/// What is asked for the input of an analysis, and of whom.
struct AnalysisInputTests {
    private static let key = "ana_1:eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJhY21lIn0.c2lnbmF0dXJl"  // {"aud":"acme"}

    private static func frame(_ parts: Int) -> ScriptedTransport.Step {
        let manifest = (1...parts).map { number -> JSONValue in
            ["fileName": .string("p\(number).csv"), "url": .string("https://bucket.example/\(number)?X-Signature=hidden")]
        }
        return .json(
            200,
            [
                "id": "dset_1", "name": "plate", "uploadStatus": "SUCCEEDED", "manifest": .array(manifest),
                "columns": [["displayName": "Dose", "type": ["name": "Float"]]],
            ])
    }

    /// A tenant with one data frame, whose parts are these.
    private static func transport(
        _ parts: [ScriptedTransport.Step], analysis: JSONValue = ["id": "ana_1", "folderId": "lib_1", "dataFrameIds": ["dset_1"]]
    ) -> ScriptedTransport {
        ScriptedTransport { sent, _ in
            if sent.path.hasPrefix("/api/v2-beta/analyses") { return .json(200, analysis) }
            if sent.path.hasPrefix("/api/v2/data-frames") { return frame(max(1, parts.count)) }
            return parts[(Int(sent.path.dropFirst()) ?? 1) - 1]
        }
    }

    private static func fetch(_ transport: ScriptedTransport, _ wanted: String? = nil) async throws -> (FetchedFrame, String) {
        let place = try TemporaryText("")
        let folder = String(place.path.prefix(upTo: place.path.lastIndex(of: "/") ?? place.path.endIndex)) + "/ledger"
        let key = try StepKey(Self.key)
        let tenant = try AnalysisTenant(key, client: .scripted(transport), identity: "acme.benchling.com", destination: "acme")
        let input = AnalysisInput(key, tenant: tenant, ledger: try SQLiteLedger(folder: folder))
        let frame = try await input.fetch(wanted) { $0.columns.first?.name == "Dose" ? nil : "it has no column Dose" }
        return (frame, String(decoding: try Data(contentsOf: URL(filePath: frame.path)), as: UTF8.self))
    }

    @Test func `parts are joined under one header, and their addresses get no credentials`() async throws {
        let transport = Self.transport([
            .text(200, "Dose,M\n1,2\n"), .text(200, "\u{FEFF}Dose,M\r\n3,4"), .text(200, "Dose,M\n5,6\n"),
        ])
        let (frame, text) = try await Self.fetch(transport)
        #expect(text == "Dose,M\n1,2\n3,4\n5,6\n" && frame.bytes == text.utf8.count)
        #expect(frame.id == "dset_1" && frame.name == "plate" && frame.analysis == "ana_1" && frame.sha256.count == 64)
        for sent in transport.sent {
            #expect((sent.headers["authorization"] == nil) == sent.url.contains("bucket"), "\(sent.url)")
        }
        let path = frame.path
        withExtendedLifetime(frame) { #expect(FileManager.default.fileExists(atPath: path)) }
    }

    @Test(arguments: [
        ("Dose,Response\n3,4\n", "part 2 (p2.csv) of data frame dset_1 has the header \"Dose,Response\""),
        ("", "part 2 (p2.csv) of data frame dset_1 has no header"), ("\n3,4\n", "has no header"),
    ])
    func `a part with another header is named`(second: String, message: String) async throws {
        let fault = await #expect(throws: Diagnostic.self) {
            _ = try await Self.fetch(Self.transport([.text(200, "Dose,M\n1,2\n"), .text(200, second)]))
        }
        #expect(fault?.code == "analysis.part-header")
        #expect(fault?.message.contains(message) == true, "\(fault?.message ?? "")")
    }

    @Test func `without a table, and with one that does not fit, it says so`() async throws {
        let none = await #expect(throws: Diagnostic.self) {
            _ = try await Self.fetch(Self.transport([], analysis: ["id": "ana_1", "folderId": "lib_1"]))
        }
        #expect(none?.code == "analysis.no-frame" && none?.message == "analysis ana_1 has no data frame to analyze")
        let ours: JSONValue = ["id": "ana_1", "dataFrameIds": ["dset_1"]]
        let other = await #expect(throws: Diagnostic.self) {
            _ = try await Self.fetch(Self.transport([], analysis: ours), "dset_2")
        }
        #expect(other?.code == "analysis.unknown-frame" && other?.hint?.contains("dset_1") == true)
    }

    @Test func `a key for another tenant makes nothing that could send anything`() throws {
        let transport = ScriptedTransport(.json(200))
        let key = try StepKey("ana_1:e30.eyJhdWQiOiJldmlsLmV4YW1wbGUifQ.c2ln")  // {"aud":"evil.example"}
        #expect(throws: StepKey.Fault.self) {
            _ = try AnalysisTenant(key, client: .scripted(transport), identity: "acme", destination: "acme")
        }
        #expect(transport.sent.isEmpty)
    }

    @Test func `a key for this machine is for whichever port its tenant is served at`() throws {
        let key = try StepKey("ana_1:e30.eyJhdWQiOiIxMjcuMC4wLjEifQ.c2ln")  // {"aud":"127.0.0.1"}
        try key.check(TenantAddress("http://127.0.0.1:49152"))
        for other in ["http://127.0.0.2:49152", "https://acme.benchling.com", "http://localhost:80"] {
            #expect(throws: StepKey.Fault.self) { try key.check(TenantAddress(other)) }
        }
    }
}
