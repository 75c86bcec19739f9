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
        for mutant in Mutant.all(of: text, without: Self.paths(before: sample)) {
            let reading = try await Self.reading(mutant.text, of: sample)
            guard let end = reading.end else {
                #expect(!reading.diagnostics.isEmpty)
                continue
            }
            let isKept = reading.lines.split(separator: "\n")
                .contains { !$0.hasPrefix("{\"type\":\"diagnostic\"") && $0.contains(Mutant.value) }
            let isIgnored = end.coverage.ignored > before.ignored
            let isLeftOut = end.coverage.leftOut > before.leftOut
            let isTold = reading.diagnostics.contains { mutant.isQuoted(by: $0) || isLeftOut && mutant.isPlaced(by: $0) }
            #expect(isKept || isIgnored || isTold, "\(mutant.place)")
            #expect(!reading.codes.contains { $0.hasPrefix("adapter.") }, "\(mutant.place): \(reading.codes)")
            #expect(end.coverage.addsUp)
            #expect(isTold || end.results + end.leftOut >= (known.end?.results ?? 0), "\(mutant.place): a result is gone")
        }
    }

    /// The elements that samples of the same format before this one have too: each is tried once.
    private static func paths(before sample: GoldenSamples.Case) -> Set<String> {
        var paths: Set<String> = []
        for other in documents.prefix(while: { $0.input != sample.input }) where other.adapter == sample.adapter {
            guard let text = try? String(contentsOfFile: other.input, encoding: .utf8) else { continue }
            paths.formUnion(Tags(Array(text.utf8)).elements.map(\.names))
        }
        return paths
    }

    private static func reading(_ text: String, of sample: GoldenSamples.Case) async throws -> AdapterReading {
        let opened = OpenedSource(name: "input.xml", bytes: Array(text.utf8))
        return try await IngestRun(adapters: AdapterRoster.all, wish: .format(sample.adapter), given: sample.given)
            .reading(opened)
    }
}

/// A document with one value more.
private struct Mutant {
    static let value = "a-value-nobody-knows"

    let text: String
    /// What was put where, for people.
    let place: String
    /// Of the element that got it, as records write it.
    private let path: String

    /// Whether a diagnostic shows the value.
    func isQuoted(by diagnostic: Diagnostic) -> Bool {
        [diagnostic.message, diagnostic.hint ?? "", diagnostic.excerpt?.text ?? ""].contains { $0.contains(Self.value) }
    }

    /// Whether a diagnostic is about the element, something in it, or what it is left out with: an element around it, or a
    /// field beside it.
    func isPlaced(by diagnostic: Diagnostic) -> Bool {
        guard diagnostic.severity != .note else { return false }
        // Of a document that breaks off the place is no element.
        guard let told = diagnostic.location.path?.description else { return true }
        let around = told.lastIndex(of: "/").map { String(told[..<$0]) } ?? told
        return Self.isInside(told, path) || Self.isInside(path, told) || around.contains("/") && Self.isInside(path, around)
    }

    private static func isInside(_ path: String, _ other: String) -> Bool { path == other || path.hasPrefix(other + "/") }

    /// For each path of names in the document: one more attribute, in the first element there; and where that has elements in
    /// it, a text and a child before them. In the last element there, a child behind all others.
    static func all(of text: String, without known: Set<String>) -> [Mutant] {
        let bytes = Array(text.utf8)
        let elements = Tags(bytes).elements.filter { !known.contains($0.names) }
        func mutant(_ what: String, of element: Tags.Element, _ piece: String, at place: Int) -> Mutant {
            Mutant(
                text: String(decoding: bytes[..<place] + Array(piece.utf8) + bytes[place...], as: UTF8.self),
                place: "\(what) of \(element.path)", path: element.path)
        }
        var mutants: [Mutant] = []
        for same in Dictionary(grouping: elements, by: \.names).values {
            mutants.append(mutant("an attribute", of: same[0], " novel=\"\(value)\"", at: same[0].nameEnd))
            if let first = same.first(where: { $0.hasElementFirst }) {
                mutants.append(mutant("a text", of: first, value, at: first.contentStart))
                mutants.append(mutant("a first child", of: first, "<Novel>\(value)</Novel>", at: first.contentStart))
            }
            if let last = same.last(where: { $0.hasElementLast }) {
                mutants.append(mutant("a last child", of: last, "<Novel>\(value)</Novel>", at: last.contentEnd))
            }
        }
        return mutants
    }
}

/// The elements of a well-formed document, and where their tags are.
private struct Tags {
    struct Element {
        /// Without numbers, and with them.
        let names: String, path: String
        let nameEnd: Int
        var contentStart = 0, contentEnd = 0
        var hasElementFirst = false, hasElementLast = false
        var counts: [String: Int] = [:]
    }

    private(set) var elements: [Element] = []

    init(_ bytes: [UInt8]) {
        var open: [Int] = []
        var place = 0
        // Where the last element in the innermost open one ends, while nothing but blanks followed.
        var lastEnd: Int?
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "<") else {
                if bytes[place] > 32 { lastEnd = nil }
                place += 1
                continue
            }
            if let end = Self.passed(bytes, place) {
                if bytes[place...].starts(with: Array("<![".utf8)) { lastEnd = nil }
                place = end
                continue
            }
            guard let close = Self.tagEnd(bytes, place) else { return }
            if bytes[place + 1] == UInt8(ascii: "/") {
                if let index = open.popLast() {
                    elements[index].contentEnd = place
                    elements[index].hasElementLast = lastEnd != nil
                }
                lastEnd = close
            } else {
                let isEmpty = bytes[close - 2] == UInt8(ascii: "/")
                begin(bytes, place, close, in: open.last)
                if isEmpty { lastEnd = close } else { open.append(elements.count - 1) }
                if !isEmpty { lastEnd = nil }
            }
            place = close
        }
    }

    private mutating func begin(_ bytes: [UInt8], _ place: Int, _ close: Int, in parent: Int?) {
        var end = place + 1
        while bytes[end] > 32, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: ">") { end += 1 }
        let name = String(decoding: bytes[place + 1..<end], as: UTF8.self)
        var number = 1
        if let parent {
            number = elements[parent].counts[name, default: 0] + 1
            elements[parent].counts[name] = number
            if elements[parent].counts.values.reduce(0, +) == 1 {
                elements[parent].hasElementFirst = bytes[elements[parent].contentStart..<place].allSatisfy { $0 <= 32 }
            }
        }
        elements.append(
            Element(
                names: (parent.map { elements[$0].names } ?? "") + "/" + name,
                path: (parent.map { elements[$0].path } ?? "") + "/" + name + (number > 1 ? "[\(number)]" : ""),
                nameEnd: end, contentStart: close))
    }

    /// Behind the tag that begins there; quotes may hold what looks like its end.
    private static func tagEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        var quote: UInt8?
        for place in start..<bytes.count {
            let byte = bytes[place]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return place + 1
            }
        }
        return nil
    }

    /// Behind a comment, an instruction or a CDATA section that begins there; `nil` for a tag.
    private static func passed(_ bytes: [UInt8], _ start: Int) -> Int? {
        for (begin, end) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
        where bytes[start...].starts(with: Array(begin.utf8)) {
            let end = Array(end.utf8)
            return (start..<bytes.count - end.count + 1).first { bytes[$0...].starts(with: end) }.map { $0 + end.count }
        }
        return nil
    }
}
