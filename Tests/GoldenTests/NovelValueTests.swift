import FoundationEssentials
import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

/// A newer version of an instrument's software writes more than an adapter knows. Wherever a value nobody knows stands in an
/// XML sample, it is in the records afterwards, or ignored by a rule, or told; never gone without a word.
struct NovelValueTests {
    static let documents = GoldenSamples.cases(in: samples).filter {
        $0.adapter.hasPrefix("xml.") && ![".zip", ".rslt", ".D", ".gz"].contains(where: $0.input.hasSuffix)
    }
    static let value = "a-value-nobody-knows"

    @Test(arguments: documents)
    func `a value nobody knows is kept, ignored by a rule, or told`(sample: GoldenSamples.Case) async throws {
        // Samples in UTF-16 say the same as the others.
        guard let text = try? String(contentsOfFile: sample.input, encoding: .utf8) else { return }
        let known = try await Self.reading(text, of: sample)
        guard let before = known.end?.coverage else { return }
        let isHealthy = known.diagnostics.allSatisfy { $0.severity != .error }
        for (place, mutant) in Self.mutants(of: text) {
            let reading = try await Self.reading(mutant, of: sample)
            guard let end = reading.end else {
                #expect(!reading.diagnostics.isEmpty)
                continue
            }
            let isKept = reading.lines.contains(Self.value)
            let isIgnored = end.coverage.ignored > before.ignored
            // With a result that is left out, what is in it is left out too.
            let isTold =
                reading.diagnostics.count > known.diagnostics.count || !isHealthy && end.coverage.leftOut > before.leftOut
            #expect(isKept || isIgnored || isTold, "\(place)")
            #expect(!reading.codes.contains { $0.hasPrefix("adapter.") }, "\(place): \(reading.codes)")
            #expect(end.coverage.addsUp)
            #expect(isTold || end.results + end.leftOut >= (known.end?.results ?? 0), "\(place): a result is gone")
        }
    }

    private static func reading(_ text: String, of sample: GoldenSamples.Case) async throws -> AdapterReading {
        let opened = OpenedSource(name: "input.xml", bytes: Array(text.utf8))
        return try await IngestRun(adapters: AdapterRoster.all, wish: .format(sample.adapter), given: sample.given)
            .reading(opened)
    }

    /// The text with one more attribute in each element, and a text or one more child in each element that has children; of
    /// a long text, in some of them.
    private static func mutants(of text: String) -> [(String, String)] {
        let bytes = Array(text.utf8)
        var mutants: [(String, String)] = []
        let starts = bytes.indices.dropLast().filter { bytes[$0] == UInt8(ascii: "<") && isName(bytes[$0 + 1]) }
        let step = max(1, starts.count / 40)
        for start in stride(from: 0, to: starts.count, by: step).map({ starts[$0] }) {
            var end = start + 1
            while end < bytes.count, isName(bytes[end]) || bytes[end] == UInt8(ascii: ":") { end += 1 }
            let name = String(decoding: bytes[start + 1..<end], as: UTF8.self)
            let line = bytes[..<start].count { $0 == 10 } + 1
            mutants.append(("an attribute of <\(name)> in line \(line)", inserted(" novel=\"\(value)\"", into: bytes, at: end)))
            guard let close = bytes[end...].firstIndex(of: UInt8(ascii: ">")), bytes[close - 1] != UInt8(ascii: "/"),
                let next = bytes[(close + 1)...].first(where: { $0 > 32 }), next == UInt8(ascii: "<"),
                !bytes[(close + 1)...].drop(while: { $0 <= 32 }).starts(with: Array("</".utf8)),
                !bytes[(close + 1)...].drop(while: { $0 <= 32 }).starts(with: Array("<![".utf8))
            else { continue }
            mutants.append(("text in <\(name)> in line \(line)", inserted(value, into: bytes, at: close + 1)))
            mutants.append(
                ("a child of <\(name)> in line \(line)", inserted("<Novel>\(value)</Novel>", into: bytes, at: close + 1)))
        }
        return mutants
    }

    private static func isName(_ byte: UInt8) -> Bool {
        byte | 32 >= 97 && byte | 32 <= 122 || byte &- 48 < 10 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }

    private static func inserted(_ piece: String, into bytes: [UInt8], at place: Int) -> String {
        String(decoding: bytes[..<place] + Array(piece.utf8) + bytes[place...], as: UTF8.self)
    }
}
