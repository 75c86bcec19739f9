import ArgumentParser
import DoseResponse
import Foundation
import Glibc
import IC50Analysis
import IngestCore

struct IC50Command: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ic50", abstract: "Fits dose-response curves: IC50s with intervals, or the reason why there is none.",
        discussion: """
            ingest ic50 plate.csv                    a table on the terminal
            ingest ic50 plate.csv -o results         and ic50.csv, ic50.html, ic50.jsonl in results
            ingest ic50 plate.csv --fix bottom=0,top=100
            ingest ic50 table.csv --dose Conc --response Signal --curve Compound
            ingest ic50 reader.xml doses.DATA.xml    a plate and what a dispenser put into it
            ingest ic50 --analysis --to acme         a Benchling Analysis, there and back

            Inputs are tables of doses and responses, long or wide, a plate reader's file
            and the dispenser's report of its doses, or records files of any of them
            (ingest read -o). Each curve is good, a caution with reasons, or refused
            with reasons; a refused curve gives no number.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, csv, json }

    @Argument(help: "Tables, records files, or - for standard input.")
    var inputs: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("A folder for ic50.csv, ic50.html and ic50.jsonl.", valueName: "folder"))
    var output: String?

    @Option(help: "What standard output gets: text, csv or json (one object a line).")
    var format: Format = .text

    @ArgumentParser.Flag(help: "Status 1 when a curve has no estimate.")
    var strict = false

    @ArgumentParser.Flag(
        name: .customLong("r-compatible"), help: "The CSV has the seven columns of the R example alone, rounded as it rounds.")
    var likeExample = false

    @Option(help: ArgumentHelp("Also a plot of all curves in the folder: svg or png.", valueName: "kind"))
    var plot: [PlotKind] = []

    @Option(
        help: ArgumentHelp(
            "The plate of the dispenser's report that the reader measured, when the names in the files do not settle it.",
            valueName: "name"))
    var plate: String?

    @ArgumentParser.Flag(
        help: "The Benchling Analysis round trip: its data frame is the input, table and page are attached to it.")
    var analysis = false

    @OptionGroup(title: "Benchling Analysis") var analysisOptions: AnalysisOptions
    @OptionGroup var fitting: FittingOptions
    @OptionGroup var columns: ColumnOptions
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var telling: TellingOptions

    func validate() throws {
        if analysis {
            guard inputs.isEmpty else {
                throw ValidationError("--analysis: its input is a data frame of the analysis; name no file")
            }
        } else {
            guard !inputs.isEmpty else {
                throw ValidationError("name a table or a records file, or take an analysis with --analysis")
            }
            let given = analysisOptions
            if given.stepKeyFile != nil || given.frame != nil || given.dryRun || given.destination.to != nil {
                throw ValidationError("--to, --frame, --step-key-file and --dry-run belong to --analysis")
            }
        }
        try ReadingOptions.check(inputs)
        if let output, output.isEmpty { throw ValidationError("-o: the name is empty; name a folder") }
        if plot.contains(.png), !IC50Folder.canConvert {
            throw ValidationError(
                "--plot png: needs rsvg-convert (librsvg2-bin), which is not there; take --plot svg, or the page's button")
        }
        if !plot.isEmpty, output == nil { throw ValidationError("--plot: name the folder for it with -o") }
        _ = try fitting.settings()
        _ = try columns.dataset()
    }

    func run() async throws {
        let terminal = Terminal(telling)
        let settings = try fitting.settings()
        let dataset = try columns.dataset()
        let input = IC50Input(
            run: try columns.ingestRun(reading), columns: columns, options: dataset, terminal: terminal, plate: plate)
        let command = self
        if analysis {
            throw ExitCode(
                try await IC50RoundTrip(command: self, input: input, settings: settings, dataset: dataset, terminal: terminal)
                    .run())
        }
        let status = try await Interruption.guarded(.clean) { () -> Int32 in
            do {
                guard let read = try await input.read(command.inputs) else { return 2 }
                let report = await IC50Analysis.report(
                    on: read.dataset, settings,
                    provenance: IC50Report.Provenance(
                        inputs: read.inputs, ingestVersion: Ingest.version,
                        settings: settings.described(dataset) + read.notes))
                try await command.write(report, terminal)
                command.give(report, terminal)
                let unanswered = report.curves.contains { $0.verdict.grade == .refused }
                return read.failed ? 2 : command.strict && unanswered ? 1 : 0
            } catch let fault as Diagnostic {
                Terminal.write(DiagnosticRenderer(terminal: terminal).render(fault), to: STDERR_FILENO)
                return 2
            }
        }
        throw ExitCode(status)
    }

    func give(_ report: IC50Report, _ terminal: Terminal) {
        switch analysisOptions.json ? .json : format {
        case .text: Terminal.give(IC50Text(report).text(width: terminal.outputWidth))
        case .csv: Terminal.give(IC50Table(report).csv(likeExample: likeExample))
        case .json: Terminal.give(IC50Table(report).json())
        }
        guard !terminal.quiet else { return }
        let grades = Verdict.Grade.allCases.compactMap { grade -> String? in
            let count = report.curves.count { $0.verdict.grade == grade }
            return count > 0 ? "\(count) \(grade.rawValue)" : nil
        }
        let count = report.curves.count
        var line =
            "\(count) \(count == 1 ? "curve" : "curves") · \(grades.joined(separator: ", ")) · \(report.curves.first?.fit.model.name ?? "")"
        if let output { line += " · written to \(output)" }
        terminal.tell(line)
    }

    func write(_ report: IC50Report, _ terminal: Terminal) async throws {
        guard let output else { return }
        let folder = try IC50Folder(output)
        let table = try folder.write("ic50.csv", Array(IC50Table(report).csv(likeExample: likeExample).utf8))
        let page = try folder.write("ic50.html", IC50Page(report).html())
        try await folder.write("ic50.jsonl", IC50Records(report).records(table: table, page: page))
        for kind in plot { try folder.write(kind, DoseResponsePlot(report.curves).svg(), terminal) }
    }
}

enum PlotKind: String, ExpressibleByArgument, CaseIterable { case svg, png }
