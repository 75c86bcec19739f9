import Foundation
import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import StreamingXML
import Synchronization
import Testing

/// Files of which the corpus has what another converter makes of them, beside them as `.expected.json`: every number there
/// that stands in the file has to be a value in our records: a measurement, a setting, a point, an extra. Where the other
/// converter says of which sample or well it is, it has to be in a record of that one, or in one that is of none. The numbers
/// that do not stand in the file were computed, converted or invented by the other converter; they are listed by where it
/// puts them.
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
        let ours = try NumbersOfRecords(reading.lines)
        let made = Self.made.first { entry.path.hasSuffix($0.file) }
        var found = 0, paired = 0, elsewhere: [String: Int] = [:], lost: [String] = []
        for (place, numbers) in expected.places {
            for (number, subject) in numbers {
                if made?.places.contains(place) == true {
                    elsewhere["\(place) (\(made?.why ?? ""))", default: 0] += 1
                } else if ours.contains(number, of: subject) {
                    found += 1
                    if ours.knows(subject) { paired += 1 }
                } else if inFile.contains(number) {
                    lost.append("\(place) \(number)\(subject.map { " of \($0)" } ?? "")")
                } else {
                    elsewhere[place, default: 0] += 1
                }
            }
        }
        #expect(lost.isEmpty, "\(lost.count) stand in the file and not in the records: \(lost.prefix(20))")
        #expect(found > 0)
        print(
            "\(entry.path): \(found) numbers of the other converter are in our records, \(paired) of them in those of their "
                + "sample or well, \(lost.count) are lost")
        for (place, count) in elsewhere.sorted(by: { $0.value > $1.value }) {
            print("  not in the file, computed or made up there: \(count) at \(place)")
        }
    }
}

/// The numbers of a JSON value by the keys that lead to them, the last two of them, with the sample or well they are of.
private struct NumbersByPlace {
    private(set) var places: [String: [(number: Double, subject: String?)]] = [:]
    var all: Set<Double> { Set(places.values.joined().map(\.number)) }

    init(_ value: Any) { add(value, [], nil) }

    private mutating func add(_ value: Any, _ keys: [String], _ subject: String?) {
        func add(_ number: Double) { places[Self.place(keys), default: []].append((number, subject)) }
        switch value {
        case let object as [String: Any]:
            let subject = Self.subject(object) ?? subject
            for (key, value) in object { self.add(value, keys + [key], subject) }
        case let array as [Any]: for value in array { self.add(value, keys, subject) }
        case let text as String: Self.numbers(text).forEach(add)
        case let number as NSNumber:
            // "c" is the type of true and false.
            if String(cString: number.objCType) != "c" { add(number.doubleValue) }
        default: break
        }
    }

    /// The other converter joins names of its own into its sample identifiers; a place in a plate or tray is as written.
    private static func subject(_ object: [String: Any]) -> String? {
        guard let sample = object["sample document"] as? [String: Any] else { return nil }
        let custom =
            object["custom information document"] as? [String: Any] ?? sample["custom information document"] as? [String: Any]
        let place = sample["location identifier"] ?? custom?["location identifier"]
        return (place ?? sample["sample identifier"]) as? String
    }

    private static func place(_ keys: [String]) -> String { keys.suffix(2).joined(separator: "/") }

    /// A text that is a number, or the numbers of a list.
    static func numbers(_ text: some StringProtocol) -> [Double] {
        text.split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == ";" }).compactMap { Double($0) }.filter(\.isFinite)
    }
}

/// The values of our records, by the samples and wells they are of: not the numbers that only place a record or count it.
private struct NumbersOfRecords {
    private var numbers: [String: Set<Double>] = [:]
    /// Of records that are of no sample and no well.
    private var common: Set<Double> = []
    private var all: Set<Double> = []

    init(_ lines: String) throws {
        var traces: [String: Set<String>] = [:]
        for line in lines.split(separator: "\n") {
            guard let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else { continue }
            switch record["type"] as? String {
            case "run": add(["extras", "instrument"], of: record, [])
            case "result": add(Self.values, of: Self.plate(record), Self.subjects(record))
            case "trace":
                let subjects = Self.subjects(record)
                if let id = record["id"] as? String { traces[id] = subjects }
                add(Self.values, of: Self.plate(record), subjects)
            case "points": add(["values"], of: record, traces[record["trace"] as? String ?? ""] ?? [])
            default: break
            }
        }
    }

    private static let values = ["measurements", "extras", "flags", "injection", "signal", "sample", "analyte", "plate"]

    private static func subjects(_ record: [String: Any]) -> Set<String> {
        let sample = record["sample"] as? [String: Any], position = record["position"] as? [String: Any]
        return Set([sample?["name"], sample?["id"], sample?["barcode"], position?["written"]].compactMap { $0 as? String })
    }

    /// The name of a plate is a value, the number of a row is none.
    private static func plate(_ record: [String: Any]) -> [String: Any] {
        guard let plate = (record["position"] as? [String: Any])?["plate"] else { return record }
        return record.merging(["plate": plate]) { first, _ in first }
    }

    private mutating func add(_ keys: [String], of record: [String: Any], _ subjects: Set<String>) {
        for key in keys {
            guard let value = record[key] else { continue }
            let found = NumbersByPlace(value).all
            all.formUnion(found)
            for subject in subjects { numbers[subject, default: []].formUnion(found) }
            if subjects.isEmpty { common.formUnion(found) }
        }
    }

    /// Whether there are records of that sample or well.
    func knows(_ subject: String?) -> Bool { subject.map { numbers[$0] != nil } ?? false }

    func contains(_ number: Double, of subject: String?) -> Bool {
        guard let subject, let own = numbers[subject] else { return all.contains(number) }
        return own.contains(number) || common.contains(number)
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
            var extras: Extras = [:]
            document.root.keepAttributes(in: &extras)
            while let child = try document.next(in: document.root) { try document.keep(child, in: &extras) }
            try document.finish()
            let numbers = extras.fields.flatMap { NumbersByPlace.numbers($0.text) }
            found.numbers.withLock { $0.formUnion(numbers) }
        }
    }
}
