import ArgumentParser
import Benchling
import BenchlingSandbox
import Foundation
import Glibc
import IngestCore
import Publishing

/// From a Benchling Analysis and back to it: gets its input, has it analyzed, and attaches what comes of that.
struct AnalysisRoundTrip: Sendable {
    private let options: AnalysisOptions
    private let terminal: Terminal
    private let settings: AnalysisPublisher.Settings
    private let environment: [String: String]
    /// `nil` for real time, with waits told.
    private let pace: Pace?

    /// - Parameters:
    ///   - tool: What analyzes, for the history, with its version.
    ///   - environment: Where secrets and the state are looked for.
    init(
        _ options: AnalysisOptions, _ terminal: Terminal, tool: String, version: Int,
        environment: [String: String] = ProcessInfo.processInfo.environment, pace: Pace? = nil
    ) {
        self.options = options
        self.terminal = terminal
        self.environment = environment
        self.pace = pace
        settings = AnalysisPublisher.Settings(tool: tool, toolVersion: version, ingestVersion: Ingest.version)
    }

    /// Does all of it and tells how it ended: the plan of a dry run, or with `--json` the receipt, on standard output; the receipt
    /// for people, and what went wrong, on standard error.
    /// - Parameters:
    ///   - fits: Why the columns of a data frame are not those of an input; `nil` when they are.
    ///   - analyze: Makes the outputs; a `Diagnostic` it throws ends the command with status 2, and nothing is attached.
    /// - Returns: 0, 2, 3, 4 or 78.
    func run(
        fits: @escaping @Sendable (DataFrame) -> String?,
        analyze: @escaping @Sendable (FetchedFrame) async throws -> AnalysisOutputs
    ) async throws -> Int32 {
        let outcome = try await Interruption.guarded(options.dryRun ? .clean : .recorded) {
            try await self.outcome(fits: fits, analyze: analyze)
        }
        Terminal.write(outcome.told, to: STDERR_FILENO)
        Terminal.give(outcome.shown)
        return Int32(outcome.receipt.status)
    }

    /// What came of it, before it is told.
    struct Outcome: Sendable {
        var receipt: Receipt
        /// For standard error and standard output.
        var told = "", shown = ""
    }

    func outcome(
        fits: @Sendable (DataFrame) -> String?, analyze: @Sendable (FetchedFrame) async throws -> AnalysisOutputs
    ) async throws -> Outcome {
        let destination: OpenedDestination
        do {
            guard let opened = try OpenedDestination(options.destination, environment: environment) else {
                throw ValidationError("--to none: an analysis is in a tenant, so there has to be one")
            }
            destination = opened
        } catch let faults as ConfigurationFaults {
            return misconfigured(faults.diagnostics, options.destination.to ?? "")
        }
        var outcome = Outcome(receipt: Receipt(file: "", sha256: "", destination: destination.name, status: 2))
        do {
            try await goRound(destination, &outcome, fits, analyze)
        } catch let fault as StepKey.Fault {
            return misconfigured([keyFault(fault)], destination.name)
        } catch let faults as ConfigurationFaults {
            return misconfigured(faults.diagnostics, destination.name)
        } catch {
            try note(error, destination, &outcome)
        }
        finish(&outcome)
        return outcome
    }

    // MARK: Steps

    private func goRound(
        _ destination: OpenedDestination, _ outcome: inout Outcome, _ fits: (DataFrame) -> String?,
        _ analyze: (FetchedFrame) async throws -> AnalysisOutputs
    ) async throws {
        let named = try stepKey(isLocal: destination.destination == nil)
        // Before credentials are looked up, let alone sent.
        if let url = destination.destination?.url { try named?.check(TenantAddress(url)) }
        let (sandbox, address, credentials, wish) = try await destination.connection()
        do {
            let notice = WaitNotice(wish.destination, terminal)
            let client = BenchlingClient(
                address: address, credentials: credentials, pace: pace ?? Pace(onWait: { notice.tell($0) }))
            let key = try named ?? StepKey(sandbox?.credentials.analysisStepKey ?? "")
            let tenant = try AnalysisTenant(key, client: client, identity: wish.identity, destination: wish.destination)
            outcome.receipt.file = key.analysis
            let ledger = try SQLiteLedger(folder: destination.home)
            let frame = try await AnalysisInput(key, tenant: tenant, ledger: ledger).fetch(options.frame, fits: fits)
            (outcome.receipt.file, outcome.receipt.sha256) = (frame.id, frame.sha256)
            let outputs = try await analyze(frame)
            try await attach(outputs, of: frame, to: tenant, ledger, &outcome)
            await sandbox?.stop()
        } catch {
            await sandbox?.stop()
            throw error
        }
    }

    private func attach(
        _ outputs: AnalysisOutputs, of frame: FetchedFrame, to tenant: AnalysisTenant, _ ledger: SQLiteLedger,
        _ outcome: inout Outcome
    ) async throws {
        defer { withExtendedLifetime(outputs) {} }
        let hold = try await ledger.hold(tenant: tenant.identity, sha256: frame.sha256) { other in
            terminal.tell("\(Terminal.printable(frame.analysis)): waiting, \(other)")
        }
        defer { hold.release() }
        let publisher = AnalysisPublisher(tenant: tenant, ledger: ledger, settings: settings)
        let plan = try await publisher.plan(
            AnalysisPublisher.Input(frame, settings: outputs.settings, dataFrames: outputs.dataFrames, files: outputs.files))
        if options.dryRun {
            show(plan, &outcome)
        } else {
            outcome.receipt = try await publisher.carryOut(plan, ledger: ledger)
            outcome.told += render(settings.account.warnings)
        }
    }

    private func stepKey(isLocal: Bool) throws -> StepKey? {
        let source: SecretSource
        if let file = options.stepKeyFile {
            source = SecretSource(.file(file), place: SourceLocation(file: "--step-key-file"))
        } else if isLocal, environment[Self.variable] == nil {
            return nil  // The tenant built in has one analysis, and knows its key.
        } else {
            source = SecretSource(.environment(Self.variable), place: SourceLocation(file: "step key"))
        }
        return try StepKey(try source.resolve(environment: environment))
    }

    static let variable = "BENCHLING_ANALYSIS_STEP_KEY"

    // MARK: Telling

    private func show(_ plan: AnalysisPlan, _ outcome: inout Outcome) {
        let lines = options.json ? plan.jsonLines : plan.lines.map { Terminal.printable($0, instead: " ") }
        outcome.shown += lines.map { $0 + "\n" }.joined()
        outcome.receipt.status = plan.isNothingToDo ? 4 : 0
        guard !terminal.quiet else { return }
        let what =
            plan.isNothingToDo
            ? "nothing to do, everything is attached already"
            : "nothing was sent or attached; the same command without --dry-run publishes"
        outcome.told += Terminal.printable("analysis \(plan.analysis) to \(plan.destination): \(what)") + "\n"
    }

    private func finish(_ outcome: inout Outcome) {
        guard !options.dryRun || ![0, 4].contains(outcome.receipt.status) else { return }
        if options.json {
            outcome.shown += outcome.receipt.json + "\n"
        } else if !terminal.quiet, outcome.receipt.analysis != nil {
            outcome.told += outcome.receipt.text + "\n"
        }
    }

    private func note(_ error: any Error, _ destination: OpenedDestination, _ outcome: inout Outcome) throws {
        let place = SourceLocation(file: outcome.receipt.file.isEmpty ? destination.name : outcome.receipt.file)
        switch error {
        case let stopped as PublishingStopped:
            outcome.told += render(settings.account.warnings + stopped.diagnostics)
            outcome.receipt = stopped.receipt ?? outcome.receipt
            outcome.receipt.status = stopped.isUnfinished ? 3 : 2
        case let failure as BenchlingFailure:
            outcome.told += render([FailureText.diagnostic(failure, destination: destination.name, at: place)])
            outcome.receipt.status =
                failure.kind == .unauthorized ? 78 : failure.kind == .refused || failure.kind == .notFound ? 2 : 3
        case let fault as Diagnostic: outcome.told += render([fault])
        case is CancellationError, is ValidationError: throw error
        default: outcome.told += render([PublishingFailure.internalFault(error, at: place)])
        }
    }

    private func misconfigured(_ faults: [Diagnostic], _ destination: String) -> Outcome {
        var outcome = Outcome(receipt: Receipt(file: "", sha256: "", destination: destination, status: 78), told: render(faults))
        finish(&outcome)
        return outcome
    }

    /// Nothing of a key is quoted.
    private func keyFault(_ fault: StepKey.Fault) -> Diagnostic {
        Diagnostic(
            "analysis.step-key", fault.description, at: SourceLocation(file: "step key"),
            hint: "copy it from the analysis in Benchling into \(Self.variable), or into a file of mode 600 for --step-key-file; "
                + "nothing was sent")
    }

    private func render(_ diagnostics: [Diagnostic]) -> String { DiagnosticRenderer(terminal: terminal).render(diagnostics) }
}

/// What came of analyzing a data frame.
struct AnalysisOutputs: Sendable {
    /// Whatever decides what comes out beside the input, in one text, such as the options in a fixed order.
    var settings: String
    var dataFrames: [AnalysisOutput], files: [AnalysisOutput]
    /// Holds the files of the outputs until they are attached.
    var keeping: (any Sendable)?

    init(
        settings: String, dataFrames: [AnalysisOutput], files: [AnalysisOutput], keeping: (any Sendable)? = nil
    ) {
        self.settings = settings
        self.dataFrames = dataFrames
        self.files = files
        self.keeping = keeping
    }
}

/// Where an analysis is, and which of its data frames is meant.
struct AnalysisOptions: ParsableArguments {
    @OptionGroup var destination: DestinationOptions

    @Option(
        name: .customLong("step-key-file"),
        help: ArgumentHelp(
            "A file of mode 600 with the key of the analysis step, instead of BENCHLING_ANALYSIS_STEP_KEY.", valueName: "file"))
    var stepKeyFile: String?

    @Option(help: ArgumentHelp("The data frame to analyze, where several of the analysis could be meant.", valueName: "id"))
    var frame: String?

    @ArgumentParser.Flag(
        name: .customLong("dry-run"), help: "Do everything but attach: print the plan, a line for each thing.")
    var dryRun = false

    @ArgumentParser.Flag(help: "The receipt as one JSON object on standard output.")
    var json = false
}
