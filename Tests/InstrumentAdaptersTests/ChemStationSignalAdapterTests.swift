import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct ChemStationSignalAdapterTests {
    private static let signal = (0..<120).map { "\((Double($0) + 0.5) / 1200)\t\(Double($0 * 37 % 100) / 8)" }
    private static let spectra =
        [",220.00000,222.00000,224.00000,226.00000,228.00000,230.00000"]
        + (0..<80).map { row in
            "\(0.002 + Double(row) / 150)" + (0..<6).map { ",-\(Double(row * 6 + $0) / 16)" }.joined()
        }

    private func bytes(_ lines: [String], end: String = "\r\n", mark: Bool = true) -> [UInt8] {
        let text = (mark ? "\u{FEFF}" : "") + lines.map { $0 + end }.joined()
        return text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    private func reading(_ lines: [String]) async throws -> AdapterReading {
        try await ChemStationSignalAdapter().reading(OpenedSource(name: "sample.csv", bytes: bytes(lines)))
    }

    private func recognition(_ bytes: [UInt8]) -> Recognition {
        ChemStationSignalAdapter().recognize(SourceOpening(name: "x", bytes: bytes))
    }

    @Test func `a signal is certain in the encoding of ChemStation alone`() {
        guard case .certain = recognition(bytes(Self.signal)), case .possible = recognition(bytes(Self.signal, end: "\n")),
            case .possible = recognition(bytes(Self.signal, mark: false))
        else {
            Issue.record("not recognised")
            return
        }
        #expect(recognition(Array(Self.signal.joined(separator: "\r\n").utf8)) == .no)
        #expect(recognition(bytes(["time\tsignal"] + Self.signal)) == .no)
        #expect(recognition(bytes(Self.signal.map { $0 + "\t1" })) == .no)
        #expect(recognition(bytes(Self.signal.map { $0.split(separator: "\t").reversed().joined(separator: "\t") })) == .no)
        guard case .certain = recognition(bytes(Self.spectra)),
            case .possible = recognition(Array(Self.spectra.joined(separator: "\n").utf8))
        else {
            Issue.record("spectra not recognised")
            return
        }
    }

    @Test func `a signal has times in minutes and a value without a unit`() async throws {
        let reading = try await reading(Self.signal)
        #expect(reading.codes == ["chemstation-signal.no-heading"] && reading.status == 0)
        let trace = try #require(reading.traces.first)
        #expect(trace.axes == [.init("time", unit: .minute), .init("signal")])
        #expect(reading.points[trace.id] == Self.signal.flatMap { $0.split(separator: "\t").compactMap { Double($0) } })
    }

    @Test func `spectra have an axis for each wavelength`() async throws {
        let reading = try await reading(Self.spectra)
        #expect(reading.codes.isEmpty)
        let trace = try #require(reading.traces.first)
        #expect(trace.axes.map(\.name).prefix(3) == ["time", "wavelength 220.00000", "wavelength 222.00000"])
        #expect(trace.signal == nil && trace.count == 80)
        #expect(
            reading.points[trace.id] == Self.spectra.dropFirst().flatMap { $0.split(separator: ",").compactMap { Double($0) } })
    }

    @Test func `a single wavelength is that of the signal`() async throws {
        let reading = try await reading([",220.00000"] + (0..<30).map { "\(Double($0) / 150),\($0).5" })
        #expect(reading.codes.isEmpty)
        #expect(reading.traces.first?.signal?.wavelength?.value == 220)
        #expect(reading.traces.first?.signal?.wavelength?.unit == .nanometre)
    }

    @Test(arguments: [1, 3, 20, 64, 65, 80])
    func `a damaged spectrum is left out and told at its cell`(row: Int) async throws {
        for change in [
            { (line: String) in line.replacing("-", with: "-x", maxReplacements: 1) },
            { (line: String) in line + ",4.5" },
            { (line: String) in String(line.prefix(12)) },
            { (line: String) in "0.1x" + line },
        ] {
            var lines = Self.spectra
            lines[row] = change(lines[row])
            let reading = try await reading(lines)
            #expect(reading.traces.first?.count == 79 && reading.end?.leftOut == 1 && reading.status != 0)
            #expect(reading.diagnostics.first?.location.line == row + 1)
            #expect(reading.end?.coverage.addsUp == true)
        }
    }

    @Test func `wavelengths that are garbled or in another order are told`() async throws {
        var lines = Self.spectra
        lines[0] = lines[0].replacing("224.", with: "22x.")
        let garbled = try await reading(lines)
        #expect(garbled.codes == ["table.not-a-number"] && garbled.end == nil)
        lines[0] = Self.spectra[0].replacing("224.", with: "234.")
        #expect(try await reading(lines).codes == ["chemstation-signal.wavelengths"])
        lines[0] = ",224.00000,222.00000"
        lines = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).prefix(3).joined(separator: ",") }
        #expect(try await reading(lines).codes == ["chemstation-signal.wavelengths"])
    }

    @Test(arguments: [3, 30, 64, 65, 79])
    func `a spectrum that is missing or stands twice is told`(row: Int) async throws {
        var lines = Self.spectra
        lines.insert(lines[row], at: row)
        #expect(try await reading(lines).codes == ["trace.time-repeats"])
        lines = Self.spectra
        lines.remove(at: row)
        let missing = try await reading(lines)
        #expect(missing.codes == ["trace.step"] && missing.diagnostics.first?.location.line == row + 1)
    }
}
