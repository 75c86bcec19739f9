import IngestCore
import Testing

/// What is told of a file that is laid out otherwise than the one before.
struct LayoutTests {
    private static func layout(_ headings: [(String, String?)], separator: String = "tab") -> Layout {
        var layout = Layout()
        let columns = headings.enumerated().map { Layout.Column($1.0, unit: $1.1, character: $0 * 10 + 1) }
        layout.tables = [Layout.Table(columns: columns, separator: separator, member: nil, line: 3)]
        return layout
    }

    private static let plain = layout([("Name", nil), ("RT", "min"), ("Area", "mAU*s"), ("Height", "mAU")])

    private static func value(_ name: String, unit: String? = nil, meaning: String? = nil, decimals: Int? = nil) -> Layout.Value {
        var value = Layout.Value(kind: "peak", place: .measurement, name: name)
        (value.unit, value.meaning, value.decimals, value.isConstant) = (unit, meaning ?? unit, decimals, true)
        return value
    }

    private static func layout(_ values: [Layout.Value], _ facts: [Layout.Fact: String] = [:]) -> Layout {
        var layout = Layout()
        (layout.values, layout.facts) = (values, facts)
        return layout
    }

    @Test func `the same layout tells nothing`() {
        #expect(LayoutTests.plain.changes(since: LayoutTests.plain) == [])
        #expect(LayoutTests.plain.isLike(LayoutTests.plain))
    }

    @Test func `a unit that has changed asks, at its heading`() throws {
        let now = LayoutTests.layout([("Name", nil), ("RT", "min"), ("Area", "mAU*min"), ("Height", "mAU")])
        let change = try #require(now.changes(since: LayoutTests.plain).first)
        #expect(change.text == "unit mAU*s of \"Area\" is now mAU*min" && change.canAlterNumbers)
        #expect(change.line == 3 && change.column == 21 && change.field == "Area")
    }

    @Test func `a unit within a heading is the unit of the same column`() {
        let before = LayoutTests.layout([("Name", nil), ("Area (mAU*s)", "mAU*s"), ("Height", nil)])
        let now = LayoutTests.layout([("Name", nil), ("Height", nil), ("Area [mAU*min]", "mAU*min")])
        #expect(
            now.changes(since: before).map(\.text) == [
                "unit mAU*s of \"Area\" is now mAU*min", "\"Height\" moved from 3 to 2", "\"Area\" moved from 2 to 3",
            ])
    }

    @Test func `two spellings of one unit do not ask`() {
        let now = LayoutTests.layout([("Name", nil), ("RT", "minutes"), ("Area", "mAU.s"), ("Height", "mAU")])
        let changes = now.changes(since: LayoutTests.plain)
        #expect(changes.count == 2 && changes.allSatisfy { !$0.canAlterNumbers }, "\(changes.map(\.text))")
    }

    @Test func `a column that is new, gone or moved is told and does not ask`() {
        let now = LayoutTests.layout([("Vial", nil), ("Name", nil), ("RT", "min"), ("Area", "mAU*s"), ("Symmetry", nil)])
        let changes = now.changes(since: LayoutTests.plain)
        #expect(
            changes.map(\.text) == [
                "new column 1 \"Vial\"", "new column 5 \"Symmetry\"", "column 4 \"Height\" is not there any more",
                "\"Name\" to \"Area\" moved from 1-3 to 2-4",
            ])
        #expect(changes.allSatisfy { !$0.canAlterNumbers })
    }

    @Test func `a heading in the place of another is told as renamed, and another separator as such`() {
        let now = LayoutTests.layout(
            [("Name", nil), ("RT", "min"), ("Peak Area", "mAU*s"), ("Height", "mAU")], separator: "\";\"")
        #expect(
            now.changes(since: LayoutTests.plain).map(\.text) == [
                "separator tab is now \";\"", "column 3 \"Area\" is now \"Peak Area\"",
            ])
    }

    @Test func `tables are compared with those they are like, others are new or gone`() {
        var before = LayoutTests.plain, now = LayoutTests.plain
        before.tables.append(Layout.Table(columns: [Layout.Column("Ch"), .init("nm")], separator: nil, member: nil, line: nil))
        let first = Layout.Table(columns: [Layout.Column("Vial"), .init("Dilution")], separator: nil, member: nil, line: 1)
        now.tables.insert(first, at: 0)
        #expect(
            now.changes(since: before).map(\.text) == [
                "new table of \"Vial\", \"Dilution\"", "the table of \"Ch\", \"nm\" is not there any more",
            ])
    }

    @Test func `decimals, units and the decimal mark ask, and what is not known differs from nothing`() {
        let before = LayoutTests.layout(
            [LayoutTests.value("area", unit: "mAU*s", decimals: 3), LayoutTests.value("height", decimals: 0)],
            [.decimalMark: ".", .software: "ChemStation 5.97", .format: "report 5.97"])
        var now = LayoutTests.layout(
            [LayoutTests.value("area", unit: "mAU*min", decimals: 1), LayoutTests.value("height", decimals: 2)],
            [.decimalMark: ",", .software: "ChemStation 6.01", .format: "report 6.01"])
        let changes = now.changes(since: before)
        #expect(
            changes.map(\.text) == [
                "unit mAU*s of \"area\" of peaks is now mAU*min", "\"area\" of peaks had 3 decimals and now has 1",
                "decimal mark . is now ,", "software ChemStation 5.97 is now ChemStation 6.01",
            ])
        #expect(changes.map(\.canAlterNumbers) == [true, true, true, false])
        now.values = [LayoutTests.value("area"), LayoutTests.value("height")]
        now.facts = [:]
        #expect(now.changes(since: before) == [])
    }

    @Test func `a value that is gone asks where it would be published`() {
        let before = LayoutTests.layout([LayoutTests.value("area"), LayoutTests.value("symmetry")])
        let now = LayoutTests.layout([LayoutTests.value("area"), LayoutTests.value("tailing")])
        let changes = now.changes(since: before) { $0.name == "area" }
        #expect(changes.map(\.text) == ["\"symmetry\" of peaks is not there any more", "new: \"tailing\" of peaks"])
        #expect(changes.allSatisfy { !$0.canAlterNumbers })
        #expect(now.changes(since: before)[0].canAlterNumbers)
        // Of results of another kind nothing follows.
        let wells = LayoutTests.layout([Layout.Value(kind: "well", place: .measurement, name: "absorbance")])
        #expect(wells.changes(since: before) == [])
    }

    @Test func `a file of few rows does not make the decimals and units forgotten`() {
        let before = LayoutTests.layout([LayoutTests.value("area", unit: "mAU*s", decimals: 3)], [.decimalMark: "."])
        let few = LayoutTests.layout([LayoutTests.value("area"), LayoutTests.value("height")])
        let kept = few.filled(from: before)
        let now = LayoutTests.layout([LayoutTests.value("area", unit: "mAU*s", decimals: 2)], [.decimalMark: ","])
        #expect(now.changes(since: kept).map(\.text).contains("\"area\" of peaks had 3 decimals and now has 2"))
        #expect(now.changes(since: kept).map(\.text).contains("decimal mark . is now ,"))
    }

    @Test func `what is kept of a file is bounded`() {
        let account = ReadingAccount()
        for table in 0..<100 {
            let columns = (0..<30).map { Layout.Column("T\(table) \($0)") }
            account.note(Layout.Table(columns: columns, separator: nil, member: nil, line: nil))
        }
        let (noted, areCut) = account.tables
        #expect(areCut && noted.map(\.columns.count).reduce(0, +) == Layout.mostColumns)
    }
}
