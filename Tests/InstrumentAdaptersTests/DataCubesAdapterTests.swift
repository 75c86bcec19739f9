import IngestCore
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct DataCubesAdapterTests {
    private static let heading = "sample identifier,injection id,data cube label,retention volume (mL),absorbance (mAU),pH (pH)"
    private static let rows =
        (0..<40).map { "S-1,i-1,UV,\(Double($0) / 4),\($0 % 7).5," } + (0..<10).map { "S-1,i-1,pH,\($0).0,,7.\($0)" }
        + (0..<10).map { "S-2,i-2,UV,\($0).0,\($0).25," }

    private func lines(_ change: (inout [String]) -> Void = { _ in }) -> String {
        var lines = [DataCubesAdapterTests.heading] + DataCubesAdapterTests.rows
        change(&lines)
        return lines.joined(separator: "\n") + "\n"
    }

    @Test func `each data cube is a trace with the axes that have values`() async throws {
        let reading = try await DataCubesAdapter().reading(lines())
        #expect(reading.codes.isEmpty && reading.results.isEmpty)
        #expect(reading.traces.map(\.count) == [40, 10, 10])
        #expect(reading.traces.map { $0.axes.map(\.name) }.first == ["retentionVolume", "absorbance"])
        #expect(reading.traces[1].axes.map(\.unit) == [.millilitre, .pH])
        #expect(reading.traces.map(\.sample?.name) == ["S-1", "S-1", "S-2"])
        #expect(reading.traces.map(\.signal?.name) == ["UV", "pH", "UV"])
        #expect(reading.traces.map { $0.extras["injection id"] } == ["i-1", "i-1", "i-2"])
        #expect(reading.points[reading.traces[2].id]?.prefix(4) == [0, 0.25, 1, 1.25])
    }

    @Test func `columns may stand in any order`() async throws {
        let turned = lines {
            $0 = $0.map { $0.split(separator: ",", omittingEmptySubsequences: false).reversed().joined(separator: ",") }
        }
        let reading = try await DataCubesAdapter().reading(turned)
        #expect(reading.codes.isEmpty)
        let whole = try await DataCubesAdapter().reading(lines())
        #expect(reading.traces.compactMap { reading.points[$0.id] } == whole.traces.compactMap { whole.points[$0.id] })
    }

    @Test(arguments: [
        ("UV,2.5,", "UV,2.5x,", "table.not-a-number"), ("UV,2.5,3.5,", "UV,2.5,,", "table.no-value"),
        ("UV,2.5,3.5,", "UV,2.5,3.5", "table.short-row"), ("UV,2.5,3.5,", "UX,2.5,3.5,", "data-cubes.resumed"),
        ("UV,2.5,3.5,", "UV,2.5,,3.5", "data-cubes.resumed"), ("UV,2.5,3.5,", "UV,1.5,3.5,", "trace.time-falls"),
        ("S-1,i-1,UV,2.5,3.5,\n", "", "trace.step"),
        ("S-1,i-1,UV,2.5,3.5,\n", "S-1,i-1,UV,2.5,3.5,\nS-1,i-1,UV,2.5,3.5,\n", "trace.time-repeats"),
        ("injection id", "injexion id", "data-cubes.heading"), ("data cube label", "data cibe label", "data-cubes.heading"),
        ("retention volume", "retentixn vxlume", "data-cubes.heading"), ("absorbance (mAU)", "absxrbance (mAU)", "trace.heading"),
        ("(mAU)", "(mAX)", "trace.unit"),
    ])
    func `damage is told`(found: String, changed: String, code: String) async throws {
        let text = lines().replacing(found, with: changed, maxReplacements: 1)
        #expect(text != lines())
        let reading = try await DataCubesAdapter().reading(text)
        #expect(reading.codes.contains(code), "\(reading.codes)")
        #expect(reading.end?.coverage.addsUp != false && !reading.codes.contains("adapter.unread-cell"))
        #expect(DataCubesAdapter().recognize(SourceOpening(name: "x", bytes: Array(text.utf8))) != .no)
    }

    @Test func `a file joined to itself contradicts itself`() async throws {
        let reading = try await DataCubesAdapter().reading(lines() + lines())
        #expect(reading.codes.contains("data-cubes.resumed") && reading.end?.completeness.verdict == .no)
    }
}
