public import IngestCore
import Publishing

/// A destination made ready to be published to: who it is, what it has, and where new things go.
public struct Tenant: Sendable {
    public let client: BenchlingClient
    /// Which tenant it is, whatever its destination is called: its host, or `local/<uuid>`.
    public let identity: String
    /// As named in `ingest.yaml`, or `local`.
    public let destination: String
    public let project: NamedThing
    public let registry: NamedThing?
    /// Run and result schemas, archived ones too.
    public let schemas: [AssaySchema]
    /// What was looked up already, for all files of a command.
    let samples = SampleCache()

    /// What a destination is said to be.
    public struct Wish: Sendable {
        public var destination: String, identity: String
        /// By name or id.
        public var project: String, registry: String?
        /// Where both are written, for faults.
        public var place: SourceLocation

        public init(
            destination: String, identity: String, project: String, registry: String?, place: SourceLocation
        ) {
            self.destination = destination
            self.identity = identity
            self.project = project
            self.registry = registry
            self.place = place
        }
    }

    /// Looks up the project, the registry and the schemas, all at once.
    /// - Throws: ``ConfigurationFaults`` with everything that is not there; ``BenchlingFailure``.
    public init(_ wish: Wish, client: BenchlingClient) async throws {
        async let projects = client.projects()
        async let registries = wish.registry == nil ? [] : client.registries()
        async let runSchemas = client.runSchemas()
        async let resultSchemas = client.resultSchemas()

        var faults: [Diagnostic] = []
        let project = Tenant.find("project", wish.project, among: try await projects, wish, &faults)
        var registry: NamedThing?
        if let wanted = wish.registry {
            registry = Tenant.find("registry", wanted, among: try await registries, wish, &faults)
        }
        guard let project, faults.isEmpty else { throw ConfigurationFaults(faults) }
        self.client = client
        identity = wish.identity
        destination = wish.destination
        self.project = project
        self.registry = registry
        schemas = try await runSchemas + resultSchemas
    }

    private static func find(
        _ what: String, _ wanted: String, among all: [NamedThing], _ wish: Wish, _ faults: inout [Diagnostic]
    ) -> NamedThing? {
        let live = all.filter { !$0.isArchived }
        if let byID = live.first(where: { $0.id == wanted }) { return byID }
        let named = live.filter { $0.name == wanted }
        if named.count == 1 { return named[0] }
        let known = live.prefix(12).map { "\"\($0.name)\"" }.joined(separator: ", ") + (live.count > 12 ? ", …" : "")
        let archived = all.contains { $0.isArchived && ($0.name == wanted || $0.id == wanted) }
        faults.append(
            named.isEmpty
                ? Diagnostic(
                    "benchling.unknown-\(what)",
                    "\(wish.destination) has no \(what) \"\(wanted)\"" + (archived ? ": it is archived" : ""),
                    at: wish.place,
                    hint: live.isEmpty
                        ? "these credentials see no \(what) at all: ask an administrator to let them; nothing was sent"
                        : "it has: \(known); nothing was sent")
                : Diagnostic(
                    "benchling.ambiguous-\(what)", "\(wish.destination) has \(named.count) \(what)s named \"\(wanted)\"",
                    at: wish.place,
                    hint: "give the id of one: \(named.map(\.id).joined(separator: ", ")); nothing was sent"))
        return nil
    }
}
