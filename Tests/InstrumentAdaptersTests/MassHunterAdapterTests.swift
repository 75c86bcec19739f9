import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct MassHunterAdapterTests {
    private let wide = """
        Sample,,,,,A Method,A Results,,,B (IS) Results,,
        ,,Name,Data File,Acq. Date-Time,Precursor Ion,RT,Area,MI,RT,Area,MI
        !,,S1,s1.d,3/14/2031 9:05 AM,195.1,1.5,1200,FALSE,2.5,33000,TRUE
        ,,S1,s2.d,3/14/2031 9:15 AM,195.1,1.52,1210,FALSE,2.51,33010,FALSE

        """

    private let transposed = """
        Compound Method,,S,,S,,S,,S,,T,T,
        Name,Transition,Data File,Acq. Date-Time,RT,Area,Data File,Acq. Date-Time,RT,Area,Data File,RT,Area
        A,100.1 -> 50.0,s1.d,3/14/2031 9:05 AM,1.5,10,s2.d,3/14/2031 9:15 AM,1.6,11,t.d,1.7,12
        A,100.1 -> 60.0,s1.d,3/14/2031 9:05 AM,2.5,20,s2.d,3/14/2031 9:15 AM,2.6,21,t.d,2.7,22

        """

    private func numbers(_ reading: AdapterReading) -> [String: [Double?]] {
        var numbers: [String: [Double?]] = [:]
        for result in reading.results {
            let place = result.id.split(separator: "-").last.map(String.init) ?? ""
            numbers[place] = result.measurements.map(\.quantity.value)
        }
        return numbers
    }

    @Test func `a garbled cell leaves out its own compound alone`() async throws {
        let reading = try await MassHunterAdapter().reading(wide.replacing("1200", with: "12OO"))
        #expect(reading.results.map(\.analyte?.name) == ["B (IS)", "A", "B (IS)"])
        #expect(reading.results.map(\.ordinal) == [2, 1, 2])
        #expect(reading.codes == ["table.not-a-number"])
        #expect(reading.diagnostics.first?.location.line == 3)
        #expect(reading.diagnostics.first?.location.column == 40)
        #expect(reading.status == 1)
        // The four cells of the compound are left out with it; those of the sample and the other compound are not.
        #expect(reading.end?.coverage.leftOut == 4)
    }

    @Test func `a garbled date leaves out the whole line of a wide table`() async throws {
        let reading = try await MassHunterAdapter().reading(wide.replacing("3/14/2031 9:05", with: "3/44/2031 9:05"))
        #expect(reading.results.map(\.location.line) == [4, 4])
        #expect(reading.codes == ["table.not-a-time"])
    }

    @Test func `a garbled date leaves out one sample of a transposed table`() async throws {
        let broken = transposed.replacing("s2.d,3/14/2031 9:15 AM,1.6", with: "s2.d,3/14/2031 9:65 AM,1.6")
        let reading = try await MassHunterAdapter().reading(broken)
        #expect(reading.results.count == 5)
        #expect(reading.codes == ["table.not-a-time"])
        #expect(reading.results.filter { $0.location.line == 3 }.map { $0.extras["Data File"] } == ["s1.d", "t.d"])
    }

    @Test func `samples of one name are told apart by their data files`() async throws {
        let reading = try await MassHunterAdapter().reading(transposed)
        #expect(reading.results.map(\.sample?.name) == ["S", "S", "T", "S", "S", "T"])
        #expect(reading.results.map { $0.extras["Data File"] } == ["s1.d", "s2.d", "t.d", "s1.d", "s2.d", "t.d"])
        #expect(reading.results.map(\.ordinal) == [1, 1, 1, 2, 2, 2])
        #expect(reading.results.map { $0.measurements.last?.quantity.value } == [10, 11, 12, 20, 21, 22])
        #expect(Set(reading.results.map(\.id)).count == 6)
    }

    @Test func `samples of one name without data files are told apart by their headings`() async throws {
        let text = "Compound Method,S,,S,\nName,RT,Area,RT,Area\nA,1.5,10,1.6,11\n"
        let reading = try await MassHunterAdapter().reading(text)
        #expect(reading.results.map { $0.measurements.compactMap(\.quantity.value) } == [[1.5, 10], [1.6, 11]])
    }

    @Test func `two compounds of one name stay two`() async throws {
        let text = "Sample,,,A Results,,A Results,\n,,Name,RT,Area,RT,Area\n,,S,1.5,10,1.6,11\n"
        let reading = try await MassHunterAdapter().reading(text)
        #expect(reading.results.map(\.analyte?.name) == ["A", "A"])
        #expect(reading.results.map { $0.measurements.compactMap(\.quantity.value) } == [[1.5, 10], [1.6, 11]])
        #expect(reading.results.map(\.index) == [4, 6])
    }

    @Test(arguments: [
        ("Sample,,,A Resolts,,B Results,", "masshunter.unknown-group"),
        ("Sample,,,A Results,,A Results,,B Results", "masshunter.header"),
        ("Smaple,,,A Results,,B Results,", "masshunter.unknown-group"),
        (",,,A Results,,B Results,", "masshunter.unknown-group"),
        ("A Results,,,,,B Results,", "masshunter.unknown-group"),
        ("Sample,,,Qualifier (1 -> 2) Results,,A Results,", "masshunter.unknown-group"),
        ("Sample,,,A Method,B Results,A Results,", "masshunter.split-compound"),
        ("Sample,,A Results,,B Results,", "masshunter.header"),
        ("Sample,,,,A Results,,B Results,", "masshunter.header"),
        ("Sample,,,A Results,B Results", "masshunter.header"),
        ("Sample,,,A Results,B Results,,", "masshunter.header"),
    ])
    func `a header that does not hold together stops the file`(groups: String, code: String) async throws {
        let reading = try await MassHunterAdapter().reading("\(groups)\n,,Name,RT,Area,RT,Area\n,,S,1.5,10,1.6,11\n")
        #expect(reading.end == nil)
        #expect(reading.codes == [code])
        #expect(reading.diagnostics.first?.location.line != nil)
    }

    @Test(arguments: ["S,,Q,,S,", "Q,,S,,S,", "S,,S,,Q,"])
    func `a sample whose groups have two names stops the file`(groups: String) async throws {
        let reading = try await MassHunterAdapter().reading(
            transposed.replacing("Compound Method,,S,,S,,S,", with: "Compound Method,,\(groups)"))
        #expect(reading.codes == ["masshunter.split-sample"])
        #expect(reading.end == nil)
    }

    @Test func `headings without the groups above stop the file`() async throws {
        let text = wide.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
        guard case .certain = MassHunterAdapter().recognize(SourceOpening(name: "x.csv", bytes: Array(text.utf8))) else {
            Issue.record("not recognised")
            return
        }
        #expect(try await MassHunterAdapter().reading(text).codes == ["masshunter.header"])
    }

    @Test func `a cell too many is told, also where the last ones are empty`() async throws {
        let reading = try await MassHunterAdapter().reading(
            "Sample,,,A Results,,B Results,\n,,Name,RT,Area,RT,Area\n,,S,1,5,10,,\n,,T,1.5,10,1.6,11\n")
        #expect(reading.codes == ["table.long-row"])
        #expect(reading.results.map(\.sample?.name) == ["T", "T"])
    }

    @Test func `headings that stand twice change no column`() async throws {
        let text = "Sample,,,A Results,\n,,Name,Purity,Area\n,,Name,Purity,Area\n,,S,0.5,10\n"
        let reading = try await MassHunterAdapter().reading(text)
        #expect(reading.results.map { $0.measurements.map(\.quantity.value) } == [[0.5, 10]])
    }

    @Test func `a method whose results have another name is told`() async throws {
        let reading = try await MassHunterAdapter().reading(wide.replacing("A Results", with: "4 Results"))
        #expect(reading.codes == ["masshunter.no-results"])
        #expect(reading.results.map(\.analyte?.name) == ["A", "4", "B (IS)", "A", "4", "B (IS)"])
    }

    @Test(arguments: [
        ("S-01,Patient 5,P1-A3,-1", ["Sample Name": "Patient 5"], "P1-A3"),
        ("S-01,S-01,-1,12", [:], "12"),
        ("S-01,,P1-A3,12", ["Vial": "12"], "P1-A3"),
    ])
    func `of two names and two positions none is dropped`(cells: String, extras: [String: String], position: String) async throws
    {
        let reading = try await MassHunterAdapter().reading(
            "Sample,,,,A Results,\nName,Sample Name,Pos.,Vial,RT,Area\n\(cells),1.5,10\n")
        let result = try #require(reading.results.first)
        #expect(result.sample?.name == "S-01")
        #expect(result.position?.written == position)
        #expect(result.extras.fields.map(\.heading) == Array(extras.keys))
        #expect(result.extras.fields.map(\.text) == Array(extras.values))
    }

    @Test func `a sample with another name than its group is told once`() async throws {
        let reading = try await MassHunterAdapter().reading(
            "Compound Method,S,,,\nName,Name,Data File,RT,Area\nA,T,t.d,1.5,10\nB,T,t.d,2.5,20\n")
        #expect(reading.codes == ["masshunter.other-name"])
        #expect(reading.results.map(\.sample?.name) == ["S", "S"])
        #expect(reading.results.map { $0.extras["Name"] } == ["T", "T"])
    }

    @Test func `a line that stands between the header lines is no header`() async throws {
        let lines = wide.split(separator: "\n")
        let swapped = try await MassHunterAdapter().reading([lines[0], lines[2], lines[1], lines[3]].joined(separator: "\n"))
        #expect(swapped.codes == ["masshunter.header"])
        let blank = try await MassHunterAdapter().reading(wide.replacing("\n,,Name", with: "\n,\n,,Name"))
        #expect(blank.results.map(\.measurements) == (try await MassHunterAdapter().reading(wide)).results.map(\.measurements))
    }

    @Test func `a row of another length is left out and told`() async throws {
        let reading = try await MassHunterAdapter().reading(wide + ",,S3,s3.d,3/14/2031 9:25 AM,195.1,1.5\n")
        #expect(reading.codes == ["table.short-row"])
        #expect(reading.end?.completeness.verdict == .no)
        let long = try await MassHunterAdapter().reading(wide.replacing("33010,FALSE", with: "33,010,FALSE"))
        #expect(long.codes == ["table.long-row"])
        #expect(long.results.count == 2)
    }

    @Test func `a row that stands twice is flagged, wherever it stands`() async throws {
        let first = wide.split(separator: "\n")[2]
        let reading = try await MassHunterAdapter().reading(wide + first + "\n")
        #expect(reading.codes == ["table.repeated-row"])
        #expect(
            reading.results.filter { $0.flags.contains { $0.code == "repeatedRow" } }.map(\.location.line) == [5, 5])
    }

    @Test func `a file cut anywhere never gives another number untold`() async throws {
        for text in [wide, transposed] {
            let whole = numbers(try await MassHunterAdapter().reading(text))
            for length in 0..<text.utf8.count {
                let cut = try await MassHunterAdapter().reading(
                    String(decoding: Array(text.utf8).prefix(length), as: UTF8.self))
                #expect(cut.end?.completeness.verdict != .yes)
                for (place, values) in numbers(cut) where values != whole[place] {
                    #expect(!cut.diagnostics.isEmpty, "cut after \(length) bytes, \(place) is \(values)")
                }
            }
        }
    }

    @Test func `it is sure of its own tables only`() throws {
        func recognition(_ text: String) -> Recognition {
            MassHunterAdapter().recognize(SourceOpening(name: "x.csv", bytes: Array(text.utf8)))
        }
        for text in [wide, transposed, "sep=;\n" + wide.replacing(",", with: ";")] {
            guard case .certain = recognition(text) else {
                Issue.record("not recognised: \(text.prefix(40))")
                continue
            }
        }
        for text in [
            "", "Sample,RT,Area\nS,1,2\n", "Sample Name,Results,RT\nS,1,2\n", "Search Results,,\nName,RT,Area\nx,1,2\n",
            "Sample,,\nName,RT,Area\n", "Test Method,,\n1,2,3\n",
            "Sample,Assay Results,RT\nS,1,2\n", "Sample,,Name\nS,,x\n",
        ] {
            #expect(recognition(text) == .no, "\(text)")
        }
    }
}
