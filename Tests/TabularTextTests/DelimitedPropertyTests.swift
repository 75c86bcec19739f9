import IngestCore
import IngestTesting
import TabularText
import Testing

/// Whatever the text, and however it comes in, the rows are those of the rules.
struct DelimitedPropertyTests {
    private static let alphabet = ["a", ",", "\"", "\r", "\n", ";", "é"]
    private static let wide = alphabet + ["🍇", "葡", " ", "\t", "\r\n", "\"\"", "\",\"", "\u{A0}", "12"]

    private func expectRules(
        _ text: String, _ source: SourceFile, dialect: Dialect = .comma, separator: Character = ","
    ) {
        expect(DelimitedReference(text, separator: separator), of: text, source, dialect: dialect)
    }

    private func expect(
        _ reference: DelimitedReference, of text: String, _ source: SourceFile, dialect: Dialect = .comma
    ) {
        let reading = TextReading(source, dialect: dialect)
        let fault = reading.fault.map { "\($0.code) \($0.location.line ?? 0):\($0.location.column ?? 0)" }
        let expected = reference.unclosed.map { "table.unclosed-quote \($0)" }
        if reading.records != reference.records || fault != expected {
            Issue.record(
                """
                \(text.debugDescription) in chunks of \(source.chunkLength): \(reading.records) \(fault ?? ""), \
                not \(reference.records) \(expected ?? "")
                """)
        }
    }

    @Test(arguments: 0..<8)
    func `short texts give the rows of the rules`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<SeededGenerator.trials(400) {
            let text = random.text(Int.random(in: 0...24, using: &random), of: Self.alphabet)
            expectRules(text, source(text, chunk: Int.random(in: 1...9, using: &random)))
            expectRules(text, source(text))
        }
    }

    @Test(arguments: 0..<4)
    func `longer texts give the rows of the rules`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(1000 + seed))
        for _ in 0..<SeededGenerator.trials(100) {
            let text = random.text(Int.random(in: 25...300, using: &random), of: Self.wide)
            expectRules(text, source(text, chunk: Int.random(in: 1...200, using: &random)))
            let other = text.replacing(",", with: "\t")
            expectRules(other, source(other), dialect: .tab, separator: "\t")
        }
    }

    @Test(arguments: 1...70)
    func `the rows are the same in chunks of any length`(chunk: Int) {
        for (text, reference) in Self.cases { expect(reference, of: text, source(text, chunk: chunk)) }
    }

    private static let cases: [(String, DelimitedReference)] = {
        var random = SeededGenerator(seed: 42)
        var texts = (0..<SeededGenerator.trials(12)).map { _ in
            random.text(Int.random(in: 60...200, using: &random), of: wide)
        }
        // Cells and quotes across the blocks of 64 bytes that are looked at together.
        for length in 59...69 {
            let long = String(repeating: "x", count: length)
            texts.append("\(long)\"y\",\"\(long)\"\"\",\"\(long)\r\n\"\r\n\(long)\r\n\"\"\"\(long)\"\n,\(long)")
        }
        return texts.map { ($0, DelimitedReference($0)) }
    }()

    @Test(arguments: [1, 2, 3, 4, 5, 7, 64, 1 << 14], [false, true])
    func `UTF-16 gives the rows of the same text in UTF-8`(chunk: Int, bigEndian: Bool) {
        var random = SeededGenerator(seed: UInt64(chunk))
        for _ in 0..<SeededGenerator.trials(60) {
            let text = random.text(Int.random(in: 0...60, using: &random), of: Self.wide)
            let units = Array("\u{FEFF}".utf16) + Array(text.utf16)
            let bytes = units.flatMap {
                bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
            }
            expectRules(text, source(bytes, chunk: chunk))
        }
    }

    @Test(arguments: [TextEncoding.windows1252, .windows1250, .latin1], [1, 2, 3, 64])
    func `an 8-bit text gives the rows of the same text in UTF-8`(encoding: TextEncoding, chunk: Int) {
        var random = SeededGenerator(seed: UInt64(chunk))
        for _ in 0..<SeededGenerator.trials(60) {
            var bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                UInt8.random(in: 1...255, using: &random)
            }
            bytes.removeAll { encoding.scalar(of: $0) == nil }
            let text = String(String.UnicodeScalarView(bytes.compactMap { encoding.scalar(of: $0) }))
            expectRules(text, source(bytes, chunk: chunk, given: GivenAssumptions(encoding: encoding)))
        }
    }

    @Test(arguments: 0..<4)
    func `a table that is written by the rules is read back`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(2000 + seed))
        for _ in 0..<SeededGenerator.trials(60) {
            let rows = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                (0..<Int.random(in: 1...6, using: &random)).map { _ in
                    random.text(Int.random(in: 0...12, using: &random), of: Self.wide)
                }
            }
            let end = ["\n", "\r", "\r\n"].randomElement(using: &random)!
            let text = rows.map { row in
                row.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") + end
            }.joined()
            let reading = TextReading(source(text, chunk: Int.random(in: 1...100, using: &random)))
            #expect(reading.cells == rows, "\(text.debugDescription)")
        }
    }
}
