import IngestCore
public import Publishing

/// What attaching to an analysis will do, thing by thing.
public struct AnalysisPlan: Sendable, CustomStringConvertible {
    /// The id of the analysis, and of the data frame that was its input.
    public let analysis: String, frame: String
    /// The digest of the input.
    public let sha256: String
    public let destination: String
    /// Data frames first.
    public let outputs: [PlannedOutput]
    /// Ids of what is attached and is neither the input nor of this plan: it stays as it is.
    public let before: [String]

    /// Where new files go.
    let folder: String?
    /// As the ledger has it, or will.
    let publication: Publication
    /// The ledger has it: begun, or done.
    let isKnown: Bool

    /// Everything is attached.
    public var isNothingToDo: Bool { outputs.allSatisfy { $0.action == .skip } && (!isKnown || publication.state == .done) }

    /// A line for each thing, then what was attached before.
    public var lines: [String] {
        let rest = before.isEmpty ? [] : ["note      beside \(before.joined(separator: ", ")), attached to it before"]
        return outputs.map(\.line) + rest
    }

    /// The same for programs: each thing as one JSON object.
    public var jsonLines: [String] { outputs.map { $0.json(analysis).text } }

    public var description: String {
        let new = outputs.count { $0.action == .create }
        return "\(frame) of \(analysis) to \(destination): \(new) create, \(outputs.count - new) skip"
    }
}

/// One data frame or file of a plan.
public struct PlannedOutput: Sendable, Hashable {
    public enum Action: String, Sendable, Hashable { case create, skip }

    /// `dataFrame` or `file`.
    public let kind: PublishedThing.Kind
    /// From 0 within its kind.
    public let ordinal: Int
    /// With the mark of the publication.
    public let name: String
    public let action: Action
    /// For people.
    public let why: String
    /// Its id at the destination; empty for one that is not made yet.
    public let id: String
    let content: FileDigest
    let path: String

    /// One line for people: `create    data frame ingest 0a1b2c3d4e5f IC50 (ic50.csv, 312 bytes): not attached yet`.
    var line: String {
        let what = (kind == .dataFrame ? "data frame " : "file ") + (id.isEmpty ? "" : id + " ")
        let text = "\(what)\(name) (\(content.name), \(content.bytes) bytes)"
        return (action == .create ? PlanAction.create(because: why) : .skip(because: why)).line(text)
    }

    func json(_ analysis: String) -> JSONValue {
        [
            "thing": .string(kind.rawValue), "action": .string(action.rawValue), "why": .string(why), "id": .string(id),
            "name": .string(name), "analysis": .string(analysis), "fileName": .string(content.name),
            "bytes": .number(Double(content.bytes)), "sha256": .string(content.sha256),
        ]
    }

    func published(by publication: String, id: String, state: PublishedThing.State) -> PublishedThing {
        PublishedThing(
            publication: publication, kind: kind, ordinal: ordinal, id: id, schema: name, record: content.name, state: state)
    }
}
