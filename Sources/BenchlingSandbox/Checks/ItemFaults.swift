import IngestCore

/// What is wrong with each item of a list that is to be created.
struct ItemFaults {
    struct Item {
        var fields: [String: String] = [:]
        var global: [String] = []
        var isEmpty: Bool { fields.isEmpty && global.isEmpty }
    }
    /// One for each item, in the order of the request.
    var items: [Item]
    var isEmpty: Bool { items.allSatisfy(\.isEmpty) }

    /// The documented answer: nothing of the list was stored.
    func refusal(_ list: String, shape: SandboxOptions.FieldFaultShape, withMessage: Bool) -> Refusal {
        let errors = items.map { item -> JSONValue in
            let fields = item.fields.mapValues { text -> JSONValue in
                switch shape {
                case .text: .string(text)
                case .list: [.string(text)]
                case .object: ["message": .string(text)]
                }
            }
            return ["fields": .object(fields), "global": .array(item.global.map(JSONValue.string))]
        }
        var body: [String: JSONValue] = [list: .null, "errors": .array(errors)]
        if withMessage {
            let faulty = items.count { !$0.isEmpty }
            body["error"] = Refusal.bad("\(faulty) of \(items.count) items are invalid").body["error"]
        }
        return Refusal(400, .object(body))
    }
}
