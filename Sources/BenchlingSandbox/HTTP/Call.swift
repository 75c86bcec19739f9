import FlyingFox
import FoundationEssentials
import IngestCore

/// One call of the API, checked as far as every call is: who calls, the form of path, query and body.
struct Call: Sendable {
    var method: String
    /// The values of the template's `{names}`.
    var parameters: [String: String]
    var query: [String: String]
    var headers: HTTPHeaders
    var caller: Caller
    /// `http://127.0.0.1:49152`
    var origin: String
    /// The whole body, where the route does not take it as a stream.
    var body: Data
    /// The body where the route does.
    var stream: HTTPBodySequence
    var store: SandboxStore
    var options: SandboxOptions

    /// A path parameter; every template that a handler is registered with has the ones it asks for.
    func id(_ name: String) -> String { parameters[name] ?? "" }

    func header(_ name: String) -> String? { headers[HTTPHeader(name)] }

    /// The body as JSON of a shape: the first thing that does not fit it is refused.
    func json(_ shape: BodyShape) throws -> JSONValue { try json(shape, of: body) }

    func json(_ shape: BodyShape, of body: Data) throws -> JSONValue {
        let value: JSONValue
        do {
            value = try JSONText.value(body)
        } catch {
            throw Refusal.bad("The body is not JSON")
        }
        if let fault = shape.fault(value, at: "body") { throw Refusal.bad(fault) }
        return value
    }

    /// For calls without a request body: empty, or `{}`.
    func expectNoBody() throws {
        guard !body.isEmpty else { return }
        _ = try json(.object([:]))
    }

    /// The parts of a list in the query; without blanks and empty parts. `nil` when it is not given.
    func list(_ name: String, atMost most: Int? = nil) throws -> [String]? {
        guard let text = query[name] else { return nil }
        let parts = text.split(separator: ",").map { String($0.trimmingPrefix { $0 == " " }) }.filter { !$0.isEmpty }
        if let most, parts.count > most { throw Refusal.bad("\(name) takes at most \(most) values, not \(parts.count)") }
        return parts
    }

    func required(_ name: String) throws -> String {
        guard let value = query[name], !value.isEmpty else { throw Refusal.bad("The query parameter \(name) is required") }
        return value
    }
}

/// What is sent back.
struct Answer: Sendable {
    enum Body: Sendable {
        case json(JSONValue)
        case data(Data, type: String)
        /// Pieces of stored content, one after the other.
        case content(owner: String, size: Int, type: String)
        case none
    }

    var status = 200
    var headers: [(String, String)] = []
    var body: Body

    init(_ body: Body, status: Int = 200, headers: [(String, String)] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(_ json: JSONValue, status: Int = 200, headers: [(String, String)] = []) {
        self.init(.json(json), status: status, headers: headers)
    }

    init(_ refusal: Refusal) { self.init(.json(refusal.body), status: refusal.status, headers: refusal.headers) }
}
