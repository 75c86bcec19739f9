import Digests
import FoundationEssentials
import IngestCore
import IngestTesting
import RecordReading

extension FuzzTarget {
    /// A text as JSON, against Foundation.
    static let json = FuzzTarget("json", longest: 4096) { input in
        guard let value = read(input) else { return }
        let text = value.text
        guard let again = read(Array(text.utf8)) else { throw FuzzFinding("\(text) is no JSON any more") }
        try expect(again == value, "\(text) is read as \(again.text)")
        try expectSame(again.text, text, "texts of one value")
        // Foundation refuses 0e4, which is JSON.
        guard !zip(input, input.dropFirst()).contains(where: { $0 == 48 && $1 | 32 == UInt8(ascii: "e") }) else { return }
        do {
            let other = try JSONDecoder().decode(JSONValue.self, from: Data(input))
            try expect(other == value, "read as \(text), which is \(other.text)")
        } catch let fault as DecodingError {
            throw FuzzFinding("read as \(text), which is no JSON: \(fault)")
        }
    }

    private static func read(_ bytes: [UInt8]) -> JSONValue? {
        // What is refused is refused; only what is read is compared.
        try? JSONValue(parsing: bytes)
    }

    /// A records file, as it is, and with the digest that its lines have.
    static let records = FuzzTarget("records", longest: 16_000) { input in
        for bytes in [input, withDigest(input)] {
            let file = try TemporaryText(bytes: bytes)
            let records: RecordsFile
            do {
                records = try RecordsFile(path: file.path)
            } catch let fault as Diagnostic {
                try expect(fault.code.hasPrefix("records."), "\(fault.code) is no fault of records")
                continue
            }
            // What was checked is given out, all of it.
            let results = try records.results()
            var count = 0
            while let line = try results.next() {
                try expect(line.type == "result" && !line.id.isEmpty, "line \(line.number) is no result")
                count += 1
            }
            try expect(count == records.resultCount, "\(count) results are given out, of \(records.resultCount)")
        }
    }

    private static func withDigest(_ input: [UInt8]) -> [UInt8] {
        let end = input.dropLast().lastIndex(of: 10).map { $0 + 1 } ?? 0
        let digest = MessageDigest()
        input[..<end].withUnsafeBytes { digest.update($0) }
        let last = String(decoding: input[end...], as: UTF8.self)
        return Array(input[..<end]) + Array(last.replacing("\"(digest)\"", with: "\"\(digest.hexadecimal())\"").utf8)
    }
}
