import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct UNICORNTextAdapterTests {
    /// Two curves that end with the run, fractions and a log.
    private let export = UNICORNTextAdapterTests.text()

    private static func text() -> String {
        var lines = [
            "Chrom.1\t\tChrom.1\t\tChrom.1\t\tChrom.1\t", "UV 1_280\t\tCond\t\tFraction\t\tRun Log\t",
            "ml\tmAU\tml\tmS/cm\tml\tFraction\tml\tLogbook",
        ]
        let cond = ["-0.2\t19.5", "0.155\t19.25", "0.51\t18.75", "0.865\t18.5"]
        let others = ["0.25\t\"1.A.1\"\t-0.2\t\"Load\"", "0.75\t\"Waste\"\t0\t\"Elution, 1 \"\"step\"\"\"", "\t\t\t", "\t\t\t"]
        for index in 0..<15 {
            let place = Double(index - 2) / 10
            lines.append(
                "\(place)\t\(Double(index * index) / 8)\t\(index < 4 ? cond[index] + "\t" + others[index] : "\t\t\t\t\t")")
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private func reading(_ text: String) async throws -> AdapterReading { try await UNICORNTextAdapter().reading(text) }

    @Test func `each curve is a trace, fractions are regions, and a log keeps texts and places`() async throws {
        let reading = try await reading(export)
        #expect(reading.codes.isEmpty)
        #expect(reading.traces.map(\.signal?.name) == ["UV 1_280", "Cond", "Run Log"])
        #expect(
            reading.traces.map { $0.axes.map(\.name) } == [["volume", "absorbance"], ["volume", "conductivity"], ["volume"]])
        #expect(reading.traces.first?.signal?.wavelength?.value == 280)
        #expect(reading.traces.map(\.count) == [15, 4, 2])
        #expect(reading.points[reading.traces[1].id] == [-0.2, 19.5, 0.155, 19.25, 0.51, 18.75, 0.865, 18.5])
        #expect(reading.points[reading.traces[2].id] == [-0.2, 0])
        #expect(reading.traces[2].extras["Event 2/EventText"] == "Elution, 1 \"step\"")
        #expect(reading.results.map { $0.extras["EventText"] } == ["1.A.1", "Waste"])
        #expect(reading.results.map(\.measurements.first?.name) == ["retentionVolume", "retentionVolume"])
        #expect(reading.runs.first?.extras["Chromatogram"] == "Chrom.1")
        #expect(reading.end?.completeness.verdict == .yes)
    }

    @Test(arguments: [1, 2, 5, 10, 14])
    func `a file cut at a line end is no longer known to be whole`(rows: Int) async throws {
        let lines = export.split(separator: "\r\n", omittingEmptySubsequences: false)
        let reading = try await reading(lines.dropLast(rows + 1).joined(separator: "\r\n") + "\r\n")
        #expect(reading.end?.completeness.verdict != .yes)
        if rows > 2, rows < 12 { #expect(reading.end?.completeness.verdict == .no) }
    }

    @Test(arguments: Array(5..<19))
    func `a row that is missing, or there twice, is told`(line: Int) async throws {
        var lines = export.split(separator: "\r\n", omittingEmptySubsequences: false)
        let row = lines.remove(at: line - 1)
        let lost = try await reading(lines.joined(separator: "\r\n"))
        #expect(lost.end?.completeness.verdict != .yes)
        lines.insert(row, at: line - 1)
        lines.insert(row, at: line - 1)
        let doubled = try await reading(lines.joined(separator: "\r\n"))
        #expect(doubled.codes.contains("table.repeated-row"))
        #expect(doubled.end?.completeness.verdict == .unknown)
    }

    @Test(arguments: [
        ("0.155\t19.25", "0.155\t19x25", "table.not-a-number"), ("0.155\t19.25", "0.155\t19,25", "table.other-decimal-mark"),
        ("0.155\t19.25", "0.155\t", "unicorn.half-point"), ("0.155\t19.25", "\t", "unicorn.hole"),
        ("0.155\t19.25", "0.155\t1e99", "record.impossible-value"), ("0.75\t\"W", "\t\"W", "unicorn.no-place"),
        ("0.75\t\"W", "0x75\t\"W", "table.not-a-number"), ("0\t\"El", "-1e9\t\"El", "record.impossible-value"),
        ("\"Waste\"", "Waste\"", "unicorn.quote"), ("0.75\t\"W", "0.05\t\"W", "unicorn.event-order"),
        ("0.155\t19.25", "-0.3\t19.25", "trace.time-falls"),
    ])
    func `a damaged cell is told, and costs no more than its point`(cell: String, damaged: String, code: String) async throws {
        let text = export.replacing(cell, with: damaged, maxReplacements: 1)
        let reading = try await reading(text)
        #expect(reading.codes.contains(code), "\(reading.codes)")
        #expect(reading.diagnostic(code)?.location.column != nil)
        let points = reading.traces.reduce(0) { $0 + $1.count } + reading.results.count
        #expect(points >= 22 && points <= 23)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test(arguments: [
        ("Cond\t\tF", "Cnod\t\tF", "unicorn.unknown-curve"), ("\tmS/cm", "\tmAU", "unicorn.unit"),
        ("\tmS/cm", "\tmQ/cm", "unicorn.unit"), ("ml\tmS/cm", "min\tmS/cm", "unicorn.unit"),
        ("\tFraction\tml\tLogbook", "\tLogbook\tml\tFraction", "unicorn.unit"),
        ("Chrom.1\t\r\n", "Chrmo.1\t\r\n", "unicorn.other-chromatogram"),
        ("Cond\t\tF", "UV 1_280\t\tF", "unicorn.repeated-curve"),
    ])
    func `a heading that does not fit is told, with what was expected`(heading: String, changed: String, code: String)
        async throws
    {
        let reading = try await reading(export.replacing(heading, with: changed, maxReplacements: 1))
        #expect(reading.codes.contains(code), "\(reading.codes)")
        #expect(reading.diagnostic(code)?.hint != nil)
    }

    @Test(arguments: [0, 1, 2, 3, 8])
    func `with a column added, nothing is read under a wrong name`(column: Int) async throws {
        let text = export.split(separator: "\r\n").enumerated().map { line, row in
            var cells = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            cells.insert(line == 2 ? "Added" : line < 2 ? "" : "7", at: column)
            return cells.joined(separator: "\t")
        }.joined(separator: "\r\n")
        let reading = try await reading(text + "\r\n")
        #expect(reading.status != 0)
        #expect(reading.traces.isEmpty)
    }

    @Test func `of a file joined to itself the second part is left out`() async throws {
        let reading = try await reading(export + export)
        #expect(reading.codes == ["unicorn.second-table"])
        #expect(reading.traces.map(\.count) == [15, 4, 2])
        #expect(reading.end?.completeness.verdict == .no)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `version 5 has the run in front of each name and quotes within quotes`() async throws {
        let reading = try await reading(
            "R 1:10_UV1_280nm\t0\tR 1:10_Fractions\t0\t\r\nmin\t mAU\tmin\t(Fractions)\t\r\n"
                + "0\t-0.5\t-3\t\" \"\"Waste\"\"\"\t\r\n0.1\t0.25\t0.05\t\" \"\"F2\"\"\"\t\r\n0.2\t0.5\t         \t            \t\r\n"
        )
        #expect(reading.codes.isEmpty)
        #expect(reading.runs.first?.name == "R 1")
        #expect(reading.runs.first?.extras["Chromatogram"] == "10")
        #expect(reading.traces.map(\.signal?.name) == ["UV1_280nm"])
        #expect(reading.results.map { $0.extras["EventText"] } == ["Waste", "F2"])
        // A place before the injection is no retention time.
        #expect(reading.results.map(\.measurements.first?.name) == ["time", "retentionTime"])
    }

    @Test func `points of many curves come out whole however many there are`() async throws {
        let rows = 20_000
        var text = "Chrom.1\t\tChrom.1\t\nUV 1_280\t\tUV 2_260\t\nml\tmAU\tml\tmAU\n"
        for row in 0..<rows { text += "\(row)\t\(row)\t\(row)\t\(-row)\n" }
        let reading = try await reading(text)
        #expect(reading.traces.map(\.count) == [rows, rows])
        for (index, sign) in [1.0, -1.0].enumerated() {
            let points = reading.points[reading.traces[index].id] ?? []
            #expect((0..<rows).allSatisfy { points[2 * $0] == Double($0) && points[2 * $0 + 1] == sign * Double($0) })
        }
    }
}
