public import IngestCore

/// Everything that is wrong with a configuration, each with its line and column: nothing was read or sent.
public struct ConfigurationFaults: Error, Sendable, Hashable {
    /// One or more, in the order of their lines.
    public let diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

/// Collects faults, so that all are told at once.
final class FaultList {
    private(set) var diagnostics: [Diagnostic] = []
    private let text: ConfigurationText

    init(_ text: ConfigurationText) { self.text = text }

    func add(_ code: String, _ message: String, at location: SourceLocation, length: Int = 1, hint: String? = nil) {
        diagnostics.append(
            Diagnostic(code, message, at: location, hint: hint, excerpt: text.excerpt(at: location, length: length)))
    }

    /// Without the line, which may show a secret.
    func addHidden(_ code: String, _ message: String, at location: SourceLocation, hint: String) {
        diagnostics.append(Diagnostic(code, message, at: location, hint: hint))
    }

    /// - Throws: What was collected, if anything was.
    func check() throws(ConfigurationFaults) {
        guard !diagnostics.isEmpty else { return }
        func place(_ diagnostic: Diagnostic) -> (Int, Int) { (diagnostic.location.line ?? 0, diagnostic.location.column ?? 0) }
        throw ConfigurationFaults(diagnostics.sorted { place($0) < place($1) })
    }
}

/// The lines of a configuration, to show the one with the fault.
struct ConfigurationText: Sendable, Hashable {
    /// The path as it was given or found.
    let file: String
    private let lines: [String]

    init(file: String, text: String) {
        self.file = file
        // A line end of two characters is one in Swift, and libyaml counts it as one too.
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }

    /// - Parameter line: From 1.
    func line(_ line: Int) -> String { lines.indices.contains(line - 1) ? lines[line - 1] : "" }

    /// - Parameter length: In characters, to be underlined.
    func excerpt(at location: SourceLocation, length: Int) -> Diagnostic.Excerpt? {
        guard let number = location.line, let column = location.column, lines.indices.contains(number - 1) else { return nil }
        // A secret that should not stand there is not shown on top of it.
        let shown = line(number).lowercased()
        guard !["key:", "secret:", "password:", "token:", "credentials:", "@"].contains(where: shown.contains) else { return nil }
        let characters = Array(line(number))
        let first = max(0, min(column - 1 - 100, characters.count - 200))
        let part = characters.dropFirst(first).prefix(200)
        let start = min(column - 1 - first, part.count)
        guard start >= 0 else { return nil }
        return Diagnostic.Excerpt(text: String(part), start: start, length: max(1, min(length, part.count - start)))
    }
}
