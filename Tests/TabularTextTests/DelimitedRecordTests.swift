import IngestCore
import IngestTesting
import TabularText
import Testing

/// How text is cut into records and cells: RFC 4180, and what real exports do beyond it.
struct DelimitedRecordTests {
    @Test(
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
            ("a\r\r\nb\r\r\n", [["a"], [""], ["b"], [""]]),
            ("a\n\rb\n", [["a"], [""], ["b"]]),
            ("a\r\nb\nc\rd", [["a"], ["b"], ["c"], ["d"]]),
            ("\n\n", [[""], [""]]),
            ("\r\n\r\na", [[""], [""], ["a"]]),
            ("", []),
            ("\n", [[""]]),
            (",", [["", ""]]),
            (",\n", [["", ""]]),
            ("a,\n,b\n,,\n", [["a", ""], ["", "b"], ["", "", ""]]),
            ("a,b,c\n1\n1,2,3,4\n", [["a", "b", "c"], ["1"], ["1", "2", "3", "4"]]),
            (" a , b \n", [[" a ", " b "]]),
            ("\"a\",\"b\"\n", [["a", "b"]]),
            ("\"a,b\",c\n", [["a,b", "c"]]),
            ("\"a\"\"b\",c\n", [["a\"b", "c"]]),
            ("\"\"\"\",\"\"\"\"\"\"\n", [["\"", "\"\""]]),
            ("\"\",x\n", [["", "x"]]),
            ("\"\"", [[""]]),
            ("\"a\nb\",c\n", [["a\nb", "c"]]),
            ("\"a\r\nb\",c\r\nd", [["a\r\nb", "c"], ["d"]]),
            ("\"a\rb\"\r\"c\"", [["a\rb"], ["c"]]),
            ("\"a\r\r\nb\"\n", [["a\r\r\nb"]]),
            ("a\"b,c\"d\n", [["a\"b", "c\"d"]]),
            ("5\",\"6\"\"\"\n", [["5\"", "6\""]]),
            (" \"a,b\"\n", [[" \"a", "b\""]]),
            ("\"a\" ,b\n", [["a", "b"]]),
            ("\"a\"  \n", [["a"]]),
            ("\"a,\"\"b\"\"\",\"\"\"c\"\n", [["a,\"b\"", "\"c"]]),
            ("é,ü\n葡,🍇\n", [["é", "ü"], ["葡", "🍇"]]),
            ("a,\"\"\"\u{301}b\"\n", [["a", "\"\u{301}b"]]),
            ("a,\"x\"\"\u{301}\"\"y\"\n", [["a", "x\"\u{301}\"y"]]),
        ] as [(String, [[String]])])
    func `text is cut into cells`(text: String, cells: [[String]]) {
        let reading = TextReading(source(text))
        #expect(reading.fault == nil)
        #expect(reading.cells.map { $0.map { Array($0.utf8) } } == cells.map { $0.map { Array($0.utf8) } })
    }

    @Test(arguments: [
        ("a\tb,c\n", Dialect.tab, [["a", "b,c"]]), ("a;b,c\n\"x;y\";z", .semicolon, [["a", "b,c"], ["x;y", "z"]]),
    ])
    func `the separator is the dialect's`(text: String, dialect: Dialect, cells: [[String]]) {
        #expect(TextReading(source(text), dialect: dialect).cells == cells)
    }

    @Test func `a quote is an ordinary character where the format does not quote`() {
        let reading = TextReading(source("5\",\"a\n\"b,c\"\n"), dialect: Dialect(separator: ",", quoting: false))
        #expect(reading.cells == [["5\"", "\"a"], ["\"b", "c\""]])
        #expect(reading.records.map(\.line) == [1, 2])
    }

    @Test func `text behind a closing quote is not lost`() {
        // Not RFC 4180, so the cell is taken as it stands; a table leaves out such a row.
        #expect(TextReading(source("\"a\"b,c\nd\n")).cells == [["\"a\"b", "c"], ["d"]])
        #expect(TextReading(source("\"a\"\"b\" 5,c\n")).cells == [["\"a\"\"b\" 5", "c"]])
        #expect(TextReading(source("\"a\" \"b\",c\n")).cells == [["\"a\" \"b\"", "c"]])
        #expect(TextReading(source("x,\"a\"b")).cells == [["x", "\"a\"b"]])
        #expect(TextReading(source("x,\"a\"b")).records[0].places == ["1:1", "1:3"])
    }

    @Test(arguments: [
        ("\"", 1, 1), ("a,\"b", 1, 3), ("a,b\nc,\"d\n\ne,f\n", 2, 3), ("a\r\nb\r\n\"c\r\n", 3, 1),
        ("\"a\nb\",\"c", 2, 4), ("é,\"\"\"", 1, 3),
        ("x\r\"", 2, 1), ("\"\"\"", 1, 1), ("a,\"b\"\"", 1, 3),
    ])
    func `a quote that never closes is told at its place`(text: String, line: Int, column: Int) throws {
        for chunk in [1, 2, 3, 1 << 14] {
            let fault = try #require(TextReading(source(text, chunk: chunk)).fault)
            #expect(fault.code == "table.unclosed-quote")
            #expect(fault.location == IngestCore.SourceLocation(file: "sample.csv", line: line, column: column))
        }
    }

    @Test(
        arguments: [
            ("sep=;\na;b,c\n", [["a", "b,c"]]), ("SEP=\t\r\na\tb\r\n", [["a", "b"]]), ("sep=,\na,b\n", [["a", "b"]]),
            ("sep=|\na|b;c\n", [["a", "b;c"]]),
        ] as [(String, [[String]])])
    func `a line that names the separator settles it and is no row`(text: String, cells: [[String]]) {
        let account = ReadingAccount()
        let reading = TextReading(source(text, account: account), dialect: nil)
        #expect(reading.cells == cells)
        #expect(reading.records.first?.line == 2)
        #expect(account.coverage.ignored > 0 && account.coverage.addsUp)
    }

    @Test func `a line that names the separator is only the first`() {
        #expect(TextReading(source("a,b\nsep=,\n"), dialect: nil).cells == [["a", "b"], ["sep=", ""]])
    }

    @Test func `lines are counted over quoted cells, whatever their line ends`() {
        let text = "a\n\"1\n2\r\n3\r4\r\r\n5\",x\nb\r\nc\r\rd"
        #expect(TextReading(source(text)).records.map(\.line) == [1, 2, 8, 9, 10, 11])
        for chunk in 1...20 { #expect(TextReading(source(text, chunk: chunk)) == TextReading(source(text))) }
    }

    @Test func `the places of cells are in characters`() {
        let text = "é\tb\t葡\t🍇🍇\tx\n\"a\nbc\"\te\u{301}e\tf\n"
        let reading = TextReading(source(text), dialect: .tab)
        #expect(reading.records[0].places == ["1:1", "1:3", "1:5", "1:7", "1:10"])
        #expect(reading.records[1].places == ["2:1", "3:5", "3:8"])
    }

    @Test func `a last line without an end is told, when others have one`() {
        #expect(TextReading(source("a\nb")).isOpen)
        #expect(!TextReading(source("a\nb\n")).isOpen)
        #expect(!TextReading(source("a,b")).isOpen)
        #expect(TextReading(source("a\n\"b\"")).isOpen)
        #expect(TextReading(source("a\n1,")).isOpen)
    }

    @Test(arguments: [255, 256, 257, 511, 512, 513, 1024, 1025], ["", "\n", "\r\n"])
    func `a long row keeps its last cell, with and without a line end`(count: Int, end: String) {
        let cells = (1...count).map { "c\($0)" }
        let plain = TextReading(source(cells.joined(separator: ",") + end))
        #expect(plain.cells == [cells])
        let quoted = TextReading(source(cells.map { "\"\($0)\"" }.joined(separator: ",") + end))
        #expect(quoted.cells == [cells])
    }
}
