import IngestCore

/// An answer other than what was asked for, in the documented shape.
struct Refusal: Error {
    var status: Int
    var body: JSONValue
    var headers: [(String, String)] = []

    init(_ status: Int, _ body: JSONValue) {
        self.status = status
        self.body = body
    }

    init(_ status: Int, _ message: String, type: String = "invalid_request_error", _ more: [String: JSONValue] = [:]) {
        let error: [String: JSONValue] = ["type": .string(type), "message": .string(message), "userMessage": .string(message)]
        self.init(status, ["error": .object(error.merging(more) { $1 })])
    }

    static func bad(_ message: String) -> Refusal { Refusal(400, message) }

    static func notFound(_ id: String) -> Refusal { Refusal(404, "\(id) was not found", ["invalidId": .string(id)]) }

    /// For what the document lists no 404: runs, results, custom entities, datasets.
    static func unknown(_ what: String, _ id: String) -> Refusal { Refusal(400, "No \(what) \(id)", ["invalidId": .string(id)]) }

    /// A list filter with ids that nothing has.
    static func unknown(_ what: String, ids: [String]) -> Refusal {
        var refusal = Refusal(400, "No \(what) \(ids.joined(separator: ", "))", ["invalidId": .string(ids[0])])
        refusal.body = .object(refusal.body.members.merging(["invalidIds": .array(ids.map(JSONValue.string))]) { $1 })
        return refusal
    }

    static let unauthorized = Refusal(401, "The credentials are missing, wrong or have run out", type: "authentication_error")
}
