/// Something a person has to know about a file: where, what was found, what was expected, and what to do.
public struct Diagnostic: Error, Sendable, Hashable {
    public enum Severity: String, Sendable, Hashable, Comparable {
        /// Something was left out, or the file cannot be trusted.
        case error
        /// Read, but look at it.
        case warning
        /// Worth knowing.
        case note

        private var rank: Int { self == .error ? 2 : self == .warning ? 1 : 0 }
        public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
    }

    public var severity: Severity
    /// Stable and dotted, for scripts and tests: `table.not-a-number`.
    public var code: String
    /// One sentence for people; quotes what was found, of a very long text the beginning and the end. May change between
    /// versions.
    public var message: String
    public var location: SourceLocation
    /// What to do about it.
    public var hint: String?
    /// The text of the line with the fault, at most 200 characters around it; shown, never written to records.
    public var excerpt: Excerpt?

    public init(
        _ severity: Severity, _ code: String, _ message: String, at location: SourceLocation,
        hint: String? = nil, excerpt: Excerpt? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = Diagnostic.shortened(message)
        self.location = location
        self.hint = hint.map(Diagnostic.shortened)
        self.excerpt = excerpt
    }

    /// An error.
    public init(
        _ code: String, _ message: String, at location: SourceLocation, hint: String? = nil, excerpt: Excerpt? = nil
    ) {
        self.init(.error, code, message, at: location, hint: hint, excerpt: excerpt)
    }

    /// A damaged file may have a cell of many megabytes, which a sentence quotes: it is shown by its beginning and its end.
    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > mostBytes else { return text }
        return "\(text.prefix(300)) … \(text.suffix(300))"
    }

    /// Sentences of more bytes are shortened.
    private static let mostBytes = 2000

    /// The offending text in its line.
    public struct Excerpt: Sendable, Hashable {
        /// The line or a part of it.
        public var text: String
        /// From 0, in characters of `text`, and how many characters to underline.
        public var start: Int, length: Int

        public init(text: String, start: Int, length: Int) {
            self.text = text
            self.start = start
            self.length = length
        }
    }
}

/// A fault that stops the whole file even where single results may be left out.
public struct FileFault: Error, Sendable {
    public let diagnostic: Diagnostic
    public init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}
