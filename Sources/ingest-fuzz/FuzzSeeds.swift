import Foundation
import FuzzTargets
import IngestCore
import IngestPipeline
import InstrumentAdapters

/// Inputs to begin with, `OUT/<target>/seeds/…`, and words to put in, `OUT/<target>/words`: of the samples, of the cases that
/// broke us, and of a corpus of real files where there is one.
struct FuzzSeeds {
    private let out: String, cases: String, samples: String, corpus: String?
    /// Longer files are left out: what they hold shows in shorter ones, many times as fast.
    private static let longest = 24_000

    init(_ arguments: [String]) {
        out = arguments[0]
        cases = arguments[1]
        samples = arguments[2]
        corpus = arguments.count > 3 ? arguments[3] : nil
    }

    func write() async throws {
        var left = 0, taken = 0, reports: Set<String> = []
        for target in FuzzTarget.all { try writeCases(of: target.name) }
        for path in files(in: samples) {
            let parts = path.dropFirst(samples.count).split(separator: "/")
            guard parts.count >= 3 else { continue }
            let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
            if parts[2].hasPrefix("records.jsonl") { try add(bytes, to: ["records"], path) }
            guard parts[2].hasPrefix("input") else { continue }
            try addFile(path, bytes)
            // A bundle counts once.
            let report = samples + "/" + parts[0...2].joined(separator: "/")
            guard reports.insert(report).inserted else { continue }
            if try addReport(report) { taken += 1 } else { left += 1 }
        }
        print("seeds: \(taken) samples; \(left) left out, being longer than \(Self.longest) bytes")
        guard let corpus else { return }
        (left, taken) = (0, 0)
        let index = try String(contentsOfFile: corpus + "/INDEX.tsv", encoding: .utf8)
        for line in index.split(separator: "\n").dropFirst() {
            let path = corpus + "/" + line.prefix { $0 != "\t" }
            guard FileManager.default.fileExists(atPath: path) else { continue }
            if try addReport(path) { taken += 1 } else { left += 1 }
        }
        print("seeds: \(taken) real files; \(left) left out, being longer than \(Self.longest) bytes or of nobody's format")
    }

    private func files(in folder: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.map { folder + "/" + $0 }.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }.sorted()
    }

    private func writeCases(of target: String) throws {
        try FileManager.default.createDirectory(atPath: "\(out)/\(target)/seeds", withIntermediateDirectories: true)
        for path in files(in: "\(cases)/\(target)") {
            try Data(contentsOf: URL(filePath: path)).write(to: URL(filePath: "\(out)/\(target)/seeds/case-\(Self.name(path))"))
        }
    }

    private static func name(_ path: String) -> String { path.split(separator: "/").suffix(3).joined(separator: "-") }

    private func add(_ bytes: [UInt8], to targets: [String], _ path: String) throws {
        for target in targets { try Data(bytes).write(to: URL(filePath: "\(out)/\(target)/seeds/\(Self.name(path))")) }
    }

    /// The text or the archive itself.
    private func addFile(_ path: String, _ bytes: [UInt8]) throws {
        guard bytes.count <= Self.longest else { return }
        if bytes.starts(with: [0x50, 0x4B]) || bytes.starts(with: [0x1F, 0x8B]) { return try add(bytes, to: ["archive"], path) }
        try add([0] + bytes.prefix(4000), to: ["decoding", "delimited", "dataset"], path)
    }

    /// A report for the adapter that recognises it, and for detection. False when it is too long, or nobody's.
    private func addReport(_ path: String) throws -> Bool {
        let opened: OpenedSource, detection: Detection
        do {
            (detection, opened) = try Detection.decide(on: SourceOpener.open(path), among: AdapterRoster.all)
        } catch is Diagnostic {
            return false
        }
        guard opened.size <= Self.longest * 4 else { return false }
        let source = try opened.source()
        let bytes =
            try source.members.isEmpty
            ? [FuzzBundle.nothingGiven] + Self.bytes(of: source)
            : FuzzBundle.input(of: source.members.map { ($0.name, try Self.bytes(of: $0)) })
        guard bytes.count <= Self.longest else { return false }
        let adapter = "adapter." + detection.chosen.adapter.identity.name
        try add(bytes, to: [adapter, "detection"], path)
        try addWords(of: source, to: adapter)
        return true
    }

    private static func bytes(of source: SourceFile) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: source.size)
        var filled = 0
        while filled < bytes.count {
            let count = try bytes.withUnsafeMutableBytes {
                try source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]), at: filled)
            }
            guard count > 0 else { break }
            filled += count
        }
        return Array(bytes[..<filled])
    }

    /// Headings, names of sections and elements, in the form that libFuzzer reads; words that stand there twice count once.
    private func addWords(of source: SourceFile, to target: String) throws {
        let path = "\(out)/\(target)/words"
        // The first file of a target finds none.
        let known = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        var words = Set(known.split(separator: "\n").map(String.init))
        for opening in source.members.isEmpty ? [source.opening] : source.members.map(\.opening) {
            let isMarkup = opening.firstLine.hasPrefix("<") || opening.firstLine.hasPrefix("\u{FEFF}<")
            let apart: Set<Character> = isMarkup ? ["<", ">", " ", "=", "\"", "/", "\t"] : [",", ";", "\t", "\"", "|"]
            for line in opening.lines {
                for word in line.split(whereSeparator: apart.contains) where words.count < 600 {
                    guard (2...40).contains(word.utf8.count), word.contains(where: \.isLetter) else { continue }
                    let escaped = word.utf8.map { byte in
                        let isPlain = (0x20...0x7E).contains(byte) && byte != 0x22 && byte != 0x5C
                        return isPlain ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                    }
                    words.insert("\"" + escaped.joined() + "\"")
                }
            }
        }
        try words.sorted().joined(separator: "\n").appending("\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
}
