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
    private let hasBody: Bool
    private let state = Mutex(State())

    /// - Parameter hasBody: Whether the request has a body of at least a byte.
    init(longestAnswer: Int, hasBody: Bool) {
        self.longestAnswer = longestAnswer
        self.hasBody = hasBody
    }

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
        var result = result
        if case .failure(let error) = result {
            if case TransportFault.unsure(let message) = error, let task = state.task, isUnsent(task) {
                result = .failure(TransportFault.notSent(message))
            }
            state.task?.cancel()
        }
        state.continuation?.resume(with: result)
    }

    /// A request of which no byte of the body was asked for by the connection cannot have been acted on: there was no
    /// connection, or none that was secure.
    private func isUnsent(_ task: URLSessionTask) -> Bool { hasBody && task.countOfBytesSent == 0 }

    /// In words of our own: the system's description of an error may quote the address, which may be a signed one.
    private static func fault(_ error: any Error) -> TransportFault {
        guard let error = error as? URLError else { return .unsure("the connection failed") }
        switch error.code {
        case .cannotFindHost, .dnsLookupFailed: return .notSent("the host name is unknown")
        case .cannotConnectToHost: return .notSent("nobody answers at this address")
        case .timedOut: return .unsure("there was no answer in time")
        case .badServerResponse: return .unsure("the connection was closed without an answer")
        default: break
        }
        // Faults of TLS have no code of their own here, and are told by their texts.
        let said = error.localizedDescription
        guard said.contains("SSL") else {
            return .unsure("the connection ended before the answer was whole (\(error.code.rawValue))")
        }
        return .unsure(
            "a secure connection was not possible: \(said.contains("certificate") ? said : "no certificate was shown")")
    }
}
