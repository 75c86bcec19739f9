import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct AnIMLAdapterTests {
    private func document(_ result: String, technique: String = "Microplate Read", author: String = "A. Example") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <AnIML xmlns="urn:org:astm:animl:schema:core:draft:0.90" version="0.90">
          <SampleSet><Sample sampleID="p" name="Plate"/></SampleSet>
          <ExperimentStepSet><ExperimentStep name="step" experimentStepID="s1"><Technique name="\(technique)" uri=""/>
            <Infrastructure><SampleReferenceSet><SampleReference sampleID="p"/></SampleReferenceSet></Infrastructure>
            <Method><Author userType="human"><Name>\(author)</Name></Author></Method>
            <Result name="Read">\(result)</Result>
          </ExperimentStep></ExperimentStepSet>
        </AnIML>
        """
    }

    private func series(
        _ name: String, _ type: String, _ values: String, dependency: String = "dependent", scale: String = "none"
    ) -> String {
        """
        <Series name="\(name)" seriesType="\(type)" plotScale="\(scale)" dependency="\(dependency)" seriesID="\(name)">\
        \(values)</Series>
        """
    }

    private func single(_ tag: String, _ values: [String]) -> String {
        "<IndividualValueSet>\(values.map { "<\(tag)>\($0)</\(tag)>" }.joined())</IndividualValueSet>"
    }

    private func counted(_ start: String, _ increment: String) -> String {
        """
        <AutoIncrementedValueSet><StartValue><F>\(start)</F></StartValue><Increment><F>\(increment)</F></Increment>\
        </AutoIncrementedValueSet>
        """
    }

    private func set(_ length: String, _ series: String...) -> String {
        "<SeriesSet name=\"Read\" length=\"\(length)\">\(series.joined())</SeriesSet>"
    }

    private var position: String { series("Position", "Int32", counted("0", "1"), dependency: "independent") }

    @Test func `each value of a plate belongs to its position`() async throws {
        let reading = try await AnIMLAdapter().reading(
            document(set("3", position, series("Absorbance", "Float32", single("F", ["0.1", "NaN", "-0.3"])))))
        #expect(reading.codes == [])
        #expect(reading.results.map(\.kind) == [.well, .well, .well])
        #expect(reading.results.map(\.position?.written) == ["0", "1", "2"])
        #expect(reading.results.map { $0.measurements.first?.standard } == [.absorbance, .absorbance, .absorbance])
        #expect(reading.results.map { $0.measurements.first?.quantity.value } == [0.1, nil, -0.3])
        #expect(reading.results.map(\.sample?.name) == ["Plate", "Plate", "Plate"])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `positions beside the set belong to it`() async throws {
        let reading = try await AnIMLAdapter().reading(
            document(position + set("2", series("Value", "Float32", single("F", ["0.1", "0.2"])))))
        #expect(reading.codes == [])
        #expect(reading.results.map(\.position?.written) == ["0", "1"])
    }

    @Test func `a plate without positions is refused by name and place`() async throws {
        let reading = try await AnIMLAdapter().reading(
            document(set("2", series("Value", "Float32", single("F", ["0.1", "0.2"])))))
        #expect(reading.results.isEmpty)
        #expect(reading.codes == ["animl.no-position"])
        #expect(reading.diagnostics.first?.severity == .error)
        #expect(
            reading.diagnostics.first?.location.path?.description == "/AnIML/ExperimentStepSet/ExperimentStep/Result/SeriesSet")
        #expect(reading.end?.completeness.verdict == .no)
        #expect(reading.status != 0)
    }

    @Test(arguments: [["0.1", "0.2"], ["0.1", "0.2", "0.3", "0.4"]])
    func `a series that is not as long as its set is left out alone`(values: [String]) async throws {
        let reading = try await AnIMLAdapter().reading(
            document(
                set(
                    "3", position, series("Value", "Float32", single("F", ["1", "2", "3"])),
                    series("Other", "Float32", single("F", values)))))
        #expect(reading.codes == ["animl.wrong-length"])
        #expect(reading.results.map { $0.measurements.map(\.quantity.value) } == [[1], [2], [3]])
        #expect(reading.end?.completeness.verdict == .no)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a garbled value leaves out its row, and no row takes the place of another`() async throws {
        let reading = try await AnIMLAdapter().reading(
            document(set("3", position, series("Value", "Float32", single("F", ["1", "2,5", "3"])))))
        #expect(reading.codes == ["xml.other-decimal-mark"])
        #expect(reading.results.map(\.position?.written) == ["0", "2"])
        #expect(reading.results.map { $0.measurements.first?.quantity.value } == [1, 3])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `booleans that are true are flags`() async throws {
        let reading = try await AnIMLAdapter().reading(
            document(
                set(
                    "2", position, series("Value", "Float32", single("F", ["1", "2"])),
                    series("Is Saturated", "Boolean", single("Boolean", ["false", "true"])))))
        #expect(reading.results.map { $0.flags.map(\.code) } == [[], ["isSaturated"]])
        #expect(reading.results.first?.extras["Is Saturated"] == "false")
    }

    // 1, 2, 4 as little-endian floats; the last has one byte less, or is infinite.
    @Test(arguments: [
        ("AACAPwAAAEAAAIBA", []), ("AACAPwAAAEAAAIA=", ["xml.number-count"]), ("AACAPwAAAEAAAIB/", ["xml.not-finite"]),
        ("AACAPwAAAEA=", ["xml.number-count"]), ("AACAPw!AAEAAAIBA", ["xml.base64"]),
    ])
    func `encoded values are a curve, or none`(text: String, codes: [String]) async throws {
        let time = series("Time", "Float32", counted("0", "0.5"), dependency: "independent", scale: "linear")
        let signal = series(
            "Signal", "Float32", "<EncodedValueSet>\(text)</EncodedValueSet><Unit label=\"mV\"/>", scale: "linear")
        let reading = try await AnIMLAdapter().reading(document(set("3", time, signal), technique: "Chromatography"))
        #expect(reading.codes == codes)
        #expect(reading.results.isEmpty)
        #expect(reading.traces.map { reading.points[$0.id] } == (codes.isEmpty ? [[0, 1, 0.5, 2, 1, 4]] : []))
        #expect(reading.traces.allSatisfy { $0.axes.last?.unit == .millivolt })
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test(arguments: ["none", "linear"])
    func `a length that no value bears out makes no results`(scale: String) async throws {
        let other = series("Other", "Int32", counted("0", "1"), scale: scale)
        let time = series("Time", "Int32", counted("0", "1"), dependency: "independent", scale: scale)
        let reading = try await AnIMLAdapter().reading(document(set("10000000", time, other), technique: "Other"))
        #expect(reading.codes == ["animl.no-values"])
        #expect(reading.results.isEmpty)
        #expect(reading.traces.isEmpty)
    }

    @Test func `a sample that was declared twice has no name`() async throws {
        let text = document(set("1", position, series("Value", "Float32", single("F", ["1"]))))
            .replacing("</SampleSet>", with: "<Sample sampleID=\"p\" name=\"Other\"/></SampleSet>")
        let reading = try await AnIMLAdapter().reading(text)
        #expect(reading.codes == ["animl.repeated-sample"])
        #expect(reading.results.first?.sample == Sample(id: "p"))
    }

    @Test func `the name of an account does not go into records`() async throws {
        let reading = try await AnIMLAdapter().reading(
            document(set("1", position, series("Value", "Float32", single("F", ["1"]))), author: "LAB\\hugo"))
        #expect(reading.codes == ["animl.account"])
        #expect(!reading.lines.contains("hugo"))
        #expect(reading.runs.first?.operatorName == nil)
    }

    @Test func `the parameters of a result are measured`() async throws {
        let category = """
            <Category name="Titration"><Parameter name="pH" parameterType="Float64"><D>7.02</D></Parameter>
            <Parameter name="Remark" parameterType="String"><S>clear</S></Parameter></Category>
            """
        let reading = try await AnIMLAdapter().reading(document(category, technique: "Titration"))
        #expect(reading.codes == [])
        #expect(reading.results.map { $0.measurements.first?.standard } == [.pH])
        #expect(reading.results.first?.extras["Titration/Remark"] == "clear")
    }

    @Test func `another namespace is not recognised`() {
        let opening = OpenedSource(name: "x.animl", bytes: Array("<AnIML xmlns=\"urn:other\"/>".utf8)).opening
        guard case .no = AnIMLAdapter().recognize(opening) else {
            Issue.record("it was recognised")
            return
        }
    }

    @Test func `cut anywhere, the file is not whole`() async throws {
        let bytes = Array(document(set("2", position, series("Value", "Float32", single("F", ["1", "2"])))).utf8)
        for length in stride(from: 120, to: bytes.count - 8, by: 17) {
            let reading = try await AnIMLAdapter().reading(String(decoding: bytes[..<length], as: UTF8.self))
            #expect(reading.end?.completeness.verdict != .yes)
            #expect(reading.end?.coverage.addsUp != false)
            #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
            #expect([0, 2].contains(reading.results.filter { $0.kind == .well }.count))
        }
    }

    @Test func `an attribute of a set of samples or steps is told with the run`() async throws {
        let text = document(
            set("1", series("Position", "String", single("S", ["A1"])), series("A", "Float32", single("F", ["1"])))
        )
        .replacing("<SampleSet>", with: "<SampleSet id=\"ss1\">")
        .replacing("<ExperimentStepSet>", with: "<ExperimentStepSet id=\"es1\">")
        let reading = try await AnIMLAdapter().reading(text)
        #expect(reading.codes == [])
        #expect(reading.runs.first?.extras["SampleSet@id"] == "ss1")
        #expect(reading.runs.first?.extras["ExperimentStepSet@id"] == "es1")
    }

    @Test func `a result that is there twice is told, and the second is marked`() async throws {
        let text = document(set("1", position, series("Absorbance", "Float32", single("F", ["0.1"]))))
        let start = try #require(text.firstRange(of: "<Result ")).lowerBound
        let end = try #require(text.firstRange(of: "</Result>")).upperBound
        let reading = try await AnIMLAdapter().reading(text[..<end] + String(text[start...]))
        #expect(reading.codes == ["animl.repeated-result"] && reading.end?.completeness.verdict == .no)
        #expect(reading.results.map { $0.flags.map(\.code) } == [[], ["repeatedResult"]])
    }
}
