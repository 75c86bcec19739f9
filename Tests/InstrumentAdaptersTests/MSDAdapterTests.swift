import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct MSDAdapterTests {
    private let results = #"""
        [contents]
        count=1
        Name=,D:\GCMS\data\Ann\S-1.D
        1=,INT TIC: S-1.D\data.ms
        [INT TIC: S-1.D\data.ms]
        Time=,Thu Mar 07 16:30:15 2024
        Header=,"Peak","R.T.","First","Max","Last","PK  TY","Height","Area","Pct Max","Pct Total"
        1=,  1,  1.227,   19,  24,  33,"  M ",1460012, 12000000,100.00, 70.746
        2=,  2,  1.439,   56,  61,  70," BV ", 480200,  4160000, 34.67, 24.526
        3=,  3,  1.648,   92,  97, 108," VB2",  91350,   801930,  6.68,  4.728

        """#
    private let report = #"""
                                                            Area Percent Report

          Data Path : D:\GCMS\data\Ann\
          Data File : S-1.D
          Acq On    : 07 Mar 2024  14:53
          Operator  : R. Vance
          Sample    : S-1
          Misc      :
          ALS Vial  : 12   Sample Multiplier: 1

          Integration Parameters: autoint1.e
          Integrator: ChemStation

          Method    : D:\GCMS\methods\TERP30.M
          Title     : Terpenes

          Signal     : TIC: S-1.D\data.ms

         peak  R.T. first  max last  PK   peak      corr.   corr.    % of
           #   min   scan scan scan  TY  height     area    % max.   total
         ---  ----- ----- ---- ---- ---  -------   -------  ------  -------
          1   1.227    19   24   33   M   1460012  12000000 100.00%  70.746%
          2   1.439    56   61   70  BV    480200   4160000  34.67%  24.526%
          3   1.648    92   97  108  VB2    91350    801930   6.68%   4.728%


                                Sum of corrected areas:    16961930

        TERP30.M Thu Mar 07 16:30:15 2024

        """#
    private let sampleInfo =
        "<SampleInfo><Version>1.0</Version>"
        + [
            ("Inj Vol (µl)", "1"), ("Sample Name", "S-1"), ("Sample Position", "12"), ("Data File", #"D:\GCMS\data\Ann\S-1.D"#),
            ("Method", #"D:\GCMS\methods\TERP30.M"#), ("AcqTime", "2024-03-07T14:53:07+01:00"),
            ("RunCompletedFlag", "True"),
        ].map {
            "<Field><Name>\($0)</Name><DisplayName>\($0)</DisplayName><Value>\($1)</Value><DataType>8</DataType>"
                + "<Units></Units></Field>"
        }.joined() + "</SampleInfo>"
    /// 120 points as far apart as the scans of the peaks: 1.09303, 1.09881 …
    private let trace =
        #"D:\GCMS\data\Ann\S-1.D 07 Mar 24  02:53 pm"# + "\nStart of data points\n"
        + (0..<120).map { "1.\("\(109303 + $0 * 578)".dropFirst()),\(50000 + $0 * 37 % 90)\n" }.joined()

    private func folder(results: String? = nil, report: String? = nil, info: String? = nil, trace: String? = nil) -> OpenedSource
    {
        let files = [
            ("AcqData/sample_info.xml", info ?? sampleInfo), ("RESULTS.CSV", results ?? self.results),
            ("rteres.txt", report ?? self.report), ("tic_front.csv", trace ?? self.trace),
        ]
        return OpenedSource(
            name: "S-1.D", bytes: [], members: files.map { OpenedSource(name: $0.0, bytes: Array($0.1.utf8)) })
    }

    private func numbers(_ reading: AdapterReading) -> [[Double?]] {
        reading.results.map { $0.measurements.map(\.quantity.value) }
    }

    private let expected: [[Double?]] = [
        [1.227, 19, 24, 33, 1_460_012, 12_000_000, 100, 70.746], [1.439, 56, 61, 70, 480_200, 4_160_000, 34.67, 24.526],
        [1.648, 92, 97, 108, 91_350, 801_930, 6.68, 4.728],
    ]

    private func isTold(_ reading: AdapterReading) -> Bool {
        reading.end?.completeness.verdict == .no || (reading.end?.leftOut ?? 0) > 0
            || reading.codes.contains { $0 != "msd.account" }
    }

    // MARK: Whole

    @Test func `a folder is one injection, and its peaks are told once`() async throws {
        let reading = try await MSDAdapter().reading(folder())
        #expect(reading.codes.isEmpty, "\(reading.diagnostics)")
        #expect(numbers(reading) == expected)
        #expect(reading.traces.map(\.count) == [120])
        #expect(reading.points.values.first?.prefix(4) == [1.09303, 50000, 1.09881, 50037])
        let peak = try #require(reading.results.first)
        #expect(peak.sample?.name == "S-1" && peak.position?.vial == "12" && peak.signal?.name == "TIC")
        #expect(peak.injection?.acquired?.offsetText == "+01:00")
        #expect(peak.flags.map(\.code) == ["manualIntegration"])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `each file is read alone, and names no folder`() async throws {
        for (name, text, count) in [("RESULTS.CSV", results, 3), ("rteres.txt", report, 3), ("sample_info.xml", sampleInfo, 1)] {
            let reading = try await MSDAdapter().reading(text, name: name)
            #expect(reading.codes.isEmpty, "\(name): \(reading.diagnostics)")
            #expect(reading.results.count == count, "\(name)")
            #expect(reading.end?.completeness.verdict == .yes, "\(name)")
            #expect(reading.end?.coverage.addsUp == true, "\(name)")
            #expect(!reading.lines.contains("Ann"), "\(name)")
            if count == 3 { #expect(numbers(reading) == expected, "\(name)") }
        }
        let reading = try await MSDAdapter().reading(trace, name: "tic_front.csv")
        #expect(reading.codes.isEmpty && reading.traces.map(\.count) == [120])
        #expect(!reading.lines.contains("Ann"))
    }

    // MARK: Damage

    @Test(arguments: [("12000000 100", "12000001 100"), ("1.439", "1.493"), ("S-1\n", "S-2\n"), ("Vial  : 12", "Vial  : 21")])
    func `files that contradict each other are told, and the peaks keep the numbers of the table`(found: String, changed: String)
        async throws
    {
        let reading = try await MSDAdapter().reading(folder(report: report.replacing(found, with: changed)))
        #expect(reading.codes.contains("msd.files-differ"), "\(reading.codes)")
        #expect(reading.end?.completeness.verdict == .no)
        for row in numbers(reading) { #expect(expected.contains(row)) }
    }

    @Test(arguments: ["1.4x39", "1,439", "4160O00", "34.6.7", "6l"])
    func `a garbled number leaves out its row, with its place`(garbled: String) async throws {
        let cell = ["1.4x39": "1.439", "1,439": "1.439", "4160O00": "4160000", "34.6.7": "34.67", "6l": " 61"][garbled] ?? ""
        for text in [results, report] {
            let reading = try await MSDAdapter().reading(text.replacing(cell, with: garbled, maxReplacements: 1))
            #expect(reading.end?.leftOut == 1, "\(reading.diagnostics)")
            #expect(numbers(reading) == [expected[0], expected[2]])
            #expect(
                reading.diagnostics.contains { $0.severity == .error && $0.location.line != nil && $0.location.column != nil })
            #expect(reading.end?.coverage.addsUp == true)
        }
    }

    @Test(arguments: ["5x0037", "50037.1.2", "", "\"50037"])
    func `a garbled point is left out and told`(cell: String) async throws {
        let reading = try await MSDAdapter().reading(trace.replacing("1.09881,50037", with: "1.09881,\(cell)"))
        #expect(isTold(reading))
        #expect(reading.traces.map(\.count) != [120])
    }

    @Test(arguments: ["R.T.", "Area", "Height", "Pct Total", "Max"])
    func `a renamed heading is told`(heading: String) async throws {
        let reading = try await MSDAdapter().reading(results.replacing("\"\(heading)\"", with: "\"\(heading.dropLast())q\""))
        #expect(reading.codes.contains("msd.unknown-heading"), "\(reading.codes)")
        #expect(reading.codes.contains("msd.missing-column"))
    }

    @Test func `a row that is missing or stands twice is told, in the table and in the words`() async throws {
        for text in [results, report] {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated()
            where line.contains("1.227") || line.contains("1.439") || line.contains("1.648") {
                for copies in [0, 2] {
                    var changed = lines
                    changed.replaceSubrange(index...index, with: Array(repeating: line, count: copies))
                    let reading = try await MSDAdapter().reading(changed.joined(separator: "\n"))
                    #expect(isTold(reading), "\(copies) of \(line)")
                    #expect(reading.end?.completeness.verdict != .yes, "\(copies) of \(line)")
                }
            }
        }
    }

    @Test func `a point that is missing within a trace is told`() async throws {
        #expect(isTold(try await MSDAdapter().reading(trace.replacing("1.09881,50037\n", with: ""))))
    }

    @Test func `a table or a report that is cut anywhere below its headings is never proved whole`() async throws {
        for text in [results, report] {
            let bytes = Array(text.utf8)
            let start = try #require(text.firstRange(of: "1.227")).lowerBound.utf16Offset(in: text)
            let end = bytes.lastIndex { $0 > 32 } ?? 0
            for count in stride(from: start, to: end, by: 7) {
                let reading = try await MSDAdapter().reading(
                    OpenedSource(name: "sample.csv", bytes: Array(bytes.prefix(count))))
                #expect(reading.end?.completeness.verdict != .yes, "after byte \(count)")
                #expect(reading.end?.coverage.addsUp ?? true, "after byte \(count)")
                #expect(!reading.codes.contains("adapter.unread-cell"), "after byte \(count)")
            }
        }
    }

    @Test func `a file of the folder that was damaged beyond recognition is told`() async throws {
        let reading = try await MSDAdapter().reading(folder(results: "gone\n"))
        #expect(reading.codes.contains("msd.damaged-file"))
        #expect(numbers(reading) == expected)
        #expect(reading.end?.completeness.verdict == .no)
    }
}
