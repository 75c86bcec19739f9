import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct OpenLabTextAdapterTests {
    private let report = """
           ┌────────────────┬───────────┐
           │Sample Name     │QC_        │
           │                │05         │
           └────────────────┴───────────┘
          ┌───────┬─────────────────────┐
          │Signal:│DAD1A,Sig=254,4  Ref=│
          │       │off                  │
          └───────┴─────────────────────┘
          ┌───────┬───┬────────┬────────┬─────────┐
          │    RT │Typ│   Area │  Area% │Name     │
          │ [min] │e  │        │        │         │
          ├───────┼───┼────────┼────────┼─────────┤
          │ 0.698 │BV │    53. │ 5.3099 │         │
          │       │   │   0992 │        │         │
          ├───────┼───┼────────┼────────┼─────────┤
          │ 1.169 │MM │   946. │    94. │AMP@1,   │
          │       │   │   9008 │   6901 │169min   │
          ├───────┼───┼────────┼────────┼─────────┤
          │       │   │  1000. │        │         │
          │       │Sum│   0000 │        │         │
          └───────┴───┴────────┴────────┴─────────┘
        ┌───────────────────────────┬────────────────────────────────┬─────────────────┐
        │D:\\Projects\\Ann\\Report    │     Printed:  2031-03-14       │    Page 1 of 1  │
        │Templates\\text.rdl         │        09:26:53+01:00          │                 │
        ════════════════════════════════════════════════════════════════════════════════

        """

    private func reading(_ text: String) async throws -> AdapterReading {
        let reading = try await OpenLabTextAdapter().reading(text, name: "report.txt")
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
        if let end = reading.end { #expect(end.coverage.addsUp) }
        return reading
    }

    @Test func `cells over several lines are put together, and the sum proves them`() async throws {
        let reading = try await reading(report)
        #expect(reading.codes.isEmpty)
        #expect(
            reading.results.map { $0.measurements.map(\.quantity.written) } == [
                ["0.698", "53.0992", "5.3099"], ["1.169", "946.9008", "94.6901"],
            ])
        #expect(reading.results.map(\.analyte?.name) == [nil, "AMP@1,169min"])
        #expect(reading.results.map { $0.extras["Type"] } == ["BV", "MM"])
        #expect(reading.results[1].flags.map(\.code) == ["manualIntegration"])
        #expect(reading.results[0].sample?.name == "QC_05")
        #expect(reading.results[0].signal?.name == "DAD1A")
        #expect(reading.results[0].signal?.wavelength?.value == 254)
        #expect(reading.runs.first?.methods.map(\.name) == ["text.rdl"])
        #expect(reading.runs.first?.times.first?.time.written == "2031-03-14 09:26:53+01:00")
        #expect(reading.end?.completeness.verdict == .yes)
    }

    @Test(arguments: ["0.698", "1.169", "53.", "0992", "946.", "9008"])
    func `a garbled piece of a number leaves out its row`(piece: String) async throws {
        let reading = try await reading(report.replacing(piece, with: piece.prefix(1) + "x" + piece.dropFirst()))
        #expect(reading.codes == ["table.not-a-number"])
        #expect(reading.results.count == 1)
        #expect(reading.end?.completeness.verdict != .yes)
    }

    @Test(arguments: ["53. ", "0992", "946. ", "6901"])
    func `a number that was changed breaks the sum`(piece: String) async throws {
        let other = String(piece.map { $0 == "9" ? "7" : $0 == "5" ? "8" : $0 })
        let reading = try await reading(report.replacing(piece, with: other))
        #expect(reading.end?.completeness.verdict != .yes)
        #expect(reading.codes.contains { ["openlab-text.sum", "openlab-text.area-percent"].contains($0) })
    }

    @Test func `no line of the report can be lost or stand twice without a word`() async throws {
        let lines = report.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let whole = try await reading(report)
        for index in 0..<lines.count - 1 {
            for copies in [0, 2] {
                var other = lines
                other.replaceSubrange(index...index, with: Array(repeating: lines[index], count: copies))
                let reading = try await reading(other.joined(separator: "\n"))
                let isSame =
                    reading.results.map(\.measurements) == whole.results.map(\.measurements)
                    && reading.results.map(\.analyte) == whole.results.map(\.analyte)
                    && reading.results.map(\.sample) == whole.results.map(\.sample)
                // The second line of a name or a sample may be lost: nothing tells that it was there.
                let isName = lines[index].contains("05  ") || lines[index].contains("QC_") || lines[index].contains("off")
                #expect(
                    isSame || !reading.codes.isEmpty || reading.end?.completeness.verdict != .yes || isName,
                    "line \(index + 1), \(copies) times")
            }
        }
    }

    @Test func `a report cut anywhere is not whole`() async throws {
        let lines = report.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for count in 1..<lines.count - 2 {
            let reading = try await reading(lines.prefix(count).joined(separator: "\n") + "\n")
            // The rule below the foot takes nothing with it.
            #expect(reading.end?.completeness.verdict != .yes, "after \(count) lines")
        }
    }

    @Test(arguments: ["RT", "Area ", "Area%"])
    func `a heading that is not known is told`(name: String) async throws {
        let other = "Foo" + String(repeating: " ", count: max(0, name.count - 3))
        let reading = try await reading(report.replacing(name, with: other))
        #expect(reading.codes.contains("openlab-text.unknown-heading"))
    }

    @Test func `decimal commas are those of the file, a cell with another mark is left out`() async throws {
        var lines = report.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for index in 12..<20 { lines[index] = lines[index].replacing(".", with: ",") }
        let reading = try await reading(lines.joined(separator: "\n"))
        #expect(reading.codes.isEmpty)
        #expect(reading.results[1].measurements.map(\.quantity.value) == [1.169, 946.9008, 94.6901])
        let mixed = try await self.reading(report.replacing("946. ", with: "946, "))
        #expect(mixed.codes == ["table.other-decimal-mark"])
        #expect(mixed.results.count == 1)
    }

    @Test func `a report behind itself is told, and so is a line outside of the boxes`() async throws {
        let twice = try await reading(report + report)
        #expect(twice.codes == ["openlab-text.repeated-table", "openlab-text.pages"])
        #expect(twice.end?.completeness.verdict == .no)
        #expect(try await reading(report + "Reviewed by Ann\n").codes == ["openlab-text.stray-line"])
    }

    @Test func `boxes of another kind are no report of peaks`() {
        let text = "┌──────┬──────┐\n│ name │ size │\n├──────┼──────┤\n│ a    │ 1    │\n└──────┴──────┘\n"
        #expect(OpenLabTextAdapter().recognize(SourceOpening(name: "x.txt", bytes: Array(text.utf8))) == .no)
    }
}
