import IngestCore
import Testing

/// The parts of records: positions, roles, extras, possible values, coverage and completeness.
struct RecordPartsTests {
    @Test(arguments: [
        ("A1", 1, 1), ("A01", 1, 1), ("H12", 8, 12), ("P24", 16, 24), ("AF48", 32, 48), ("a5", 1, 5), (" B02 ", 2, 2),
        ("Z9", 26, 9), ("AA1", 27, 1),
    ])
    func `a well has its row and column`(text: String, row: Int, column: Int) throws {
        let position = try #require(Position(well: text))
        #expect(position.row == row && position.column == column)
        #expect(position.written == text.trimmed)
    }

    @Test(arguments: [
        "", "A", "5", "A0", "A00", "A49", "AG1", "A100", "AAA1", "1A", "A-1", "A 1", "A1.5", "É1", "A１", "P1-A1",
    ])
    func `a text that is no well has none`(text: String) { #expect(Position(well: text) == nil) }

    @Test(arguments: [
        ("Sample", Sample.Role.unknown), ("0:Unknown", .unknown), ("Unk", .unknown), ("Analyte", .unknown),
        ("Calibration", .standard), ("Cal", .standard),
        ("standard", .standard), ("1:Standard", .standard), ("QC", .qc), ("Control", .control), ("2:Control", .control),
        ("ResponseCheck", .control), ("Positive control", .control), ("neg_ctrl", .control), ("Vehicle", .control),
        ("DMSO", .control), ("Compound", .unknown), ("Background", .blank),
        ("Blank", .blank), ("B", .blank), ("Solvent", .blank), ("DoubleBlank", .blank), ("SBLK", .blank),
        ("Ladder", .ladder), ("Lower Marker", .ladder),
        ("Upper Marker", .ladder), ("", .other), ("Wash", .other), ("12:Wash", .other),
    ])
    func `a role is the file's word`(word: String, role: Sample.Role) { #expect(Sample.Role(written: word) == role) }

    @Test func `extras keep every field in order, under names of their own`() {
        var extras: Extras = ["Type": "BB", "Type": "VV"]
        extras.add("Type", "x")
        extras.add("Type (2)", "y")
        extras.add(["Type": "z"])
        #expect(extras.fields.map(\.heading) == ["Type", "Type (2)", "Type (3)", "Type (2) (2)", "Type (4)"])
        #expect(extras.fields.map(\.text) == ["BB", "VV", "x", "y", "z"])
        #expect(extras["Type"] == "BB" && extras["type"] == nil)
    }

    @Test(
        arguments: [
            (MeasurementName.retentionTime, -5.0, nil), (.retentionTime, 2e5, .minute), (.width, -0.1, .minute),
            (.areaPercent, 101, .percent),
            (.areaPercent, 101, nil), (.temperature, -300, .celsius), (.temperature, -1, Unit("K")), (.pH, 21, .pH),
            (.plates, -1, nil), (.symmetry, -0.5, nil),
        ] as [(MeasurementName, Double, Unit?)])
    func `a value that cannot be is told`(name: MeasurementName, value: Double, unit: Unit?) {
        let problem = PossibleRange.problem(
            Measurement(name, Quantity(written: " \(value) ", value: value, unit: unit)))
        #expect(problem?.contains("\"\(value)\"") == true)
    }

    @Test(
        arguments: [
            (MeasurementName.area, -1e300, nil), (.height, -5, nil), (.amount, -0.1, nil), (.retentionTime, 0, .minute),
            (.areaPercent, 100, .percent),
            (.temperature, 310, Unit("K")), (.temperature, 400, Unit("{x}")), (.pH, -1, .pH),
            (.retentionTime, 99_999, nil),
        ] as [(MeasurementName, Double, Unit?)])
    func `a value that is merely rare is not`(name: MeasurementName, value: Double, unit: Unit?) {
        #expect(PossibleRange.problem(Measurement(name, Quantity(written: "", value: value, unit: unit))) == nil)
        #expect(PossibleRange.problem(Measurement(own: name.rawValue, Quantity(written: "", value: -1e9))) == nil)
        #expect(PossibleRange.problem(name, Quantity(written: "", absent: .empty)) == nil)
    }

    @Test func `many extras keep their names as few do, and are added in a moment`() {
        var few = Extras(), many = Extras()
        for index in 0..<200_000 { many.append(distinct: "line \(index)", "x") }
        let names = ["A", "A", "B", "A (2)", "A", "line 7", "line 7 (2)", "A", "B (2)", "B"]
        for index in 0..<8 { few.append(distinct: "line \(index)", "x") }
        for name in names {
            few.add(name, "y")
            many.add(name, "y")
        }
        #expect(many.fields.suffix(10).map(\.heading) == few.fields.suffix(10).map(\.heading))
        for _ in 0..<50_000 { many.add("A", "z") }
        #expect(Set(many.fields.map(\.heading)).count == 250_010)
        #expect(many.fields.last?.heading == "A (50004)")
    }

    @Test func `of many reasons the first three are told, and how many more there are`() {
        let account = ReadingAccount()
        for line in 1...1000 { account.contradict("line \(line) is short") }
        #expect(
            account.completeness
                == Completeness(
                    .no, why: "line 1 is short; line 2 is short; line 3 is short; and 997 more"))
    }

    @Test func `coverage adds up only when every cell has one fate`() {
        var coverage = Coverage(values: 15, measured: 1, described: 2, extras: 3, ignored: 4, leftOut: 5)
        #expect(coverage.addsUp)
        coverage += coverage
        #expect(
            coverage == Coverage(values: 30, measured: 2, described: 4, extras: 6, ignored: 8, leftOut: 10)
                && coverage.addsUp)
        coverage.values += 1
        #expect(!coverage.addsUp)
    }

    @Test func `a contradiction outweighs every proof`() {
        let account = ReadingAccount()
        #expect(account.completeness.verdict == .unknown)
        account.prove("12 of 12 rows")
        #expect(account.completeness == Completeness(.yes, why: "12 of 12 rows"))
        for line in 1...5 { account.contradict("line \(line)") }
        account.prove("an end mark")
        #expect(account.completeness == Completeness(.no, why: "line 1; line 2; line 3; and 2 more"))
    }

    @Test func `diagnostics are kept in order, and counted when they are too many`() {
        let account = ReadingAccount()
        let place = IngestCore.SourceLocation(file: "x")
        for number in 0..<ReadingAccount.mostDiagnostics + 3 {
            account.report(Diagnostic("c.\(number)", "", at: place))
        }
        #expect(account.droppedDiagnostics == 3)
        #expect(account.takeDiagnostics().last?.code == "c.\(ReadingAccount.mostDiagnostics - 1)")
        #expect(account.takeDiagnostics().isEmpty)
    }

    @Test func `a place reads as people write it`() {
        #expect(IngestCore.SourceLocation(file: "run7.csv", line: 14, column: 13).description == "run7.csv:14:13")
        #expect(
            IngestCore.SourceLocation(file: "GC.D", member: "REPORT01.CSV", line: 3, column: 1).description
                == "GC.D/REPORT01.CSV:3:1")
        #expect(IngestCore.SourceLocation(file: "x").description == "x")
    }

    @Test(arguments: [
        ("  a b  ", "a b"), ("\t\u{A0}x\u{A0}", "x"), ("", ""), (" \t ", ""), ("\na\n", "\na\n"),
        ("\u{A0}\u{301}", "\u{301}"),
    ])
    func `blanks, tabs and no-break spaces are trimmed, nothing else`(text: String, trimmed: String) {
        #expect(Array(text.trimmed.utf8) == Array(trimmed.utf8))
    }
}

/// Looking for some ASCII in a text finds what `contains` finds.
struct TextSearchTests {
    @Test func `some ASCII is found wherever it stands`() {
        #expect("Ret.Time".hasASCII("Ret") && "x Ret".hasASCII("Ret") && "ReRet".hasASCII("Ret") && "Ret".hasASCII("Ret"))
        #expect(!"Re".hasASCII("Ret") && !"".hasASCII("Ret") && !"R\u{301}et".hasASCII("Ret") && !"ReReReR".hasASCII("Ret"))
        #expect("a\tb".hasASCII("\t") && "µ\t".hasASCII("\t") && !"µ".hasASCII("\t"))
        #expect("".hasASCII("") && "a".hasASCII(""))
    }
}
