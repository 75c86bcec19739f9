/// How a local tenant behaves where tenants differ, and where the published document leaves the answer open.
public struct SandboxOptions: Sendable {
    /// `false`: the tenant ignores the `id` of new runs and results and makes its own.
    public var keepsClientIDs = true
    /// What an `id` that is taken answers.
    public var duplicateID: DuplicateID = .itemFault
    /// `false`: the ids of results in an aborted transaction stay taken.
    public var freesAbortedIDs = true
    /// `false`: a run that is not there answers with a 400 without a body.
    public var saysWhichRunIsUnknown = true
    /// What an id that nothing has answers in `bulk-get`.
    public var bulkGetUnknown: UnknownID = .absent
    /// What a registry id that nothing has answers in `registered-entities:bulk-get`.
    public var entityLookupUnknown: UnknownEntity = .absent
    /// The shape of a field's fault in the answer to a refused list.
    public var fieldFaults: FieldFaultShape = .text
    /// How a task that failed tells why.
    public var taskErrors: TaskErrorShape = .list

    /// What attaching something to an analysis answers that is attached to it already.
    public var attachedTwice: AttachedTwice = .refused

    /// Seconds until a new run, result or file shows in lists; asked for by its id it is there at once.
    public var listLag = 0.0
    /// Seconds before each answer.
    public var latency = 0.0
    public var faults: FaultPlan?
    /// Called before and after each call of the API is acted on, with its number from 1 on since the start.
    public var onRequest: (@Sendable (_ ordinal: Int, _ moment: FaultPlan.Moment) async -> Void)?

    /// The least bytes of every part of a blob but the last.
    public var smallestPart = 5_242_880
    /// The most bytes of a blob sent in one call.
    public var largestSinglePut = 10_000_000
    /// The most bytes of a request; above it 413.
    public var largestBody = 100_000_000
    /// The most bytes of a data frame's CSV.
    public var largestDataFrame = 150_000_000
    /// The most bytes of a file.
    public var largestFile = 30_000_000
    /// The rows of one part of a downloaded data frame; `nil` for one part however long.
    public var dataFramePartRows: Int?

    /// Seconds that a data frame is in progress once its upload is said to be there.
    public var validationTime = 0.0

    /// `nil`: calls are not counted, and no `x-rate-limit-*` header is sent.
    public var rateLimit: RateLimit?
    /// Seconds that a bearer token holds.
    public var tokenLifetime = 900
    /// Seconds that a result transaction may stay open; afterwards it counts as aborted.
    public var transactionLifetime = 86_400.0
    /// Seconds that an upload or download address holds.
    public var addressLifetime = 3600.0
    /// Seconds that a task is known after it ended.
    public var taskLifetime = 1800.0
    /// Whether a new tenant gets the schemas, samples and analysis of the walkthrough.
    public var seed = true

    public init() {}

    public enum DuplicateID: Sendable, Hashable {
        /// 400 with the fault at the item that has it.
        case itemFault
        /// 400 with one message for the whole call.
        case oneMessage
        /// 409 with one message for the whole call.
        case conflict
    }

    public enum UnknownID: Sendable, Hashable {
        case absent
        /// 400 for the whole call.
        case fails
    }

    public enum AttachedTwice: Sendable, Hashable {
        /// 400, and nothing of the call is attached: a client that attaches twice is found out.
        case refused
        /// It stays attached once, and the rest of the call is done.
        case ignored
    }

    public enum UnknownEntity: Sendable, Hashable { case absent, notFound404, badRequest400 }

    public enum FieldFaultShape: Sendable, Hashable { case text, list, object }

    public enum TaskErrorShape: Sendable, Hashable { case list, object }

    public struct RateLimit: Sendable, Hashable {
        /// Calls of the app, and of all keys together, in one window.
        public var app: Int, keys: Int
        /// Seconds.
        public var window: Double

        public init(app: Int, keys: Int, window: Double = 30) {
            self.app = app
            self.keys = keys
            self.window = window
        }

        /// What Benchling documents: 300 calls of an app and 60 of all keys in 30 seconds.
        public static let standard = RateLimit(app: 300, keys: 60)
    }
}
