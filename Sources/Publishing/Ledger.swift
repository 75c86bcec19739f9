public import IngestCore

/// The durable memory of publishing: the intent of every effect before it, its identifier right after, one holder a file.
///
/// Every call returns when what it says is on disk, or did not happen at all. Safe for several processes. Ids, digests and
/// the begins of them are compared without regard to case. A publication is saved before its effects and things are.
public protocol Ledger: Sendable {
    /// Takes the file for this process; waits while another holds it.
    /// - Parameter waiting: Called once when it has to wait, with what is known of the other.
    func hold(tenant: String, sha256: String, waiting: @Sendable (String) -> Void) async throws -> any LedgerHold

    /// Begins a publication, or renews what is known of it: all of it but the id is replaced.
    func save(_ publication: Publication) throws
    /// Forgets a publication that came to nothing: one without effects and things. Any other stays.
    func forget(_ publication: String) throws
    /// Newest first.
    func publications(_ query: PublicationQuery) throws -> [Publication]

    /// What is known of an effect; `nil` when it was never intended, or known not to have happened.
    func effect(_ key: EffectKey) throws -> EffectState?
    /// Before an effect. The things it will make, where their ids are known. Intending again renews detail and things.
    ///
    /// A thing belongs to the effect that first named it, whoever tells of it later: only retracting that one forgets it.
    /// - Throws: When the effect is done: then it must not be carried out again.
    func intend(_ key: EffectKey, detail: JSONValue, things: [PublishedThing]) throws
    /// Right after: the identifier, and the things as they are now. In one transaction. Taken without an intent too, and
    /// again: what has happened is never refused.
    func complete(_ key: EffectKey, id: String, detail: JSONValue, things: [PublishedThing]) throws
    /// The effect is known not to have happened; the things it would have made are forgotten.
    func retract(_ key: EffectKey) throws
    /// The effects of a publication that are intended and not complete, oldest first.
    func openEffects(of publication: String) throws -> [(key: EffectKey, detail: JSONValue)]

    /// In the order of ``PublishedThing/ordinal``: runs, then blobs, results, data frames and files.
    func things(of publication: String) throws -> [PublishedThing]
    /// Those whose remote or record id begins with a text; of the newest publication first. None for an empty text.
    func things(withIDPrefix prefix: String) throws -> [PublishedThing]
    /// Renews what is known of things, by publication, kind and ordinal; one that is new belongs to no effect.
    func mark(_ things: [PublishedThing]) throws
    /// What a publication made, counted. There is an implementation over ``things(of:)``.
    func contents(of publication: String) throws -> PublicationContents

    /// Whether a tenant keeps the ids we choose; `nil` when it is not known yet.
    func keepsIDs(tenant: String) throws -> Bool?
    func setKeepsIDs(_ keeps: Bool, tenant: String) throws

    func save(_ reading: ReadingEntry) throws
    /// Newest first; those whose file is named exactly so.
    func readings(sha256Prefix: String?, file: String?) throws -> [ReadingEntry]
}

/// Held until it is released or the process ends.
public protocol LedgerHold: Sendable { func release() }

/// What to look for; every given part has to fit.
public struct PublicationQuery: Sendable, Hashable {
    public var tenant: String?, sha256: String?, fingerprint: String?, file: String?
    /// The begin of its id, of a run it made, or of the SHA-256 of its file.
    public var reference: String?
    public var states: Set<Publication.State>?
    public var subject: Subject?
    /// The id of a publication that was replaced, whether alone or among others.
    public var replaces: String?
    /// Leaves ``Publication/receipt`` out, which may be long: a receipt lists the id of every result.
    public var withoutReceipts: Bool

    /// What a publication makes. The same bytes may be published as a file's runs and be the input of an analysis.
    public enum Subject: Sendable, Hashable {
        case runs
        /// Attachments of the analysis with this id.
        case analysis(String)
    }

    public init(
        tenant: String? = nil, sha256: String? = nil, fingerprint: String? = nil, file: String? = nil,
        reference: String? = nil, states: Set<Publication.State>? = nil, subject: Subject? = nil, replaces: String? = nil,
        withoutReceipts: Bool = false
    ) {
        self.tenant = tenant
        self.sha256 = sha256
        self.fingerprint = fingerprint
        self.file = file
        self.reference = reference
        self.states = states
        self.subject = subject
        self.replaces = replaces
        self.withoutReceipts = withoutReceipts
    }
}

/// One step of one publication: `blob:a1`, `blob:a1:part:3`, `runs`, `transaction`, `results:0`, `commit`, `dataFrame:0`,
/// `file:0:upload`, `attach`, `undo`.
public struct EffectKey: Sendable, Hashable {
    public var publication: String, step: String
    public init(_ publication: String, _ step: String) {
        self.publication = publication
        self.step = step
    }
}

public enum EffectState: Sendable, Hashable {
    /// `at`: when it was first intended; RFC 3339, UTC, here and below.
    case intended(detail: JSONValue, at: String)
    case done(id: String, detail: JSONValue, at: String)
}

/// One carrying-out of one file to one destination.
public struct Publication: Sendable, Hashable, Codable {
    public enum State: String, Sendable, Hashable, Codable {
        /// Begun, not finished: the same command goes on from there.
        case open
        case done
        /// Taken back by `undo`.
        case undone
        /// Taken back because a later one stands for it.
        case replaced
    }

    /// What it made does not stand any more.
    public var isTakenBack: Bool { state == .undone || state == .replaced }

    /// A UUID in lower case.
    public var id: String
    /// Which tenant, whatever the destination is called: its host, or `local/<uuid>`.
    public var tenant: String
    /// As named in `ingest.yaml`, or `local`.
    public var destination: String
    /// Of an analysis: the id of the data frame it was fed with, and the digest of what was read of that.
    public var file: String, sha256: String
    /// `lc.table`, version 2.
    public var adapter: String, adapterVersion: Int
    /// The digest in the end line of the records, and that of the mapping with the schemas it was checked against.
    public var records: String, mapping: String
    /// What makes two files exports of the same run; `nil` where the file tells nothing of the kind.
    public var fingerprint: String?
    /// 1 the first time; part of the names of runs and results from 2 on.
    public var generation: Int
    public var state: State
    /// RFC 3339, UTC.
    public var startedAt: String, finishedAt: String?
    /// The publications this one stands for now: their ids, with commas between several.
    public var replaces: String?
    /// Why it was taken back, in the words of whoever did.
    public var reason: String?
    /// When it was taken back; a ledger that is told only the state fills in the moment.
    public var takenBackAt: String?
    public var ingestVersion: String
    /// The analysis that things were attached to; `nil` for runs and results.
    public var analysis: String?
    /// The receipt as JSON, once it is done.
    public var receipt: String?

    public init(
        id: String, tenant: String, destination: String, file: String, sha256: String, adapter: String,
        adapterVersion: Int, records: String, mapping: String, fingerprint: String? = nil, generation: Int = 1,
        state: State = .open, startedAt: String, finishedAt: String? = nil, replaces: String? = nil,
        reason: String? = nil, takenBackAt: String? = nil, ingestVersion: String, analysis: String? = nil,
        receipt: String? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.destination = destination
        self.file = file
        self.sha256 = sha256
        self.adapter = adapter
        self.adapterVersion = adapterVersion
        self.records = records
        self.mapping = mapping
        self.fingerprint = fingerprint
        self.generation = generation
        self.state = state
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.replaces = replaces
        self.reason = reason
        self.takenBackAt = takenBackAt
        self.ingestVersion = ingestVersion
        self.analysis = analysis
        self.receipt = receipt
    }
}

/// A run, result, blob, data frame or file that a publication makes, and the place in the file it comes from.
public struct PublishedThing: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable { case run, blob, result, dataFrame, file }
    public enum State: String, Sendable, Hashable, Codable {
        case intended, live, archived
        /// There before, and not made by this publication: undo leaves it alone.
        case found
    }

    public var publication: String
    public var kind: Kind
    /// From 0 within its kind, in file order.
    public var ordinal: Int
    /// Its id at the destination; empty while that is not known, as of a blob or a file that is about to be made.
    public var id: String
    /// The schema's name, for people; for a blob its file name, for a data frame or a file its name.
    public var schema: String
    /// The id of its record: `r1`, `a1`, `<16 hex>-14.1`.
    public var record: String
    public var state: State
    /// Where it stood.
    public var member: String?, line: Int?, column: Int?, path: String?

    public init(
        publication: String, kind: Kind, ordinal: Int, id: String, schema: String, record: String,
        state: State = .intended, member: String? = nil, line: Int? = nil, column: Int? = nil, path: String? = nil
    ) {
        self.publication = publication
        self.kind = kind
        self.ordinal = ordinal
        self.id = id
        self.schema = schema
        self.record = record
        self.state = state
        self.member = member
        self.line = line
        self.column = column
        self.path = path
    }
}

/// A file that was read for publishing, whatever came of it.
public struct ReadingEntry: Sendable, Hashable, Codable {
    /// RFC 3339, UTC.
    public var at: String
    public var file: String, sha256: String, bytes: Int
    public var adapter: String, adapterVersion: Int, format: String
    /// The digest in the end line of its records.
    public var records: String
    public var results: Int, leftOut: Int
    /// `yes`, `no` or `unknown`.
    public var complete: String
    public var status: Int
    public var ingestVersion: String
    /// What was new in its layout, for people; `nil` where nothing was.
    public var layout: String?

    public init(
        at: String, file: String, sha256: String, bytes: Int, adapter: String, adapterVersion: Int, format: String,
        records: String, results: Int, leftOut: Int, complete: String, status: Int, ingestVersion: String,
        layout: String? = nil
    ) {
        self.at = at
        self.file = file
        self.sha256 = sha256
        self.bytes = bytes
        self.adapter = adapter
        self.adapterVersion = adapterVersion
        self.format = format
        self.records = records
        self.results = results
        self.leftOut = leftOut
        self.complete = complete
        self.status = status
        self.ingestVersion = ingestVersion
        self.layout = layout
    }
}
