/// What a plan means to do with one thing, and why, in words that follow a colon.
public enum PlanAction: Sendable, Hashable {
    case create(because: String)
    /// It is there already.
    case skip(because: String)
    /// It is made, and archives another.
    case replace(because: String)
    /// It is there, and differs: nothing of this publication is sent.
    case conflict(because: String)
    /// It cannot become what it is mapped to.
    case leaveOut(because: String)

    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case create, skip, replace, conflict, leaveOut
    }

    public init(_ kind: Kind, because reason: String) {
        switch kind {
        case .create: self = .create(because: reason)
        case .skip: self = .skip(because: reason)
        case .replace: self = .replace(because: reason)
        case .conflict: self = .conflict(because: reason)
        case .leaveOut: self = .leaveOut(because: reason)
        }
    }

    public var kind: Kind {
        switch self {
        case .create: .create
        case .skip: .skip
        case .replace: .replace
        case .conflict: .conflict
        case .leaveOut: .leaveOut
        }
    }

    public var reason: String {
        switch self {
        case .create(let reason), .skip(let reason), .replace(let reason), .conflict(let reason), .leaveOut(let reason): reason
        }
    }

    /// One line for people: `create    result 3f0f8f5e… caffeine (run7.csv:14): not there yet`. What would
    /// move a terminal's cursor is shown as `·`.
    public func line(_ thing: String) -> String {
        let verb = kind == .leaveOut ? "leave out" : kind.rawValue
        let text = verb + String(repeating: " ", count: 10 - verb.count) + thing + (reason.isEmpty ? "" : ": \(reason)")
        return text.printable
    }
}

extension PlanAction: Codable {
    private enum Key: String, CodingKey { case action, why }

    /// `{"action":"skip","why":"…"}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let name = try container.decode(String.self, forKey: .action)
        guard let kind = Kind(rawValue: name) else {
            throw DecodingError.dataCorruptedError(
                forKey: .action, in: container,
                debugDescription: "\"\(name)\" is no action; they are \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.init(kind, because: try container.decode(String.self, forKey: .why))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(kind.rawValue, forKey: .action)
        try container.encode(reason, forKey: .why)
    }
}
