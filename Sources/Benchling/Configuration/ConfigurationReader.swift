import Glibc
import IngestCore

/// Turns the nodes of `ingest.yaml` into what they mean, and collects what is wrong.
struct ConfigurationReader {
    let text: ConfigurationText
    let faults: FaultList

    init(_ text: ConfigurationText) {
        self.text = text
        faults = FaultList(text)
    }

    mutating func read(_ root: YAMLNode?) -> (destinations: [Destination], publish: [PublishEntry]) {
        guard let root, !root.isEmpty else { return ([], []) }
        guard let members = Members(root, "the configuration", keys: ["destinations", "publish"], faults) else { return ([], []) }
        let destinations = members["destinations"].map(readDestinations) ?? []
        let publish = members["publish"].map(readPublish) ?? []
        return (destinations, publish)
    }

    // MARK: Destinations

    private func readDestinations(_ node: YAMLNode) -> [Destination] {
        if node.isEmpty { return [] }
        guard case .mapping(let members) = node.content else {
            wrongKind(node, "\"destinations\" is a mapping of names")
            return []
        }
        return members.compactMap { readDestination($0.key, $0.keyPlace, $0.value) }
    }

    private func readDestination(_ name: String, _ place: SourceLocation, _ node: YAMLNode) -> Destination? {
        if Destination.reserved.contains(name) {
            faults.add(
                "configuration.reserved-name", "\"\(name)\" is a destination of its own", at: place, length: name.count,
                hint: "\"local\" is the built-in tenant and \"none\" publishes nothing; choose another name")
        } else if name.isEmpty || !name.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) }) {
            faults.add(
                "configuration.odd-name", "\"\(name)\" cannot name a destination", at: place, length: name.count,
                hint: "letters, digits, - _ and . can stand in it")
        }
        let keys = ["url", "credentials", "project", "registry"]
        guard let members = Members(node, "the destination \"\(name)\"", keys: keys, faults) else { return nil }
        let url = members.text("url", place).flatMap(readAddress)
        let credentials = members.required("credentials", place).flatMap(readCredentials)
        let project = members.text("project", place)
        let registry = members["registry"].flatMap { text($0, "\"registry\"") }
        guard let url, let credentials, let project else { return nil }
        return Destination(
            name: name, url: url, credentials: credentials, project: project.text, registry: registry?.text, place: place)
    }

    private func readAddress(_ written: PlacedText) -> String? {
        do throws(TenantAddress.Fault) {
            return try TenantAddress(written.text).base
        } catch {
            faults.add(
                "configuration.wrong-address", error.description, at: written.place, length: written.text.count,
                hint: "write it as https://acme.benchling.com")
            return nil
        }
    }

    private func readCredentials(_ node: YAMLNode) -> CredentialSource? {
        let secrets = ["key": "key-from", "api-key": "key-from", "apiKey": "key-from"]
        guard let members = Members(node, "\"credentials\"", keys: ["key-from", "app"], secrets: secrets, faults) else {
            return nil
        }
        if let app = members["app"] {
            if members["key-from"] != nil {
                faults.add(
                    "configuration.two-credentials", "both a key and an app", at: app.place, hint: "leave one of them out")
                return nil
            }
            let secrets = ["id": "id-from", "secret": "secret-from", "client-id": "id-from", "client-secret": "secret-from"]
            guard let members = Members(app, "\"app\"", keys: ["id-from", "secret-from"], secrets: secrets, faults) else {
                return nil
            }
            let id = members.text("id-from", app.place).flatMap(readSecret)
            let secret = members.text("secret-from", app.place).flatMap(readSecret)
            guard let id, let secret else { return nil }
            return .app(id: id, secret: secret)
        }
        guard !members.hasFaults || members["key-from"] != nil else { return nil }
        return members.text("key-from", node.place).flatMap(readSecret).map(CredentialSource.key)
    }

    /// The name of a variable, or a path. What is neither may be the secret itself, and is not shown.
    private func readSecret(_ written: PlacedText) -> SecretSource? {
        let source = SecretSource(written.text, place: written.place)
        if case .environment(let name) = source.kind {
            // Keys of tenants have small letters in them, names of variables by custom none: what may be a key is not taken for
            // a name, which later messages would show, unless there is a variable of that name.
            let isName =
                name.first?.isNumber == false
                && name.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") }
            guard isName || getenv(name) != nil else {
                faults.addHidden(
                    "configuration.secret-in-file", "this is no name of an environment variable; it may be a secret",
                    at: written.place,
                    hint:
                        "secrets never stand here: name a variable, in capitals (BENCHLING_API_KEY), or a file with mode 600 (~/.benchling-key); if it was one, make a new one"
                )
                return nil
            }
        }
        return source
    }

    func text(_ node: YAMLNode, _ what: String) -> PlacedText? { PlacedText(node, what, faults) }

    func wrongKind(_ node: YAMLNode, _ wanted: String) {
        faults.add("configuration.wrong-kind", "\(wanted); found \(node.kind)", at: node.place)
    }
}
