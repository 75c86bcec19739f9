import FlyingFox
import FlyingSocks
import FoundationEssentials
import GRDB
import Synchronization

/// A Benchling-compatible tenant in one SQLite file, served over HTTP, with pages to look at.
///
/// Everything is in the file, also the credentials: what is begun in one process can be gone on with in another, and several
/// processes may serve the same file at once. What only an administrator changes (schemas, samples, projects) begins as the
/// walkthrough has it and is changed with ``put(_:_:)``.
public final class Sandbox: Sendable {
    public typealias Options = SandboxOptions

    /// What a client signs in with; made at random with the tenant, and kept in its file.
    public struct Credentials: Sendable, Hashable {
        /// Of a user.
        public let apiKey: String
        /// Of an app.
        public let clientID: String, clientSecret: String
        /// Of the seeded analysis: `<analysis id>:<JWT>` whose `aud` is `127.0.0.1`.
        public let analysisStepKey: String
    }

    /// A UUID in lower case.
    public let tenantID: String
    public let credentials: Credentials
    let store: SandboxStore
    private let responder: Responder
    private let running = Mutex<Running?>(nil)
    private let folder: TemporaryFolder?

    private struct Running {
        var server: HTTPServer
        var task: Task<Void, any Error>
    }

    /// Opens the tenant in a file, and makes it where there is none.
    public convenience init(path: String, options: Options = Options()) throws {
        try self.init(path: path, options: options, folder: nil)
    }

    /// A tenant that is gone with the last reference to it.
    public static func temporary(options: Options = Options()) throws -> Sandbox {
        let folder = try TemporaryFolder()
        return try Sandbox(path: folder.path + "/tenant.sqlite", options: options, folder: folder)
    }

    private init(path: String, options: Options, folder: TemporaryFolder?) throws {
        store = try SandboxStore(path: path, options: options)
        responder = Responder(store: store, options: options)
        tenantID = store.tenantID
        credentials = store.credentials
        self.folder = folder
    }

    /// Serves the tenant until ``stop()``.
    /// - Parameters:
    ///   - port: 0 for any that is free.
    ///   - host: An IPv4 address of this machine; only loopback ones keep the tenant to it.
    /// - Returns: `http://127.0.0.1:49152`, once it listens.
    /// - Throws: When the port is taken, or the tenant is served already.
    public func start(port: UInt16 = 0, host: String = "127.0.0.1") async throws -> String {
        let configuration = HTTPServer.Configuration(
            // An upload may take long; what is slow is ended by who waits for it.
            address: try .inet(ip4: host, port: port), timeout: 3600, sharedRequestBufferSize: 1 << 18,
            sharedRequestReplaySize: 0,
            pool: PromptPool(), logger: .disabled)
        let responder = responder
        let server = HTTPServer(config: configuration, handler: ClosureHTTPHandler { try await responder.respond($0) })
        // Whatever comes first: the server listens, or it ends before it does, such as for a port that is taken.
        let (outcomes, report) = AsyncStream<Result<Void, any Error>>.makeStream()
        let task = Task {
            do {
                try await server.run()
            } catch {
                report.yield(.failure(error))
                throw error
            }
        }
        Task {
            do {
                try await server.waitUntilListening(timeout: 10)
                report.yield(.success(()))
            } catch {
                report.yield(.failure(error))
            }
        }
        let isFirst = running.withLock { running in
            guard running == nil else { return false }
            running = Running(server: server, task: task)
            return true
        }
        guard isFirst else {
            task.cancel()
            throw StartFault.alreadyServed
        }
        do {
            for await outcome in outcomes {
                try outcome.get()
                break
            }
        } catch {
            running.withLock { $0 = nil }
            throw error
        }
        guard case .ip4(_, let chosen)? = await server.listeningAddress else { throw StartFault.notListening }
        let origin = "http://\(host):\(chosen)"
        responder.origin.withLock { $0 = origin }
        return origin
    }

    public enum StartFault: Error, Sendable { case alreadyServed, notListening }

    /// Ends the connections and the server; the tenant stays as it is and may be started again.
    public func stop() async {
        guard
            let ended = running.withLock({ running in
                defer { running = nil }
                return running
            })
        else { return }
        await ended.server.stop(timeout: 0)
        // A server that is stopped always ends with an error; nothing follows from it.
        _ = await ended.task.result
    }

    /// Puts other faults in the place of the planned ones, and counts their calls from now on.
    public func plan(_ faults: FaultPlan?) { responder.faults.replace(with: faults) }

    /// One call of the API or of a signed address.
    public struct Request: Sendable, Hashable {
        /// From 1 on, in the order they arrived.
        public var ordinal: Int
        /// `POST /blobs/{blob_id}/parts`, as in a ``FaultPlan/Rule``.
        public var call: String
        /// `nil` where a fault came before.
        public var status: Int?
    }

    /// The calls since the start or ``forgetRequests()``: the last hundred thousand.
    public var requests: [Request] { responder.log.entries }

    /// Counts requests from 1 again.
    public func forgetRequests() { responder.log.clear() }

    /// Every operation that is answered, as ``Request/call`` has it.
    public static let operations: [String] = Responder.routes.map { $0.method + " " + $0.base + $0.template }
}
