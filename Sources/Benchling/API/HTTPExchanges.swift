import Foundation
import FoundationNetworking
import Synchronization

/// The delegate of a session: hands what happens to the exchange it belongs to.
final class HTTPExchanges: NSObject, URLSessionDataDelegate, Sendable {
    private let open = Mutex<[Int: HTTPExchange]>([:])

    /// Before the task is started.
    func add(_ exchange: HTTPExchange, for task: URLSessionTask) {
        open.withLock { $0[task.taskIdentifier] = exchange }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        open.withLock { $0[dataTask.taskIdentifier] }?.received(data)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        open.withLock { $0.removeValue(forKey: task.taskIdentifier) }?.completed(task.response, error)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    /// Asked when a 401 that wants a password has come in whole. Of the ways to go on, one waits for ever without credentials to
    /// look up and the others drop the answer; so the answer is taken here, and the task ended.
    func urlSession(
        _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        let exchange = open.withLock { $0.removeValue(forKey: task.taskIdentifier) }
        exchange?.completed(challenge.failureResponse ?? task.response, nil)
        completionHandler(.cancelAuthenticationChallenge, nil)
    }
}
