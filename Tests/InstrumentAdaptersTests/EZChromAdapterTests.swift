import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct EZChromAdapterTests {
    private let fields = """
        Version:⇥3
        Maxchannels:⇥2
        Sample ID:⇥S-1
        Data File:⇥C:\\Data\\Ann\\S-1.dat
        Method:⇥C:\\Methods\\Gas.met
        User Name:⇥System
        Acquisition Date and Time:⇥3/14/2024 9:26:53 AM
        Sampling Rate:⇥2.000000⇥10.000000⇥Hz
        Total Data Points:⇥3⇥4⇥Pts.
        X Axis Title:⇥Seconds⇥Minutes
        Y Axis Title:⇥mVolts⇥25 µV
        X Axis Multiplier:⇥1.000000⇥0.016667
        Y Axis Multiplier:⇥0.001⇥0.5

        """
    private var text: String { fields + "213\n-7\n0\n5\n-4\n3\n1200\n" }

    private func read(_ text: String) async throws -> AdapterReading {
        try await EZChromAdapter().reading(text.replacing("⇥", with: "\t"))
    }

    private func points(_ reading: AdapterReading) -> [[Double]] { reading.traces.map { reading.points[$0.id] ?? [] } }

    private let expected: [[Double]] = [[0, 0.213, 0.5, -0.007, 1, 0], [0, 2.5, 0.1, -2, 0.2, 1.5, 0.3, 600]]

    @Test func `each channel has its own rate, factor and unit`() async throws {
        let reading = try await read(text)
        #expect(reading.codes.isEmpty)
        #expect(points(reading) == expected)
        #expect(reading.traces.map { $0.axes.map(\.unit) } == [[.second, .millivolt], [.second, Unit("25.uV")]])
        #expect(reading.traces.map(\.signal?.name) == ["Channel 1", "Channel 2"])
        #expect(reading.traces.map(\.sample?.name) == ["S-1", "S-1"])
        #expect(reading.traces.first?.extras["Data File"] == "S-1.dat")
        #expect(reading.runs.first?.methods.map(\.name) == ["Gas.met"])
        #expect(reading.end?.completeness.verdict == .yes)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `commas in place of the TABs mean the same`() async throws {
        let reading = try await EZChromAdapter().reading(text.replacing("⇥", with: ","))
        #expect(reading.codes.isEmpty)
        #expect(points(reading) == expected)
    }

    @Test(arguments: ["2x1", "5,5", "4.5", "1e2", "\"5", "-"])
    func `a garbled point is left out, and those below keep their times`(cell: String) async throws {
        let reading = try await read(text.replacing("\n5\n", with: "\n\(cell)\n"))
        #expect(reading.end?.leftOut == 1)
        #expect(reading.diagnostics.first?.location.line == 17)
        #expect(points(reading) == [expected[0], Array(expected[1].dropFirst(2))])
    }

    @Test(arguments: ["213\n-7\n0\n5\n-4\n3\n", "213\n-7\n0\n5\n5\n-4\n3\n1200\n", "213\n-7\n5\n-4\n3\n1200\n", ""])
    func `counts that are not met make the file incomplete, and flag all traces`(body: String) async throws {
        let reading = try await read(fields + body)
        #expect(reading.codes.contains("ezchrom.count"))
        #expect(reading.end?.completeness.verdict == .no)
        #expect(reading.traces.allSatisfy { $0.flags.contains { $0.code == "pointCount" } })
        #expect(reading.end?.coverage.addsUp == true)
        #expect(!reading.codes.contains("adapter.unread-cell"))
    }

    @Test func `a file joined to itself is read once, and told with one sentence`() async throws {
        let reading = try await read(text + text)
        #expect(points(reading) == expected)
        #expect(reading.codes == ["ezchrom.behind-points", "ezchrom.count"])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `a number that the end of the file may have cut is flagged`() async throws {
        let reading = try await read(String(text.dropLast(2)))
        #expect(reading.codes == ["text.last-line-open"])
        #expect(reading.traces.last?.flags.map(\.code) == ["lastLineOpen"])
        #expect(reading.end?.completeness.verdict == .unknown)
    }

    @Test(arguments: [
        ("Y Axis Multiplier:⇥0.001", "Y Axis Multiplier:⇥0.0O1", "ezchrom.unscaled"),
        ("Y Axis Multiplier:⇥0.001", "Y Axis Multiplier:⇥0,001", "ezchrom.unscaled"),
        ("Sampling Rate:⇥2.0", "Sampling Rate:⇥-2.0", "ezchrom.unscaled"),
        ("10.000000⇥Hz", "10.000000⇥kHz", "ezchrom.unit"),
        ("⇥Pts.", "⇥", "ezchrom.unit"),
        ("Sampling Rate:⇥", "Sampling Rate:⇥1⇥", "ezchrom.channels"),
        ("Y Axis Title:⇥mVolts", "Y Axis Title:", "ezchrom.channels"),
        ("X Axis Title:⇥Seconds", "X Axis Title:⇥Minutes", "ezchrom.time-axis"),
        ("Maxchannels:⇥2", "Maxchannels:⇥two", "ezchrom.channels"),
        ("Y Axis Title:", "Y Axsi Title:", "ezchrom.unknown-field"),
        ("Sample ID:⇥S-1\n", "", "ezchrom.missing-field"),
        ("Sample ID:⇥", "Sample ID:⇥5⇥", "ezchrom.further-value"),
        ("Sample ID:⇥S-1\n", "Sample ID:⇥S-1\nSample ID:⇥S-2\n", "ezchrom.repeated-field"),
    ])
    func `fields that contradict the format are told, and the file proves nothing`(
        found: String, changed: String, code: String
    ) async throws {
        let reading = try await read(text.replacing(found, with: changed))
        let diagnostic = try #require(reading.diagnostic(code), "\(reading.codes)")
        #expect(diagnostic.location.line != nil && diagnostic.location.column != nil)
        #expect(code == "ezchrom.unknown-field" || reading.end?.completeness.verdict != .yes)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test(arguments: ["Total Data Points:⇥3⇥4⇥Pts.\n", "⇥3⇥4⇥Pts.", "3⇥4"])
    func `without the count of each channel nothing is read`(found: String) async throws {
        let reading = try await read(text.replacing(found, with: found == "3⇥4" ? "3⇥4x" : ""))
        #expect(reading.end == nil)
        #expect(reading.codes.last == "ezchrom.counts")
    }

    @Test func `other texts with keys are not taken for it`() {
        for text in ["Version:\t3\nName:\tx\n1\n2\n", "Maxchannels\n", "Version:,3\n"] {
            #expect(EZChromAdapter().recognize(SourceOpening(name: "x", bytes: Array(text.utf8))) == .no)
        }
    }
}
