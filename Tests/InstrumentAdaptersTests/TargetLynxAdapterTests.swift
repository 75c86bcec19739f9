import IngestCore
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct TargetLynxAdapterTests {
    private func peak(_ changes: [String: String] = [:]) -> String {
        var values = [
            "foundrt": "3.1000000000", "predrt": "3.0500000000", "area": "1200.0000000000", "height": "13200.0000000000",
            "pkflags": "bb", "analconc": "99.5000000000", "startrt": "3.0000000000", "endrt": "3.2000000000",
            "baselinewidth": "12.0000000000", "heightdivarea": "11.0000000000", "signoise": "412.5000000000",
            "rrf": "0.0000000000", "rtflag": "0", "conccalc": "NaN",
        ]
        values.merge(changes) { $1 }
        return values.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: " ")
    }

    private func document(
        _ peaks: [String], sampleID: String = "1", count: Int = 1, inside: String = "", time: String = "10:00:05"
    ) -> String {
        let compounds = peaks.enumerated().map { index, peak in
            """
            <COMPOUND id="\(index + 1)" sampleid="\(sampleID)" groupid="1" name="C\(index + 1)" stdconc="0.0000000000">\
            <PEAK \(peak)>\(inside)</PEAK><METHOD rref="2.0000000000"/></COMPOUND>
            """
        }
        return """
            <?xml version="1.0"?>
            <QUANDATASET version="1"><GROUPDATA count="1"><GROUP id="1" name="G">
            <SAMPLELISTDATA filename="D:\\ann\\L.SPL" count="\(count)"><SAMPLE id="1" name="S" createdate="14-Mar-31"
            createtime="\(time)" type="Analyte" stdconc="0.0000000000">
            \(compounds.joined(separator: "\n"))
            </SAMPLE></SAMPLELISTDATA></GROUP></GROUPDATA></QUANDATASET>
            """
    }

    private func values(_ result: ResultRecord?) -> [String: Double] {
        var values: [String: Double] = [:]
        for measurement in result?.measurements ?? [] { values[measurement.name] = measurement.quantity.value }
        return values
    }

    @Test func `times are in minutes and the width at the base in seconds`() async throws {
        let reading = try await TargetLynxAdapter().reading(document([peak()]))
        #expect(reading.codes == [])
        let result = try #require(reading.results.first)
        #expect(values(result)["retentionTime"] == 3.1)
        #expect(values(result)["baseWidth"] == 12)
        let units = Dictionary(uniqueKeysWithValues: result.measurements.map { ($0.name, $0.quantity.unit) })
        #expect(units["retentionTime"] == .minute)
        #expect(units["baseWidth"] == .second)
        #expect(units["area"] == .some(nil))
        #expect(result.injection?.acquired?.local?.description == "2031-03-14T10:00:05")
        #expect(reading.runs.first?.sequence == "L.SPL")
        #expect(reading.end?.coverage.addsUp == true)
        #expect(reading.end?.completeness.verdict == .yes)
    }

    @Test func `a peak that was not found has no numbers, and no zero`() async throws {
        let zero = "0.0000000000"
        let reading = try await TargetLynxAdapter().reading(
            document([
                peak([
                    "foundrt": zero, "area": zero, "height": zero, "pkflags": "", "analconc": "", "startrt": zero, "endrt": zero,
                    "baselinewidth": zero, "heightdivarea": zero, "signoise": "",
                ])
            ]))
        #expect(reading.codes == [])
        let result = try #require(reading.results.first)
        #expect(values(result) == ["expectedRetentionTime": 3.05])
        let absent = result.measurements.filter { $0.name != "expectedRetentionTime" && $0.name != "conccalc" }
        #expect(absent.allSatisfy { $0.quantity.absent == .notFound })
        #expect(absent.contains { $0.name == "area" && $0.quantity.written == zero })
    }

    @Test func `a zero that says nothing was calculated is no number`() async throws {
        let reading = try await TargetLynxAdapter().reading(
            document([peak(["ionratio": "0.0000000000", "area": "-3.5", "heightdivarea": ""])]))
        let result = try #require(reading.results.first)
        #expect(values(result)["responseFactor"] == nil)
        #expect(values(result)["expectedConcentration"] == nil)
        #expect(values(result)["area"] == -3.5)
        #expect(result.extras["rrf"] == "0.0000000000")
        #expect(result.extras["ionratio"] == "0.0000000000")
        #expect(result.extras["COMPOUND@stdconc"] == "0.0000000000")
        #expect(result.measurements.first { $0.name == "conccalc" }?.quantity.absent == .notReported)
    }

    @Test func `the compound that is its own reference is the internal standard`() async throws {
        let reading = try await TargetLynxAdapter().reading(document([peak(), peak(), peak()]))
        #expect(reading.results.map(\.analyte?.role) == [.target, .istd, .target])
        #expect(reading.results.map(\.ordinal) == [1, 2, 3])
    }

    @Test(arguments: [
        (["baselinewidth": "13.0000000000"], "targetlynx.width"),
        (["heightdivarea": "12.0000000000"], "targetlynx.height-area"),
        (["foundrt": "3.3000000000"], "targetlynx.outside-peak"),
        (["pkflags": ""], "targetlynx.no-peak-flags"),
    ])
    func `what the file tells twice and differently is flagged`(changes: [String: String], code: String) async throws {
        let reading = try await TargetLynxAdapter().reading(document([peak(changes), peak()]))
        #expect(reading.codes == [code])
        #expect(reading.results.map { $0.flags.contains { $0.code == "contradiction" } } == [true, false])
    }

    @Test(arguments: [("area", "12O0"), ("foundrt", "-3.1"), ("signoise", "1e999"), ("height", "13200,0")])
    func `a number that is none leaves out its compound alone`(name: String, text: String) async throws {
        let reading = try await TargetLynxAdapter().reading(document([peak([name: text]), peak()]))
        #expect(reading.results.map(\.analyte?.name) == ["C2"])
        #expect(reading.end?.leftOut == 1)
        #expect(reading.end?.coverage.addsUp == true)
        #expect(
            reading.diagnostics.contains {
                $0.severity == .error && $0.location.path?.description.contains("/COMPOUND/PEAK") == true
            })
    }

    @Test func `an ion that is garbled leaves its compound, and is told by the ion`() async throws {
        let ions = "<CONFIRMATIONIONPEAK1 ion=\"1\" \(peak(["area": "x"]))/><CONFIRMATIONIONPEAK2 ion=\"2\" \(peak())/>"
        let reading = try await TargetLynxAdapter().reading(document([peak()], inside: ions))
        #expect(reading.results.map(\.analyte?.role) == [.target, .qualifier])
        #expect(reading.codes == ["xml.not-a-number"])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a compound that is garbled leaves its ion`() async throws {
        let ion = "<CONFIRMATIONIONPEAK1 ion=\"1\" \(peak(["area": "400", "heightdivarea": "33"]))/>"
        let reading = try await TargetLynxAdapter().reading(document([peak(["area": "x"])], inside: ion))
        #expect(reading.results.map(\.analyte?.role) == [.qualifier])
        #expect(values(reading.results.first)["area"] == 400)
        #expect(reading.results.first?.extras["rrf"] == "0.0000000000")
        #expect(reading.codes == ["xml.not-a-number"])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a compound of another sample is of neither`() async throws {
        let reading = try await TargetLynxAdapter().reading(document([peak()], sampleID: "2"))
        #expect(reading.results.isEmpty)
        #expect(reading.codes == ["targetlynx.other-sample"])
    }

    @Test func `a count that is not met makes the file incomplete`() async throws {
        let reading = try await TargetLynxAdapter().reading(document([peak()], count: 3))
        #expect(reading.codes == ["targetlynx.count"])
        #expect(reading.results.count == 1)
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test func `a time of day that is none is left out, and the results are not`() async throws {
        let reading = try await TargetLynxAdapter().reading(document([peak()], time: "25:00:00"))
        #expect(reading.codes == ["xml.not-a-time"])
        #expect(reading.results.first?.injection?.acquired == nil)
        #expect(reading.end?.coverage.leftOut == 2)
    }

    @Test func `cut anywhere, no more is read than was there, and the file is not whole`() async throws {
        let bytes = Array(document([peak(), peak()]).utf8)
        for length in stride(from: 60, to: bytes.count - 15, by: 37) {
            let reading = try await TargetLynxAdapter().reading(String(decoding: bytes[..<length], as: UTF8.self))
            #expect(reading.end?.completeness.verdict != .yes)
            #expect(reading.end?.coverage.addsUp != false)
            #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
            #expect(reading.results.allSatisfy { values($0)["area"] == 1200 })
        }
    }

    @Test(arguments: ["NaN", "", "x"])
    func `zeros of a peak that was not found stay none where its time is garbled`(time: String) async throws {
        let zero = "0.0000000000"
        let reading = try await TargetLynxAdapter().reading(
            document([
                peak([
                    "foundrt": time, "area": zero, "height": zero, "pkflags": "", "analconc": "", "startrt": zero, "endrt": zero,
                    "baselinewidth": zero, "heightdivarea": zero, "signoise": "",
                ])
            ]))
        #expect(reading.codes == (time == "x" ? ["xml.not-a-number"] : []))
        #expect(!reading.results.flatMap(\.measurements).contains { $0.quantity.value == 0 })
    }

    @Test func `an empty number is none, of a peak, an ion and a standard`() async throws {
        let ion = "<CONFIRMATIONIONPEAK1 ion=\"1\" foundrt=\"3.1\" area=\"\" analconc=\"\" pkflags=\"bb\"/>"
        let text = document([peak(["area": "", "conccalc": ""])], inside: ion).replacing(
            "name=\"C1\" stdconc=\"0.0000000000\"", with: "name=\"C1\" stdconc=\"\"")
        let reading = try await TargetLynxAdapter().reading(text)
        #expect(reading.codes == [])
        let absent = reading.results.map { $0.measurements.filter { $0.quantity.absent == .empty }.map(\.name) }
        #expect(absent == [["area", "conccalc", "expectedConcentration"], ["area"]])
    }

    @Test(arguments: [
        ("COMPOUND id=\"2\"", "COMPOUND id=\"1\"", "targetlynx.compound-number"),
        ("COMPOUND id=\"2\"", "COMPOUND id=\"3\"", "targetlynx.compound-number"),
        ("COMPOUND id=\"1\"", "COMPOUND id=\"l\"", "targetlynx.compound-number"),
        ("SAMPLE id=\"1\"", "SAMPLE id=\"2\"", "targetlynx.sample-number"),
        ("count=\"1\"><SAMPLE", "count=\"l\"><SAMPLE", "targetlynx.count"),
    ])
    func `numbers and counts that do not go on are told`(old: String, new: String, code: String) async throws {
        let text = document([peak(), peak()]).replacing(old, with: new)
            .replacing("sampleid=\"1\"", with: new == "SAMPLE id=\"2\"" ? "sampleid=\"2\"" : "sampleid=\"1\"")
        let reading = try await TargetLynxAdapter().reading(text)
        #expect(reading.codes == [code])
        #expect(reading.end?.completeness.verdict == (code == "targetlynx.count" ? .unknown : .no))
        #expect(reading.results.count == 2)
    }

    @Test func `a compound without its peak is told`() async throws {
        let reading = try await TargetLynxAdapter().reading(document([peak()]).replacing("<PEAK \(peak())></PEAK>", with: ""))
        #expect(reading.codes == ["targetlynx.no-peak"])
        #expect(reading.results.first?.flags == [Flag("noPeak")])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test(arguments: ["rref=\"l\"", "rref=\"\"", "rref=\"NaN\""])
    func `a reference that is no number makes a compound neither target nor standard`(reference: String) async throws {
        let text = document([peak()]).replacing("rref=\"2.0000000000\"", with: reference)
        let reading = try await TargetLynxAdapter().reading(text)
        #expect(reading.codes == ["targetlynx.reference"])
        #expect(reading.results.first?.analyte?.role == nil)
    }

    @Test func `an ion that a peak has twice is told`() async throws {
        let ion = "<CONFIRMATIONIONPEAK1 ion=\"1\" foundrt=\"3.1\" area=\"5\" pkflags=\"bb\"/>"
        let reading = try await TargetLynxAdapter().reading(document([peak()], inside: ion + ion))
        #expect(reading.codes == ["targetlynx.repeated-ion"])
        #expect(reading.results.map { $0.flags.map(\.code) } == [[], [], ["repeatedIon"]])
        #expect(reading.end?.completeness.verdict == .no)
    }

    @Test(arguments: ["</GROUPDATA>", "</QUANDATASET>"])
    func `what stands behind the last group is told by a finding`(place: String) async throws {
        let late =
            "<DATASET filename=\"D:\\ann\\late.qld\" modifieddate=\"14 Mar 2031\" modifiedtime=\"18:30:10\"/><NOTE a=\"1\">two</NOTE>"
        let reading = try await TargetLynxAdapter().reading(document([peak()]).replacing(place, with: late + place))
        #expect(reading.codes == [])
        let finding = try #require(reading.results.last)
        #expect(finding.kind == .sample && finding.measurements.isEmpty)
        #expect(finding.extras["DATASET@filename"] == "late.qld")
        #expect(finding.extras["DATASET@modifieddate"] == "14 Mar 2031")
        #expect(finding.extras["NOTE"] == "two" && finding.extras["NOTE@a"] == "1")
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `zeros with a decimal comma are zeros where the file writes commas`() async throws {
        let zero = "0.0000000000"
        let text = document([
            peak([
                "foundrt": zero, "area": zero, "height": zero, "pkflags": "", "analconc": "", "startrt": zero, "endrt": zero,
                "baselinewidth": zero, "heightdivarea": zero, "signoise": "",
            ])
        ])
        let reading = try await TargetLynxAdapter().reading(
            text.replacing(/(\d)\.(\d{4})/) { "\($0.1),\($0.2)" }, given: GivenAssumptions(decimalMark: .comma))
        #expect(reading.codes == [])
        let result = try #require(reading.results.first)
        #expect(values(result) == ["expectedRetentionTime": 3.05])
        #expect(result.measurements.first { $0.name == "area" }?.quantity.absent == .notFound)
    }

    @Test func `a compound with a second peak is told, and that one marked`() async throws {
        let text = document([peak()])
        let second = "</PEAK><PEAK \(peak())></PEAK>"
        let reading = try await TargetLynxAdapter().reading(text.replacing("</PEAK>", with: second))
        #expect(reading.codes == ["targetlynx.repeated-peak"] && reading.end?.completeness.verdict == .no)
        #expect(reading.results.map { $0.flags.map(\.code) } == [[], ["repeatedPeak"]])
    }
}
