import IngestCore
import Publishing
import Testing

@Suite struct HistoryTests {
    private static let first = "11110000-0000-5000-8000-000000000000", second = "22220000-0000-5000-8000-000000000000"
    private static let digest = "ab01cdef00112233445566778899aabb"

    /// A file that was published, corrected under another digest, and whose correction was undone; and another file.
    private func place() throws -> (LedgerPlace, SQLiteLedger) {
        let place = try LedgerPlace()
        let ledger = try place.ledger()
        func publish(_ id: String, _ sha256: String, _ hour: String, file: String = "run7.csv", replaces: String? = nil) throws {
            let reading = ReadingEntry(
                at: "2026-03-04T\(hour):00:00.100Z", file: file, sha256: sha256, bytes: 900, adapter: "lc.table",
                adapterVersion: 2, format: "table", records: "r", results: 2, leftOut: 1, complete: "yes", status: 1,
                ingestVersion: "1.0")
            try ledger.save(reading)
            try ledger.save(
                Publication(
                    id: id, tenant: "acme.benchling.com", destination: "acme", file: file, sha256: sha256, adapter: "lc.table",
                    adapterVersion: 2, records: "r", mapping: "m", state: .done, startedAt: "2026-03-04T\(hour):00:01.250Z",
                    replaces: replaces, ingestVersion: "1.0", receipt: "{\"long\":true}"))
            let start = id.prefix(4)
            try ledger.mark([
                PublishedThing(
                    publication: id, kind: .run, ordinal: 0, id: "\(start)aaaa-run", schema: "Chromatography Run", record: "r1",
                    state: .live),
                PublishedThing(
                    publication: id, kind: .result, ordinal: 0, id: "\(start)bbbb-result", schema: "Chromatography Result",
                    record: "\(sha256.prefix(16))-14.1", state: .live, member: "REPORT01.CSV", line: 14, column: 3,
                    path: "/a/b[1]"),
            ])
        }
        try publish(HistoryTests.first, HistoryTests.digest, "10")
        try publish(HistoryTests.second, "cd" + HistoryTests.digest.dropFirst(2), "11", replaces: HistoryTests.first + ",4444")
        try publish("33330000", "ee" + HistoryTests.digest.dropFirst(2), "12", file: "other\u{1B}.csv")
        for (id, state, reason) in [
            (HistoryTests.first, Publication.State.replaced, nil), (HistoryTests.second, .undone, "typo"),
        ] {
            var one = try #require(try ledger.publications(PublicationQuery(reference: id)).first)
            (one.state, one.reason, one.takenBackAt) = (state, reason, "2026-03-05T09:00:00.000Z")
            try ledger.save(one)
        }
        return (place, ledger)
    }

    @Test func `everything is listed, newest first, and what does not fit is counted`() throws {
        let (place, ledger) = try place()
        let all = try History(of: nil, in: ledger)
        #expect(
            all.text.split(separator: "\n").map { $0.prefix(25) } == [
                "2026-03-04 12:00:01Z publ", "2026-03-04 12:00:00Z read", "2026-03-04 11:00:01Z publ",
                "2026-03-04 11:00:00Z read", "2026-03-04 10:00:01Z publ", "2026-03-04 10:00:00Z read",
            ])
        #expect(all.more == 0)
        #expect(!all.text.contains("\u{1B}"))
        let few = try History(of: nil, in: ledger, limit: 2)
        #expect(few.entries.count == 2 && few.more == 4)
        #expect(few.text.hasSuffix("\nand 4 more"))
        #expect(try few.lines.last == #"{"count":4,"type":"more"}"#)
        withExtendedLifetime(place) {}
    }

    @Test(arguments: [
        ("run7.csv", 4), ("/data/run7.csv", 4), (digest, 2), ("ab01", 2), ("1111aa", 2), ("22220000", 2), ("EE01", 2),
    ])
    func `a file is found by its name or digest, a publication by its id or that of its run`(reference: String, count: Int) throws
    {
        let (place, ledger) = try place()
        let history = try History(of: reference, in: ledger)
        #expect(history.entries.count == count, "\(history.text)")
        #expect(history.entries.allSatisfy { if case .thing = $0 { false } else { true } })
        withExtendedLifetime(place) {}
    }

    @Test(arguments: ["1111bb", "1111BBBB-result", "ab01cdef00112233-14.1"])
    func `a value is traced to its place in the file, with what was read and published then`(reference: String) throws {
        let (place, ledger) = try place()
        let history = try History(of: reference, in: ledger)
        #expect(
            history.text == """
                result 1111bbbb-result Chromatography Result · live · from run7.csv/REPORT01.CSV:14:3 /a/b[1] · \
                record ab01cdef00112233-14.1 · publication 11110000… to acme
                2026-03-04 10:00:01Z published run7.csv to acme · run 1111aaaa… Chromatography Run · 1 result, 0 blobs · \
                lc.table version 2, ingest 1.0 · file ab01cdef… · publication 11110000… · \
                replaced by publication 22220000… 2026-03-05 09:00:00Z
                2026-03-04 10:00:00Z read run7.csv · 2 results, 1 left out · complete: yes · status 1 · \
                lc.table version 2, ingest 1.0 · file ab01cdef…
                """)
        #expect(
            try history.lines.first == """
                {"column":3,"destination":"acme","file":"run7.csv","id":"1111bbbb-result","kind":"result","line":14,\
                "member":"REPORT01.CSV","ordinal":0,"path":"/a/b[1]","publication":"11110000-0000-5000-8000-000000000000",\
                "record":"ab01cdef00112233-14.1","schema":"Chromatography Result",\
                "sha256":"ab01cdef00112233445566778899aabb","state":"live","tenant":"acme.benchling.com","type":"thing"}
                """)
        withExtendedLifetime(place) {}
    }

    @Test func `what was undone says when and why, and what it had replaced`() throws {
        let (place, ledger) = try place()
        let history = try History(of: "2222aaaa", in: ledger)
        #expect(history.text.contains(" · replaces publications 11110000…, 4444… · undone 2026-03-05 09:00:00Z: \"typo\"\n"))
        let line = try history.lines[0]
        #expect(
            line.contains(#""reason":"typo""#) && line.contains(#""runs":[{"id":"2222aaaa-run","schema":"Chromatography Run"}]"#))
        #expect(!line.contains("long"))
        withExtendedLifetime(place) {}
    }

    @Test(arguments: ["nothing", "", "%", "run"])
    func `what is not known is said not to be`(reference: String) throws {
        let (place, ledger) = try place()
        let history = try History(of: reference, in: ledger)
        #expect(history.entries.isEmpty)
        #expect(history.text == "nothing is known of \"\(reference)\"")
        withExtendedLifetime(place) {}
    }
}
