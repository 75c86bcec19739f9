public import IngestCore
public import Publishing
public import RecordReading

/// Publishes records as Benchling runs, results and blobs: first a plan, then what the plan says, each effect once.
public struct RunPublisher: Publisher {
    public let tenant: Tenant
    public let ledger: any Ledger
    public let attachments: any AttachmentFiles
    public let settings: Settings

    public struct Settings: Sendable {
        public var ingestVersion: String
        /// Content up to `single` bytes goes in one call, longer content in parts of `part` bytes.
        public var blobSingle = 10_000_000, blobPart = 10_000_000
        /// Told how far it is.
        public var account = PublishingAccount()

        public init(ingestVersion: String) { self.ingestVersion = ingestVersion }
    }

    public struct Input: Sendable {
        public var records: RecordsFile
        public var entry: PublishEntry
        /// Publishes anew what is published already, and archives what stands.
        public var again = false
        /// Publishes beside what looks like an earlier version of the same run.
        public var asNewRun = false
        /// Where the file is, for a plan that is carried out later.
        public var sourcePath: String?
        /// How the file is laid out, and what is new in that: only passed on to the plan, which asks.
        public var layout: LayoutFinding?
        /// Where the plan is kept; a file that is gone when the plan is, otherwise.
        public var planPath: String?

        public init(records: RecordsFile, entry: PublishEntry) {
            self.records = records
            self.entry = entry
        }
    }

    public init(tenant: Tenant, ledger: any Ledger, attachments: any AttachmentFiles, settings: Settings) {
        self.tenant = tenant
        self.ledger = ledger
        self.attachments = attachments
        self.settings = settings
    }

    /// Looks everything up that publishing needs and says, thing by thing, what would happen. Writes nothing anywhere but
    /// the plan.
    /// - Throws: ``ConfigurationFaults`` where the mapping does not fit the schemas; ``Diagnostic``; ``BenchlingFailure``.
    public func plan(_ input: Input) async throws -> RunPlan {
        let mapping = try await checked(input.entry)
        return try await RunPlanner(
            tenant: tenant, ledger: ledger, attachments: attachments, input: input, mapping: mapping
        ).plan()
    }

    /// Does what the plan says, and nothing else. Whatever happens on the way, the same plan made again goes on from there.
    /// The file must be held (``Ledger/hold(tenant:sha256:waiting:)``).
    /// - Throws: ``PublishingStopped``, and `CancellationError`.
    public func carryOut(_ plan: RunPlan, ledger: any Ledger) async throws -> Receipt {
        let publication = try RunPublication(self, plan, ledger)
        return try await publication.carryOut()
    }

    /// The mapping against the schemas of the tenant as they are now.
    public func checked(_ entry: PublishEntry) async throws -> CheckedMapping {
        let needed = CheckedMapping.dropdownsNeeded(entry, schemas: tenant.schemas)
        let client = tenant.client
        let dropdowns = try await withThrowingTaskGroup(of: Dropdown.self) { group in
            for id in needed { group.addTask { try await client.dropdown(id) } }
            return try await group.reduce(into: [String: Dropdown]()) { $0[$1.id] = $1 }
        }
        return try CheckedMapping(entry, schemas: tenant.schemas, dropdowns: dropdowns)
    }
}

/// Where the bytes of attachments are.
public protocol AttachmentFiles: Sendable {
    /// A path at which the file can be read; `nil` where it is not to be found. What is read there is checked against the digest.
    func path(of attachment: FileDigest) -> String?
}

/// Why a plan was not carried out to its end.
public struct PublishingStopped: Error, Sendable {
    public var diagnostics: [Diagnostic]
    /// Something of it stands at the destination, or may: the same command goes on from there.
    public var isUnfinished: Bool
    /// What stands.
    public var receipt: Receipt?

    public init(_ diagnostics: [Diagnostic], isUnfinished: Bool, receipt: Receipt? = nil) {
        self.diagnostics = diagnostics
        self.isUnfinished = isUnfinished
        self.receipt = receipt
    }
}
