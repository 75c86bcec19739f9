import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Test(arguments: ["Peak", "Peaks/Peak", "/R/S/Peaks/Peak", "n:Peak", "S/Peaks/n:Peak"])
func `a row is named by its name, the end of its path or all of it`(element: String) async throws {
    let text = "<R><Peak a='0'/><S><Peaks><n:Peak xmlns:n='u' a='1'/></Peaks></S></R>"
    let reading = try await readTable(text, element)
    #expect(reading.results.last?.quantity("a")?.value == 1)
    #expect(reading.results.filter { !$0.measurements.isEmpty }.count == (element == "Peak" ? 2 : 1))
    #expect(reading.status == 0)
}

@Test(arguments: ["a:P", "R/a:P", "/R/a:P", "P"])
func `an element with a prefix is one of this prefix only`(element: String) async throws {
    let text = "<R xmlns:a='u1' xmlns:b='u2'><a:P x='1'/><b:P x='2'/><P x='3'/><a:P x='4'/></R>"
    let values = try await readTable(text, element).results.compactMap { $0.quantity("x")?.value }
    #expect(values == (element == "P" ? [1, 2, 3, 4] : [1, 4]))
    let other = try await readTable(text, "c:P")
    #expect(other.codes == ["xml.table.no-such-element"])
    #expect(other.diagnostics.first?.message.contains("2 /R/a:P") == true)
    #expect(other.diagnostics.first?.hint?.contains("--element a:P") == true)
}

@Test(arguments: ["Pea", "peak", "R/Peak", "/Peak", "/S/Peaks/Peak", "x:Peak", "S/Peaks/y:Peak"])
func `an element that is not there is told with those that repeat`(element: String) async throws {
    let reading = try await readTable("<R><S><Peaks><Peak a='1' b='2'/><Peak a='1' b='2'/></Peaks></S></R>", element)
    #expect(reading.codes == ["xml.table.no-such-element"])
    #expect(reading.diagnostics.first?.message.contains("2 /R/S/Peaks/Peak") == true)
    #expect(reading.diagnostics.first?.hint?.contains("--element Peak") == true)
    #expect(reading.status == 2)
}

@Test func `without an element the document tells what could be a row, the most frequent first`() async throws {
    let peaks = String(repeating: "<Peak a='1'><Area>1</Area><P Name='x' Value='1'/><P Name='y' Value='1'/></Peak>", count: 3)
    let reading = try await readTable("<R><S n='1'><V/>\(peaks)</S><S n='2'><V/></S></R>", nil)
    #expect(reading.codes == ["xml.table.no-element"])
    let message = try #require(reading.diagnostics.first?.message)
    let list = "3 /R/S/Peak, 2 /R/S, 6 /R/S/Peak/P, 3 /R/S/Peak/Area, 2 /R/S/V"
    #expect(message.hasSuffix(list))
    #expect(reading.diagnostics.first?.hint?.contains("--element Peak,") == true)
}

@Test func `of the elements that mappings name, the first that the document has counts`() async throws {
    var given = GivenAssumptions()
    given.mappedElements = { ["Nothing", "B", "A"] }
    let text = "<R><A x='1'/><B y='2'/></R>"
    let mapped = try await XMLTableAdapter().reading(text, given: given)
    #expect(mapped.results.map(\.location.path?.description) == ["/R/B"])
    given.element = "A"
    let named = try await XMLTableAdapter().reading(text, given: given)
    #expect(named.results.first?.location.path?.description == "/R/A")
}

@Test func `a document that only the mapping asks about is not asked about when an element is given`() async throws {
    var given = GivenAssumptions(element: "A")
    given.mappedElements = { throw Diagnostic("configuration.any", "", at: SourceLocation(file: "ingest.yaml")) }
    #expect(try await XMLTableAdapter().reading("<R><A x='1'/></R>", given: given).status == 0)
    given.element = nil
    #expect(try await XMLTableAdapter().reading("<R><A x='1'/></R>", given: given).codes == ["configuration.any"])
}

// MARK: Around the rows

@Test func `what stands around a row says of what it is, the nearest first`() async throws {
    let reading = try await readTable(
        """
        <R><Sample name='A'><Vial>1</Vial><Injection number='1'><Peak RT='1' Area='1'/><Peak RT='2' Area='1'/></Injection>\
        <Injection number='2'><Sample name='B'/><Peak RT='1' Area='1'/></Injection></Sample>\
        <Sample name='C'><Injection number='1'><Peak SampleName='own' RT='1' Area='1'/></Injection></Sample></R>
        """)
    #expect(reading.results.map(\.sample?.name) == ["A", "A", "B", "own"])
    #expect(reading.results.map(\.position?.vial) == ["1", "1", "1", nil])
    #expect(reading.results.map(\.injection?.ordinal) == [1, 1, 2, 1])
    #expect(reading.results.map(\.ordinal) == [1, 2, 1, 1])
    // Rows have names of their own here, so those around them are kept.
    #expect(reading.results.last?.extras["Sample@name"] == "C")
    #expect(reading.end?.coverage.addsUp == true)
}

@Test func `what else is around rows goes to the run where it is unique, else to each row inside`() async throws {
    let reading = try await readTable(
        "<R lab='North'><Info><By>x</By></Info><S k='1'><T>t</T><Peak a='1'/></S><S k='2'><Peak a='2'/><Peak a='3'/></S></R>")
    #expect(reading.runs.first?.extras == ["R@lab": "North", "Info/By": "x"])
    #expect(reading.results.map(\.extras) == [["S@k": "1", "S/T": "t"], ["S@k": "2"], ["S@k": "2"]])
}

@Test func `what belongs to no row is told in a result without measurements`() async throws {
    let reading = try await readTable(
        "<R><Sample name='A'><Peak a='1'/><Note>late</Note></Sample><Sample name='B'/><Sample name='C'><Peak a='1O'/><Peak a='2'/></Sample><End>x</End></R>"
    )
    // One "1O" among numbers makes it no field of numbers.
    let told = reading.results.filter { $0.measurements.isEmpty && $0.kind == .sample }
    #expect(told.contains { $0.sample?.name == "A" && $0.extras == ["Sample/Note": "late"] })
    #expect(told.contains { $0.sample?.name == "B" })
    #expect(told.contains { $0.extras == ["End": "x"] && $0.sample == nil })
}

@Test func `a sample of which every row is left out is told all the same`() async throws {
    let reading = try await readTable(
        "<R><Sample name='A' k='1'><Peak Area='x1'/></Sample><Sample name='B' k='2'><Peak Area='1'/></Sample></R>")
    #expect(reading.codes == ["xml.not-a-number"])
    #expect(reading.results.map(\.sample?.name) == ["A", "B"])
    #expect(reading.results.first?.extras == ["Sample@k": "1"])
}

@Test func `a name that does not hold what it promises is kept as it stands`() async throws {
    let reading = try await readTable(
        "<R><Injection id='ab-1' acquired='yesterday'><Peak a='1'/></Injection><Injection id='ab-2'><Peak a='1'/></Injection></R>"
    )
    #expect(reading.codes.isEmpty)
    #expect(reading.results.map(\.injection) == [nil, nil])
    #expect(reading.results.first?.extras == ["Injection@id": "ab-1", "Injection@acquired": "yesterday"])
}

@Test(arguments: [
    "<Area unit='mAU*s'/>", "<Sample name='A'><Name unit='u'>B</Name></Sample>", "<SampleName unit='u'>B</SampleName>",
    "<a AreaUnit='u' AreaUnitUnit='v' Area='5'/>", "<InjectionVolume unit='uL'/>",
])
func `a unit without a value beside the rows is kept`(around: String) async throws {
    let reading = try await readTable("<R><S>\(around)<Pt x='1'>\(around)</Pt><Pt x='2'/>\(around)</S></R>", "Pt")
    #expect(!reading.codes.contains { $0.hasPrefix("XMLTableAdapter().") }, "\(reading.codes)")
    #expect(reading.end?.coverage.addsUp == true && reading.end?.coverage.leftOut == 0)
    #expect(reading.results.count { $0.measurements.contains { $0.name == "x" } } == 2)
}

@Test func `a unit of a time or a number of a row is kept`() async throws {
    let fields = "<Acquired unit='u'>2024-04-02T08:15:30</Acquired><PeakNo unit='u'>1</PeakNo><InjectionVolume unit='uL'/>"
    let reading = try await readTable("<R><Peak a='1'>\(fields)</Peak><Peak a='2'>\(fields)</Peak></R>")
    #expect(!reading.codes.contains { $0.hasPrefix("XMLTableAdapter().") }, "\(reading.codes)")
    #expect(reading.end?.coverage.addsUp == true && reading.end?.coverage.leftOut == 0)
    #expect(reading.results.count == 2)
}

// MARK: Documents

@Test(arguments: [nil, "Peak"])
func `a web page is no report`(element: String?) async throws {
    let login = try await readTable("<html xmlns='http://www.w3.org/1999/xhtml'><body>Login<p/><p/></body></html>", element)
    #expect(login.codes == ["xml.table.web-page"])
    #expect(login.diagnostics.first?.message.contains("web page, not a report") == true)
    #expect(login.diagnostics.first?.hint?.contains("--element") == false)
    #expect(login.status == 2)
    let table = "<HTML><BODY><TR><TD>1</TD></TR><TR><TD>2</TD></TR></BODY></HTML>"
    #expect(try await readTable(table, element).diagnostics.first?.hint?.contains("--element TR ") == true)
    #expect(try await readTable(table, "TR").results.count == 2)
    #expect(try await readTable("<!DOCTYPE html><html><body/></html>", element).codes == ["xml.doctype"])
}

@Test func `a document with a DOCTYPE is refused by name, with and without the adapter`() async throws {
    let text = "<?xml version='1.0'?>\n<!DOCTYPE any [<!ELEMENT any (any)*>]>\n<any><Peak a='1'/></any>"
    #expect(try await readTable(text).codes == ["xml.doctype"])
    #expect(try await readTable(text, nil).codes == ["xml.doctype"])
    let alone = try await IngestRun(adapters: AdapterRoster.all).reading(OpenedSource(name: "any.xml", bytes: Array(text.utf8)))
    #expect(alone.codes == ["xml.doctype"])
    #expect(alone.status == 2)
}

@Test func `a document cut at any byte never passes for whole`() async throws {
    let text = Array(
        """
        <?xml version="1.0"?>
        <R lab="N"><Sample name="A"><Peak n="1"><RT unit="min">4.871</RT><P Name="Area" Value="20.5"/></Peak>
        <Peak n="2"><RT unit="min">5.1</RT><P Name="Area" Value="7"/></Peak><Late>x</Late></Sample><End>1</End></R>
        """.utf8)
    let whole = try await XMLTableAdapter().reading(
        OpenedSource(name: "a.xml", bytes: text), given: GivenAssumptions(element: "Peak"))
    #expect(whole.status == 0)
    for length in 0..<text.count {
        let cut = OpenedSource(name: "a.xml", bytes: Array(text[..<length]))
        let reading = try await XMLTableAdapter().reading(cut, given: GivenAssumptions(element: "Peak"))
        #expect(reading.status == 2, "\(length)")
        #expect(!reading.codes.contains { $0.hasPrefix("XMLTableAdapter().") }, "\(length): \(reading.codes)")
        if let end = reading.end { #expect(end.coverage.addsUp) }
        for result in reading.results { #expect(whole.results.contains { $0.measurements == result.measurements }) }
    }
}

@Test func `a document that belongs to another adapter goes to that one`() throws {
    let text = "<MeasurementResultData><Header Application=\"Tecan.At\"/></MeasurementResultData>"
    func chosen(_ text: String) throws -> String {
        try Detection(OpenedSource(name: "a.xml", bytes: Array(text.utf8)).opening, among: AdapterRoster.all)
            .chosen.adapter.identity.name
    }
    #expect(try chosen(text) == "xml.tecan")
    #expect(try chosen("<MeasurementResultData/>") == "xml.table")
    #expect(try chosen("<Anything><Sample>RT,Area</Sample></Anything>") == "xml.table")
}

@Test func `a long document is read in bounded pieces`() async throws {
    let points = String(repeating: "<P x='1'>2</P>", count: 12_000)
    let reading = try await readTable("<R><Curve>\(points)</Curve><Peak a='1'/><Curve>\(points)</Curve></R>")
    #expect(reading.status == 0)
    #expect(reading.end?.coverage.values == 48_001)
    #expect(reading.results.allSatisfy { $0.extras.count <= 1001 })
    #expect(Set(reading.results.map(\.id)).count == reading.results.count)
}
