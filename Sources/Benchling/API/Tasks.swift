public import IngestCore

/// Work that the tenant does on its own time.
public struct BenchlingTask: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable { case running = "RUNNING", succeeded = "SUCCEEDED", failed = "FAILED" }
    public var status: Status
    /// Why it failed, for people.
    public var message: String?
    /// What it made; of a task that succeeded.
    public var response: JSONValue?
}

extension BenchlingClient {
    /// - Returns: `nil` when the tenant knows none with this id: tasks are forgotten half an hour after their end.
    public func task(_ id: String) async throws -> BenchlingTask? {
        try await ifKnown(.get("/tasks/" + QueryText.step(id, in: "GET /tasks"))) { body in
            guard let status = BenchlingTask.Status(rawValue: try body.text("status")) else {
                throw Unreadable(message: "a task of unknown status")
            }
            // One object or a list of them.
            let errors = body["errors"].map { $0.elements.isEmpty ? [$0] : $0.elements } ?? []
            let said = [body["message"]?.string].compactMap { $0 } + errors.compactMap { $0["message"]?.string }
            let message = said.isEmpty ? nil : sender.shown.clean(said.joined(separator: "; "))
            return BenchlingTask(status: status, message: message, response: body["response"])
        }
    }
}
