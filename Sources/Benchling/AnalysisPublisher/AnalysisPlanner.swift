import Digests
import FoundationEssentials
import IngestCore
import Publishing

/// Finds out what of the outputs of an analysis is there already.
struct AnalysisPlanner: Sendable {
    private let publisher: AnalysisPublisher
    private let input: AnalysisPublisher.Input
    private var tenant: AnalysisTenant { publisher.tenant }
    private var client: BenchlingClient { publisher.tenant.client }

    init(_ publisher: AnalysisPublisher, _ input: AnalysisPublisher.Input) {
        self.publisher = publisher
        self.input = input
    }

    /// An output as it is to be, before it is known whether it is there.
    private struct Wish {
        var kind: PublishedThing.Kind, ordinal: Int, name: String
        var content: FileDigest, path: String
    }

    func plan() async throws -> AnalysisPlan {
        let (mark, wishes) = try wishes()
        guard let analysis = try await client.analysis(input.analysis) else {
            throw AnalysisFault.unknown(input.analysis, tenant)
        }
        if analysis.folder == nil, !input.files.isEmpty { throw withoutFolder() }
        let earlier = try publisher.ledger.publications(
            PublicationQuery(tenant: tenant.identity, subject: .analysis(input.analysis), withoutReceipts: true))
        let things = try earlier.flatMap { try publisher.ledger.things(of: $0.id) }
        let standing = earlier.first { $0.records == mark.digits && $0.sha256 == input.sha256 }
        let attached = try await attached(to: analysis, things, wishes)
        var outputs: [PlannedOutput] = []
        for wish in wishes { outputs.append(try await planned(wish, analysis, attached, things, standing)) }
        let ours = Set(outputs.filter { $0.action == .skip }.map(\.id) + [input.frame])
        let (publication, isKnown) = publication(standing, mark, isNew: outputs.contains { $0.action == .create })
        return AnalysisPlan(
            analysis: input.analysis, frame: input.frame, sha256: input.sha256, destination: tenant.destination,
            outputs: outputs, before: (analysis.dataFrames + analysis.files).filter { !ours.contains($0) },
            folder: analysis.folder, publication: publication, isKnown: isKnown)
    }

    private func wishes() throws -> (OutputMark, [Wish]) {
        let kinds: [(PublishedThing.Kind, [AnalysisOutput])] = [(.dataFrame, input.dataFrames), (.file, input.files)]
        let contents = try kinds.flatMap { kind, outputs in try outputs.map { try $0.digest(as: kind) } }
        let mark = OutputMark(
            analysis: input.analysis, input: input.sha256, settings: input.settings, contents: contents.map(\.sha256))
        var left = contents[...]
        let wishes = kinds.flatMap { kind, outputs in
            outputs.enumerated().map { ordinal, output in
                Wish(kind: kind, ordinal: ordinal, name: mark.name(output.name), content: left.removeFirst(), path: output.path)
            }
        }
        let names = Set(wishes.map { [$0.kind.rawValue, $0.name] })
        precondition(names.count == wishes.count, "outputs of one kind have names of their own")
        return (mark, wishes)
    }

    /// What the analysis holds under the names of the outputs: the id, by kind and name. An archived file counts too.
    private func attached(
        to analysis: Analysis, _ things: [PublishedThing], _ wishes: [Wish]
    ) async throws -> [[String]: (id: String, isArchived: Bool)] {
        let names = Dictionary(things.filter { !$0.id.isEmpty }.map { ($0.id, $0.schema) }) { first, _ in first }
        let wanted = Set(wishes.map(\.name))
        func mayBeOurs(_ id: String) -> Bool { id != input.frame && names[id].map(wanted.contains) ?? true }
        var found: [[String]: (id: String, isArchived: Bool)] = [:]
        for id in analysis.dataFrames where mayBeOurs(id) {
            var name = names[id]
            if name == nil { name = try await client.dataFrame(id)?.name }
            if let name { found[[PublishedThing.Kind.dataFrame.rawValue, name]] = (id, false) }
        }
        for id in analysis.files where mayBeOurs(id) {
            guard let file = try await client.file(id) else { continue }
            let key = [PublishedThing.Kind.file.rawValue, file.name]
            // Of two with one name, the one that is live.
            if found[key].map(\.isArchived) ?? true { found[key] = (id, file.isArchived) }
        }
        return found
    }

    private func planned(
        _ wish: Wish, _ analysis: Analysis, _ attached: [[String]: (id: String, isArchived: Bool)], _ things: [PublishedThing],
        _ standing: Publication?
    ) async throws -> PlannedOutput {
        func output(_ action: PlannedOutput.Action, _ id: String, _ why: String) -> PlannedOutput {
            PlannedOutput(
                kind: wish.kind, ordinal: wish.ordinal, name: wish.name, action: action, why: why, id: id, content: wish.content,
                path: wish.path)
        }
        if let there = attached[[wish.kind.rawValue, wish.name]] {
            guard there.isArchived else { return output(.skip, there.id, "attached already") }
            if let standing, standing.state == .done {
                return output(
                    .skip, there.id,
                    "attached, and archived there since; ingest undo \(standing.id.prefix(8)) first to publish it anew")
            }
        }
        let made = things.first { $0.kind == wish.kind && $0.schema == wish.name && !$0.id.isEmpty && $0.state != .archived }
        if let made { return output(.create, made.id, "made before, and not attached yet") }
        if wish.kind == .file, let folder = analysis.folder {
            let stray = try await client.files(folder: folder, name: wish.name).first { $0.isLive(named: wish.name) }
            if let stray { return output(.create, stray.id, "made before, and not attached yet") }
        }
        return output(.create, "", "not attached to \(analysis.id) yet")
    }

    /// The one to go on with, the one that stands, or a new one.
    private func publication(_ standing: Publication?, _ mark: OutputMark, isNew: Bool) -> (Publication, isKnown: Bool) {
        if let standing, standing.state == .open || (standing.state == .done && !isNew) { return (standing, true) }
        let generation = (standing?.generation ?? 0) + 1
        let names = ["analysis", tenant.identity, input.analysis, input.sha256, mark.digits, "\(generation)"]
        let publication = Publication(
            id: NameUUID.of(names), tenant: tenant.identity, destination: tenant.destination, file: input.frame,
            sha256: input.sha256, adapter: publisher.settings.tool, adapterVersion: publisher.settings.toolVersion,
            records: mark.digits, mapping: MessageDigest.of(input.settings), generation: generation,
            startedAt: Date.now.formatted(.iso8601),
            ingestVersion: publisher.settings.ingestVersion, analysis: input.analysis)
        return (publication, false)
    }

    private func withoutFolder() -> Diagnostic {
        Diagnostic(
            "analysis.no-folder", "analysis \(input.analysis) does not say in which folder it is, so no file can be made for it",
            at: SourceLocation(file: input.analysis),
            hint: "see that these credentials may write where the analysis is; nothing was sent or attached")
    }
}

extension StoredFile {
    /// The name filter of a list may take others of a similar name along.
    func isLive(named wanted: String) -> Bool { name == wanted && !isArchived && status != .failed }
}
