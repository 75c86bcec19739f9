import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

private let export = """
    [Header]
    Application Name,LabSolutions
    Version,5.97
    Data File Name,C:\\LabSolutions\\Data\\Ann\\a.lcd
    Output Date,31/01/2025
    Output Time,5:23:44 AM

    [Sample Information]
    Operator Name,Ann
    Acquired,30/01/2025 4:43:43 AM
    Sample Type,0:Unknown
    Sample Name,a
    Vial#,15
    Injection Volume,20

    [Configuration]
    # of Detectors,2
    # of Channels,1,1

    [Peak Table(Detector A)]
    # of Peaks,2
    Peak#,R.Time,I.Time,F.Time,Area,Height,Conc.,Mark,ID#,Name
    1,4.439,3.625,5.583,2451596,48407,0.000,   ,,
    2,5.757,5.583,6.342,186334,4593,12.250, V ,1,Rutin

    [Peak Table(AD2)]
    # of Peaks,0

    [Compound Results(Detector A)]
    # of IDs,2
    ID#,Name,R.Time,Area,Height,Conc.
    1,Rutin,5.757,186334,4593,12.250
    2,Quercetin,0.000,0,0,0.000

    [LC Chromatogram(Detector A-Ch1)]
    Interval(msec),500
    # of Points,3
    Start Time(min),0.000
    End Time(min),0.017
    Intensity Units,mV
    Intensity Multiplier,0.001
    Wavelength(nm),215
    R.Time (min),Intensity
    0.00000,-132
    0.00833,5
    0.01667,2451

    [Fraction Collection Report]
    # of Fractions,0

    """

private func read(_ text: String) async throws -> AdapterReading { try await LabSolutionsAdapter().reading(text) }

@Test func `a whole LabSolutions export is read and proves itself complete`() async throws {
    let reading = try await read(export)
    #expect(reading.status == 0 && reading.diagnostics.isEmpty)
    #expect(reading.end?.completeness.verdict == .yes)
    #expect(reading.results.map(\.kind) == [.peak, .peak, .compound, .compound])
    #expect(reading.results[1].signal?.wavelength?.value == 215)
    #expect(reading.points[reading.traces[0].id] == [0, -0.132, 0.00833, 0.005, 0.01667, 2.451])
}

@Test func `a compound that was not found has no numbers, and one without a name no concentration`() async throws {
    let reading = try await read(export)
    #expect(reading.results[3].measurements.allSatisfy { $0.quantity.absent == .notFound && $0.quantity.value == nil })
    #expect(reading.results[0].measurements.last?.quantity.absent == .notReported)
    #expect(reading.results[1].measurements.last?.quantity.value == 12.25)
}

@Test(arguments: [
    ("# of Peaks,2", "# of Peaks,3", 21, "labsolutions.count"),
    ("# of Points,3", "# of Points,4", 37, "labsolutions.count"),
    ("# of IDs,2", "# of IDs,two", 30, "table.not-a-whole-number"),
    ("# of Fractions,0", "# of Fractions,1", 49, "labsolutions.count"),
])
func `a declared count that is not met contradicts the file`(was: String, now: String, line: Int, code: String)
    async throws
{
    let reading = try await read(export.replacing(was, with: now))
    #expect(reading.end?.completeness.verdict == .no)
    #expect(reading.status == 2)
    #expect(reading.diagnostics.map(\.code) == [code])
    #expect(reading.diagnostics.first?.location.line == line)
}

@Test(arguments: ["5.7S7", "5,757", "", "1.2.3"])
func `a retention time that is none never becomes one`(cell: String) async throws {
    let reading = try await read(export.replacing("2,5.757,", with: "2,\(cell),"))
    #expect(
        !reading.results.contains { $0.kind == .peak && $0.ordinal == 2 && $0.measurements[0].quantity.value != nil })
    #expect(cell.isEmpty || reading.end?.leftOut == 1 || reading.end?.completeness.verdict == .no)
}

@Test func `a multiplier that is none leaves the points without a unit and is told`() async throws {
    let reading = try await read(export.replacing("Multiplier,0.001", with: "Multiplier,O.001"))
    #expect(reading.codes == ["labsolutions.unscaled"])
    #expect(reading.traces[0].axes[1].unit == nil)
    #expect(reading.traces[0].flags.map(\.code) == ["unscaled"])
    #expect(reading.end?.completeness.verdict == .no)
}

@Test func `a time that is not one interval after the one before is told`() async throws {
    let reading = try await read(export.replacing("0.00833,5", with: "0.00338,5"))
    #expect(reading.codes == ["trace.time-order"])
    #expect(reading.diagnostics.first?.location.line == 45)
}

@Test func `a heading that was renamed keeps its numbers under its own name`() async throws {
    let reading = try await read(export.replacing("F.Time,Area,Height", with: "F.Time,Surface,Height"))
    let peak = try #require(reading.results.first)
    #expect(peak.measurements.contains { $0.name == "Surface" && $0.isOwn && $0.quantity.value == 2_451_596 })
    #expect(!peak.measurements.contains { $0.standard == .area })
}

@Test func `a table whose first heading is unknown is still read below its declared count`() async throws {
    let reading = try await read(export.replacing("Peak#,R.Time", with: "Pk,R.Time"))
    #expect(reading.results.filter { $0.kind == .peak }.count == 2)
    #expect(reading.end?.completeness.verdict == .yes)
}

@Test func `rows that lost the title of their section are left out and told`() async throws {
    let reading = try await read(export.replacing("[Peak Table(Detector A)]\n# of Peaks,2\n", with: ""))
    #expect(reading.codes == ["labsolutions.stray-row", "labsolutions.stray-row"])
    #expect(reading.end?.completeness.verdict == .no)
}

@Test func `sections nobody knows stay as extras of the run`() async throws {
    let reading = try await read(
        export.replacing("[Fraction", with: "[Valve Log]\nValve,FCV\nStep,Time\n1,0.5\n2,1.5\n\n[Fraction"))
    let extras = try #require(reading.runs.first).extras
    #expect(extras["Valve Log Valve"] == "FCV")
    #expect(extras["Valve Log heading, line 50"] == "Step,Time")
    #expect(extras["Valve Log line 52"] == "2,1.5")
    #expect(reading.codes == ["labsolutions.unknown-section"])
    #expect(reading.end?.completeness.verdict == .yes)
}

@Test func `an unknown section with points becomes a trace`() async throws {
    let curve = "[GC Trace(Oven)]\nInterval(msec),500\n# of Points,2\nMinutes,Reading\n0.0,40.5\n0.1,41\n\n[Fraction"
    let reading = try await read(export.replacing("[Fraction", with: curve))
    let trace = try #require(reading.traces.last)
    #expect(trace.signal?.name == "Oven")
    #expect(reading.points[trace.id] == [0, 40.5, 0.1, 41])
    #expect(reading.diagnostics.isEmpty)
}

@Test func `no path and no folder leaves the file`() async throws {
    let reading = try await read(export)
    #expect(reading.runs.first?.name == "a.lcd")
    #expect(!reading.lines.contains("Data\\") && !reading.lines.contains("Ann\\"))
}

@Test func `a file cut at any byte never claims to be whole, nor changes a number untold`() async throws {
    let whole = try await read(export)
    let bytes = Array(export.utf8)
    for length in 1..<bytes.count {
        let rest = String(decoding: bytes[length...], as: UTF8.self)
        let reading = try await read(String(decoding: bytes[..<length], as: UTF8.self))
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") }, "cut at \(length)")
        // Cut between two sections it is, byte for byte, an export of fewer sections.
        if reading.end?.completeness.verdict == .yes, !rest.allSatisfy(\.isWhitespace) {
            #expect(rest.drop(while: \.isWhitespace).hasPrefix("["), "cut at \(length)")
        }
        for result in reading.results where !result.flags.contains(where: { $0.code == "lastLineOpen" }) {
            let same = whole.results.first { $0.location.line == result.location.line }
            #expect(same?.measurements == result.measurements, "cut at \(length)")
        }
    }
}

@Test func `it is known by its sections alone, and nothing else is`() {
    func recognize(_ text: String) -> Recognition {
        LabSolutionsAdapter().recognize(SourceOpening(name: "x", bytes: Array(text.utf8)))
    }
    #expect(recognize(export) != .no)
    #expect(recognize("[Peak Table(Ch1)]\n# of Peaks\t0\n") != .no)
    #expect(recognize("[Header]\nName,x\n") == .no)
    #expect(recognize("[contents]\nName=,\n") == .no)
    #expect(recognize("") == .no)
}

@Test func `a garbled first time does not make the others late`() async throws {
    let reading = try await read(export.replacing("0.00000,-132", with: "O.00000,-132"))
    #expect(reading.codes == ["table.not-a-number"])
    #expect(reading.traces.first?.flags == [])
    #expect(reading.traces.first?.count == 2)
}

@Test func `an operator who is a Windows account is not named`() async throws {
    let reading = try await read(export.replacing("Operator Name,Ann", with: "Operator Name,LAB\\ann"))
    #expect(reading.codes == ["labsolutions.account"])
    #expect(!reading.lines.contains("LAB"))
}

@Test func `a run that only begins is not proved whole by the one before`() async throws {
    let begun = "\n[Header]\nApplication Name,LabSolutions\nVersion,5.97\n\n[Sample Information]\nSample Name,b\n"
    #expect(try await read(export + begun).end?.completeness.verdict == .unknown)
}

@Test func `a section of keys that comes again behind data begins another run`() async throws {
    let header = "[Header]\nApplication Name,LabSolutions\n\n"
    let run = "[Sample Information]\nSample Name,A\n\n[Peak Table(Ch1)]\n# of Peaks,1\nPeak#,R.Time,Area,Height\n1,1.5,10,5\n\n"
    let reading = try await read(header + run + run.replacing("Name,A", with: "Name,B"))
    #expect(reading.results.map { $0.sample?.name } == ["A", "B"] && reading.results.map(\.run) == ["r1", "r2"])
    #expect(reading.codes == ["labsolutions.no-header"])
    #expect(reading.end?.completeness.verdict == .unknown)
}

@Test func `a name behind thousands of peaks is told`() async throws {
    var text = "[Header]\nApplication Name,LabSolutions\n\n[Peak Table(Ch1)]\n# of Peaks,5000\nPeak#,R.Time,Area,Height\n"
    for number in 1...5000 { text += "\(number),\(number).5,10,5\n" }
    let reading = try await read(text + "\n[Sample Information]\nSample Name,A\n")
    #expect(reading.codes == ["report.late-field"] && reading.end?.completeness.verdict == .unknown)
    #expect(reading.results.last?.extras["Sample Name"] == "A")
}

@Test(arguments: ["2,Quercetin,,0,0,0.000", "2,Quercetin,0.000,,0,0.000", "2,Quercetin,0.000,0,,0.000"])
func `an empty cell beside zeros is no finding`(row: String) async throws {
    let reading = try await read(export.replacing("2,Quercetin,0.000,0,0,0.000", with: row))
    #expect(reading.results[3].measurements.allSatisfy { $0.quantity.value == nil })
}

@Test func `a group of compounds has no time, and may be zero`() async throws {
    let group = "[Group Results(Detector A)]\n# of Groups,1\nGroup#,Name,Area,Conc.\n1,all,0,0.000\n\n[LC Chr"
    let reading = try await read(export.replacing("[LC Chr", with: group))
    #expect(reading.results[4].measurements.map(\.quantity.value) == [0, 0])
}

@Test func `a volume cut in two by a comma is none`() async throws {
    let reading = try await read(export.replacing("Volume,20", with: "Volume,20,5"))
    #expect(reading.codes == ["table.further-value"] && reading.status == 0)
    #expect(reading.results[0].injection?.volume == nil)
    #expect(reading.runs.first?.extras["Injection Volume"] == "20,5")
}
