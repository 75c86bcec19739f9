import IngestCore
import IngestPipeline
import Testing

@testable import TabularText

private func rows(_ text: String, _ dialect: Dialect, chunk: Int = 1 << 20) throws -> [[String]] {
    let source = try OpenedSource(name: "t.csv", bytes: Array(text.utf8)).source(chunkLength: chunk)
    let text = try DelimitedText(source, dialect: dialect)
    var rows: [[String]] = []
    while let row = try text.next() {
        rows.append(row.cells)
        row.describe()
    }
    return rows
}

@Test(arguments: [1, 3, 64, 1000])
func `a dialect may quote with single quotes`(chunk: Int) throws {
    let dialect = Dialect(separator: ",", quote: "'")
    let text = "'a, b','it''s',5'-AMP,\"x\"\r\n'two\r\nlines',,'',' '\n"
    let expected = [["a, b", "it's", "5'-AMP", "\"x\""], ["two\r\nlines", "", "", " "]]
    #expect(try rows(text, dialect, chunk: chunk) == expected)
    #expect(dialect.cells(of: "'a, b','it''s',5'-AMP") == ["a, b", "it's", "5'-AMP"])
}

@Test
func `a comma inside single quotes is seen as a decimal mark`() throws {
    let bytes = Array("'RT','Area'\n'1,25','3,5'\n".utf8)
    let source = try OpenedSource(name: "t.csv", bytes: bytes).source()
    #expect(try TextSurvey(source, Dialect(separator: ",", quote: "'")).decimalMark == .comma)
}

@Test
func `cells are placed alike in whatever order they are asked for`() throws {
    let source = try OpenedSource(name: "t.csv", bytes: Array("µ,\"b\r\nc\",d,\"e\"\n1,2,3,4\n".utf8)).source()
    let text = try DelimitedText(source, dialect: .comma)
    let row = try #require(try text.next())
    let forwards = (0..<5).map { row.location(of: $0) }
    let backwards = (0..<5).reversed().map { row.location(of: $0) }
    #expect(forwards.map { [$0.line, $0.column] } == [[1, 1], [1, 3], [2, 4], [2, 6], [2, 9]])
    #expect(forwards == backwards.reversed())
    row.describe()
    let next = try #require(try text.next())
    #expect([3, 1].map { next.location(of: $0).column } == [7, 3])
    next.describe()
}
