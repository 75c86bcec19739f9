public import FoundationEssentials
import IngestCore

/// Sending to and fetching from the object store of a tenant. The address is signed and stands for the right to do so: the
/// credentials never go there, and the address is in no message.
extension BenchlingClient {
    /// Puts a file to the address of a data frame or a file. It may be repeated: the bytes are the same.
    /// - Throws: ``BenchlingFailure``, `refused` with status 403 when the address is no longer valid (an hour): a new one is
    ///   had from the thing it belongs to.
    public func upload(_ body: HTTPRequest.Body, mediaType: String? = nil, to address: SecretText) async throws {
        var headers = [(name: "x-amz-server-side-encryption", value: "AES256")]
        if let mediaType { headers.append((name: "Content-Type", value: mediaType)) }
        _ = try await transfer("PUT", address, headers, body, longest: 1 << 20)
    }

    /// - Parameter longest: The most bytes that are taken.
    public func download(from address: SecretText, longest: Int = 160_000_000) async throws -> Data {
        try await transfer("GET", address, [], nil, longest: longest).body
    }

    private enum Transfer { case done(HTTPAnswer), moved(String), trouble(String, status: Int?) }

    private func transfer(
        _ method: String, _ address: SecretText, _ headers: [(name: String, value: String)], _ body: HTTPRequest.Body?,
        longest: Int
    ) async throws -> HTTPAnswer {
        let call = "\(method) (signed address)"
        // The largest table is 150 MB: half an hour for it is some 0.7 Mbit/s.
        var request = HTTPRequest(method, address.text, headers: headers, body: body, timeout: 1800, longestAnswer: longest)
        var redirects = 0, attempt = 1
        while true {
            switch try await outcome(of: request, call) {
            case .done(let answer):
                return answer
            case .moved(let place):
                guard redirects < 5 else {
                    throw BenchlingFailure(.unreachable, call: call, message: "it is redirected again and again")
                }
                redirects += 1
                request.url = place
            case .trouble(let message, let status):
                guard attempt < pace.attempts else {
                    throw BenchlingFailure(.unreachable, call: call, status: status, message: message)
                }
                attempt += 1
                try await pace.wait(pace.backOff(before: attempt), because: message)
            }
        }
    }

    private func outcome(of request: HTTPRequest, _ call: String) async throws -> Transfer {
        try check(request.url, call)
        let answer: HTTPAnswer
        do {
            answer = try await sender.transport.send(request)
        } catch TransportFault.notSent(let message) {
            return .trouble(sender.shown.clean(message), status: nil)
        } catch TransportFault.unsure(let message) {
            return .trouble(sender.shown.clean(message), status: nil)
        } catch TransportFault.answerTooLong(let most) {
            throw BenchlingFailure(.refused, call: call, message: "the answer is longer than \(most) bytes")
        }
        if (200..<300).contains(answer.status) { return .done(answer) }
        let said = sender.shown.clean(Refusal(answer).message)
        switch answer.status {
        case 408, 429, 500...: return .trouble(said, status: answer.status)
        case 300..<400:
            // Nothing secret goes along, so this one may be followed.
            if let place = answer.headers["location"], place.contains("://") { return .moved(place) }
            throw BenchlingFailure(.refused, call: call, status: answer.status, message: said)
        default: throw BenchlingFailure(.refused, call: call, status: answer.status, message: said)
        }
    }

    /// A tenant that is spoken to in secret does not get to send the data over an open line.
    private func check(_ place: String, _ call: String) throws {
        let isSecure = place.lowercased().hasPrefix("https://")
        let host = place.dropFirst("http://".count).prefix { !"/?#".contains($0) }
        let isHere = address.isThisMachine && place.lowercased().hasPrefix("http://")
        guard isSecure || (isHere && (try? TenantAddress("http://\(host)")) != nil) else {  // Not an address: the same refusal.
            throw BenchlingFailure(.refused, call: call, message: "the address is not one of https; nothing was sent")
        }
    }
}
