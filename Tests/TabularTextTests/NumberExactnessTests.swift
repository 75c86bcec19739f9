import Glibc
import IngestCore
import IngestTesting
import TabularText
import Testing

/// Every decimal becomes the double nearest to it. The reference is the standard library's own reading of the text.
struct NumberExactnessTests {
    private func bits(_ text: String) -> UInt64? {
        guard case .number(let value, .exact) = NumberText.read(text, mark: .point) else { return nil }
        return value.bitPattern
    }

    private func expectNearest(_ text: String) {
        guard let nearest = Double(text) else {
            Issue.record("the reference does not read \(text)")
            return
        }
        let isZero = text.prefix { $0 != "e" }.utf8.allSatisfy { !(49...57).contains($0) }
        // What is beyond the range, or would become zero, is a fault.
        let expected = nearest.isFinite && (nearest != 0 || isZero) ? nearest.bitPattern : nil
        let read = bits(text)
        if read != expected {
            Issue.record("\(text): read \(read.map { "\(Double(bitPattern: $0))" } ?? "nothing"), not \(nearest)")
        }
    }

    @Test(arguments: [
        "9007199254740993", "9007199254740992", "9007199254740991", "9007199254740993.0", "9007199254740993e0",
        "9007199254740992.99999999999999999999", "9007199254740993.00000000000000000001", "5e-324", "4.9e-324",
        "3e-324",
        "2.4703282292062327208299493696e-324", "2.4703282292062327208e-324", "2.4703282292062328e-324",
        "2.2250738585072011e-308", "2.2250738585072014e-308", "2.2250738585072012e-308", "1.7976931348623157e308",
        "1.7976931348623158e308", "1.7976931348623159e308", "17976931348623157e292", "0.1e-307", "1e22", "1e23",
        "8.5e22",
        "123456789e22", "0.1", "0.2", "0.3", "1e-22", "1e-23", "1090544144181609348671888949248",
        "10905441441816093486718889492481", "7205759403792793e1", "72057594037927945", "72057594037927944.99999",
        "72057594037927945.00001", "36028797018963966", "36028797018963970",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126",
        "1.00000000000000033306690738754696212708950042724609375", "9223372036854775807", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "9999999999999999999", "99999999999999999999",
        "0.99999999999999999999", "6929495644600919.5", "3.5862321474151315e16", "4503599627370496.5",
        "4503599627370497.5", "4503599627370496.50000000000000000000001",
        ".0000000000000000000000000000000000000000000001",
    ])
    func `a hard number is read as the nearest double`(text: String) {
        expectNearest(text)
        expectNearest("-" + text)
    }

    @Test(arguments: 0..<4)
    func `the shortest text of a double is read as that double`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<SeededGenerator.trials(15_000) {
            let value = random.anyDouble()
            if bits("\(value)") != value.bitPattern { Issue.record("\(value)") }
        }
    }

    @Test(arguments: ["%.17e", "%.16e", "%.14e", "%.18e", "%.20e", "%.24e", "%.3e"])
    func `a text with an exponent is read as the nearest double`(form: String) {
        var random = SeededGenerator(seed: UInt64(form.utf8.reduce(0) { $0 * 31 + Int($1) }))
        for _ in 0..<SeededGenerator.trials(8_000) { expectNearest(printed(random.anyDouble(), form)) }
    }

    @Test(arguments: 1...25)
    func `a text of so many digits is read as the nearest double`(digits: Int) {
        var random = SeededGenerator(seed: UInt64(digits))
        for _ in 0..<SeededGenerator.trials(3_000) {
            var text = random.text(digits, of: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
            switch Int.random(in: 0..<4, using: &random) {
            case 0: text = "0." + text
            case 1:
                text.insert(".", at: text.index(text.startIndex, offsetBy: Int.random(in: 0..<digits, using: &random)))
            default: break
            }
            if Bool.random(using: &random) { text += "e\(Int.random(in: -345...310, using: &random))" }
            expectNearest(text)
        }
    }

    @Test func `a text half way between two doubles is read as the even one`() {
        var random = SeededGenerator(seed: 77)
        for _ in 0..<SeededGenerator.trials(5_000) {
            // An odd number of 54 bits lies half way between two doubles, times a power of two as well.
            let odd = (UInt64(1) << 53) + random.next() % (UInt64(1) << 53) | 1
            let half = UInt128(odd) << UInt128(random.next() % 64)
            expectNearest("\(half)")
            expectNearest("\(half).0000000000000000000000000")
            expectNearest("\(half).0000000000000000000000001")
            expectNearest("\(half - 1).9999999999999999999999999")
        }
    }

    @Test func `a subnormal text is read as the nearest double`() {
        var random = SeededGenerator(seed: 78)
        for _ in 0..<SeededGenerator.trials(5_000) {
            let value = Double(bitPattern: random.next() >> UInt64.random(in: 12..<64, using: &random))
            expectNearest(printed(value, "%.17e"))
            expectNearest(printed(value, "%.25e"))
            expectNearest("\(value)")
        }
    }

    @Test func `a very long text is read as the nearest double`() {
        var random = SeededGenerator(seed: 79)
        let digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
        for _ in 0..<SeededGenerator.trials(200) {
            let front = random.text(Int.random(in: 0...400, using: &random), of: digits)
            let back = random.text(Int.random(in: 1...900, using: &random), of: digits)
            expectNearest("\(front).\(back)")
            expectNearest("0.\(String(repeating: "0", count: front.utf8.count))\(back)")
            expectNearest("\(front)\(back)e-\(front.utf8.count)")
        }
        // The longest text that lies exactly half way, and one digit behind it that decides.
        let half = printed(Double(bitPattern: 0x1F_FFFF_FFFF_FFFF), "%.1074f")
        expectNearest(half)
        expectNearest(half + "0000000001")
        expectNearest(printed(.leastNonzeroMagnitude, "%.1074f"))
    }

    @Test func `both marks give the same double`() {
        var random = SeededGenerator(seed: 80)
        for _ in 0..<SeededGenerator.trials(5_000) {
            let text = printed(random.anyDouble(), Bool.random(using: &random) ? "%.17e" : "%.30e")
            #expect(
                NumberText.read(text.replacing(".", with: ","), mark: .comma) == NumberText.read(text, mark: .point))
        }
    }

    private func printed(_ value: Double, _ form: String) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 2000) { buffer in
            let count = withVaList([value]) { vsnprintf(buffer.baseAddress, 2000, form, $0) }
            return String(decoding: buffer[..<Int(count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
