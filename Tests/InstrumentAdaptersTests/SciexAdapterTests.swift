import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct SciexAdapterTests {
    private let heading = "Sample Name\tComponent Name\tArea\tRetention Time\tWidth at 50%\tSignal / Noise\n"

    /// Three samples of three components each.
    private var table: String {
        heading
            + ["S1", "S2", "S3"].enumerated().map { index, sample in
                """
                \(sample)\tA\t\(100 + index).5\t1.25\t0.05\t10.5
                \(sample)\tB\t\(200 + index).5\t2.25\t0.06\t20.5
                \(sample)\tC\tN/A\tN/A\tN/A\tN/A

                """
            }.joined()
    }

    private func reading(_ text: String) async throws -> AdapterReading {
        let reading = try await SciexAdapter().reading(text, name: "results.txt")
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
        if let end = reading.end { #expect(end.coverage.addsUp) }
        return reading
    }

    @Test func `each component of each sample is a compound with its numbers as written`() async throws {
        let reading = try await reading(table)
        #expect(reading.codes.isEmpty)
        #expect(reading.results.map(\.kind) == Array(repeating: .compound, count: 9))
        #expect(reading.results.map(\.sample?.name) == ["S1", "S1", "S1", "S2", "S2", "S2", "S3", "S3", "S3"])
        #expect(reading.results.map(\.ordinal) == [1, 2, 3, 1, 2, 3, 1, 2, 3])
        #expect(reading.results[4].measurements.map(\.quantity.value) == [201.5, 2.25, 0.06, 20.5])
        #expect(reading.results[4].measurements[1].quantity.unit == .minute)
        #expect(reading.results[2].measurements.allSatisfy { $0.quantity.value == nil && $0.quantity.written == "N/A" })
        // The components are those of every sample, and nothing tells how many samples there were.
        #expect(reading.end?.completeness.verdict == .unknown)
    }

    @Test(arguments: ["2x01.5", "201,5", "2O1.5", "201.5.5"])
    func `a garbled number leaves out its row and points at the cell`(cell: String) async throws {
        let reading = try await reading(table.replacing("201.5", with: cell))
        #expect(reading.results.count == 8)
        #expect(reading.diagnostics.filter { $0.severity == .error }.map(\.location.line) == [6])
        #expect(reading.diagnostics.first?.location.column == 6)
    }

    @Test func `a number that no area can be is told and flagged`() async throws {
        let reading = try await reading(table.replacing("201.5", with: "-201.5"))
        #expect(reading.codes == ["sciex.negative"])
        #expect(reading.results[4].flags.map(\.code) == ["negative"])
    }

    @Test(arguments: ["Area", "Retention Time", "Width at 50%", "Signal / Noise"])
    func `a heading that is not the program's is told with the one it may be`(name: String) async throws {
        let reading = try await reading(table.replacing(name, with: name + "x"))
        let told = try #require(reading.diagnostic("sciex.unknown-heading"))
        #expect(told.location.line == 1)
        #expect(told.message.contains("the nearest one is \"\(name)\""))
        #expect(reading.results[0].measurements.contains { $0.name == name + "x" })
    }

    @Test(arguments: ["Sample Name", "Component Name"])
    func `a table that does not tell whose its rows are is not read`(name: String) async throws {
        let text = table.replacing(name, with: "Remark")
        let opening = SourceOpening(name: "x.txt", bytes: Array(text.utf8))
        #expect(SciexAdapter().recognize(opening) != .no)
        let reading = try await reading(text)
        #expect(reading.end == nil)
        #expect(reading.codes.contains("sciex.missing-column"))
    }

    @Test func `columns in another order are the same`() async throws {
        let swapped =
            table.split(separator: "\n").map { line in
                var cells = line.split(separator: "\t", omittingEmptySubsequences: false)
                cells.swapAt(0, 5)
                cells.swapAt(2, 3)
                return cells.joined(separator: "\t")
            }.joined(separator: "\n") + "\n"
        let (one, other) = (try await reading(table), try await reading(swapped))
        #expect(other.codes.isEmpty)
        for (a, b) in zip(one.results, other.results) {
            #expect(a.sample == b.sample && a.analyte == b.analyte)
            #expect(Set(a.measurements) == Set(b.measurements))
        }
    }

    @Test(arguments: 1...9)
    func `a row that is missing is told`(row: Int) async throws {
        var lines = table.split(separator: "\n")
        lines.remove(at: row)
        let reading = try await reading(lines.joined(separator: "\n") + "\n")
        // The last sample may have been cut short.
        #expect(reading.codes.contains("sciex.uneven-samples"))
        #expect(row < 9 || reading.end?.completeness.verdict == .no)
    }

    @Test(arguments: 1...9)
    func `a row that stands twice is told`(row: Int) async throws {
        var lines = table.split(separator: "\n")
        lines.insert(lines[row], at: row + 1)
        let reading = try await reading(lines.joined(separator: "\n") + "\n")
        #expect(reading.codes.contains("table.repeated-row"))
        #expect(reading.codes.contains("sciex.uneven-samples"))
    }

    @Test func `a thousand samples with the same fault are told briefly`() async throws {
        var text = heading + "S0\tA\t1.5\t1.5\t0.1\t1\nS0\tB\t1.5\t1.5\t0.1\t1\n"
        for sample in 1...1000 { text += "S\(sample)\tA\t1.5\t1.5\t0.1\t1\n" }
        let reading = try await reading(text)
        #expect(reading.codes == Array(repeating: "sciex.uneven-samples", count: 6))
        #expect(reading.end?.completeness.verdict != .yes)
    }

    @Test func `a sample that was injected twice counts its components twice`() async throws {
        let reading = try await reading(table.replacing("S2\t", with: "S1\t"))
        #expect(reading.codes.isEmpty)
        #expect(reading.results.map(\.ordinal) == [1, 2, 3, 1, 2, 3, 1, 2, 3])
    }

    @Test func `a table sorted by component is compared alike`() async throws {
        var text = heading
        for component in ["A", "B", "C"] {
            for sample in ["S1", "S2", "S3"] { text += "\(sample)\t\(component)\t1.5\t1.5\t0.1\t1\n" }
        }
        #expect(try await reading(text).codes.isEmpty)
        let less = text.replacing("S2\tB\t1.5\t1.5\t0.1\t1\n", with: "")
        let told = try #require(try await reading(less).diagnostic("sciex.uneven-samples"))
        #expect(told.message.contains("\"B\""))
        #expect(told.message.contains("\"S2\""))
    }

    @Test func `a table behind itself is told`() async throws {
        let reading = try await reading(table + table)
        #expect(reading.codes == ["sciex.repeated-heading"])
        #expect(reading.end?.completeness.verdict == .unknown)
    }

    @Test func `another table below stops the file`() async throws {
        let reading = try await reading(table + "\nSample Name\tRT\tArea\nS1\t1.5\t2.5\n")
        #expect(reading.end == nil)
        #expect(reading.codes == ["sciex.second-table"])
    }

    @Test func `a heading without rows is told`() async throws {
        #expect(try await reading(heading).codes == ["sciex.no-rows"])
        let cut = try await reading(String(heading.dropLast(4)))
        #expect(cut.codes == ["sciex.cut-heading"])
        #expect(cut.end == nil)
    }

    @Test func `internal standards, hands and units are taken from their columns, accounts and folders are not`() async throws {
        let text = """
            Sample Name\tOriginal Filename\tOperator Name\tIS\tComponent Name\tIntegration Type\tConc. Units\tActual Concentration\tCalculated Concentration\tArea\tRetention Time
            S1\tD:\\Data\\Ann\\a.wiff\tLAB\\ann\tFalse\tA\tManual\tng/mL\t5\t< 0\t100.5\t1.5
            S1\tD:\\Data\\Ann\\a.wiff\tLAB\\ann\tTrue\tA-d3\tValley\tng/mL\t1\tdegenerate\t90.5\t1.5
            S1\tD:\\Data\\Ann\\a.wiff\tLAB\\ann\tTrve\tB\tValley\tng/mL\t1\t2.5\t90.5\t1.5

            """
        let reading = try await reading(text)
        #expect(reading.codes == ["sciex.account", "sciex.unknown-word"])
        #expect(reading.results.map(\.analyte?.role) == [.target, .istd, nil])
        #expect(reading.results[0].flags.map(\.code) == ["manualIntegration"])
        let concentrations = reading.results[0].measurements.prefix(2).map(\.quantity)
        #expect(concentrations.map(\.unitWritten) == ["ng/mL", "ng/mL"])
        #expect(concentrations[1].bound == .below)
        #expect(reading.results[1].measurements[1].quantity.absent == .invalid)
        #expect(reading.results[0].extras["Original Filename"] == "a.wiff")
        #expect(!reading.lines.contains("LAB"))
    }

    @Test(arguments: ["Area (mAU)", "Signal / Noise (min)", "Width at 50% (s)"])
    func `a unit that the program does not write is told`(heading: String) async throws {
        let word = String(heading.prefix { $0 != "(" }.dropLast())
        let reading = try await reading(table.replacing(word, with: heading))
        #expect(reading.codes.contains { ["sciex.unit", "sciex.other-unit", "sciex.unknown-heading"].contains($0) })
    }
}
