import IngestCore
import IngestTesting
import TabularText
import Testing

/// The decimal mark is settled by the file, never by a cell.
struct DecimalMarkTests {
    private func mark(_ text: String, _ dialect: Dialect, chunk: Int = 1 << 14, given: DecimalMark? = nil) throws
        -> DecimalMark?
    {
        try TextSurvey(source(text, chunk: chunk, given: GivenAssumptions(decimalMark: given)), dialect).decimalMark
    }

    @Test(
        arguments: [
            ("a,b\n1.5,2.25\n", Dialect.comma, DecimalMark.point), ("a,b\n1,5\n2,25\n", .comma, nil),
            ("a,b\n1,2\n", .comma, nil), ("", .comma, nil),
            ("a;b\n1,5;2,25\n", .semicolon, .comma), ("a;b\n1.5;2.25\n", .semicolon, .point),
            ("a\tb\n1,5\t2\n", .tab, .comma), ("a\tb\n1.5\t2\n", .tab, .point),
            ("a,b\n\"1,5\",2\n", .comma, .comma), ("a,b\n\"1,5\",\"2,5\"\n3.5,1\n", .comma, .comma),
            ("a\tb\n1\t2\n", .tab, nil),
            ("a\tb\n-1,5\t2\n", .tab, .comma), ("a\tb\n1,5e3\t2\n", .tab, .comma), ("a\tb\n  1,5  \t2\n", .tab, .comma),
            ("a\tb\n<0,05\t2\n", .tab, .comma),
        ] as [(String, Dialect, DecimalMark?)])
    func `the numbers of a file settle its mark`(text: String, dialect: Dialect, expected: DecimalMark?) throws {
        for chunk in [1, 3, 1 << 14] { #expect(try mark(text, dialect, chunk: chunk) == expected) }
    }

    @Test(arguments: [Dialect.tab, .semicolon])
    func `the greater number of cells settles a mixture, and as many leave it open`(dialect: Dialect) throws {
        let separator = String(UnicodeScalar(dialect.separator))
        func text(_ cells: [String]) -> String { cells.map { "x\(separator)\($0)\n" }.joined() }
        #expect(try mark(text(["1,5", "2,5", "3.5"]), dialect) == .comma)
        #expect(try mark(text(["1.5", "2.5", "3,5"]), dialect) == .point)
        #expect(try mark(text(["1.5", "3,5"]), dialect) == nil)
        #expect(
            try mark(text(Array(repeating: "1.5", count: 500) + Array(repeating: "1,5", count: 501)), dialect) == .comma
        )
    }

    @Test func `texts and dates with marks in them have no vote`() throws {
        let text =
            "Sample\tArea\n1,2-dichlorobenzene 3,4,5\t10\n02.02.2023\t11.5\n1.2.3\t2\n10.0.0.1\t3\nv5.97b\t4\n4,871,\t5\n"
        #expect(try mark(text, .tab) == .point)
        #expect(try mark("a;b\n1.234,5;2\n3,5;1\n1.234.567,8;2\n", .semicolon) == .comma)
    }

    @Test func `the mark that is given is taken`() throws {
        #expect(try mark("a\tb\n1.5\t2.5\n", .tab, given: .comma) == .comma)
        #expect(try mark("a,b\n1,2\n", .comma, given: .point) == .point)
    }

    @Test func `why is recorded`() throws {
        func why(_ text: String, _ dialect: Dialect, given: DecimalMark? = nil) throws -> Assumptions.Choice? {
            let account = ReadingAccount()
            _ = try TextSurvey(source(text, given: GivenAssumptions(decimalMark: given), account: account), dialect)
            return account.assumptions.decimalMark
        }
        #expect(try why("1.5\n", .comma) == .init(".", why: "numbers have a point, none a comma"))
        #expect(try why("1,5\n", .tab) == .init(",", why: "numbers have a comma, none a point"))
        #expect(
            try why("1,5\t2,5\t1.5\n", .tab)
                == .init(",", why: "1 numbers have a point, 2 a comma; the fewer are errors"))
        #expect(try why("1,5\t1.5\n", .tab) == .init(nil, why: "1 numbers have a point and as many a comma"))
        #expect(try why("1\n", .tab) == .init(nil, why: "no number has a decimal mark"))
        #expect(try why("1\n", .tab, given: .comma) == .init(",", why: "given"))
    }

    @Test func `the cells with the other mark are errors, those with an open one too`() throws {
        func codes(_ cells: [String]) throws -> [String] {
            let text = try DelimitedText(source(cells.joined(separator: "\n") + "\n"), dialect: .tab)
            var codes: [String] = []
            while let row = try text.next() {
                do { codes.append(try row.quantity(0).value.map { "\($0)" } ?? "none") } catch let fault as Diagnostic {
                    codes.append(fault.code)
                }
            }
            return codes
        }
        #expect(try codes(["1,5", "2,5", "3.5", "4"]) == ["1.5", "2.5", "table.other-decimal-mark", "4.0"])
        #expect(try codes(["1,5", "3.5", "4"]) == ["table.open-decimal-mark", "table.open-decimal-mark", "4.0"])
        #expect(try codes(["1.234,5", "1,5"]) == ["table.other-decimal-mark", "1.5"])
    }

    @Test func `votes across chunks and blocks are all counted`() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<SeededGenerator.trials(100) {
            var points = 0
            var commas = 0
            var text = ""
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                text += String(repeating: "x", count: Int.random(in: 0...30, using: &random)) + "\t"
                switch Int.random(in: 0...3, using: &random) {
                case 0: (text, points) = (text + "1.5", points + 1)
                case 1: (text, commas) = (text + "1,5", commas + 1)
                default: text += "15"
                }
                text += "\n"
            }
            let expected: DecimalMark? = points > commas ? .point : commas > points ? .comma : nil
            #expect(try mark(text, .tab, chunk: Int.random(in: 1...80, using: &random)) == expected)
        }
    }

    @Test func `an unclosed quote does not hide the votes before it, nor is it reported twice`() throws {
        let account = ReadingAccount()
        let reading = TextReading(source("1,5\t2,5\n1.5\t\"\n3,5\n", account: account), dialect: .tab)
        #expect(reading.fault?.code == "table.unclosed-quote")
        #expect(account.takeDiagnostics().isEmpty)
        #expect(account.assumptions.decimalMark?.value == ",")
    }
}
