import IngestCore
import StreamingXML
import Testing

/// Texts and tags are looked at eight bytes at a time: each length, and something else at each place of it.
struct TextAndColumnTests {
    @Test func `a text of nothing but blanks is none, whatever its length; one with anything else in it is a value`() throws {
        for length in 1...26 {
            let blanks = (0..<length).map { ["\u{20}", "\t", "\n", "&#13;"][$0 * 7 % 4] }
            let empty = "<r a=\"\(blanks.joined())\">\(blanks.joined())<b/></r>"
            #expect(try Walk(source(empty)).coverage.values == 0, "\(length) blanks")
            for place in 0..<length {
                for mark in ["!", "µ", "\u{A0}", "\u{1F9EA}"] {
                    var text = blanks
                    text[place] = mark
                    let kept = try KeptDocument(source("<r a=\"\(text.joined())\"><v>\(text.joined())</v></r>"))
                    #expect(kept.coverage.values == 2, "\(mark) at \(place) of \(length)")
                    #expect(kept.extras.fields.allSatisfy { $0.text.contains(mark) && $0.text.unicodeScalars.count == length })
                }
            }
        }
    }

    @Test func `columns count characters, whatever the length of a tag and wherever it is not ASCII`() throws {
        for length in 1...26 {
            for place in -1..<length {
                for letter in ["é", "名", "\u{1F9EA}"] {
                    let value = (0..<length).map { $0 == place ? letter : "x" }.joined()
                    let walk = try Walk(source("<r>\n<é a=\"\(value)\"/><after/></r>"))
                    // <é a="…"/> is nine characters and the value.
                    #expect(walk.lines.contains("/r/é 2:1") && walk.lines.contains("/r/after 2:\(length + 10)"), "\(value)")
                }
            }
        }
    }
}
