import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct TraceAdapterTests {
    /// A hundred and fifty points, 1/120 apart, rounded to five decimals.
    private static let points = (0..<150).map { index in
        let time = Double(index * 100_000 / 120) / 100_000
        return "\(time),\(Double(index * 37 % 100) / 8)"
    }
    private static let heading = "time (min),signal (mAU)"
    private static let whole = ([heading] + points).joined(separator: "\n") + "\n"

    private func lines(_ change: (inout [String]) -> Void) -> String {
        var lines = [TraceAdapterTests.heading] + TraceAdapterTests.points
        change(&lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private func opening(_ text: String) -> SourceOpening { SourceOpening(name: "x", bytes: Array(text.utf8)) }

    private func recognizes(_ text: String) -> Bool { TraceAdapter().recognize(opening(text)) != .no }

    // MARK: Reading

    @Test func `a trace has its points, and the names and units of its heading`() async throws {
        let reading = try await TraceAdapter().reading(TraceAdapterTests.whole)
        #expect(reading.codes.isEmpty)
        let trace = try #require(reading.traces.first)
        #expect(trace.axes.map(\.name) == ["time", "signal"])
        #expect(trace.axes.map(\.unit) == [.minute, .milliabsorbance])
        let written = TraceAdapterTests.points.flatMap { $0.split(separator: ",").compactMap { Double($0) } }
        #expect(reading.points[trace.id] == written)
        #expect(reading.end?.coverage.measured == 300 && reading.end?.completeness.verdict == .unknown)
    }

    @Test(arguments: ["\t", ";"], ["\n", "\r\n", "\r"])
    func `decimal commas, separators and line ends change no number`(separator: String, end: String) async throws {
        let text = TraceAdapterTests.whole.replacing(",", with: separator).replacing(".", with: ",").replacing("\n", with: end)
        #expect(recognizes(text))
        let reading = try await TraceAdapter().reading(text)
        #expect(reading.codes.isEmpty)
        let whole = try await TraceAdapter().reading(TraceAdapterTests.whole)
        #expect(Array(reading.points.values) == Array(whole.points.values))
    }

    @Test func `a line of units below the heading is none of the points`() async throws {
        let reading = try await TraceAdapter().reading(lines { $0.replaceSubrange(0...0, with: ["Time,Signal", "s,mV"]) })
        #expect(reading.codes.isEmpty)
        #expect(reading.traces.first?.axes.map(\.unit) == [.second, .millivolt])
    }

    @Test func `without a heading nothing has a name or a unit, and that is told`() async throws {
        let reading = try await TraceAdapter().reading(lines { $0.removeFirst() })
        #expect(reading.codes == ["trace.no-heading"])
        #expect(reading.traces.first?.axes == [.init("x"), .init("y")])
        #expect(reading.traces.first?.count == 150)
    }

    // MARK: Recognition

    @Test func `few points, falling ones, numbered rows and tables are not taken for traces`() {
        #expect(recognizes(TraceAdapterTests.whole))
        #expect(!recognizes(lines { $0.removeLast(60) }))
        #expect(!recognizes(lines { $0 = [$0[0]] + $0.dropFirst().reversed() }))
        #expect(!recognizes("id,value\n" + (1...200).map { "\($0),\($0 * 7 % 31)" }.joined(separator: "\n") + "\n"))
        #expect(!recognizes((1...200).map { "\($0),\($0 * 7 % 31)" }.joined(separator: "\n") + "\n"))
        #expect(!recognizes("RT,Area\n" + (1...200).map { "\($0 * $0),\($0 * 7 % 31)" }.joined(separator: "\n") + "\n"))
        #expect(!recognizes(lines { $0 = $0.map { $0 + ",1" } }))
    }

    @Test func `an even curve is no table of peaks, whatever its columns are called`() throws {
        let text = lines { $0[0] = "RT (min),Absorbance (mAU)" }
        #expect(recognizes(text) && TableAdapter().recognize(opening(text)) == .no)
        let peaks = "RT (min),Area\n" + (1...150).map { "\($0 * $0),\($0)" }.joined(separator: "\n") + "\n"
        #expect(!recognizes(peaks) && TableAdapter().recognize(opening(peaks)) != .no)
    }

    @Test func `columns that stand the other way round are not read`() async throws {
        let text = lines { $0 = $0.map { $0.split(separator: ",").reversed().joined(separator: ",") } }
        #expect(!recognizes(text))
        let reading = try await TraceAdapter().reading(text)
        #expect(reading.codes == ["trace.columns"] && reading.end == nil)
    }

    // MARK: Damage

    @Test(arguments: [1, 30, 64, 65, 100, 148, 149])
    func `a garbled number leaves out its point, at its cell`(row: Int) async throws {
        for garbled in ["2x114.5", "1,5", "", "12.3.4"] {
            let reading = try await TraceAdapter().reading(lines { $0[row] = $0[row].prefix { $0 != "," } + "," + garbled })
            #expect(reading.traces.first?.count == 149 && reading.end?.leftOut == 1)
            let fault = try #require(reading.diagnostics.first)
            #expect(fault.severity == .error && fault.location.line == row + 1 && fault.location.column ?? 0 > 1)
        }
    }

    @Test(arguments: [2, 30, 63, 64, 65, 66, 100, 149])
    func `a row that is missing or stands twice is told with its line`(row: Int) async throws {
        let doubled = try await TraceAdapter().reading(lines { $0.insert($0[row], at: row) })
        #expect(doubled.codes == ["trace.time-repeats"])
        #expect(doubled.diagnostics.first?.location.line == row + 2)
        #expect(doubled.traces.first?.flags.map(\.code) == ["timeRepeats"])
        let missing = try await TraceAdapter().reading(lines { $0.remove(at: row) })
        #expect(missing.codes == ["trace.step"])
        #expect(missing.diagnostics.first?.location.line == row + 1)
        #expect(missing.traces.first?.flags.map(\.code) == ["timeUneven"])
    }

    @Test func `a file joined to itself contradicts itself`() async throws {
        let reading = try await TraceAdapter().reading(TraceAdapterTests.whole + TraceAdapterTests.whole)
        #expect(reading.codes == ["table.not-a-number", "trace.time-falls"] && reading.end?.completeness.verdict == .no)
        let bare = try await TraceAdapter().reading(
            lines { $0 = Array($0.dropFirst()) } + lines { $0 = Array($0.dropFirst()) })
        #expect(bare.codes.contains("trace.time-falls") && bare.end?.completeness.verdict == .no)
    }

    @Test(arguments: ["tme (min),signal (mAU)", "time (min),sxgnal (mAU)", "time (mxn),signal (mAU)", "time (mAU),signal (mAU)"])
    func `a garbled heading or unit is told at its cell`(heading: String) async throws {
        let reading = try await TraceAdapter().reading(lines { $0[0] = heading })
        #expect(reading.codes.count == 1 && ["trace.heading", "trace.unit"].contains(reading.codes[0]))
        #expect(reading.diagnostics.first?.location.line == 1)
        #expect(reading.traces.first?.count == 150)
    }

    @Test func `a file cut within its last line says so`() async throws {
        for cut in 1...12 {
            let reading = try await TraceAdapter().reading(String(TraceAdapterTests.whole.dropLast(cut)))
            #expect(!reading.codes.isEmpty)
        }
    }

    @Test func `a thousand garbled points are told briefly`() async throws {
        let text = lines { $0 += (0..<1000).map { "x\($0),1" } }
        let reading = try await TraceAdapter().reading(text)
        #expect(reading.codes.count == 21 && reading.codes.last == "trace.left-out")
        #expect(reading.end?.leftOut == 1000 && reading.end?.coverage.addsUp == true)
    }

    @Test func `a change of the interval is told once`() async throws {
        let text = lines { $0 = [$0[0]] + (0..<300).map { "\(Double($0 < 200 ? $0 : 2 * $0 - 199) / 8),1.5" } }
        #expect(try await TraceAdapter().reading(text).codes == ["trace.step"])
    }

    @Test(arguments: [5, 6, 7])
    func `times of few digits are no fault`(digits: Int) async throws {
        // 0.0131 apart, up to 130: written with so many digits at most.
        let rows = (0..<10_000).map { index in
            var scale = 1.0
            let time = Double(index) * 0.0131
            while time * scale * 10 < [1e5, 1e6, 1e7][digits - 5], scale < 1e7 { scale *= 10 }
            return "\((time * scale).rounded() / scale),\(index % 7).5"
        }
        let reading = try await TraceAdapter().reading("time,signal\n" + rows.joined(separator: "\n") + "\n")
        #expect(reading.codes.isEmpty, "\(reading.diagnostics.prefix(3))")
    }

    @Test func `a volume that stands still is no fault, a row that is missing is`() async throws {
        var volume = 1.0
        let rows = (0..<200).map { index in
            defer { volume += (120..<126).contains(index) ? 0 : index < 120 ? 0.25 : 0.125 }
            return "\(volume),\(index % 9).5"
        }
        func text(_ rows: [String]) -> String { "volume (mL),absorbance (mAU)\n" + rows.joined(separator: "\n") + "\n" }
        #expect(try await TraceAdapter().reading(text(rows)).codes.isEmpty)
        var missing = rows
        missing.remove(at: 40)
        #expect(try await TraceAdapter().reading(text(missing)).codes == ["trace.step"])
    }

    @Test func `a long trace is read alike in small chunks`() async throws {
        let text =
            "time,signal\n" + (0..<20_000).map { "\(Double($0) / 64),\(Double($0 % 97) / 4)" }.joined(separator: "\n") + "\n"
        let whole = try await TraceAdapter().reading(text)
        #expect(whole.codes.isEmpty && whole.traces.first?.count == 20_000)
        #expect(try await TraceAdapter().reading(text, chunkLength: 4093).lines == whole.lines)
    }
}
