/// The address of a tenant: `https://acme.benchling.com`, with or without `/api/v2` behind it.
public struct TenantAddress: Sendable, Hashable, CustomStringConvertible {
    /// Which tenant it is: the host in lower case, with the port where that is not the scheme's own.
    public let host: String
    /// Without a path and without a slash at the end.
    public let base: String

    /// Plain http is taken for this machine alone (`localhost`, `127.x.x.x`, `[::1]`): the credentials go with every call.
    /// - Throws: ``Fault``.
    public init(_ url: String) throws(Fault) {
        guard let separator = url.firstRange(of: "://") else {
            throw Fault("\"\(Self.shown(url))\" is not a URL; write https:// and the host, such as https://acme.benchling.com")
        }
        let scheme = url[..<separator.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else {
            throw Fault("\"\(Self.shown(scheme))\" addresses are not spoken here; write https://")
        }
        let rest = url[separator.upperBound...]
        let authority = rest.prefix { !"/?#\\".contains($0) }
        guard !authority.contains("@") else {
            throw Fault("the address names a user; credentials stand under `credentials`, never in the address")
        }
        let path = rest[authority.endIndex...]
        guard ["", "/", "/api/v2", "/api/v2/"].contains(path) else {
            throw Fault(
                "the address goes on behind the host (\"\(Self.shown(String(path)))\"); write \(scheme)://\(authority) alone")
        }
        // The URL loading system on Linux cannot open IPv6 literals; by its name, this machine is asked at ::1 first.
        let literal = "[::1]"
        let isLiteral = scheme == "http" && authority.hasPrefix(literal)
        let (name, port) = try Self.parts(
            of: isLiteral ? "localhost" + authority.dropFirst(literal.count) : authority.lowercased())
        guard scheme == "https" || Self.isThisMachine(name) else {
            throw Fault("plain http would show the credentials to the network between; write https://\(authority)")
        }
        host = port.map { $0 == (scheme == "https" ? 443 : 80) ? name : "\(name):\($0)" } ?? name
        base = "\(scheme)://\(host)"
    }

    public var description: String { base }
    public var isThisMachine: Bool { Self.isThisMachine(host.prefix { $0 != ":" }) }

    /// Why a text is not the address of a tenant: for people.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
        init(_ description: String) { self.description = description }
    }

    private static func parts(of authority: String) throws(Fault) -> (name: String, port: Int?) {
        guard !authority.hasPrefix("[") else {
            throw Fault("\"\(shown(authority))\" is an IPv6 literal, which is not supported; write a host name")
        }
        let pieces = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(pieces[0])
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46 }
        guard isPlain, !labels.contains(where: \.isEmpty), name.utf8.count <= 253 else {
            throw Fault("\"\(shown(name))\" is not a host name; a tenant's is like acme.benchling.com")
        }
        guard pieces.count == 2 else { return (name, nil) }
        guard pieces[1].utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(pieces[1]), (1...65535).contains(port) else {
            throw Fault("\"\(shown(String(pieces[1])))\" is not a port; ports go from 1 to 65535")
        }
        return (name, port)
    }

    /// An address may hold a password by mistake: no more of it than tells which one is meant, and never what is before an `@`.
    private static func shown(_ text: String) -> String {
        let end = text.lastIndex(of: "@").map { text[text.index(after: $0)...] } ?? text[...]
        return String(end.prefix { $0 != "?" }.prefix(60))
    }

    private static func isThisMachine(_ name: some StringProtocol) -> Bool {
        if name == "localhost" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
