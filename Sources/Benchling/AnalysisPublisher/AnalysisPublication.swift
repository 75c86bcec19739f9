import FoundationEssentials
import IngestCore
import Publishing

/// One carrying-out of one plan: the data frames, then the files, then all of them are attached at once. What the tenant refuses
/// on the way leaves the analysis as it was.
struct AnalysisPublication: Sendable {
    let tenant: AnalysisTenant
    let ledger: any Ledger
    let plan: AnalysisPlan
    let account: PublishingAccount
    var client: BenchlingClient { tenant.client }
    var publication: Publication { plan.publication }
    /// The outputs to be uploaded, by name: each was found to be what was planned.
    private let checks: [String: AttachmentCheck]

    init(_ publisher: AnalysisPublisher, _ plan: AnalysisPlan, _ ledger: any Ledger) throws {
        tenant = publisher.tenant
        self.ledger = ledger
        self.plan = plan
        account = publisher.settings.account
        do {
            let new = plan.outputs.filter { $0.action == .create }
            checks = try Dictionary(
                uniqueKeysWithValues: new.map { ($0.key, try AttachmentCheck(path: $0.path, digest: $0.content)) })
            account.expect(bytes: new.reduce(0) { $0 + $1.content.bytes }, results: 0)
        } catch let fault as Diagnostic {
            throw PublishingStopped([fault], isUnfinished: false)
        }
    }

    func carryOut() async throws -> Receipt {
        if plan.isNothingToDo { return receipt(4, ids: [:], publication: plan.isKnown ? publication.id : nil) }
        do {
            try ledger.save(publication)
            var ids: [String: String] = [:]
            for output in plan.outputs { ids[output.key] = try await id(of: output) }
            try await attach(ids)
            return try finish(ids)
        } catch let failure as BenchlingFailure {
            throw stopped([diagnostic(failure)], canGoOn: failure.kind != .refused && failure.kind != .notFound)
        } catch let fault as Diagnostic {
            throw stopped([fault])
        }
    }

    /// The id of an output that can be attached, or is.
    private func id(of output: PlannedOutput) async throws -> String {
        guard output.action == .create, let check = checks[output.key] else { return output.id }
        let id =
            output.kind == .dataFrame
            ? try await DataFrameUpload(self, output).upload() : try await FileUpload(self, output).upload()
        try check.checkUnchanged()
        account.sent(bytes: output.content.bytes)
        return id
    }

    func key(_ step: String) -> EffectKey { EffectKey(publication.id, step) }

    // MARK: Attaching

    /// Sends the ids that the analysis does not list, and is done when it lists them all, whoever's answer was lost.
    private func attach(_ ids: [String: String]) async throws {
        let key = key("attach")
        var trouble: BenchlingFailure?
        var attempt = 1
        while let missing = try await missing(ids, waits: trouble?.kind == .unsure ? RunSearch.waits : [0]) {
            if let trouble, trouble.kind == .refused || attempt > RunCreation.attempts { throw trouble }
            attempt += 1
            try intend(key, missing.frames + missing.files)
            do {
                _ = try await client.attach(dataFrames: missing.frames, files: missing.files, to: plan.analysis)
                trouble = BenchlingFailure(
                    .unsure, call: "PATCH /analyses", message: "the analysis does not list what was attached to it")
            } catch let failure as BenchlingFailure where failure.kind == .unsure || failure.kind == .refused {
                trouble = failure
            }
        }
        try ledger.complete(key, id: plan.analysis, detail: [:], things: try things(ids))
    }

    /// What the analysis does not list; `nil` when it lists everything.
    /// - Parameter waits: Seconds before each look.
    private func missing(
        _ ids: [String: String], waits: [Double]
    ) async throws -> (frames: [String], files: [String])? {
        func these(_ kind: PublishedThing.Kind) -> [String] { plan.outputs.filter { $0.kind == kind }.compactMap { ids[$0.key] } }
        var missing: (frames: [String], files: [String]) = ([], [])
        for wait in waits {
            if wait > 0 { try await client.pace.wait(wait, because: "looking whether it was attached") }
            guard let now = try await client.analysis(plan.analysis) else { throw AnalysisFault.unknown(plan.analysis, tenant) }
            missing.frames = these(.dataFrame).filter { !now.dataFrames.contains($0) }
            missing.files = these(.file).filter { !now.files.contains($0) }
            if missing.frames.isEmpty, missing.files.isEmpty { return nil }
        }
        return missing
    }

    private func intend(_ key: EffectKey, _ ids: [String]) throws {
        if case .done = try ledger.effect(key) { try ledger.retract(key) }
        try ledger.intend(key, detail: ["ids": .array(ids.map { .string($0) })], things: [])
    }

    /// As they stand now: what was there before this publication meant to make it is none of its own.
    private func things(_ ids: [String: String]) throws -> [PublishedThing] {
        let meant = Set(
            try ledger.things(of: publication.id).filter { $0.state != .found }.map { "\($0.kind.rawValue) \($0.schema)" })
        return plan.outputs.map { output in
            let isOurs = output.action == .create || meant.contains(output.key)
            return output.published(by: publication.id, id: ids[output.key] ?? output.id, state: isOurs ? .live : .found)
        }
    }

    // MARK: The end

    private func finish(_ ids: [String: String]) throws -> Receipt {
        let receipt = receipt(0, ids: ids, publication: publication.id)
        for (key, detail) in try ledger.openEffects(of: publication.id) {
            try ledger.complete(key, id: publication.id, detail: detail, things: [])
        }
        var done = publication
        done.state = .done
        done.finishedAt = Date.now.formatted(.iso8601)
        done.receipt = receipt.json
        try ledger.save(done)
        return receipt
    }

    private func receipt(_ status: Int, ids: [String: String], publication: String?) -> Receipt {
        func these(_ kind: PublishedThing.Kind) -> [String] {
            plan.outputs.filter { $0.kind == kind }.compactMap { output in
                ids[output.key] ?? (output.action == .skip ? output.id : nil)
            }
        }
        let attachments = Receipt.Attachments(
            id: plan.analysis, dataFrames: these(.dataFrame), files: these(.file),
            before: plan.before.filter { !ids.values.contains($0) })
        return Receipt(
            file: plan.frame, sha256: plan.sha256, destination: plan.destination, status: status, analysis: attachments,
            created: plan.outputs.count { $0.action == .create }, skipped: plan.outputs.count { $0.action == .skip },
            publication: publication)
    }

    func diagnostic(_ failure: BenchlingFailure) -> Diagnostic {
        FailureText.diagnostic(failure, destination: tenant.destination, at: SourceLocation(file: plan.analysis))
    }

    /// Whether anything of it stands, or may: if not, the publication is forgotten.
    /// - Parameter canGoOn: The same command may succeed, whatever stands.
    private func stopped(_ diagnostics: [Diagnostic], canGoOn: Bool = false) -> PublishingStopped {
        do {
            try ledger.forget(publication.id)
            let isKnown = try ledger.publications(PublicationQuery(reference: publication.id)).contains {
                $0.id == publication.id
            }
            guard isKnown else { return PublishingStopped(diagnostics, isUnfinished: canGoOn) }
            var receipt = receipt(3, ids: [:], publication: publication.id)
            let made = try ledger.things(of: publication.id).filter { !$0.id.isEmpty && $0.state != .archived }
            receipt.analysis?.dataFrames = made.filter { $0.kind == .dataFrame }.map(\.id)
            receipt.analysis?.files = made.filter { $0.kind == .file }.map(\.id)
            receipt.created = made.count { $0.state != .found }
            return PublishingStopped(diagnostics, isUnfinished: true, receipt: receipt)
        } catch {
            // The ledger cannot be used any more, as on a full disk: what stands is what it knows, once it can.
            return PublishingStopped(diagnostics, isUnfinished: true)
        }
    }
}

extension PlannedOutput {
    /// Names are given once within a kind.
    var key: String { "\(kind.rawValue) \(name)" }
}
