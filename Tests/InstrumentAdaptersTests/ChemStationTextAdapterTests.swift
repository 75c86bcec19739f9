import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

private let adapter = ChemStationTextAdapter()
private let ruler = String(repeating: "=", count: 69)

private let head = [
    #"Data File C:\CHEM32\1\DATA\SEQ\001F0101.D"#, "Sample Name: S-1", "GC 2 3/20/2024 7:31:40 PM R. Vance", "", ruler,
    "Acq. Operator   : R. Vance                       Seq. Line :   3",
    "Acq. Instrument : GC 2                            Location : Vial 3",
    "Injection Date  : 3/20/2024 7:02:33 PM                 Inj :   1",
    "                                                Inj Volume : 0.5 µl",
    #"Method          : C:\CHEM32\1\METHODS\A_VERY_LONG_NA"#, "                  ME.M (Sequence Method)",
    "Last changed    : 3/18/2024 11:05:41 AM by R. Vance",
]
private let title = [ruler, "                         Area Percent Report", ruler, "", "Sorted By             :      Signal", ""]
private let columns = [
    "", "Peak RetTime Type  Width     Area      Height     Area  ", "  #   [min]        [min]   [pA*s]      [pA]         %",
    "----|-------|----|-------|----------|----------|--------|",
]
private let rows = [
    "   1   1.500 BB S  0.0811  150.50000   50.25000  75.2500", "   2   2.500 MM    0.0822   49.50000   20.50000  24.7500",
]
private let totals = "Totals :                   200.00000   70.75000"
private let end = ["", ruler, "                          *** End of Report ***"]
private let whole = head + title + ["Signal 1: FID1 A, Front Signal"] + columns + rows + [totals] + end

private func text(_ lines: [String]) -> String { lines.map { $0 + "\r\n" }.joined() }

private func utf16(_ text: String) -> [UInt8] {
    [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
}

private func reading(_ lines: [String]) async throws -> AdapterReading {
    try await adapter.reading(text(lines), name: "Report.TXT")
}

private func replaced(_ old: String, _ new: String) async throws -> AdapterReading {
    let before = text(whole)
    #expect(before.contains(old))
    return try await adapter.reading(before.replacing(old, with: new), name: "Report.TXT")
}

@Test func `a printed report is read with the units of its headings and proves itself whole`() async throws {
    let reading = try await reading(whole)
    #expect(reading.codes.isEmpty)
    #expect(reading.end?.completeness.verdict == .yes)
    #expect(reading.results.map(\.ordinal) == [1, 2])
    #expect(
        reading.results.map { $0.measurements.map(\.name) }.first == ["retentionTime", "width", "area", "height", "areaPercent"])
    #expect(reading.results[0].measurements.map(\.quantity.unitWritten) == ["min", "min", "pA*s", "pA", "%"])
    #expect(reading.results[1].measurements.map(\.quantity.value) == [2.5, 0.0822, 49.5, 20.5, 24.75])
    #expect(reading.results[1].flags == [Flag("manualIntegration", written: "MM")])
    #expect(reading.results[0].signal?.name == "FID1 A")
    let run = try #require(reading.runs.first)
    #expect(run.name == "001F0101.D")
    #expect(run.operatorName == "R. Vance")
    #expect(run.methods.map(\.name) == ["A_VERY_LONG_NAME.M"])
    #expect(run.extras["Seq. Line"] == "3")
    #expect(reading.results[0].injection?.volume?.value == 0.5)
    #expect(!reading.lines.contains("CHEM32"))
}

@Test(arguments: [
    ("150.50000", "1x0.50000", "table.not-a-number"), ("150.50000", "150,50000", "table.other-decimal-mark"),
    (" 150.50000 ", "1150.500001", "table.spilled-cell"), ("   1.500", "  x1.500", "table.not-a-number"),
    ("150.50000", "         ", "table.empty-cell"),
])
func `a garbled number of a printed report leaves out its row and points at the cell`(old: String, new: String, code: String)
    async throws
{
    let reading = try await replaced(old, new)
    #expect(reading.codes.first == code)
    #expect(reading.diagnostics.first?.location.line == 24)
    #expect(reading.results.map { $0.measurements.first?.quantity.value } == [2.5])
    #expect(reading.end?.leftOut == 1)
    #expect(reading.end?.completeness.verdict == .unknown)
}

@Test(arguments: [
    ("150.50000", "151.50000", "chemstation.totals"), ("   1.500", "   3.500", "chemstation.order"),
    ("75.2500", "75.3500", "chemstation.area-percent-sum"), ("200.00000", "2OO.00000", "chemstation.totals"),
    ("Height     Area", "Heigth     Area", "chemstation.unknown-column"), ("[pA*s]", "[mV*s]", "chemstation.odd-unit"),
    ("FID1 A", "DAD1 A", "chemstation.odd-unit"), ("Injection Date", "Injectoin Date", "chemstation.unknown-key"),
    ("Signal 1:", "Signal 2:", "chemstation.signal-number"), ("*** End of Report ***", "", "chemstation.no-end"),
    ("Totals :", "Totxls :", "chemstation.no-totals"), ("----|-------|", "----x-------|", "chemstation.unknown-line"),
    ("Sample Name:", "Sample Nome:", "chemstation.missing-key"), ("   2.500", "  2.5009", "chemstation.odd-digits"),
    ("Area Percent Report", "Area Percent Reprot", "chemstation.unknown-title"),
])
func `what a printed report says against itself is told`(old: String, new: String, code: String) async throws {
    let reading = try await replaced(old, new)
    #expect(reading.codes.contains(code), "\(reading.codes)")
}

@Test func `a report cut at any line, or within one, is not complete`() async throws {
    for count in 2..<whole.count {
        let lines = Array(whole.prefix(count))
        let cut = try await reading(lines)
        #expect(cut.end?.completeness.verdict != .yes, "after line \(count)")
        let within = try await adapter.reading(text(lines) + whole[count].prefix(whole[count].count * 2 / 3), name: "Report.TXT")
        #expect(within.end?.completeness.verdict != .yes, "within line \(count + 1)")
        #expect(!within.codes.contains { $0.hasPrefix("adapter.") })
    }
}

@Test func `a row that stands twice or is missing does not fit the totals`() async throws {
    for mutant in [[rows[0], rows[0], rows[1]], [rows[0]], [rows[1]], [rows[1], rows[0]]] {
        let reading = try await reading(head + title + ["Signal 1: FID1 A"] + columns + mutant + [totals] + end)
        #expect(!reading.codes.isEmpty, "\(mutant)")
    }
}

@Test func `a report joined to itself is told`() async throws {
    let reading = try await reading(whole + whole)
    #expect(reading.runs.count == 2)
    #expect(reading.codes == ["chemstation.same-injection"])
    #expect(reading.end?.completeness.verdict == .no)
}

@Test(arguments: ["\n", "\r", "\r\n"])
func `a printed report is the same in any encoding and with any line ends`(lineEnd: String) async throws {
    let plain = try await reading(whole)
    let lines = whole.joined(separator: lineEnd) + lineEnd
    for bytes in [Array(lines.utf8), [0xEF, 0xBB, 0xBF] + Array(lines.utf8), utf16(lines)] {
        let other = try await adapter.reading(OpenedSource(name: "Report.TXT", bytes: bytes))
        #expect(other.results.map(\.measurements) == plain.results.map(\.measurements))
        #expect(other.codes.isEmpty)
        #expect(other.end?.completeness.verdict == .yes)
    }
}

@Test func `heads and feet of pages interrupt a table and do not end it`() async throws {
    let foot = ["", head[2], "", "Page  1 of 2", "", head[0], head[1], ""]
    let pages = head + title + ["Signal 1: FID1 A"] + columns + [rows[0]] + foot + columns.dropFirst() + [rows[1], totals] + end
    let two = try await reading(pages + ["", head[2], "", "Page  2 of 2"])
    #expect(two.codes.isEmpty)
    #expect(two.results.map(\.ordinal) == [1, 2])
    #expect(two.end?.completeness.verdict == .yes)
    let one = try await reading(pages)
    #expect(one.codes == ["chemstation.page"])
}

// MARK: Beside the tables

private let csv = [
    #""Sample Name","S-1","""#, #""Data File","C:\Chem32\1\DATA\SEQ\","001F0101.D""#,
    #""Injection Date","20-Mar-24, 19:02:33","""#,
    #""Location","Vial 3","""#,
    #""Acq. Operator","20-Mar-24, 19:02:33","""#, #""Inj",1,"""#, #""Inj Volume",0.5,"""#, #""Number of Signals",1,"""#,
    #""Signal 1","FID1 A, Front Signal","""#, #""Number of Columns",6,"""#, #""Column 1","Peak Number","""#,
    #""Column 2","Retention Time","min""#, #""Column 3","Peak Type","""#, #""Column 4","  Area  ","         ""#,
    #""Column 5","Height","         ""#, #""Column 6","  Area   %","""#,
]
private let table = ["1,1.50001,\"BB S\",150.5,50.25,75.25", "2,2.49999,\"MM  \",49.5,20.5,24.75"]

private func together(_ report: String, _ table: [String] = table) async throws -> AdapterReading {
    let files = [("Report00.CSV", text(csv)), ("REPORT01.CSV", text(table)), ("Report.TXT", report)]
    return try await ChemStationAdapter().reading(
        OpenedSource(name: "a.D", bytes: [], members: files.map { OpenedSource(name: $0.0, bytes: utf16($0.1)) }))
}

@Test func `tables take the units and the operator of the report beside them`() async throws {
    let reading = try await together(text(whole))
    #expect(reading.codes.isEmpty)
    #expect(reading.results.map(\.measurements.count) == [4, 4])
    #expect(reading.results[0].measurements.map(\.quantity.unitWritten) == ["min", "pA*s", "pA", "%"])
    #expect(reading.results[0].measurements.map(\.quantity.written) == ["1.50001", "150.5", "50.25", "75.25"])
    #expect(reading.runs.first?.operatorName == "R. Vance")
    #expect(reading.end?.completeness.verdict == .yes)
    #expect(reading.end?.coverage.addsUp == true)
}

@Test func `a peak whose report prints another number is told and gets no unit`() async throws {
    let reading = try await together(text(whole), ["1,1.50001,\"BB S\",151.5,50.25,75.25", table[1]])
    #expect(reading.codes.contains("chemstation.report-differs"))
    #expect(reading.results[0].measurements[1].quantity.unitWritten == nil)
    #expect(reading.results[0].flags.contains(Flag("reportDiffers")))
    #expect(reading.results[1].measurements[1].quantity.unitWritten == "pA*s")
    #expect(reading.end?.completeness.verdict == .no)
}

@Test(arguments: [[0], [1]])
func `a peak that stands in one of the two alone is told`(kept: [Int]) async throws {
    let reading = try await together(text(whole), kept.map { table[$0] })
    #expect(reading.codes.contains("chemstation.report-differs"))
    #expect(reading.end?.completeness.verdict == .no)
    #expect(reading.end?.coverage.addsUp == true)
}

@Test(arguments: [("S-1", "S-2"), ("001F0101.D", "001F0102.D"), ("7:02:33", "7:12:33"), ("Front", "Back")])
func `a report of another injection gives nothing`(old: String, new: String) async throws {
    let reading = try await together(text(whole).replacing(old, with: new))
    #expect(reading.codes.first == "chemstation.other-report")
    #expect(reading.results[0].measurements[1].quantity.unitWritten == nil)
    #expect(reading.runs.first?.operatorName == nil)
    #expect(reading.end?.completeness.verdict == .no)
}
