import IngestCore
import IngestTesting
import Testing

@testable import TabularText

/// The way without a loop says what the general way says, or nothing.
struct PlainNumberTests {
    /// Reads a text that stands in the middle of others, as cells do.
    private func padded(_ text: String, mark: Character) -> Double? {
        let bytes = Array((text + ",9.9\n;8,8000000000000").utf8)
        return bytes.withUnsafeBufferPointer { NumberText.padded($0.baseAddress!, text.utf8.count, mark.asciiValue!) }
    }

    @Test(arguments: [
        ("0", 0), ("7", 7), ("12345678", 12_345_678), ("0.5", 0.5), ("24.989", 24.989), ("22260.030", 22260.03),
        ("12345678.1", 12345678.1), ("1234567.12345678", 1234567.12345678), ("-1.5", -1.5), ("-12345678.9", -12345678.9),
        ("0.00000001", 1e-8), ("00012.50", 12.5),
    ])
    func `plain numbers are read`(text: String, value: Double) {
        #expect(padded(text, mark: ".") == value)
        #expect(padded(text.replacing(".", with: ","), mark: ",") == value)
    }

    @Test(arguments: [
        "", "-", ".", "5.", ".5", "-.5", "+5", "1e5", " 5", "5 ", "1.2.3", "1,5", "12a", "a", "1:5", "1/5", "--5", "5-", "1.-5",
        "123456789", "1.123456789", "12345678.12345678", "\u{2212}5", "５", "1_0", "0x1F", "nan", "<5", "1;5", "1.5\u{A0}",
    ])
    func `all else is left to a close look`(text: String) { #expect(padded(text, mark: ".") == nil) }

    @Test func `both ways agree on any text`() {
        var random = SeededGenerator(seed: 42)
        let alphabet = ["0", "1", "5", "9", "3", "7", "8", "2", "4", "6", ".", ",", "-", " ", "e", "/", ":", "\u{7F}", "é"]
        for _ in 0..<SeededGenerator.trials(200_000) {
            // Mostly digits, so that most are numbers.
            let length = Int.random(in: 0...18, using: &random)
            let some = Bool.random(using: &random) ? Array(alphabet[..<11]) : alphabet
            let text = random.text(length, of: some)
            guard let value = padded(text, mark: ".") else { continue }
            let general = NumberText.read(text, mark: .point)
            guard case .number(let expected, .exact) = general, value.bitPattern == expected.bitPattern,
                value.bitPattern == Double(text)?.bitPattern
            else {
                Issue.record("\"\(text)\" is \(value), but \(general)")
                return
            }
        }
    }

    @Test func `most numbers of real exports go this way`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<SeededGenerator.trials(20_000) {
            let whole = Int.random(in: 0..<10_000_000, using: &random), decimals = Int.random(in: 1...8, using: &random)
            let text = "\(whole)." + random.text(decimals, of: (0...9).map(String.init))
            #expect(padded(text, mark: ".") == Double(text), "\(text)")
        }
    }
}
