import IngestCore
import Publishing
import Testing

@Suite struct ReceiptTests {
    private static let run = Receipt.Run(id: "3f0f8f5e-6d0c-5b7e-9a55-0d0f6a1f2b3c", schema: "Chromatography Run")

    private static func receipt(
        _ status: Int, to destination: String = "acme", runs: [Receipt.Run] = [run], results: Int = 12, blobs: Int = 1,
        skipped: Int = 0, leftOut: Int = 0, replaced: [String] = []
    ) -> Receipt {
        Receipt(
            file: "run7.csv", sha256: "ab01", destination: destination, status: status, runs: runs,
            results: (0..<results).map { "r\($0)" }, blobs: (0..<blobs).map { "b\($0)" }, created: results - skipped,
            skipped: skipped, leftOut: leftOut, replaced: replaced, publication: "5c0d0000-0000-5000-8000-000000000000")
    }

    @Test func `its line has the keys that scripts rely on, in their order, and the others after them`() {
        #expect(
            ReceiptTests.receipt(1, results: 2, skipped: 1, leftOut: 3, replaced: ["0a"]).json
                == #"{"file":"run7.csv","sha256":"ab01","destination":"acme","status":1,"#
                + #""runs":[{"id":"3f0f8f5e-6d0c-5b7e-9a55-0d0f6a1f2b3c","schema":"Chromatography Run"}],"#
                + #""results":["r0","r1"],"blobs":["b0"],"created":1,"skipped":1,"leftOut":3,"#
                + #""replaced":["0a"],"publication":"5c0d0000-0000-5000-8000-000000000000"}"#)
    }

    @Test(arguments: ["run7.csv", "a \"quoted\" \\ name", "two\nlines\u{0}\u{1B}[2J", "日本語 🧪\u{2028}"])
    func `its line is read back as it was, whatever the file is called`(name: String) throws {
        var receipt = ReceiptTests.receipt(0)
        receipt.file = name
        receipt.runs[0].schema = name
        #expect(!receipt.json.contains("\n"))
        #expect(try Receipt(parsing: receipt.json + "\n") == receipt)
        #expect(receipt.text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
        receipt.publication = nil
        #expect(try Receipt(parsing: receipt.json) == receipt)
    }

    @Test(arguments: [
        "", "{}", "[]", "3f0f8f5e", #"{"file":"a","sha256":"b","destination":"c","status":"0"}"#,
        receipt(0).json + "\n" + receipt(0).json, String(receipt(0).json.dropLast()),
    ])
    func `what is no receipt is refused in words`(text: String) throws {
        let fault = #expect(throws: Diagnostic.self) { try Receipt(parsing: text, name: "r.json") }
        #expect(fault?.code == "receipt.unreadable")
        #expect(fault?.location.file == "r.json")
    }

    @Test(arguments: [
        (
            receipt(0),
            "run 3f0f8f5e… Chromatography Run · 12 results, 1 blob · published to acme · undo: ingest undo 3f0f8f5e"
        ),
        (
            receipt(0, to: "local", results: 1, blobs: 0),
            """
            run 3f0f8f5e… Chromatography Run · 1 result · published to local, the tenant built into ingest \
            (kept on this computer, sent nowhere) · undo: ingest undo 3f0f8f5e
            """
        ),
        (
            receipt(1, results: 3, blobs: 0, skipped: 2, leftOut: 1, replaced: ["0a000000-0000"]),
            """
            run 3f0f8f5e… Chromatography Run · 3 results (2 of them there before) · published to acme · \
            replaces run 0a000000… · left out: 1 result · undo: ingest undo 3f0f8f5e
            """
        ),
        (
            receipt(0, runs: [run, Receipt.Run(id: "77aa0011-0000", schema: "Plate Run")]),
            """
            run 3f0f8f5e… Chromatography Run
            run 77aa0011… Plate Run
            12 results, 1 blob · published to acme · undo: ingest undo 3f0f8f5e
            """
        ),
        (receipt(2, runs: [], results: 0, blobs: 0), "not published to acme"),
        (
            receipt(3, results: 5, blobs: 0),
            """
            run 3f0f8f5e… Chromatography Run · 5 results · publishing to acme is unfinished; what is done is recorded, \
            and the same command goes on from there · undo: ingest undo 3f0f8f5e
            """
        ),
        (
            receipt(4, blobs: 0, skipped: 12),
            """
            run 3f0f8f5e… Chromatography Run · 12 results · already published to acme, unchanged · nothing to do · \
            undo: ingest undo 3f0f8f5e
            """
        ),
    ])
    func `it says what came of the publication`(receipt: Receipt, text: String) {
        #expect(receipt.text == text)
    }
}
