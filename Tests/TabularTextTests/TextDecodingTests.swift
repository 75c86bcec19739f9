import IngestCore
import IngestTesting
import TabularText
import Testing

/// The encoding of a file is settled by all of its bytes; bytes that do not decode are told at their place.
struct TextDecodingTests {
    private static let text = "Näme,Fläche µV\r\n葡萄,\"1,5 🍇\"\r\n"

    private func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
    }

    private struct Outcome {
        var cells: [[String]]
        var fault: Diagnostic?
        var encoding: Assumptions.Choice?
        var diagnostics: [Diagnostic]
        var place: String { fault.map { "\($0.location.line ?? 0):\($0.location.column ?? 0)" } ?? "" }
    }

    private func read(_ bytes: [UInt8], chunk: Int = 1 << 14, given: TextEncoding? = nil) -> Outcome {
        let account = ReadingAccount()
        let reading = TextReading(
            source(bytes, chunk: chunk, given: GivenAssumptions(encoding: given), account: account))
        return Outcome(
            cells: reading.cells, fault: reading.fault, encoding: account.assumptions.encoding,
            diagnostics: account.takeDiagnostics())
    }

    // MARK: What is settled

    @Test(arguments: [1, 2, 3, 5, 1 << 14])
    func `every encoding gives the same text, with and without a mark`(chunk: Int) {
        let cells = [["Näme", "Fläche µV"], ["葡萄", "1,5 🍇"]]
        let forms: [([UInt8], String, String)] = [
            (Array(Self.text.utf8), "utf-8", "valid UTF-8 throughout"),
            ([0xEF, 0xBB, 0xBF] + Array(Self.text.utf8), "utf-8", "byte order mark"),
            ([0xFF, 0xFE] + utf16(Self.text, bigEndian: false), "utf-16le", "byte order mark"),
            ([0xFE, 0xFF] + utf16(Self.text, bigEndian: true), "utf-16be", "byte order mark"),
            (utf16(Self.text, bigEndian: false), "utf-16le", "the pattern of zero bytes"),
            (utf16(Self.text, bigEndian: true), "utf-16be", "the pattern of zero bytes"),
        ]
        for (bytes, encoding, why) in forms {
            let outcome = read(bytes, chunk: chunk)
            #expect(outcome.cells == cells && outcome.fault == nil, "\(encoding), \(why)")
            #expect(outcome.encoding == Assumptions.Choice(encoding, why: why))
            #expect(outcome.diagnostics.isEmpty)
        }
    }

    @Test func `plain ASCII says so`() {
        #expect(read(Array("a,b\n".utf8)).encoding == Assumptions.Choice("utf-8", why: "all bytes are ASCII"))
        #expect(read([]).encoding == Assumptions.Choice("utf-8", why: "all bytes are ASCII"))
    }

    @Test(arguments: [1, 2, 1 << 14])
    func `what is no UTF-8 is read as Windows-1252, with a warning at the first such byte`(chunk: Int) {
        let bytes = Array("Sample,Area\r\nB,25 ".utf8) + [0xB5] + Array("V ".utf8) + [0x96] + Array("\r\n".utf8)
        let outcome = read(bytes, chunk: chunk)
        #expect(outcome.cells == [["Sample", "Area"], ["B", "25 \u{B5}V –"]])
        #expect(outcome.encoding?.value == "windows-1252")
        #expect(outcome.diagnostics.map(\.code) == ["text.assumed-encoding"])
        #expect(outcome.diagnostics.first?.severity == .warning)
        #expect(
            outcome.diagnostics.first?.location == IngestCore.SourceLocation(file: "sample.csv", line: 2, column: 6))
    }

    @Test func `the bytes behind the first 64 KiB count too`() {
        let plain = Array(String(repeating: "a,b\n", count: 30_000).utf8)
        let late = read(plain + [0xE4, 0x0A])
        #expect(late.encoding?.value == "windows-1252")
        #expect(late.cells.last == ["ä"])
        #expect(late.diagnostics.first?.location.line == 30_001)
        #expect(read(plain + Array("ä\n".utf8)).encoding?.value == "utf-8")
    }

    @Test(arguments: [
        (TextEncoding.windows1250, [0xE8, 0xF8] as [UInt8], "čř"), (.windows1252, [0xE8, 0xF8], "èø"),
        (.latin1, [0xB5, 0x85], "\u{B5}\u{85}"),
        (.utf8, [0xC3, 0xA9], "é"), (.windows1252, [0xC3, 0xA9], "Ã©"), (.utf16LittleEndian, [0xE9, 0x00], "é"),
        (.utf16BigEndian, [0x01, 0x0D], "č"),
    ])
    func `the encoding that is given is taken`(encoding: TextEncoding, bytes: [UInt8], text: String) {
        let outcome = read(bytes, given: encoding)
        #expect(outcome.cells == [[text]])
        #expect(outcome.encoding == Assumptions.Choice(encoding.rawValue, why: "given"))
        #expect(outcome.diagnostics.isEmpty)
    }

    @Test func `a mark is no text, even when the encoding is given`() {
        #expect(read([0xEF, 0xBB, 0xBF, 0x61], given: .utf8).cells == [["a"]])
        #expect(read([0xFF, 0xFE, 0x61, 0x00], given: .utf16LittleEndian).cells == [["a"]])
        #expect(read([0xEF, 0xBB, 0xBF]).cells == [])
        #expect(read([0xFF, 0xFE]).cells == [])
    }

    // MARK: What does not decode

    @Test(arguments: ["\n", "\r", "\r\n", "\r\r\n"], [1, 3, 1 << 14])
    func `a bad byte among good UTF-8 is an error at its place`(end: String, chunk: Int) {
        let lines = end == "\r\r\n" ? 5 : 3
        for (before, column) in [("", 1), ("ab", 3), ("µl ", 4), ("葡萄,🍇", 5)] {
            for bad: [UInt8] in [[0xB5], [0xFF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80]] {
                let bytes = Array("é,é\(end)ü,ü\(end)\(before)".utf8) + bad + Array(",x\(end)".utf8)
                let outcome = read(bytes, chunk: chunk)
                #expect(outcome.fault?.code == "text.undecodable")
                #expect(outcome.place == "\(lines):\(column)")
            }
        }
    }

    @Test func `a file of UTF-8 cut within a character is an error at its end`() {
        let outcome = read(Array("é,é\nab,".utf8) + [0xE8, 0x91])
        #expect(outcome.fault?.code == "text.undecodable" && outcome.place == "2:4")
    }

    @Test func `a bad byte behind the mark of UTF-8 is an error even when it is the only one beyond ASCII`() {
        let outcome = read([0xEF, 0xBB, 0xBF] + Array("a,b\n1,".utf8) + [0xB5] + Array("\n".utf8))
        #expect(outcome.fault?.code == "text.undecodable" && outcome.place == "2:3")
        #expect(read([0xEF, 0xBB, 0xBF, 0xFF]).place == "1:1")
    }

    @Test func `a byte the 8-bit encoding does not have is an error at its place`() {
        for chunk in [1, 1 << 14] {
            let bytes = Array("a\r\n".utf8) + [0xB5, 0xB0, 0x80] + Array("x".utf8) + [0x81] + Array("\n".utf8)
            let outcome = read(bytes, chunk: chunk)
            #expect(outcome.fault?.code == "text.undecodable")
            #expect(outcome.place == "2:5")
            #expect(read([0x61, 0x88], given: .windows1250).place == "1:2")
            #expect(read([0x81], given: .latin1).fault == nil)
        }
    }

    @Test(arguments: [
        ([0xFF] as [UInt8], TextEncoding.utf8, "1:1"), ([0x61, 0x0A, 0xC3, 0x28], .utf8, "2:1"),
        ([0xEF, 0xBB, 0xBF, 0x61, 0xB5], .utf8, "1:2"),
    ])
    func `bytes that are not the encoding that was given are an error`(
        bytes: [UInt8], encoding: TextEncoding, place: String
    ) {
        let outcome = read(bytes, given: encoding)
        #expect(outcome.fault?.code == "text.undecodable" && outcome.place == place)
    }

    // MARK: UTF-16

    @Test(arguments: [false, true], [1, 2, 3, 1 << 14])
    func `half a surrogate pair is an error at its place, whatever the line ends`(bigEndian: Bool, chunk: Int) {
        func bytes(_ units: [UInt16]) -> [UInt8] {
            ([0xFEFF] + units).flatMap {
                bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
            }
        }
        for (end, line) in [("\n", 3), ("\r", 3), ("\r\n", 3), ("\r\r\n", 5)] {
            let before = Array("a,🍇\(end)b\(end)é🍇,".utf16)
            for bad: [UInt16] in [[0xDC00], [0xD83C], [0xD83C, 0x61], [0xD83C, 0xD83C, 0xDF47]] {
                let outcome = read(bytes(before + bad + Array("c\(end)".utf16)), chunk: chunk)
                #expect(outcome.fault?.code == "text.undecodable")
                #expect(outcome.place == "\(line):4", "\(bad) \(end.debugDescription)")
            }
            let cut = read(bytes(before + [0xD83C]), chunk: chunk)
            #expect(cut.fault?.code == "text.undecodable" && cut.place == "\(line):4")
            let odd = read(bytes(before) + [0x61], chunk: chunk)
            #expect(odd.fault?.code == "text.undecodable" && odd.place == "\(line):4")
            let nul = read(bytes(before + [0, 0x62]), chunk: chunk)
            #expect(nul.fault?.code == "text.nul" && nul.place == "\(line):4")
        }
    }

    @Test func `UTF-32 is no UTF-16`() {
        #expect(read([0xFF, 0xFE, 0, 0] + [0x61, 0, 0, 0]).fault?.code == "text.nul")
    }

    // MARK: NUL

    @Test(arguments: ["\n", "\r", "\r\n"], [1, 1 << 14])
    func `a NUL is an error at its place`(end: String, chunk: Int) {
        let utf8 = read(Array("é,b\(end)ü1,\0,2\(end)".utf8), chunk: chunk)
        #expect(utf8.fault?.code == "text.nul" && utf8.place == "2:4")
        let eightBit = read(Array("a\(end)".utf8) + [0xB5, 0xB5, 0x00, 0x61], chunk: chunk)
        #expect(eightBit.fault?.code == "text.nul" && eightBit.place == "2:3")
        #expect(read([0], chunk: chunk).fault?.code == "text.nul")
        #expect(read([0xEF, 0xBB, 0xBF, 0x61, 0], chunk: chunk).place == "1:2")
    }

    // MARK: Any bytes

    @Test(arguments: 0..<4)
    func `no bytes make the reader stumble, and chunks change nothing`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let marks: [[UInt8]] = [[], [], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]]
        for _ in 0..<SeededGenerator.trials(150) {
            var bytes = marks.randomElement(using: &random)!
            let high = [UInt8(0x7F), 0xBF, 0xFF].randomElement(using: &random)!
            bytes += (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...high, using: &random)
            }
            let whole = read(bytes)
            let parts = read(bytes, chunk: Int.random(in: 1...7, using: &random))
            #expect(
                parts.cells == whole.cells && parts.fault == whole.fault && parts.encoding == whole.encoding, "\(bytes)"
            )
            #expect(whole.fault?.code != "test.unexpected")
        }
    }
}
