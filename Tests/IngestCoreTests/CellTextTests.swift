import IngestCore
import IngestTesting
import Testing

/// The text of a cell comes out as it went in, however long, and is quoted as any other text.
struct CellTextTests {
    private static let alphabet = [
        "a", "0", "9", ".", " ", "\"", "\\", "\n", "\t", "\u{0}", "\u{1F}", "\u{7F}", "é", "葡", "🍇", "\u{80}",
    ]

    /// The buffers that a text of a file is read from: exactly as long as it, so that nothing behind it can be read.
    private func withBytes(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        defer { bytes.deallocate() }
        _ = bytes.initialize(from: text.utf8)
        body(UnsafeBufferPointer(bytes))
    }

    @Test(arguments: 0...24)
    func `a text of so many bytes comes out as it went in`(length: Int) {
        var random = SeededGenerator(seed: UInt64(length))
        var taken = CellText("before")
        for _ in 0..<SeededGenerator.trials(200) {
            let text = random.text(length, of: Self.alphabet)
            #expect(Array(CellText(text).string.utf8) == Array(text.utf8))
            withBytes(text) {
                #expect(Array(CellText($0).string.utf8) == Array(text.utf8))
                taken.take($0)
                #expect(Array(taken.string.utf8) == Array(text.utf8))
            }
        }
        #expect(CellText(UnsafeBufferPointer(start: nil, count: 0)).string.isEmpty)
    }

    @Test(arguments: 0...24)
    func `a cell is quoted as any text is`(length: Int) {
        var random = SeededGenerator(seed: UInt64(100 + length))
        for _ in 0..<SeededGenerator.trials(200) {
            let text = random.text(length, of: Self.alphabet)
            let result = ResultRecord(
                kind: .peak, measurements: [Measurement(.area, Quantity(written: text, value: 1))], extras: ["x": text],
                location: SourceLocation(file: "x"))
            let buffer = LineBuffer(capacity: 1)
            RecordLines(into: buffer).write(result)
            let parts = String(decoding: buffer.bytes, as: UTF8.self).utf8
            let line = Array(parts)
            // "written" of the measurement and the extra are the same text.
            let written = between(line, "\"written\":", ",\"value\":1}]")
            let extra = between(line, "\"extras\":{\"x\":", "}}\n")
            #expect(written != nil && written == extra)
        }
    }

    @Test func `every byte is quoted as any text is, wherever it stands`() {
        for code in UInt8(0)...127 {
            for position in 0..<15 {
                let text =
                    String(repeating: "a", count: position) + String(UnicodeScalar(code))
                    + String(repeating: "b", count: 14 - position)
                let buffer = LineBuffer()
                let result = ResultRecord(
                    kind: .peak, measurements: [Measurement(.area, Quantity(written: text, value: 1))],
                    extras: ["x": text],
                    location: SourceLocation(file: "x"))
                RecordLines(into: buffer).write(result)
                let line = Array(buffer.bytes)
                #expect(
                    between(line, "\"written\":", ",\"value\":1}]") == between(line, "\"extras\":{\"x\":", "}}\n"),
                    "\(code) at \(position)")
            }
        }
    }

    private func between(_ line: [UInt8], _ before: String, _ behind: String) -> [UInt8]? {
        guard let start = line.indices.first(where: { line[$0...].starts(with: before.utf8) }) else { return nil }
        let rest = line[(start + before.utf8.count)...]
        guard let end = rest.indices.first(where: { rest[$0...].starts(with: behind.utf8) }) else { return nil }
        return Array(rest[..<end])
    }
}
