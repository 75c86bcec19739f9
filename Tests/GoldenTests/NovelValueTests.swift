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
        for mutant in Self.mutants(of: text) {
            let place = mutant.place
            let reading = try await Self.reading(mutant.text, of: sample)
            guard let end = reading.end else {
                #expect(!reading.diagnostics.isEmpty)
                continue
            }
            let isKept = reading.lines.contains(Self.value)
            let isIgnored = end.coverage.ignored > before.ignored
            let told = reading.diagnostics.filter { !known.diagnostics.contains($0) }
            let isPlaced = told.contains { diagnostic in
                diagnostic.message.contains(Self.value) || diagnostic.location.path?.description.contains("ovel") == true
                    || diagnostic.location.line.map(mutant.lines.contains) == true
            }
            // With a result that is left out, what is in it is left out too.
            let isLost = !isHealthy && end.coverage.leftOut > before.leftOut
            #expect(isKept || isIgnored || isPlaced || isLost, "\(place): \(told.map(\.message))")
            #expect(!reading.codes.contains { $0.hasPrefix("adapter.") }, "\(place): \(reading.codes)")
            #expect(end.coverage.addsUp)
            #expect(
                !told.isEmpty || isLost || end.results + end.leftOut >= (known.end?.results ?? 0), "\(place): a result is gone")
        }
    }

    private static func reading(_ text: String, of sample: GoldenSamples.Case) async throws -> AdapterReading {
        let opened = OpenedSource(name: "input.xml", bytes: Array(text.utf8))
        return try await IngestRun(adapters: AdapterRoster.all, wish: .format(sample.adapter), given: sample.given)
            .reading(opened)
    }

    /// A text with one more value in it.
    private struct Mutant {
        var place: String
        var text: String
        /// The lines of the element and of the value.
        var lines: Set<Int>
    }

    /// The text with one more attribute in an element, and in one that has children a text, a child before them and a child
    /// behind them: in the first and the last element of each path, and in some others.
    private static func mutants(of text: String) -> [Mutant] {
        let bytes = Array(text.utf8)
        let tags = Tag.all(in: bytes)
        let paths = Dictionary(grouping: tags.indices) { tags[$0].path }
        let chosen = Set(paths.values.flatMap { [$0[0], $0[$0.count - 1]] })
            .union(stride(from: 0, to: tags.count, by: max(1, tags.count / 20)))
        return chosen.sorted().flatMap { index in
            let tag = tags[index]
            let line = bytes[..<tag.start].count { $0 == 10 } + 1
            func mutant(_ what: String, _ piece: String, at place: Int) -> Mutant {
                Mutant(
                    place: "\(what) of \(tag.path) in line \(line)",
                    text: String(decoding: bytes[..<place] + Array(piece.utf8) + bytes[place...], as: UTF8.self),
                    lines: [line, bytes[..<place].count { $0 == 10 } + 1])
            }
            let attribute = mutant("an attribute", " novel=\"\(value)\"", at: tag.nameEnd)
            guard tag.hasChildren, let inside = tag.inside else { return [attribute] }
            return [
                attribute, mutant("a text", value, at: inside.lowerBound),
                mutant("the first child", "<Novel>\(value)</Novel>", at: inside.lowerBound),
                mutant("the last child", "<Novel>\(value)</Novel>", at: inside.upperBound),
            ]
        }
    }

    /// Where an element stands in a document, as far as that is well-formed.
    private struct Tag {
        /// The names from the outermost element on.
        var path: String
        var start: Int, nameEnd: Int
        /// Between its start tag and its end tag; `nil` where it is one tag.
        var inside: Range<Int>?
        var hasChildren = false

        static func all(in bytes: [UInt8]) -> [Tag] {
            var tags: [Tag] = [], open: [Int] = [], place = 0
            func end(of mark: String, from start: Int) -> Int {
                let mark = Array(mark.utf8)
                return (start..<bytes.count).first { bytes[$0...].starts(with: mark) }.map { $0 + mark.count } ?? bytes.count
            }
            while let start = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
                let rest = bytes[start...]
                if rest.starts(with: Array("<!--".utf8)) {
                    place = end(of: "-->", from: start)
                } else if rest.starts(with: Array("<![".utf8)) {
                    place = end(of: "]]>", from: start)
                } else if rest.starts(with: Array("<?".utf8)) {
                    place = end(of: "?>", from: start)
                } else if rest.starts(with: Array("</".utf8)) {
                    place = end(of: ">", from: start)
                    guard let closed = open.popLast() else { return tags }
                    tags[closed].inside = (tags[closed].inside?.lowerBound ?? start)..<start
                } else {
                    if let parent = open.last { tags[parent].hasChildren = true }
                    let nameEnd =
                        rest.firstIndex { $0 <= 32 || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "/") } ?? bytes.count
                    let name = String(decoding: bytes[(start + 1)..<nameEnd], as: UTF8.self)
                    var quote: UInt8?
                    var close = nameEnd
                    while close < bytes.count, quote != nil || bytes[close] != UInt8(ascii: ">") {
                        let byte = bytes[close]
                        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                            quote = quote == nil ? byte : quote == byte ? nil : quote
                        }
                        close += 1
                    }
                    // A sample may be cut within a tag.
                    guard close < bytes.count else { return tags }
                    place = close + 1
                    var tag = Tag(path: (open.last.map { tags[$0].path } ?? "") + "/" + name, start: start, nameEnd: nameEnd)
                    if bytes[close - 1] != UInt8(ascii: "/") {
                        tag.inside = place..<place
                        open.append(tags.count)
                    }
                    tags.append(tag)
                }
            }
            return tags
        }
    }
}
