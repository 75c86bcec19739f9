import ArgumentParser
import DoseResponse
import Foundation
import Glibc
import IC50Analysis
import IngestCore
import IngestPipeline
import InstrumentAdapters

struct IC50Command: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ic50", abstract: "Fits dose-response curves: IC50s with intervals, or the reason why there is none.",
        discussion: """
            ingest ic50 plate.csv                    a table on the terminal
            ingest ic50 plate.csv -o results         and ic50.csv, ic50.html, ic50.jsonl in results
            ingest ic50 plate.csv --fix bottom=0,top=100
            ingest ic50 table.csv --dose Conc --response Signal --curve Compound
            ingest ic50 --analysis --to acme         a Benchling Analysis, there and back

            Inputs are tables of doses and responses, long or wide, or records files
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
        if !plot.isEmpty, output == nil { throw ValidationError("--plot: name the folder for it with -o") }
        _ = try fitting.settings()
        _ = try columns.dataset()
    }

    func run() async throws {
        let terminal = Terminal(telling)
        let settings = try fitting.settings()
        let dataset = try columns.dataset()
        let input = IC50Input(
            run: try columns.ingestRun(reading), columns: columns, options: dataset, terminal: terminal)
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
                        inputs: read.inputs, ingestVersion: Ingest.version, settings: settings.described(dataset)))
                try await command.write(report, terminal)
                command.give(report, terminal)
                let unanswered = report.curves.contains { $0.verdict.grade == .refused }
                return command.strict && unanswered ? 1 : 0
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
            "\(count) \(count == 1 ? "curve" : "curves") · \(grades.joined(separator: ", ")) · \(report.curves.first?.fit.model.description ?? "")"
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

/// Which curve is fitted.
struct FittingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "LL.2 to LL.5, LL.3u, W1.3, W1.4, W2.3, W2.4, MM.2; LL.2(1) has its upper plateau at 1.", valueName: "name"))
    var model = "LL.4"

    @Option(help: ArgumentHelp("Parameters held at a number: bottom=0,top=100,slope=1,ic50=…,asymmetry=1.", valueName: "list"))
    var fix: [String] = []

    @Option(help: ArgumentHelp("The response of the absolute IC; 50 where responses are percent.", valueName: "response"))
    var level: Double?

    @Option(help: ArgumentHelp("Of intervals, in percent.", valueName: "percent"))
    var confidence = 95.0

    @Option(help: ArgumentHelp("Standard errors from the observed (as R's drc) or the expected information.", valueName: "kind"))
    var errors = "observed"

    @Option(help: ArgumentHelp("Where a parameter has to lie: slope=0.5..3,ic50=1e-9..1e-3.", valueName: "list"))
    var within: [String] = []

    private static let names: [(String, Parameter)] = [
        ("slope", .slope), ("b", .slope), ("bottom", .bottom), ("c", .bottom), ("top", .top), ("d", .top),
        ("ic50", .location), ("e", .location), ("asymmetry", .asymmetry), ("f", .asymmetry),
    ]

    func settings() throws -> AnalysisSettings {
        guard var model = DoseResponseModel(name: model) else {
            throw ValidationError("--model \(self.model): it is one of \(DoseResponseModel.names.joined(separator: ", "))")
        }
        for (parameter, text) in try pairs(fix, "--fix") {
            guard let value = Double(text), value.isFinite else { throw ValidationError("--fix: \"\(text)\" is no number") }
            if parameter == .location, value <= 0 { throw ValidationError("--fix ic50: it is above 0") }
            if parameter == .asymmetry, value <= 0 { throw ValidationError("--fix asymmetry: it is above 0") }
            model.fixed[parameter] = value
        }
        if model.free.isEmpty { throw ValidationError("--fix: nothing is left to be fitted") }
        if let bottom = model.fixed.bottom, let top = model.fixed.top, bottom >= top {
            throw ValidationError("--fix: bottom (\(bottom)) has to lie below top (\(top))")
        }
        guard confidence > 50, confidence < 100 else {
            throw ValidationError("--confidence \(confidence): it is a percentage between 50 and 100")
        }
        guard let kind = ErrorKind(rawValue: errors) else {
            throw ValidationError("--errors \(errors): it is observed or expected")
        }
        if let level, !level.isFinite { throw ValidationError("--level: it is a number") }
        return AnalysisSettings(
            model: model, confidence: confidence / 100, errors: kind, level: level, bounds: try bounds(),
            workers: ProcessInfo.processInfo.activeProcessorCount)
    }

    private func bounds() throws -> ParameterValues<ClosedRange<Double>?> {
        var bounds = ParameterValues<ClosedRange<Double>?>(repeating: nil)
        for (parameter, text) in try pairs(within, "--within") {
            let ends = text.components(separatedBy: "..")
            guard ends.count == 2, let low = Double(ends[0]), let high = Double(ends[1]), low < high, low.isFinite, high.isFinite
            else {
                throw ValidationError("--within: \"\(text)\" is no range such as 0.5..3")
            }
            bounds[parameter] = low...high
        }
        return bounds
    }

    private func pairs(_ lists: [String], _ option: String) throws -> [(Parameter, String)] {
        try lists.flatMap { $0.split(separator: ",") }.map { part in
            let sides = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard sides.count == 2, let known = Self.names.first(where: { $0.0 == sides[0].lowercased() }) else {
                throw ValidationError("\(option) \(part): it is PARAMETER=…, with slope, bottom, top, ic50 or asymmetry")
            }
            return (known.1, sides[1])
        }
    }
}

/// Which columns are what.
struct ColumnOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The column of doses, where its heading does not tell.", valueName: "column"))
    var dose: String?

    @Option(help: ArgumentHelp("A column of responses; may be given several times.", valueName: "column"))
    var response: [String] = []

    @Option(help: ArgumentHelp("The column that tells curves apart; may be given several times.", valueName: "column"))
    var curve: [String] = []

    @Option(help: ArgumentHelp("The unit of doses: uM, nM, ng/mL; molar doses are converted into it.", valueName: "unit"))
    var doseUnit: String?

    @ArgumentParser.Flag(name: .customLong("log10-doses"), help: "The doses are decimal logarithms.")
    var dosesAreLog10 = false

    @ArgumentParser.Flag(help: "Take <5 for 5; without it such cells are an error.")
    var useBounds = false

    @ArgumentParser.Flag(help: "Go on without rows and cells that are no numbers; they are counted.")
    var lenient = false

    @Option(
        help: ArgumentHelp(
            "What 0 and 100 % are: the role or name of the low and of the high control wells.", valueName: "low,high"))
    var normalize: String?

    /// The adapter for columns that are named by hand; `nil` when none is.
    var named: NamedPlateAdapter? {
        guard dose != nil || !response.isEmpty || !curve.isEmpty else { return nil }
        return NamedPlateAdapter(PlateColumns(dose: dose, responses: response, curves: curve))
    }

    /// How a table is read: by the names given, else by what its headings tell.
    func ingestRun(_ reading: ReadingOptions) throws -> IngestRun {
        guard let named, reading.adapter == nil else { return try reading.ingestRun() }
        return IngestRun(adapters: [named], wish: .format(named.identity.name), given: try reading.given())
    }

    func dataset() throws -> DatasetOptions {
        var controls: DatasetOptions.Controls?
        if let normalize {
            let names = normalize.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            guard names.count == 2, names[0].lowercased() != names[1].lowercased() else {
                throw ValidationError(
                    "--normalize \(normalize): name the low and the high control, as in --normalize background,vehicle")
            }
            controls = DatasetOptions.Controls(low: names[0], high: names[1])
        }
        if let doseUnit, doseUnit.trimmingCharacters(in: .whitespaces).isEmpty {
            throw ValidationError("--dose-unit: it is empty")
        }
        return DatasetOptions(
            responses: response, doseUnit: doseUnit, dosesAreLog10: dosesAreLog10, usesBounds: useBounds,
            isLenient: lenient, controls: controls)
    }
}
