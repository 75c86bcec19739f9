import ArgumentParser
import Glibc
import IngestCore
import IngestPipeline
import InstrumentAdapters

struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect", abstract: "Tells which format a file is, on what evidence, and the runner-up.")

    @Argument(help: "Files, folders of one run (.D), .zip, .gz, or - for standard input.")
    var files: [String]

    @Option(help: ArgumentHelp("A family (lc) to limit the choice to.", valueName: "name"))
    var adapter: String?

    @OptionGroup var rows: RowOptions

    @ArgumentParser.Flag(help: "One JSON object a file.")
    var json = false

    @OptionGroup var telling: TellingOptions

    func validate() throws { try ReadingOptions.check(files) }

    func run() async throws {
        let terminal = Terminal(telling)
        var options = ReadingOptions()
        options.adapter = adapter
        options.rows = rows
        try rows.check(adapter: adapter)
        let wish = try options.wish()
        var statuses: [Int32] = []
        for file in files {
            do {
                let opened = try SourceOpener.open(file)
                let detection = try Detection.decide(on: opened, among: AdapterRoster.all, wish: wish).detection
                Terminal.give(json ? line(opened.name, detection) : text(opened.name, detection))
                statuses.append(0)
            } catch let diagnostic as Diagnostic {
                Terminal.write(DiagnosticRenderer(terminal: terminal).render(diagnostic), to: STDERR_FILENO)
                if json { Terminal.give(failure(diagnostic)) }
                statuses.append(2)
            }
        }
        throw ExitCode(FilesSideBySide.status(statuses))
    }

    private func text(_ name: String, _ detection: Detection) -> String {
        func describe(_ candidate: Detection.Candidate) -> String {
            "\(candidate.adapter.identity.name) (\(candidate.adapter.identity.instrument)), "
                + (candidate.isCertain ? "certain: " : "possible: ") + RunReport.printable(candidate.because)
        }
        return "\(Terminal.printable(name)): \(describe(detection.chosen))\n"
            + (detection.runnerUp.map { "  runner-up: \(describe($0))\n" } ?? "  no runner-up\n")
    }

    private func line(_ name: String, _ detection: Detection) -> String {
        let out = LineBuffer(capacity: 512)
        func candidate(_ candidate: Detection.Candidate) {
            out.raw("{\"adapter\":")
            out.string(candidate.adapter.identity.name)
            out.raw(",\"format\":")
            out.string(candidate.adapter.identity.instrument)
            out.raw(candidate.isCertain ? ",\"answer\":\"certain\",\"because\":" : ",\"answer\":\"possible\",\"because\":")
            out.string(candidate.because)
            out.raw("}")
        }
        out.raw("{\"file\":")
        out.string(name)
        out.raw(",\"chosen\":")
        candidate(detection.chosen)
        if let other = detection.runnerUp {
            out.raw(",\"runnerUp\":")
            candidate(other)
        }
        out.raw("}\n")
        return String(decoding: out.bytes, as: UTF8.self)
    }

    private func failure(_ diagnostic: Diagnostic) -> String {
        let out = LineBuffer(capacity: 512)
        out.raw("{\"file\":")
        out.string(diagnostic.location.file)
        out.raw(",\"error\":")
        out.string(diagnostic.code)
        out.raw(",\"message\":")
        out.string(diagnostic.message)
        out.raw("}\n")
        return String(decoding: out.bytes, as: UTF8.self)
    }
}
