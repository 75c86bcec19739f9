import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

/// Tables of doses and responses: what their columns are taken for, and what not.
struct PlateAdapterTests {
    private func reading(_ text: String) async throws -> AdapterReading {
        let reading = try await IngestRun(adapters: AdapterRoster.all, wish: .family("plate"))
            .reading(OpenedSource(name: "sample.csv", bytes: Array(text.utf8)))
        if let end = reading.end { #expect(end.coverage.addsUp) }
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
        return reading
    }

    private func format(_ text: String) throws -> String {
        let opening = SourceOpening(name: "sample.csv", bytes: Array(text.utf8))
        let detection = try Detection(opening, among: AdapterRoster.all)
        return detection.chosen.adapter.identity.name
    }

    private func summary(_ result: ResultRecord?) -> [String] {
        (result?.measurements ?? []).map { measurement in
            let quantity = measurement.quantity
            let unit = quantity.unit.map { " " + $0.code } ?? quantity.unitWritten.map { " (\($0))" } ?? ""
            return "\(measurement.isOwn ? "own " : "")\(measurement.name) \(quantity.written)\(unit)"
        }
    }

    // MARK: Headings

    @Test(arguments: [
        ("Dose", nil), ("DOSE", nil), ("Conc", nil), ("Conc.", nil), ("Concentration", nil), ("Concentration (uM)", "umol/L"),
        ("Concentration (\u{B5}M)", "umol/L"), ("Concentration (\u{3BC}M)", "umol/L"), ("Dose [nM]", "nmol/L"),
        ("Dose, mM", "mmol/L"),
        ("dose_pM", "pmol/L"), ("Conc M", "mol/L"), ("conc_ng/mL", "ng/mL"), ("Conc (ug/mL)", "ug/mL"), ("Dose / mg/L", "mg/L"),
        ("Conc. (%)", "%"), ("Concentration in uM", "umol/L"), ("conc.uM", "umol/L"), ("Compound Concentration (nM)", "nmol/L"),
        ("Final conc. [uM]", "umol/L"), ("[Agonist], nM", "nmol/L"), ("Dose (mg/kg)", "mg/kg"),
        ("Konzentration (µg/mL)", "ug/mL"),
    ])
    func `a dose has the unit its heading states`(heading: String, unit: String?) async throws {
        let reading = try await reading("Cmpd\t\(heading)\tResponse\nA\t0.5\t12\n")
        #expect(reading.results.first?.measurements.map(\.name) == ["dose", "effect"])
        #expect(reading.results.first?.measurements.first?.quantity.unit?.code == unit)
        #expect(reading.results.first?.kind == .well)
        #expect(reading.codes.isEmpty)
    }

    @Test(arguments: ["Gy", "IU/mL", "nm"])
    func `a unit of a dose that is not understood is kept as written`(unit: String) async throws {
        let quantity = try await reading("Cmpd,Dose (\(unit)),Response\nA,0.5,12\n").results.first?.measurements.first?.quantity
        #expect(quantity?.unit == nil)
        #expect(quantity?.unitWritten == unit)
    }

    @Test(
        arguments: [
            "log[M]", "log10 conc", "Log(dose)", "\"log[Agonist], M\"", "LogConc", "Conc (log M)", "log_dose", "Log10 conc (M)",
            "ln(Dose)", "-log10(conc)",
        ])
    func `a logarithm is no dose and has no unit`(heading: String) async throws {
        let name = heading.replacing("\"", with: "")
        let alone = try await reading("Cmpd,\(heading),Response\nA,-7.5,12\n")
        #expect(summary(alone.results.first) == ["own \(name) -7.5", "effect 12"])
        let beside = try await reading("Cmpd,\(heading),Dose (nM),Response\nA,-7.5,31.6,12\n")
        #expect(summary(beside.results.first) == ["own \(name) -7.5", "dose 31.6 nmol/L", "effect 12"])
    }

    @Test(
        arguments: [
            ("Response", "effect 7", nil), ("% Inhibition", "effect 7 %", "% Inhibition"),
            ("Viability (%)", "effect 7 %", "Viability"),
            ("Viability [% of control]", "effect 7 %", "Viability"), ("Percent survival", "effect 7 %", "Percent survival"),
            ("Viability 72h", "effect 7", "Viability 72h"), ("Effect", "effect 7", nil), ("Signal", "effect 7", nil),
            ("RLU", "luminescence 7 {RLU}", nil), ("Luminescence (RLU)", "luminescence 7 {RLU}", nil),
            ("RFU", "fluorescence 7 {RFU}", nil), ("OD", "absorbance 7 {OD}", nil), ("OD600", "absorbance 7", "OD600"),
            ("Absorbance", "absorbance 7", nil), ("A450", "absorbance 7", "A450"),
            ("Absorbance 450 nm", "absorbance 7", "Absorbance 450 nm"),
            ("Cell count", "count 7", "Cell count"), ("Cell mortality 24h", "effect 7", "Cell mortality 24h"),
            ("Mean", "mean 7", nil), ("Response (RU)", "effect 7", "Response (RU)"),
        ] as [(String, String, String?)])
    func `a response is what its heading says, and the heading is kept where it says more`(
        heading: String, expected: String, signal: String?
    ) async throws {
        let text = "Curve,Dose,\(heading)\nA,0.5,7\n"
        #expect(try format(text) == "plate.long")
        let reading = try await reading(text)
        #expect(summary(reading.results.first) == ["dose 0.5", expected])
        #expect(reading.results.first?.signal?.name == signal)
    }

    @Test(
        arguments: [
            "Concentration,Mortality 24h,Mortality 48h", "Dose,Response 1,Response 2", "Dose,24h,48h", "Conc (uM),Rep 1,Rep 2",
            "Dose,DMSO,Substance X", "Tumour concentration,Tumour death A,Tumour death B", "Conc,R1,R2",
        ])
    func `a column for each response keeps its own heading`(headings: String) async throws {
        let text = "Cell line,\(headings)\nHT-7,0.5,12,13\nHT-7,5,22,\n"
        #expect(try format(text) == "plate.wide")
        let names = headings.split(separator: ",").dropFirst().map(String.init)
        let reading = try await reading(text)
        #expect(reading.results.first?.measurements.map(\.name) == ["dose"] + names)
        #expect(reading.results.first?.measurements.map(\.isOwn) == [false, true, true])
        #expect(reading.results.map { $0.sample?.name } == ["HT-7", "HT-7"])
        #expect(reading.results.last?.measurements.last?.quantity.absent == .empty)
    }

    // MARK: What else a row says

    @Test func `a curve is the sample, and beside it a compound the analyte`() async throws {
        let curve = try await reading("Compound,Curve,Cell line,Compound ID,Dose,Response\nP,c1,HT-7,X-1,1,2\n").results.first
        #expect(curve?.sample == Sample(name: "c1", id: "X-1"))
        #expect(curve?.analyte == Analyte(name: "P"))
        #expect(curve?.extras == ["Cell line": "HT-7"])
        let compound = try await reading("Sample,Drug,Dose,Response\ns1,P,1,2\n").results.first
        #expect(compound?.sample == Sample(name: "P"))
        #expect(compound?.analyte == nil)
        #expect(compound?.extras == ["Sample": "s1"])
    }

    @Test(
        arguments: [
            ("Group,dose,y", "A"), ("Toxin,Dose,Response", "A"), ("Tumour line,Dose,Response", "A"), ("Note,Dose,Response", nil),
            ("Sample ID,Dose,Response", "A"), ("Hours,Dose,Response", nil),
        ] as [(String, String?)])
    func `a text in front of the dose is the sample where nothing else is`(headings: String, name: String?) async throws {
        let reading = try await reading("\(headings)\nA,1,2\nA,2,3\n")
        #expect(reading.results.map { $0.sample?.name } == [name, name])
        #expect(summary(reading.results.first) == ["dose 1", "effect 2"])
    }

    @Test func `wells, plates and roles have their places, hours and replicates stay beside`() async throws {
        let result = try await reading(
            "Plate,Well,Drug,Role,Dose,Response,Hours,Replicate,Weight\nP1,B03,X,Positive control,1,2,24,3,0.5\n"
        ).results.first
        #expect(result?.position == Position(written: "B03", plate: "P1", row: 2, column: 3))
        #expect(result?.sample == Sample(name: "X", role: .control, roleWritten: "Positive control"))
        #expect(summary(result) == ["dose 1", "effect 2", "own Weight 0.5"])
        #expect(result?.extras == ["Hours": "24", "Replicate": "3"])
    }

    @Test func `a column of units is the dose's, and the heading goes before it`() async throws {
        let plain = try await reading("Drug,Conc,Unit,Response\nX,1,nM,2\nX,1,\u{3BC}M,2\nX,1,,2\n")
        #expect(plain.results.map { summary($0)[0] } == ["dose 1 nmol/L", "dose 1 umol/L", "dose 1"])
        let both = try await reading("Drug,Dose,Dose unit,Response,Response unit\nX,1,mg/L,2,%\n")
        #expect(summary(both.results.first) == ["dose 1 mg/L", "effect 2 %"])
        let conflict = try await reading("Drug,Dose (nM),Unit,Response\nX,1,uM,2\n")
        #expect(summary(conflict.results.first).first == "dose 1 nmol/L")
        #expect(conflict.codes == ["table.other-unit"])
    }

    @Test func `a line of units may follow the headings`() async throws {
        let reading = try await reading("Drug;Dose;Viability;OD\n;uM;%;\nX;0,5;98,5;1,25\n")
        #expect(summary(reading.results.first) == ["dose 0,5 umol/L", "effect 98,5 %", "absorbance 1,25 {OD}"])
        #expect(reading.codes.isEmpty)
    }

    // MARK: Cells

    @Test(arguments: ["", "NA", "NaN", "null", "NULL", "N/A", "n/a", "-"])
    func `a missing number is missing, and its row stays`(cell: String) async throws {
        let reading = try await reading("curve,dose,response\nA,1,\(cell)\nA,\(cell),5\nA,2,6\n")
        #expect(reading.results.count == 3)
        #expect(reading.results[0].measurements[1].quantity.value == nil)
        #expect(reading.results[0].measurements[1].quantity.absent == (cell.isEmpty ? .empty : .notReported))
        #expect(reading.results[1].measurements[0].quantity.value == nil)
        #expect(reading.codes.isEmpty)
    }

    @Test(arguments: ["inf", "-Inf", "abc", "1O", "5 uM"])
    func `a text in a column of numbers leaves out its row and is pointed at`(cell: String) async throws {
        let reading = try await reading("curve,dose,response\nA,1,2\nA,1,\(cell)\nA,2,6\n")
        #expect(reading.results.map(\.location.line) == [2, 4])
        #expect(reading.codes == ["table.not-a-number"])
        #expect(
            reading.diagnostics.first?.location == SourceLocation(file: "sample.csv", line: 3, column: 5, field: "response"))
        #expect(reading.end?.leftOut == 1)
    }

    @Test func `a table of nothing but garbled rows is still told for what it is`() async throws {
        let reading = try await reading("curve,dose,response\nA,x,y\n")
        #expect(reading.source?.adapter.name == "plate.long")
        #expect(reading.codes == ["table.not-a-number"])
        #expect(reading.end?.leftOut == 1)
    }

    @Test func `zero, negative and bounded doses and equal rows are read as they stand`() async throws {
        let reading = try await reading("curve,dose,response\nA,0,<5\nA,-3,>90\nA,1e-12,5\nA,1e-12,5\n")
        #expect(reading.results.map { $0.measurements[0].quantity.value } == [0, -3, 1e-12, 1e-12])
        #expect(reading.results.map { $0.measurements[1].quantity.bound } == [.below, .above, .exact, .exact])
        #expect(reading.results.flatMap(\.flags).isEmpty)
        #expect(reading.codes.isEmpty)
    }

    @Test func `below other headings another table begins`() async throws {
        let reading = try await reading(
            "curve,dose,response\nA,1,50\ncurve,response,dose\nB,40,2\n\ncurve,dose,response\nC,3,4\n")
        #expect(reading.results.map { $0.measurements.first { $0.name == "dose" }?.quantity.value } == [1, 2, 3])
        #expect(reading.codes.isEmpty)
    }

    // MARK: Whose tables

    @Test(
        arguments: [
            // Quantities found by chromatography, a plate of results, concentrations alone, a response in words.
            "Sample Name,RT [min],Area,Conc,Response\nA,1.5,100,5,20\n",
            "Compound,Concentration,Peak Area,Response\nA,1.5,100,5\n",
            "Sample,Well,Signal,Mean,CV,Calc. Concentration,Calc. Conc. Mean\nA,B1,1,1,1,5,6\n",
            "Sample Name,Concentration,Volume\nA,1.5,100\n", "Sample,Conc,Vial,Response\nA,1.5,1,5\n",
            "Sample Name,Well,Conc,Response\nA,B1,5,high\nB,B2,6,low\nC,B3,7,low\n",
            "Sample,Well,Conc (ng/uL),A260,A280\nA,B1,50,1,0.5\n",
        ])
    func `a table without a dose and a response, or with peaks, is none of wells`(text: String) throws {
        #expect(try format(text) == "lc.table")
    }

    @Test(arguments: ["Dose\n1\n", "Subject,Time,Concentration\nA,1,2\n", "dose and response,of a compound\n1,2\n", "a,b\n1,2\n"])
    func `a table that shows no doses and responses is not recognised`(text: String) {
        #expect(throws: Diagnostic.self) { try format(text) }
    }
}
