import IngestCore

/// The shape that a request's body must have. Objects are closed: a member that the document does not name is refused, also
/// where the document would let it pass, since the tenant would ignore what a client believed to have said.
indirect enum BodyShape: Sendable {
    case string(longest: Int? = nil)
    case oneOf([String])
    case integer(ClosedRange<Int>)
    case bool
    case array(BodyShape, longest: Int? = nil)
    case object([String: Member])
    /// An object whose members are looked at elsewhere.
    case openObject
    case map(BodyShape)
    case nullable(BodyShape)
    /// Looked at elsewhere.
    case anything

    struct Member: Sendable {
        var shape: BodyShape
        var isRequired: Bool

        static func required(_ shape: BodyShape) -> Member { Member(shape: shape, isRequired: true) }
        static func optional(_ shape: BodyShape) -> Member { Member(shape: shape, isRequired: false) }
    }

    /// What does not fit, and where; `nil` when all does.
    func fault(_ value: JSONValue, at place: String) -> String? {
        switch (self, value) {
        case (.anything, _), (.openObject, .object), (.nullable, .null): return nil
        case (.nullable(let shape), _): return shape.fault(value, at: place)
        case (.string(let longest), .string(let text)):
            guard let longest, text.unicodeScalars.count > longest else { return nil }
            return "\(place) has \(text.unicodeScalars.count) characters, more than \(longest)"
        case (.oneOf(let texts), .string(let text)):
            return texts.contains(text) ? nil : "\(place) must be one of \(texts.joined(separator: ", ")), not \"\(text)\""
        case (.integer(let range), .number):
            guard let number = value.int, range.contains(number) else {
                return "\(place) must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            }
            return nil
        case (.bool, .bool): return nil
        case (.array(let shape, let longest), .array(let elements)):
            if let longest, elements.count > longest { return "\(place) has \(elements.count) elements, more than \(longest)" }
            for (index, element) in elements.enumerated() {
                if let fault = shape.fault(element, at: "\(place)[\(index)]") { return fault }
            }
            return nil
        case (.map(let shape), .object(let members)):
            return members.lazy.compactMap { shape.fault($1, at: "\(place).\($0)") }.first
        case (.object(let shapes), .object(let members)): return Self.fault(members, shapes, at: place)
        default: return "\(place) must be \(kind)"
        }
    }

    private static func fault(_ members: [String: JSONValue], _ shapes: [String: Member], at place: String) -> String? {
        if let unknown = members.keys.sorted().first(where: { shapes[$0] == nil }) {
            return "\(place) has an unknown property \(unknown)"
        }
        for (name, member) in shapes.sorted(by: { $0.key < $1.key }) {
            if let value = members[name] {
                if let fault = member.shape.fault(value, at: "\(place).\(name)") { return fault }
            } else if member.isRequired {
                return "\(place) lacks the required property \(name)"
            }
        }
        return nil
    }

    private var kind: String {
        switch self {
        case .string, .oneOf: "a text"
        case .integer: "a whole number"
        case .bool: "true or false"
        case .array: "a list"
        case .object, .openObject, .map: "an object"
        case .nullable(let shape): "\(shape.kind) or null"
        case .anything: "a value"
        }
    }
}
