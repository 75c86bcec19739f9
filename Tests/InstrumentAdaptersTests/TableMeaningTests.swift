import IngestCore
import IngestTesting
import InstrumentAdapters
import Testing

/// What a table of an unknown format must not be taken for: units, names, headings, results that it does not have.
struct TableMeaningTests {
    private func reading(_ text: String) async throws -> AdapterReading { try await TableAdapter().reading(text) }

    private func units(_ result: ResultRecord?) -> [String: String] {
        var units: [String: String] = [:]
        for measurement in result?.measurements ?? [] { units[measurement.name] = measurement.quantity.unit?.code }
        return units
    }

    // MARK: Units

    @Test func `amount and concentration have a column of units each`() async throws {
        let reading = try await reading("Sample Name,Amount,Amount Unit,Concentration,Concentration Unit\nA,5,ng,1.2,mg/L\n")
        #expect(units(reading.results.first) == ["amount": "ng", "concentration": "mg/L"])
        #expect(reading.results.first?.extras == [:])
    }

    @Test(
        arguments: [
            // Of either, of neither, of one that states its own.
            ("Sample Name,Amount,Concentration,Units\nA,5,1.2,ng\n", [:], "ng", false),
            ("Sample Name,Area,Units\nA,123.5,mAU*s\n", [:], "mAU*s", false),
            ("Sample Name,Amount (mg),Units\nA,5,ng\n", ["amount": "mg"], "ng", true),
            ("Sample Name,Amount (mg),Units\nA,5,mg\n", ["amount": "mg"], nil, false),
            ("Sample Name,Area,Amount,Units\nA,123.5,5,mAU*s\n", [:], "mAU*s", true),
            (
                "Sample Name,Amount,Conc.,Concentration Unit,Units\nA,5,1,mg/L,ng\n", ["amount": "ng", "concentration": "mg/L"],
                nil, false
            ),
            ("Sample Name,Amount,Units\nA,5,n.a.\n", [:], nil, false),
        ] as [(String, [String: String], String?, Bool)])
    func `a column of units that is of no one quantity is kept as it stands`(
        text: String, expected: [String: String], extra: String?, isTold: Bool
    ) async throws {
        let reading = try await reading(text)
        #expect(units(reading.results.first) == expected)
        #expect(reading.results.first?.extras["Units"] == extra)
        #expect(reading.codes == (isTold ? ["table.other-unit"] : []))
    }

    @Test func `units that change from row to row stay with their rows`() async throws {
        let reading = try await reading("Sample Name,Amount,Units\nA,5,ng\nB,6,\nC,7,s\nD,8,ug\n")
        #expect(reading.results.map { units($0)["amount"] } == ["ng", nil, nil, "ug"])
        #expect(reading.results.map { $0.extras["Units"] } == [nil, nil, "s", nil])
    }

    @Test(arguments: ["MS", "UV", "A", "C", "V"])
    func `a detector or channel in brackets is no unit`(detector: String) async throws {
        let reading = try await reading("Sample Name,Name,RT (\(detector)),Area (\(detector))\nA,Caf,4.87,1000\n")
        #expect(reading.results.first?.measurements.map(\.name) == ["RT (\(detector))", "Area (\(detector))"])
        #expect(units(reading.results.first) == [:])
    }

    @Test(arguments: [
        ("RT [min]", "retentionTime", "min"), ("RT (s)", "retentionTime", "s"), ("Retention Time (mL)", "retentionTime", "mL"),
        ("Area (mAU*min)", "area", "{mAU}.min"), ("Area [25 uV*s]", "area", "25.uV.s"), ("Area (counts)", "area", "{counts}"),
        ("Area (nC*min)", "area", "nC.min"), ("Area [mAU]", "area", "{mAU}"), ("Height (uV)", "height", "uV"),
        ("Height [pA]", "height", "pA"), ("Amount (ng/µl)", "amount", "ng/uL"), ("Conc. (%)", "concentration", "%"),
        ("Conc. (mM)", "concentration", "mmol/L"), ("Area (%)", "areaPercent", "%"), ("Temp (C)", "temperature", "Cel"),
        ("Pressure (psi)", "pressure", "[psi]"), ("pH (pH)", "pH", "[pH]"), ("Flow (mL/min)", "flowRate", "mL/min"),
        ("Width (s)", "width", "s"), ("Sample (g)", "Sample (g)", "g"),
    ])
    func `a unit that fits is the column's`(heading: String, name: String, unit: String) async throws {
        let reading = try await reading("Sample Name,Vial,\(heading)\nA,1,4.5\n")
        #expect(units(reading.results.first) == [name: unit])
    }

    @Test(arguments: [
        // A cell too few, one too many, a unit that cannot be, a unit where a name belongs.
        ";min;mAU*s", ";;min;;mAU*s", ";mAU*s;;mAU*s", "A;min;;mAU*s",
    ])
    func `a line of units that does not fit the headings is no line of units`(line: String) async throws {
        let reading = try await reading("Sample Name;RT;T;Area\n\(line)\nA;1.5;20.5;100.5\n")
        #expect(reading.results.last.map(units) == [:])
        #expect(reading.end?.leftOut == 1)
    }

    @Test func `a first row that reads like units is a row`() async throws {
        let reading = try await reading("Sample Name,Vial,Area\nA,,\nB,2,13\n")
        #expect(reading.results.map { $0.sample?.name } == ["A", "B"])
    }

    @Test(arguments: ["\n", ""])
    func `a line of units may stand behind a blank line, and again with the heading`(blank: String) async throws {
        let table = "Sample Name,RT,Area\n\(blank),min,mAU*s\n"
        let reading = try await reading(table + "A,1.2,100\n" + table + "B,1.3,101\n")
        #expect(reading.results.map { $0.sample?.name } == ["A", "B"])
        #expect(reading.results.allSatisfy { units($0) == ["retentionTime": "min", "area": "{mAU}.s"] })
        #expect(reading.codes.isEmpty)
    }

    // MARK: Headings

    @Test func `headings that go over lines, or stand in a text, are not taken for the header`() async throws {
        let wrapped = try await reading("\"Sample\nName\",RT,Area\nA,4.87,1000\nB,4.88,1001\n")
        #expect(wrapped.results.map { $0.sample?.name } == ["A", "B"])
        let quoted = try await reading("Comment,\"columns:\nSample Name,Area,RT\n\"\nSample Name,RT,Area\nA,1.5,2000\n")
        #expect(quoted.results.first?.measurements.map(\.quantity.value) == [1.5, 2000])
        #expect(quoted.results.first?.measurements.map(\.name) == ["retentionTime", "area"])
        #expect(wrapped.codes + quoted.codes == [])
    }

    @Test(arguments: ["\n", ""])
    func `below other headings another table begins`(blank: String) async throws {
        let reading = try await reading(
            "Sample Name,RT,Area\nA,1.2,2000\n\(blank)Sample Name,Area,RT [s],Foo\n,,,\nB,3000,78,5\n\(blank)Sample Name,Height,RT\n"
                + "C,30,1.4\n")
        #expect(
            reading.results.map { $0.measurements.map(\.name) }
                == [["retentionTime", "area"], ["area", "retentionTime", "Foo"], ["height", "retentionTime"]])
        #expect(reading.results.map { $0.measurements.first { $0.name == "retentionTime" }?.quantity.value } == [1.2, 78, 1.4])
        #expect(reading.codes == ["table.unknown-heading"])
    }

    @Test func `a garbled row with the words of headings in it begins no table`() async throws {
        let header = "Sample Name,Type,Signal,Area\n"
        let garbled = try await reading(header + "Std,Sample,Trace,1O\nB,Sample,Trace,11\n")
        #expect(garbled.codes == ["table.not-a-number"])
        #expect(garbled.results.map { $0.sample?.name } == ["B"])
        // Nobody can tell what stands below this one.
        let doubtful = try await reading(header + "A,Sample,Trace,10\nArea,Sample,x,y\nB,Sample,Trace,11\n")
        #expect(doubtful.codes == ["table.doubtful-heading"])
        #expect(doubtful.status == 2)
    }

    // MARK: Columns

    @Test func `the number of an injection is no sample`() async throws {
        let numbered = try await reading("Injection,Sample Name,RT,Area\n1,Caffeine std,4.87,1000\n2,Caffeine std,4.88,1001\n")
        #expect(numbered.results.map { $0.sample?.name } == ["Caffeine std", "Caffeine std"])
        #expect(numbered.results.map { $0.injection?.ordinal } == [1, 2])
        let alone = try await reading("Injection,RT,Area\n1,4.87,1000\n")
        #expect(alone.results.first?.sample == nil && alone.results.first?.injection?.ordinal == 1)
        let named = try await reading("Injection,RT,Area\nSTD-1,4.87,1000\n")
        #expect(named.results.first?.sample?.name == "STD-1")
    }

    @Test func `a name that reads like a missing value is a name`() async throws {
        let reading = try await reading("Sample Name,Compound,RT,Area\nS1,NA,4.87,NA\nS2,n.a.,5.1,900\n")
        #expect(reading.results.map { $0.analyte?.name } == ["NA", nil])
        #expect(reading.results.first?.measurements.last?.quantity.absent == .notReported)
        let given = try await TableAdapter().reading(
            "Sample Name,Compound,RT,Area\nS1,NA,4.87,5\n", given: GivenAssumptions(missing: ["NA"]))
        #expect(given.results.first?.analyte == nil)
    }

    @Test(arguments: ["n.a.", "NaN", "-"])
    func `a time of day beside a date that is missing is kept as it stands`(date: String) async throws {
        let reading = try await reading("Sample Name,Date,Time,RT,Area\nB,\(date),10:06:00,1.25,100.5\n")
        #expect(reading.results.first?.extras["Time"] == "10:06:00")
        #expect(reading.codes.isEmpty)
    }

    @Test(arguments: ["2024-03-01", "01.03.2024", "3/14/2024"])
    func `a date of injection and its time of day are one time`(date: String) async throws {
        let reading = try await reading("Sample,Injection Date,Injection Time,RT,Area\nA,\(date),09:14,1.2,100\n")
        #expect(reading.results.first?.injection?.acquired?.written == date + " 09:14")
        #expect(reading.results.first?.extras == [:])
    }

    @Test func `a type that tells how a peak was integrated is no role of a sample`() async throws {
        let codes = try await reading("Peak#,RT [min],Type,Area\n1,4.87,BB,1000\n2,5.1,VB,1000\n3,5.2,MM N,10\n")
        #expect(codes.results.map { $0.extras["Type"] } == ["BB", "VB", "MM N"])
        #expect(codes.results.allSatisfy { $0.sample == nil })
        #expect(codes.results.map(\.ordinal) == [1, 2, 3])
        let roles = try await reading("Sample,RT [min],Type,Area\nA,4.87,Std,1000\nB,5.1,Blank,1000\nC,5.1,BB,1000\n")
        #expect(roles.results.map { $0.sample?.role } == [.standard, .blank, .other])
    }

    @Test func `the place of a vial is no well of a plate`() async throws {
        let reading = try await reading("Sample Name,Position,RT,Area\nA,V1,1.2,100\nB,P1,1.2,100\n")
        #expect(reading.results.map { $0.position } == [Position(written: "V1"), Position(written: "P1")])
    }

    // MARK: Counting

    @Test func `results are counted within their injection also where the rows are sorted by compound`() async throws {
        let mixed = try await reading(
            "Sample Name,Inj,Compound,RT,Area\nS1,1,Caf,4.87,1\nS1,2,Caf,4.88,2\nS2,1,Caf,4.9,3\nS1,1,Theo,5.1,4\nS1,2,Theo,5.1,5\nS2,1,Theo,5.1,6\n"
        )
        #expect(mixed.results.map(\.ordinal) == [1, 1, 1, 2, 2, 2])
        let garbled = try await reading("Sample Name,Inj,RT,Area\nA,1,1.2,100\nA,x,1.3,100\nA,1,1.4,100\n")
        #expect(garbled.results.map(\.ordinal) == [1, 2])
    }

    @Test func `a number that is not the ordinal is kept, and a table that begins with another than 1 is told`() async throws {
        let late = try await reading("Peak#,RT,Area\n3,4.87,1000\n4,5.1,900\n")
        #expect(late.results.map { $0.extras["Peak#"] } == ["3", "4"])
        #expect(late.results.map { $0.flags.map(\.code) } == [["numbering"], []])
        #expect(late.codes == ["table.numbering"])
        let through = try await reading("#,Sample,RT,Area\n1,A,4.87,1000\n2,A,5,7\n3,B,5.1,900\n")
        #expect(through.results.map { $0.extras["#"] } == [nil, nil, "3"])
        let fromZero = try await reading("#,Sample,RT,Area\n0,A,4.87,1000\n1,A,5,7\n2,A,5.1,900\n")
        #expect(fromZero.results.map(\.ordinal) == [1, 2, 3])
        #expect(through.codes + fromZero.codes == [])
    }

    @Test(arguments: ["9223372036854775807", "-9223372036854775808", "1000000000000000"])
    func `a number that nobody counts to leaves out its row`(number: String) async throws {
        let reading = try await reading("#,Sample Name,RT,Area\n\(number),A,1.2,2000\n1,A,1.3,2000\n")
        #expect(reading.codes == ["table.not-a-whole-number"])
        #expect(reading.results.count == 1)
    }

    @Test func `a row of means is no result, but a sample of that name is`() async throws {
        let reading = try await reading(
            "Sample Name,Vial,RT,Area\nA,1,1.0,100\nB,2,1.0,200\nTotal,3,1.0,300\nMean,,1.0,150\n%RSD,,0,1\n\nMean value,,1.0,150\n"
        )
        #expect(reading.results.map { $0.sample?.name } == ["A", "B", "Total", "Mean value"])
        #expect(reading.codes == ["table.summary-row", "table.summary-row"])
        #expect(reading.end?.coverage.ignored == 6)
        #expect(reading.end?.leftOut == 0)
    }

    // MARK: Cells

    @Test(arguments: [
        (
            "A,1.25,100.5,10.5,\nB,1,26,100.5,10.5,\nC,1.27,101.5,10.5,\n", ["A", "C"], ["table.long-row"],
            Completeness.Verdict.unknown
        ),
        // The first of all: the row below shows that it is the odd one.
        (
            "B,1,26,100.5,10.5,\nA,1.25,100.5,10.5,\nC,1.27,101.5,10.5,\n", ["B", "A", "C"],
            ["table.trailing-cells", "table.uneven-rows"], .no
        ),
        // Every row ends with a separator, and one has lost one.
        (
            "A,1.25,100.5,10.5,,\nB,1.26,100.5,10.5,,\nC,1.27101.5,10.5,,\n", ["A", "B"],
            ["table.trailing-cells", "table.short-row"], .no
        ),
    ])
    func `a row with a cell too many or too few is not shifted into other columns`(
        rows: String, samples: [String], codes: [String], complete: Completeness.Verdict
    ) async throws {
        let reading = try await reading("Sample Name,RT [min],Area,Height,Note\n" + rows)
        #expect(reading.results.map { $0.sample?.name } == samples)
        #expect(reading.codes == codes)
        #expect(reading.end?.completeness.verdict == complete)
    }

    @Test func `a separator at the end of every row is no cell, and told once`() async throws {
        let reading = try await reading("Sample Name,RT,Area\nA,1.2,100,\nB,1.3,101,\n\nC,,102,\n")
        #expect(reading.results.map { $0.measurements.last?.quantity.value } == [100, 101, 102])
        #expect(reading.codes == ["table.trailing-cells"])
    }

    @Test func `a heading that has lost a separator does not shift the rows below it`() async throws {
        let reading = try await reading(
            "Sample Name,RT,Area,Note\nA,1.2,100,\nSample Name,RTArea,Height,Area\nB,1.3,101,\n"
                + "Sample Name,RT,Height\nC,1.3,101,\n")
        #expect(reading.results.map { $0.sample?.name } == ["A", "B"])
        #expect(reading.codes == ["table.unknown-heading", "table.long-row"])
    }

    @Test(arguments: [("1O", ["table.mixed-column"]), ("1O a", ["table.mixed-column"]), ("see 10", [])])
    func `a column of numbers and garbled ones is told when it is kept as text`(cell: String, codes: [String]) async throws {
        let reading = try await reading("Sample Name,RT,Foo\nA,1.2,10\nB,1.3,\(cell)\n")
        #expect(reading.results.map { $0.extras["Foo"] } == ["10", cell])
        #expect(reading.codes == ["table.unknown-heading"] + codes)
    }

    @Test func `one garbled or empty cell does not make a column of numbers one of texts`() async throws {
        for cell in ["O.5", ""] {
            let reading = try await LabSolutionsAdapter().reading(
                "[Header]\nApplication Name\tLabSolutions\n\n[Peak Table(Detector A)]\n# of Peaks\t4\nPeak#\tR.Time\tArea\tFoo\n"
                    + "1\t1.0\t5\t\(cell)\n2\t2.0\t6\t0.6\n3\t3.0\t7\t0.7\n4\t4.0\t8\t0.8\n\n")
            #expect(reading.results.last?.measurements.last?.name == "Foo")
            #expect(reading.codes.contains("table.not-a-number") == !cell.isEmpty)
        }
    }

    @Test func `results of very many injections are counted for each, also where the rows are sorted by compound`() async throws {
        var table = "Sample Name,Compound,RT,Area\n"
        for compound in ["A", "B", "C"] {
            for sample in 0..<3000 { table += "S\(sample),\(compound),1.5,\(sample)\n" }
        }
        let results = try await reading(table).results
        #expect(results.count == 9000)
        #expect(results.map(\.ordinal) == (1...3).flatMap { Array(repeating: $0, count: 3000) })
    }
}
