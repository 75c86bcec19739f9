import Foundation
import IngestPipeline
import IngestTesting

/// The folder that silent mutants are saved to: each the file as it was read, and what changed in it and in its numbers.
struct MutantFiles {
    private let folder: String

    init(_ folder: String) { self.folder = folder }

    func write(_ cases: [MutationProof.SilentCase]) throws {
        for silent in cases {
            let name = silent.sample.replacing("/", with: "_") + "-\(silent.kind.rawValue)-\(silent.number)"
            let place = folder + "/" + name
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            let part = silent.part.split(separator: "/").last.map(String.init) ?? "input"
            try write(silent.bytes, to: place + "/" + part)
            let difference =
                "sample: \(silent.sample)\npart: \(silent.part)\nchanged: \(silent.change)\nread: \(silent.difference)\n"
            try write(Array(difference.utf8), to: place + "/difference.txt")
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try OutputFile(path: path)
        try bytes.withUnsafeBytes { try file.write($0) }
        try file.finish()
    }
}

/// The folder of the data sheets: one for each adapter, and one for all.
struct DataSheetFiles {
    private let folder: String

    init(_ folder: String) { self.folder = folder }

    func write(_ sheets: [DataSheet]) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let adapters = Set(sheets.map(\.adapter)).sorted()
        for adapter in adapters {
            let own = sheets.filter { $0.adapter == adapter }
            let text =
                "# \(adapter)\n\nHow to read this: see [the overview](README.md).\n\n"
                + own.map(\.markdown).joined(separator: "\n")
            try write(text, to: adapter + ".md")
        }
        try write(overview(sheets, adapters), to: "README.md")
    }

    private func overview(_ sheets: [DataSheet], _ adapters: [String]) -> String {
        var all: [MutationKind: MutationTally] = [:]
        for sheet in sheets {
            all.merge(sheet.tallies) { one, other in
                var sum = one; sum += other; return sum
            }
        }
        var text =
            Self.introduction + DataSheet.table(all)
            + "\n## By adapter\n\n| adapter | samples | mutants | told | silent |\n| --- | --- | ---: | ---: | ---: |\n"
        for adapter in adapters {
            for sheet in sheets where sheet.adapter == adapter {
                let sum = sheet.total
                text +=
                    "| [\(adapter)](\(adapter).md) | \(sheet.outcomes.count) of \(sheet.source) | \(sum.tried) | \(sum.told) | \(sum.silent) |\n"
            }
        }
        return text
    }

    private static let introduction = """
        # Data sheets

        Made by `make proof`. Each sample is broken in every way that files break in life, seeded and repeatable; each mutant is
        read as a user would give it, and judged:

        - *intact*: the same numbers, of the same samples and substances, in the same units;
        - *told*: numbers are gone or changed and it is said, by an error, a warning or a note that the file as it was did not
          have, a row left out, a verdict of completeness that became worse, or a flag; *with place* is the share of these with
          line and column;
        - *unknown*: rows are gone or too many, and all that is said is `complete: unknown`, as it was of the whole file: it
          carries no count, total or end mark, and `ingest publish` asks for `--accept-unknown` before it takes such a file.
          Only for cuts at a line end, rows missing or twice, and files joined; anything else has to be told;
        - *silent*: numbers are gone or changed and nothing is said.

        Words that are garbled (the name of a sample) change no number and count as intact.

        ## All adapters


        """

    private func write(_ text: String, to name: String) throws {
        let file = try OutputFile(path: folder + "/" + name)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        try file.finish()
    }
}
