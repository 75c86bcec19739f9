import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

private let trace = """
    File Path\tchrom://pc/Vault/A.seq/8.smp/ED_1.chm
    Channel\tED_1

    Injection Information:
    Injection\tMix
    Position\t5
    Injection Date\t26.05.2017
    Injection Time\t16:52:02
    Injection Volume (µl)\t25,0

    Chromatogram Data Information:
    Data Points\t4
    Generating Data System\tChromeleon 7.2.3.7553
    Signal Min.\t-0,089600
    Signal Max.\t21,500000

    Chromatogram Data:
    Time (min)\tStep (s)\tValue (nC)
    0,000000\tn.a.\t-0,089600
    0,016667\t1\t-0,038750
    0,033333\t1\t21,500000
    0,050000\t1\t-0,010700

    """

private let peaks = """
    Sample Name:\tStd A\tVial:\t3
    No.\tRet.Time\tPeak Name\tHeight\tArea\tRel.Area\tAmount\tType
    \tmin\t\tmAU\tmAU*min\t%\t\t
    1\t1.23\tn.a.\t10.123\t1.0501\t10.00\tn.a.\tBMB
    2\t4.56\tCaffeine\t88.500\t9.4502\t90.00\t12.345\tBMB*
    Total:\t\t\t98.623\t10.5003\t100.00\t12.345\t

    """

private func read(_ text: String) async throws -> AdapterReading { try await ChromeleonAdapter().reading(text) }

@Test func `a Chromeleon trace is read and proves itself complete`() async throws {
    let reading = try await read(trace)
    #expect(reading.status == 0 && reading.diagnostics.isEmpty)
    #expect(reading.end?.completeness.verdict == .yes)
    let record = try #require(reading.traces.first)
    #expect(record.axes.map(\.unit) == [.minute, Unit("nC")])
    #expect(record.injection?.acquired?.local?.description == "2017-05-26T16:52:02")
    #expect(record.injection?.volume?.unit == .microlitre)
    #expect(reading.points[record.id] == [0, -0.0896, 0.016667, -0.03875, 0.033333, 21.5, 0.05, -0.0107])
}

@Test(arguments: [
    ("Data Points\t4", "Data Points\t5", "chromeleon.count"),
    ("Data Points\t4", "Data Points\tmany", "chromeleon.count"),
    ("1\t-0,010700", "1\t-7,010700", "chromeleon.range"),
    ("0,050000\t1\t-0,010700\n", "", "chromeleon.count"),
])
func `a trace that contradicts what is stated of it is not complete`(was: String, now: String, code: String)
    async throws
{
    let reading = try await read(trace.replacing(was, with: now))
    #expect(reading.codes == [code])
    #expect(reading.end?.completeness.verdict == .no)
}

@Test func `a step that is not the time between two rows is told`() async throws {
    let reading = try await read(trace.replacing("0,033333\t1", with: "0,033333\t2"))
    #expect(reading.codes == ["chromeleon.step"])
    #expect(
        reading.diagnostics.first?.location
            == SourceLocation(file: "sample.csv", line: 21, column: 10, field: "Step (s)"))
    #expect(reading.traces.first?.extras["Step (s)"] == "1 to 2")
}

@Test(arguments: ["21.500000", "2l,500000", "n.a.", ""])
func `a point that is no number is left out and told`(cell: String) async throws {
    let reading = try await read(trace.replacing("1\t21,500000", with: "1\t\(cell)"))
    #expect(reading.end?.points == 3)
    #expect(reading.end?.leftOut == 1)
    #expect(reading.diagnostics.contains { $0.location.line == 21 && $0.severity == .error })
}

private let plain = "File Path\tchrom://x/a.chm\nChannel\tUV\n\nChromatogram Data:\nTime (min)\tValue (mAU)\n0.0\t1.5\n0.1\t2.5\n"

@Test func `a line of text among the points does not end them`() async throws {
    let reading = try await read(plain + "#note\n0.2\t3.5\n")
    #expect(reading.points[try #require(reading.traces.first).id] == [0, 1.5, 0.1, 2.5, 0.2, 3.5])
    #expect(reading.runs.first?.extras["line 8"] == "#note")
}

@Test func `numbers behind a field are no fields`() async throws {
    let reading = try await read(plain + "Note\tx\ty\n0.2\t3.5\n")
    #expect(reading.codes == ["table.long-row"] && reading.end?.points == 3)
    let stray = try await read(plain + "Remarks:\n0.2\t3.5\n0.3\tO.5\n")
    #expect(stray.codes == ["chromeleon.stray-row", "chromeleon.stray-row"])
    #expect(stray.end?.completeness.verdict == .no)
    #expect(stray.runs.first?.extras["line 8"] == "Remarks:")
}

@Test func `a second injection of two columns is an injection`() async throws {
    let reading = try await read(plain + plain.replacing("UV", with: "RI"))
    #expect(reading.traces.map { $0.signal?.name } == ["UV", "RI"] && reading.diagnostics.isEmpty)
}

@Test func `the row behind one that was left out is right at any time`() async throws {
    let reading = try await read(trace.replacing("0,016667\t1\t-0,038750", with: "0,016667\t1\t-0,038750\t9"))
    #expect(reading.codes == ["table.long-row"])
    #expect(reading.traces.first?.flags.contains { $0.code == "timeOrder" || $0.code == "stepDeviates" } == false)
}

@Test func `a step that is no time is kept as it stands`() async throws {
    let reading = try await read(trace.replacing("Step (s)", with: "Step (mAU)"))
    #expect(reading.diagnostics.isEmpty && reading.end?.points == 4)
    #expect(reading.traces.first?.extras["Step (mAU), line 20"] == "1")
}

@Test func `a text that ends like a title is kept`() async throws {
    let reading = try await read(trace.replacing("Channel\tED_1\n\n", with: "Channel\tED_1\nDisturbed, do not use:\n\n"))
    #expect(reading.runs.first?.extras["line 3"] == "Disturbed, do not use:")
}

@Test func `an injection volume may have its unit in a cell of its own`() async throws {
    let reading = try await read(trace.replacing("Injection Volume (µl)\t25,0", with: "Injection Volume\t25,0\tul"))
    let volume = reading.traces.first?.injection?.volume
    #expect(volume?.value == 25 && volume?.unit == .microlitre && volume?.unitWritten == "ul")
    #expect(reading.runs.first?.extras["Injection Volume"] == nil)
}

@Test func `a wavelength that is none is told and kept beside the one of the signal`() async throws {
    let info = "Signal Parameter Information:\nSignal Info\tWVL:254 nm\nWavelength\t21O nm\n\nChromatogram Data:"
    let reading = try await read(trace.replacing("Chromatogram Data:", with: info))
    #expect(reading.codes == ["chromeleon.wavelength"] && reading.status == 0)
    #expect(reading.traces.first?.signal?.wavelength?.value == 254)
    #expect(reading.runs.first?.extras["Wavelength"] == "21O nm")
}

@Test(arguments: [("06", "6.80 build 3160"), ("O6", "O6.80 build 3160"), ("", nil)])
func `a garbled version is kept`(high: String, version: String?) async throws {
    let keys = "Data System\tChromeleon\nVersion High\t\(high)\nVersion Low\t80\nBuild No.\t3160"
    let reading = try await read(trace.replacing("Generating Data System\tChromeleon 7.2.3.7553", with: keys))
    #expect(reading.runs.first?.software?.version == version)
    #expect((reading.runs.first?.extras["Version Low"] == "80") == (version == nil))
}

@Test func `data without their headings stop the file`() async throws {
    let reading = try await read(trace.replacing("Value (nC)", with: "Level (nC)"))
    #expect(reading.codes.contains("chromeleon.trace-heading"))
    #expect(reading.status == 2)
}

@Test func `a table of peaks has its units from the line below the headings`() async throws {
    let reading = try await read(peaks)
    #expect(reading.diagnostics.isEmpty)
    #expect(reading.end?.completeness.verdict == .yes)
    let peak = try #require(reading.results.last)
    #expect(peak.sample?.name == "Std A")
    #expect(peak.position?.vial == "3")
    #expect(peak.analyte?.name == "Caffeine")
    #expect(peak.measurements.map(\.quantity.unit) == [.minute, .milliabsorbance, Unit("{mAU}.min"), .percent, nil])
    #expect(peak.flags.map(\.code) == ["manualIntegration"])
    #expect(reading.results[0].analyte == nil)
    #expect(reading.results[0].measurements.last?.quantity.absent == .notReported)
}

@Test(arguments: [
    ("2\t4.56\tCaffeine\t88.500\t9.4502\t90.00\t12.345\tBMB*\n", ""), ("88.500", "83.500"), ("98.623", "98.263"),
])
func `a total that is not the sum of its column contradicts the table`(was: String, now: String) async throws {
    let reading = try await read(peaks.replacing(was, with: now))
    #expect(reading.codes.contains("chromeleon.total"))
    #expect(reading.end?.completeness.verdict == .no)
}

@Test func `rows that lost their headings are left out and told`() async throws {
    let reading = try await read(peaks.replacing("No.\tRet.Time\t", with: "No.\tR3t.Tim3\t"))
    #expect(reading.results.isEmpty)
    // The line that was the heading is told as well.
    #expect(Set(reading.codes) == ["table.unknown-key", "chromeleon.stray-row"])
    #expect(reading.diagnostic("table.unknown-key")?.location.line == 2)
    #expect(reading.end?.completeness.verdict == .no)
}

@Test func `a key that comes again behind data begins another injection`() async throws {
    let reading = try await read(peaks + "\n" + peaks.replacing("Std A", with: "Std B"))
    #expect(reading.runs.count == 2)
    #expect(reading.results.map(\.run) == ["r1", "r1", "r2", "r2"])
    #expect(reading.results.map { $0.sample?.name } == ["Std A", "Std A", "Std B", "Std B"])
    #expect(reading.results.map(\.ordinal) == [1, 2, 1, 2])
}

@Test func `separators of a saved table may be semicolons or commas`() async throws {
    for separator in [";", ","] {
        let reading = try await read(peaks.replacing("\t", with: separator))
        #expect(reading.results.count == 2)
        #expect(reading.end?.completeness.verdict == .yes)
    }
}

@Test(arguments: [trace, peaks])
func `a Chromeleon file cut at any byte never claims to be whole, nor changes a number untold`(text: String)
    async throws
{
    let whole = try await read(text)
    let bytes = Array(text.utf8)
    for length in 1..<bytes.count where bytes[length] & 0xC0 != 0x80 {
        let reading = try await read(String(decoding: bytes[..<length], as: UTF8.self))
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") }, "cut at \(length)")
        let rest = bytes[length...]
        #expect(reading.end?.completeness.verdict != .yes || rest.allSatisfy { $0 <= 32 }, "cut at \(length)")
        for result in reading.results where !result.flags.contains(where: { $0.code == "lastLineOpen" }) {
            #expect(
                whole.results.first { $0.location.line == result.location.line }?.measurements == result.measurements)
        }
        let points = reading.traces.first.flatMap { reading.points[$0.id] } ?? []
        let all = whole.traces.first.flatMap { whole.points[$0.id] } ?? []
        #expect(all.starts(with: points) || reading.codes.contains("text.last-line-open"), "cut at \(length)")
    }
}

@Test func `more results than are held back are all read`() async throws {
    var text = "Sample Name:\tA\nNo.\tRet.Time\tPeak Name\tHeight\tArea\n"
    for number in 1...5000 { text += "\(number)\t\(number).5\tp\t1.0\t2.0\n" }
    text += "Printed:\tlate\n"
    let reading = try await read(text)
    #expect(reading.results.count == 5001)
    #expect(reading.results.allSatisfy { $0.sample?.name == "A" && $0.run == "r1" })
    #expect(reading.results.last?.kind == .sample)
    #expect(reading.results.last?.extras["Printed"] == "late")
    #expect(reading.end?.coverage.addsUp == true)
}

@Test func `what comes late of two long injections has an id each`() async throws {
    var text = "Sample Name:\tA\nNo.\tRet.Time\tPeak Name\tHeight\tArea\n"
    for number in 1...4100 { text += "\(number)\t\(number).5\tp\t1.0\t2.0\n" }
    text += "Comment:\tlate\n"
    let reading = try await read(text + text.replacing("Name:\tA", with: "Name:\tB"))
    #expect(reading.results.count == 8201 && Set(reading.results.map(\.id)).count == 8201)
    #expect(reading.results.allSatisfy { $0.sample?.name == ($0.run == "r1" ? "A" : "B") })
    #expect(reading.runs.count == 2 && reading.diagnostics.isEmpty)
}

@Test func `a Chromeleon file is known by its content alone`() {
    func recognize(_ text: String) -> Recognition {
        ChromeleonAdapter().recognize(SourceOpening(name: "x", bytes: Array(text.utf8)))
    }
    #expect(recognize(trace) != .no)
    #expect(recognize(peaks) != .no)
    #expect(recognize("Sample,RT,Area\nA,1,2\n") == .no)
    #expect(recognize("File Path\tx\n") == .no)
    #expect(recognize("") == .no)
}

@Test func `of an operator no Windows account is kept`() async throws {
    let named = trace.replacing("Injection\tMix", with: "Operator\tLAB\\ann\nInjection\tMix")
    let reading = try await ChromeleonAdapter().reading(named)
    #expect(reading.codes == ["chromeleon.account"])
    #expect(!reading.lines.contains("LAB"))
}

@Test func `an injection that only begins is not proved whole by the one before`() async throws {
    #expect(try await read(peaks).end?.completeness.verdict == .yes)
    #expect(try await read(peaks + "Sample Name:\tStd B\tVial:\t4\n").end?.completeness.verdict == .unknown)
}
