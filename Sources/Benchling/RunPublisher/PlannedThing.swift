public import IngestCore
public import Publishing

/// One run, blob or result of a plan: what will happen to it, and why.
public struct PlannedThing: Sendable, Hashable {
    public var kind: PublishedThing.Kind
    public var action: PlanAction.Kind
    /// For people.
    public var why: String
    /// Its id at the destination: chosen by us for runs and results, empty for a blob that is not uploaded yet.
    public var id: String
    /// The schema; for a blob nothing and its file name.
    public var schema: String, schemaName: String
    /// The id of its record: `r1`, `a1`, `<16 hex>-14.1`.
    public var record: String
    /// Of a result: the record of its run.
    public var run: String?
    public var member: String?, line: Int?, column: Int?, path: String?
    /// By system name; entities are looked up, the run and blobs still by record id.
    public var fields: [String: PlannedValue]
    /// Of a blob.
    public var file: FileDigest?, mediaType: String?

    public init(
        _ kind: PublishedThing.Kind, _ action: PlanAction.Kind, why: String, id: String, schema: String, schemaName: String,
        record: String, fields: [String: PlannedValue] = [:]
    ) {
        self.kind = kind
        self.action = action
        self.why = why
        self.id = id
        self.schema = schema
        self.schemaName = schemaName
        self.record = record
        self.fields = fields
    }

    /// The same as the ledger keeps it.
    func published(by publication: String, ordinal: Int, state: PublishedThing.State = .intended) -> PublishedThing {
        PublishedThing(
            publication: publication, kind: kind, ordinal: ordinal, id: id, schema: schemaName, record: record, state: state,
            member: member, line: line, column: column, path: path)
    }

    /// One line for people: `create    result 3f0f8f5e… Chromatography Result (run7.csv:14): new`.
    public func line(file name: String) -> String {
        var text = kind.rawValue + " " + (id.isEmpty ? "" : id.prefix(8) + "… ") + schemaName
        let place = SourceLocation(file: name, member: member, line: line, column: column)
        if line != nil || path != nil { text += " (\(place)" + (path.map { " \($0)" } ?? "") + ")" }
        return PlanAction(action, because: why).line(text)
    }
}

extension PlannedThing {
    /// As a line of a plan file.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "thing": .string(kind.rawValue), "action": .string(action.rawValue), "why": .string(why), "id": .string(id),
            "schema": .string(schema), "schemaName": .string(schemaName), "record": .string(record),
        ]
        if let run { members["run"] = .string(run) }
        if let member { members["member"] = .string(member) }
        if let line { members["line"] = .number(Double(line)) }
        if let column { members["column"] = .number(Double(column)) }
        if let path { members["path"] = .string(path) }
        if !fields.isEmpty { members["fields"] = .object(fields.mapValues(\.json)) }
        if let file {
            members["file"] = [
                "name": .string(file.name), "bytes": .number(Double(file.bytes)), "sha256": .string(file.sha256),
            ]
        }
        if let mediaType { members["mediaType"] = .string(mediaType) }
        return .object(members)
    }

    /// - Returns: `nil` for anything but a line of a plan file.
    init?(json: JSONValue) {
        guard let kind = json["thing"]?.string.flatMap(PublishedThing.Kind.init),
            let action = json["action"]?.string.flatMap(PlanAction.Kind.init(rawValue:)), let why = json["why"]?.string,
            let id = json["id"]?.string, let schema = json["schema"]?.string, let name = json["schemaName"]?.string,
            let record = json["record"]?.string
        else { return nil }
        self.init(kind, action, why: why, id: id, schema: schema, schemaName: name, record: record)
        run = json["run"]?.string
        member = json["member"]?.string
        line = json["line"]?.int
        column = json["column"]?.int
        path = json["path"]?.string
        for (field, written) in json["fields"]?.members ?? [:] {
            guard let value = PlannedValue(json: written) else { return nil }
            fields[field] = value
        }
        if let digest = json["file"] {
            guard let name = digest["name"]?.string, let bytes = digest["bytes"]?.int, let sha256 = digest["sha256"]?.string
            else { return nil }
            file = FileDigest(name: name, bytes: bytes, sha256: sha256)
        }
        mediaType = json["mediaType"]?.string
    }
}

extension PlannedThing {
    /// Whether a field of it leads to its run.
    var isLinkedToRun: Bool { fields.values.contains { $0.isRun } }
}

extension PlannedValue {
    fileprivate var isRun: Bool {
        switch self {
        case .run: true
        case .list(let values): values.contains(where: \.isRun)
        case .json, .entity, .blob: false
        }
    }

    /// `{"value": …}`, `{"run": true}`, `{"blob": "a1"}` or `{"list": […]}`.
    var json: JSONValue {
        switch self {
        case .json(let value): ["value": value]
        case .run: ["run": true]
        case .entity(let wish): ["entity": .string(wish.text)]
        case .blob(let attachment): ["blob": .string(attachment)]
        case .list(let values): ["list": .array(values.map(\.json))]
        }
    }

    init?(json: JSONValue) {
        if let value = json["value"] {
            self = .json(value)
        } else if json["run"] != nil {
            self = .run
        } else if let attachment = json["blob"]?.string {
            self = .blob(attachment)
        } else if let list = json["list"] {
            let values = list.elements.map { PlannedValue(json: $0) }
            guard !values.contains(nil) else { return nil }
            self = .list(values.compactMap(\.self))
        } else {
            return nil
        }
    }

    /// The attachments it needs.
    var blobs: [String] {
        switch self {
        case .blob(let attachment): [attachment]
        case .list(let values): values.flatMap(\.blobs)
        case .json, .run, .entity: []
        }
    }

    /// The texts among its values.
    var texts: [String] {
        switch self {
        case .json(let value): value.string.map { [$0] } ?? value.elements.compactMap(\.string)
        case .list(let values): values.flatMap(\.texts)
        case .run, .entity, .blob: []
        }
    }

    var wishes: [EntityWish] {
        switch self {
        case .entity(let wish): [wish]
        case .list(let values): values.flatMap(\.wishes)
        case .json, .run, .blob: []
        }
    }

    /// What is sent, once the run and the blobs have ids.
    func sent(run: String?, blobs: [String: String]) throws -> JSONValue {
        switch self {
        case .json(let value): return value
        case .run:
            guard let run else { throw PlanFault.unresolved("the run") }
            return .string(run)
        case .blob(let attachment):
            guard let blob = blobs[attachment] else { throw PlanFault.unresolved("the blob of \(attachment)") }
            return .string(blob)
        case .list(let values): return .array(try values.map { try $0.sent(run: run, blobs: blobs) })
        case .entity(let wish): throw PlanFault.unresolved("the entity \"\(wish.text)\"")
        }
    }
}

/// A bug of ours: something was to be sent whose id nobody has.
enum PlanFault: Error, CustomStringConvertible {
    case unresolved(String)
    var description: String {
        switch self {
        case .unresolved(let what): "\(what) was needed before it had an id; this is a fault of ingest, please report it"
        }
    }
}
