import IngestCore
import IngestTesting
import TabularText
import Testing

/// Reads the CSV export of the Example Labs S7 pH meter: the adapter that the house rules show, as it stands there.
///
///     Instrument,S7-0042
///     Sample,pH,Temp (C),Time
///     BUF-7,7.020,24.9,2024-03-01 09:14
private struct PHMeterAdapter: InstrumentAdapter {
    let identity = AdapterIdentity("ph-meter", version: 1, instrument: "Example Labs S7 pH meter")
    var takesAll = true

    func recognize(_ opening: SourceOpening) -> Recognition {
        opening.firstLine.hasPrefix("Instrument,S7-") ? .certain(because: "line 1 names an S7 instrument") : .no
    }

    func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let report = try await TabularReport(source, headerStartsWith: "Sample")
        let instrument = RunRecord.Instrument(serial: report.preamble["Instrument"])
        try await output.begin(RunRecord(instrument: instrument, extras: report.preamble.unread))
        for try await row in report.rows {
            try await output.emitResult { try reading(from: row) }
        }
    }

    private func reading(from row: TabularReport.Row) throws -> ResultRecord {
        ResultRecord(
            kind: .sample, sample: Sample(name: try row.text("Sample")),
            injection: Injection(acquired: try row.timestamp("Time")),
            measurements: [
                Measurement(.pH, try row.quantity("pH", .pH)),
                Measurement(.temperature, try row.quantity("Temp (C)", .celsius)),
            ], extras: takesAll ? row.unread : [:], location: row.location)
    }
}

struct TabularReportTests {
    private static let head = "Instrument,S7-0042\nFirmware,2.1\n\nSample,pH,Temp (C),Time,Note\n"

    @Test func `a report is read, row by row`() async throws {
        let reading = try await PHMeterAdapter().reading(
            Self.head + "BUF-7,7.020,24.9,2024-03-01 09:14,\n\nBUF-4, 4.01,25,2024-03-01 09:20,cal\n")
        #expect(reading.runs.map(\.instrument?.serial) == ["S7-0042"])
        #expect(reading.runs.first?.extras == ["Firmware": "2.1"])
        #expect(reading.results.map(\.sample?.name) == ["BUF-7", "BUF-4"])
        #expect(reading.results.map { $0.measurements[0].quantity.value } == [7.02, 4.01])
        #expect(reading.results.map { $0.measurements[0].quantity.written } == ["7.020", " 4.01"])
        #expect(
            reading.results.first?.measurements[0].quantity.unit == .pH
                && reading.results.first?.measurements[0].quantity.unitIsFormats == true)
        #expect(reading.results.first?.measurements[1].quantity.unitWritten == "C")
        #expect(
            reading.results.map(\.injection?.acquired?.local?.description) == ["2024-03-01T09:14", "2024-03-01T09:20"])
        #expect(reading.results.map(\.extras) == [[:], ["Note": "cal"]])
        #expect(reading.results.map(\.location.line) == [5, 7])
        #expect(reading.diagnostics.isEmpty && reading.status == 0)
        #expect(reading.end?.coverage == Coverage(values: 18, measured: 4, described: 12, extras: 2))
        #expect(reading.end?.completeness.verdict == .unknown)
    }

    /// Reads a table whose format documents what its texts without a value mean, and the order of its dates.
    private struct PlateReader: InstrumentAdapter {
        let identity = AdapterIdentity("plate", version: 1, instrument: "any plate reader")
        func recognize(_ opening: SourceOpening) -> Recognition { .certain(because: "it is said so") }

        func read(_ source: SourceFile, into output: AdapterOutput) async throws {
            let report = try await TabularReport(
                source, headerStartsWith: "Well", missing: ["n.d."], absent: ["OVER": .overflow, "<LOD": .belowLimit],
                dateOrder: .dmy)
            try await output.begin(RunRecord(extras: report.preamble.unread))
            for try await row in report.rows {
                try await output.emitResult {
                    ResultRecord(
                        kind: .well, sample: Sample(name: try row.text("Well")),
                        injection: Injection(acquired: try row.timestamp("Time")),
                        measurements: [Measurement(.fluorescence, try row.quantity("RFU"))],
                        flags: try row.string("Flag").map { [Flag($0)] } ?? [], location: row.location)
                }
            }
        }
    }

    @Test func `a format says what its texts without a value mean, and in which order its dates are`() async throws {
        let head = "Well,RFU,Time,Flag\n"
        let rows = "A1,12.5,02.03.2024 10:00,\nA2,OVER,,hot\nA3,n.d.,,\nA4,,,\nA5, <LOD ,,\n"
        let reading = try await PlateReader().reading(head + rows)
        #expect(
            reading.results.map { $0.measurements[0].quantity.absent } == [nil, .overflow, .notReported, .empty, .belowLimit])
        #expect(reading.results.map { $0.flags.map(\.code) } == [[], ["hot"], [], [], []])
        #expect(reading.results.first?.injection?.acquired?.local?.description == "2024-03-02T10:00")
        // What the file shows goes before what is usual.
        let american = try await PlateReader().reading(head + rows + "A6,1,03/25/2024,\nA7,1,04/05/2024,\n")
        #expect(american.results.last?.injection?.acquired?.local?.description == "2024-04-05")
    }

    @Test func `results of a last line without an end are flagged without asking`() async throws {
        let reading = try await PlateReader().reading("Well,RFU,Time,Flag\nA1,12,,\nA2,13,,x\nA3,1")
        #expect(reading.results.map { $0.flags.map(\.code) } == [[], ["x"]])
        let cut = try await PlateReader().reading("Well,RFU,Time,Flag\nA1,12,,\nA2,13,,hot\nA3,14,,ho")
        #expect(cut.results.map { $0.flags.map(\.code) } == [[], ["hot"], ["ho", "lastLineOpen"]])
        #expect(cut.codes == ["text.last-line-open"])
        // Of a row nothing may be left but its first separators.
        let begun = try await PlateReader().reading("Well,RFU,Time,Flag\nA1,12,,\n,")
        #expect(begun.codes == ["text.last-line-open"] && begun.results.count == 1)
    }

    @Test(arguments: ["ERR", "\"7,02\""])
    func `an unreadable pH leaves out that row and points at the cell`(cell: String) async throws {
        let export =
            "Instrument,S7-0042\nSample,pH,Temp (C),Time\nBUF-4,\(cell),25,2024-03-01 09:14\nBUF-7,7.02,25,2024-03-01 09:15\nBUF-9,9.21,25,2024-03-01 09:16\n"
        let reading = try await PHMeterAdapter().reading(export)
        #expect(reading.results.map(\.sample?.name) == ["BUF-7", "BUF-9"])
        #expect(reading.codes == [cell == "ERR" ? "table.not-a-number" : "table.other-decimal-mark"])
        #expect(
            reading.diagnostics.first?.location
                == IngestCore.SourceLocation(file: "sample.csv", line: 3, column: 7, field: "pH"))
        #expect(reading.end?.leftOut == 1 && reading.status == 1)
        #expect(reading.end?.coverage.leftOut == 4 && reading.end?.coverage.addsUp == true)
    }

    @Test func `a value that cannot be leaves out its row`() async throws {
        let reading = try await PHMeterAdapter().reading(
            Self.head + "A,70.20,25,2024-03-01 09:14,\nB,7.02,-300,2024-03-01 09:14,\nC,7.02,25,2024-03-01 09:14,\n")
        #expect(reading.results.map(\.sample?.name) == ["C"])
        #expect(reading.codes == ["record.impossible-value", "record.impossible-value"])
    }

    @Test func `a column that is not there stops the file`() async throws {
        let reading = try await PHMeterAdapter().reading(
            "Instrument,S7-0042\nSample,pH,Temperature,Time\nBUF-4,4,25,2024-03-01 09:14\n")
        #expect(reading.codes == ["table.no-such-column"])
        #expect(reading.end == nil && reading.status == 2)
    }

    @Test func `a report without its header is no report`() async throws {
        for text in ["", "Instrument,S7-0042\n", "Instrument,S7-0042\nsample,pH\n"] {
            let reading = try await PHMeterAdapter().reading(text)
            #expect(
                reading.codes == ["table.no-header"] && reading.end == nil && reading.status == 2,
                "\(reading.codes)")
        }
    }

    @Test func `short, long and broken rows are left out, and a short one tells that the file is not whole`()
        async throws
    {
        let good = "A,7,25,2024-03-01 09:14,\n"
        let short = try await PHMeterAdapter().reading(Self.head + good + "B,7,25\n")
        #expect(short.codes == ["table.short-row"] && short.results.count == 1)
        #expect(short.end?.completeness.verdict == .no && short.status == 2)
        let long = try await PHMeterAdapter().reading(Self.head + good + "B,7,25,2024-03-01 09:14,x,y\n")
        #expect(long.codes == ["table.long-row"] && long.results.count == 1 && long.status == 1)
        #expect(long.diagnostics.first?.location.column == 27)
        let broken = try await PHMeterAdapter().reading(Self.head + good + "\"B\"2,7,25,2024-03-01 09:14,x\n")
        #expect(broken.codes == ["table.text-after-quote"] && broken.results.count == 1)
        let padded = try await PHMeterAdapter().reading(Self.head + "B,7,25,2024-03-01 09:14,x,,, \n")
        #expect(padded.codes.isEmpty && padded.results.count == 1)
    }

    @Test func `a cell the adapter does not take is its fault, and told`() async throws {
        let reading = try await PHMeterAdapter(takesAll: false).reading(Self.head + "A,7,25,2024-03-01 09:14,lost\n")
        #expect(reading.codes == ["adapter.unread-cell"])
        #expect(
            reading.diagnostics.first?.location
                == IngestCore.SourceLocation(file: "sample.csv", line: 5, column: 25, field: "Note"))
        #expect(reading.end?.coverage.leftOut == 1 && reading.end?.coverage.addsUp == true)
    }

    @Test func `an order of day and month that is open stays so, and one that is given is recorded`() async throws {
        let text = Self.head + "A,7,25,02/03/2024 09:14,\n"
        let open = try await PHMeterAdapter().reading(text)
        #expect(open.results.first?.injection?.acquired?.unsettled == [.dayMonth, .zone])
        let given = try await PHMeterAdapter().reading(
            text, given: GivenAssumptions(dateOrder: .dmy, timeZone: GivenTimeZone(name: "Europe/Berlin") { _ in 3600 })
        )
        #expect(given.results.first?.injection?.acquired?.local?.description == "2024-03-02T09:14")
        #expect(given.results.first?.injection?.acquired?.offsetText == "+01:00")
        #expect(given.source?.assumptions.dateOrder == .init("dmy", why: "given"))
        #expect(given.source?.assumptions.timeZone == .init("Europe/Berlin", why: "given"))
    }

    @Test(arguments: 1...40)
    func `a report is read alike in chunks of any length`(chunk: Int) async throws {
        let text =
            Self.head
            + "\"A, é\",7.1,25,13/02/2024 09:14,\"x\ny\"\r\nB,ERR,25,02/03/2024 09:15,\nC,7.3,\"25\",02/03/2024 09:16,z"
        let whole = try await PHMeterAdapter().reading(text)
        let parts = try await PHMeterAdapter().reading(text, chunkLength: chunk)
        #expect(parts.lines == whole.lines && parts.diagnostics == whole.diagnostics)
        #expect(whole.codes == ["table.not-a-number", "text.last-line-open"] && whole.results.count == 2)
    }

    @Test func `a report that is cut anywhere is never called whole, and gives no number that is not its own`()
        async throws
    {
        let text = Self.head + "A,7.125,24.75,2024-03-01 09:14,x\nB,4.125,25.25,2024-03-01 09:20,\"y\nz\"\n"
        let all = try await PHMeterAdapter().reading(text)
        let bytes = Array(text.utf8)
        for length in bytes.indices {
            let cut = try await PHMeterAdapter().reading(String(decoding: bytes[..<length], as: UTF8.self))
            #expect(cut.end?.completeness.verdict != .yes)
            for (one, other) in zip(cut.results, all.results) where one.measurements != other.measurements {
                #expect(cut.codes.contains("text.last-line-open"), "cut at \(length): \(cut.codes)")
            }
        }
    }
}
