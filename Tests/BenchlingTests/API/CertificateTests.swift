import Benchling
import Foundation
import Testing

/// Certificates that do not fit, shown by a server of OpenSSL's: without its command line program these tests are skipped.
@Suite(.enabled(if: OpenSSLServer.isAvailable, "there is no openssl command here"), .timeLimit(.minutes(1)), .serialized)
struct CertificateTests {
    @Test(arguments: [
        ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"],
        ["-subj", "/CN=other.example", "-addext", "subjectAltName=DNS:other.example", "-days", "2"],
    ])
    func `a certificate that nobody vouches for, of this or of another host, gets no byte of a request`(
        certificate: [String]
    ) async throws {
        let server = try OpenSSLServer(certificate: certificate)
        let address = "https://127.0.0.1:\(server.port)/api/v2/token", headers = [(name: "Authorization", value: "Basic secret")]
        do {
            let body = HTTPRequest.Body.data(Data("secret body".utf8))
            let answer = try await URLSessionTransport().send(HTTPRequest("POST", address, headers: headers, body: body))
            Issue.record("it was answered with \(answer.status)")
        } catch TransportFault.notSent(let message) {
            #expect(message.contains("certificate"))
        }
        await #expect(throws: TransportFault.self) {
            try await URLSessionTransport().send(HTTPRequest("GET", address, headers: headers))
        }
        let received = try server.stop()
        #expect(!received.contains("secret") && !received.contains("/api/v2"))
    }

    @Test func `a server that does not speak TLS gets no byte of a request`() async throws {
        let server = try LoopbackServer { connection, _ in connection.answer(400) }
        let request = HTTPRequest("POST", "https://127.0.0.1:\(server.port)/", body: .data(Data("{}".utf8)))
        do {
            let answer = try await URLSessionTransport().send(request)
            Issue.record("it was answered with \(answer.status)")
        } catch TransportFault.notSent {}
    }
}

/// `openssl s_server` with a certificate of its own making.
final class OpenSSLServer {
    private(set) var port = 0
    private let process = Process()
    private let folder: URL

    static var isAvailable: Bool { program != nil }

    private static var program: String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/openssl" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    init(certificate: [String]) throws {
        let program = URL(fileURLWithPath: try #require(Self.program))
        folder = URL(fileURLWithPath: NSTemporaryDirectory() + "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let files = ["-keyout", folder.path + "/key.pem", "-out", folder.path + "/certificate.pem"]
        let making = Process()
        making.executableURL = program
        making.arguments = ["req", "-x509", "-newkey", "rsa:2048", "-nodes"] + files + certificate
        making.standardError = FileHandle.nullDevice
        try making.run()
        making.waitUntilExit()
        try #require(making.terminationStatus == 0)

        process.executableURL = program
        process.arguments = [
            "s_server", "-accept", "127.0.0.1:0", "-key", folder.path + "/key.pem", "-cert", folder.path + "/certificate.pem",
        ]
        // A file, not a pipe: a pipe stays open for as long as any other program that was started meanwhile.
        let output = folder.appendingPathComponent("output")
        try Data().write(to: output)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        // It ends with its input, which this one never does.
        process.standardInput = Pipe()
        try process.run()
        var found: Int?
        let end = ContinuousClock.now + .seconds(20)
        while found == nil {
            try #require(process.isRunning && ContinuousClock.now < end, "the server did not start")
            usleep(10_000)
            found = try Self.text(output).firstMatch(of: /ACCEPT 127\.0\.0\.1:(\d+)\s/).flatMap { Int($0.1) }
        }
        port = found!
    }

    private static func text(_ file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }

    /// - Returns: All it received.
    func stop() throws -> String {
        // The signal that asks for an end is blocked in programs that a test starts.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return try Self.text(folder.appendingPathComponent("output"))
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)  // Left-overs in the temporary folder change no outcome.
    }
}
