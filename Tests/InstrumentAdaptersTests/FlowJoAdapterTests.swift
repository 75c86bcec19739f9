import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct FlowJoAdapterTests {
    private func population(
        _ name: String, _ count: String, node: String = "Population", gate: String = "ID1", in parent: String? = nil,
        low: String = "100", high: String = "200", inside: String = ""
    ) -> String {
        """
        <\(node) name="\(name)" owningGroup="All" expanded="1" sortPriority="10" count="\(count)"><Graph type="Contour"/>
        <Gate gating:id="\(gate)" \(parent.map { "gating:parent_id=\"\($0)\"" } ?? "")><gating:RectangleGate tint="#000000">
        <gating:dimension gating:min="\(low)" gating:max="\(high)"><data-type:fcs-dimension data-type:name="FSC-A"/>
        </gating:dimension></gating:RectangleGate></Gate><Subpopulations>\(inside)</Subpopulations></\(node)>
        """
    }

    private func sample(
        _ inside: String, count: String = "1000", total: String = "1000    ", data: String = "33", keywords: String = "",
        id: String = "33"
    ) -> String {
        """
        <Sample><DataSet uri="file:/D:/Cyto/mlind/A1.fcs" sampleID="\(data)"/><transforms:spilloverMatrix>
        <transforms:spillover data-type:parameter="PE-A"><transforms:coefficient data-type:parameter="APC-A"
        transforms:value="0.25"/></transforms:spillover></transforms:spilloverMatrix><Keywords>
        <Keyword name="$TOT" value="\(total)"/><Keyword name="$DATE" value="14-OCT-2024"/>
        <Keyword name="$BTIM" value="15:13:10"/><Keyword name="$CYT" value="Cyte"/><Keyword name="$P1S" value=""/>
        <Keyword name="WELL ID" value="B02"/><Keyword name="EXPORT USER NAME" value="mlind"/>\(keywords)</Keywords>
        <SampleNode name="A1.fcs" count="\(count)" sampleID="\(id)"><Subpopulations>\(inside)</Subpopulations></SampleNode>
        </Sample>
        """
    }

    private func workspace(_ samples: String, listed: [String] = ["33"]) -> String {
        """
        <Workspace version="20.0" modDate="Fri Mar 14 08:24:55 PDT 2025" flowJoVersion="10.10.0"
        xmlns:gating="http://www.isac-net.org/std/Gating-ML/v2.0/gating"
        xmlns:transforms="http://www.isac-net.org/std/Gating-ML/v2.0/transformations"
        xmlns:data-type="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes"
        nonAutoSaveFileName="file:/D:/Cyto/mlind/panel.wsp"><WindowPosition x="-7"/>
        <Groups><GroupNode name="All"><Subpopulations>\(population("Template", "33282"))</Subpopulations>
        <Group name="All"><SampleRefs>\(listed.map { "<SampleRef sampleID=\"\($0)\"/>" }.joined())</SampleRefs></Group>
        </GroupNode></Groups><SampleList>\(samples)</SampleList><LayoutEditor title="x"/></Workspace>
        """
    }

    private func reading(_ samples: String, listed: [String] = ["33"]) async throws -> AdapterReading {
        try await FlowJoAdapter().reading(workspace(samples, listed: listed), name: "panel.wsp")
    }

    private var cells: String {
        population("Cells", "800", inside: population("CD4+", "20", gate: "ID2", in: "ID1"))
    }

    @Test func `populations are counts by path, the sample is theirs`() async throws {
        let reading = try await reading(sample(cells))
        #expect(reading.codes.isEmpty)
        #expect(reading.results.map(\.kind) == [.sample, .gate, .gate])
        #expect(reading.results.map { $0.measurements.first?.quantity.value } == [1000, 800, 20])
        #expect(reading.results[2].analyte == Analyte(name: "CD4+", id: "Cells/CD4+"))
        #expect(reading.results[2].extras["gate parent_id"] == "ID1")
        #expect(reading.results[2].extras["RectangleGate/dimension@min"] == "100")
        #expect(reading.results.allSatisfy { $0.sample == Sample(name: "A1.fcs", id: "33") })
        #expect(reading.results[0].extras["spillover PE-A APC-A"] == "0.25")
        #expect(reading.results[0].position?.row == 2)
        #expect(reading.results[0].injection?.acquired?.local?.description == "2024-10-14T15:13:10")
        #expect(reading.end?.completeness.verdict == .yes)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `the workspace is the run, and three letters settle no zone`() async throws {
        let run = try #require(try await reading(sample(cells)).runs.first)
        #expect(run.name == "panel.wsp")
        #expect(run.instrument?.name == "Cyte")
        #expect(run.times.first?.time.written == "Fri Mar 14 08:24:55 PDT 2025")
        #expect(run.times.first?.time.local?.description == "2025-03-14T08:24:55")
        #expect(run.times.first?.time.unsettled == [.zone])
    }

    @Test func `populations of groups are a template, and folders and accounts go nowhere`() async throws {
        let reading = try await reading(sample(cells))
        #expect(!reading.lines.contains("33282"))
        #expect(!reading.lines.contains("mlind"))
    }

    @Test func `a count that FlowJo has not made yet is not there`() async throws {
        let reading = try await reading(
            sample(population("Cells", "-1", inside: population("CD4+", "20", gate: "ID2", in: "ID1"))))
        #expect(reading.codes.isEmpty)
        #expect(reading.results[1].measurements.first?.quantity.absent == .notReported)
    }

    @Test(arguments: ["many", "2.5", "-4", "1e999"])
    func `a count that is none leaves out its population, not those in it`(count: String) async throws {
        let reading = try await reading(
            sample(population("Cells", count, inside: population("CD4+", "20", gate: "ID2", in: "ID1"))))
        #expect(reading.results.map { $0.analyte?.name } == [nil, "CD4+"])
        #expect(reading.end?.leftOut == 1)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `counts that cannot be are contradictions`() async throws {
        let total = try await reading(sample(cells, total: "1001"))
        #expect(total.codes == ["flowjo.count"])
        #expect(total.results[0].flags == [Flag("eventCount", written: "1001")])
        let more = try await reading(sample(population("Cells", "1001")))
        #expect(more.codes == ["flowjo.count"])
        #expect(more.results[1].flags.map(\.code) == ["moreThanParent"])
        let other = try await reading(sample(cells, data: "34"))
        #expect(other.codes == ["flowjo.sample-id"])
        for reading in [total, more, other] { #expect(reading.end?.completeness.verdict == .no) }
    }

    @Test func `samples that groups list and nobody has leave open whether the workspace is whole`() async throws {
        let reading = try await reading(sample(cells), listed: ["33", "34"])
        #expect(reading.codes == ["flowjo.samples"])
        #expect(reading.end?.completeness.verdict == .unknown)
    }

    @Test func `gates and names that do not fit are flagged`() async throws {
        let limits = try await reading(sample(population("Cells", "8", low: "5", high: "2")))
        #expect(limits.codes == ["flowjo.gate"])
        let letters = try await reading(sample(population("Cells", "8", high: "2OO")))
        #expect(letters.codes == ["flowjo.gate"])
        let parent = try await reading(sample(population("Cells", "8", inside: population("CD4+", "2", gate: "ID2", in: "ID77"))))
        #expect(parent.codes == ["flowjo.parent"])
        #expect(parent.results[2].flags == [Flag("otherParent", written: "ID77")])
        let twice = try await reading(sample(population("Cells", "8") + population("Cells", "9", gate: "ID2")))
        #expect(twice.codes == ["flowjo.repeated-population"])
        #expect(twice.results.map(\.ordinal) == [nil, 1, 2])
        let samples = try await reading(sample(cells) + sample(cells))
        #expect(samples.codes == ["flowjo.repeated-sample"])
    }

    @Test func `the rest of a population says what it is the rest of`() async throws {
        let rest = population("CD4-", "780", node: "NotNode", gate: "ID3", in: "ID9")
            .replacing("</NotNode>", with: "<Dependents><Dependent name=\"Cells/CD4+\"/></Dependents></NotNode>")
        let reading = try await reading(sample(population("Cells", "800", inside: rest)))
        #expect(reading.codes.isEmpty)
        #expect(reading.results[2].extras["node"] == "NotNode")
        #expect(reading.results[2].extras["Dependents/Dependent@name"] == "Cells/CD4+")
    }

    @Test func `statistics are results of their population with the parameter as signal`() async throws {
        let statistics = """
            <Statistic name="Median" id="Comp-PE-A" ancestor="" value="812.75"/><Statistic name="fj.stat.freqofparent" value="80"/>
            """
        let reading = try await reading(sample(population("Cells", "800", inside: statistics)))
        #expect(reading.codes.isEmpty)
        let median = reading.results[2], share = reading.results[3]
        #expect(median.signal?.name == "Comp-PE-A")
        #expect(median.analyte == Analyte(name: "Cells", id: "Cells"))
        #expect(median.measurements == [Measurement(.median, Quantity(written: "812.75", value: 812.75))])
        #expect(share.measurements.first?.name == "fj.stat.freqofparent")
        #expect(share.signal == nil)
    }

    @Test(arguments: [
        ("<Subpopulations>", ["xml.unknown-values"]), ("<Sample>", ["xml.unknown-values"]),
        ("<SampleList>", ["xml.stray-text"]), ("<Groups>", []),
    ])
    func `text where none belongs is told and costs nothing else`(tag: String, codes: [String]) async throws {
        let stray = workspace(sample(cells)).replacing(tag, with: tag + "7")
        let reading = try await FlowJoAdapter().reading(stray, name: "p.wsp")
        #expect(reading.codes == codes)
        #expect(reading.results.count == (codes == ["xml.unknown-values"] ? 4 : 3))
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a file cut anywhere is never called whole`() async throws {
        let whole = Array(workspace(sample(cells)).utf8)
        for length in stride(from: 0, to: whole.count, by: 5) {
            let reading = try await FlowJoAdapter().reading(OpenedSource(name: "p.wsp", bytes: Array(whole.prefix(length))))
            #expect(reading.status != 0)
            #expect(reading.end?.completeness.verdict != .yes)
            #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
        }
    }

    @Test func `a limit with a decimal comma is one where the file writes commas`() async throws {
        let text = workspace(sample(population("P1", "15", low: "100,5", high: "200,5")))
        let reading = try await FlowJoAdapter().reading(text, given: GivenAssumptions(decimalMark: .comma))
        let other = try await FlowJoAdapter().reading(text)
        #expect(other.codes.count == reading.codes.count + 1)
        let wrong = workspace(sample(population("P1", "15", low: "200,5", high: "100,5")))
        #expect(try await FlowJoAdapter().reading(wrong, given: GivenAssumptions(decimalMark: .comma)).codes == other.codes)
    }
}
