import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Test func `attributes, children and pairs are the same field with its unit`() async throws {
    for row in [
        "<Peak><Area unit='mAU*s'>5</Area></Peak>", "<Peak><Area Units='mAU*s'>5</Area></Peak>",
        "<Peak><Parameter Name='Area' Value='5' Unit='mAU*s'/></Peak>", "<Peak><p name='Peak Area [mAU*s]' value='5'/></Peak>",
        "<Peak Area='5' AreaUnit='mAU*s'/>", "<Peak><Area>5</Area><AreaUnits>mAU*s</AreaUnits></Peak>",
        "<Peak><Results><Area unit='mAU*s'>5</Area></Results></Peak>",
    ] {
        let reading = try await readTable("<R>\(row)</R>")
        #expect(reading.results.first?.quantity("area")?.value == 5, "\(row)")
        #expect(reading.results.first?.quantity("area")?.unit == Unit(spelling: "mAU*s"), "\(row)")
        #expect(reading.end?.coverage.extras == 0, "\(row)")
        #expect(reading.status == 0)
    }
}

@Test func `a field has its own name where no other has it, else its path`() async throws {
    let reading = try await readTable(
        "<R><Peak Gain='1'><Lamp><Power>2</Power></Lamp><Slit><Size>3</Size></Slit><Gate><Size>4</Size></Gate></Peak></R>")
    #expect(reading.results.first?.names == ["Gain", "Power", "Slit/Size", "Gate/Size"])
}

@Test func `what is said of something in a row is not said of the row`() async throws {
    let reading = try await readTable(
        "<R><Peak><Filter Width='5' Name='F1'/><Standard><Area>7</Area></Standard><Sample name='S'/><Peak><Area>9</Area></Peak></Peak></R>"
    )
    let result = try #require(reading.results.first)
    #expect(result.names == ["Filter@Width", "Standard/Area", "Peak/Area"])
    #expect(result.measurements.allSatisfy { $0.isOwn })
    #expect(result.sample?.name == "S")
    #expect(result.extras["Filter@Name"] == "F1")
    #expect(result.analyte == nil)
}

@Test func `the text of a well is what was measured, not which well it is`() async throws {
    let reading = try await readTable("<R><Well Pos='B3'>0.5</Well><Well Pos='B4'>0.6</Well></R>", "Well")
    #expect(reading.results.map(\.position?.column) == [3, 4])
    #expect(reading.results.map { $0.quantity("Well")?.value } == [0.5, 0.6])
    #expect(reading.results.allSatisfy { $0.kind == .well })
}

@Test(arguments: [".", "1O5", "--", "12,5", "NaN"])
func `a garbled number among others is told at its place, and leaves them numbers`(cell: String) async throws {
    let rows = ["1408", "611", cell, "2"].map { "<Peak Name='P'><Cells unit='pg'>\($0)</Cells></Peak>" }
    let reading = try await readTable("<R>\(rows.joined())</R>")
    #expect(reading.codes.count == 1)
    #expect(reading.codes.first?.hasPrefix("xml.") == true)
    #expect(reading.diagnostics.first?.location.path?.description == "/R/Peak[3]/Cells")
    #expect(reading.results.map { $0.quantity("Cells")?.value } == [1408, 611, 2])
    #expect(reading.end?.leftOut == 1)
    #expect(reading.status != 0)
    #expect(reading.end?.coverage.addsUp == true)
    let missing = try await readTable("<R>\(rows.joined())</R>", missing: [cell])
    #expect(missing.codes == [])
    #expect(missing.results[2].quantity("Cells")?.absent == .notReported)
}

@Test(arguments: [("..", Diagnostic.Severity.warning), ("1O5", .warning), ("few", .note)])
func `numbers that are kept as texts for one that is none are told`(cell: String, severity: Diagnostic.Severity) async throws {
    let reading = try await readTable("<R><Peak Name='P' Cells='1'/><Peak Name='P' Cells='\(cell)'/></R>")
    #expect(reading.codes == ["xml.table.mixed-field"])
    #expect(reading.diagnostics.first?.severity == severity)
    #expect(reading.results.map { $0.extras["Cells"] } == ["1", cell])
}

@Test func `fields that a row has twice are two`() async throws {
    let reading = try await readTable("<R><Peak><Area>1</Area><Area>2</Area><Flag>a</Flag><Flag>b</Flag></Peak></R>")
    #expect(reading.results.first?.names == ["area", "Area (2)"])
    #expect(reading.results.first?.extras == ["Flag": "a", "Flag (2)": "b"])
}

@Test func `an unknown field is a measurement only where most rows have numbers in it, and else told`() async throws {
    let text = "<R><Peak a='1' b='1' c='1e3'/><Peak a='2' b='x' c=''/><Peak a='n.d.' b='y' c='&lt;5'/></R>"
    let reading = try await readTable(text, missing: ["n.d."])
    #expect(reading.results.map(\.names) == [["a", "c"], ["a", "c"], ["a", "c"]])
    #expect(reading.results.map { $0.extras["b"] } == ["1", "x", "y"])
    #expect(reading.codes == ["xml.table.mixed-field"])
    #expect(reading.diagnostics.first?.severity == .note)
    #expect(reading.results[1].quantity("c")?.absent == .empty)
    #expect(reading.results[2].quantity("a")?.absent == .notReported)
    #expect(reading.results[2].quantity("c")?.bound == .below)
}

@Test func `a text in a field of numbers leaves out its row, however many rows stand before it`() async throws {
    let rows = (1...1100).map { "<Peak a='\($0)'/>" }.joined()
    let reading = try await readTable("<R>\(rows)<Peak a='12O'/><Peak a='13'/></R>")
    #expect(reading.codes == ["xml.not-a-number"])
    #expect(reading.diagnostics.last?.location.path?.description == "/R/Peak[1101]/@a")
    #expect(reading.results.count == 1101)
    #expect(reading.status == 1)
}

@Test func `a field means the same wherever it appears first`() async throws {
    let late = "<Amount unit='mg/L'>7</Amount><Odd>8</Odd><Code>x</Code><Acquired>soon</Acquired>"
    let rows = (1...1203).map { "<Peak><RT unit='min'>\($0)</RT>\($0 > 1200 ? late : "")</Peak>" }.joined()
    let reading = try await readTable("<R>\(rows)</R>")
    #expect(reading.codes == [])
    #expect(reading.results.count == 1203)
    #expect(reading.results[1199].names == ["retentionTime"])
    for result in reading.results.suffix(3) {
        #expect(result.names == ["retentionTime", "amount", "Odd"])
        #expect(result.quantity("amount")?.unitWritten == "mg/L")
        #expect(result.extras == ["Code": "x", "Acquired": "soon"])
    }
}

@Test func `a number behind more fields than are looked at is kept, and told once`() async throws {
    let fields = (1...2002).map { "<f\($0)>\($0)</f\($0)>" }.joined()
    let reading = try await readTable("<R><Peak>\(fields)</Peak><Peak>\(fields)</Peak></R>")
    #expect(reading.codes == ["xml.table.too-many-fields"])
    #expect(reading.diagnostics.first?.severity == .warning)
    #expect(reading.diagnostics.first?.message.contains("\"f2001\"") == true)
    #expect(reading.results.map(\.measurements.count) == [2000, 2000])
    #expect(reading.results.map(\.extras) == [["f2001": "2001", "f2002": "2002"], ["f2001": "2001", "f2002": "2002"]])
}

@Test func `several elements with numbers in a row say nothing of it, and are told`() async throws {
    let text = """
        <R><Sample name='A' Volume='3'><Peaks><Peak no='1'><Name>x</Name><RT>1</RT><Area unit='mAU*s'>10</Area></Peak>\
        <Peak no='2'><Name>y</Name><RT>2</RT><Area unit='mAU*s'>none</Area></Peak></Peaks></Sample>\
        <Sample name='B' Volume='4'><Peaks><Peak no='1'><Name>x</Name><RT>3</RT></Peak></Peaks></Sample></R>
        """
    let reading = try await readTable(text, "Sample")
    #expect(reading.codes == ["xml.table.rows-in-row"])
    let told = try #require(reading.diagnostics.first)
    #expect(told.severity == .warning)
    #expect(told.message.contains("a <Sample> holds several <Peak>"))
    #expect(told.hint?.contains("--element Peak ") == true)
    #expect(told.location.path?.description == "/R/Sample/Peaks/Peak[2]")
    #expect(reading.results.map(\.kind) == [.sample, .sample])
    #expect(reading.results.map(\.names) == [["volume"], ["volume"]])
    #expect(reading.results.map(\.analyte) == [nil, nil])
    #expect(reading.results.first?.extras["Peaks/Peak/Area"] == "10")
    #expect(reading.results.first?.extras["Peaks/Peak/Area (2)"] == "none")
    #expect(reading.results.last?.extras["Peaks/Peak/RT"] == "3")
    #expect(reading.end?.coverage.addsUp == true)
    let peaks = try await readTable(text, "Peak", missing: ["none"])
    #expect(peaks.codes == [])
    #expect(peaks.results.map { $0.quantity("retentionTime")?.value } == [1, 2, 3])
}

@Test func `rows in a row are told with the path that chooses them`() async throws {
    let reading = try await readTable("<R><Peak RT='9'><Peak RT='1' Area='1'/><Peak RT='2' Area='1'/></Peak></R>")
    #expect(reading.codes == ["xml.table.rows-in-row"])
    #expect(reading.diagnostics.first?.hint?.contains("--element Peak/Peak ") == true)
    #expect(reading.results.map(\.names) == [["retentionTime"]])
}

@Test(arguments: [
    "<Results><Area>1</Area></Results><Results><RT>2</RT></Results>",
    "<P Name='Area' Value='1'/><P Name='RT' Value='2'/>",
    "<Area status='ok'>1</Area><RT status='ok'>2</RT>",
])
func `elements that only group or name the fields of a row are no rows in it`(fields: String) async throws {
    let reading = try await readTable("<R><Peak>\(fields)</Peak></R>")
    #expect(reading.codes == [])
    #expect(reading.results.first?.quantity("area")?.value == 1)
    #expect(reading.results.first?.quantity("retentionTime")?.value == 2)
}

@Test func `of two fields of one name that of the namespace of the row has it, the other its prefix`() async throws {
    let both = "<a:P><b:Area unit='m'>2</b:Area><a:Area>1</a:Area></a:P><a:P><b:Area>4</b:Area><b:Width>5</b:Width></a:P>"
    let attributes = "<a:P b:Height='6' Height='7'/>"
    let reading = try await readTable("<R xmlns:a='u1' xmlns:b='u2'>\(both)\(attributes)</R>", "P")
    #expect(reading.codes == [])
    #expect(reading.results.map(\.names) == [["b:Area", "area"], ["b:Area", "width"], ["other:Height", "height"]])
    #expect(reading.results[0].quantity("area")?.value == 1)
    #expect(reading.results[0].quantity("b:Area")?.unitWritten == "m")
    #expect(reading.results[2].quantity("height")?.value == 7)
    let alone = try await readTable("<R xmlns:b='u2'><P><b:Area>2</b:Area></P><P><b:Area>3</b:Area></P></R>", "P")
    #expect(alone.results.map { $0.quantity("area")?.value } == [2, 3])
    let neither = try await readTable("<R xmlns:a='u1' xmlns:b='u2'><P><a:Area>2</a:Area><b:Area>3</b:Area></P></R>", "P")
    #expect(neither.results.map(\.names) == [["a:Area", "b:Area"]])
}

@Test func `a unit that cannot be that of its field is kept and told once`() async throws {
    let reading = try await readTable("<R><Peak><Area unit='min'>5</Area></Peak><Peak><Area unit='min'>6</Area></Peak></R>")
    #expect(reading.codes == ["xml.table.other-unit"])
    #expect(reading.results.map { $0.quantity("area")?.unit } == [nil, nil])
    #expect(reading.results.map { $0.extras["Area unit"] } == ["min", "min"])
}

@Test func `a date and a time of day are one time, and a time of day alone is none`() async throws {
    let reading = try await readTable(
        "<R><Peak Date='2024-04-02' Time='08:15:30' a='1'/><Peak Date='' Time='08:16:00' a='1'/><Peak Date='x' Time='y' a='1'/></R>"
    )
    #expect(reading.results.map { $0.injection?.acquired?.written } == ["2024-04-02 08:15:30", nil])
    #expect(reading.results.map { $0.extras["Time"] } == [nil, "08:16:00"])
    #expect(reading.codes == ["xml.not-a-time"])
}

@Test func `a unit beside a number is that of its text, whatever attributes it has`() async throws {
    let rows =
        "<Peak><Area status='ok'>100</Area><AreaUnit>mAU*s</AreaUnit></Peak><Peak><Area status='ok'>7</Area><AreaUnit/></Peak>"
    let reading = try await readTable("<R>\(rows)</R>")
    #expect(reading.codes == [])
    #expect(reading.results.map { $0.quantity("area")?.unitWritten } == ["mAU*s", nil])
    #expect(reading.results.map { $0.extras["Area@status"] } == ["ok", "ok"])
    #expect(reading.end?.coverage.addsUp == true)
}

@Test(arguments: [
    "<Area>100</Area><AreaUnit>mAU*s</AreaUnit><Area>7</Area><AreaUnit>uV*s</AreaUnit>",
    "<AreaUnit>mAU*s</AreaUnit><Area>100</Area><AreaUnit>uV*s</AreaUnit><Area>7</Area>",
])
func `of pairs that take turns each number has the unit beside it`(pairs: String) async throws {
    let reading = try await readTable("<R><Peak>\(pairs)</Peak><Peak>\(pairs)</Peak></R>")
    #expect(reading.codes == [])
    for result in reading.results {
        #expect(result.measurements.map(\.quantity.value) == [100, 7])
        #expect(result.measurements.map(\.quantity.unitWritten) == ["mAU*s", "uV*s"])
    }
}

@Test(arguments: [
    "<Area>100</Area><Area>7</Area><AreaUnit>mAU*s</AreaUnit><AreaUnit>uV*s</AreaUnit>",
    "<Area>100</Area><Area>7</Area><AreaUnit>mAU*s</AreaUnit>",
    "<Area unit='uV*s'>100</Area><Area unit='uV*s'>7</Area><AreaUnit>mAU*s</AreaUnit>",
])
func `a unit that could be that of several numbers is guessed for none, and told once`(row: String) async throws {
    let reading = try await readTable("<R><Peak>\(row)</Peak><Peak>\(row)</Peak></R>")
    #expect(Set(reading.codes) == ["xml.table.open-unit"] && reading.codes.count == 1)
    for result in reading.results {
        #expect(result.measurements.map(\.quantity.value) == [100, 7])
        #expect(!result.measurements.contains { $0.quantity.unitWritten == "mAU*s" })
        #expect(result.extras["AreaUnit"] == "mAU*s")
    }
    #expect(reading.end?.coverage.addsUp == true)
}
