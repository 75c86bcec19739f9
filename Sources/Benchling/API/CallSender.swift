/// Makes calls until they have an outcome: waits where the tenant asks for it, repeats what may be repeated, and never sends
/// twice what could then happen twice.
struct CallSender: Sendable {
    let address: TenantAddress
    let transport: any HTTPTransport
    let pace: Pace
    let limiter: RateLimiter
    let shown: ShownText

    /// - Parameter read: Makes something of a success; throws ``Unreadable``.
    /// - Throws: ``BenchlingFailure``, `CancellationError`.
    func perform<Value>(
        _ call: Call, as caller: some CallAuthorizing, _ read: (HTTPAnswer) throws -> Value
    ) async throws -> Value {
        var attempt = 1, isRenewed = false, wasUnsure = false
        while true {
            let trouble: Trouble
            switch try await outcome(of: call, as: caller, read) {
            case .done(let value):
                return value
            case .slowDown:
                continue
            case .refused(let answer, let authorization) where answer.status == 401:
                // A call without a valid token was not acted on, so it may be made again, whichever it is.
                guard !isRenewed, await caller.renew(insteadOf: authorization) else {
                    throw refusal(wasUnsure && call.changesSomething ? .unsure : .unauthorized, call, answer)
                }
                isRenewed = true
                continue
            case .refused(let answer, _):
                // An earlier attempt may be why this one is refused: then it has happened, and is not refused at all.
                throw refusal(wasUnsure && call.changesSomething ? .unsure : .refused, call, answer)
            case .trouble(let found):
                trouble = found
            }
            wasUnsure = wasUnsure || !trouble.isKnownNotToHaveHappened
            guard trouble.isKnownNotToHaveHappened || call.whenUnsure == .again else {
                throw failure(.unsure, call, trouble)
            }
            guard attempt < pace.attempts else {
                throw failure(.unreachable, call, trouble)
            }
            attempt += 1
            let asked = trouble.retryAfter.map { min($0, RateLimiter.longestPause) } ?? 0
            try await pace.wait(max(asked, pace.backOff(before: attempt)), because: shown.clean(trouble.message))
        }
    }

    /// Why an attempt came to nothing that is known.
    private struct Trouble {
        var message: String
        var status: Int?
        var retryAfter: Double?
        var isKnownNotToHaveHappened = false
    }

    private enum Outcome<Value> { case done(Value), slowDown, refused(HTTPAnswer, String?), trouble(Trouble) }

    private func outcome<Value>(
        of call: Call, as caller: some CallAuthorizing, _ read: (HTTPAnswer) throws -> Value
    ) async throws -> Outcome<Value> {
        try await limiter.admit()
        let answer: HTTPAnswer
        let authorization: String?
        do {
            // After the wait, in which a token may have ended.
            authorization = try await caller.authorization()
            answer = try await transport.send(call.request(to: address, authorization: authorization))
        } catch {
            await limiter.answered(nil)
            return .trouble(try Self.trouble(error))
        }
        await limiter.answered(answer)
        switch answer.status {
        case 200..<300:
            do {
                return .done(try read(answer))
            } catch let error as Unreadable {
                return .trouble(Trouble(message: "it answered with \(error.message)", status: answer.status))
            }
        case 429:
            return .slowDown
        case 400..<500 where answer.status != 408:
            return .refused(answer, authorization)
        case 300..<400 where !call.changesSomething:
            return .refused(answer, authorization)
        default:
            // 5xx, a 408, and a redirect of a write: it may or may not have been acted on.
            let wait = RetryAfter.seconds(answer, now: pace.wallClock())
            return .trouble(Trouble(message: Refusal(answer).message, status: answer.status, retryAfter: wait))
        }
    }

    private static func trouble(_ error: any Error) throws -> Trouble {
        switch error {
        case TransportFault.notSent(let message): return Trouble(message: message, isKnownNotToHaveHappened: true)
        case TransportFault.unsure(let message): return Trouble(message: message)
        case TransportFault.answerTooLong(let most): return Trouble(message: "the answer is longer than \(most) bytes")
        // Cancelled, or a fault of a transport that keeps no promise: not ours to interpret.
        default: throw error
        }
    }

    private func failure(_ kind: BenchlingFailure.Kind, _ call: Call, _ trouble: Trouble) -> BenchlingFailure {
        BenchlingFailure(kind, call: call.name, status: trouble.status, message: shown.clean(trouble.message))
    }

    private func refusal(_ kind: BenchlingFailure.Kind, _ call: Call, _ answer: HTTPAnswer) -> BenchlingFailure {
        let said = Refusal(answer)
        var failure = BenchlingFailure(
            kind == .refused && answer.status == 404 && said.isDocumented ? .notFound : kind, call: call.name,
            status: answer.status, message: shown.clean(said.message), supportID: said.supportID.map(shown.clean))
        failure.items = said.items.mapValues { fault in
            BenchlingFailure.ItemFault(fields: fault.fields.mapValues(shown.clean), global: fault.global.map(shown.clean))
        }
        failure.invalidIDs = said.invalidIDs
        failure.isDocumented = said.isDocumented
        failure.itemCount = said.itemCount
        return failure
    }
}

/// Who makes a call: what it carries, and what can be done when that is not accepted.
protocol CallAuthorizing: Sendable {
    /// The value of the `Authorization` header; `nil` for none.
    func authorization() async throws -> String?
    /// Whether another one can be had, since this one was not accepted.
    func renew(insteadOf refused: String?) async -> Bool
}
