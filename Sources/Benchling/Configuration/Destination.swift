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
