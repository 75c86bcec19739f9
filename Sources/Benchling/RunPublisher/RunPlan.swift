import FoundationEssentials
public import IngestCore
public import Publishing

/// What publishing one file will do, thing by thing. It is a file on disk: what is carried out is what was shown.
public struct RunPlan: Sendable, CustomStringConvertible {
    public let header: Header
    public let summary: Summary
    /// How many things of each kind there are, by what happens to them.
    public let counts: Counts
    private let file: PlanFileReader
    private let temporary: TemporaryPlan?

    public struct Header: Sendable, Hashable, Codable {
        public var file: String, sha256: String
        public var adapter: String, adapterVersion: Int
        /// The digest in the end line of the records.
        public var records: String
        /// How many rows the reading left out.
        public var leftOutByReading: Int
        public var tenant: String, destination: String, project: String
        /// The digest of the mapping with the schemas it was checked against.
        public var mapping: String
        public var fingerprint: String?
        public var generation: Int
        /// The publication that is gone on with, or that stands already.
        public var publication: String?
        /// Published beside what looks like an earlier version of the same run.
        public var asNewRun: Bool?
        /// Where the file was when the plan was made: its bytes are needed again.
        public var path: String?
        public var madeAt: String
    }

    /// The last line, known once every thing is.
    public struct Summary: Sendable, Hashable, Codable {
        /// The publications that this one will stand for, their runs and results archived afterwards.
        public var replaces: [String]
        /// The digest of the schemas that things are made of.
        public var schemas: String
        /// The samples that are linked: text in the file, entity there.
        public var samples: [String: String]
        /// What has to be agreed to first.
        public var questions: [PlanQuestion]
        /// Something of it was archived at the destination since, by hand: it is not brought back unasked.
        public var isTakenBack: Bool
        /// For people: what is not published, and why; and what is new in the layout of the file.
        public var notes: [PlanNote]
        /// How the file is laid out: to be remembered of its instrument once this is published.
        public var layout: LayoutSighting?
    }
}

/// Something a person has to agree to before a plan is carried out.
public struct PlanQuestion: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable {
        /// What was published earlier of the same run is archived.
        case replace
        /// The file is laid out otherwise than those before, so that its numbers may mean something else.
        case layout
    }

    public var kind: Kind
    /// `3 of 12 results would be left out`.
    public var text: String

    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}

/// Something to know of what a plan leaves out on purpose.
public struct PlanNote: Sendable, Hashable, Codable {
    public var code: String, message: String, hint: String?
    public var member: String?, line: Int?, column: Int?

    init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ diagnostic: Diagnostic) {
        code = diagnostic.code
        message = diagnostic.message
        hint = diagnostic.hint
        member = diagnostic.location.member
        line = diagnostic.location.line
        column = diagnostic.location.column
    }

    public var text: String { [message, hint].compactMap(\.self).joined(separator: "; ") }

    public func diagnostic(file: String) -> Diagnostic {
        Diagnostic(
            .warning, code, message, at: SourceLocation(file: file, member: member, line: line, column: column), hint: hint)
    }
}

extension RunPlan {
    public struct Counts: Sendable, Hashable {
        private var counts: [PublishedThing.Kind: [PlanAction.Kind: Int]] = [:]

        public subscript(kind: PublishedThing.Kind, action: PlanAction.Kind) -> Int { counts[kind]?[action] ?? 0 }
        public func all(_ action: PlanAction.Kind) -> Int { counts.values.reduce(0) { $0 + ($1[action] ?? 0) } }
        mutating func add(_ thing: PlannedThing) { counts[thing.kind, default: [:]][thing.action, default: 0] += 1 }
    }

    /// Nothing would be made or archived.
    public var isNothingToDo: Bool {
        counts.all(.create) == 0 && counts.all(.conflict) == 0 && counts[.run, .skip] > 0 && summary.replaces.isEmpty
    }

    /// Why a plan comes to nothing: a run without any result would stand in everyone's inbox and say nothing.
    public var nothingToPublish: Diagnostic? {
        let leftOut = counts[.result, .leaveOut]
        guard counts.all(.conflict) == 0, counts[.result, .create] == 0, counts[.result, .skip] == 0,
            counts[.blob, .create] == 0 || leftOut > 0
        else { return nil }
        return Diagnostic(
            "publish.nothing",
            leftOut > 0
                ? "none of its \(leftOut) results can be published as mapped" : "it has no result that the mapping asks for",
            at: SourceLocation(file: header.file),
            hint: leftOut > 0
                ? "each reason is named above; nothing was sent" : "see which kinds it has with ingest read; nothing was sent")
    }

    /// The things in order: runs, then results as in the file, then blobs.
    public func forEachThing(_ take: (PlannedThing) throws -> Void) throws {
        try RunPlan.forEachThing(of: file) { thing, _ in if let thing { try take(thing) } }
    }

    /// The same, one at a time.
    func stream() throws -> () throws -> PlannedThing? {
        let things = try file.stream()
        return {
            while let json = try things.next() {
                if json["summary"] != nil { continue }
                guard let thing = PlannedThing(json: json) else { throw RunPlan.notUnderstood(self.file.path) }
                return thing
            }
            return nil
        }
    }

    /// A line for each thing, then what is not published, and what has to be agreed to.
    public func forEachLine(_ take: (String) throws -> Void) throws {
        try forEachThing { try take($0.line(file: header.file)) }
        for note in summary.notes { try take("note      \(note.diagnostic(file: header.file).location): \(note.text)") }
        for question in summary.questions { try take("asks      \(question.text)") }
    }

    /// The same for programs: each thing as one JSON object.
    public func forEachJSON(_ take: (String) throws -> Void) throws { try forEachThing { try take($0.json.text) } }

    public var description: String {
        "\(header.file) to \(header.destination): "
            + PlanAction.Kind.allCases.map { "\(counts.all($0)) \($0.rawValue)" }.joined(separator: ", ")
    }

    /// Opens a plan that was saved.
    /// - Throws: `Diagnostic` when it is no plan, was cut or changed.
    public init(path: String) throws { try self.init(path: path, temporary: nil) }

    init(path: String, temporary: TemporaryPlan?) throws {
        let file = try PlanFileReader(path: path)
        var counts = Counts()
        var summary: Summary?
        do {
            header = try JSONDecoder().decode(Header.self, from: JSONEncoder().encode(file.header))
            try RunPlan.forEachThing(of: file) { thing, last in
                if let thing { counts.add(thing) }
                if let last { summary = try JSONDecoder().decode(Summary.self, from: JSONEncoder().encode(last)) }
            }
        } catch is DecodingError {
            throw RunPlan.notUnderstood(path)
        }
        guard let summary else { throw RunPlan.notUnderstood(path) }
        self.summary = summary
        self.counts = counts
        self.file = file
        self.temporary = temporary
    }

    private static func forEachThing(
        of file: PlanFileReader, _ take: (PlannedThing?, JSONValue?) throws -> Void
    ) throws {
        try file.forEach { json in
            if let summary = json["summary"] {
                try take(nil, summary)
            } else if let thing = PlannedThing(json: json) {
                try take(thing, nil)
            } else {
                throw notUnderstood(file.path)
            }
        }
    }

    private static func notUnderstood(_ path: String) -> Diagnostic {
        Diagnostic(
            "plan.not-understood", "this plan is not understood", at: SourceLocation(file: path),
            hint:
                "it was made by another version of ingest, or for something else than runs: make the plan again; nothing was sent"
        )
    }
}

/// The file of a plan that nobody asked to keep; gone when the plan is.
final class TemporaryPlan: Sendable {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("ingest-plan-\(UUID().uuidString)").path

    deinit {
        // Nothing depends on it: a plan left in the folder for temporary files is only untidy.
        try? FileManager.default.removeItem(atPath: path)
    }
}
