/// What goes wrong, and when: for proofs that nothing is lost or doubled whatever the network and the tenant do.
public struct FaultPlan: Sendable, Hashable {
    public var rules: [Rule]

    public init(_ rules: [Rule] = []) { self.rules = rules }

    /// Whether the tenant has done what was asked when the fault strikes.
    public enum Moment: Sendable, Hashable { case before, after }

    public enum Kind: Sendable, Hashable {
        /// The connection ends without an answer.
        case cut
        /// The status and half of the body that would have been sent, then the connection ends.
        case cutBody
        /// 429, telling when to come back in the given way.
        case tooManyRequests(Hint)
        /// An error of the server, with a JSON or an HTML body.
        case status(Int, html: Bool)
        /// The right answer, seconds late.
        case slow(seconds: Double)
        /// 401, as for a token that has run out.
        case expiredToken
        /// 200 and a body without an end.
        case endless
        /// 307 to another place.
        case redirect(to: String)
    }

    public enum Hint: Sendable, Hashable {
        /// Seconds.
        case retryAfter(Int), reset(Int)
        case none
    }

    public struct Rule: Sendable, Hashable {
        /// Which calls, counted from 1 among those that ``call`` takes; `nil` for every one.
        public var ordinals: ClosedRange<Int>?
        /// `POST /assay-results`, `PUT /storage/{key}`: a method and a template as ``Sandbox/requests`` has them; `nil` for any.
        public var call: String?
        public var kind: Kind
        public var moment: Moment

        public init(_ kind: Kind, _ moment: Moment, at ordinals: ClosedRange<Int>? = nil, of call: String? = nil) {
            self.kind = kind
            self.moment = moment
            self.ordinals = ordinals
            self.call = call
        }

        public init(_ kind: Kind, _ moment: Moment, at ordinal: Int, of call: String? = nil) {
            self.init(kind, moment, at: ordinal...ordinal, of: call)
        }
    }

    /// Each kind in each of its moments, as they meet a single call: what a publication is tried against.
    public static let everyFault: [(kind: Kind, moment: Moment)] = {
        let either: [Kind] = [
            .cut, .tooManyRequests(.retryAfter(0)), .tooManyRequests(.reset(0)), .tooManyRequests(.none),
            .status(500, html: false), .status(502, html: true), .status(503, html: true), .expiredToken,
        ]
        // A 429 and a 401 say that nothing was done: they come before acting only.
        let acted = either.filter {
            switch $0 {
            case .tooManyRequests, .expiredToken: false
            default: true
            }
        }
        return either.map { ($0, .before) } + acted.map { ($0, .after) } + [(.cutBody, .after), (.slow(seconds: 0.2), .before)]
    }()
}
