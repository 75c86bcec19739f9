import IngestCore
import IngestTesting
import Testing

/// What the beginning of a file says of its encoding, and what the bytes of each encoding mean.
struct TextEncodingTests {
    private static let table = "Name,Fläche µV\r\nA,1.5\r\n"

    private func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
    }

    @Test func `a byte order mark decides`() {
        #expect(TextEncoding.suggested(by: [0xEF, 0xBB, 0xBF] + Array("a".utf8)) == (.utf8, 3))
        #expect(TextEncoding.suggested(by: [0xFF, 0xFE] + utf16("a", bigEndian: false)) == (.utf16LittleEndian, 2))
        #expect(TextEncoding.suggested(by: [0xFE, 0xFF] + utf16("a", bigEndian: true)) == (.utf16BigEndian, 2))
        #expect(TextEncoding.suggested(by: [0xEF, 0xBB, 0xBF]) == (.utf8, 3))
        #expect(TextEncoding.suggested(by: [0xFF, 0xFE]) == (.utf16LittleEndian, 2))
    }

    @Test func `without a mark the bytes decide`() {
        #expect(TextEncoding.suggested(by: utf16(Self.table, bigEndian: false)) == (.utf16LittleEndian, 0))
        #expect(TextEncoding.suggested(by: utf16(Self.table, bigEndian: true)) == (.utf16BigEndian, 0))
        // Not behind lines of something else.
        let behind = Array("Sample Name:\tStd A and a few more letters\n".utf8) + utf16(Self.table, bigEndian: false)
        #expect(TextEncoding.suggested(by: behind) == (.windows1252, 0))
        #expect(TextEncoding.suggested(by: Array(Self.table.utf8)) == (.utf8, 0))
        #expect(TextEncoding.suggested(by: []) == (.utf8, 0))
        #expect(TextEncoding.suggested(by: Array("Fl".utf8) + [0xE4] + Array("che".utf8)) == (.windows1252, 0))
        // The opening ends within a character; that is no fault of it.
        #expect(TextEncoding.suggested(by: Array("Fl".utf8) + [0xC3]) == (.utf8, 0))
        #expect(TextEncoding.suggested(by: Array("a,b\n1,\0\n".utf8)) == (.utf8, 0))
    }

    @Test(arguments: [
        ("UTF-8", TextEncoding.utf8), ("utf8", .utf8), ("utf-16", .utf16LittleEndian), ("UTF-16LE", .utf16LittleEndian),
        ("utf_16_be", .utf16BigEndian),
        ("Windows-1252", .windows1252), ("cp1252", .windows1252), ("ANSI", .windows1252),
        ("windows-1250", .windows1250), ("CP-1250", .windows1250),
        ("latin1", .latin1), ("ISO-8859-1", .latin1), ("l1", .latin1),
    ])
    func `an encoding has the names people type`(name: String, encoding: TextEncoding) {
        #expect(TextEncoding(named: name) == encoding)
        #expect(TextEncoding(named: encoding.rawValue) == encoding)
    }

    @Test(arguments: ["", "utf", "utf-7", "utf-32", "koi8-r", "ascii8", "1251"])
    func `an encoding that is not known has no name`(name: String) { #expect(TextEncoding(named: name) == nil) }

    @Test(arguments: [
        (TextEncoding.windows1252, 0x80, "€"), (.windows1252, 0x85, "…"), (.windows1252, 0x96, "–"),
        (.windows1252, 0x99, "™"), (.windows1252, 0x9F, "Ÿ"),
        (.windows1252, 0xB5, "\u{B5}"), (.windows1252, 0xB0, "°"), (.windows1252, 0xE4, "ä"), (.windows1252, 0xFF, "ÿ"),
        (.windows1252, 0x41, "A"),
        (.windows1250, 0x8A, "Š"), (.windows1250, 0x9F, "ź"), (.windows1250, 0xB5, "\u{B5}"), (.windows1250, 0xB9, "ą"),
        (.windows1250, 0xE8, "č"),
        (.windows1250, 0xF8, "ř"), (.windows1250, 0xFF, "˙"), (.windows1250, 0xD7, "×"), (.windows1250, 0xB0, "°"),
        (.windows1250, 0xC6, "Ć"),
        (.latin1, 0x85, "\u{85}"), (.latin1, 0xE9, "é"), (.latin1, 0xB5, "\u{B5}"),
    ])
    func `a byte means its character`(encoding: TextEncoding, byte: Int, character: String) {
        #expect(encoding.scalar(of: UInt8(byte)) == character.unicodeScalars.first)
    }

    @Test func `the bytes that an encoding leaves undefined are none`() {
        func undefined(_ encoding: TextEncoding) -> [Int] { (0...255).filter { encoding.scalar(of: UInt8($0)) == nil } }
        #expect(undefined(.windows1252) == [0x81, 0x8D, 0x8F, 0x90, 0x9D])
        #expect(undefined(.windows1250) == [0x81, 0x83, 0x88, 0x90, 0x98])
        #expect(undefined(.latin1) == [])
    }

    @Test func `no two bytes mean the same character`() {
        for encoding in [TextEncoding.windows1252, .windows1250, .latin1] {
            let scalars = (0...255).compactMap { encoding.scalar(of: UInt8($0)) }
            #expect(Set(scalars).count == scalars.count)
        }
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xC3, 0x28],
            [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28],
            [0xF0, 0x9F, 0x98, 0x28],
        ] as [[UInt8]])
    func `an ill-formed sequence is found`(bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { #expect(UTF8Check.length($0, at: 0) == 0) }
    }

    @Test func `every scalar is well-formed, and cut short it is incomplete`() {
        for code in stride(from: UInt32(0), through: 0x10FFFF, by: 7) {
            guard let scalar = Unicode.Scalar(code) else { continue }
            let bytes = Array(String(scalar).utf8)
            bytes.withUnsafeBufferPointer {
                #expect(UTF8Check.length($0, at: 0) == bytes.count)
                if bytes.count > 1 {
                    #expect(UTF8Check.length(UnsafeBufferPointer(rebasing: $0.dropLast()), at: 0) == -1)
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func `the opening of a file is decoded, with the mark left out`(withMark: Bool) {
        func lines(_ bytes: [UInt8]) -> [String] { SourceOpening(name: "x", bytes: bytes).lines }
        let expected = ["Name,Fläche µV", "A,1.5"]
        #expect(lines((withMark ? [0xEF, 0xBB, 0xBF] : []) + Array(Self.table.utf8)) == expected)
        #expect(lines((withMark ? [0xFF, 0xFE] : []) + utf16(Self.table, bigEndian: false)) == expected)
        #expect(lines((withMark ? [0xFE, 0xFF] : []) + utf16(Self.table, bigEndian: true)) == expected)
        #expect(
            lines(Array("Name,Fl".utf8) + [0xE4] + Array("che ".utf8) + [0xB5] + Array("V\r\nA,1.5".utf8)) == expected)
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func `the opening is cut into lines at every line end`(end: String) {
        let opening = SourceOpening(name: "x", bytes: Array("a\(end)\(end)b\(end)".utf8))
        #expect(opening.lines == ["a", "", "b"])
        #expect(opening.firstLine == "a" && opening.line(3) == "b" && opening.line(4) == "" && opening.line(0) == "")
        #expect(SourceOpening(name: "x", bytes: Array("a\r\r\nb".utf8)).lines == ["a", "", "b"])
        #expect(SourceOpening(name: "x", bytes: []).firstLine == "")
    }
}
