import Foundation
import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import StreamingXML
import Synchronization
import Testing

/// Files of which the corpus has what another converter makes of them, beside them as `.expected.json`: every number there
/// that stands in the file has to stand in our records. The numbers that do not stand in the file were computed, converted
/// or invented by the other converter; they are listed by where it puts them.
@Suite(.enabled(if: Corpus.root != nil, "skipped: there is no corpus of real files beside the project"))
struct ExpectedValuesTests {
    static let entries = Corpus.readable.filter { FileManager.default.fileExists(atPath: $0.file + ".expected.json") }

    /// What the other converter did not take from the XML, though some of it equals by chance a number that stands there.
    private static let made: [(file: String, places: Set<String>, why: String)] = [
        (".rslt", ["data/dimensions", "data/measures"], "curves of binary files"),
        ("unicorn_1.zip", ["log document/index"], "counted by itself"),
    ]

    @Test(arguments: entries)
    func `every number of another converter that stands in the file stands in our records`(entry: Corpus.Entry) async throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: entry.file + ".expected.json"))
        let expected = NumbersByPlace(try JSONSerialization.jsonObject(with: data))
        let inFile = try await NumbersOfFile.read(entry.file)
        let reading = try await Corpus.reading(entry)
        var ours: Set<Double> = []
        for line in reading.lines.split(separator: "\n") {
            ours.formUnion(try NumbersByPlace(record: Data(line.utf8)).all)
        }
        let made = Self.made.first { entry.path.hasSuffix($0.file) }
        var found = 0, elsewhere: [String: Int] = [:], lost: [String] = []
        for (place, numbers) in expected.places {
            for number in numbers {
                if made?.places.contains(place) == true {
                    elsewhere["\(place) (\(made?.why ?? ""))", default: 0] += 1
                } else if ours.contains(number) {
                    found += 1
                } else if inFile.contains(number) {
                    lost.append("\(place) \(number)")
                } else {
                    elsewhere[place, default: 0] += 1
                }
            }
        }
        #expect(lost.isEmpty, "\(lost.count) stand in the file and not in the records: \(lost.prefix(20))")
        #expect(found > 0)
        print("\(entry.path): \(found) numbers of the other converter are in our records, \(lost.count) are lost")
        for (place, count) in elsewhere.sorted(by: { $0.value > $1.value }) {
            print("  not in the file, computed or made up there: \(count) at \(place)")
        }
    }
}

/// The numbers of a JSON value by the keys that lead to them, the last two of them.
private struct NumbersByPlace {
    private(set) var places: [String: [Double]] = [:]
    var all: Set<Double> { Set(places.values.joined()) }

    init(_ value: Any) { add(value, []) }

    /// What a line of our records says of the instrument; not what it says of the file and of places in it.
    init(record line: Data) throws {
        guard let record = try JSONSerialization.jsonObject(with: line) as? [String: Any],
            ["run", "result", "trace", "points", "finding"].contains(record["type"] as? String)
        else { return }
        add(record.filter { !["at", "id", "run", "of", "trace", "from", "count"].contains($0.key) }, [])
    }

    private mutating func add(_ value: Any, _ keys: [String]) {
        switch value {
        case let object as [String: Any]: for (key, value) in object { add(value, keys + [key]) }
        case let array as [Any]: for value in array { add(value, keys) }
        case let text as String: for number in Self.numbers(text) { places[Self.place(keys), default: []].append(number) }
        case let number as NSNumber:
            // "c" is the type of true and false.
            if String(cString: number.objCType) != "c" { places[Self.place(keys), default: []].append(number.doubleValue) }
        default: break
        }
    }

    private static func place(_ keys: [String]) -> String { keys.suffix(2).joined(separator: "/") }

    /// A text that is a number, or the numbers of a list.
    static func numbers(_ text: some StringProtocol) -> [Double] {
        text.split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == ";" }).compactMap { Double($0) }.filter(\.isFinite)
    }
}

/// Collects every number that stands in an XML file, or in the XML files of an archive.
private struct NumbersOfFile: ArchiveReading {
    let identity = AdapterIdentity("test.numbers", version: 1, instrument: "any XML")
    private final class Found: Sendable { let numbers = Mutex(Set<Double>()) }
    private let found = Found()

    static func read(_ path: String) async throws -> Set<Double> {
        let adapter = NumbersOfFile()
        let reading = try await adapter.reading(SourceOpener.open(path))
        #expect(reading.end != nil, "\(reading.diagnostics)")
        return adapter.found.numbers.withLock { $0 }
    }

    func recognize(_ opening: SourceOpening) -> Recognition { .possible(because: "asked") }

    func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        try await output.begin(RunRecord())
        for file in source.members.isEmpty ? [source] : source.members {
            // What is no XML has no numbers in XML.
            guard let document = try? ElementReader(file, survey: true) else { continue }
            var numbers: Set<Double> = []
            func take(_ value: XMLValue) { numbers.formUnion(NumbersByPlace.numbers(value.peek)) }
            func walk(_ element: Element) {
                element.attributes.forEach(take)
                element.texts.forEach(take)
                element.children.forEach(walk)
            }
            document.root.element.attributes.forEach(take)
            while let child = try document.nextWhole(in: document.root) { walk(child) }
            try document.finish()
            found.numbers.withLock { [numbers] in $0.formUnion(numbers) }
        }
    }
}
