/// What opens a tenant. It prints as nothing, however it is printed.
public enum Credentials: Sendable, Hashable {
    /// A user's API key.
    case apiKey(String)
    /// An app's client id and secret; they are traded for a token that lasts some minutes.
    case app(id: String, secret: String)

    /// What must never be seen of it.
    var secrets: [String] {
        switch self {
        case .apiKey(let key): [key]
        case .app(_, let secret): [secret]
        }
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "credentials (not shown)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
