import FoundationEssentials
import IngestCore

/// The token of an app: fetched once for all calls that wait for it, renewed before it ends.
actor TokenSource: CallAuthorizing {
    private struct Token {
        var text: SecretText
        /// On the clock of the pace.
        var renewal: Double
    }

    private struct Fetch {
        var number: Int
        var task: Task<Token, any Error>
        var waiting = 0
    }

    private let id: SecretText, secret: SecretText
    private let sender: CallSender
    private var token: Token?
    private var fetch: Fetch?
    private var fetches = 0

    init(id: String, secret: String, sender: CallSender) {
        self.id = SecretText(id)
        self.secret = SecretText(secret)
        self.sender = sender
    }

    func authorization() async throws -> String? {
        if let token, sender.pace.now() < token.renewal { return Authorization.bearer(token.text.text) }
        return Authorization.bearer(try await fetched().text.text)
    }

    func renew(insteadOf refused: String?) -> Bool {
        // Another call may have been refused with the same token before, and have a new one by now.
        if let token, Authorization.bearer(token.text.text) == refused { self.token = nil }
        return true
    }

    private func fetched() async throws -> Token {
        if fetch == nil {
            fetches += 1
            fetch = Fetch(number: fetches, task: Task { try await self.fetchToken() })
        }
        fetch!.waiting += 1
        let (number, task) = (fetch!.number, fetch!.task)
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            Task { await self.leave(number) }
        }
        if fetch?.number == number {
            fetch = nil
            token = try? result.get()  // Of a failed fetch no token is kept; the failure is thrown below.
        }
        try Task.checkCancellation()
        return try result.get()
    }

    /// A fetch that nobody waits for any more is ended: a tenant that keeps asking for a pause would keep it for ever.
    private func leave(_ number: Int) {
        guard fetch?.number == number else { return }
        fetch!.waiting -= 1
        guard fetch!.waiting == 0 else { return }
        fetch!.task.cancel()
        fetch = nil
    }

    /// Seconds that a token is used for when the tenant does not say how long it holds.
    private static let shortestLifetime = 60.0

    private func fetchToken() async throws -> Token {
        let form = [("grant_type", "client_credentials"), ("client_id", id.text), ("client_secret", secret.text)]
            .map { "\($0)=\(QueryText.formEncoded($1))" }.joined(separator: "&")
        let call = Call(
            method: "POST", path: "/api/v2/token", body: .data(Data(form.utf8)),
            mediaType: "application/x-www-form-urlencoded", whenUnsure: .again)
        let asked = sender.pace.now()
        do {
            return try await sender.perform(call, as: Nobody()) { answer in
                let body = try Unreadable.json(answer)
                let text = try body.text("access_token")
                sender.shown.hide(text)
                // A token that says no lifetime is a token; when it has run out, a 401 asks for another.
                let stated = body["expires_in"]?.number ?? body["expires_in"]?.string.flatMap(Double.init) ?? 0
                let lifetime = stated > 0 ? stated : Self.shortestLifetime
                // A tenth of its life before its end, at least a second and at most a minute.
                return Token(text: SecretText(text), renewal: asked + lifetime - min(60, max(1, lifetime / 10)))
            }
        } catch var failure as BenchlingFailure where failure.status == 400 || failure.status == 401 {
            failure.kind = .unauthorized
            failure.message = "the tenant gives no token for this app's id and secret: \(failure.message)"
            throw failure
        }
    }

    /// The call for a token carries the credentials in its form.
    private struct Nobody: CallAuthorizing {
        func authorization() -> String? { nil }
        func renew(insteadOf refused: String?) -> Bool { false }
    }
}
