import Digests
import FoundationEssentials
import IngestCore
import Publishing
import RecordReading

/// Makes the plan of one file: two passes over its records, and between them everything looked up at the destination.
struct RunPlanner {
    let tenant: Tenant
    let ledger: any Ledger
    let attachments: any AttachmentFiles
    let input: RunPublisher.Input
    let mapping: CheckedMapping

    private var records: RecordsFile { input.records }

    func plan() async throws -> RunPlan {
        let survey = try RecordSurvey(records, mapping)
        let mapping = mapping.chosen(for: survey.kinds)
        async let samples = SampleLookup(tenant).look(up: survey.wishes)
        let (standing, found) = try await standing(survey)
        let draft = PlanDraft(
            tenant: tenant, input: input, mapping: mapping, standing: standing, samples: try await samples, runsThere: found,
            attachments: attachments)
        let temporary = input.planPath == nil ? TemporaryPlan() : nil
        let path = input.planPath ?? temporary!.path
        let writer = try PlanFileWriter(path: path, header: try json(header(survey, standing)))
        try await draft.write(to: writer)
        let replaces = draft.createsSomething || standing.publication?.state == .open ? standing.replaces.map(\.id) : []
        let summary = RunPlan.Summary(
            replaces: replaces, schemas: SchemaDigest.of(draft.schemas, of: tenant), samples: draft.linked,
            questions: draft.questions + (input.layout?.question.map { [PlanQuestion(.layout, $0)] } ?? []),
            isTakenBack: draft.isTakenBack,
            notes: (input.layout?.diagnostics.map(PlanNote.init) ?? []) + draft.notes + survey.notes(mapping),
            layout: input.layout?.sighting)
        try writer.write(["summary": try json(summary)])
        try writer.finish()
        return try RunPlan(path: path, temporary: temporary)
    }

    private func json(_ value: some Encodable) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
    }

    /// What stands of this file, in the ledger and at the destination.
    private func standing(_ survey: RecordSurvey) async throws -> (Standing, [String: StoredRecord]) {
        var standing = try Standing(input, fingerprint: survey.fingerprint, tenant: tenant.identity, ledger: ledger)
        var found = try await lookForRuns(standing)
        if standing.known.contains(where: { $1.kind == .run && $1.state == .live && found[$0] == nil }) {
            standing.beginAnew()
            found = try await lookForRuns(standing)
        }
        if found.isEmpty, standing.isNew, !input.again { try await checkElsewhere() }
        // Published from elsewhere and archived there: the next names are free.
        while input.again, standing.publication == nil, !found.isEmpty, found.values.allSatisfy({ $0.archived != nil }) {
            standing.generation += 1
            found = try await lookForRuns(standing)
        }
        return (standing, found)
    }

    /// A tenant that gives ids of its own shows by a field alone that the file was published from another computer: one that
    /// holds the file's SHA-256, where the mapping fills one.
    private func checkElsewhere() async throws {
        guard try ledger.keepsIDs(tenant: tenant.identity) != true, let run = records.runs.first,
            let key = mapping.run.map(nil, run: run, in: records).values.first(where: { $1 == .json(.string(records.sha256)) })?
                .key
        else { return }
        let since = Int(Date.now.timeIntervalSince1970) - Self.lookBackDays * 86_400
        let runs = try await tenant.client.runs(schema: mapping.run.schema.id, createdFrom: since, createdTo: nil)
        let same = runs.filter { $0.archived == nil && $0.fields[key]?.string == records.sha256 }
        for there in same {
            let known = try ledger.things(withIDPrefix: there.id).first.flatMap { thing in
                try ledger.publications(PublicationQuery(reference: thing.publication)).first { $0.id == thing.publication }
            }
            guard known?.tenant != tenant.identity else { continue }
            let whence =
                known.map { "it was published to \($0.destination) from here, which is the same tenant under another address" }
                ?? "it was published from another computer, or this one's history was lost"
            throw Diagnostic(
                "publish.elsewhere",
                "\(tenant.destination) has run \(there.id) with the SHA-256 of this file in \"\(key)\" already",
                at: SourceLocation(file: records.fileName),
                hint: "\(whence); nothing was sent; --again publishes it all the same, beside that run")
        }
    }

    /// How far back a run of the same file is looked for.
    private static let lookBackDays = 90

    /// The runs of this file that the destination has already, by record.
    private func lookForRuns(_ standing: Standing) async throws -> [String: StoredRecord] {
        let client = tenant.client
        let ids = records.runs.map { run in
            let record = run.value["id"]?.string ?? ""
            return (
                record: record, id: PlanDraft.id(of: record, schema: mapping.run.schema.id, standing, tenant, records),
                isNew: standing.known[record]?.state != .live
            )
        }
        return try await withThrowingTaskGroup(of: (String, StoredRecord?).self) { group in
            for run in ids { group.addTask { (run.record, try await client.run(run.id, isNew: run.isNew)) } }
            return try await group.reduce(into: [String: StoredRecord]()) { $0[$1.0] = $1.1 }
        }
    }

    private func header(_ survey: RecordSurvey, _ standing: Standing) -> RunPlan.Header {
        RunPlan.Header(
            file: records.fileName, sha256: records.sha256, adapter: records.adapterName,
            adapterVersion: records.adapterVersion, records: records.digest, leftOutByReading: records.leftOut,
            tenant: tenant.identity, destination: tenant.destination, project: tenant.project.id,
            mapping: mapping.digest, fingerprint: survey.fingerprint, generation: standing.generation,
            publication: standing.publication?.id, asNewRun: input.asNewRun ? true : nil, path: input.sourcePath,
            madeAt: Date.now.formatted(.iso8601))
    }
}

/// The first pass: what has to be looked up, and what is not mapped.
struct RecordSurvey {
    private(set) var wishes: Set<EntityWish> = []
    /// How many results there are of each kind.
    private var counts: [String: Int] = [:]
    var kinds: Set<String> { Set(counts.keys) }
    private(set) var fingerprint: String?

    init(_ records: RecordsFile, _ mapping: CheckedMapping) throws {
        var runs: [String: RecordLine] = [:]
        for run in records.runs {
            runs[run.value["id"]?.string ?? ""] = run
            for value in mapping.run.map(nil, run: run, in: records).values.values { wishes.formUnion(value.wishes) }
        }
        var print = RunFingerprint(of: records)
        let results = try records.results()
        while let result = try results.next() {
            print.add(result)
            let kind = result.value["kind"]?.string ?? ""
            counts[kind, default: 0] += 1
            guard let form = mapping.form(for: kind), let run = runs[result.value["run"]?.string ?? ""] else { continue }
            for value in form.map(result, run: run, in: records).values.values { wishes.formUnion(value.wishes) }
        }
        fingerprint = print.text
    }

    /// For people: what is not published because the mapping does not ask for it.
    func notes(_ mapping: CheckedMapping) -> [PlanNote] {
        counts.sorted { $0.key < $1.key }.filter { mapping.form(for: $0.key) == nil }.map { kind, count in
            let why =
                mapping.setAside[kind].map { "the mapping takes the results of kind \($0) where a file has both" }
                ?? "the mapping has no \"of: \(kind)\""
            return PlanNote("publish.unmapped", "\(count) result\(count == 1 ? "" : "s") of kind \(kind) not published: \(why)")
        }
    }
}
