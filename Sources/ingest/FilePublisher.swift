import Benchling
import Foundation
import IngestCore
import IngestPipeline
import Publishing
import RecordReading

/// Publishes the records of one file, or shows what publishing them would do.
struct FilePublisher: Sendable {
    let session: PublishingSession
    let options: PublishingOptions
    let consent: Consent
    let terminal: Terminal

    /// What came of one file.
    struct Outcome: Sendable {
        var receipt: Receipt
        /// For standard error: faults and notes.
        var told = ""
        /// For standard output: the plan, in a dry run.
        var shown = ""
        /// Whether the plan has questions to be agreed to.
        var asks = false
    }

    /// What is wrong for several files at once, such as in a mapping, is told once a command.
    struct SharedFaults {
        private var told: Set<String> = []

        mutating func oncePerCommand(_ outcome: Outcome) -> Outcome {
            var outcome = outcome
            if outcome.receipt.status == 78, !told.insert(outcome.told).inserted { outcome.told = "" }
            return outcome
        }
    }

    /// - Parameters:
    ///   - source: Where the file is, for a plan that is carried out later; `nil` for standard input.
    ///   - tables: Its headings, where it was read just now.
    func publish(
        _ records: RecordsFile, from source: String?, attachments: any AttachmentFiles, readingStatus: Int32,
        tables: (noted: [Layout.Table], areCut: Bool)? = nil
    ) async throws -> Outcome {
        var outcome = Outcome(receipt: emptyReceipt(records, status: 2))
        let entry: PublishEntry
        do {
            entry = try session.entry(forAdapter: records.adapterName)
        } catch let faults as ConfigurationFaults {
            return misconfigured(faults, &outcome)
        }
        if let refusal = refusal(of: records, entry) {
            outcome.told = render([refusal])
            try note(records, status: 2)
            return outcome
        }
        let hold = try await session.ledger.hold(tenant: session.tenant.identity, sha256: records.sha256) { other in
            terminal.tell("\(Terminal.printable(records.fileName)): waiting, \(other)")
        }
        defer { hold.release() }
        let publisher = RunPublisher(
            tenant: session.tenant, ledger: session.ledger, attachments: attachments,
            settings: RunPublisher.Settings(ingestVersion: Ingest.version))
        var input = RunPublisher.Input(records: records, entry: entry)
        input.again = options.again
        input.asNewRun = options.newRun
        input.planPath = options.plan
        input.sourcePath = source.map { URL(fileURLWithPath: $0).path }
        var layout: LayoutWatch?
        do {
            let watch = try LayoutWatch(records, tables: tables, entry, ledger: session.ledger)
            layout = watch
            input.layout = watch.finding
            let plan = try await Progress(terminal).publishing(records.fileName, publisher.settings.account) { [input] in
                try await publisher.plan(input)
            }
            if options.publishes {
                try await carryOut(plan, input, publisher, watch, &outcome)
            } else {
                outcome = try show(plan, input.layout)
            }
        } catch let faults as ConfigurationFaults {
            return misconfigured(faults, &outcome)
        } catch let stopped as PublishingStopped {
            outcome.told += render(stopped.diagnostics)
            outcome.receipt = stopped.receipt ?? outcome.receipt
            outcome.receipt.status = stopped.isUnfinished ? 3 : 2
        } catch let failure as BenchlingFailure {
            outcome.told += render([
                FailureText.diagnostic(
                    failure, destination: session.tenant.destination, at: SourceLocation(file: records.fileName))
            ])
            outcome.receipt.status = failure.kind == .refused || failure.kind == .notFound ? 2 : 3
        } catch let fault as Diagnostic {
            outcome.told += render([fault])
            outcome.receipt.status = 2
        } catch let fault where !(fault is CancellationError) {
            // A bug of ours: what is done is recorded all the same.
            outcome.told += render([PublishingFailure.internalFault(fault, at: SourceLocation(file: records.fileName))])
            outcome.receipt.status = 3
        }
        if outcome.receipt.status == 0 { outcome.receipt.status = Int(readingStatus) }
        do {
            if options.publishes {
                // Of what stands already it was told then.
                let changed = outcome.receipt.status == 4 ? nil : layout?.finding.text
                try note(records, status: outcome.receipt.status, layout: changed)
            }
        } catch let fault as Diagnostic {
            // What was published is published, whether or not the reading can be entered.
            outcome.told += render([fault])
        }
        return outcome
    }

    // MARK: Steps

    private func carryOut(
        _ plan: RunPlan, _ input: RunPublisher.Input, _ publisher: RunPublisher, _ layout: LayoutWatch,
        _ outcome: inout Outcome
    ) async throws {
        outcome.told = render(try LeftOutResults(plan).diagnostics)
        if plan.counts.all(.conflict) > 0, !plan.summary.isTakenBack, plan.header.publication != nil, !input.again {
            let question = PlanQuestion(
                .replace,
                "what stands differs from what the mapping gives now; it would be published anew and archived as it stands")
            if let refusal = await consent.refusal(of: [question], about: plan.header.file) {
                outcome.told += render([refusal])
                return
            }
            var again = input
            again.again = true
            return try await carryOut(try await publisher.plan(again), again, publisher, layout, &outcome)
        }
        if plan.isNothingToDo, try isFinished(plan) {
            outcome.receipt = try standing(plan)
            // Published before layouts were remembered, or just before the computer stopped.
            if layout.finding.isFirst { remember(plan, &outcome) }
            return
        }
        let settled = try await layout.settled { other in
            terminal.tell("\(Terminal.printable(plan.header.file)): waiting, \(other)")
        }
        defer { settled.hold?.release() }
        let notes = plan.summary.notes.filter { !$0.code.hasPrefix("layout.") }.map { $0.diagnostic(file: plan.header.file) }
        outcome.told += render(settled.finding.diagnostics + notes)
        if let refusal = plan.nothingToPublish {
            outcome.told += render([refusal])
            return
        }
        if let refusal = await consent.refusal(of: try questions(of: plan, settled.finding), about: plan.header.file) {
            outcome.told += render([refusal])
            return
        }
        outcome.receipt = try await Progress(terminal).publishing(plan.header.file, publisher.settings.account) {
            try await publisher.carryOut(plan, ledger: session.ledger)
        }
        remember(plan, &outcome)
        outcome.told += render(publisher.settings.account.warnings)
    }

    private func remember(_ plan: RunPlan, _ outcome: inout Outcome) {
        do {
            if let layout = plan.summary.layout { try session.ledger.remember(layout) }
        } catch let fault as Diagnostic {
            // What was published is published; the next file is compared with an earlier one.
            outcome.told += render([fault])
        } catch {
            outcome.told += render([PublishingFailure.internalFault(error, at: SourceLocation(file: plan.header.file))])
        }
    }

    /// A publication that goes on was agreed to when it began, as far as the layout goes.
    private func questions(of plan: RunPlan, _ layout: LayoutFinding) throws -> [PlanQuestion] {
        let others = plan.summary.questions.filter { $0.kind != .layout }
        guard let question = layout.question else { return others }
        let goesOn = try plan.header.publication.map { id in
            try session.ledger.publications(PublicationQuery(reference: id)).contains {
                $0.id == id && $0.state == .open && $0.records == plan.header.records
            }
        }
        return others + (goesOn == true ? [] : [PlanQuestion(.layout, question)])
    }

    private func isFinished(_ plan: RunPlan) throws -> Bool {
        guard let id = plan.header.publication else { return true }
        return try session.ledger.publications(PublicationQuery(reference: id)).contains { $0.id == id && $0.state == .done }
    }

    private func misconfigured(_ faults: ConfigurationFaults, _ outcome: inout Outcome) -> Outcome {
        outcome.told += render(faults.diagnostics)
        outcome.receipt.status = 78
        return outcome
    }

    private func show(_ plan: RunPlan, _ layout: LayoutFinding?) throws -> Outcome {
        var receipt = Receipt(
            file: plan.header.file, sha256: plan.header.sha256, destination: plan.header.destination, status: 0)
        receipt.leftOut = plan.counts[.result, .leaveOut] + plan.header.leftOutByReading
        receipt.skipped = plan.counts[.result, .skip]
        receipt.created = plan.counts[.result, .create]
        let refusal = plan.isNothingToDo ? nil : plan.nothingToPublish
        receipt.status =
            plan.counts.all(.conflict) > 0 || refusal != nil ? 2 : plan.isNothingToDo ? 4 : receipt.leftOut > 0 ? 1 : 0
        var outcome = Outcome(receipt: receipt)
        outcome.asks = !plan.summary.questions.isEmpty
        if options.json {
            try plan.forEachJSON { outcome.shown += $0 + "\n" }
            outcome.told += render(layout?.diagnostics ?? [])
        } else {
            try plan.forEachLine { outcome.shown += RunReport.printable($0) + "\n" }
        }
        for replaced in try replacedThings(of: plan) {
            outcome.shown += options.json ? replaced.text + "\n" : RunReport.printable(replaced["line"]?.string ?? "") + "\n"
        }
        if let refusal { outcome.told += render([refusal]) }
        return outcome
    }

    /// The runs that would be archived once the plan is carried out.
    private func replacedThings(of plan: RunPlan) throws -> [JSONValue] {
        try plan.summary.replaces.flatMap { id -> [JSONValue] in
            let contents = try session.ledger.contents(of: id)
            return contents.runs.map { run in
                let why = "archived with its \(RunReport.counted(contents.results, "result")) once this is published"
                let what = "run \(run.id.prefix(8))… \(run.schema)"
                return [
                    "thing": "run", "action": .string(PlanAction.Kind.replace.rawValue), "id": .string(run.id),
                    "schemaName": .string(run.schema), "publication": .string(id), "why": .string(why),
                    "line": .string(PlanAction(.replace, because: why).line(what)),
                ]
            }
        }
    }

    /// What is there already, as a receipt.
    private func standing(_ plan: RunPlan) throws -> Receipt {
        var receipt = Receipt(
            file: plan.header.file, sha256: plan.header.sha256, destination: plan.header.destination, status: 4,
            publication: plan.header.publication)
        try plan.forEachThing { thing in
            guard thing.action == .skip else { return }
            switch thing.kind {
            case .run: receipt.runs.append(Receipt.Run(id: thing.id, schema: thing.schemaName))
            case .result: receipt.results.append(thing.id)
            case .blob: receipt.blobs.append(thing.id)
            case .dataFrame, .file: break  // Of analyses.
            }
        }
        if let id = plan.header.publication {
            receipt.blobs = try session.ledger.things(of: id).filter { $0.kind == .blob }.map(\.id)
        }
        receipt.skipped = receipt.results.count
        receipt.leftOut = plan.counts[.result, .leaveOut] + plan.header.leftOutByReading
        return receipt
    }

    // MARK: Refusals

    private func refusal(of records: RecordsFile, _ entry: PublishEntry) -> Diagnostic? {
        let place = SourceLocation(file: records.fileName)
        if records.resultCount == 0, records.end.value["traces"]?.int == 0 {
            return Diagnostic(
                "publish.nothing", "it has no results and no traces", at: place,
                hint: "see what it holds with ingest read; nothing was sent")
        }
        switch records.complete {
        case .yes: return nil
        case .no:
            return Diagnostic(
                "publish.incomplete", "the file says itself that it is not complete: \(records.why)", at: place,
                hint: "export it again; nothing was sent")
        case .unknown:
            guard !options.acceptUnknown, !entry.acceptsUnknown else { return nil }
            return Diagnostic(
                "publish.completeness-unknown", "the file cannot prove that it is complete: \(records.why)", at: place,
                hint: "look whether its last row is the last of the run, then add --accept-unknown (or accept-unknown: true to "
                    + "this mapping in ingest.yaml); nothing was sent")
        }
    }

    private func render(_ diagnostics: [Diagnostic]) -> String { DiagnosticRenderer(terminal: terminal).render(diagnostics) }

    // MARK: The ledger

    private func emptyReceipt(_ records: RecordsFile, status: Int) -> Receipt {
        Receipt(
            file: records.fileName, sha256: records.sha256, destination: session.tenant.destination, status: status,
            leftOut: records.leftOut)
    }

    private func note(_ records: RecordsFile, status: Int, layout: String? = nil) throws {
        try session.ledger.save(
            ReadingEntry(
                at: Date.now.formatted(.iso8601), file: records.fileName, sha256: records.sha256, bytes: records.bytes,
                adapter: records.adapterName, adapterVersion: records.adapterVersion, format: records.format,
                records: records.digest, results: records.resultCount, leftOut: records.leftOut,
                complete: records.complete.rawValue, status: status, ingestVersion: Ingest.version,
                layout: layout))
    }
}
