/// One line of a records file; the form is `ingest-records/1`.
public enum Record: Sendable {
    case source(SourceRecord)
    case run(RunRecord)
    case result(ResultRecord)
    case trace(TraceRecord)
    case points(PointsRecord)
    case attachment(AttachmentRecord)
    case diagnostic(Diagnostic)
    case end(EndRecord)
}

/// The first line: which bytes were read, by which adapter, and on which assumptions.
public struct SourceRecord: Sendable, Hashable {
    public var file: FileDigest
    /// The files of a bundle, by name; empty for a plain file.
    public var members: [FileDigest]
    public var adapter: AdapterIdentity
    /// The format as the adapter found it, with its version: `LabSolutions ASCII 5.97`.
    public var format: String
    /// The evidence on which the adapter was chosen.
    public var recognized: String
    public var assumptions: Assumptions

    public init(
        file: FileDigest, members: [FileDigest], adapter: AdapterIdentity, format: String, recognized: String,
        assumptions: Assumptions
    ) {
        self.file = file
        self.members = members
        self.adapter = adapter
        self.format = format
        self.recognized = recognized
        self.assumptions = assumptions
    }
}

/// A file by name, size and SHA-256 in lower-case hexadecimal. Never a directory.
public struct FileDigest: Sendable, Hashable {
    public var name: String, bytes: Int, sha256: String

    public init(name: String, bytes: Int, sha256: String) {
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256
    }
}

/// A run or sequence: one for each the file holds, before its results.
public struct RunRecord: Sendable, Hashable {
    /// `r1`, `r2`, … in file order; given by ``AdapterOutput/begin(_:)`` when empty.
    public var id = ""
    public var name: String?
    public var sequence: String?
    public var instrument: Instrument?
    public var software: Software?
    public var operatorName: String?
    public var methods: [Method]
    public var times: [Time]
    public var extras: Extras

    public init(
        name: String? = nil, sequence: String? = nil, instrument: Instrument? = nil, software: Software? = nil,
        operatorName: String? = nil, methods: [Method] = [], times: [Time] = [], extras: Extras = [:]
    ) {
        self.name = name
        self.sequence = sequence
        self.instrument = instrument
        self.software = software
        self.operatorName = operatorName
        self.methods = methods
        self.times = times
        self.extras = extras
    }

    public struct Instrument: Sendable, Hashable {
        public var name: String?, vendor: String?, model: String?, serial: String?
        public init(name: String? = nil, vendor: String? = nil, model: String? = nil, serial: String? = nil) {
            self.name = name
            self.vendor = vendor
            self.model = model
            self.serial = serial
        }
    }

    public struct Software: Sendable, Hashable {
        public var name: String?, version: String?
        public init(name: String? = nil, version: String? = nil) {
            self.name = name
            self.version = version
        }
    }

    public struct Method: Sendable, Hashable {
        public enum Role: String, Sendable { case acquisition, processing, report }
        public var role: Role, name: String
        public init(_ role: Role, _ name: String) {
            self.role = role
            self.name = name
        }
    }

    public struct Time: Sendable, Hashable {
        public enum Role: String, Sendable { case started, finished, processed, reported }
        public var role: Role, time: Timestamp
        public init(_ role: Role, _ time: Timestamp) {
            self.role = role
            self.time = time
        }
    }
}

/// A name and a digest of a file that belongs to the run, never its bytes.
public struct AttachmentRecord: Sendable, Hashable {
    public enum Role: String, Sendable { case source, image, report, trace }
    /// Given by ``AdapterOutput/attach(_:)`` when empty: `a1`, `a2`, ….
    public var id = ""
    public var file: FileDigest
    public var mediaType: String
    public var role: Role

    public init(file: FileDigest, mediaType: String, role: Role) {
        self.file = file
        self.mediaType = mediaType
        self.role = role
    }
}

/// The last line: what was read, what became of each cell, and the digest of every line before.
public struct EndRecord: Sendable, Hashable {
    public var results: Int, leftOut: Int, traces: Int, points: Int
    public var coverage: Coverage
    public var completeness: Completeness

    public init(results: Int, leftOut: Int, traces: Int, points: Int, coverage: Coverage, completeness: Completeness) {
        self.results = results
        self.leftOut = leftOut
        self.traces = traces
        self.points = points
        self.coverage = coverage
        self.completeness = completeness
    }
}
