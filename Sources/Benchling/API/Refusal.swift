import FoundationEssentials
import IngestCore

/// What an answer that is not a success says: both shapes the document knows, and whatever else comes.
struct Refusal {
    /// For people, not yet cleaned.
    var message: String
    /// `error.type`.
    var type: String?
    var supportID: String?
    /// The ids it names as unknown, as they are written there.
    var invalidIDs: [String] = []
    var items: [Int: BenchlingFailure.ItemFault] = [:]
    var itemCount = 0
    /// Whether it has one of the documented shapes: a proxy's error page has not.
    var isDocumented = false

    init(_ answer: HTTPAnswer) {
        if (300..<400).contains(answer.status) {
            let target = answer.headers["location"].flatMap { location in
                location.firstRange(of: "://").map { location[$0.upperBound...] }
            }
            let host = target.map { String($0.prefix { !"/?#".contains($0) }.prefix(80)) } ?? "elsewhere"
            message = "it redirects to \(host), where no credentials are sent; the address has to be the tenant's own"
            return
        }
        let body: JSONValue
        do {
            body = try JSONDecoder().decode(JSONValue.self, from: answer.body)
        } catch {
            message = PageSummary.of(answer)
            return
        }
        let error = body["error"]
        type = error?["type"]?.string ?? error?.string
        supportID = error?["errorId"]?.string ?? body["errorId"]?.string
        let texts = [error?["userMessage"], error?["message"], body["error_description"], body["message"], error]
        message = texts.lazy.compactMap { $0?.string }.first { !$0.isEmpty } ?? ""
        invalidIDs = [error, body].flatMap { part in
            (part?["invalidId"]?.string).map { [$0] } ?? part?["invalidIds"]?.elements.compactMap(\.string) ?? []
        }
        itemCount = body["errors"]?.elements.count ?? 0
        for (index, item) in (body["errors"]?.elements ?? []).enumerated() {
            if let fault = Self.fault(item) { items[index] = fault }
        }
        // Every member of the error is optional.
        if case .object = error { isDocumented = true }
        if !items.isEmpty { isDocumented = true }
        if message.isEmpty { message = items.isEmpty ? type ?? "no reason is given" : Self.summary(items) }
    }

    /// `{"fields": {"sample": "No entity"}, "global": ["…"]}`; `nil` for an item without a fault.
    private static func fault(_ item: JSONValue) -> BenchlingFailure.ItemFault? {
        var fault = BenchlingFailure.ItemFault()
        for (field, value) in item["fields"]?.members ?? [:] {
            let words = texts(value).joined(separator: "; ")
            if !words.isEmpty { fault.fields[field] = words }
        }
        fault.global = texts(item["global"] ?? .null)
        if item["fields"] == nil, item["global"] == nil { fault.global = texts(item) }
        return fault.fields.isEmpty && fault.global.isEmpty ? nil : fault
    }

    /// The shape of a field's fault is not specified: a text, a list of texts, or an object.
    private static func texts(_ value: JSONValue) -> [String] {
        switch value {
        case .null: return []
        case .string(let text): return text.isEmpty ? [] : [text]
        case .bool(let value): return ["\(value)"]
        case .number(let value): return ["\(value)"]
        case .array(let values): return values.flatMap(texts)
        case .object(let members):
            let said = ["userMessage", "message", "error", "reason"].lazy.compactMap { members[$0]?.string }.first { !$0.isEmpty }
            if let said { return [said] }
            return members.sorted { $0.key < $1.key }.flatMap { name, value in texts(value).map { "\(name): \($0)" } }
        }
    }

    private static func summary(_ items: [Int: BenchlingFailure.ItemFault]) -> String {
        let (index, first) = items.min { $0.key < $1.key }!
        let said = first.global + first.fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let others = items.count == 1 ? "" : " (and \(items.count - 1) more items)"
        return "item \(index + 1): \(said.joined(separator: "; "))\(others)"
    }
}
