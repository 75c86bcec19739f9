public import IngestCore
import Synchronization

/// The first elements of a document, for recognition: what can be told from the first 64 KiB.
public struct XMLOpening: Sendable {
    /// One of the first elements.
    public struct Start: Sendable {
        /// Names without prefixes from the outermost element on: `/File/Samples/Sample`.
        public let path: String
        public let name: String
        /// The URI of its namespace.
        public let namespace: String?
        /// The attributes by name, without prefixes.
        public let attributes: [String: String]
        /// The text before its first child, without blanks at its ends.
        public let text: String
    }

    /// The first elements, at most 400, in order; the first is the outermost.
    public let starts: [Start]

    /// The outermost element; one without a name where none could be seen: what stops there, such as a DOCTYPE or an unknown
    /// encoding, is told when the document is read.
    public var root: Start { starts[0] }

    /// Whether one of the first elements stands at that path.
    public func has(_ path: String) -> Bool { starts.contains { $0.path == path } }
    /// The first element at that path.
    public func first(_ path: String) -> Start? { starts.first { $0.path == path } }

    /// - Returns: `nil` for what is no XML document, as far as can be seen.
    public init?(_ opening: SourceOpening) {
        guard XMLOpening.mayBeXML(opening) else { return nil }
        // Every adapter of the family asks for the same document in turn.
        let found: XMLOpening?
        if let last = XMLOpening.last.withLock({ $0 }), last.bytes == opening.bytes {
            found = last.found
        } else {
            found = XMLOpening.parsed(opening)
            XMLOpening.last.withLock { $0 = (opening.bytes, found) }
        }
        guard let found else { return nil }
        self = found
    }

    private static let mostStarts = 400
    private static let last = Mutex<(bytes: [UInt8], found: XMLOpening?)?>(nil)

    private init(starts: [Start]) { self.starts = starts }

    /// The first character is `<`.
    private static func mayBeXML(_ opening: SourceOpening) -> Bool {
        guard opening.members.isEmpty else { return false }
        for line in opening.lines.prefix(20) {
            if let first = line.unicodeScalars.first(where: { !$0.properties.isWhitespace && $0 != "\u{FEFF}" }) {
                return first == "<"
            }
        }
        return false
    }

    private static func parsed(_ opening: SourceOpening) -> XMLOpening? {
        let digest = FileDigest(name: opening.name, bytes: opening.bytes.count, sha256: "")
        let source = SourceFile(
            name: opening.name, digest: digest, content: .bytes(opening.bytes), opening: opening, account: ReadingAccount())
        // Bytes in memory are always readable.
        guard let scanner = try? XMLScanner(source) else { return nil }
        // As above; what is wrong with the document shows when it is read.
        while scanner.store.count < mostStarts, (try? scanner.feed()) == true {}
        let starts = (0..<min(mostStarts, scanner.store.count)).filter { !scanner.store.nodes[$0].isText }
            .map { start($0, in: scanner.store) }
        guard !starts.isEmpty || scanner.fault?.kind != .malformed else { return nil }
        return XMLOpening(
            starts: starts.isEmpty ? [Start(path: "", name: "", namespace: nil, attributes: [:], text: "")] : starts)
    }

    private static func start(_ index: Int, in store: NodeStore) -> Start {
        let node = store.nodes[index]
        let name = String(cString: node.name)
        var attributes: [String: String] = [:]
        for place in Int(node.firstAttribute)..<Int(node.firstAttribute) + Int(node.attributeCount) {
            let attribute = store.attributes[place]
            attributes[String(cString: attribute.name)] = text(store, attribute.start, attribute.length)
        }
        var path = "/" + name
        var parent = Int(node.parent)
        while parent >= 0 {
            path = "/" + String(cString: store.nodes[parent].name) + path
            parent = Int(store.nodes[parent].parent)
        }
        return Start(
            path: path, name: name, namespace: node.namespace.map { String(cString: $0) }, attributes: attributes,
            text: text(store, node.textStart, node.textLength).trimmed)
    }

    private static func text(_ store: NodeStore, _ start: UInt32, _ length: UInt32) -> String {
        String(decoding: UnsafeBufferPointer(start: store.bytes + Int(start), count: Int(min(length, 4096))), as: UTF8.self)
    }
}
