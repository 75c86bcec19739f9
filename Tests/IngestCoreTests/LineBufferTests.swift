import IngestTesting
import Testing

@testable import IngestCore

/// Numbers and strings as JSON has them.
struct LineBufferTests {
    private let buffer = LineBuffer(capacity: 16)

    private func written(_ write: (LineBuffer) -> Void) -> String {
        buffer.removeAll()
        write(buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    private func number(_ value: Double) -> String { written { $0.number(value) } }

    /// Equal in every bit when read back, and no longer than Swift's own shortest text.
    private func expectShortest(_ value: Double) {
        let text = number(value)
        if Double(text)?.bitPattern != value.bitPattern { Issue.record("\(value) was written as \(text)") }
        if text.utf8.count > value.description.utf8.count { Issue.record("\(text) is longer than \(value)") }
    }

    @Test(arguments: [
        (1, "1"), (-1, "-1"), (10, "10"), (1234.5, "1234.5"), (0.1, "0.1"), (-0.027, "-0.027"), (1e5, "100000"),
        (123456.789, "123456.789"), (0.00001, "1e-05"), (0.0001, "0.0001"), (0.00012345, "0.00012345"),
        (999_999_999_999_999, "999999999999999"), (100.25, "100.25"),
        (4.871, "4.871"), (1e14, "100000000000000"), (0.5, "0.5"), (3, "3"),
    ])
    func `a number has its shortest text`(value: Double, text: String) { #expect(number(value) == text) }

    @Test(arguments: [
        0.0, -0.0, .leastNonzeroMagnitude, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308,
        1e15, 1e16,
        1e17, 1e21, 1e22, 1e23, 9_007_199_254_740_991, 9_007_199_254_740_992, 9_007_199_254_740_994, 1e-5,
        9.999999999999999e-6, 1e-6, 1e-7,
        0.1 + 0.2, 1.0 / 3, 2.0 / 3, 4503599627370496.5, 999999999999999.9, 999999999999999.875, 99999999999999.98, 0.3,
        123456789012345.6, 1.1, 2.5e-5, 0.000123, 1e15 - 0.125, 5e14 + 0.0625, 70.1, 1.005, 0.615, 1e300,
    ])
    func `a number reads back as itself`(value: Double) {
        expectShortest(value)
        expectShortest(-value)
    }

    @Test(arguments: 0..<4)
    func `any double reads back as itself`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<SeededGenerator.trials(20_000) { expectShortest(random.anyDouble()) }
    }

    @Test(arguments: 0..<4)
    func `a double of everyday size reads back as itself`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(100 + seed))
        for _ in 0..<SeededGenerator.trials(10_000) {
            let exponent = Int.random(in: -22...55, using: &random)
            expectShortest(
                Double(sign: .plus, exponent: exponent, significand: Double.random(in: 1..<2, using: &random)))
        }
    }

    @Test(arguments: 0..<18)
    func `a number of so many decimals keeps them, whatever was written before`(decimals: Int) {
        var random = SeededGenerator(seed: UInt64(200 + decimals))
        for _ in 0..<SeededGenerator.trials(2_000) {
            let digits = random.next() % 10_000_000_000_000_000 >> UInt64.random(in: 0..<50, using: &random)
            guard let value = Double("\(digits)e-\(decimals)") else { continue }
            expectShortest(value)
            expectShortest(value.nextUp)
            expectShortest(value.nextDown)
        }
    }

    @Test(arguments: [0, 1, -1, 9, 10, 99, 100, -100, 999_999, Int.max, Int.min, 1_000_000_000_000_000_000])
    func `a whole number is written in full`(value: Int) { #expect(written { $0.integer(value) } == "\(value)") }

    @Test func `every power of ten and its neighbours are written in full`() {
        var power = 1
        while true {
            for value in [power - 1, power, power + 1, -power] { #expect(written { $0.integer(value) } == "\(value)") }
            let (next, over) = power.multipliedReportingOverflow(by: 10)
            if over { break }
            power = next
        }
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{1}\u{8}\u{C}\u{1F}", ##""\u0000\u0001\u0008\u000c\u001f""##), ("/", #""/""#),
        ("\u{7F}", "\"\u{7F}\""),
        ("µl · 25 °C − 葡萄 🍇", "\"µl · 25 °C − 葡萄 🍇\""), ("e\u{301}\"", "\"e\u{301}\\\"\""), ("\r\n", #""\r\n""#),
        ("\"\u{308}", "\"\\\"\u{308}\""), ("\\\u{308}", "\"\\\\\u{308}\""),
    ])
    func `a text is quoted as JSON has it`(text: String, json: String) {
        // Compared by bytes: `==` takes a letter and its accent for the letter with the accent.
        #expect(Array(written { $0.string(text) }.utf8) == Array(json.utf8))
    }

    @Test func `any text reads back as itself`() {
        var random = SeededGenerator(seed: 300)
        let alphabet = [
            "\"", "\\", "\n", "\r", "\t", "\u{0}", "\u{1F}", " ", "a", "é", "\u{301}", "葡", "🍇", "\u{2028}",
        ]
        for _ in 0..<SeededGenerator.trials(5_000) {
            let text = random.text(Int.random(in: 0...40, using: &random), of: alphabet)
            let json = Array(written { $0.string(text) }.utf8)
            #expect(json.first == UInt8(ascii: "\"") && json.last == UInt8(ascii: "\""))
            #expect(unescaped(json.dropFirst().dropLast()) == Array(text.utf8))
        }
    }

    /// The bytes that the inside of a JSON string stands for; `nil` when it is none.
    private func unescaped(_ json: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = json
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                guard byte >= 0x20, byte != UInt8(ascii: "\"") else { return nil }
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
            case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "u"):
                guard let code = UInt8(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16) else { return nil }
                bytes.append(code)
                rest = rest.dropFirst(4)
            default: return nil
            }
        }
        return bytes
    }

    @Test func `numbers and texts follow each other without a gap, however the buffer grows`() {
        var expected = ""
        let text = written { buffer in
            for index in 0..<2_000 {
                buffer.number(Double(index) / 8)
                buffer.string("\(index)\n")
                buffer.integer(-index)
                let value = Double(index) / 8
                expected += value == value.rounded() ? (index == 0 ? "0.0" : "\(index / 8)") : "\(value)"
                expected += "\"\(index)\\n\"\(-index)"
            }
        }
        #expect(text == expected)
    }
}
