/// A text that is sent and never shown: a token, an upload address. It prints as nothing, however it is printed.
public struct SecretText: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let text: String
    public init(_ text: String) { self.text = text }

    public var description: String { "(not shown)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
