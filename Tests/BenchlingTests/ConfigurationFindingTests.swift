import Benchling
import Foundation
import IngestCore
import IngestTesting
import Testing

@Suite final class ConfigurationFindingTests {
    private let root: URL

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "ingest-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root.appending(path: "a/b/c"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(at: root.appending(path: "xdg/ingest"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(at: root.appending(path: ".config/ingest"), withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: root) }  // What is left in the temporary folder does no harm.

    private func put(_ path: String) throws { try Data("publish: []\n".utf8).write(to: root.appending(path: path)) }

    private func found(_ environment: [String: String] = [:], path: String? = nil) throws -> String? {
        let directory = root.appending(path: "a/b/c").path()
        let found = try IngestConfiguration.load(path: path, directory: directory, environment: environment).path
        return found.map { $0.replacingOccurrences(of: root.path(), with: "") }
    }

    @Test func `the nearest configuration counts, then the user's, then none`() throws {
        let environment = ["XDG_CONFIG_HOME": root.appending(path: "xdg").path(), "HOME": root.path()]
        #expect(try found(environment) == nil)
        try put(".config/ingest/ingest.yaml")
        #expect(try found(["HOME": root.path(), "XDG_CONFIG_HOME": ""]) == "/.config/ingest/ingest.yaml")
        try put("xdg/ingest/ingest.yaml")
        #expect(try found(environment) == "/xdg/ingest/ingest.yaml")
        try put("a/ingest.yaml")
        #expect(try found(environment) == "/a/ingest.yaml")
        try put("a/b/c/ingest.yaml")
        #expect(try found(environment) == "/a/b/c/ingest.yaml")
        #expect(try found(environment, path: root.appending(path: "a/ingest.yaml").path()) == "/a/ingest.yaml")
    }

    @Test(
        arguments: [
            (Array("\u{FEFF}publish: []".utf8), nil), ([0x61, 0xFF], "configuration.not-utf8"),
            (Array(repeating: 0x20, count: (1 << 20) + 1), "configuration.too-large"),
        ] as [([UInt8], String?)])
    func `a file is UTF-8 of at most 1 MiB`(bytes: [UInt8], code: String?) throws {
        let file = try TemporaryText(bytes: bytes, name: "ingest.yaml")
        func load() throws -> IngestConfiguration { try .load(path: file.path, directory: "/", environment: [:]) }
        guard let code else {
            #expect(try load().publish.isEmpty)
            return
        }
        let fault = #expect(throws: ConfigurationFaults.self) { try load() }
        #expect(fault?.diagnostics.map(\.code) == [code])
    }

    @Test(arguments: ["/nonexistent/ingest.yaml", "/tmp"])
    func `a file that is named and cannot be read is a fault`(path: String) {
        let fault = #expect(throws: ConfigurationFaults.self) {
            try IngestConfiguration.load(path: path, directory: "/", environment: [:])
        }
        #expect(fault?.diagnostics.map(\.code) == ["configuration.unreadable"])
    }
}

@Suite struct ConfigurationSecretTests {
    private let place = SourceLocation(file: "/etc/none/ingest.yaml", line: 4, column: 2)

    private func resolve(_ source: String, _ environment: [String: String] = [:]) throws -> String {
        guard
            case .apiKey(let key) = try CredentialSource.key(SecretSource(source, place: place)).resolve(environment: environment)
        else { return "" }
        return key
    }

    @Test func `a secret comes from its variable or its file`() throws {
        #expect(try resolve("KEY", ["KEY": "sk_1"]) == "sk_1")
        let file = try TemporaryText("sk_2\n", name: "key")
        #expect(chmod(file.path, 0o600) == 0)
        #expect(try resolve(file.path) == "sk_2")
        let folder = String(file.path.dropLast("/key".count))
        #expect(try resolve("~/key", ["HOME": folder]) == "sk_2")
        let near = SecretSource("./key", place: SourceLocation(file: folder + "/ingest.yaml", line: 1))
        guard case .apiKey("sk_2") = try CredentialSource.key(near).resolve(environment: [:]) else {
            Issue.record("a relative path begins at the folder of the configuration")
            return
        }
    }

    @Test(arguments: [
        (0o644, "sk_3\n", "configuration.open-secret"), (0o660, "sk_3", "configuration.open-secret"),
        (0o700, "sk_3", "configuration.open-secret"),
        (0o600, "", "configuration.no-secret"), (0o600, "\n", "configuration.no-secret"),
        (0o600, "sk_3\nsk_4\n", "configuration.no-secret"),
        (0o400, "sk_3", nil),
    ])
    func `a secret that others can read, or that is none, is refused without being shown`(
        mode: Int, content: String, code: String?
    ) throws {
        let file = try TemporaryText(content, name: "key")
        #expect(chmod(file.path, mode_t(mode)) == 0)
        guard let code else {
            #expect(try resolve(file.path) == "sk_3")
            return
        }
        let fault = #expect(throws: ConfigurationFaults.self) { try resolve(file.path) }
        #expect(fault?.diagnostics.map(\.code) == [code])
        #expect(fault?.diagnostics.first?.location == place)
        #expect(!String(describing: fault).contains("sk_3"))
    }

    @Test func `both faults of an app are told`() {
        let source = CredentialSource.app(
            id: SecretSource("ID", place: place), secret: SecretSource("/nonexistent", place: place))
        let fault = #expect(throws: ConfigurationFaults.self) { try source.resolve(environment: ["ID": ""]) }
        #expect(fault?.diagnostics.count == 2)
    }

    @Test func `credentials do not print what they hold`() {
        for credentials in [ResolvedCredentials.apiKey("sk_5"), .app(id: "sk_5", secret: "sk_5")] {
            var dumped = ""
            dump(credentials, to: &dumped)
            for text in ["\(credentials)", String(reflecting: credentials), dumped, "\([credentials])"] {
                #expect(!text.contains("sk_5"))
            }
        }
    }
}
