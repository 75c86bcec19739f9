import ArgumentParser
import Glibc
import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters

struct AdapterTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Breaks samples in every way that files break in life, and shows what is silent then.",
        discussion: """
            Each sample below PATH is broken, read and judged: intact (the same
            numbers), told (an error, a row left out, a verdict, a flag) or silent
            (numbers gone or changed and nothing said). The mutants are the same
            for the same seed.

            Exit status: 0 no kind of mutant is silent more often than promised; 1
            some are, each is named; 2 no sample could be read.
            """)

    @Argument(help: "Files, bundles, or folders of samples (Samples/lc.table).")
    var paths: [String]

    @Option(help: ArgumentHelp("Mutants of each kind for each file, at most.", valueName: "count"))
    var mutants = 20

    @Option(help: ArgumentHelp("Other mutants than those of seed 1.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Save every silent mutant as a file here, with its difference.", valueName: "folder"))
    var save: String?

    @Option(help: ArgumentHelp("Write a data sheet for each adapter here, as Markdown.", valueName: "folder"))
    var sheets: String?

    @ArgumentParser.Flag(help: "One JSON object for each adapter and kind.")
    var json = false

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var telling: TellingOptions

    func validate() throws {
        try ReadingOptions.check(paths)
        guard mutants > 0 else { throw ValidationError("--mutants \(mutants): at least one") }
        if paths.contains("-") { throw ValidationError("-: name files or folders, they are read many times") }
    }

    func run() async throws {
        let terminal = Terminal(telling)
        var run = try reading.ingestRun()
        run.given.mappedElements = { [] }
        let proof = MutationProof(adapters: run.adapters, wish: run.wish, mutantsOfAKind: mutants, seed: seed)
        var found: [DataSheet] = []
        for path in paths {
            let samples: MutationSampleFinder
            do {
                samples = try MutationSampleFinder(path, among: run.adapters, wish: run.wish, given: run.given)
            } catch let diagnostic as Diagnostic {
                Terminal.write(DiagnosticRenderer(terminal: terminal).render(diagnostic), to: STDERR_FILENO)
                throw ExitCode(2)
            }
            if !samples.leftAside.isEmpty, !telling.quiet {
                let names = telling.verbose ? ": " + samples.leftAside.joined(separator: ", ") : ""
                Terminal.write("\(path): \(samples.leftAside.count) files no adapter recognises\(names)\n", to: STDERR_FILENO)
            }
            found += try await dataSheets(of: samples.samples, path, proof, terminal)
        }
        guard !found.isEmpty else {
            Terminal.write("no sample was found in \(paths.joined(separator: ", "))\n", to: STDERR_FILENO)
            throw ExitCode(2)
        }
        if let save { try MutantFiles(save).write(found.flatMap(\.silent)) }
        if let sheets { try DataSheetFiles(sheets).write(found) }
        throw ExitCode(tellBroken(found))
    }

    private func dataSheets(
        of samples: [MutationSample], _ path: String, _ proof: MutationProof, _ terminal: Terminal
    ) async throws -> [DataSheet] {
        var outcomes: [MutationProof.Outcome] = []
        for (index, sample) in samples.enumerated() {
            if terminal.isInteractive, !telling.quiet {
                terminal.showProgress("\(index + 1) of \(samples.count): \(sample.name)")
            }
            outcomes.append(try await proof.outcome(of: sample))
        }
        Terminal.clearProgress()
        let source = path.split(separator: "/").last.map(String.init) ?? path
        let sheets = Set(outcomes.map(\.adapter)).sorted().map { DataSheet(adapter: $0, source: source, outcomes: outcomes) }
        for sheet in sheets { Terminal.give(json ? lines(sheet) : sheet.text + "\n") }
        return sheets
    }

    /// Names what was promised and is not so.
    private func tellBroken(_ sheets: [DataSheet]) -> Int32 {
        var all: [MutationKind: MutationTally] = [:]
        for sheet in sheets {
            all.merge(sheet.tallies) { one, other in
                var sum = one; sum += other; return sum
            }
        }
        let broken = DataSheet.broken(all)
        for kind in broken {
            let tally = all[kind]!
            Terminal.write(
                "\(kind.title): \(tally.silent) of \(tally.tried) silent, which is more than promised\n", to: STDERR_FILENO)
            for silent in sheets.flatMap(\.silent).filter({ $0.kind == kind }).prefix(telling.verbose ? .max : 5) {
                Terminal.write("  \(silent.sample): \(silent.change): \(silent.difference)\n", to: STDERR_FILENO)
            }
        }
        return broken.isEmpty ? 0 : 1
    }

    private func lines(_ sheet: DataSheet) -> String {
        let out = LineBuffer(capacity: 4096)
        for kind in MutationKind.allCases {
            guard let tally = sheet.tallies[kind] else { continue }
            out.raw("{\"adapter\":")
            out.string(sheet.adapter)
            out.raw(",\"samples\":")
            out.string(sheet.source)
            out.raw(",\"kind\":")
            out.string(kind.rawValue)
            for (name, count) in [
                ("tried", tally.tried), ("intact", tally.intact), ("told", tally.told), ("placed", tally.placed),
                ("silent", tally.silent), ("unknown", tally.unknown),
            ] {
                out.raw(",")
                out.string(name)
                out.raw(":")
                out.integer(count)
            }
            out.raw("}\n")
        }
        return String(decoding: out.bytes, as: UTF8.self)
    }
}
