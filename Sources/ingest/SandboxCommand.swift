import ArgumentParser
import BenchlingSandbox
@preconcurrency import Dispatch
import Foundation
import Glibc
import IngestCore
import Publishing

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "Serves the local tenant over HTTP, with pages to look at.",
        discussion: """
            Prints one JSON line when it listens: its address and the credentials.
            What was published with --to local is there. It stops on Ctrl-C and
            SIGTERM. Only this computer reaches it unless --host says otherwise.
            """)

    @Option(help: "The port; 0 for any that is free.")
    var port: UInt16 = 0

    @Option(help: ArgumentHelp("An IPv4 address of this computer to listen at.", valueName: "address"))
    var host = "127.0.0.1"

    @OptionGroup var telling: TellingOptions

    func run() async throws {
        let terminal = Terminal(telling)
        let command = self
        let status = try await PublishingFailure.told(terminal) {
            let home = SQLiteLedger.home(environment: ProcessInfo.processInfo.environment)
            let stop = StopSignals()
            let sandbox = try LocalTenant.open(home: home)
            let url: String
            do {
                url = try await sandbox.start(port: command.port, host: command.host)
            } catch {
                throw Diagnostic(
                    "sandbox.cannot-listen", "it cannot listen at \(command.host), port \(command.port): \(error)",
                    at: SourceLocation(file: "sandbox"), hint: "choose another port with --port, or none for any that is free")
            }
            let credentials = sandbox.credentials
            let line = LineBuffer(capacity: 512)
            let members: [(key: StaticString, value: String)] = [
                ("{\"url\":", url), (",\"apiKey\":", credentials.apiKey), (",\"clientId\":", credentials.clientID),
                (",\"clientSecret\":", credentials.clientSecret), (",\"analysisStepKey\":", credentials.analysisStepKey),
            ]
            for (key, value) in members {
                line.raw(key)
                line.string(value)
            }
            line.raw("}\n")
            Terminal.give(String(decoding: line.bytes, as: UTF8.self))
            if !terminal.quiet { terminal.tell("look at it at \(url)/ · Ctrl-C ends it") }
            await stop.wait()
            await sandbox.stop()
            return 0
        }
        throw ExitCode(status)
    }
}

/// The tenant built in.
enum LocalTenant {
    /// As the tenant is made with.
    static let project = "Analytical Development", registry = "Sandbox Registry"

    static func open(home: String) throws -> Sandbox {
        do {
            // The folder of the ledger is made with its permissions.
            _ = try SQLiteLedger(folder: home)
            let path = home + "/sandbox.sqlite"
            // It holds the credentials of the tenant: nobody else is to read it, wherever it is copied.
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            if descriptor >= 0 {
                fchmod(descriptor, 0o600)
                close(descriptor)
            }
            return try Sandbox(path: path)
        } catch let fault as Diagnostic {
            throw fault
        } catch {
            throw Diagnostic(
                "sandbox.unusable", "the local tenant cannot be opened: \(error)",
                at: SourceLocation(file: home + "/sandbox.sqlite"),
                hint: "if the file is damaged, move it away: a new one is made, and what was published to it is not in it")
        }
    }
}

/// The first SIGINT or SIGTERM.
final class StopSignals: Sendable {
    private let stream: AsyncStream<Void>
    // Only kept alive.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        self.stream = stream
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
    }

    func wait() async {
        for await _ in stream { return }
    }
}
