import Foundation
import GRDB
import IngestCore
import Testing

@testable import Publishing

/// What the ledger remembers of the layouts of instruments.
@Suite struct LayoutMemoryTests {
    static func sighting(_ headings: [String], file: String = "a.txt", instrument: String = "lc serial 1") -> LayoutSighting {
        var layout = Layout()
        layout.tables = [
            Layout.Table(columns: headings.map { Layout.Column($0) }, separator: "tab", member: nil, line: 1)
        ]
        return LayoutSighting(
            instrument: instrument, name: "LC-1", layout: layout, file: file, sha256: "ab01", at: "2026-03-04T10:31:05Z")
    }

    private func finding(_ headings: [String], _ ledger: SQLiteLedger, isStated: Bool = true) throws -> LayoutFinding {
        let sighting = LayoutMemoryTests.sighting(headings, file: "new.txt")
        return LayoutFinding(
            sighting, known: try ledger.layouts(of: sighting.instrument), isStated: isStated, isPublished: { _ in true })
    }

    @Test func `a layout is remembered once, the last seen comes first, and each instrument has its own`() throws {
        let place = try LedgerPlace()
        let ledger = try place.ledger()
        try ledger.remember(LayoutMemoryTests.sighting(["Name", "RT", "Area"], file: "a.txt"))
        try ledger.remember(LayoutMemoryTests.sighting(["Name", "Area", "RT"], file: "b.txt"))
        try ledger.remember(LayoutMemoryTests.sighting(["Name", "RT", "Area"], file: "c.txt"))
        try ledger.remember(LayoutMemoryTests.sighting(["Name"], file: "d.txt", instrument: "lc serial 2"))
        // Another process finds the same.
        #expect(try place.ledger().layouts(of: "lc serial 1").map(\.file) == ["c.txt", "b.txt"])
        #expect(try place.ledger().layouts(of: "lc serial 2").map(\.file) == ["d.txt"])
        #expect(try place.ledger().layouts(of: "lc serial 3") == [])
    }

    @Test func `of very many layouts those not seen for longest are forgotten`() throws {
        let place = try LedgerPlace()
        let ledger = try place.ledger()
        for index in 0..<60 { try ledger.remember(LayoutMemoryTests.sighting(["A\(index)", "B"], file: "\(index)")) }
        let known = try ledger.layouts(of: "lc serial 1")
        #expect(known.count == 50 && known.first?.file == "59" && known.last?.file == "10")
    }

    @Test func `the first file of an instrument is no news, and what was seen before is told without a question`() throws {
        let place = try LedgerPlace()
        let ledger = try place.ledger()
        #expect(try finding(["Name", "RT", "Area"], ledger).diagnostics == [])
        try ledger.remember(LayoutMemoryTests.sighting(["Name", "RT", "Area"], file: "a.txt"))
        let moved = try finding(["Name", "Area", "RT"], ledger)
        #expect(moved.isNew && moved.before == nil && moved.diagnostics.map(\.code) == ["layout.changed", "layout.changed"])
        #expect(moved.diagnostics.first?.hint?.contains("a.txt of 2026-03-04") == true)
        try ledger.remember(LayoutMemoryTests.sighting(["Name", "Area", "RT"], file: "b.txt"))
        let back = try finding(["Name", "RT", "Area"], ledger)
        #expect(!back.isNew && back.before?.file == "a.txt" && back.question == nil && !back.diagnostics.isEmpty)
    }

    @Test func `a file of another kind is news only of an instrument that is named`() throws {
        let ledger = try LedgerPlace().ledger()
        try ledger.remember(LayoutMemoryTests.sighting(["Name", "RT", "Area"]))
        #expect(try finding(["Well", "Signal"], ledger).diagnostics.map(\.code) == ["layout.new"])
        #expect(try finding(["Well", "Signal"], ledger, isStated: false).diagnostics == [])
        #expect(try finding(["Well", "Signal"], ledger).question == nil)
    }

    @Test func `a ledger from before layouts keeps its readings, and takes layouts`() throws {
        let place = try LedgerPlace()
        let earlier = LedgerSchema(steps: Array(LedgerSchema.current.steps.prefix(2)))
        _ = try SQLiteLedger(folder: place.folder, schema: earlier)
        try DatabaseQueue(path: place.file).write { database in
            try database.execute(
                sql: """
                    INSERT INTO readings (at, file, sha256, bytes, adapter, adapterVersion, format, records, results, leftOut,
                    complete, status, ingestVersion)
                    VALUES ('2026-03-04T10:31:05Z', 'a.csv', 'ab', 9, 'lc.table', 1, 'f', 'r', 2, 0, 'yes', 0, '1')
                    """)
        }
        let ledger = try place.ledger()
        var reading = try #require(try ledger.readings(sha256Prefix: nil, file: "a.csv").first)
        #expect(reading.layout == nil)
        reading.layout = "decimal mark . is now ,"
        try ledger.save(reading)
        #expect(try ledger.readings(sha256Prefix: nil, file: "a.csv").first == reading)
        #expect(try History(of: "a.csv", in: ledger).text.contains("layout changed: decimal mark . is now ,"))
        try ledger.remember(LayoutMemoryTests.sighting(["Name"]))
        #expect(try ledger.layouts(of: "lc serial 1").count == 1)
    }

    @Test func `processes that remember at once lose nothing and enter nothing twice`() throws {
        let place = try LedgerPlace()
        let children = try (0..<4).map { _ in try place.start(["layouts", "10"]) }
        for child in children {
            let outcome = try child.outcome()
            #expect(outcome.status == 0, "\(outcome.told) \(outcome.said)")
        }
        let known = try place.ledger().layouts(of: "crowd")
        #expect(Set(known.map { $0.layout.tables[0].columns[0].heading }) == Set((0..<10).map { "A\($0)" }))
        #expect(known.count == 10)
    }
}
