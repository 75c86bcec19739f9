import FoundationEssentials
import IngestCore

/// What ends every publication, whatever came of it: for people one line a run, for scripts one JSON object.
public struct Receipt: Sendable, Hashable {
    public var file: String, sha256: String
    /// As named in `ingest.yaml`, or `local`.
    public var destination: String
    /// The exit status of this file: 0, 1 (rows were left out), 2, 3 (unfinished), 4 (nothing to do).
    public var status: Int
    public var runs: [Run]
    /// Ids at the destination, in file order; those that are there at the time of the receipt.
    public var results: [String], blobs: [String]
    /// What was attached to an analysis; `nil` for runs and results.
    public var analysis: Attachments?
    /// Results, or attachments, that were made by this command, that were there before it, and that are in the file and were left out.
    public var created: Int, skipped: Int, leftOut: Int
    /// Runs that were archived because these stand for them now.
    public var replaced: [String]
    /// The id of the publication in the ledger; `nil` when none was begun.
    public var publication: String?

    public struct Run: Sendable, Hashable, Codable {
        public var id: String
        /// The schema's name.
        public var schema: String
        public init(id: String, schema: String) {
            self.id = id
            self.schema = schema
        }
    }

    /// What an analysis holds of this publication, and beside it.
    public struct Attachments: Sendable, Hashable {
        /// The id of the analysis.
        public var id: String
        /// Ids of what is attached by this publication; of an unfinished one, of what it has made.
        public var dataFrames: [String], files: [String]
        /// Ids of the data frames and files that were attached before, without the input: they stay as they are.
        public var before: [String]

        public init(id: String, dataFrames: [String] = [], files: [String] = [], before: [String] = []) {
            self.id = id
            self.dataFrames = dataFrames
            self.files = files
            self.before = before
        }
    }

    /// The destination that is built in.
    public static let local = "local"

    public init(
        file: String, sha256: String, destination: String, status: Int, runs: [Run] = [], results: [String] = [],
        blobs: [String] = [], analysis: Attachments? = nil, created: Int = 0, skipped: Int = 0, leftOut: Int = 0,
        replaced: [String] = [], publication: String? = nil
    ) {
        self.file = file
        self.sha256 = sha256
        self.destination = destination
        self.status = status
        self.runs = runs
        self.results = results
        self.blobs = blobs
        self.analysis = analysis
        self.created = created
        self.skipped = skipped
        self.leftOut = leftOut
        self.replaced = replaced
        self.publication = publication
    }
}

// MARK: JSON

extension Receipt: Decodable {
    private enum Key: String, CodingKey {
        case file, sha256, destination, status, runs, results, blobs, created, skipped, leftOut, replaced, publication
        case analysis, dataFrames, files, attachedBefore
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            file: try container.decode(String.self, forKey: .file),
            sha256: try container.decode(String.self, forKey: .sha256),
            destination: try container.decode(String.self, forKey: .destination),
            status: try container.decode(Int.self, forKey: .status),
            runs: try container.decode([Run].self, forKey: .runs),
            results: try container.decode([String].self, forKey: .results),
            blobs: try container.decode([String].self, forKey: .blobs),
            analysis: try Receipt.attachments(container),
            created: try container.decode(Int.self, forKey: .created),
            skipped: try container.decode(Int.self, forKey: .skipped),
            leftOut: try container.decode(Int.self, forKey: .leftOut),
            replaced: try container.decodeIfPresent([String].self, forKey: .replaced) ?? [],
            publication: try container.decodeIfPresent(String.self, forKey: .publication))
    }

    private static func attachments(_ container: KeyedDecodingContainer<Key>) throws -> Attachments? {
        guard let id = try container.decodeIfPresent(String.self, forKey: .analysis) else { return nil }
        return Attachments(
            id: id, dataFrames: try container.decode([String].self, forKey: .dataFrames),
            files: try container.decode([String].self, forKey: .files),
            before: try container.decode([String].self, forKey: .attachedBefore))
    }

    /// The receipt that ``json`` wrote.
    /// - Parameter name: What the text comes from, for faults.
    /// - Throws: `Diagnostic` `receipt.unreadable`.
    public init(parsing text: String, name: String = "receipt") throws {
        do {
            self = try JSONDecoder().decode(Receipt.self, from: Data(text.utf8))
        } catch let error as DecodingError {
            throw Diagnostic(
                "receipt.unreadable", "this is not a receipt: \(Receipt.what(error))", at: SourceLocation(file: name),
                hint: "a receipt is one JSON object, as --json prints one for each file; an id of a run does as well")
        }
    }

    private static func what(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "it has no \"\(key.stringValue)\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "its \"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is of another kind"
        default: "it is not one JSON object"
        }
    }

    /// One line, without its end, keys always in this order; `publication` is left out where there is none, and
    /// `analysis`, `dataFrames`, `files` and `attachedBefore` are there for an analysis alone.
    public var json: String {
        let line = LineBuffer(capacity: 512 + 48 * (results.count + blobs.count))
        line.raw("{\"file\":")
        line.string(file)
        line.raw(",\"sha256\":")
        line.string(sha256)
        line.raw(",\"destination\":")
        line.string(destination)
        line.raw(",\"status\":")
        line.integer(status)
        line.raw(",\"runs\":[")
        for (index, run) in runs.enumerated() {
            if index > 0 { line.raw(",") }
            line.raw("{\"id\":")
            line.string(run.id)
            line.raw(",\"schema\":")
            line.string(run.schema)
            line.raw("}")
        }
        line.raw("]")
        let ids: [(key: StaticString, ids: [String])] = [(",\"results\":[", results), (",\"blobs\":[", blobs)]
        for (key, ids) in ids { Receipt.list(key, ids, on: line) }
        line.raw(",\"created\":")
        line.integer(created)
        line.raw(",\"skipped\":")
        line.integer(skipped)
        line.raw(",\"leftOut\":")
        line.integer(leftOut)
        Receipt.list(",\"replaced\":[", replaced, on: line)
        if let analysis {
            line.raw(",\"analysis\":")
            line.string(analysis.id)
            Receipt.list(",\"dataFrames\":[", analysis.dataFrames, on: line)
            Receipt.list(",\"files\":[", analysis.files, on: line)
            Receipt.list(",\"attachedBefore\":[", analysis.before, on: line)
        }
        if let publication {
            line.raw(",\"publication\":")
            line.string(publication)
        }
        line.raw("}")
        return String(decoding: line.bytes, as: UTF8.self)
    }

    private static func list(_ key: StaticString, _ ids: [String], on line: LineBuffer) {
        line.raw(key)
        for (index, id) in ids.enumerated() {
            if index > 0 { line.raw(",") }
            line.string(id)
        }
        line.raw("]")
    }
}
