import Benchling
import IngestCore
import Publishing

/// Carries out a plan that was saved.
struct PlanCommandStep: Sendable {
    let session: PublishingSession
    let terminal: Terminal
    let consent: Consent
    let source: String?

    func carryOut(_ plan: RunPlan, _ path: String) async throws -> FilePublisher.Outcome {
        let header = plan.header
        var outcome = FilePublisher.Outcome(
            receipt: Receipt(file: header.file, sha256: header.sha256, destination: header.destination, status: 2))
        let attachments = FoundAttachments(records: path, source: source ?? header.path, name: header.file)
        let publisher = RunPublisher(
            tenant: session.tenant, ledger: session.ledger, attachments: attachments,
            settings: RunPublisher.Settings(ingestVersion: Ingest.version))
        let terminal = terminal
        let hold = try await session.ledger.hold(tenant: header.tenant, sha256: header.sha256) { other in
            terminal.tell("\(Terminal.printable(header.file)): waiting, \(other)")
        }
        defer { hold.release() }
        // A plan for another tenant is none of this one's, carried out there or not: what has changed says so.
        if header.tenant == session.tenant.identity, let receipt = try done(plan) {
            outcome.receipt = receipt
            return outcome
        }
        if let refusal = plan.nothingToPublish {
            outcome.told = render([refusal])
            return outcome
        }
        let changes = try await publisher.changes(since: plan)
        guard changes.isEmpty else {
            outcome.told = render(
                changes.map {
                    Diagnostic(
                        "plan.outdated", $0, at: SourceLocation(file: path),
                        hint: "the plan was made \(header.madeAt) and does not hold any more: make it again; nothing was sent")
                })
            return outcome
        }
        if let refusal = await consent.refusal(of: plan.summary.questions, about: header.file) {
            outcome.told = render([refusal])
            return outcome
        }
        do {
            outcome.receipt = try await Progress(terminal).publishing(header.file, publisher.settings.account) {
                try await publisher.carryOut(plan, ledger: session.ledger)
            }
            if let layout = plan.summary.layout { try session.ledger.remember(layout) }
            outcome.told = render(publisher.settings.account.warnings)
        } catch let stopped as PublishingStopped {
            outcome.told = render(stopped.diagnostics)
            outcome.receipt = stopped.receipt ?? outcome.receipt
            outcome.receipt.status = stopped.isUnfinished ? 3 : 2
        }
        return outcome
    }

    /// The receipt of a plan that was carried out before.
    private func done(_ plan: RunPlan) throws -> Receipt? {
        let header = plan.header
        let same = try session.ledger.publications(
            PublicationQuery(tenant: header.tenant, sha256: header.sha256, states: [.done])
        ).first { $0.generation == header.generation && $0.records == header.records && $0.mapping == header.mapping }
        guard let text = same?.receipt, plan.counts.all(.create) > 0 else { return nil }
        var receipt = try Receipt(parsing: text)
        receipt.status = 4
        receipt.skipped = receipt.results.count
        receipt.created = 0
        return receipt
    }

    private func render(_ diagnostics: [Diagnostic]) -> String { DiagnosticRenderer(terminal: terminal).render(diagnostics) }
}
