import Benchling
import FoundationEssentials
import IngestCore
import Synchronization

/// A network that answers by script, and keeps what was asked.
final class ScriptedTransport: HTTPTransport {
    enum Step: Sendable {
        case answer(HTTPAnswer), fault(TransportFault)

        static func json(_ status: Int, _ body: JSONValue = [:], headers: [String: String] = [:]) -> Step {
            .answer(HTTPAnswer(status: status, headers: headers, body: encoded(body)))
        }

        static func text(_ status: Int, _ body: String, headers: [String: String] = [:]) -> Step {
            .answer(HTTPAnswer(status: status, headers: headers, body: Data(body.utf8)))
        }

        private static func encoded(_ body: JSONValue) -> Data {
            // Any JSON value is encodable: numbers in these tests are finite.
            (try? JSONEncoder().encode(body)) ?? Data()
        }
    }

    struct Sent: Sendable {
        var method: String, url: String, headers: [String: String], body: Data

        var path: String { String(url.prefix { $0 != "?" }.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }) }
        var query: String { String(url.drop { $0 != "?" }.dropFirst()) }
        var json: JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: body) }  // `nil` is what a test then sees.
    }

    private let respond: @Sendable (Sent, Int) async throws -> Step
    private let state = Mutex<[Sent]>([])

    var sent: [Sent] { state.withLock { $0 } }

    /// - Parameter respond: To a request and its number, from 1.
    init(_ respond: @escaping @Sendable (Sent, Int) async throws -> Step) { self.respond = respond }

    /// The steps in turn, the last of them from then on.
    convenience init(_ steps: Step...) {
        self.init { _, number in steps[min(number, steps.count) - 1] }
    }

    func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        let body: Data
        switch request.body {
        case .data(let data): body = data
        case .file(let path): body = try Data(contentsOf: URL(filePath: path))
        case nil: body = Data()
        }
        let headers = Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
        let sent = Sent(method: request.method, url: request.url, headers: headers, body: body)
        let number = state.withLock { sents in
            sents.append(sent)
            return sents.count
        }
        switch try await respond(sent, number) {
        case .answer(let answer): return answer
        case .fault(let fault): throw fault
        }
    }
}

/// Time that passes only when it is waited for.
final class FakeTime: Sendable {
    private let state = Mutex<(now: Double, waits: [Pace.Wait])>((1000, []))
    var waits: [Pace.Wait] { state.withLock { $0.waits } }
    var waited: Double { waits.map(\.seconds).reduce(0, +) }

    func pass(_ seconds: Double) { state.withLock { $0.now += seconds } }

    func pace(attempts: Int = 6) -> Pace {
        var pace = Pace(
            now: { self.state.withLock { $0.now } }, wallClock: { self.state.withLock { $0.now } + 784_111_777 },
            sleep: { seconds in
                self.pass(seconds)
                await Task.yield()
            }, random: { 0.5 }, onWait: { wait in self.state.withLock { $0.waits.append(wait) } })
        pace.attempts = attempts
        return pace
    }
}

extension BenchlingClient {
    static func scripted(
        _ transport: ScriptedTransport, _ time: FakeTime = FakeTime(), credentials: Credentials = .apiKey("sk_hidden-key-1")
    ) throws -> BenchlingClient {
        try BenchlingClient(
            address: TenantAddress("https://acme.benchling.com"), credentials: credentials, transport: transport,
            pace: time.pace())
    }
}
