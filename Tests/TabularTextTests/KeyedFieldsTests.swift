import IngestCore
import TabularText
import Testing

/// Fields that are told as key and value: what is asked for is given, and what is not is kept.
struct KeyedFieldsTests {
    private let account = ReadingAccount()

    /// Takes every row of a text as a field, and asks before its end, as adapters do.
    private func ask(
        _ lines: String, _ dialect: Dialect = .comma, missing: [String] = [], section: String? = nil,
        _ body: (KeyedFields) throws -> Void
    ) throws {
        let text = try DelimitedText(source(lines + "end\n", account: account), dialect: dialect, missing: missing)
        let fields = text.keyedFields()
        while let row = try text.next() {
            if row[0] == "end" {
                row.describe()
                try body(fields)
            } else {
                fields.take(row, section: section)
            }
        }
    }

    @Test func `a field is found by its key, without its colon and blanks`() throws {
        try ask("Sample:, S-1 \n Method ,\"a, b\"\nEmpty,,\nAlone\nOperator : ,x\n,y\n") { (fields) throws in
            #expect(fields.keys == ["Sample", "Method", "Empty", "Alone", "Operator", ""])
            #expect(
                fields["Sample"] == "S-1" && fields["Method"] == "a, b" && fields["Operator"] == "x"
                    && fields[""] == "y")
            #expect(
                fields["Empty"] == nil && fields["Alone"] == nil && fields["None"] == nil && fields["sample"] == nil)
            #expect(fields.unread.isEmpty)
        }
        #expect(account.takeDiagnostics().isEmpty)
        #expect(account.coverage == Coverage(values: 10, measured: 0, described: 10))
    }

    @Test func `what nobody asked for is kept as extras, in file order`() throws {
        try ask("A,1\nB,2\nA,3\nC,4,,5,,\nD,,\n") { (fields) throws in
            #expect(fields["B"] == "2")
            #expect(
                fields.unread.fields.map { [$0.heading, $0.text] } == [["A", "1"], ["A (2)", "3"], ["C", "4,,5"]])
            #expect(fields.unread.isEmpty)
        }
        #expect(account.takeDiagnostics().isEmpty)
        #expect(account.coverage == Coverage(values: 11, described: 7, extras: 4))
    }

    @Test func `of several values those nobody asked for are kept`() throws {
        try ask("Name,first,second, third \nAll,1,2\nDate,,13.02.2023,10:00\n") { (fields) throws in
            #expect(fields["Name"] == "first")
            #expect(fields.values("All") == ["1", "2"])
            #expect(fields["Date"] == "13.02.2023")
            #expect(
                fields.unread.fields.map { [$0.heading, $0.text] } == [
                    ["Name", "second, third "], ["Date", ",10:00"],
                ])
        }
        #expect(account.takeDiagnostics().isEmpty)
        #expect(account.coverage == Coverage(values: 11, described: 8, extras: 3))
    }

    @Test func `a whole text is given with the separators in it`() throws {
        try ask("Comment,one, two,\"three, four\",\n") { (fields) throws in
            #expect(fields.text("Comment") == "one, two,three, four")
            #expect(fields.text("None") == nil && fields.unread.isEmpty)
        }
    }

    @Test func `a key that stands twice gives its first value, the second is kept`() throws {
        try ask("A,1\nA,2\n") { (fields) throws in
            #expect(fields["A"] == "1")
            #expect(fields.unread.fields.map(\.text) == ["2"])
        }
    }

    @Test func `a field nobody read is a fault of the adapter, at its place`() throws {
        try ask("A,1,2\nB,3\n") { #expect($0["B"] == "3") }
        let faults = account.takeDiagnostics()
        #expect(faults.map(\.code) == ["adapter.unread-cell", "adapter.unread-cell"])
        #expect(faults.map(\.location.column) == [3, 5])
        #expect(account.coverage == Coverage(values: 6, described: 4, leftOut: 2) && account.coverage.addsUp)
    }

    @Test func `the rest can be ignored by a rule`() throws {
        try ask("A,1\nB,2\n") { (fields) throws in
            #expect(fields["A"] == "1")
            fields.ignoreRest(.pageNumber)
        }
        #expect(account.coverage == Coverage(values: 5, described: 4, ignored: 1))
    }

    @Test func `numbers are read with the file's mark, the unit and the texts for no value`() throws {
        try ask("Flow\t1,5\nNone\tn.a.\nLow\t<0,05\nEmpty\t\nShift\t\t7,5\n", .tab, missing: ["n.a."]) {
            (fields) throws in
            #expect(
                try fields.quantity("Flow", StatedUnit(written: "mL/min"))
                    == Quantity(written: "1,5", value: 1.5, unit: Unit("mL/min"), unitWritten: "mL/min"))
            #expect(try fields.quantity("None")?.absent == .notReported)
            #expect(try fields.quantity("Low")?.bound == .below)
            #expect(try fields.quantity("Empty") == nil && fields.quantity("Nowhere") == nil)
            #expect(try fields.quantity("Shift")?.value == 7.5)
        }
    }

    @Test(arguments: [
        ("A,ERR\n", "table.not-a-number", 1, 3), ("x,1\nA, 1O\n", "table.not-a-number", 2, 3),
        ("A,,\"1,5\"\nB,1.5\nC,2.5\n", "table.other-decimal-mark", 1, 4),
        ("A,1e999\n", "table.number-out-of-range", 1, 3), ("é:é,x\nA,--\n", "table.not-a-number", 2, 3),
    ])
    func `a value that is no number is a fault at its place`(text: String, code: String, line: Int, column: Int) throws {
        try ask(text) { (fields) throws in
            let fault = #expect(throws: Diagnostic.self) { try fields.quantity("A") }
            #expect(fault?.code == code)
            #expect(fault?.location == IngestCore.SourceLocation(file: "sample.csv", line: line, column: column))
            #expect(fault?.excerpt != nil)
            _ = fields.unread
        }
    }

    @Test func `the cell behind a number may be its unit`() throws {
        try ask("Volume,10.0,ul\nSame (ul),10.0,µl\n") { (fields) throws in
            #expect(
                try fields.quantity("Volume") == Quantity(written: "10.0", value: 10, unit: .microlitre, unitWritten: "ul"))
            #expect(try fields.quantity("Same (ul)", StatedUnit(heading: "Same (ul)"))?.unitWritten == "ul")
            #expect(fields.unread.isEmpty)
        }
        #expect(account.takeDiagnostics().isEmpty)
    }

    @Test(arguments: ["20,5", "20,ul,5", "20,rest", "20,,5"])
    func `a number that is followed by anything else is a fault, and nothing of it is lost`(value: String) throws {
        try ask("A,\(value)\n") { (fields) throws in
            let fault = #expect(throws: Diagnostic.self) { try fields.quantity("A") }
            #expect(fault?.code == "table.further-value" && fault?.location.column == 3)
            #expect(throws: Diagnostic.self) { try fields.integer("A") }
            let rest = fields.unread.fields.map(\.text).joined().filter { $0 != "," }
            #expect("20" + rest == value.filter { $0 != "," })
        }
        try ask("Volume (ul),20,ml\n") { (fields) throws in
            #expect(throws: Diagnostic.self) { try fields.quantity("Volume (ul)", StatedUnit(heading: "Volume (ul)")) }
            _ = fields.unread
        }
        #expect(!account.takeDiagnostics().map(\.code).contains("adapter.unread-cell"))
    }

    @Test func `fields can be taken over`() throws {
        let text = try DelimitedText(source("A,1\nB,2\nend\n", account: account), dialect: .comma)
        let fields = text.keyedFields(), others = text.keyedFields()
        while let row = try text.next() {
            switch row[0] {
            case "A": fields.take(row)
            case "B": others.take(row)
            default:
                row.describe()
                fields.take(others)
                #expect(fields.keys == ["A", "B"] && others.keys.isEmpty && fields["B"] == "2" && fields["A"] == "1")
            }
        }
        #expect(account.coverage == Coverage(values: 5, described: 5))
    }

    @Test func `fields that are settled are counted once, and told with their places when their rows are gone`() throws {
        let text = try DelimitedText(source("A,1\nB,x\ty,\"3\"\nC,4\n", account: account), dialect: .comma)
        var fields = text.keyedFields()
        while let row = try text.next() {
            fields.take(row)
            guard row[0] != "A" else { continue }
            #expect(fields[row[0]] != nil)
            fields.settle()
            #expect(fields.fault("a.b", "m", at: row[0]).location.line == row.line)
            fields = text.keyedFields()
        }
        #expect(account.coverage == Coverage(values: 7, described: 5, leftOut: 2))
        let told = account.takeDiagnostics()
        #expect(told.map(\.code) == ["adapter.unread-cell", "adapter.unread-cell"])
        #expect(told.map(\.location.description) == ["sample.csv:1:3", "sample.csv:2:7"])
        #expect(
            told.map(\.excerpt) == [
                .init(text: "A,1", start: 2, length: 1), .init(text: "B,x y,\"3\"", start: 6, length: 3),
            ])
    }

    @Test func `whole numbers and times are read, or are faults`() throws {
        try ask("Count,12\nHalf,1.5\nDate,13.02.2023\nTime,10:11:12\nBad,32.13.2023\nNone,\n") { (fields) throws in
            #expect(try fields.integer("Count") == 12 && fields.integer("None") == nil)
            #expect(throws: Diagnostic.self) { try fields.integer("Half") }
            #expect(try fields.timestamp("Date")?.local?.description == "2023-02-13")
            #expect(try fields.timestamp("Date", joinedTo: "Time")?.local?.description == "2023-02-13T10:11:12")
            #expect(try fields.timestamp("Date", joinedTo: "None")?.local?.description == "2023-02-13")
            #expect(try fields.timestamp("None") == nil)
            let fault = #expect(throws: Diagnostic.self) { try fields.timestamp("Bad") }
            #expect(fault?.code == "table.not-a-time" && fault?.location.line == 5 && fault?.location.column == 5)
            #expect(fields.fault("a.b", "m", at: "Nowhere").location == IngestCore.SourceLocation(file: "sample.csv"))
        }
    }

    @Test func `a line can tell several fields, and a section is part of the key`() throws {
        let text = try DelimitedText(source("A,1,B,2\nend\n", account: account), dialect: .comma)
        let fields = text.keyedFields()
        while let row = try text.next() {
            guard row.count == 4 else {
                row.describe()
                #expect(
                    fields.keys == ["A", "Head B"] && fields["A"] == "1" && fields["Head B"] == "2"
                        && fields["B"] == nil)
                continue
            }
            fields.take(row, columns: 0..<2)
            fields.take(row, columns: 2..<4, section: "Head")
        }
        #expect(account.coverage == Coverage(values: 5, described: 5))
    }

    @Test func `fields can be asked after the text is gone`() throws {
        var fields: KeyedFields?
        do {
            let text = try DelimitedText(source("A,1\n", account: account), dialect: .comma)
            fields = text.keyedFields()
            while let row = try text.next() { fields?.take(row) }
        }
        #expect(fields?["A"] == "1")
        #expect(fields?.unread.isEmpty == true)
        #expect(throws: Never.self) { try fields?.quantity("A") }
    }
}
