import Benchling
import BenchlingSandbox
import Foundation
import IngestCore
import Publishing

/// A destination and the ledger, opened for one command.
final class PublishingSession: Sendable {
    let tenant: Tenant
    let ledger: SQLiteLedger
    let configuration: IngestConfiguration
    private let sandbox: Sandbox?

    static let local = Receipt.local

    /// Opens a session for some work, and closes it whatever comes of that.
    /// - Throws: As ``open(_:_:)``, and what the work throws.
    static func with<Value: Sendable>(
        _ destination: OpenedDestination, _ terminal: Terminal, _ work: (PublishingSession) async throws -> Value
    ) async throws -> Value {
        let session = try await open(destination, terminal)
        do {
            let value = try await work(session)
            await session.close()
            return value
        } catch {
            await session.close()
            guard let failure = error as? BenchlingFailure else { throw error }
            throw DestinationFailure(destination, failure)
        }
    }

    /// - Throws: ``ConfigurationFaults`` (status 78), ``DestinationFailure``, ``Diagnostic``.
    static func open(_ destination: OpenedDestination, _ terminal: Terminal) async throws -> PublishingSession {
        let ledger = try SQLiteLedger(folder: destination.home)
        let (sandbox, address, credentials, wish) = try await destination.connection()
        let notice = WaitNotice(wish.destination, terminal)
        let client = BenchlingClient(
            address: address, credentials: credentials, pace: Pace(onWait: { notice.tell($0) }))
        do {
            let tenant = try await Tenant(wish, client: client)
            return PublishingSession(tenant, ledger, destination.configuration, sandbox)
        } catch {
            await sandbox?.stop()
            guard let failure = error as? BenchlingFailure else { throw error }
            throw DestinationFailure(destination, failure)
        }
    }

    private init(_ tenant: Tenant, _ ledger: SQLiteLedger, _ configuration: IngestConfiguration, _ sandbox: Sandbox?) {
        self.tenant = tenant
        self.ledger = ledger
        self.configuration = configuration
        self.sandbox = sandbox
    }

    func close() async { await sandbox?.stop() }

    /// Beside an ingest.yaml for another tenant, the one built in has a mapping of its own.
    private func isMeant(_ entry: PublishEntry) -> Bool {
        configuration.destinations.isEmpty
            || tenant.schemas.contains { $0.kind == .run && ($0.name == entry.run.schema || $0.id == entry.run.schema) }
    }

    var isLocal: Bool { sandbox != nil }

    /// How the results of an adapter are published there.
    func entry(forAdapter name: String) throws -> PublishEntry {
        if let entry = configuration.entry(forAdapter: name), !isLocal || isMeant(entry) { return entry }
        if isLocal, let entry = PublishEntry.builtIn(forAdapter: name) { return entry }
        throw ConfigurationFaults([
            Diagnostic(
                "configuration.unmapped", "nothing says how the results of \(name) are published to \(tenant.destination)",
                at: SourceLocation(file: configuration.path ?? "ingest.yaml"),
                hint: "add an entry \"- for: \(name)\" under publish; ingest init writes one from the schemas there; "
                    + "nothing was sent")
        ])
    }
}

/// Which destination a command means, before it is connected to.
struct OpenedDestination: Sendable {
    let configuration: IngestConfiguration
    /// `nil` is the built-in tenant.
    let destination: Destination?
    let home: String
    private let environment: [String: String]

    init(configuration: IngestConfiguration, destination: Destination?, home: String) {
        environment = ProcessInfo.processInfo.environment
        self.configuration = configuration
        self.destination = destination
        self.home = home
    }

    /// `nil` for `--to none`.
    /// - Throws: ``ConfigurationFaults``.
    init?(
        _ options: DestinationOptions, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        self.environment = environment
        home = SQLiteLedger.home(environment: environment)
        configuration = try IngestConfiguration.found(options.config, environment: environment)
        let names = configuration.destinations.map(\.name)
        let file = SourceLocation(file: configuration.path ?? "ingest.yaml")
        switch options.to ?? (names.isEmpty ? PublishingSession.local : names.count == 1 ? names[0] : nil) {
        case "none"?: return nil
        case PublishingSession.local?: destination = nil
        case let name?:
            guard let named = configuration.destination(name) else {
                let near = NearestName.of(name, among: names).map { "; did you mean \($0)?" } ?? ""
                throw ConfigurationFaults([
                    Diagnostic(
                        "configuration.unknown-destination", "there is no destination \"\(name)\"\(near)", at: file,
                        hint: names.isEmpty
                            ? "no ingest.yaml names one: ingest init writes it; --to local publishes to the tenant built in"
                            : "there are: \(names.joined(separator: ", ")), local, none")
                ])
            }
            destination = named
        case nil:
            throw ConfigurationFaults([
                Diagnostic(
                    "configuration.which-destination", "there are several destinations, and none was chosen", at: file,
                    hint: "say which with --to: \(names.joined(separator: ", ")), local, none")
            ])
        }
    }

    var name: String { destination?.name ?? PublishingSession.local }

    func connection() async throws -> (Sandbox?, TenantAddress, Credentials, Tenant.Wish) {
        guard let destination else {
            let sandbox = try LocalTenant.open(home: home)
            let address = try TenantAddress(try await sandbox.start())
            return (
                sandbox, address, .apiKey(sandbox.credentials.apiKey),
                Tenant.Wish(
                    destination: PublishingSession.local, identity: "local/" + sandbox.tenantID,
                    project: LocalTenant.project, registry: LocalTenant.registry, place: SourceLocation(file: "local"))
            )
        }
        let credentials: Credentials =
            switch try destination.credentials.resolve(environment: environment) {
            case .apiKey(let key): .apiKey(key)
            case .app(let id, let secret): .app(id: id, secret: secret)
            }
        let address = try TenantAddress(destination.url)
        return (
            nil, address, credentials,
            Tenant.Wish(
                destination: destination.name, identity: address.host, project: destination.project,
                registry: destination.registry, place: destination.place)
        )
    }
}

/// A destination that could not be asked, or would not do what all of it depends on.
struct DestinationFailure: Error {
    let destination: String
    let failure: BenchlingFailure
    private let place: SourceLocation

    init(_ destination: OpenedDestination, _ failure: BenchlingFailure) {
        self.destination = destination.name
        self.failure = failure
        place = destination.destination?.place ?? SourceLocation(file: destination.name)
    }

    /// 78 for credentials that are not accepted; 3 otherwise: the same command goes on from there.
    var status: Int32 { failure.kind == .unauthorized ? 78 : 3 }

    /// - Parameter file: The file it stopped; the destination's place in the configuration without one.
    func diagnostic(at file: SourceLocation? = nil) -> Diagnostic {
        FailureText.diagnostic(failure, destination: destination, at: file ?? place)
    }
}
