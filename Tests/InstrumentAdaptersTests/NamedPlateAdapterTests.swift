import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

/// Tables of which somebody names the columns.
struct NamedPlateAdapterTests {
    private func reading(_ columns: PlateColumns, _ text: String) async throws -> AdapterReading {
        let adapter = NamedPlateAdapter(columns)
        #expect(adapter.missing(in: opening(text)) == nil)
        let reading = try await adapter.reading(text)
        #expect(reading.end?.coverage.addsUp == true)
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
        return reading
    }

    private func opening(_ text: String) -> SourceOpening { SourceOpening(name: "sample.csv", bytes: Array(text.utf8)) }

    private func summary(_ result: ResultRecord?) -> [String] {
        (result?.measurements ?? []).map { measurement in
            let quantity = measurement.quantity
            let unit = quantity.unit.map { " " + $0.code } ?? quantity.unitWritten.map { " (\($0))" } ?? ""
            return "\(measurement.isOwn ? "own " : "")\(measurement.name) \(quantity.written)\(unit)"
        }
    }

    private static let xy = PlateColumns(dose: "x", responses: ["y1", "y2"])

    // MARK: Columns

    @Test func `headings that nobody knows are a dose and responses`() async throws {
        let reading = try await reading(Self.xy, "x,y1,z,y2\n1,10,7,20\n2,11,8,21\n")
        #expect(reading.results.map(summary) == [["dose 1", "own y1 10", "own y2 20"], ["dose 2", "own y1 11", "own y2 21"]])
        #expect(reading.results.map(\.extras) == [["z": "7"], ["z": "8"]])
        #expect(reading.results.allSatisfy { $0.kind == .well && $0.sample == nil })
        // Of the one that nobody named.
        #expect(reading.codes == ["table.unknown-heading"])
        #expect(reading.diagnostics.first?.location.column == 6)
        #expect(reading.source?.adapter.name == "plate.named")
    }

    @Test func `German headings, semicolons and decimal commas`() async throws {
        let reading = try await reading(
            PlateColumns(dose: "zugabe", responses: ["Hemmung (Platte 1)", "Überlebende"], curves: ["Ansatz"]),
            "Ansatz;Zugabe [µM];Hemmung (Platte 1);Überlebende [%]\nA;0,5;12,25;98,1\nB;1,5;13;97\n")
        #expect(
            summary(reading.results.first) == ["dose 0,5 umol/L", "own Hemmung (Platte 1) 12,25", "own Überlebende [%] 98,1 %"])
        #expect(reading.results.first?.measurements.map { $0.quantity.value } == [0.5, 12.25, 98.1])
        #expect(reading.results.map { $0.sample?.name } == ["A", "B"])
        #expect(reading.codes.isEmpty)
    }

    @Test func `the header is not the first line, and what stands above it is of the run`() async throws {
        let text = "Assay\t7\nx, and a remark\n\nDrug\tx\ty1\ty2\nA\t1\t2\t3\n"
        let reading = try await reading(Self.xy, text)
        #expect(summary(reading.results.first) == ["dose 1", "own y1 2", "own y2 3"])
        #expect(reading.results.first?.sample?.name == "A")
        #expect(reading.results.first?.location.line == 5)
        #expect(reading.runs.first?.extras["Assay"] == "7")
        guard case .certain(let because) = NamedPlateAdapter(Self.xy).recognize(opening(text)) else {
            Issue.record("not certain")
            return
        }
        #expect(because == "line 4 has the columns \"x\", \"y1\", \"y2\"")
    }

    @Test(
        arguments: [
            "Concentration,24,48\n0.5,10,20\n5,30,40\n", "Concentration;24;48\n0,5;10;20\n5;30;40\n",
            "Incubation,24,48\nConcentration,24,48\n0.5,10,20\n5,30,40\n",
        ])
    func `numbers are headings where they were named`(text: String) async throws {
        let reading = try await reading(PlateColumns(responses: ["24", "48"]), text)
        #expect(reading.results.map { $0.measurements.map(\.name) } == [["dose", "24", "48"], ["dose", "24", "48"]])
        #expect(reading.results.map { $0.measurements.map(\.quantity.value) } == [[0.5, 10, 20], [5, 30, 40]])
    }

    @Test(
        arguments: [
            ("Dose [nM]", "Dose", "nmol/L"), ("Dose [nM]", "dose [nm]", "nmol/L"), ("x [nM]", "X", "nmol/L"),
            ("x (\u{B5}M)", "x (\u{3BC}M)", "umol/L"), ("menge_nM", "menge_nM", "nmol/L"),
            ("Menge, ng/mL", "Menge, ng/mL", "ng/mL"),
            ("Plate B", "Plate B", nil), ("log[M]", "log[M]", nil), ("x (A)", "x (A)", nil), ("Time", "time", nil),
            ("Area", "Area", nil), ("\"Two\nlines\"", "two lines", nil),
        ] as [(String, String, String?)])
    func `a named column is the dose, in the unit that its heading states`(heading: String, name: String, unit: String?)
        async throws
    {
        let reading = try await reading(PlateColumns(dose: name, responses: ["y"]), "\(heading);y\n1;2\n")
        #expect(reading.results.first?.measurements.map(\.name) == ["dose", "y"])
        #expect(reading.results.first?.measurements.first?.quantity.unit?.code == unit)
        #expect(reading.results.first?.measurements.first?.quantity.value == 1)
    }

    @Test(
        arguments: [
            ("% tot", "% tot", "%"), ("Foo (%)", "foo", "%"), ("Foo [% of control]", "Foo [% of control]", "%"),
            ("Inhibition %", "inhibition %", "%"), ("% Inhibition", "Inhibition", "%"), ("Fluorescence (%)", "Fluorescence", "%"),
            ("Kanal 3 (RLU)", "Kanal 3", "{RLU}"), ("Conc (nM)", "conc", "nmol/L"), ("Kanal (HeLa)", "Kanal (HeLa)", nil),
            ("Response B", "Response B", nil),
        ] as [(String, String, String?)])
    func `a named response keeps its heading and the unit in it`(heading: String, name: String, unit: String?) async throws {
        let columns = PlateColumns(dose: "x", responses: [name])
        let text = "x,\(heading)\n1,2\n"
        let reading = try await reading(columns, text)
        #expect(reading.results.first?.measurements.map(\.name) == ["dose", heading])
        #expect(reading.results.first?.measurements.map(\.isOwn) == [false, true])
        #expect(reading.results.first?.measurements.last?.quantity.unit?.code == unit)
        #expect(NamedPlateAdapter(columns).headings(in: opening(text)) == PlateColumns(dose: "x", responses: [heading]))
    }

    @Test func `units stand in a line or in a column of their own`() async throws {
        let line = try await reading(Self.xy, "Drug;x;y1;y2\n;uM;%;\nA;1;2;3\n")
        #expect(summary(line.results.first) == ["dose 1 umol/L", "own y1 2 %", "own y2 3"])
        let column = try await reading(Self.xy, "x,Unit,y1,y2\n1,nM,2,3\n1,uM,2,3\n")
        #expect(column.results.map { summary($0)[0] } == ["dose 1 nmol/L", "dose 1 umol/L"])
        #expect(line.codes + column.codes == [])
    }

    @Test func `a row of ones below the header is no line of units`() async throws {
        #expect(try await reading(Self.xy, "x,y1,y2\n1,1,1\n2,1,1\n").results.count == 2)
    }

    @Test func `several curves are joined in the order of their names, without what is missing`() async throws {
        let columns = PlateColumns(dose: "x", responses: ["y"], curves: ["Hours", "Drug", "hours"])
        let reading = try await reading(
            columns, "Drug,Curve,Hours,x,y\nA,c,24,1,2\nA,c,48,1,2\nB,c,48,1,2\n,c,48,1,2\n,c,,1,2\nB,c,,1,2\n")
        #expect(reading.results.map { $0.sample?.name } == ["24 · A", "48 · A", "48 · B", "48", nil, "B"])
        #expect(reading.results.first?.extras == ["Curve": "c"])
    }

    @Test func `what is not named is understood as in any table of wells`() async throws {
        let columns = PlateColumns(dose: "x", responses: ["y"], curves: ["Set"])
        let text =
            "Plate,Well,Set,Drug,Role,Dose,x,Dose unit,y,Response,24h,Weight,Temperature,Hours,Replicate,Set ID\n"
            + "P1,B03,s,D,Control,9,1,nM,2,3,4,0.5,37,24,1,7\n"
        let result = try await reading(columns, text).results.first
        #expect(result?.position == Position(written: "B03", plate: "P1", row: 2, column: 3))
        #expect(result?.sample == Sample(name: "s", role: .control, roleWritten: "Control"))
        #expect(result?.analyte == Analyte(name: "D"))
        #expect(summary(result) == ["dose 1 nmol/L", "own y 2", "own Weight 0.5", "temperature 37"])
        #expect(
            result?.extras == ["Dose": "9", "Response": "3", "24h": "4", "Hours": "24", "Replicate": "1", "Set ID": "7"])
    }

    @Test func `with a dose or a curve alone the responses are those that are known`() async throws {
        let wide = try await reading(PlateColumns(dose: "x"), "x,Dose,p,q\n1,2,3,4\n")
        #expect(summary(wide.results.first) == ["dose 1", "own Dose 2", "own p 3", "own q 4"])
        let long = try await reading(PlateColumns(dose: "x"), "x,Response\n1,3\n")
        #expect(summary(long.results.first) == ["dose 1", "effect 3"])
        let curve = try await reading(PlateColumns(curves: ["Set"]), "Drug,Set,Dose,Response\nA,7,1,3\n")
        #expect(summary(curve.results.first) == ["dose 1", "effect 3"])
        #expect(curve.results.first?.sample == Sample(name: "7"))
        #expect(curve.results.first?.analyte == Analyte(name: "A"))
    }

    @Test func `a heading in the case that was typed goes before others`() async throws {
        let reading = try await reading(PlateColumns(dose: "x", responses: ["Y"]), "x,y,Y\n1,2,3\n")
        #expect(summary(reading.results.first) == ["dose 1", "own Y 3"])
    }

    // MARK: Cells

    @Test(arguments: [
        ("x,y1,y2\n1,2,3\n1,2,abc\n", 5, "y2"), ("x,y1,y2\n1,2,3\n1,inf,3\n", 3, "y1"), ("x,y1,y2\n1,2,3\n5 uM,2,3\n", 1, "x"),
    ])
    func `a text in a named column of numbers leaves out its row and is pointed at`(
        text: String, column: Int, field: String
    ) async throws {
        let reading = try await reading(Self.xy, text)
        #expect(reading.results.map(\.location.line) == [2])
        #expect(reading.codes == ["table.not-a-number"])
        #expect(reading.diagnostics.first?.location == SourceLocation(file: "sample.csv", line: 3, column: column, field: field))
        #expect(reading.end?.leftOut == 1)
    }

    @Test func `responses that are all text are left out, each with its place`() async throws {
        let reading = try await reading(Self.xy, "x,y1,y2\n1,high,1\n2,low,1\n3,low,1\n")
        #expect(reading.results.isEmpty)
        #expect(reading.codes == Array(repeating: "table.not-a-number", count: 3))
    }

    @Test func `a text in a column of numbers that was not named costs no row`() async throws {
        let reading = try await reading(Self.xy, "x,y1,y2,z\n1,2,3,4\n1,2,3,5\n1,2,3,bad\n")
        #expect(reading.results.map { $0.extras["z"] } == ["4", "5", "bad"])
        #expect(reading.codes == ["table.unknown-heading"])
    }

    @Test(arguments: ["", "NA", "NaN", "null", "N/A", "-"])
    func `a missing number is missing, and its row stays`(cell: String) async throws {
        let reading = try await reading(Self.xy, "x,y1,y2\n1,\(cell),3\n\(cell),2,3\n")
        #expect(reading.results.map { $0.measurements.map(\.quantity.value) } == [[1, nil, 3], [nil, 2, 3]])
        #expect(reading.codes.isEmpty)
    }

    @Test func `a row that is short or long is left out alone`() async throws {
        let reading = try await reading(Self.xy, "x,y1,y2\n1,2,3\n1,2\n1,2,3,4,5\n4,5,6\n")
        #expect(reading.results.map(\.location.line) == [2, 5])
        #expect(reading.end?.leftOut == 2)
    }

    @Test func `the same headings may stand again, others stop the file`() async throws {
        let again = try await reading(Self.xy, "x,y1,y2\n1,2,3\n\ny2,x,y1\n6,4,5\nx,y1,y2\n7,8,9\n")
        #expect(again.results.map { $0.measurements.first { $0.name == "dose" }?.quantity.value } == [1, 4, 7])
        let other = try await NamedPlateAdapter(Self.xy).reading("x,y1,y2\n1,2,3\nDose,Response,Drug\n1,2,A\n")
        #expect(other.codes == ["table.doubtful-heading"])
        #expect(other.diagnostics.first?.location.line == 3)
        #expect(other.end == nil)
    }

    // MARK: What is not there

    @Test(
        arguments: [
            (
                PlateColumns(dose: "Dose x"), "Dose,Resp A,Resp B\n1,2,3\n",
                "no line among the first 60 has the column \"Dose x\" (line 1 has: Dose, Resp A, Resp B; did you mean \"Dose\"?)"
            ),
            (
                PlateColumns(dose: "conc", responses: ["Resp C"]), "Assay,7\nConc [nM],Resp A,Resp B\n1,2,3\n",
                "line 2 has no column \"Resp C\" (it has: Conc [nM], Resp A, Resp B; did you mean \"Resp A\"?)"
            ),
            (
                PlateColumns(dose: "foo", responses: ["bar"]), "Dose,Resp A\n1,2\n",
                "no line among the first 60 has the columns \"foo\", \"bar\" (line 1 has: Dose, Resp A)"
            ),
            (
                PlateColumns(dose: "Dose", responses: ["Resp"]), "Dose,Resp,resp,Resp\n1,2,3,4\n",
                "\"Resp\" is the name of 2 columns of line 1: \"Resp\" (column 2), \"Resp\" (column 4)"
            ),
            (
                PlateColumns(dose: "Dose"), "Dose [nM],Dose [uM],Resp\n1,2,3\n",
                "\"Dose\" is the name of 2 columns of line 1: \"Dose [nM]\" (column 1), \"Dose [uM]\" (column 2)"
            ),
            (
                PlateColumns(dose: "x", responses: ["X"]), "x,y\n1,2\n",
                "the column \"x\" of line 1 is named as two things; it can be one"
            ),
            (
                PlateColumns(responses: ["y"]), "x,y\n1,2\n",
                "no column of line 1 is known to hold a dose; name it (it has: x, y)"
            ),
            (
                PlateColumns(dose: "x"), "x,y\n1,high\n2,low\n3,low\n",
                "no column of line 1 is known to hold a response; name it (it has: x, y)"
            ),
            (
                PlateColumns(dose: "x"), "some text\nand more\n",
                "no line among the first 60 has cells set apart by commas, semicolons or tabs"
            ),
            (PlateColumns(dose: "x"), "", "no line among the first 60 has cells set apart by commas, semicolons or tabs"),
            (PlateColumns(), "x,y\n1,2\n", "no column is named"),
        ] as [(PlateColumns, String, String)])
    func `columns that cannot be found are told, and the table is not read`(
        columns: PlateColumns, text: String, message: String
    ) async throws {
        let adapter = NamedPlateAdapter(columns)
        #expect(adapter.recognize(opening(text)) == .no)
        #expect(adapter.headings(in: opening(text)) == nil)
        #expect(adapter.missing(in: opening(text)) == message)
        let reading = try await adapter.reading(text)
        #expect(reading.results.isEmpty && reading.end == nil)
        #expect(reading.codes == ["table.no-header"] || text.isEmpty)
    }

    @Test func `the names tell how cells are set apart`() async throws {
        let reading = try await reading(Self.xy, "x;y1;y2\n1,0;2,0;3,0\n")
        #expect(summary(reading.results.first) == ["dose 1,0", "own y1 2,0", "own y2 3,0"])
    }

    @Test func `headings are told as they are written`() {
        let adapter = NamedPlateAdapter(PlateColumns(dose: "dose", responses: ["RESP b", "resp A"], curves: ["set"]))
        #expect(
            adapter.headings(in: opening("Set,Dose [nM], Resp A ,Resp B (%)\ns,1,2,3\n"))
                == PlateColumns(dose: "Dose [nM]", responses: ["Resp B (%)", "Resp A"], curves: ["Set"]))
    }

    @Test func `nothing finds it by itself`() {
        #expect(!AdapterRoster.all.contains { $0 is NamedPlateAdapter })
        #expect(AdapterRoster.documentation["NamedPlateAdapter"] == nil)
    }
}
