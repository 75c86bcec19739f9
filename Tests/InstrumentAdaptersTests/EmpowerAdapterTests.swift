import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct EmpowerAdapterTests {
    private let trace = "\"SampleName\"\t\"Channel\"\r\"S 1\"\t\"ChA\"\r0\t0.5\r0.1\t-0.75\r0.2\t12.25\r"
    private let peaks = """
        Component Results
        #,SampleName,Vial,Injection,Name,RT,Area,% Area,Int Type
        1,S-1,1,1,Alpha,1.25,100.5,75.5,BB
        2,S-1,1,1,Beta,2.75,32.5,24.5,BV
        1,S-2,2,1,Alpha,1.26,99.25,100,VB

        """

    private func numbers(_ reading: AdapterReading) -> [String: [Double?]] {
        var numbers: [String: [Double?]] = [:]
        for result in reading.results {
            let place = result.id.split(separator: "-").last.map(String.init) ?? ""
            numbers[place] = result.measurements.map(\.quantity.value)
        }
        return numbers
    }

    // MARK: Tables

    @Test(arguments: [",", "\t", ";"], ["", "'", "\""])
    func `a table reads alike in any separator and quotes`(separator: String, quote: String) async throws {
        let text =
            peaks.split(separator: "\n").map { line in
                line == "Component Results"
                    ? quote + line + quote
                    : line.split(separator: ",").map { quote + $0 + quote }.joined(separator: separator)
            }.joined(separator: "\r\n") + "\r\n"
        let reading = try await EmpowerAdapter().reading(text)
        #expect(reading.codes.isEmpty)
        #expect(numbers(reading) == numbers(try await EmpowerAdapter().reading(peaks)))
        #expect(reading.results.map(\.analyte?.name) == ["Alpha", "Beta", "Alpha"])
        #expect(reading.results.map(\.ordinal) == [1, 2, 1])
        #expect(reading.results.map(\.sample?.name) == ["S-1", "S-1", "S-2"])
        let quantity = reading.results.first?.measurements[1].quantity
        #expect(quantity?.unit == Unit("uV.s") && quantity?.unitIsFormats == true)
        guard case .certain = EmpowerAdapter().recognize(SourceOpening(name: "x", bytes: Array(text.utf8))) else {
            Issue.record("not recognised")
            return
        }
    }

    @Test(arguments: [
        "SampleName,S-9\nVial,4\nInjection,2\nBench,left\n\nComponent Results\n",
        "Vial,SampleName,Bench,Injection\n4,S-9,left,2\nComponent Results\n",
        "Injection:,2\nBench:,left\nSampleName:,S-9\nVial:,4\n",
    ])
    func `fields above a table describe its peaks`(legend: String) async throws {
        let reading = try await EmpowerAdapter().reading(legend + "Name,RT,Area,Int Type\nA,1.5,10,BB\nB,2.5,20,BB\n")
        // "Bench" is no field of Empower's.
        #expect(reading.codes == ["table.unknown-key"])
        #expect(reading.results.map(\.sample?.name) == ["S-9", "S-9"])
        #expect(reading.results.map(\.position?.vial) == ["4", "4"])
        #expect(reading.results.map(\.injection?.ordinal) == [2, 2])
        #expect(reading.results.map { $0.extras["Bench"] } == ["left", "left"])
        #expect(reading.results.map { $0.measurements.map(\.quantity.value) } == [[1.5, 10], [2.5, 20]])
    }

    @Test func `fields that could be meant in two ways name no sample`() async throws {
        let reading = try await EmpowerAdapter().reading(
            "SampleName,Bench\nS-9,left\nName,RT,Area,Int Type,% Area\nA,1.5,10,BB,1\n")
        #expect(reading.codes == ["empower.open-fields", "empower.open-fields"])
        #expect(reading.results.map(\.sample) == [nil])
        #expect(reading.results.first?.extras.fields.map(\.text).prefix(4) == ["SampleName", "Bench", "S-9", "left"])
    }

    @Test func `a component that is missing has no values, and no manual integration`() async throws {
        let text = "SampleName,Vial,Injection,Name,RT,Area,Int Type\nS,1,1,A,4.5,,Missing\nS,1,1,B,0,0,Missing\n"
        let reading = try await EmpowerAdapter().reading(text)
        for result in reading.results {
            #expect(result.measurements.map(\.quantity.absent) == [.notFound, .notFound])
            #expect(result.measurements.map(\.quantity.value) == [nil, nil])
            #expect(result.flags == [Flag("notFound", written: "Missing")])
        }
        #expect(reading.results.first?.measurements.first?.quantity.written == "4.5")
    }

    @Test func `rows of sums are ignored, but not a sample of that name`() async throws {
        let text = peaks + ",,,,Sum,,232.25,200,\n1,Sum,3,1,Alpha,1.2,5,100,BB\n,Mean,,,,1.25,77.4,,\n"
        let reading = try await EmpowerAdapter().reading(text)
        #expect(reading.results.map(\.location.line) == [3, 4, 5, 7])
        #expect(reading.end?.coverage.ignored == 6)
    }

    @Test func `each row belongs to the run of its sample set`() async throws {
        let header = "SampleName,Vial,Injection,Sample Set Name,Name,RT,Area\n"
        let rows = "A,1,1,X,p,1,2\nB,2,1,Y,p,1.1,3\nC,3,1,X,p,1.2,4\n"
        let reading = try await EmpowerAdapter().reading(header + rows)
        let sequences = Dictionary(uniqueKeysWithValues: reading.runs.map { ($0.id, $0.sequence) })
        #expect(reading.results.map { sequences[$0.run] } == ["X", "Y", "X"])
        #expect(reading.results.allSatisfy { $0.sample?.batch == nil })
    }

    @Test func `a header that stands again is no row`() async throws {
        let again = peaks.split(separator: "\n")[1]
        let reading = try await EmpowerAdapter().reading(
            peaks + "Component Results\n\(again)\n1,S-3,3,1,Alpha,1.2,5,100,BB\n")
        #expect(reading.results.count == 4)
        #expect(reading.codes.isEmpty)
        #expect(reading.end?.coverage.ignored == 9)
    }

    @Test func `a garbled area leaves out its row, a short row contradicts`() async throws {
        let reading = try await EmpowerAdapter().reading(peaks.replacing("32.5", with: "32.S") + "2,S-2,2,1,Beta,2.7\n")
        #expect(reading.results.map(\.location.line) == [3, 5])
        #expect(Set(reading.codes) == ["table.not-a-number", "table.short-row"])
        #expect(reading.status == 2)
    }

    // MARK: Damaged tables

    @Test func `fields told again are of another injection, and none of the one before stays`() async throws {
        let reading = try await EmpowerAdapter().reading(
            """
            SampleName,Vial,Injection,Injection Volume,Date Acquired,Acq Method Set
            B1,7,3,10,2031-03-13 10:00:00,M1
            SampleName,Channel,Processing Method
            S2,UV,PM
            Name,RT,Area,% Area
            A,1.5,10,100

            """)
        #expect(reading.codes == ["empower.no-peaks"])
        #expect(reading.results.map(\.sample?.name) == ["B1", "S2"])
        #expect(reading.results.map(\.kind) == [.sample, .peak])
        let peak = try #require(reading.results.last)
        #expect(peak.position == nil && peak.injection == nil && peak.signal?.name == "UV")
        #expect(reading.runs.map { $0.methods.map(\.name) } == [["M1"], ["PM"]])
    }

    @Test(arguments: ["SampleName,\nVial,1\n\nSampleName,S-2\nVial,2\n", "SampleName,S-1\nVial,1\nSampleName,S-2\nVial,2\n"])
    func `a field without a value is told too`(legend: String) async throws {
        let reading = try await EmpowerAdapter().reading(legend + "Name,RT,Area,% Area\nA,1.5,10,100\n")
        #expect(reading.results.last?.sample?.name == "S-2")
        #expect(reading.results.last?.position?.vial == "2")
        #expect(reading.codes == ["empower.no-peaks"])
    }

    @Test func `a name without a value gives its neighbours no values`() async throws {
        let reading = try await EmpowerAdapter().reading(
            "SampleName,Vial,Injection,Acq Method Set\nS1,2,M1\nName,RT,Area,% Area\nA,1.5,10,100\n")
        #expect(reading.codes == ["empower.fields"])
        #expect(reading.end?.completeness.verdict == .no)
        let peak = try #require(reading.results.first)
        #expect(peak.sample == nil && peak.position == nil && peak.injection == nil)
        #expect(peak.extras.fields.map(\.text) == ["S1", "2", "M1"])
    }

    @Test func `rows without headings are left out and told`() async throws {
        let fields = "SampleName,Vial,Injection,Sample Set Name\nS-1,1,1,X\nComponent Results\n"
        let text =
            fields + "1,A,1.5,10,BB\n2,B,2.5,20,BV\n" + fields.replacing("S-1", with: "S-2")
            + "#,Name,RT,Area,Int Type\n1,A,1.6,11,BB\n"
        let reading = try await EmpowerAdapter().reading(text)
        #expect(reading.codes.count { $0 == "empower.no-header" } == 2)
        #expect(reading.results.map(\.sample?.name) == ["S-1", "S-2"])
        #expect(reading.results.map(\.measurements.count) == [0, 2])
        #expect(reading.end?.leftOut == 2)
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test(arguments: [("page 2", []), ("Page 2 of 3", []), ("as seen by Ann", ["empower.line-in-table"])])
    func `a line of text does not end its table`(line: String, codes: [String]) async throws {
        let rows = peaks.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let reading = try await EmpowerAdapter().reading((rows[..<3] + [line] + rows[3...]).joined(separator: "\n"))
        #expect(reading.codes == codes)
        #expect(reading.results.map(\.ordinal) == [1, 2, 1])
        #expect(reading.results.map(\.sample?.name) == ["S-1", "S-1", "S-2"])
        #expect(reading.results[1].extras["Title"] == (codes.isEmpty ? nil : line))
    }

    @Test func `names of fields at the end of the file have lost their values`() async throws {
        let reading = try await EmpowerAdapter().reading(peaks + "SampleName,Vial,Injection\n")
        #expect(reading.codes == ["empower.fields"])
        #expect(reading.results.count == 3)
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `a header that stands twice changes no column`() async throws {
        let header = "SampleName,Vial,Injection,Name,RT,Area,Purity1 Angle\n"
        let reading = try await EmpowerAdapter().reading(header + header + "S,1,1,A,1.5,10,0.25\n")
        #expect(reading.results.map { $0.measurements.map(\.quantity.value) } == [[1.5, 10, 0.25]])
    }

    @Test func `a title above another header begins another table`() async throws {
        let table = "Name,RT,Area,% Area\nA,1.5,10,100\n"
        let reading = try await EmpowerAdapter().reading("SampleName,S-1\nVial,1\n" + table + "Second\n" + table)
        #expect(reading.results.map(\.sample?.name) == ["S-1", nil])
        #expect(reading.results.map { $0.extras["Title"] } == [nil, "Second"])
    }

    @Test func `fields that have lost their names leave the next table without those before`() async throws {
        let fields = "SampleName,Vial,Injection,Sample Set Name\nS-1,1,1,X\nComponent Results\n"
        let table = "Name,RT,Area,% Area,Int Type\nA,1.5,10,100,BB\n"
        let reading = try await EmpowerAdapter().reading(fields + table + "S-2,2,1,X\nComponent Results\n" + table)
        #expect(reading.codes == ["table.short-row"])
        #expect(reading.results.map(\.sample?.name) == ["S-1", nil])
    }

    @Test(arguments: [
        "SampleName,Name,RT,Area,Result Id\nS1,A,1.5,10,17\nS2,A,1.5,20,18\nMean,,1.5,15,\n",
        "SampleName,S1\nName,RT,Area,% Area\nA,1.5,10,50\nB,2.5,10,50\nSum,,20,100\n",
    ])
    func `a row of means is no sample, without columns of the injection too`(text: String) async throws {
        let reading = try await EmpowerAdapter().reading(text)
        #expect(reading.results.count == 2)
        #expect(reading.end?.coverage.ignored == 3)
    }

    @Test func `a component called Total that has a peak is one`() async throws {
        let reading = try await EmpowerAdapter().reading("SampleName,S1\nName,RT,Area,% Area\nTotal,1.5,10,50\n")
        #expect(reading.results.map(\.analyte?.name) == ["Total"])
    }

    // MARK: Traces

    @Test(arguments: [
        "\"SampleName\"\t\"S 1\"\n\"Channel\"\t\"ChA\"\n\"Mine\"\t\"x\"\n",
        "\"Mine\"\t\"SampleName\"\t\"Channel\"\n\"x\"\t\"S 1\"\t\"ChA\"\n",
        "Channel\tMine\tSampleName\r\nChA\tx\tS 1\r\n",
        "\"Mine\"\t\"x\"\r\n\"Channel\"\t\"ChA\"\r\n\"SampleName\"\t\"S 1\"\r\n",
    ])
    func `fields above a trace may stand in any order and form`(legend: String) async throws {
        let reading = try await EmpowerAdapter().reading(legend + "0\t1\n0.5\t2\n1\t-3\n", name: "a.arw")
        // "Mine" is no field of Empower's.
        #expect(reading.codes == ["table.unknown-key"])
        let trace = try #require(reading.traces.first)
        #expect(trace.sample?.name == "S 1")
        #expect(trace.signal?.name == "ChA")
        #expect(trace.extras["Mine"] == "x")
        #expect(reading.points[trace.id] == [0, 1, 0.5, 2, 1, -3])
        #expect(trace.axes.map(\.unit) == [.minute, nil])
        guard
            case .certain = EmpowerAdapter().recognize(
                SourceOpening(name: "a", bytes: Array((legend + "0\t1\n").utf8)))
        else {
            Issue.record("not recognised")
            return
        }
    }

    @Test(arguments: [
        ("O.0\t0.5\r0.1\tO.7\r", "\"SampleName\"\t\"S 1\"\r\"Channel\"\t\"ChA\"\r", 2),
        ("O.0\t0.5\r0.1\tO.7\r", "SampleName\tS 1\rChannel\tChA\r", 2),
        ("0\t0.0x1\r", "\"SampleName\"\t\"Channel\"\r\"S 1\"\t\"ChA\"\r", 1),
        ("O\tO\r", "\"SampleName\"\t\"Channel\"\r\"S 1\"\t\"ChA\"\r", 1),
        ("0\r", "\"SampleName\"\t\"Channel\"\r\"S 1\"\t\"ChA\"\r", 1),
        ("0\t1\tO.2\r", "\"SampleName\"\t\"Channel\"\r\"S 1\"\t\"ChA\"\rWavelength\t210\t211\rTime\r", 1),
    ])
    func `garbled points in front are points that are left out`(points: String, legend: String, leftOut: Int) async throws {
        let rest = legend.contains("Wavelength") ? "1\t2\t3\r2\t3\t4\r" : "1\t2\r2\t3\r"
        let reading = try await EmpowerAdapter().reading(legend + points + rest)
        #expect(reading.codes.count == leftOut)
        #expect(reading.end?.leftOut == leftOut)
        let trace = try #require(reading.traces.first)
        #expect(trace.extras.isEmpty && trace.sample?.name == "S 1" && trace.signal?.name == "ChA")
        #expect(reading.end?.points == 2)
    }

    @Test func `names that stand twice have the values below the second line`() async throws {
        let names = "\"SampleName\"\t\"Channel\"\r"
        let reading = try await EmpowerAdapter().reading(names + trace)
        #expect(reading.traces.first?.sample?.name == "S 1")
        #expect(reading.traces.first?.extras.isEmpty == true)
        #expect(reading.codes.isEmpty)
    }

    @Test func `names without values take no points for them`() async throws {
        let reading = try await EmpowerAdapter().reading(trace.replacing("\"S 1\"\t\"ChA\"\r", with: ""))
        #expect(reading.codes == ["empower.fields"])
        #expect(reading.traces.first?.sample == nil)
        #expect(reading.end?.points == 3)
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `of a field with two values the first one stands, and the other is kept`() async throws {
        let legend = "\"SampleName\"\t\"A\"\n\"SampleName\"\t\"B\"\n\"Channel\"\t\"ChA\"\n\"Channel Name\"\t\"PDA\"\n"
        let reading = try await EmpowerAdapter().reading(
            legend + "\"System Name\"\t\"X\"\n\"Instrument Name\"\t\"Y\"\n0\t1\n1\t2\n")
        #expect(reading.codes == ["empower.repeated-field"])
        #expect(reading.end?.completeness.verdict == .no)
        let trace = try #require(reading.traces.first)
        #expect(trace.sample?.name == "A" && trace.signal?.name == "ChA")
        #expect(trace.extras.fields.map(\.text) == ["B", "PDA", "Y"])
        #expect(reading.runs.first?.instrument?.name == "X")
    }

    @Test func `values that are fewer than the names contradict the file`() async throws {
        let reading = try await EmpowerAdapter().reading(trace.replacing("\t\"ChA\"", with: ""))
        #expect(reading.codes == ["empower.fields"])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `a time that repeats is told, one that falls stops publishing`() async throws {
        let repeated = try await EmpowerAdapter().reading(trace + "0.2\t12\r0.3\t11\r")
        #expect(repeated.codes == ["trace.time-repeats"])
        #expect(repeated.diagnostics.first?.location.line == 6)
        #expect(repeated.end?.completeness.verdict == .unknown)
        let fallen = try await EmpowerAdapter().reading(trace + "0.1\t12\r0.3\t11\r")
        #expect(fallen.codes == ["trace.time-falls"])
        #expect(fallen.end?.completeness.verdict == .no)
        #expect(fallen.traces.first?.flags.map(\.code) == ["timeFalls"])
    }

    @Test func `many repeated times are counted, not listed`() async throws {
        let reading = try await EmpowerAdapter().reading(trace + String(repeating: "0.2\t1\r", count: 1000))
        #expect(reading.codes.count == 6)
        #expect(reading.diagnostics.last?.message.contains("1000 places") == true)
        #expect(reading.end?.points == 1003)
    }

    @Test func `a garbled wavelength stops the file`() async throws {
        let text = "\"SampleName\"\t\"Channel\"\n\"S\"\t\"PDA\"\nWavelength\t210\t2I1\t212\n0\t1\t2\t3\n"
        let reading = try await EmpowerAdapter().reading(text)
        #expect(reading.end == nil)
        #expect(reading.codes == ["table.not-a-number"])
        #expect(reading.diagnostics.first?.location.column == 16)
    }

    @Test func `a spectrum of many wavelengths keeps its place, in lines of bounded length`() async throws {
        let count = 600
        var text = "\"SampleName\"\t\"Channel\"\r\n\"S\"\t\"PDA\"\r\nWavelength"
        for wavelength in 0..<count { text += "\t\(190 + wavelength)" }
        text += "\r\nTime\r\n"
        for row in 0..<200 {
            text += "\(row)"
            for wavelength in 0..<count { text += "\t\(row * 1000 + wavelength)" }
            text += "\r\n"
        }
        let reading = try await EmpowerAdapter().reading(text, chunkLength: 4096)
        let trace = try #require(reading.traces.first)
        #expect(trace.axes.count == count + 1 && trace.axes[3].name == "Wavelength 192")
        let points = try #require(reading.points[trace.id])
        #expect(points.count == 200 * (count + 1))
        #expect(points[7 * (count + 1) + 1 + 41] == 7041)
        #expect(reading.codes.isEmpty)
        #expect(reading.lines.split(separator: "\n").allSatisfy { $0.utf8.count < 1 << 20 })
    }

    // MARK: Cut files, other files

    @Test func `a file cut anywhere never gives another number untold`() async throws {
        for text in [
            peaks, peaks.replacing("Component Results\n", with: "SampleName,Vial\nS-1,1\nComponent Results\n"), trace,
        ] {
            let whole = try await EmpowerAdapter().reading(text)
            let points = whole.points.values.first ?? []
            for length in 0..<text.utf8.count {
                let cut = try await EmpowerAdapter().reading(
                    String(decoding: Array(text.utf8).prefix(length), as: UTF8.self))
                #expect(cut.end?.completeness.verdict != .yes)
                let before = numbers(whole)
                for (place, values) in numbers(cut) where values != before[place] {
                    #expect(!cut.diagnostics.isEmpty, "cut after \(length) bytes, \(place) is \(values)")
                }
                let read = cut.points.values.first ?? []
                #expect(points.starts(with: read) || !cut.diagnostics.isEmpty, "cut after \(length) bytes: \(read)")
            }
        }
    }

    @Test(arguments: [
        "", "Sample Name,RT,Area\nS,1,2\n", "SampleName,RT,Area\nS,1,2\n", "Name,RT,Area,% Area\nA,1,2,3\n",
        "Sample Name,Vial,Injection,RT,Area\nS,1,1,2,3\n", "SampleName,Vial,RT,Area\nS,1,2,3\n",
        "Name\tRetention Time\tArea\tHeight\nA\t1\t2\t3\n", "0\t1\n1\t2\n", "Channel,Vial\n1,2\n",
        "Component Results\nfoo,bar\n",
    ])
    func `tables of anybody are left to others`(text: String) {
        #expect(EmpowerAdapter().recognize(SourceOpening(name: "x.csv", bytes: Array(text.utf8))) == .no)
    }
}
