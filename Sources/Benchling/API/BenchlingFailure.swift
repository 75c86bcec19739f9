/// Why a call did not do what was asked.
public struct BenchlingFailure: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The tenant said no, and nothing of the request was stored: a 4xx.
        case refused
        /// The thing asked for does not exist there: a 404, or a 400 that means it.
        case notFound
        /// The credentials do not hold, also after a new token.
        case unauthorized
        /// It may or may not have happened: look, then act.
        case unsure
        /// Nothing was sent, or a call that may be repeated was repeated in vain.
        case unreachable
    }

    public var kind: Kind
    /// `POST /assay-results`: without query values, which may be secret.
    public var call: String
    public var status: Int?
    /// What the tenant, or the network, said: for people. Never a secret, a signed URL or a whole HTML page.
    public var message: String
    /// `error.errorId`, for the vendor's support.
    public var supportID: String?
    /// Of a refused list: what was wrong with each item, by its index in the request.
    public var items: [Int: ItemFault]
    /// How many entries the list of faults had: one an item is expected, and with any other number nobody knows whose they are.
    public var itemCount = 0
    /// The ids that the tenant names as unknown to it, as it writes them.
    public var invalidIDs: [String] = []
    /// Whether the tenant itself said so, in a documented form: a proxy's page on the way did not.
    var isDocumented = false

    public struct ItemFault: Sendable, Hashable {
        /// By system name of the field.
        public var fields: [String: String]
        public var global: [String]
        public init(fields: [String: String] = [:], global: [String] = []) {
            self.fields = fields
            self.global = global
        }
    }

    public init(
        _ kind: Kind, call: String, status: Int? = nil, message: String, supportID: String? = nil,
        items: [Int: ItemFault] = [:]
    ) {
        self.kind = kind
        self.call = call
        self.status = status
        self.message = message
        self.supportID = supportID
        self.items = items
    }
}

extension BenchlingFailure: CustomStringConvertible {
    public var description: String { "\(call): \(status.map { "\($0), " } ?? "")\(message)" }
}
