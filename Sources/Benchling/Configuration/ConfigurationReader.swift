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
            let isName =
                name.first?.isNumber == false && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            // Keys and secrets of Benchling begin like this.
            let isSecret = name.hasPrefix("sk_") || name.hasPrefix("cs_")
            guard isName, !isSecret else {
                faults.addHidden(
                    "configuration.secret-in-file", "this is no name of an environment variable; it may be a secret",
                    at: written.place,
                    hint:
                        "secrets never stand here: name a variable (BENCHLING_API_KEY) or a file with mode 600 (~/.benchling-key); if it was one, make a new one"
                )
                return nil
            }
        }
        return source
    }

    // MARK: Mappings

    private func readPublish(_ node: YAMLNode) -> [PublishEntry] {
        if node.isEmpty { return [] }
        guard case .sequence(let nodes) = node.content else {
            wrongKind(node, "\"publish\" is a list of entries, each beginning with \"- for:\"")
            return []
        }
        var seen: [String: SourceLocation] = [:]
        var entries: [PublishEntry] = []
        for node in nodes {
            let keys = ["for", "accept-unknown", "run", "results"]
            guard let members = Members(node, "an entry of \"publish\"", keys: keys, faults) else { continue }
            let adapter = members.text("for", node.place)
            if let adapter {
                if let before = seen.updateValue(adapter.place, forKey: adapter.text) {
                    faults.add(
                        "configuration.repeated-entry", "\"\(adapter.text)\" is mapped in line \(before.line ?? 0) too",
                        at: adapter.place, length: adapter.text.count, hint: "put both into one entry")
                }
            }
            let accepts = members["accept-unknown"].map(readTruth) ?? false
            let run = members.required("run", node.place).flatMap { readForm($0, "\"run\"", of: .run) }
            let results = members.required("results", node.place).map(readResults)
            guard let adapter, let run, let results else { continue }
            entries.append(
                PublishEntry(
                    adapter: adapter.text, acceptsUnknown: accepts, run: run, results: results, place: node.place, text: text))
        }
        return entries
    }

    private func readTruth(_ node: YAMLNode) -> Bool {
        if case .scalar(let text) = node.content, !node.isQuoted, text == "true" || text == "false" { return text == "true" }
        wrongKind(node, "this is true or false")
        return false
    }

    private func readResults(_ node: YAMLNode) -> [ResultMapping] {
        guard case .sequence(let nodes) = node.content, !nodes.isEmpty else {
            wrongKind(node, "\"results\" is a list, each part beginning with \"- of:\"")
            return []
        }
        var seen: [String: SourceLocation] = [:]
        return nodes.compactMap { node in
            guard let members = Members(node, "a part of \"results\"", keys: ["of", "schema", "fields"], faults) else {
                return nil
            }
            let kinds = members.required("of", node.place).map(readKinds) ?? []
            for kind in kinds {
                guard let before = seen.updateValue(kind.place, forKey: kind.text) else { continue }
                faults.add(
                    "configuration.repeated-kind", "\"\(kind.text)\" is mapped in line \(before.line ?? 0) too",
                    at: kind.place, length: kind.text.count, hint: "a result becomes one thing; leave one of the two out")
            }
            guard let form = readForm(members, node, of: .result) else { return nil }
            return ResultMapping(kinds: kinds.map(\.text), form: form)
        }
    }

    static let kinds = ["peak", "compound", "well", "region", "gate", "sample"]

    private func readKinds(_ node: YAMLNode) -> [PlacedText] {
        let nodes: [YAMLNode]
        if case .sequence(let elements) = node.content { nodes = elements } else { nodes = [node] }
        if nodes.isEmpty { wrongKind(node, "\"of\" names the kinds of results: \(Self.kinds.joined(separator: ", "))") }
        return nodes.compactMap { node in
            guard let kind = text(node, "\"of\"") else { return nil }
            guard Self.kinds.contains(kind.text) else {
                let near = NearestName.of(kind.text, among: Self.kinds).map { "did you mean \"\($0)\"? " } ?? ""
                faults.add(
                    "configuration.unknown-kind", "there are no results of kind \"\(kind.text)\"", at: kind.place,
                    length: kind.text.count, hint: near + "there are: \(Self.kinds.joined(separator: ", "))")
                return nil
            }
            return kind
        }
    }

    private func readForm(_ node: YAMLNode, _ what: String, of subject: FieldExpression.Subject) -> FormMapping? {
        Members(node, what, keys: ["schema", "fields"], faults).flatMap { readForm($0, node, of: subject) }
    }

    private func readForm(_ members: Members, _ node: YAMLNode, of subject: FieldExpression.Subject) -> FormMapping? {
        let schema = members.text("schema", node.place)
        var fields: [FieldMapping] = []
        if let node = members["fields"], !node.isEmpty {
            if case .mapping(let pairs) = node.content {
                fields = pairs.compactMap { readField($0.key, $0.keyPlace, $0.value, of: subject) }
            } else {
                wrongKind(node, "\"fields\" is a mapping of field names to expressions")
            }
        }
        guard let schema else { return nil }
        return FormMapping(schema: schema.text, schemaPlace: schema.place, fields: fields, place: node.place)
    }

    private func readField(
        _ name: String, _ namePlace: SourceLocation, _ node: YAMLNode, of subject: FieldExpression.Subject
    ) -> FieldMapping? {
        // [a, b] without quotes is a list to YAML; its parts are expressions all the same.
        if case .sequence = node.content {
            faults.add(
                "configuration.wrong-kind", "a list of YAML stands where an expression is wanted", at: node.place,
                hint: "put the whole expression in quotes: '[…, …]'")
            return nil
        }
        guard let written = text(node, "the field \"\(name)\"") else { return nil }
        let (place, isLiteral) = beginning(of: written, node)
        do throws(ExpressionFaults) {
            let expression = try FieldExpression(written.text, of: subject)
            return FieldMapping(
                name: name, namePlace: namePlace, expression: expression, place: place, isLiteral: isLiteral)
        } catch {
            for fault in error.faults {
                var at = place
                if isLiteral, let column = place.column { at.column = column + fault.range.lowerBound }
                faults.add(fault.code, fault.message, at: at, length: isLiteral ? fault.range.count : 1, hint: fault.hint)
            }
            return nil
        }
    }

    /// Where the characters of a scalar begin, if they stand in its line one for one.
    private func beginning(of written: PlacedText, _ node: YAMLNode) -> (SourceLocation, isLiteral: Bool) {
        guard let line = written.place.line, let column = written.place.column else { return (written.place, false) }
        // Marks count scalars, places count characters.
        let scalars = text.line(line).unicodeScalars
        let before = String(String.UnicodeScalarView(scalars.prefix(column - 1)))
        let behind = String(String.UnicodeScalarView(scalars.dropFirst(column - 1 + (node.isQuoted ? 1 : 0))))
        guard behind.hasPrefix(written.text) else { return (written.place, false) }
        var place = written.place
        place.column = before.count + 1 + (node.isQuoted ? 1 : 0)
        return (place, true)
    }

    // MARK: Parts

    private func text(_ node: YAMLNode, _ what: String) -> PlacedText? { PlacedText(node, what, faults) }

    private func wrongKind(_ node: YAMLNode, _ wanted: String) {
        faults.add("configuration.wrong-kind", "\(wanted); found \(node.kind)", at: node.place)
    }
}

/// A text and where it stands.
struct PlacedText {
    let text: String
    let place: SourceLocation

    /// - Returns: `nil`, and a fault, for anything but a text that is not empty.
    init?(_ node: YAMLNode, _ what: String, _ faults: FaultList) {
        guard case .scalar(let text) = node.content, !text.isEmpty else {
            faults.add("configuration.wrong-kind", "\(what) is a text; found \(node.kind)", at: node.place)
            return nil
        }
        self.text = text
        place = node.place
    }
}

/// The members of a mapping by their names, after a look for names that do not belong there.
private struct Members {
    private let what: String
    private let values: [String: YAMLNode]
    private let faults: FaultList
    /// Whether some names do not belong there.
    private(set) var hasFaults = false

    /// - Parameter secrets: Names that would hold a secret, and the right one for each.
    init?(_ node: YAMLNode, _ what: String, keys: [String], secrets: [String: String] = [:], _ faults: FaultList) {
        guard case .mapping(let members) = node.content else {
            faults.add(
                "configuration.wrong-kind", "\(what) is a mapping with \(keys.joined(separator: ", ")); found \(node.kind)",
                at: node.place)
            return nil
        }
        for (key, place, _) in members where !keys.contains(key) {
            hasFaults = true
            if let right = secrets[key] {
                faults.addHidden(
                    "configuration.secret-in-file", "secrets never stand in this file", at: place,
                    hint:
                        "name an environment variable, or a file with mode 600, with \"\(right)\"; if this was a secret, make a new one"
                )
                continue
            }
            let near = NearestName.of(key, among: keys).map { "did you mean \"\($0)\"? " } ?? ""
            let hint = near + "it has: \(keys.joined(separator: ", "))"
            if secrets.isEmpty {
                faults.add(
                    "configuration.unknown-key", "\(what) has no \"\(key)\"", at: place, length: key.count, hint: hint)
            } else {
                // Whatever stands behind it may be one.
                faults.addHidden("configuration.unknown-key", "\(what) has no \"\(key)\"", at: place, hint: hint)
            }
        }
        self.what = what
        self.faults = faults
        values = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    subscript(key: String) -> YAMLNode? { values[key] }

    func required(_ key: String, _ place: SourceLocation) -> YAMLNode? {
        if let node = values[key], !node.isEmpty { return node }
        faults.add("configuration.missing-key", "\(what) needs \"\(key)\"", at: values[key]?.place ?? place)
        return nil
    }

    func text(_ key: String, _ place: SourceLocation) -> PlacedText? {
        required(key, place).flatMap { PlacedText($0, "\"\(key)\"", faults) }
    }
}
