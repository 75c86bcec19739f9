import IngestTesting
import Testing

@testable import IngestCore

/// What the bytes of a text tell must not depend on how they were cut into chunks, nor on where they stand.
struct ByteSurveyTests {
    private struct Signs: Equatable, CustomStringConvertible {
        var counts: [Int]
        var dates: String

        init(_ survey: ByteSurvey) {
            counts = [
                survey.aboveASCII, survey.nul, survey.quotes, survey.commaNumbers, survey.pointNumbers,
                survey.utf8.wellFormed, survey.utf8.illFormed, survey.utf8.firstIllFormed,
            ]
            dates = survey.dates.verdict.why
        }

        var description: String { "\(counts), \(dates)" }
    }

    private func survey(_ bytes: [UInt8], chunk: () -> Int) -> Signs {
        var survey = ByteSurvey()
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + max(1, chunk()))
            bytes[start..<end].withUnsafeBufferPointer { survey.look(at: $0) }
            start = end
        }
        survey.finish()
        return Signs(survey)
    }

    @Test func `the counts are those of a plain loop`() {
        var random = SeededGenerator(seed: 3)
        let alphabet = ["0", "7", ",", ".", "-", "/", "\"", "\0", "é", "µ", " ", "x", "\n", "12/31/2024", "5.3.24"]
        for _ in 0..<SeededGenerator.trials(300) {
            let bytes = Array(random.text(Int.random(in: 0...400, using: &random), of: alphabet).utf8)
            func isDigit(_ index: Int) -> Bool { bytes.indices.contains(index) && bytes[index] &- 48 < 10 }
            func between(_ mark: Character) -> Int {
                bytes.indices.count { bytes[$0] == mark.asciiValue && isDigit($0 - 1) && isDigit($0 + 1) }
            }
            let expected = [
                bytes.count { $0 >= 0x80 }, bytes.count { $0 == 0 }, bytes.count { $0 == 0x22 }, between(","), between("."),
                bytes.count { $0 >= 0xC0 }, 0, 0,
            ]
            #expect(survey(bytes) { bytes.count }.counts == expected)
        }
    }

    @Test func `chunks of any length tell the same`() {
        var random = SeededGenerator(seed: 11)
        let alphabet = [
            "0", "7", ",", ".", "-", "/", "\"", "é", "€", "😀", " ", "x", "\r\n", "13/12/2024", ",1/2/2024,", "5.13.2024",
        ]
        for _ in 0..<SeededGenerator.trials(200) {
            var bytes = Array(random.text(Int.random(in: 0...300, using: &random), of: alphabet).utf8)
            if Bool.random(using: &random), !bytes.isEmpty { bytes[Int.random(in: bytes.indices, using: &random)] = 0x9F }
            let whole = survey(bytes) { bytes.count }
            for most in [1, 2, 7, 40, 64, 200] {
                #expect(survey(bytes) { Int.random(in: 1...most, using: &random) } == whole, "chunks up to \(most)")
            }
        }
    }

    @Test(arguments: [0, 1, 3, 11, 12, 13, 23, 24, 25, 47, 48, 49, 7167, 7168, 7180, 7190])
    func `a date is seen wherever it stands`(before: Int) {
        for date in ["31/12/2024", "31.12.2024"] {
            for behind in [0, 1, 5, 100] {
                let text =
                    String(repeating: "x", count: max(0, before - 1)) + (before > 0 ? "," : "") + date
                    + String(repeating: " ", count: behind)
                let whole = survey(Array(text.utf8)) { 1 << 20 }
                #expect(whole.dates.hasPrefix(date), "\(behind) behind")
                #expect(survey(Array(text.utf8)) { 64 } == whole)
            }
        }
    }

    @Test func `a date right behind a byte order mark is one`() {
        let bytes = [0xEF, 0xBB, 0xBF] + Array("31/12/2024\n".utf8)
        #expect(survey(bytes) { 100 }.dates.hasPrefix("31/12/2024"))
        #expect(survey([0xC2, 0xBF] + Array("31/12/2024\n".utf8)) { 100 }.dates.hasPrefix("no date"))
    }

    @Test func `a character cut by the end of the file is none`() {
        let signs = survey(Array("aé".utf8).dropLast()) { 1 }
        #expect(signs.counts[6] == 1 && signs.counts[7] == 1)
    }
}
