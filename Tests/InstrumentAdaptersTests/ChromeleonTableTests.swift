import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

private let peaks = """
    Sample Name:\tStd A
    Vial:\t3
    No.\tRet.Time\tPeak Name\tHeight\tArea
    \tmin\t\tmAU\tmAU*min
    1\t1.23\tn.a.\t10.5\t1.05
    2\t4.56\tCaffeine\t88.5\t9.45
    Total:\t\t\t99.0\t10.50

    """

private func read(_ text: String) async throws -> AdapterReading { try await ChromeleonAdapter().reading(text) }

// MARK: Rows

@Test func `rows that end with a separator more than the headings are read`() async throws {
    let rows = ["\t1.05\n", "\t9.45\n", "\t10.50\n"]
    let reading = try await read(rows.reduce(peaks) { $0.replacing($1, with: $1.dropLast() + "\t\n") })
    #expect(reading.diagnostics.isEmpty && reading.results.count == 2)
    #expect(reading.end?.completeness.verdict == .yes)
}

@Test func `a number of an absurd exponent has its total compared`() async throws {
    let reading = try await read(peaks.replacing("1.05\n", with: "0e-9223372036854775808\n").replacing("10.50", with: "9.45"))
    #expect(reading.end?.completeness.verdict == .yes)
}

@Test(arguments: ["\tn.a.\tTheo\tn.a.\tn.a.\n", "n.a.\tn.a.\tTheo\tn.a.\tn.a.\n"])
func `a peak that was not found may be the first row`(row: String) async throws {
    let reading = try await read(peaks.replacing("1\t1.23\t", with: row + "1\t1.23\t"))
    #expect(reading.results.map { $0.analyte?.name } == ["Theo", nil, "Caffeine"])
    #expect(reading.results[0].measurements.allSatisfy { $0.quantity.absent == .notFound })
    #expect(reading.results[2].measurements.map(\.standard) == [.retentionTime, .height, .area])
}

@Test func `units may stand beside n.a. for columns without one`() async throws {
    let reading = try await read(peaks.replacing("\tmin\t\tmAU", with: "\tmin\tn.a.\tmAU"))
    #expect(reading.results.count == 2)
    #expect(reading.results[0].measurements.map(\.quantity.unit) == [.minute, .milliabsorbance, Unit("{mAU}.min")])
}

@Test func `a row cut behind n.a. is a row cut short, not a field`() async throws {
    let reading = try await read(peaks.replacing("Total:\t\t\t99.0\t10.50\n", with: "n.a.\tn.a.\t"))
    #expect(reading.codes == ["table.short-row"])
    #expect(reading.runs.first?.extras.isEmpty == true)
}

// MARK: Totals

@Test func `a total that is no number is an error, and proves nothing`() async throws {
    let reading = try await read(peaks.replacing("99.0", with: "9O.0"))
    #expect(reading.codes == ["chromeleon.total"])
    #expect(reading.diagnostics.first?.location.column == 10)
    #expect(reading.end?.completeness.verdict == .unknown)
}

@Test func `a column without a total is not compared`() async throws {
    for total in ["n.a.", ""] {
        let reading = try await read(peaks.replacing("99.0", with: total))
        #expect(reading.diagnostics.isEmpty && reading.end?.completeness.verdict == .yes)
    }
}

@Test(arguments: [("9.45\n", "9.4S\n"), ("88.5\t9.45\n", "88.5\t9.45\t7\n")])
func `a row that was left out does not make the totals wrong`(was: String, now: String) async throws {
    let reading = try await read(peaks.replacing(was, with: now))
    #expect(reading.results.count == 1 && reading.end?.leftOut == 1)
    #expect(!reading.codes.contains("chromeleon.total"))
    #expect(reading.end?.completeness.verdict == .unknown)
}

// MARK: Whose peaks they are

@Test(arguments: ["Sarnple Name:\tStd A", "Comment:\tfirst"])
func `keys in front of the key that comes again belong to the injection it begins`(first: String) async throws {
    let second = peaks.replacing("Std A", with: "Std B").replacing("Vial:\t3", with: "Vial:\t4")
    let reading = try await read(peaks.replacing("Sample Name:\tStd A", with: first) + "\n" + second)
    #expect(reading.results.map { $0.sample?.name } == [nil, nil, "Std B", "Std B"])
    #expect(reading.results.map { $0.position?.vial } == ["3", "3", "4", "4"])
}

@Test func `the end of each page begins no injection`() async throws {
    let pages = ["Std A", "Std B", "Std C"].map { peaks.replacing("Std A", with: $0) + "Printed:\tMonday\n" }
    let reading = try await read(pages.joined())
    #expect(reading.runs.count == 3 && reading.end?.completeness.verdict == .yes)
    #expect(reading.results.map { $0.sample?.name } == ["Std A", "Std A", "Std B", "Std B", "Std C", "Std C"])
}

@Test func `a table that lost its headings does not give its sample to the next`() async throws {
    let second = peaks.replacing("Std A", with: "Std B")
    let reading = try await read(peaks.replacing("Ret.Time", with: "R3t.Tim3") + "\n" + second)
    #expect(Set(reading.codes) == ["table.unknown-key", "chromeleon.stray-row"])
    #expect(reading.results.map { $0.sample?.name } == ["Std B", "Std B"])
}

@Test func `a key that is new stays with the injection below it`() async throws {
    let second = "Comment:\tsecond one\n" + peaks.replacing("Std A", with: "Std B")
    let reading = try await read(peaks + "\n" + second)
    #expect(reading.runs.map { $0.extras["Comment"] } == [nil, "second one"])
}

@Test func `a name between two tables is that of the second`() async throws {
    let table = peaks.replacing("Sample Name:\tStd A\nVial:\t3\n", with: "")
    let reading = try await read(table + "Sample Name:\tStd B\n" + table)
    #expect(reading.results.map { $0.sample?.name } == [nil, nil, "Std B", "Std B"])
    #expect(reading.runs.count == 2)
}

@Test func `keys of no sample between two tables say more of the same one`() async throws {
    let table = peaks.replacing("Sample Name:\tStd A\nVial:\t3\n", with: "")
    let reading = try await read(peaks + "Channel:\tUV_VIS_2\n" + table)
    #expect(reading.results.map { $0.sample?.name } == ["Std A", "Std A", "Std A", "Std A"])
    #expect(reading.results.map { $0.signal?.name } == [nil, nil, "UV_VIS_2", "UV_VIS_2"])
    #expect(reading.runs.count == 1)
}

@Test func `another name behind the last table takes no sample's place`() async throws {
    let reading = try await read(peaks + "Injection\tStd B\n")
    #expect(reading.results.allSatisfy { $0.sample?.name == "Std A" })
    #expect(reading.codes == ["report.late-field"])
    #expect(reading.runs.first?.extras["Injection"] == "Std B")
    #expect(reading.end?.completeness.verdict == .unknown)
}

@Test(arguments: [100, 5000])
func `a name behind the results is theirs, or is told where they were written without it`(count: Int) async throws {
    var text = "No.\tRet.Time\tPeak Name\tArea\n"
    for number in 1...count { text += "\(number)\t\(number).5\tp\t2.0\n" }
    let reading = try await read(text + "Injection\tSTD-1\n")
    if count == 100 {
        #expect(reading.diagnostics.isEmpty && reading.results.allSatisfy { $0.sample?.name == "STD-1" })
    } else {
        #expect(reading.codes == ["report.late-field"])
        #expect(reading.diagnostics.first?.location.line == count + 2)
        #expect(reading.results.last?.extras["Injection"] == "STD-1")
        #expect(reading.end?.completeness.why.contains("Injection") == true)
    }
}

@Test func `a column of the sample or injection adds to what stands above`() async throws {
    let above = "Injection\tSTD-1\nInjection Date\t2024-03-13 10:00:00\n"
    let table = "No.\tRet.Time\tPeak Name\tArea\tSample ID\tInj. Vol.\n1\t4.87\tTheo\t100.25\tX9\t5\n2\t5.87\tTheo\t50.5\t\t\n"
    let reading = try await read(above + table)
    #expect(reading.results.map { $0.sample?.name } == ["STD-1", "STD-1"])
    #expect(reading.results.map { $0.sample?.id } == ["X9", nil])
    #expect(reading.results.allSatisfy { $0.injection?.acquired?.local?.description == "2024-03-13T10:00:00" })
    #expect(reading.results.map { $0.injection?.volume?.value } == [5, nil])
}

@Test func `a row of another sample gets nothing of the one above`() async throws {
    let above = "Sample Name\tSTD-1\nSample ID\t7\nType\tBlank\n"
    let table = "No.\tRet.Time\tPeak Name\tArea\tSample Name\n1\t4.87\tTheo\t100.25\tUnknown 3\n2\t5.87\tTheo\t50.5\tSTD-1\n"
    let reading = try await read(above + table)
    #expect(
        reading.results.map(\.sample) == [
            Sample(name: "Unknown 3"), Sample(name: "STD-1", id: "7", role: .blank, roleWritten: "Blank"),
        ])
}
