public import FoundationEssentials

/// One exchange over HTTP: what `BenchlingClient` needs of a network, and what tests script.
public protocol HTTPTransport: Sendable {
    /// Sends a request and waits for the whole answer, whatever its status. Redirects are answers, never followed.
    /// - Throws: ``TransportFault``, and `CancellationError`.
    func send(_ request: HTTPRequest) async throws -> HTTPAnswer
}

public struct HTTPRequest: Sendable {
    public var method: String
    /// Absolute, percent-encoded.
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: Body?
    /// Seconds for the whole exchange.
    public var timeout: Double
    /// The most bytes of an answer that are taken; a longer one is a ``TransportFault/answerTooLong(_:)``.
    public var longestAnswer: Int

    public enum Body: Sendable {
        case data(Data)
        /// A part of a file, streamed with a `Content-Length`.
        case file(path: String)
    }

    public init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: Body? = nil,
        timeout: Double = 60, longestAnswer: Int = 64 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.longestAnswer = longestAnswer
    }
}

public struct HTTPAnswer: Sendable {
    public var status: Int
    /// By lower-case name.
    public var headers: [String: String]
    public var body: Data

    public init(status: Int, headers: [String: String] = [:], body: Data = Data()) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why there is no answer.
public enum TransportFault: Error, Sendable {
    /// No connection was made, so no byte was sent: the name is unknown, nobody listens, the certificate does not fit.
    case notSent(String)
    /// The connection ended, or time ran out, when the request may have been received: it may or may not have been acted on.
    case unsure(String)
    case answerTooLong(Int)
}
