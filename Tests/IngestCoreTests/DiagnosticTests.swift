import IngestCore
import Testing

struct DiagnosticTests {
    @Test func `a sentence that quotes megabytes is shown by its beginning and its end`() {
        let long = String(repeating: "1", count: 3_000_000)
        let diagnostic = Diagnostic(
            "xml.not-a-number", "\"\(long)\" is not a number, in <Area>", at: SourceLocation(file: "a.xml"),
            hint: "add --missing \"\(long)\"")
        #expect(diagnostic.message.count < 1000)
        #expect(diagnostic.message.hasPrefix("\"111"))
        #expect(diagnostic.message.hasSuffix("is not a number, in <Area>"))
        #expect((diagnostic.hint?.count ?? 0) < 1000)
        let whole = String(repeating: "é", count: 900)
        #expect(Diagnostic("a.b", whole, at: SourceLocation(file: "a")).message == whole)
    }
}
