public import IngestCore

/// A tenant to publish to, as `ingest.yaml` names it.
public struct Destination: Sendable, Hashable {
    /// Letters, digits, `-`, `_` and `.`; never `local` or `none`.
    public let name: String
    /// `https://acme.benchling.com`: scheme and host in lower case, no path. Plain `http` only for loopback addresses.
    public let url: String
    public let credentials: CredentialSource
    /// By name or id.
    public let project: String
    /// By name or id; without one samples are not looked up.
    public let registry: String?
    /// Where it stands in the configuration.
    public let place: SourceLocation

    public init(
        name: String, url: String, credentials: CredentialSource, project: String, registry: String? = nil,
        place: SourceLocation
    ) {
        self.name = name
        self.url = url
        self.credentials = credentials
        self.project = project
        self.registry = registry
        self.place = place
    }

    /// Names that stand for something else.
    static let reserved: Set<String> = ["local", "none"]
}

/// The address of a tenant taken apart.
struct TenantAddress {
    let text: String

    /// - Throws: ``Fault`` in words.
    init(_ written: String) throws(Fault) {
        guard let scheme = ["https://", "http://"].first(where: { written.lowercased().hasPrefix($0) }) else {
            throw Fault("\"\(written)\" does not begin with https://", "write it as https://acme.benchling.com")
        }
        var rest = written.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.contains("@") else {
            throw Fault("a user name or a secret stands in the address", "only the host belongs here: https://acme.benchling.com")
        }
        guard !rest.contains(where: { "/?#".contains($0) }) else {
            throw Fault("\"\(written)\" names more than a host", "leave out what follows the host: https://acme.benchling.com")
        }
        let (host, port) = TenantAddress.split(rest)
        guard !host.isEmpty, host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || ".-:[]".contains($0)) }),
            port.map({ (1...65535).contains(Int($0) ?? 0) }) ?? true
        else {
            throw Fault("\"\(written)\" names no host", "write it as https://acme.benchling.com")
        }
        guard scheme == "https://" || TenantAddress.isLoopback(host.lowercased()) else {
            throw Fault(
                "\"\(written)\" is not encrypted", "plain http is for 127.0.0.1, [::1] and localhost; write https://\(rest)")
        }
        text = scheme + rest.lowercased()
    }

    /// What is wrong, and what to do.
    struct Fault: Error {
        let message: String, hint: String
        init(_ message: String, _ hint: String) {
            self.message = message
            self.hint = hint
        }
    }

    private static func split(_ authority: Substring) -> (host: Substring, port: Substring?) {
        if authority.hasPrefix("["), let close = authority.firstIndex(of: "]") {
            let behind = authority[authority.index(after: close)...]
            return (authority[...close], behind.isEmpty ? nil : behind.dropFirst())
        }
        guard let colon = authority.firstIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
