import FlyingFox
import FoundationEssentials
import GRDB
import IngestCore
import Synchronization

/// Answers every request: finds what is asked, checks what every call is checked for, and lets faults strike.
final class Responder: Sendable {
    let store: SandboxStore
    let options: SandboxOptions
    let faults: FaultCounter
    let log = RequestLog()
    let origin = Mutex("")
    private let limiter: RateLimiter

    static let routes: [Route] =
        SchemaRoutes.all + RunRoutes.all + ResultRoutes.all + BlobRoutes.all + EntityRoutes.all + DataFrameRoutes.all
        + FileRoutes.all
        + AnalysisRoutes.all + StorageRoutes.all + [Route("POST", "/token") { _ in throw Refusal.unauthorized }]

    init(store: SandboxStore, options: SandboxOptions) {
        self.store = store
        self.options = options
        faults = FaultCounter(options.faults)
        limiter = RateLimiter(options.rateLimit)
    }

    func respond(_ request: HTTPRequest) async throws -> HTTPResponse {
        let path = request.target.path()
        let segments = path.split(separator: "/").compactMap { QueryText.decoded($0, plusIsBlank: false) }
        guard let first = segments.first, ["api", "storage"].contains(first) else {
            try await Self.drain(request)
            return try await http(Pages(store: store, origin: origin.withLock(\.self)).answer(request.method.rawValue, segments))
        }
        let target = Self.routes.lazy.compactMap { route in route.match(segments).map { (route, $0) } }
        let found = target.first { $0.0.method == request.method.rawValue }
        let name = found?.0.name ?? "\(request.method.rawValue) \(path)"
        let ordinal = log.begin()
        await options.onRequest?(ordinal, .before)
        if options.latency > 0 { try await Task.sleep(for: .seconds(options.latency)) }
        let rule = faults.strike(name)
        if let rule, rule.moment == .before, let struck = try await struck(rule.kind, request) {
            log.end(Sandbox.Request(ordinal: ordinal, call: name, status: nil))
            return struck
        }
        let answer = try await answer(request, found, isKnownPath: !target.isEmpty)
        log.end(Sandbox.Request(ordinal: ordinal, call: name, status: answer.status))
        await options.onRequest?(ordinal, .after)
        if let rule, rule.moment == .after, let struck = try await struck(rule.kind, nil, after: answer) { return struck }
        return try await http(answer)
    }

    /// What is sent in the place of an answer; `nil` where the answer is sent all the same.
    private func struck(_ kind: FaultPlan.Kind, _ request: HTTPRequest?, after answer: Answer? = nil) async throws
        -> HTTPResponse?
    {
        if case .slow(let seconds) = kind {
            try await Task.sleep(for: .seconds(seconds))
            return nil
        }
        // What is left of a body would be read as the next request of the connection.
        if let request { try await Self.drain(request) }
        switch kind {
        case .cutBody:
            let body = answer.map { Self.bytes($0.body) } ?? Data(#"{"cut": "short"}"#.utf8)
            let status = HTTPStatusCode(answer?.status ?? 200, phrase: "OK")
            let stream = HTTPBodySequence(from: CutStream(body: body), count: max(body.count, 1))
            return HTTPResponse(statusCode: status, headers: [.contentType: "application/json"], body: stream)
        case .endless:
            let stream = HTTPBodySequence(from: EndlessStream(), suggestedBufferSize: 65_536)
            return HTTPResponse(statusCode: .ok, headers: [.contentType: "application/json"], body: stream)
        case .cut: return HTTPResponse(webSocket: HangUp())
        default: return try await http(Self.faultAnswer(kind))
        }
    }

    private static func faultAnswer(_ kind: FaultPlan.Kind) -> Answer {
        switch kind {
        case .tooManyRequests(let hint):
            var refusal = RateLimiter.exceeded
            switch hint {
            case .retryAfter(let seconds): refusal.headers = [("Retry-After", String(seconds))]
            case .reset(let seconds):
                refusal.headers = [("x-rate-limit-reset", String(seconds)), ("x-rate-limit-remaining", "0")]
            case .none: break
            }
            return Answer(refusal)
        case .status(let status, let html):
            let page =
                "<!DOCTYPE html><html><head><title>\(status)</title></head><body><h1>Please come back later</h1></body></html>"
            return html
                ? Answer(.data(Data(page.utf8), type: "text/html"), status: status)
                : Answer(Refusal(status, "Something went wrong", type: "api_error"))
        case .redirect(let place): return Answer(.none, status: 307, headers: [("Location", place)])
        case .expiredToken, .slow, .cut, .cutBody, .endless: return Answer(Refusal.unauthorized)
        }
    }

    private func answer(_ request: HTTPRequest, _ found: (Route, [String: String])?, isKnownPath: Bool) async throws -> Answer {
        var headers: [(String, String)] = []
        do {
            let body = try await found?.0.takesStream == true ? Data() : Self.body(request, most: options.largestBody)
            var answer: Answer
            if let found, found.0.base == "/storage" {
                answer = try await act(request, found.0, found.1, caller: .administrator, body: body)
            } else if let found, found.0.template == "/token" {
                answer = try await Authentication(store: store, options: options).token(request.headers, body)
            } else {
                let caller = try await Authentication(store: store, options: options).caller(request.headers)
                if found?.0.template != "/blobs/{blob_id}/download" { headers = try limiter.count(caller) }
                guard let found else {
                    throw isKnownPath
                        ? Refusal(405, "\(request.method.rawValue) is not allowed here") : Refusal.notFound(request.target.path())
                }
                answer = try await act(request, found.0, found.1, caller: caller, body: body)
            }
            answer.headers += headers
            return answer
        } catch var refusal as Refusal {
            refusal.headers += headers
            return Answer(refusal)
        } catch let error as DatabaseError {
            return Answer(
                Refusal(500, "The tenant's file cannot be used: \(error.message ?? "no reason given")", type: "api_error"))
        }
    }

    private func act(
        _ request: HTTPRequest, _ route: Route, _ parameters: [String: String], caller: Caller, body: Data
    ) async throws -> Answer {
        guard let query = QueryText.pairs(request.target.query()) else {
            throw Refusal.bad("The query has a broken escape, or a parameter twice")
        }
        if let unknown = query.keys.sorted().first(where: { !route.query.contains($0) }) {
            throw Refusal.bad("Unknown query parameter \(unknown)")
        }
        let type = request.headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
        if !body.isEmpty && type != "application/json" {
            throw Refusal.bad("Content-Type must be application/json, not \(type ?? "absent")")
        }
        return try await route.answer(
            Call(
                method: request.method.rawValue, parameters: parameters, query: query, headers: request.headers, caller: caller,
                origin: origin.withLock(\.self), body: body, stream: request.bodySequence, store: store, options: options))
    }

    /// The whole body; one that is too long is read to its end all the same, so that the refusal arrives.
    private static func body(_ request: HTTPRequest, most: Int) async throws -> Data {
        var body = Data()
        // Grown piece by piece, a large one would take twice its size.
        if let length = request.headers[.contentLength].flatMap({ Int($0) }) { body.reserveCapacity(max(0, min(length, most))) }
        var size = 0
        for try await chunk in request.bodySequence {
            size += chunk.count
            if size <= most { body += chunk }
        }
        if size > most { throw Refusal(413, "The body has \(size) bytes, more than \(most)") }
        return body
    }

    private static func drain(_ request: HTTPRequest) async throws {
        for try await _ in request.bodySequence {}
    }

    private static func bytes(_ body: Answer.Body) -> Data {
        switch body {
        // JSON that was made here can be written; a half of nothing would tell it from a whole one.
        case .json(let value): (try? JSONText.data(value)) ?? Data()
        case .data(let data, _): data
        case .content, .none: Data()
        }
    }

    private func http(_ answer: Answer) async throws -> HTTPResponse {
        var headers = HTTPHeaders(Dictionary(answer.headers.map { (HTTPHeader($0.0), $0.1) }) { $1 })
        let status = HTTPStatusCode(answer.status, phrase: "")
        switch answer.body {
        case .json(let value):
            headers[.contentType] = "application/json"
            return HTTPResponse(statusCode: status, headers: headers, body: try JSONText.data(value))
        case .data(let data, let type):
            headers[.contentType] = type
            return HTTPResponse(statusCode: status, headers: headers, body: data)
        case .content(let owner, let size, let type):
            headers[.contentType] = type
            let stream = HTTPBodySequence(
                from: ContentStream(owner: owner, store: store), count: size, suggestedBufferSize: 1 << 18)
            return HTTPResponse(statusCode: status, headers: headers, body: stream)
        case .none: return HTTPResponse(statusCode: status, headers: headers)
        }
    }
}
