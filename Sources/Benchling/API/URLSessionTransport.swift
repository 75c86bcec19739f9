import Foundation
import FoundationNetworking

/// HTTP over the system's URL loading, made safe for calls that must happen once.
///
/// - Redirects are answers: they are refused, because the headers, credentials included, would be sent to wherever they lead.
/// - A call other than a GET has a connection of its own. The library underneath (libcurl) sends a request again, whatever its
///   method, when a connection it used before turns out to be closed; on a new connection it never does.
/// - Bodies have a `Content-Length`; answers are bounded while they arrive; the time limit is for the whole exchange.
/// - Certificates are always verified; nothing is cached, and there are no cookies.
public final class URLSessionTransport: HTTPTransport {
    /// Shared by GETs, so that they share connections: that one of them is sent twice does no harm.
    private let reading: URLSession
    private let exchanges = HTTPExchanges()

    public init() {
        reading = URLSession(configuration: Self.configuration, delegate: exchanges, delegateQueue: nil)
    }

    // A session and its delegate keep each other until it is invalidated.
    deinit { reading.finishTasksAndInvalidate() }

    public func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        try Task.checkCancellation()
        guard let url = URL(string: request.url), url.host?.isEmpty == false, ["http", "https"].contains(url.scheme) else {
            throw TransportFault.notSent("the address cannot be parsed")
        }
        try ProxySettings.check(scheme: url.scheme, host: url.host)
        var form = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalAndRemoteCacheData, timeoutInterval: request.timeout + 5)
        form.httpMethod = request.method
        form.httpShouldHandleCookies = false
        for header in request.headers { form.setValue(header.value, forHTTPHeaderField: header.name) }
        let hasBody = if case .data(let data) = request.body { !data.isEmpty } else { request.body != nil }
        let exchange = HTTPExchange(longestAnswer: request.longestAnswer, hasBody: hasBody)
        if request.method == "GET" {
            let task = reading.dataTask(with: form)
            exchanges.add(exchange, for: task)
            return try await exchange.answer(of: task, within: request.timeout)
        }
        form.setValue("close", forHTTPHeaderField: "Connection")
        let own = HTTPExchanges()
        let session = URLSession(configuration: Self.configuration, delegate: own, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let task: URLSessionTask
        switch request.body {
        case .file(let path):
            task = session.uploadTask(with: form, fromFile: URL(fileURLWithPath: path))
        case .data(let data):
            form.httpBody = data
            task = session.dataTask(with: form)
        case nil:
            task = session.dataTask(with: form)
        }
        own.add(exchange, for: task)
        return try await exchange.answer(of: task, within: request.timeout)
    }

    private static var configuration: URLSessionConfiguration {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalAndRemoteCacheData
        configuration.httpCookieStorage = nil
        configuration.httpCookieAcceptPolicy = .never
        configuration.httpShouldSetCookies = false
        // A 401 is an answer: nothing is to be looked up and sent again behind our back.
        configuration.urlCredentialStorage = nil
        configuration.httpMaximumConnectionsPerHost = 8
        return configuration
    }
}
