import IngestCore
import IngestTesting
import Synchronization
import TabularText
import Testing

/// What is taken from a row is counted by what became of it, and every cell is accounted for.
struct RowTests {
    private let account = ReadingAccount()

    /// Calls `body` with the first row of a text, below a header if one is given.
    private func row(
        _ text: String, header: [String]? = nil, dialect: Dialect = .comma, missing: [String] = [],
        given: GivenAssumptions = GivenAssumptions(),
        _ body: (Row) throws -> Void
    ) throws {
        let text = try DelimitedText(source(text, given: given, account: account), dialect: dialect, missing: missing)
        var isFirst = true
        while let row = try text.next() {
            if isFirst {
                row.header = header.map { Header($0) }
                try body(row)
            } else {
                row.ignore(.ruler)
            }
            isFirst = false
        }
        #expect(account.coverage.addsUp)
    }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch let fault as Diagnostic {
            return fault.code
        } catch {
            return "\(type(of: error))"
        }
    }

    // MARK: Fates

    @Test func `every way of taking a cell has its fate`() throws {
        try row("S-1,4.87,2023-02-13,7,x,y,z,,1.5,BB\n") { (row) throws in
            #expect(row.string(0) == "S-1")
            #expect(try row.quantity(1).value == 4.87)
            #expect(try row.timestamp(2)?.local?.description == "2023-02-13")
            #expect(try row.integer(3) == 7)
            row.describe(4)
            #expect(row.extra(5) == "y" && row.extra(7) == nil)
            #expect(try row.number(8) == 1.5)
            #expect(row.unread.fields.map(\.heading) == ["column 7", "column 10"])
        }
        #expect(account.coverage == Coverage(values: 9, measured: 2, described: 4, extras: 3))
        #expect(account.takeDiagnostics().isEmpty)
    }

    @Test func `a cell that nobody took is a fault of the adapter, at its place`() throws {
        try row("é,\"b,b\",,c\n", header: ["A", "B", "C", "D"]) { row in _ = row.string(0) }
        let faults = account.takeDiagnostics()
        #expect(faults.map(\.code) == ["adapter.unread-cell", "adapter.unread-cell"])
        #expect(faults.map(\.location.column) == [3, 10] && faults.map(\.location.field) == ["B", "D"])
        #expect(account.coverage == Coverage(values: 3, described: 1, leftOut: 2))
    }

    @Test func `looking at a cell takes nothing`() throws {
        try row("a,b\n") { row in
            #expect(
                row[0] == "a" && row.text(at: 1) == "b" && row.cells == ["a", "b"] && !row.isEmpty(0) && !row.isBlank)
            #expect(row[7] == "" && row.isEmpty(7) && row.count == 2 && row.line == 1)
        }
        #expect(account.takeDiagnostics().count == 2)
    }

    @Test func `blank cells are no values`() throws {
        try row(",  ,\t,\u{A0},\"\",\" \"\n") { row in
            #expect(row.isBlank)
            #expect(row.string(1) == nil && row.extra(2) == nil && row.unread.isEmpty)
        }
        #expect(account.coverage == Coverage())
        try row("\n") { #expect($0.isBlank && $0.count == 1) }
    }

    @Test func `whole rows are described or ignored but for what was taken`() throws {
        try row("1,a,b\n") { (row) throws in
            _ = try row.quantity(0)
            row.describe()
            row.ignore(.totalRow)
        }
        #expect(account.coverage == Coverage(values: 3, measured: 1, described: 2))
        try row("1,a\n") { (row) throws in
            _ = try row.quantity(0)
            row.ignore(.totalRow)
        }
        #expect(account.coverage == Coverage(values: 5, measured: 2, described: 2, ignored: 1))
    }

    @Test func `a row that is left out takes its cells with it, and counts as one result`() throws {
        try row("1,a,b\n") { (row) throws in
            _ = try row.quantity(0)
            row.leaveOut(row.fault("x.y", "no", at: 1))
        }
        #expect(account.coverage == Coverage(values: 3, leftOut: 3))
        #expect(account.resultsLeftOut.load(ordering: .relaxed) == 1)
        #expect(account.takeDiagnostics().map(\.code) == ["x.y"])
    }

    @Test func `a result that is left out takes the cells of its group with it, not of the others`() throws {
        try row("S,1,2,3,4,x,y\n") { (row) throws in
            _ = row.string(0)
            for group in [1..<3, 3..<5] {
                row.select(group)
                _ = try row.quantity(group.lowerBound)
                if group.lowerBound == 3 {
                    account.resultsLeftOut.add(1, ordering: .relaxed)
                } else {
                    _ = try row.quantity(2)
                }
            }
            row.select(5..<99)
            #expect(row.unread.fields.map(\.text) == ["x", "y"])
        }
        #expect(account.coverage == Coverage(values: 7, measured: 2, described: 1, extras: 2, leftOut: 2))
        #expect(account.takeDiagnostics().isEmpty)
    }

    @Test func `what is unread is that of the group`() throws {
        try row("a,b,c,d\n", header: ["A", "B", "A", ""]) { row in
            row.select(2..<4)
            #expect(row.unread.fields.map { [$0.heading, $0.text] } == [["A (2)", "c"], ["column 4", "d"]])
            row.select(0..<2)
            #expect(row.unread.fields.map(\.heading) == ["A", "B"])
            #expect(row.unread.isEmpty)
        }
        #expect(account.coverage == Coverage(values: 4, extras: 4))
    }

    @Test func `extras that are there already keep their names`() throws {
        try row("1,2\n", header: ["A", "B"]) { row in
            var extras: Extras = ["A": "mine", "C": "also"]
            row.addUnread(to: &extras)
            #expect(extras.fields.map(\.heading) == ["A", "C", "A (2)", "B"])
        }
    }

    // MARK: Values

    @Test(arguments: [
        ("n.a.", Quantity.Absence.notReported), (" n.a. ", .notReported), ("-", .notReported), ("", .empty),
        ("  ", .empty), ("mine", .notReported),
    ])
    func `a text that means no value is none, never zero`(cell: String, absence: Quantity.Absence) throws {
        try row("\(cell),x\n", missing: ["n.a.", "-"], given: GivenAssumptions(missing: ["mine"])) { (row) throws in
            let quantity = try row.quantity(0, StatedUnit(written: "min"))
            #expect(
                quantity.value == nil && quantity.absent == absence && quantity.written == cell
                    && quantity.unit == .minute)
            var reused = Quantity(written: "5", value: 5, unit: .minute, bound: .below)
            try row.read(0, into: &reused)
            #expect(reused == Quantity(written: cell, absent: absence, unit: .minute))
            #expect(row.string(0) == nil)
            row.describe()
        }
    }

    @Test(arguments: ["-1", "999", "0.00", "1e6"])
    func `a number that the user calls missing is missing`(marker: String) throws {
        try row("\(marker), \(marker) ,7\n", given: GivenAssumptions(missing: [marker])) { (row) throws in
            #expect(try row.quantity(0).absent == .notReported && row.quantity(0).value == nil)
            #expect(try row.quantity(1).absent == .notReported)
            #expect(try row.quantity(2).value == 7)
            var reused = Quantity(written: "", value: 5)
            try row.read(0, into: &reused)
            #expect(reused.absent == .notReported && reused.value == nil)
            try row.read(2, into: &reused)
            #expect(reused.value == 7)
            #expect(code { _ = try row.number(0) } == "table.not-a-number")
            #expect(try row.number(2) == 7)
        }
    }

    @Test(arguments: [
        ("ERR", "table.not-a-number"), ("12,5", "table.other-decimal-mark"), ("1e999", "table.number-out-of-range"),
        ("n.a", "table.not-a-number"),
        ("1 2", "table.not-a-number"), ("\"\"\"5\"\"\"", "table.not-a-number"),
    ])
    func `a cell that is no number is a fault at its place`(cell: String, expected: String) throws {
        try row("é\t\(cell)\t1.5\t2.5\n", header: ["A", "Area"], dialect: .tab) { (row) throws in
            let fault = #expect(throws: Diagnostic.self) { try row.quantity(1) }
            #expect(
                fault?.code == expected
                    && fault?.location
                        == IngestCore.SourceLocation(file: "sample.csv", line: 1, column: 3, field: "Area")
            )
            var quantity = Quantity(written: "7", value: 7)
            #expect(throws: Diagnostic.self) { try row.read(1, into: &quantity) }
            #expect(throws: Diagnostic.self) { try row.number(1) }
            row.describe()
        }
    }

    @Test func `a bound is a quantity, and no coordinate`() throws {
        try row("<0.05,>1\n") { (row) throws in
            #expect(try row.quantity(0).bound == .below && row.quantity(1).bound == .above)
            #expect(code { _ = try row.number(0) } == "table.not-a-number")
            #expect(code { _ = try row.number(5) } == "table.no-value")
        }
    }

    @Test func `what stands beyond the row is empty`() throws {
        try row("1\n") { (row) throws in
            #expect(
                try row.quantity(3) == Quantity(written: "", absent: .empty) && row.integer(3) == nil
                    && row.timestamp(3) == nil)
            #expect(row.string(3) == nil && row.extra(3) == nil)
            row.describe(3)
            row.describe()
        }
        #expect(account.coverage == Coverage(values: 1, described: 1))
    }

    @Test(arguments: [("7", 7), (" 7 ", 7), ("007", 7), ("-3", -3), ("+3", 3), ("1234567890123", 1_234_567_890_123)])
    func `a whole number is read`(cell: String, value: Int) throws {
        try row("\(cell)\n") { (row) throws in #expect(try row.integer(0) == value) }
    }

    @Test(arguments: ["1.0", "1e3", "x", "99999999999999999999", "1 2"])
    func `what is no whole number is a fault`(cell: String) throws {
        try row("\(cell)\n") { row in #expect(code { _ = try row.integer(0) } == "table.not-a-whole-number") }
    }

    @Test func `a time joined from two cells is one time, and both are described`() throws {
        try row("13.02.2023,16:12:23\n") { (row) throws in
            let time = try row.timestamp(0, joinedTo: 1)
            #expect(time?.local?.description == "2023-02-13T16:12:23" && time?.written == "13.02.2023 16:12:23")
            #expect(code { _ = try row.timestamp(1) } == "table.not-a-time")
        }
        #expect(account.coverage == Coverage(values: 2, described: 2))
    }

    // MARK: By heading

    @Test func `cells are found by their heading, with its unit or the format's`() throws {
        try row("S,4.87,2023-02-13,12,\n", header: ["Sample", "RT [min]", "Date", "Area", "None"]) { (row) throws in
            #expect(try row.text("Sample") == "S")
            #expect(
                try row.quantity("RT [min]", .second)
                    == Quantity(written: "4.87", value: 4.87, unit: .minute, unitWritten: "min"))
            #expect(
                try row.quantity("Area", .counts)
                    == Quantity(written: "12", value: 12, unit: .counts, unitIsFormats: true))
            #expect(try row.quantity("Area") == Quantity(written: "12", value: 12))
            #expect(try row.timestamp("Date")?.local?.day == 13)
            #expect(code { _ = try row.text("None") } == "table.empty-cell")
        }
    }

    @Test func `a column that is not there stops the file`() throws {
        try row("S\n", header: ["Sample"]) { (row) throws in
            #expect(throws: FileFault.self) { try row.text("sample") }
            let fault = #expect(throws: FileFault.self) { try row.quantity("Area") }
            #expect(
                fault?.diagnostic.code == "table.no-such-column" && fault?.diagnostic.hint?.contains("Sample") == true)
            row.describe()
        }
        try row("S\n") { (row) throws in
            #expect(throws: FileFault.self) { try row.text("Sample") }
            row.describe()
        }
    }

    // MARK: Shape

    @Test(
        arguments: [
            ("1,2,3", nil, Completeness.Verdict.unknown), ("1,2,3,", nil, .unknown), ("1,2,3,,, ", nil, .unknown),
            ("1,2,", nil, .unknown), (",,", nil, .unknown),
            ("1,2", "table.short-row", .no), ("1", "table.short-row", .no), ("1,2,3,4", "table.long-row", .unknown),
            ("1,2,3,,5,", "table.long-row", .unknown),
            ("1,\"2\"x,3", "table.text-after-quote", .unknown), ("1,2,\"3\"x,", "table.text-after-quote", .unknown),
        ] as [(String, String?, Completeness.Verdict)])
    func `a row fits the header, or is left out and told`(text: String, code: String?, complete: Completeness.Verdict)
        throws
    {
        try row("\(text)\n") { row in
            #expect(row.fits(Header(["A", "B", "C"])) == (code == nil))
            if code == nil { row.describe() }
        }
        #expect(account.takeDiagnostics().map(\.code) == (code.map { [$0] } ?? []))
        #expect(account.completeness.verdict == complete)
        #expect(account.resultsLeftOut.load(ordering: .relaxed) == (code == nil ? 0 : 1))
        if code != nil { #expect(account.coverage.leftOut == account.coverage.values) }
    }

    @Test func `a last line without an end is told once, unless it is left out or has not even a separator`() throws {
        func codes(_ text: String, _ take: (Row) throws -> Void) throws -> [String] {
            let account = ReadingAccount()
            let text = try DelimitedText(source(text, account: account), dialect: .comma)
            while let row = try text.next() { try take(row) }
            return account.takeDiagnostics().map(\.code)
        }
        #expect(try codes("1,2\n3,4") { _ = try ($0.quantity(0), $0.quantity(1)) } == ["text.last-line-open"])
        #expect(try codes("1,2\n3,4\n") { _ = try ($0.quantity(0), $0.quantity(1)) } == [])
        #expect(try codes("1,2") { _ = try ($0.quantity(0), $0.quantity(1)) } == [])
        #expect(try codes("1,2\n3,4") { $0.describe() } == ["text.last-line-open"])
        #expect(try codes("1,2\n3,4") { row in row.ignore(.endMark) } == ["text.last-line-open"])
        #expect(try codes("1,2\n3,4") { $0.leaveOut($0.fault("a.b", "m", at: 0)) } == ["a.b", "a.b"])
        #expect(try codes("1,2\n ,") { $0.describe() } == ["text.last-line-open"])
        #expect(try codes("1,2\n ") { $0.describe() } == [])
    }

    // MARK: Places

    @Test func `an excerpt shows the cell in its line`() throws {
        try row("é\t\"x\"\"y\"\tERR\tend\n", dialect: .tab) { row in
            let fault = row.fault("a.b", "m", at: 2)
            #expect(fault.location.column == 10)
            #expect(
                fault.excerpt?.text == "é \"x\"\"y\" ERR end" && fault.excerpt?.start == 9 && fault.excerpt?.length == 3
            )
            #expect(row.fault("a.b", "m", at: 1).excerpt?.length == 6)
            #expect(row.fault("a.b", "m", at: 9).location.column == 17)
            row.describe()
        }
    }

    @Test func `an excerpt of a long line is cut, at whole characters`() throws {
        let long = String(repeating: "葡", count: 100)
        try row("\(long)x,ERR,\(long)\n") { row in
            for column in 0..<3 {
                let excerpt = row.fault("a.b", "m", at: column).excerpt
                #expect(excerpt?.text.contains("\u{FFFD}") == false, "\(excerpt?.text ?? "")")
                #expect((excerpt?.text.count ?? 0) <= 200)
            }
            let excerpt = row.fault("a.b", "m", at: 1).excerpt
            #expect(excerpt.map { String($0.text.dropFirst($0.start).prefix($0.length)) } == "ERR")
            row.describe()
        }
    }

    // MARK: Any row

    @Test(arguments: 0..<4)
    func `coverage adds up whatever is done with a row`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let cells = ["", " ", "1", "2.5", "x", "\"a,b\"", "n.a.", "13.02.2023", "\"q\"z", "<5"]
        for _ in 0..<SeededGenerator.trials(100) {
            let account = ReadingAccount()
            var lines = ""
            for _ in 0..<5 {
                lines +=
                    (0..<Int.random(in: 1...7, using: &random)).map { _ in cells.randomElement(using: &random)! }
                    .joined(separator: ",") + "\n"
            }
            let text = try DelimitedText(source(lines, account: account), dialect: .comma, missing: ["n.a."])
            let fields = text.keyedFields()
            var values = 0
            while let row = try text.next() {
                values += (0..<row.count).count { !row.isEmpty($0) }
                for _ in 0..<Int.random(in: 0...6, using: &random) {
                    let column = Int.random(in: 0...7, using: &random)
                    switch Int.random(in: 0...12, using: &random) {
                    case 0: _ = try? row.quantity(column)
                    case 1: _ = row.string(column)
                    case 2: _ = try? row.timestamp(column, joinedTo: column + 1)
                    case 3: _ = try? row.number(column)
                    case 4: _ = row.extra(column)
                    case 5: _ = row.unread
                    case 6: row.select(column..<column + 3)
                    case 7: account.resultsLeftOut.add(1, ordering: .relaxed)
                    case 8: _ = row.fits(Header(["A", "B", "C"]))
                    case 9: row.describe()
                    case 10: row.ignore(.ruler)
                    case 11: _ = try? row.integer(column)
                    default: row.describe(column)
                    }
                }
                if Int.random(in: 0...4, using: &random) == 0 { fields.take(row) }
            }
            _ = fields.unread
            #expect(account.coverage.addsUp, "\(lines)")
            #expect(account.coverage.values == values, "\(lines)")
        }
    }
}
