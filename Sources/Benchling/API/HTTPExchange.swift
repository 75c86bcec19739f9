import Foundation
import FoundationNetworking
import Synchronization

/// One request under way: collects its answer, and ends it when it lasts too long or grows too large.
final class HTTPExchange: Sendable {
    private struct State {
        var body = Data()
        var continuation: CheckedContinuation<HTTPAnswer, any Error>?
        /// Set once it is known how it ends; what comes later is of no interest.
        var isOver = false
        var task: URLSessionTask?
    }

    private let longestAnswer: Int
    private let state = Mutex(State())

    init(longestAnswer: Int) { self.longestAnswer = longestAnswer }

    /// Starts a task and waits for its end.
    func answer(of task: sending URLSessionTask, within seconds: Double) async throws -> HTTPAnswer {
        let task = task
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                start(task, continuation, seconds)
            }
        } onCancel: {
            end(.failure(CancellationError()))
        }
    }

    private func start(_ task: URLSessionTask, _ continuation: CheckedContinuation<HTTPAnswer, any Error>, _ seconds: Double) {
        let wasCancelled = state.withLock { state in
            guard !state.isOver else { return true }
            state.continuation = continuation
            state.task = task
            return false
        }
        guard !wasCancelled else {
            task.cancel()
            return continuation.resume(throwing: CancellationError())
        }
        // The clock is not stopped at the end: it keeps nothing alive, and what is over does not end again.
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in
            self?.end(.failure(TransportFault.unsure("there was no whole answer within \(Int(seconds.rounded(.up))) s")))
        }
        task.resume()
    }

    func received(_ data: Data) {
        let isTooLong = state.withLock { state in
            guard !state.isOver else { return false }
            state.body.append(data)
            return state.body.count > longestAnswer
        }
        if isTooLong { end(.failure(TransportFault.answerTooLong(longestAnswer))) }
    }

    func completed(_ response: URLResponse?, _ error: (any Error)?) {
        if let error { return end(.failure(Self.fault(error))) }
        guard let response = response as? HTTPURLResponse else {
            return end(.failure(TransportFault.unsure("the answer is not HTTP")))
        }
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields {
            if let name = name as? String, let value = value as? String { headers[name.lowercased()] = value }
        }
        end(.success(HTTPAnswer(status: response.statusCode, headers: headers, body: state.withLock { $0.body })))
    }

    private func end(_ result: Result<HTTPAnswer, any Error>) {
        let state = state.withLock { state in
            let before = state
            state = State(isOver: true)
            return before
        }
        guard !state.isOver else { return }
        if case .failure = result { state.task?.cancel() }
        state.continuation?.resume(with: result)
    }

    /// In words of our own: the system's description of an error quotes the address, which may be a signed one.
    private static func fault(_ error: any Error) -> TransportFault {
        guard let error = error as? URLError else { return .unsure("the connection failed") }
        return switch error.code {
        case .cannotFindHost, .dnsLookupFailed: .notSent("the host name is unknown")
        case .cannotConnectToHost: .notSent("nobody answers at this address")
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid, .clientCertificateRejected,
            .clientCertificateRequired:
            .notSent("a secure connection was not possible: the certificate is not one for this host that is trusted here")
        case .badURL, .unsupportedURL: .notSent("the address cannot be used")
        case .timedOut: .unsure("there was no answer in time")
        case .networkConnectionLost: .unsure("the connection was lost")
        default: .unsure("the connection ended before the answer was whole (\(error.code.rawValue))")
        }
    }
}
