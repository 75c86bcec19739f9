import FoundationEssentials
import IngestCore
import Publishing

/// One carrying-out of one plan: blobs and runs side by side, then the results, then what they replace is archived.
final class RunPublication: Sendable {
    let client: BenchlingClient
    let ledger: any Ledger
    let tenant: Tenant
    let settings: RunPublisher.Settings
    let plan: RunPlan
    /// The attachments to be uploaded, by record: each was found to be what was read.
    let checks: [String: AttachmentCheck]
    private let outline: PlanOutline
    let publication: Publication

    init(_ publisher: RunPublisher, _ plan: RunPlan, _ ledger: any Ledger) throws {
        client = publisher.tenant.client
        self.ledger = ledger
        tenant = publisher.tenant
        settings = publisher.settings
        self.plan = plan
        outline = try PlanOutline(plan)
        let header = plan.header
        var publication = Publication(
            id: header.publication ?? UUID().uuidString.lowercased(), tenant: header.tenant, destination: header.destination,
            file: header.file, sha256: header.sha256, adapter: header.adapter, adapterVersion: header.adapterVersion,
            records: header.records, mapping: header.mapping, fingerprint: header.fingerprint, generation: header.generation,
            startedAt: Date.now.formatted(.iso8601),
            replaces: plan.summary.replaces.isEmpty ? nil : plan.summary.replaces.joined(separator: ","),
            ingestVersion: settings.ingestVersion)
        let earlier = try ledger.publications(PublicationQuery(tenant: header.tenant, sha256: header.sha256, subject: .runs))
        // A plan that is carried out a second time goes on with what the first time began.
        if let begun = earlier.first(where: {
            $0.id == publication.id || (header.publication == nil && $0.state == .open && $0.generation == header.generation)
        }) {
            publication.id = begun.id
            publication.startedAt = begun.startedAt
            // Some of what it replaces may be archived by now, and is no longer in a plan that was made since.
            let replaced = [begun.replaces, publication.replaces].compactMap(\.self).flatMap { $0.split(separator: ",") }
            var named: Set<Substring> = []
            publication.replaces = replaced.isEmpty ? nil : replaced.filter { named.insert($0).inserted }.joined(separator: ",")
        }
        self.publication = publication
        let needed = try outline.blobs.filter { thing in
            // One that was uploaded before needs no file any more.
            if case .done = try ledger.effect(EffectKey(publication.id, "blob:\(thing.record)")) { return false }
            return thing.action == .create
        }
        checks = try RunPublication.checks(needed, publisher.attachments, file: plan.header.file)
        settings.account.expect(bytes: needed.compactMap(\.file?.bytes).reduce(0, +), results: outline.newResults)
    }

    func carryOut() async throws -> Receipt {
        guard outline.conflicts.isEmpty else { throw PublishingStopped(conflicts(outline), isUnfinished: false) }
        do {
            return try await makeAll()
        } catch let failure as BenchlingFailure {
            throw stopped([diagnostic(failure)])
        } catch let fault as Diagnostic {
            throw stopped([fault])
        } catch let stop as PublishingStopped {
            throw stopped(stop.diagnostics)
        } catch let fault as BlobContent.Fault {
            throw stopped([
                Diagnostic("publish.attachment-changed", fault.description, at: SourceLocation(file: plan.header.file))
            ])
        }
    }

    private func makeAll() async throws -> Receipt {
        try await begin()
        let (blobs, runs) = try await blobsAndRuns(outline)
        let results = try await ResultCreation(self, outline, runs: runs, blobs: blobs).create()
        try await Replacement(ledger: ledger, tenant: tenant, account: settings.account).archive(
            publication.replaces?.split(separator: ",").map(String.init) ?? [], by: publication)
        return try finish(outline, runs: runs, blobs: blobs, results: results)
    }

    /// Of two versions of one run that are published side by side, neither was in the ledger when the other's plan was made.
    private func begin() async throws {
        let hold = try await ledger.hold(tenant: tenant.identity, sha256: "a publication begins") { _ in }
        defer { hold.release() }
        let header = plan.header
        let known = Set((publication.replaces ?? "").split(separator: ",").map(String.init) + [publication.id])
        let isBegun = try ledger.publications(PublicationQuery(reference: publication.id)).contains { $0.id == publication.id }
        if !isBegun, header.asNewRun != true {
            let versions = try Standing.versions(of: header.file, header.fingerprint, header.sha256, header.tenant, ledger)
            if let other = versions.first(where: { !known.contains($0.id) }) {
                throw Diagnostic(
                    "publish.version-meanwhile",
                    "\(other.file) (SHA-256 \(other.sha256.prefix(8))…) was begun meanwhile, and looks like another version of this run",
                    at: SourceLocation(file: header.file),
                    hint: "nothing was sent of this one; run the command again for the version that is to stand")
            }
        }
        try ledger.save(publication)
    }

    /// Whether anything of it stands, or may: if not, the publication is forgotten.
    private func stopped(_ diagnostics: [Diagnostic]) -> PublishingStopped {
        do {
            try ledger.forget(publication.id)
            let isKnown = try ledger.publications(PublicationQuery(reference: publication.id)).contains {
                $0.id == publication.id
            }
            return PublishingStopped(diagnostics, isUnfinished: isKnown, receipt: isKnown ? try unfinishedReceipt() : nil)
        } catch {
            // The ledger cannot be used any more, as on a full disk: what stands is what it knows, once it can.
            return PublishingStopped(diagnostics, isUnfinished: true)
        }
    }

    private func unfinishedReceipt() throws -> Receipt {
        var receipt = emptyReceipt
        receipt.status = 3
        receipt.leftOut = outline.leftOut + plan.header.leftOutByReading
        for thing in try ledger.things(of: publication.id) where thing.state == .live || thing.state == .found {
            switch thing.kind {
            case .run: receipt.runs.append(Receipt.Run(id: thing.id, schema: thing.schema))
            case .blob: receipt.blobs.append(thing.id)
            case .dataFrame, .file: break  // Of analyses.
            case .result:
                receipt.results.append(thing.id)
                if thing.state == .live { receipt.created += 1 } else { receipt.skipped += 1 }
            }
        }
        return receipt
    }

    private var emptyReceipt: Receipt {
        Receipt(
            file: plan.header.file, sha256: plan.header.sha256, destination: plan.header.destination, status: 0,
            publication: publication.id)
    }

    private static func checks(
        _ things: [PlannedThing], _ files: any AttachmentFiles, file: String
    ) throws -> [String: AttachmentCheck] {
        var checks: [String: AttachmentCheck] = [:]
        var faults: [Diagnostic] = []
        for thing in things {
            guard let digest = thing.file, let path = files.path(of: digest) else {
                faults.append(
                    Diagnostic(
                        "publish.attachment-missing", "\(thing.schemaName) is to be uploaded, and is not to be found",
                        at: SourceLocation(file: file),
                        hint: "put it back where it was, or name its place with --source; nothing was sent"))
                continue
            }
            do {
                checks[thing.record] = try AttachmentCheck(path: path, digest: digest)
            } catch let fault as Diagnostic {
                faults.append(fault)
            }
        }
        guard faults.isEmpty else { throw PublishingStopped(faults, isUnfinished: false) }
        return checks
    }

    /// Runs wait for blobs only where one of their fields links to one.
    private func blobsAndRuns(_ outline: PlanOutline) async throws -> (blobs: [String: String], runs: [String: String]) {
        if outline.runs.contains(where: { !$0.fields.values.flatMap(\.blobs).isEmpty }) {
            let blobs = try await upload(outline.blobs)
            return (blobs, try await RunCreation(self, blobs: blobs).create(outline.runs))
        }
        async let blobs = upload(outline.blobs)
        async let runs = RunCreation(self, blobs: [:]).create(outline.runs)
        return (try await blobs, try await runs)
    }

    /// Two at a time, so that memory stays that of two parts.
    private func upload(_ things: [PlannedThing]) async throws -> [String: String] {
        try await withThrowingTaskGroup(of: (String, String).self) { group in
            var ids: [String: String] = [:]
            var waiting = things.enumerated().makeIterator()
            func startNext() {
                guard let (ordinal, thing) = waiting.next() else { return }
                group.addTask { (thing.record, try await BlobUpload(self, thing, ordinal: ordinal).upload()) }
            }
            startNext()
            startNext()
            while let (record, id) = try await group.next() {
                ids[record] = id
                startNext()
            }
            return ids
        }
    }

    private func finish(
        _ outline: PlanOutline, runs: [String: String], blobs: [String: String], results: [String]
    ) throws -> Receipt {
        var receipt = emptyReceipt
        receipt.runs = outline.runs.map { Receipt.Run(id: runs[$0.record] ?? $0.id, schema: $0.schemaName) }
        receipt.results = results
        receipt.blobs = outline.blobs.compactMap { blobs[$0.record] }
        receipt.created = outline.newResults
        receipt.skipped = outline.foundResults
        receipt.leftOut = outline.leftOut + plan.header.leftOutByReading
        receipt.replaced = try Replacement.runs(of: publication.replaces, ledger)
        receipt.status = receipt.leftOut > 0 ? 1 : 0
        // What was meant and is found to be there is done, whoever's answer was lost.
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

    /// Notes what is there already: made by this publication when the ledger says that it meant to, found otherwise.
    func mark(found: [(ordinal: Int, thing: PlannedThing)]) throws {
        guard !found.isEmpty else { return }
        let meant = Set(try ledger.things(of: publication.id).filter { $0.state != .found }.map(\.record))
        try ledger.mark(
            found.map { ordinal, thing in
                thing.published(
                    by: publication.id, ordinal: ordinal, state: meant.contains(thing.record) ? .live : .found)
            })
    }

    // MARK: Faults

    private func conflicts(_ outline: PlanOutline) -> [Diagnostic] {
        outline.conflicts.map { thing in
            Diagnostic(
                "publish.conflict", "\(thing.kind.rawValue) \(thing.id): \(thing.why)",
                at: SourceLocation(file: plan.header.file, member: thing.member, line: thing.line, column: thing.column),
                hint: "nothing was sent; --again publishes the file anew and archives what stands")
        }
    }

    func diagnostic(_ failure: BenchlingFailure) -> Diagnostic {
        FailureText.diagnostic(failure, destination: tenant.destination, at: SourceLocation(file: plan.header.file))
    }

    /// What was wrong with each item of a refused list, at its place in the file.
    func diagnostics(_ failure: BenchlingFailure, _ things: [PlannedThing]) -> [Diagnostic] {
        let items: [Diagnostic] = failure.items.sorted { $0.key < $1.key }.flatMap { index, fault -> [Diagnostic] in
            let isNamed = failure.itemCount == things.count && things.indices.contains(index)
            let thing = isNamed ? things[index] : nil
            let texts = fault.global + fault.fields.sorted { $0.key < $1.key }.map { "field \($0.key): \($0.value)" }
            return texts.map { text in
                Diagnostic(
                    "benchling.refused",
                    "\(tenant.destination) refuses \(thing.map { "the " + $0.kind.rawValue } ?? "one of them, and does not say which"): \(text)",
                    at: SourceLocation(file: plan.header.file, member: thing?.member, line: thing?.line, column: thing?.column),
                    hint:
                        "none of the \(things.count) sent together was stored; correct the file or the mapping and run the same "
                        + "command again")
            }
        }
        return items.isEmpty ? [diagnostic(failure)] : items
    }
}

/// The few things of a plan that are kept in memory, and the number of the others.
struct PlanOutline: Sendable {
    private(set) var runs: [PlannedThing] = [], blobs: [PlannedThing] = [], conflicts: [PlannedThing] = []
    private(set) var newResults = 0, foundResults = 0, leftOut = 0

    init(_ plan: RunPlan) throws {
        var outline = PlanOutline()
        try plan.forEachThing { outline.add($0) }
        self = outline
    }

    private init() {}

    private mutating func add(_ thing: PlannedThing) {
        if thing.action == .conflict, conflicts.count < 100 { conflicts.append(thing) }
        switch (thing.kind, thing.action) {
        case (.run, _): runs.append(thing)
        case (.blob, _): blobs.append(thing)
        case (.result, .create), (.result, .replace): newResults += 1
        case (.result, .skip): foundResults += 1
        case (.result, .leaveOut): leftOut += 1
        case (.result, .conflict), (.dataFrame, _), (.file, _): break
        }
    }
}
