import IngestCore

/// A part of a YAML document and where it stands. Scalars are texts: `no` and `1e3` stay what was written.
struct YAMLNode {
    enum Content {
        case scalar(String)
        case sequence([YAMLNode])
        /// In the order written.
        case mapping([(key: String, keyPlace: SourceLocation, value: YAMLNode)])
    }

    let content: Content
    let place: SourceLocation
    /// Whether it stands in quotes; `no` without is still a text, but an empty one is none.
    let isQuoted: Bool

    /// What stands here, for people.
    var kind: String {
        switch content {
        case .scalar(let text): text.isEmpty && !isQuoted ? "nothing" : "a text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// Nothing at all: `key:` with nothing behind it.
    var isEmpty: Bool { if case .scalar(let text) = content { text.isEmpty && !isQuoted } else { false } }
}
