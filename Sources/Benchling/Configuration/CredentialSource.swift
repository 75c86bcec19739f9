import Glibc
public import IngestCore

/// Where the credentials of a destination are kept; never the credentials.
public enum CredentialSource: Sendable, Hashable {
    /// `{key-from: BENCHLING_API_KEY}`
    case key(SecretSource)
    /// `{app: {id-from: BENCHLING_CLIENT_ID, secret-from: BENCHLING_CLIENT_SECRET}}`
    case app(id: SecretSource, secret: SecretSource)

    /// Gets them.
    /// - Throws: ``ConfigurationFaults`` with every secret that is missing, empty or open to others; never its value.
    public func resolve(environment: [String: String]) throws(ConfigurationFaults) -> ResolvedCredentials {
        var faults: [Diagnostic] = []
        func value(_ source: SecretSource) -> String {
            do {
                return try source.value(environment)
            } catch {
                faults.append(error)
                return ""
            }
        }
        let resolved: ResolvedCredentials
        switch self {
        case .key(let source): resolved = .apiKey(value(source))
        case .app(let id, let secret): resolved = .app(id: value(id), secret: value(secret))
        }
        guard faults.isEmpty else { throw ConfigurationFaults(faults) }
        return resolved
    }
}

/// What a tenant is shown. Printing one tells its kind alone.
public enum ResolvedCredentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    case apiKey(String)
    case app(id: String, secret: String)

    public var description: String {
        switch self {
        case .apiKey: "a user key"
        case .app: "the credentials of an app"
        }
    }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// An environment variable, or a file that only its owner can read, with one secret in it.
public struct SecretSource: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case environment(String)
        /// As written; `~/` is the home directory, and a relative path begins at the configuration's folder.
        case file(String)
    }

    public let kind: Kind
    /// Where it is named.
    public let place: SourceLocation

    /// A text that contains `/` or begins with `~` or `.` is a file, any other a variable.
    public init(_ written: String, place: SourceLocation) {
        kind = written.contains("/") || written.hasPrefix("~") || written.hasPrefix(".") ? .file(written) : .environment(written)
        self.place = place
    }

    public init(_ kind: Kind, place: SourceLocation) {
        self.kind = kind
        self.place = place
    }

    /// Gets the secret.
    /// - Throws: ``ConfigurationFaults`` when it is missing, empty or open to others; never its value.
    public func resolve(environment: [String: String]) throws(ConfigurationFaults) -> String {
        do {
            return try value(environment)
        } catch { throw ConfigurationFaults([error]) }
    }

    func value(_ environment: [String: String]) throws(Diagnostic) -> String {
        let value: String
        switch kind {
        case .environment(let name):
            guard let found = environment[name] else {
                throw fault(
                    "configuration.no-secret", "the environment variable \(name) is not set",
                    "set it, or name a file with mode 600")
            }
            value = found
        case .file(let written): value = try content(of: path(written, environment))
        }
        let trimmed = value.last?.isNewline == true ? String(value.dropLast()) : value
        guard !trimmed.isEmpty else {
            throw fault("configuration.no-secret", "\(name) is empty", "put the secret there")
        }
        guard trimmed.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
            throw fault(
                "configuration.no-secret", "\(name) has blanks or line ends in it, which no secret has",
                "it holds the secret alone, on one line")
        }
        return trimmed
    }

    private var name: String {
        switch kind {
        case .environment(let name): "the environment variable \(name)"
        // Nothing else that contains a slash is sure to be a path: it may be a secret put there by mistake.
        case .file(let path): "/~.".contains(path.first ?? " ") ? "the file \(path)" : "the file named here"
        }
    }

    private func path(_ written: String, _ environment: [String: String]) -> String {
        if written == "~" || written.hasPrefix("~/"), let home = environment["HOME"] { return home + written.dropFirst() }
        if written.hasPrefix("/") { return written }
        guard let slash = place.file.lastIndex(of: "/") else { return written }
        return place.file[...slash] + written
    }

    private func content(of path: String) throws(Diagnostic) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw fault(
                "configuration.no-secret", "\(name) cannot be read: \(String(cString: strerror(errno)))",
                "make it, with the secret alone in it and mode 600")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw fault("configuration.no-secret", "\(name) is no regular file", "name a file with the secret in it")
        }
        guard status.st_uid == geteuid() else {
            throw fault("configuration.open-secret", "\(name) belongs to someone else", "make one of your own, with mode 600")
        }
        guard status.st_mode & 0o177 == 0 else {
            throw fault(
                "configuration.open-secret",
                "\(name) has mode \(String(status.st_mode & 0o7777, radix: 8)): others can read or change it",
                "chmod 600 it; if others have seen it, make a new secret")
        }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0, count < bytes.count else {
            throw fault(
                "configuration.no-secret", "\(name) cannot be read, or is longer than 64 KiB", "it holds the secret alone")
        }
        guard let text = String(validating: bytes.prefix(count), as: UTF8.self) else {
            throw fault("configuration.no-secret", "\(name) is not UTF-8", "it holds the secret alone")
        }
        return text
    }

    private func fault(_ code: String, _ message: String, _ hint: String) -> Diagnostic {
        Diagnostic(code, message, at: place, hint: hint)
    }
}
