import IngestCore

/// A text and where it stands.
struct PlacedText {
    var text: String
    var place: SourceLocation

    /// - Returns: `nil`, and a fault, for anything but a text that is not empty.
    init?(_ node: YAMLNode, _ what: String, _ faults: FaultList) {
        guard case .scalar(let text) = node.content, !text.isEmpty else {
            faults.add("configuration.wrong-kind", "\(what) is a text; found \(node.kind)", at: node.place)
            return nil
        }
        self.text = text
        place = node.place
    }
}

/// The members of a mapping by their names, after a look for names that do not belong there.
struct Members {
    private let what: String
    private let values: [String: YAMLNode]
    private let faults: FaultList
    /// Whether some names do not belong there.
    private(set) var hasFaults = false

    /// - Parameter secrets: Names that would hold a secret, and the right one for each.
    init?(_ node: YAMLNode, _ what: String, keys: [String], secrets: [String: String] = [:], _ faults: FaultList) {
        guard case .mapping(let members) = node.content else {
            faults.add(
                "configuration.wrong-kind", "\(what) is a mapping with \(keys.joined(separator: ", ")); found \(node.kind)",
                at: node.place)
            return nil
        }
        for (key, place, _) in members where !keys.contains(key) {
            hasFaults = true
            if let right = secrets[key] {
                faults.addHidden(
                    "configuration.secret-in-file", "secrets never stand in this file", at: place,
                    hint:
                        "name an environment variable, or a file with mode 600, with \"\(right)\"; if this was a secret, make a new one"
                )
                continue
            }
            let near = NearestName.of(key, among: keys).map { "did you mean \"\($0)\"? " } ?? ""
            let hint = near + "it has: \(keys.joined(separator: ", "))"
            if secrets.isEmpty {
                faults.add(
                    "configuration.unknown-key", "\(what) has no \"\(key)\"", at: place, length: key.count, hint: hint)
            } else {
                // Whatever stands behind it may be one.
                faults.addHidden("configuration.unknown-key", "\(what) has no \"\(key)\"", at: place, hint: hint)
            }
        }
        self.what = what
        self.faults = faults
        values = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    subscript(key: String) -> YAMLNode? { values[key] }

    func required(_ key: String, _ place: SourceLocation) -> YAMLNode? {
        if let node = values[key], !node.isEmpty { return node }
        faults.add("configuration.missing-key", "\(what) needs \"\(key)\"", at: values[key]?.place ?? place)
        return nil
    }

    func text(_ key: String, _ place: SourceLocation) -> PlacedText? {
        required(key, place).flatMap { PlacedText($0, "\"\(key)\"", faults) }
    }
}
