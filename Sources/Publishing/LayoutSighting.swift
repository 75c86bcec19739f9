public import IngestCore

/// How a file of an instrument was laid out.
public struct LayoutSighting: Sendable, Hashable, Codable {
    /// Which instrument: the same text for all files of it.
    public var instrument: String
    /// The instrument for people.
    public var name: String
    public var layout: Layout
    /// The file it was seen in last, and when: RFC 3339, UTC.
    public var file: String, sha256: String, at: String

    public init(instrument: String, name: String, layout: Layout, file: String, sha256: String, at: String) {
        self.instrument = instrument
        self.name = name
        self.layout = layout
        self.file = file
        self.sha256 = sha256
        self.at = at
    }

    /// `run7.txt of 2026-03-01`
    var words: String { "\(file) of \(at.prefix(10))" }
}

/// What is new in the layout of a file, against what is remembered of its instrument.
public struct LayoutFinding: Sendable, Hashable {
    /// Of the file at hand.
    public let sighting: LayoutSighting
    /// Since the last file of the instrument that is of the same kind.
    public let changes: [LayoutChange]
    /// That file.
    public let earlier: LayoutSighting?
    /// The last file before it that was laid out like the one at hand: what has changed was agreed to then.
    public let before: LayoutSighting?
    /// The layout is not among those that are remembered.
    public let isNew: Bool
    /// Nothing is remembered of the instrument.
    public let isFirst: Bool
    private let isFirstOfKind: Bool

    /// - Parameters:
    ///   - known: What is remembered of the instrument, the last seen first.
    ///   - isStated: The file names its instrument. Files of one format alone may come from several, so that one of another
    ///     kind is no news.
    ///   - isPublished: Whether a value would be published, if it were there.
    public init(
        _ sighting: LayoutSighting, known: [LayoutSighting], isStated: Bool, isPublished: (Layout.Value) -> Bool
    ) {
        let layout = sighting.layout
        let alike = known.filter { layout.isLike($0.layout) }
        self.sighting = sighting
        earlier = alike.first
        changes = earlier.map { layout.changes(since: $0.layout, isPublished: isPublished) } ?? []
        before = changes.isEmpty ? nil : alike.dropFirst().first { layout.changes(since: $0.layout).isEmpty }
        isNew = earlier == nil || !changes.isEmpty && before == nil
        isFirst = known.isEmpty
        isFirstOfKind = isStated && earlier == nil && !known.isEmpty
    }

    /// What a person has to agree to before numbers that may mean something else are published; `nil` for nothing.
    public var question: String? {
        let altering = changes.filter(\.canAlterNumbers).map(\.text)
        guard let earlier, before == nil, !altering.isEmpty else { return nil }
        return "the layout has changed since \(earlier.words), the last of \(sighting.name): "
            + LayoutFinding.list(altering, most: 6)
    }

    /// All changes in one line; `nil` without any.
    public var text: String? { changes.isEmpty ? nil : LayoutFinding.list(changes.map(\.text), most: 12) }

    /// Warnings at the headings, as far as their place is known.
    public var diagnostics: [Diagnostic] {
        if isFirstOfKind {
            return [
                Diagnostic(
                    .warning, "layout.new", "no file of \(sighting.name) was laid out like this before",
                    at: SourceLocation(file: sighting.file),
                    hint: "there is nothing to compare it with; look whether names and units are what you expect")
            ]
        }
        guard let earlier else { return [] }
        var hint: String? =
            before.map { "the last file, \(earlier.words), was laid out otherwise; \($0.words) was like this one" }
            ?? "compared with \(earlier.words), the last of \(sighting.name)"
        var told = changes.prefix(LayoutFinding.mostTold).map { change in
            defer { hint = nil }
            return Diagnostic(
                .warning, "layout.changed", change.text,
                at: SourceLocation(
                    file: sighting.file, member: change.member, line: change.line, column: change.column, field: change.field),
                hint: hint)
        }
        if changes.count > told.count {
            told.append(
                Diagnostic(
                    .warning, "layout.changed", "and \(changes.count - told.count) more changes of the layout",
                    at: SourceLocation(file: sighting.file)))
        }
        return told
    }

    private static let mostTold = 12

    private static func list(_ texts: [String], most: Int) -> String {
        texts.prefix(most).joined(separator: "; ") + (texts.count > most ? "; and \(texts.count - most) more" : "")
    }
}
