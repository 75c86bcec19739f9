import IngestCore
import TabularText
import Testing

/// The separator is sniffed from the beginning of a file; a line can be looked at without reading the file.
struct DialectTests {
    @Test(arguments: [
        ("a,b\n1,2\n", ","), ("a\tb\n1\t2\n", "\t"), ("a;b\n1;2\n", ";"), ("a\tb\n1,5\t2,5\n", "\t"),
        ("a;b\n1,5;2,5\n", ";"), ("a\n1\n", ","), ("", ","),
        ("\"a;b\",c\n\"1;2\",3\n", ","), ("sep=;\na,b,c\n1,2,3\n", ";"), ("SEP=|\na|b\n", "|"), ("sep=\t\na,b\n", "\t"),
        ("Title, of the report, and more\na\tb\tc\n1\t2\t3\n4\t5\t6\n", "\t"),
        ("a,b,c\n\"x\ty\",2,3\n4,5,6\n7,8,9\n", ","),
    ])
    func `the separator is the one most lines have alike`(text: String, separator: String) {
        let opening = SourceOpening(name: "x", bytes: Array(text.utf8))
        #expect(Dialect.sniffed(from: opening).separator == separator.utf8.first)
    }

    @Test(arguments: [
        ("a,b", ["a", "b"]), ("\"a,b\",c", ["a,b", "c"]), ("\"a\"\"b\"", ["a\"b"]), ("\"\"\"\"", ["\""]),
        ("\"\",x", ["", "x"]), ("", [""]), (",", ["", ""]),
        ("a\"b,c", ["a\"b", "c"]), ("é,葡", ["é", "葡"]), ("a,\"b", ["a", "b"]), ("\"a\"\"\",\"b\"", ["a\"", "b"]),
    ])
    func `a line is cut into cells`(line: String, cells: [String]) {
        #expect(Dialect.comma.cells(of: line) == cells)
        #expect(Dialect.comma.count(in: line) == cells.count - 1)
    }

    @Test func `a quote counts for nothing where the format does not quote`() {
        let dialect = Dialect(separator: ",", quoting: false)
        #expect(dialect.cells(of: "\"a,b\"") == ["\"a", "b\""])
        #expect(dialect.count(in: "\"a,b\"") == 1)
    }
}
