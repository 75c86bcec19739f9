import IngestCore

/// One operation: its method, its path and who answers.
struct Route: Sendable {
    /// `POST`
    let method: String
    /// Below `/api/v2` unless ``base`` says otherwise: `/blobs/{blob_id}/parts`.
    let template: String
    let base: String
    /// The parameters that the query may have.
    let query: Set<String>
    let takesStream: Bool
    let answer: @Sendable (Call) async throws -> Answer
    private let pattern: [Segment]

    private enum Segment: Sendable {
        case text(String)
        /// `{blob_id}:complete-upload`: a value, then a text.
        case value(String, suffix: String)
    }

    init(
        _ method: String, _ template: String, base: String = "/api/v2", query: Set<String> = [], takesStream: Bool = false,
        answer: @escaping @Sendable (Call) async throws -> Answer
    ) {
        self.method = method
        self.template = template
        self.base = base
        self.query = query
        self.takesStream = takesStream
        self.answer = answer
        pattern = (base + template).split(separator: "/").map { segment in
            guard segment.hasPrefix("{"), let end = segment.firstIndex(of: "}") else { return .text(String(segment)) }
            let name = segment[segment.index(after: segment.startIndex)..<end]
            return .value(String(name), suffix: String(segment[segment.index(after: end)...]))
        }
    }

    /// The values of the path's parameters; `nil` when the path is another's.
    func match(_ segments: [String]) -> [String: String]? {
        guard segments.count == pattern.count else { return nil }
        var values: [String: String] = [:]
        for (segment, expected) in zip(segments, pattern) {
            switch expected {
            case .text(let text): guard segment == text else { return nil }
            case .value(let name, let suffix):
                guard segment.hasSuffix(suffix), segment.utf8.count > suffix.utf8.count else { return nil }
                let value = segment.dropLast(suffix.count)
                guard !value.contains(":") else { return nil }
                values[name] = String(value)
            }
        }
        return values
    }

    /// As the log and fault plans name it: `POST /assay-runs`, and with the whole path where it is not below `/api/v2`.
    var name: String { "\(method) \(base == "/api/v2" || base == "/api/v2-beta" ? "" : base)\(template)" }
}
