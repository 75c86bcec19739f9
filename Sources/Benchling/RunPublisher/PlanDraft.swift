import Digests
import IngestCore
import Publishing
import RecordReading

/// The second pass: each record becomes a thing with what will happen to it.
final class PlanDraft {
    private let tenant: Tenant
    private let input: RunPublisher.Input
    private let mapping: CheckedMapping
    private let standing: Standing
    private let samples: [EntityWish: SampleLookup.Finding]
    private let attachments: any AttachmentFiles
    private let runsThere: [String: StoredRecord]
    private var records: RecordsFile { input.records }

    private(set) var createsSomething = false
    /// The schemas that things are made of.
    private(set) var schemas: Set<String> = []
    private(set) var linked: [String: String] = [:]
    /// For people: what is not published, and why.
    var notes: [PlanNote] { omissions + unlinked.notes }
    private var omissions: [PlanNote] = []
    private var unlinked: UnlinkedSamples
    private(set) var isTakenBack = false
    /// The attachments that something new needs.
    private var neededBlobs: Set<String> = []
    /// Blobs that results at the destination link to already.
    private var foundBlobs: [String: String] = [:]
    private var runLines: [String: RecordLine] = [:]
    private var reading = OtherReading()
    private var runFaults: Set<String> = []

    init(
        tenant: Tenant, input: RunPublisher.Input, mapping: CheckedMapping, standing: Standing,
        samples: [EntityWish: SampleLookup.Finding], runsThere: [String: StoredRecord],
        attachments: any AttachmentFiles
    ) {
        self.attachments = attachments
        self.tenant = tenant
        self.input = input
        self.mapping = mapping
        self.standing = standing
        self.samples = samples
        self.runsThere = runsThere
        unlinked = UnlinkedSamples(tenant: tenant, file: input.records.fileName)
        for (wish, finding) in samples { if case .found(let entity) = finding { linked[wish.text] = entity.id } }
    }

    /// The id of a record at the destination: what the ledger knows, else the one that follows from what it is.
    static func id(of record: String, schema: String, _ standing: Standing, _ tenant: Tenant, _ records: RecordsFile) -> String {
        if let known = standing.known[record], !known.id.isEmpty { return known.id }
        return NameUUID.of([tenant.identity, schema, records.sha256, record, "\(standing.generation)"])
    }

    func write(to writer: PlanFileWriter) async throws {
        for run in records.runs { try write(try plan(run: run), to: writer) }
        var batch: [PlannedThing] = []
        let results = try records.results()
        while let result = try results.next() {
            reading.take(result.value["id"]?.string ?? "", standing)
            guard let form = mapping.form(for: result.value["kind"]?.string ?? "") else { continue }
            batch.append(plan(result, form))
            if batch.count == 200 {
                try await settle(&batch, to: writer)
            }
        }
        try await settle(&batch, to: writer)
        try reading.check(standing, file: records.fileName)
        for attachment in records.attachments { if let blob = try plan(attachment: attachment) { try write(blob, to: writer) } }
    }

    private func write(_ thing: PlannedThing, to writer: PlanFileWriter) throws {
        if !thing.schema.isEmpty { schemas.insert(thing.schema) }
        if thing.action == .create {
            createsSomething = true
            if thing.kind != .blob { neededBlobs.formUnion(thing.fields.values.flatMap(\.blobs)) }
        }
        try writer.write(thing.json)
    }

    // MARK: Runs

    private func plan(run line: RecordLine) throws -> PlannedThing {
        let record = line.value["id"]?.string ?? ""
        runLines[record] = line
        let schema = mapping.run.schema
        var (thing, faults) = thing(.run, record, schema, mapping.run.map(nil, run: line, in: records))
        guard faults.isEmpty else {
            // Without its run no result has a place: the whole file waits for the mapping or the file to be mended.
            throw PublishingStopped(faults, isUnfinished: false)
        }
        if let stored = runsThere[record] {
            compare(&thing, with: stored, run: nil)
            thing.id = stored.id
        }
        return thing
    }

    // MARK: Results

    private func plan(_ line: RecordLine, _ form: CheckedForm) -> PlannedThing {
        let run = line.value["run"]?.string ?? ""
        let mapped = form.map(line, run: runLines[run] ?? RecordLine(number: 0, value: [:]), in: records)
        var (thing, faults) = thing(.result, line.value["id"]?.string ?? "", form.schema, mapped)
        thing.run = run
        let place = line.value["at"]
        thing.member = place?["member"]?.string
        thing.line = place?["line"]?.int
        thing.column = place?["column"]?.int
        thing.path = place?["path"]?.string
        guard faults.isEmpty else {
            let stands = standing.publication != nil && standing.known[thing.record]?.state == .live
            thing.action = stands ? .conflict : .leaveOut
            thing.why =
                (stands ? "already there, and it would be left out now: " : "")
                + faults.map { [$0.message, $0.hint].compactMap(\.self).joined(separator: "; ") }.joined(separator: ". ")
            thing.fields = [:]
            return thing
        }
        return thing
    }

    /// A thing with its entities looked up, and why it cannot be made.
    private func thing(
        _ kind: PublishedThing.Kind, _ record: String, _ schema: AssaySchema, _ mapped: MappedFields
    ) -> (PlannedThing, [Diagnostic]) {
        var faults = mapped.faults
        omissions += mapped.omissions.map(PlanNote.init)
        var thing = PlannedThing(
            kind, .create, why: "new", id: PlanDraft.id(of: record, schema: schema.id, standing, tenant, records),
            schema: schema.id, schemaName: schema.name, record: record)
        for (name, value) in mapped.values {
            let isRequired = schema.fields.contains { $0.name == name && $0.isRequired && !$0.isArchived }
            do {
                if let settled = try settle(value, isRequired: isRequired) { thing.fields[name] = settled }
            } catch {
                faults.append(error)
            }
        }
        return (thing, faults)
    }

    /// With entities in place of wishes; `nil` where the field stays empty, as only an optional one may.
    private func settle(_ value: PlannedValue, isRequired: Bool) throws(Diagnostic) -> PlannedValue? {
        switch value {
        case .json, .run, .blob: return value
        case .list(let values):
            var settled: [PlannedValue] = []
            for value in values {
                // The last one that could fill the field is as needed as the field.
                let isNeeded = isRequired && settled.isEmpty && value == values.last
                if let one = try settle(value, isRequired: isNeeded) { settled.append(one) }
            }
            return settled.isEmpty ? nil : .list(settled)
        case .entity(let wish):
            if case .found(let entity)? = samples[wish] { return .json(.string(entity.id)) }
            let staysEmpty = wish.ifKnown && !isRequired
            let finding = samples[wish] ?? .unknown(near: [])
            guard staysEmpty else {
                throw SampleFault.diagnostic(wish, finding, tenant, file: records.fileName, staysEmpty: false)
            }
            unlinked.add(wish, finding)
            return nil
        }
    }

    /// Looks for results where their run is there already, and writes them.
    private func settle(_ batch: inout [PlannedThing], to writer: PlanFileWriter) async throws {
        let asked = batch.filter { $0.action == .create && runsThere[$0.run ?? ""] != nil }
        if !asked.isEmpty {
            let stored = Dictionary(
                try await tenant.client.results(asked.map(\.id)).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            for index in batch.indices where batch[index].action == .create {
                if let there = stored[batch[index].id] {
                    compare(&batch[index], with: there, run: runsThere[batch[index].run ?? ""]?.id)
                }
            }
        }
        for thing in batch { try write(thing, to: writer) }
        batch.removeAll(keepingCapacity: true)
    }

    private func compare(_ thing: inout PlannedThing, with stored: StoredRecord, run: String?) {
        if let reason = stored.archived {
            thing.action = .conflict
            thing.why = "archived there (\(reason))"
            isTakenBack = true
            return
        }
        var differences = StoredDifference.fields(
            of: thing, from: stored, run: run, renamed: standing.publication.map { ($0.file, records.fileName) })
        if !stored.schema.isEmpty, stored.schema != thing.schema { differences.append("it is of schema \(stored.schema) there") }
        if let project = stored.project, project != tenant.project.id { differences.append("it is in project \(project) there") }
        if differences.isEmpty {
            thing.action = .skip
            thing.why = "already there"
            for (name, value) in thing.fields {
                if case .blob(let attachment) = value { foundBlobs[attachment] = stored.fields[name]?.string }
            }
        } else {
            thing.action = .conflict
            thing.why = "already there with other values: " + differences.joined(separator: "; ")
        }
    }

    // MARK: Blobs

    private func plan(attachment line: RecordLine) throws -> PlannedThing? {
        let record = line.value["id"]?.string ?? ""
        let isNeeded = neededBlobs.contains(record)
        guard let name = line.value["name"]?.string, let bytes = line.value["bytes"]?.int,
            let sha256 = line.value["sha256"]?.string, isNeeded || foundBlobs[record] != nil
        else { return nil }
        var thing = PlannedThing(.blob, .create, why: "new", id: "", schema: "", schemaName: name, record: record)
        thing.file = FileDigest(name: name, bytes: bytes, sha256: sha256)
        thing.mediaType = line.value["mediaType"]?.string
        let known = standing.known[record].flatMap { $0.state == .live && !$0.id.isEmpty ? $0.id : nil }
        if let blob = known ?? foundBlobs[record] {
            thing.id = blob
            thing.action = .skip
            thing.why = "already there"
        } else if attachments.path(of: thing.file!) == nil {
            throw Diagnostic(
                "publish.attachment-missing", "\(name) is to be uploaded, and is not to be found",
                at: SourceLocation(file: records.fileName),
                hint: "it has \(bytes) bytes and SHA-256 \(sha256.prefix(16))…; put it beside the records, or name its folder "
                    + "with --source; nothing was sent")
        }
        return thing
    }

    // MARK: Questions

    var questions: [PlanQuestion] {
        var questions: [PlanQuestion] = []
        if createsSomething {
            for old in standing.asksFor {
                questions.append(
                    PlanQuestion(
                        .replace,
                        "\(old.file) (publication \(old.id.prefix(8))…), published \(old.startedAt), looks like an earlier version of "
                            + "this run; its run and results would be archived"))
            }
        }
        return questions
    }
}
