import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

private let adapter = ChemStationAdapter()

private func utf16(_ text: String) -> [UInt8] {
    [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
}

private func header(signals: Int = 2, _ edit: (inout [String]) -> Void = { _ in }) -> String {
    var lines = [
        #""Sample Name","S-1","""#, #""Data File","C:\Chem32\1\DATA\SEQ\","001F0101.D""#,
        #""Analysis Method","C:\Chem32\1\METHODS\","GC.M""#, #""Injection Date","20-Mar-24, 19:02:33","""#,
        #""Acq. Operator","20-Mar-24, 19:02:33","""#, #""Location",7,"""#, #""Inj",1,"""#, #""Inj Volume",0.5,"µl""#,
        #""Number of Signals",\#(signals),"""#,
    ]
    for number in 1..<signals + 1 { lines.append(#""Signal \#(number)","FID\#(number) A, Front Signal","""#) }
    lines += [
        #""Number of Columns",5,"""#, #""Column 1","Peak Number","""#, #""Column 2","Retention Time","min""#,
        #""Column 3","Peak Type","""#, #""Column 4","  Area  ","         ""#, #""Column 5","  Area   %","""#,
    ]
    edit(&lines)
    return lines.map { $0 + "\r\n" }.joined()
}

private let first = "1,1.5,\"BB  \",150.5,75.25\r\n2,2.5,\"MM  \",49.5,24.75\r\n"
private let second = "1,1.6,\"BB  \",20.5,100\r\n"

private func folder(_ files: [(String, [UInt8])]) -> OpenedSource {
    OpenedSource(name: "001F0101.D", bytes: [], members: files.map { OpenedSource(name: $0.0, bytes: $0.1) })
}

private func folder(_ header: String, _ tables: String...) -> OpenedSource {
    folder([("Report00.CSV", utf16(header))] + tables.enumerated().map { ("REPORT0\($0 + 1).CSV", utf16($1)) })
}

@Test func `a folder of ChemStation is read as one injection and proves itself whole`() async throws {
    let reading = try await adapter.reading(folder(header(), first, second))
    #expect(reading.results.count == 3)
    #expect(reading.runs.first?.operatorName == nil)
    #expect(reading.runs.first?.methods.first?.name == "GC.M")
    #expect(reading.results[1].flags == [Flag("manualIntegration", written: "MM")])
    #expect(reading.results.allSatisfy { $0.measurements.allSatisfy { $0.standard != .area || $0.quantity.unit == nil } })
    #expect(reading.end?.completeness.verdict == .yes)
    #expect(reading.codes.isEmpty)
}

@Test func `several folders of one sequence are a run each`() async throws {
    let files = [
        ("a.D/Report00.CSV", utf16(header())), ("a.D/REPORT01.CSV", utf16(first)), ("a.D/REPORT02.CSV", utf16(second)),
        ("b.D/REPORT01.CSV", utf16(second)), ("b.D/Report00.CSV", utf16(header(signals: 1))),
    ]
    let reading = try await adapter.reading(folder(files))
    #expect(reading.results.map(\.run) == ["r1", "r1", "r1", "r2"])
    #expect(Set(reading.results.map(\.id)).count == 4)
    #expect(reading.end?.completeness.verdict == .yes)
}

@Test(arguments: ["R. Vance": "R. Vance", "LAB\\vance": nil, "20-Mar-24, 19:02:33": nil])
func `an operator is a name, no date and no account`(written: String, name: String?) async throws {
    let text = header { $0[4] = "\"Acq. Operator\",\"\(written)\",\"\"" }
    let reading = try await adapter.reading(folder(text, first, second))
    #expect(reading.runs.first?.operatorName == name)
    #expect(!reading.lines.contains("LAB"))
    #expect(!reading.lines.contains("Chem32"))
}

@Test(arguments: [
    (0, 3, "chemstation.incomplete-header"), (10, 13, "chemstation.incomplete-header"),
])
func `a header that lacks what it declares is not used`(from: Int, to: Int, code: String) async throws {
    let text = header { $0.removeSubrange(8 + from % 8..<8 + to % 8) }
    let reading = try await adapter.reading(folder(text, first, second))
    #expect(reading.codes.last == code)
    #expect(reading.end == nil)
}

@Test(arguments: ["\"Signal 1\",\"TCD2 B\",\"\"", "\"Number of Columns\",4,\"\"", "\"Column 2\",\"Peak Width\",\"min\""])
func `a header that says the same thing twice is not used`(line: String) async throws {
    let reading = try await adapter.reading(folder(header { $0.append(line) }, first, second))
    #expect(reading.codes == ["chemstation.repeated-key"])
    #expect(reading.end == nil)
}

@Test func `values of the header that cannot be read are told and kept, and the peaks are read`() async throws {
    let text = header {
        $0[3] = "\"Injection Date\",\"20-Mra-24, 19:02\",\"\""
        $0[6] = "\"Inj\",\"x\",\"\""
        $0[7] = "\"Inj Volume\",\"O.5\",\"\""
    }
    let reading = try await adapter.reading(folder(text, first, second))
    #expect(reading.codes == ["chemstation.unreadable-value", "chemstation.unreadable-value"])
    #expect(reading.results.count == 3)
    #expect(reading.results[0].injection?.acquired == nil)
    #expect(reading.results[0].injection?.volume?.absent == .notReported)
    #expect(reading.runs[0].extras["Injection Date"] == "20-Mra-24, 19:02")
    #expect(reading.runs[0].extras["Inj"] == "x")
}

@Test(arguments: [
    (0, #""Sample Name","S-1","vial two""#, "Sample Name", "vial two"), (5, #""Location",7,5O"#, "Location", "5O"),
    (6, #""Inj",1,"of 3""#, "Inj", "of 3"), (8, #""Number of Signals",2,5"#, "Number of Signals", "5"),
])
func `what stands behind the value of a key is kept and told`(line: Int, text: String, key: String, rest: String) async throws {
    let reading = try await adapter.reading(folder(header { $0[line] = text }, first, second))
    #expect(reading.codes == ["chemstation.further-cell"])
    #expect(reading.runs.first?.extras[key] == rest)
    #expect(reading.results.count == 3)
    #expect(reading.results.first?.sample?.name == "S-1")
}

@Test func `a date and a time in two cells are one time`() async throws {
    let text = header { $0[3] = #""Injection Date","20-Mar-24","19:02:33""# }
    let reading = try await adapter.reading(folder(text, first, second))
    #expect(reading.codes.isEmpty)
    #expect(reading.results.first?.injection?.acquired?.local?.description == "2024-03-20T19:02:33")
    let garbled = try await adapter.reading(folder(text.replacing("\"19:02:33\"", with: "\"19:O2:33\""), first, second))
    #expect(garbled.codes == ["chemstation.unreadable-value"])
    #expect(garbled.results.first?.injection?.acquired == nil)
    #expect(garbled.runs.first?.extras["Injection Date"] == "20-Mar-24,19:O2:33")
}

@Test(
    arguments: [
        ("254,4 Ref=360,100", 254), ("254.5,4 Ref=off", 254.5), ("210.0,8.0 Ref=off", 210), ("2S4,4 Ref=off", nil),
        ("254,5,4 Ref=off", nil), ("254.,4", nil), (",4", nil),
    ] as [(String, Double?)])
func `a wavelength is read whole or not at all`(written: String, value: Double?) async throws {
    let text = header(signals: 1) { $0[9] = #""Signal 1","DAD1 A, Sig=\#(written)","""# }
    let reading = try await adapter.reading(folder(text, first))
    #expect(reading.results.first?.signal?.wavelength?.value == value)
    #expect(reading.codes == (value == nil ? ["chemstation.unreadable-value"] : []))
    #expect(reading.results.first?.extras["Signal"] == "DAD1 A, Sig=\(written)")
}

@Test func `an injection without tables tells its sample`() async throws {
    let none = try await adapter.reading(folder(header(signals: 0)))
    #expect(none.codes == ["chemstation.no-signals"])
    #expect(none.results.map(\.sample?.name) == ["S-1"])
    #expect(none.results.map(\.injection?.ordinal) == [1])
    #expect(none.results.first?.flags == [Flag("noPeaks")])
    let missing = try await adapter.reading(folder(header(signals: 1)))
    #expect(missing.codes == ["chemstation.missing-table"])
    #expect(missing.results.map(\.sample?.name) == ["S-1"])
    #expect(missing.status == 2)
}

@Test(arguments: ["\"Column 2\",\"min\"", "\"Column 2\",7.5,\"Retention Time\"", "\"Column 2\",\"min\",\"Retention Time\""])
func `a column whose name is gone stops the report`(line: String) async throws {
    let reading = try await adapter.reading(folder(header { $0[13] = line }, first, second))
    #expect(reading.codes == ["chemstation.incomplete-header"])
    #expect(reading.end == nil)
}

@Test func `a value whose key is gone is kept, and a date is no operator`() async throws {
    let text = header { $0[3] = "\"20-Mar-24, 19:02:33\",\"\"" }
    let reading = try await adapter.reading(folder(text, first, second))
    #expect(reading.runs.first?.operatorName == nil)
    #expect(reading.runs.first?.extras["line 4"] == "20-Mar-24, 19:02:33")
    #expect(reading.runs.first?.extras["Acq. Operator"] == "20-Mar-24, 19:02:33")
}

@Test func `a folder in the place of a key stays out of the records`() async throws {
    let text = header {
        $0[1] = "\"C:\\Chem32\\1\\DATA\\SEQ\\\",\"001F0101.D\""
        $0[4] = "\"LAB\\vance\",\"\""
    }
    let reading = try await adapter.reading(folder(text, first, second))
    #expect(reading.runs.first?.extras["line 2"] == "001F0101.D")
    #expect(!reading.lines.contains("Chem32") && !reading.lines.contains("LAB"))
    #expect(reading.codes == ["chemstation.account"])
}

@Test func `a volume beside a text that is no unit is told`() async throws {
    let text = header { $0[7] = "\"Inj Volume\",77.7,\"No inj\"" }
    #expect(try await adapter.reading(folder(text, first, second)).codes == ["chemstation.unreadable-value"])
}

@Test func `a volume with a comma is not taken for a thousandth`() async throws {
    let text = header { $0[7] = "\"Inj Volume\",\"1,000\",\"µl\"" }
    let reading = try await adapter.reading(folder(text, first, second))
    #expect(reading.codes == ["chemstation.unreadable-value"])
    #expect(reading.results.first?.injection?.volume?.value == nil)
    #expect(reading.runs.first?.extras["Inj Volume"] == "1,000,µl")
}

@Test func `a count that cannot be read says what to do`() async throws {
    let reading = try await adapter.reading(folder(header { $0[8] = #""Number of Signals","x","""# }, first, second))
    #expect(reading.codes == ["table.not-a-whole-number"])
    #expect(reading.diagnostics.first?.hint != nil)
}

@Test(
    arguments: [
        // A row less, a row twice, one more signal, one table less, an empty file: told, and never whole.
        ([first.split(separator: "\r\n")[0] + "\r\n", second], "chemstation.area-percent-sum", 2),
        ([first + first, second], "chemstation.area-percent-sum", 2),
        ([first, second, second], "chemstation.unknown-signal", 2),
        ([first], "chemstation.missing-table", 2),
        ([first, "1,1.6,\"BB  \",20.5\r\n"], "table.short-row", 2),
        ([first, "1,1.6,\"BB  \",20.5,100,7\r\n"], "table.long-row", 1),
        (["1,1.5,\"BB  \",150.5,75.2\r\n2,2.5,\"MM  \",49.5,24.75\r\n", second], "chemstation.area-percent-sum", 0),
        (["2,2.5,\"MM  \",49.5,100\r\n", second], "table.numbering", 0),
        (["1,1.5,\"BB  \",15.05,75.25\r\n2,2.5,\"MM  \",49.5,24.75\r\n", second], "chemstation.area-share", 0),
        ([first, first], "chemstation.same-table", 0),
    ] as [([String], String, Int32)])
func `a table that contradicts itself or its header is told`(tables: [String], code: String, status: Int32) async throws {
    let files = [("Report00.CSV", utf16(header()))] + tables.enumerated().map { ("REPORT0\($0 + 1).CSV", utf16($1)) }
    let reading = try await adapter.reading(folder(files))
    #expect(reading.codes.contains(code), "\(reading.codes)")
    #expect(reading.status == status)
}

@Test func `a table without even a byte order mark is cut, one with nothing else has no peaks`() async throws {
    let cut = try await adapter.reading(
        folder([("Report00.CSV", utf16(header())), ("REPORT01.CSV", utf16(first)), ("REPORT02.CSV", [])]))
    #expect(cut.codes == ["chemstation.empty-table"])
    #expect(cut.status == 2)
    let bare = try await adapter.reading(folder(header(), first, ""))
    #expect(bare.results.last?.flags == [Flag("noPeaks")])
    #expect(bare.results.last?.signal?.name == "FID2 A")
    #expect(bare.end?.completeness.verdict == .unknown)
}

@Test func `a compound that was not found has no numbers`() async throws {
    let text = header(signals: 1) { $0[$0.count - 1] = "\"Column 5\",\"Compound Name\",\"\"" }
    let reading = try await adapter.reading(
        folder(
            text,
            "1,1.5,\"BB  \",150.5,\"Methane\"\r\n2,2.5,\"\",0,\"Ethane\"\r\n3,\"-\",\"\",\"-\",\"Propane\"\r\n4,4.5,\"BB\",0,\"?\"\r\n5,5.5,\"\",,\"Butane\"\r\n"
        ))
    #expect(reading.results.map { $0.analyte?.name } == ["Methane", "Ethane", "Propane", nil, "Butane"])
    #expect(reading.results[1].measurements.allSatisfy { $0.quantity.absent == .notFound })
    #expect(reading.results[2].measurements.allSatisfy { $0.quantity.absent == .notFound })
    #expect(reading.results[3].measurements.map(\.quantity.value) == [4.5, 0])
    // The area is gone: the expected time is not that of a peak.
    #expect(reading.results[4].measurements.allSatisfy { $0.quantity.absent == .notFound })
}

@Test func `a table alone is recognised and says what is missing`() async throws {
    let alone = OpenedSource(name: "anything.txt", bytes: utf16(first))
    #expect(adapter.recognize(alone.opening) != .no)
    let reading = try await adapter.reading(alone)
    #expect(reading.codes == ["chemstation.no-header"])
    #expect(reading.status == 2)
}

@Test(arguments: [
    "Data File C:\\CHEM32\\1\\DATA\\X.D\r\nSample Name: S\r\n", "0.5\t0.1\r\n1.0\t0.2\r\n", ",220.0,222.0\r\n0.0,1.5,2.5\r\n",
    "\"Sample Name\",\"RT\",\"Area\"\r\n\"S\",1.5,2.5\r\n", "1,1.5,2.5,3.5,4.5\r\n",
])
func `other files of ChemStation and other tables are left to others`(text: String) {
    #expect(adapter.recognize(SourceOpening(name: "REPORT01.CSV", bytes: utf16(text))) == .no)
}

@Test(arguments: ["Report00.CSV", "REPORT01.CSV", "REPORT02.CSV"])
func `a file of the folder cut at any byte never passes for whole, and no number changes unnoticed`(name: String) async throws {
    let files = [("Report00.CSV", utf16(header())), ("REPORT01.CSV", utf16(first)), ("REPORT02.CSV", utf16(second))]
    func key(_ result: ResultRecord) -> String { (result.location.member ?? "") + "\(result.location.line ?? 0)" }
    let all = Dictionary(
        uniqueKeysWithValues: try await adapter.reading(folder(files)).results.map { (key($0), $0.measurements) })
    let length = files.first { $0.0 == name }!.1.count
    // The line end alone may be cut: what stands before it is whole.
    for cut in 0..<length - 2 {
        let reading = try await adapter.reading(folder(files.map { $0.0 == name ? ($0.0, Array($0.1.prefix(cut))) : $0 }))
        #expect(reading.end?.completeness.verdict != .yes, "cut at \(cut)")
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") }, "cut at \(cut): \(reading.codes)")
        #expect(reading.end == nil || !reading.codes.isEmpty, "cut at \(cut)")
        for result in reading.results where result.kind == .peak && reading.end != nil {
            let isTold = result.flags.contains { $0.code == "lastLineOpen" } || reading.codes.contains("text.last-line-open")
            #expect(all[key(result)] == result.measurements || isTold, "cut at \(cut)")
        }
    }
}
