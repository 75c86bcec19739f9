import IngestCore
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct GAMLAdapterTests {
    // 0, 0.5, 1, 1.5 as doubles; 1, 2, 4, 2 as floats.
    private static let x = "AAAAAAAAAAAAAAAAAADgPwAAAAAAAPA/AAAAAAAA+D8="
    private static let y = "AACAPwAAAEAAAIBAAAAAQA=="

    private func document(
        x: String = Self.x, y: String = Self.y, xCount: Int = 4, yCount: Int = 4, order: String = "INTEL",
        format: String = "FLOAT32", xLabel: String = "Minutes", yLabel: String = "Signal", units: String = "MILLIVOLTS",
        peaks: String = "", injections: Int = 1
    ) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <GAML version="1.20" name="RUN">
          <parameter name="ninjections" alias="seq.ninjections" label="Injections" group="Sequence">\(injections)</parameter>
          <experiment name="Water"><collectdate>2031-04-17T08:00:00Z</collectdate>
            <parameter name="weight" label="Weight" group="Injection">4.25</parameter>
            <trace name="FID" technique="CHROM"><Xdata label="\(xLabel)" units="MINUTES" valueorder="EVEN">
              <values byteorder="INTEL" format="FLOAT64" numvalues="\(xCount)">\(x)</values>
              <Ydata label="\(yLabel)" units="\(units)">
                <values byteorder="\(order)" format="\(format)" numvalues="\(yCount)">
                  \(y)
                </values>
                <peaktable>\(peaks)</peaktable>
              </Ydata></Xdata></trace></experiment>
        </GAML>
        """
    }

    private func peak(_ parameters: String = "", x: String = "1", start: String = "0.5", end: String = "1.5") -> String {
        """
        <peak name="Ethanol" number="2">\(parameters)<peakXvalue>\(x)</peakXvalue><peakYvalue>4</peakYvalue>
        <baseline><startXvalue>\(start)</startXvalue><endXvalue>\(end)</endXvalue></baseline></peak>
        """
    }

    @Test func `little-endian numbers become the points of a trace`() async throws {
        let reading = try await GAMLAdapter().reading(document())
        #expect(reading.codes == [])
        let trace = try #require(reading.traces.first)
        #expect(trace.count == 4)
        #expect(reading.points[trace.id] == [0, 1, 0.5, 2, 1, 4, 1.5, 2])
        #expect(trace.axes.map(\.unit) == [.minute, .millivolt])
        #expect(trace.extras["Injection/Weight"] == "4.25")
        #expect(trace.injection?.acquired?.written == "2031-04-17T08:00:00Z")
        #expect(reading.end?.coverage.addsUp == true)
        #expect(reading.end?.completeness.verdict == .yes)
    }

    @Test func `a curve that cannot be read is left out, and its peaks are not`() async throws {
        let documents = [
            (document(y: String(Self.y.dropLast(4)), peaks: peak()), "xml.number-count"),
            (document(y: "AACA*wAAAEAAAIBAAAAAQA==", peaks: peak()), "xml.base64"),
            (document(y: "AACAPwAAwH8AAIBAAAAAQA==", peaks: peak()), "xml.not-finite"),
            (document(yCount: 5, peaks: peak()), "xml.number-count"),
            (document(y: "", peaks: peak()), "xml.number-count"),
            (document(order: "MOTOROLA", peaks: peak()), "gaml.byte-order"),
            (document(format: "INT32", peaks: peak()), "gaml.format"),
            (document(format: "FLOAT64", peaks: peak()), "xml.number-count"),
            (document(x: "AAAAAAAAAAAAAAAAAADgPw==", xCount: 2, peaks: peak()), "gaml.lengths"),
        ]
        for (document, code) in documents {
            let reading = try await GAMLAdapter().reading(document)
            #expect(reading.codes == [code])
            #expect(reading.traces.isEmpty)
            #expect(reading.results.filter { $0.kind == .peak }.count == 1)
            // What was said of the experiment is told all the same.
            #expect(reading.results.contains { $0.kind == .sample && $0.extras["Injection/Weight"] == "4.25" })
            #expect(reading.end?.coverage.addsUp == true)
            #expect(reading.diagnostics.first?.location.line ?? 0 > 6)
            let isShort = ["xml.number-count", "gaml.lengths"].contains(code)
            #expect(reading.end?.completeness.verdict == (isShort ? .no : .yes))
        }
    }

    @Test func `an axis that cannot be read leaves its curve without one`() async throws {
        let reading = try await GAMLAdapter().reading(document(x: "A"))
        #expect(reading.codes == ["xml.base64", "gaml.no-axis"])
        #expect(reading.traces.isEmpty)
    }

    @Test(arguments: ["µRIU", "mAU", "nm", "V"])
    func `a label that is another unit leaves the axis without one, and is told once`(label: String) async throws {
        let reading = try await GAMLAdapter().reading(document(yLabel: label, peaks: peak()))
        #expect(reading.codes == ["gaml.units"])
        #expect(reading.traces.first?.axes.last?.unit == nil)
        #expect(reading.traces.first?.axes.last?.unitWritten == "MILLIVOLTS")
        let height = reading.results.first?.measurements.first { $0.name == "peakYvalue" }
        #expect(height?.quantity.unit == nil)
    }

    @Test func `unknown units are none, but for those of the label`() async throws {
        let unknown = try await GAMLAdapter().reading(document(units: "UNKNOWN"))
        #expect(unknown.traces.first?.axes.last?.unit == nil)
        let labelled = try await GAMLAdapter().reading(document(yLabel: "mV", units: "UNKNOWN"))
        #expect(labelled.traces.first?.axes.last?.unit == .millivolt)
        #expect(unknown.codes + labelled.codes == [])
    }

    @Test func `of two areas the data system's own is the area`() async throws {
        let both = """
            <parameter name="Peak_Area" alias="PeakArea" label="Area">7.5</parameter>
            <parameter name="area" alias="peak.area" label="Peak Area">0.125</parameter>
            """
        let alone = "<parameter name=\"Peak_Area\" alias=\"PeakArea\" label=\"Area\">7.5</parameter>"
        let reading = try await GAMLAdapter().reading(document(peaks: peak(both) + peak(alone)))
        let areas = reading.results.map { result in result.measurements.first { $0.standard == .area }?.quantity.value }
        #expect(areas == [0.125, 7.5])
        #expect(
            reading.results.first?.measurements.contains { $0.isOwn && $0.name == "Area" && $0.quantity.value == 7.5 } == true)
        #expect(reading.results.map(\.ordinal) == [1, 2])
        #expect(reading.results.map { $0.extras["number"] } == ["2", "2"])
    }

    @Test func `an amount that is not available is no number`() async throws {
        let amount = "<parameter name=\"amount\" alias=\"peak.amount\" label=\"Peak Amount\">n.a.</parameter>"
        let reading = try await GAMLAdapter().reading(document(peaks: peak(amount)))
        let found = reading.results.first?.measurements.first { $0.standard == .amount }
        #expect(found?.quantity.absent == .notReported)
    }

    @Test(arguments: [("2", "0.5", "1.5"), ("1", "1.5", "0.5")])
    func `a peak outside of its baseline is flagged`(x: String, start: String, end: String) async throws {
        let reading = try await GAMLAdapter().reading(document(peaks: peak(x: x, start: start, end: end)))
        #expect(reading.codes == ["gaml.outside-peak"])
        #expect(reading.results.first?.flags.map(\.code) == ["contradiction"])
    }

    @Test func `a peak on an axis that is no time has no retention time`() async throws {
        let reading = try await GAMLAdapter().reading(
            document(xLabel: "nm", peaks: peak()).replacing("\"MINUTES\"", with: "\"NANOMETERS\""))
        #expect(reading.codes == [])
        #expect(reading.results.first?.measurements.map(\.name) == ["peakXvalue", "startXvalue", "endXvalue", "peakYvalue"])
        #expect(reading.results.first?.measurements.first?.quantity.unit == .nanometre)
    }

    @Test func `injections that are missing make the file incomplete`() async throws {
        let reading = try await GAMLAdapter().reading(document(injections: 2))
        #expect(reading.codes == ["gaml.count"])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `cut anywhere, a curve is there whole or not at all`() async throws {
        let bytes = Array(document(peaks: peak()).utf8)
        for length in stride(from: 60, to: bytes.count - 8, by: 23) {
            let reading = try await GAMLAdapter().reading(String(decoding: bytes[..<length], as: UTF8.self))
            #expect(reading.end?.completeness.verdict != .yes)
            #expect(reading.end?.coverage.addsUp != false)
            #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
            #expect(reading.traces.allSatisfy { $0.count == 4 })
        }
    }

    @Test func `an empty parameter of a peak is a number that is missing`() async throws {
        let reading = try await GAMLAdapter().reading(
            document(peaks: peak("<parameter alias=\"peak.area\" name=\"area\" label=\"Area\"/>")))
        #expect(reading.codes == [])
        #expect(reading.results.first?.measurements.first { $0.standard == .area }?.quantity.absent == .empty)
        let count = try await GAMLAdapter().reading(document().replacing(">1</parameter>", with: ">l</parameter>"))
        #expect(count.codes == ["gaml.count"])
        #expect(count.end?.completeness.verdict == .unknown)
    }

    @Test func `an empty volume of an injection is one that is missing`() async throws {
        let text = document(peaks: peak()).replacing(
            "<collectdate>", with: "<parameter alias=\"injection.inject_volume\" name=\"v\"/><collectdate>")
        let reading = try await GAMLAdapter().reading(text)
        #expect(reading.codes == [])
        #expect(reading.results.first?.injection?.volume?.absent == .empty)
    }

    @Test func `a curve without values is told, and its peaks are read`() async throws {
        let text = document(peaks: peak())
        let start = try #require(text.firstRange(of: "<values byteorder=\"INTEL\" format=\"FLOAT32\"")).lowerBound
        let end = try #require(text.firstRange(of: "<peaktable>")).lowerBound
        let reading = try await GAMLAdapter().reading(text.replacing(text[start..<end], with: ""))
        #expect(reading.codes == ["gaml.no-values"])
        #expect(reading.results.contains { $0.kind == .peak })
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `what stands behind a trace is told by a finding of its experiment`() async throws {
        let late = """
            <parameter name="dilution" label="Dilution factor">10</parameter>\
            <parameter name="position" alias="injection.position" label="Vial">GA9</parameter><note a="1">two</note>
            """
        let reading = try await GAMLAdapter().reading(
            document(peaks: peak()).replacing("</experiment>", with: late + "</experiment>"))
        #expect(reading.codes == [])
        #expect(reading.results.map(\.kind) == [.peak, .sample])
        let finding = try #require(reading.results.last)
        #expect(finding.sample?.name == "Water" && finding.extras["Dilution factor"] == "10")
        #expect(finding.extras["Vial"] == "GA9" && finding.extras["note"] == "two" && finding.extras["note@a"] == "1")
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a peak that is there twice is told, another of its number is not`() async throws {
        let twice = try await GAMLAdapter().reading(document(peaks: peak() + peak()))
        #expect(twice.codes == ["gaml.repeated-peak"] && twice.end?.completeness.verdict == .no)
        #expect(twice.results.filter { $0.kind == .peak }.map { $0.flags.map(\.code) } == [[], ["repeatedPeak"]])
        #expect(try await GAMLAdapter().reading(document(peaks: peak() + peak(x: "1.25"))).codes == [])
    }
}
