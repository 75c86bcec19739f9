import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct OpenLynxAdapterTests {
    /// Two samples: a spectrum of three masses, a trace of eight points, two peaks.
    private func sample(_ number: Int, well: String = "2:A,5") -> String {
        """
        [SAMPLE]
        {
        Sample⇥\(number)
        Well⇥\(well)
        FileName⇥C:\\Data\\Ann\\DEMO-\(number)
        SampleID⇥S-\(number)
        Date⇥05-Jun-2024
        Time⇥09:12:44
        JobCode⇥DEMO
        UserName⇥Ann Example (axe
        Instrument⇥QDA
        Submitter⇥Ann Example (axe12345)
        SampleType⇥0
        Plate⇥01TL,XY,LN,1: 8,2:12
        Method⇥D:\\Demo.PRO\\Short.olp
        InjectionVolume⇥0.5000
        [COMPOUND]
        {
        ;Mono Mass⇥⇥Formula
        194.0804⇥⇥C8H10N4O2
        }
        [FUNCTION]
        {
        Function⇥2
        IonMode⇥ES+
        Type⇥MS
        Description⇥(100:800)
        [SPECTRUM]
        {
        ProcDesc⇥Combine (1:4)
        Peak ID⇥1
        Peak Ref⇥1
        Time⇥0.1000
        TIC⇥11500
        BPI⇥10000
        BPM⇥195.0931
        Continuum⇥FALSE
        [MS]
        {
        ;Mass⇥% BPI
        137.08⇥5.000
        195.09⇥100.000
        217.07⇥10.000
        }
        }
        [CHROMATOGRAM]
        {
        Description⇥TIC
        MaxIntensity⇥5000.00
        [TRACE]
        {
        0.01000⇥0.000
        0.01417⇥-0.004
        0.01833⇥50.005
        0.02250⇥100.000
        0.02667⇥12.250
        0.03083⇥0.125
        0.03500⇥0.063
        0.03917⇥0.031
        }
        [PEAK]
        {
        Peak ID⇥1
        Peak Ref⇥1
        Time⇥0.0225
        Peak⇥0.0142⇥0.0267
        Intensity⇥1.50⇥-2.25
        Height⇥4990.00
        AreaAbs⇥7500.2500
        Area %BP⇥100.00
        Area %Total⇥75.00
        Width⇥0.01
        }
        [PEAK]
        {
        Peak ID⇥2
        Peak Ref⇥2
        Time⇥0.0290
        Peak⇥0.0267⇥0.0308
        Intensity⇥0.50⇥0.25
        Height⇥610.00
        AreaAbs⇥2500.0000
        Area %BP⇥33.33
        Area %Total⇥25.00
        Width⇥0.00
        }
        }
        }
        [INLET PARAMETERS]
        {
        Acquired File Name:   DEMO-\(number)
        User Name:            Ann Example (axe
        SampleID:             S-\(number)
        Calibration File: C:\\MassLynx\\Auto.cal
        Cone (V)⇥⇥10.00
        Function 2
        Scans in function:  8
        }
        }

        """
    }

    private var text: String { "\n" + sample(1) + sample(2, well: "2:17") }

    private func read(_ text: String) async throws -> AdapterReading {
        try await OpenLynxAdapter().reading(text.replacing("⇥", with: "\t"))
    }

    private func numbers(_ reading: AdapterReading) -> [[Double?]] {
        reading.results.filter { $0.kind == .peak }.map { $0.measurements.map(\.quantity.value) }
    }

    private let first: [Double?] = [0.0225, 0.0142, 0.0267, 1.5, -2.25, 4990, 7500.25, 100, 75, 0.01]

    /// Whether anybody learns that something is wrong.
    private func isTold(_ reading: AdapterReading) -> Bool {
        reading.end?.completeness.verdict != .yes || reading.end?.leftOut ?? 0 > 0 || !reading.codes.isEmpty
    }

    @Test func `peaks, traces and spectra keep their numbers and their places`() async throws {
        let reading = try await read(text)
        #expect(reading.codes.isEmpty)
        #expect(reading.end?.completeness.verdict == .yes)
        #expect(reading.end?.coverage.addsUp == true)
        #expect(reading.results.map(\.kind) == [.compound, .peak, .peak, .sample, .compound, .peak, .peak, .sample])
        #expect(numbers(reading).first == first)
        let peak = try #require(reading.results.first { $0.kind == .peak })
        #expect(
            peak.measurements.map(\.name) == [
                "retentionTime", "startTime", "endTime", "Intensity (start)", "Intensity (end)", "height", "area",
                "relativeToLargest", "areaPercent", "width",
            ])
        #expect(
            peak.measurements.map(\.quantity.unit) == [
                .minute, .minute, .minute, nil, nil, nil, nil, .percent, .percent, .minute,
            ])
        #expect(peak.sample?.name == "S-1" && peak.signal?.name == "TIC" && peak.ordinal == 1)
        #expect(reading.traces.map(\.count) == [3, 8, 3, 8])
        #expect(reading.traces.map { $0.axes.map(\.name) }.prefix(2) == [["massToCharge", "intensity"], ["time", "intensity"]])
        #expect(reading.traces[1].extras["MaxIntensity"] == "5000.00")
        #expect(reading.points[reading.traces[0].id] == [137.08, 5, 195.09, 100, 217.07, 10])
    }

    @Test func `accounts and folders stay out of the records`() async throws {
        let reading = try await read(text)
        for secret in ["(axe", "axe12345", "C:\\", "MassLynx\\", "D:\\"] { #expect(!reading.lines.contains(secret)) }
        #expect(reading.runs.map(\.operatorName) == ["Ann Example"])
        #expect(reading.runs.first?.methods.map(\.name) == ["Short.olp"])
        #expect(reading.results.last?.extras["Calibration File"] == "Auto.cal")
        #expect(reading.results.last?.extras["FileName"] == "DEMO-2")
    }

    @Test(
        arguments: [
            ("2:A,5", "2", 1, 5, nil), ("2:5,A", "2", 1, 5, nil), ("2:17", "2", nil, nil, "17"), ("17", nil, nil, nil, "17"),
            ("2:A,B", "2", nil, nil, "A,B"), ("2:P,5", "2", nil, nil, "P,5"),
        ] as [(String, String?, Int?, Int?, String?)])
    func `a well is told as far as it is certain`(well: String, plate: String?, row: Int?, column: Int?, vial: String?)
        async throws
    {
        let position = try #require(try await read(sample(1, well: well)).results.first?.position)
        #expect(position == Position(written: well, plate: plate, row: row, column: column, vial: vial))
    }

    // MARK: Damage

    @Test(arguments: [
        ("AreaAbs⇥7500.2500", "AreaAbs⇥75x0.2500"), ("AreaAbs⇥7500.2500", "AreaAbs⇥7500,2500"), ("Time⇥0.0225", "Time⇥O.0225"),
        ("Peak⇥0.0142⇥", "Peak⇥0.0142"), ("Width⇥0.01\n", "Width⇥0.01⇥2\n"), ("Area %Total⇥75.00", "Area %Total⇥175.00"),
    ])
    func `a garbled number leaves out its peak alone`(found: String, changed: String) async throws {
        let reading = try await read("\n" + sample(1).replacing(found, with: changed) + sample(2))
        #expect(reading.end?.leftOut == 1)
        #expect(numbers(reading).count == 3)
        #expect(numbers(reading)[1] == first)
        #expect(reading.end?.coverage.addsUp == true)
        #expect(reading.diagnostics.contains { $0.severity == .error && $0.location.line != nil && $0.location.column != nil })
    }

    @Test(arguments: ["5x0.005", "50,005", "50.005⇥1", "", "\"50.005"])
    func `a garbled point is left out alone`(cell: String) async throws {
        let reading = try await read(sample(1).replacing("⇥50.005", with: "⇥" + cell))
        #expect(reading.end?.leftOut == 1)
        #expect(reading.traces.map(\.count) == [3, 7])
        #expect(numbers(reading).first == first)
        #expect(reading.diagnostics.first?.location.line == 54)
    }

    @Test(arguments: [
        ("137.08⇥5.000\n", "", "openlynx.spectrum-sum"), ("195.09⇥100.000\n", "", "openlynx.base-peak"),
        ("137.08⇥5.000\n", "137.08⇥6.000\n", "openlynx.spectrum-sum"), (";Mass⇥% BPI\n", "", "openlynx.no-heading"),
        (";Mass⇥", ";Msas⇥", "openlynx.unknown-heading"), ("TIC⇥11500", "TIC⇥115O0", "table.not-a-number"),
        ("0.01833⇥50.005\n", "", "trace.time-order"), ("0.01000⇥0.000\n", "", "openlynx.scans"),
        ("0.02250⇥100.000\n", "0.02250⇥10.000\n", "openlynx.percent"), ("0.02250⇥", "0.01250⇥", "trace.time-order"),
        ("0.01833⇥50.005\n", "0.01833⇥50.005\n0.01833⇥50.005\n", "trace.time-order"),
        ("MaxIntensity⇥5000.00", "MaxIntensity⇥50x0.00", "table.not-a-number"),
        ("Area %Total⇥75.00", "Area %Total⇥57.00", "openlynx.area-percent"),
        ("AreaAbs⇥7500.2500", "AreaAbs⇥5700.2500", "openlynx.area-share"),
        ("Time⇥0.0225", "Time⇥0.2250", "openlynx.peak-times"), ("Width⇥0.01", "Width⇥0.10", "openlynx.peak-times"),
        ("Area %Total⇥75.00", "Area %Totla⇥75.00", "openlynx.unknown-field"), ("Width⇥0.01\n", "", "openlynx.missing-field"),
        ("Width⇥0.01\n", "Width⇥0.01\nWidth⇥0.01\n", "openlynx.repeated-field"),
        ("AreaAbs⇥7500.2500", "AreaAbs⇥", "openlynx.values"),
        ("SampleID⇥S-1", "SmapleID⇥S-1", "openlynx.unknown-field"), ("SampleID⇥S-1", "SampleID⇥S-l", "openlynx.sample-differs"),
        ("Description⇥TIC", "Description⇥5⇥TIC", "openlynx.values"), ("Date⇥05-Jun-2024", "Date⇥05-Jnu-2024", "table.not-a-time"),
        ("InjectionVolume⇥0.5", "InjectionVolume⇥-0.5", "openlynx.volume"), ("Well⇥2:A,5", "Well⇥2xA,5", "openlynx.well"),
        ("SampleType⇥0", "SampleType⇥x0", "openlynx.sample-type"), (";Mono Mass⇥⇥Formula\n", "", "openlynx.no-heading"),
        ("194.0804⇥⇥", "194.x804⇥⇥", "table.not-a-number"), ("194.0804⇥⇥", "⇥⇥", "openlynx.mass"),
        ("[PEAK]", "[PAEK]", "openlynx.unknown-section"), ("Peak ID⇥2", "Peak ID⇥3", "openlynx.peak-number"),
    ])
    func `what does not fit the rest of the file is told at its place`(found: String, changed: String, code: String) async throws
    {
        let whole = sample(1)
        let place = try #require(whole.firstRange(of: found))
        let reading = try await read(whole[..<place.lowerBound] + changed + whole[place.upperBound...])
        let diagnostic = try #require(reading.diagnostic(code), "\(reading.codes)")
        #expect(diagnostic.location.line != nil && diagnostic.location.column != nil)
        #expect(isTold(reading))
        #expect(reading.end?.coverage.addsUp == true)
        #expect(!reading.codes.contains("adapter.unread-cell"))
    }

    @Test func `a file cut at any line, but between samples, is incomplete`() async throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for count in 3..<lines.count - 1 {
            let reading = try await read(lines.prefix(count).joined(separator: "\n") + "\n")
            let isBorder = count == 1 + (lines.count - 2) / 2
            #expect(reading.end?.completeness.verdict == (isBorder ? .yes : .no), "after line \(count)")
            #expect(!reading.codes.contains("adapter.unread-cell"), "after line \(count)")
            #expect(reading.end?.coverage.addsUp == true, "after line \(count)")
        }
    }

    @Test func `a brace or a title that is lost or doubled is told, wherever it stands`() async throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (index, line) in lines.enumerated() where line == "{" || line == "}" || line.hasPrefix("[") {
            for copies in [0, 2] {
                var changed = lines
                changed.replaceSubrange(index...index, with: Array(repeating: line, count: copies))
                let reading = try await read(changed.joined(separator: "\n"))
                #expect(reading.end?.completeness.verdict != .yes, "\(copies) of line \(index + 1), \(line)")
                #expect(reading.end?.coverage.addsUp ?? true)
            }
        }
    }

    @Test func `samples that are missing, stand twice or are put together from two files are told`() async throws {
        #expect(try await read(sample(1) + sample(3)).codes == ["openlynx.sample-number"])
        let joined = try await read(text + text)
        #expect(joined.codes == ["openlynx.sample-number"])
        #expect(joined.end?.completeness.verdict == .no)
    }

    @Test func `a footer belongs to no section and is left out`() async throws {
        let reading = try await read(text + "\nSigned by: someone\n")
        #expect(reading.codes == ["openlynx.outside"])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `a trace with a column too many is told briefly`() async throws {
        let points = (0..<200).map { "0.\(1000 + $0)⇥1.0⇥7\n" }.joined()
        let reading = try await read(sample(1).replacing("0.01000⇥0.000\n", with: points))
        #expect(reading.end?.leftOut == 200)
        #expect(reading.codes.count { $0 == "table.long-row" } == 5)
        #expect(reading.codes.contains("openlynx.points-left-out"))
    }

    @Test func `only a report begins with a sample in braces`() {
        for text in ["[SAMPLE]\nName=x\n", "{\n\"Sample\": 1\n}\n", "[Header]\n{\n}\n"] {
            #expect(OpenLynxAdapter().recognize(SourceOpening(name: "x", bytes: Array(text.utf8))) == .no)
        }
    }
}
