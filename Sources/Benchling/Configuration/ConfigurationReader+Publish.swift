import IngestCore

/// The entries of `publish`.
extension ConfigurationReader {
    func readPublish(_ node: YAMLNode) -> [PublishEntry] {
        if node.isEmpty { return [] }
        guard case .sequence(let nodes) = node.content else {
            wrongKind(node, "\"publish\" is a list of entries, each beginning with \"- for:\"")
            return []
        }
        var seen: [String: SourceLocation] = [:]
        var entries: [PublishEntry] = []
        for node in nodes {
            let keys = ["for", "accept-unknown", "element", "run", "results"]
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
            let elements = members["element"].map { readElements($0, for: adapter?.text) } ?? []
            let run = members.required("run", node.place).flatMap { readForm($0, "\"run\"", of: .run) }
            let results = members.required("results", node.place).map(readResults)
            guard let adapter, let run, let results else { continue }
            entries.append(
                PublishEntry(
                    adapter: adapter.text, acceptsUnknown: accepts, elements: elements, run: run, results: results,
                    place: node.place, text: text))
        }
        return entries
    }

    private func readTruth(_ node: YAMLNode) -> Bool {
        if case .scalar(let text) = node.content, !node.isQuoted, text == "true" || text == "false" { return text == "true" }
        wrongKind(node, "this is true or false")
        return false
    }

    /// The adapter that asks for elements.
    private static let readsElements = "xml.table"

    /// One element or several, which are rows of an XML document.
    private func readElements(_ node: YAMLNode, for adapter: String?) -> [String] {
        if let adapter, adapter != Self.readsElements {
            faults.add(
                "configuration.misplaced-element", "\"element\" says what a row is for \(Self.readsElements), not for \(adapter)",
                at: node.place, hint: "leave it out, or make an entry \"- for: \(Self.readsElements)\"")
            return []
        }
        var nodes = [node]
        if case .sequence(let several) = node.content { nodes = several }
        if nodes.isEmpty { wrongKind(node, "\"element\" is the name of an element, or several: [Peak, Result]") }
        return nodes.compactMap { node in
            guard let written = text(node, "\"element\"") else { return nil }
            guard written.text.contains(where: { $0 != "/" && !$0.isWhitespace }) else {
                wrongKind(node, "\"element\" is the name of an element, such as Peak or Peaks/Peak")
                return nil
            }
            return written.text
        }
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
            let (kinds, isChoice) = members.required("of", node.place).map(readKinds) ?? ([], false)
            for kind in kinds {
                guard let before = seen.updateValue(kind.place, forKey: kind.text) else { continue }
                faults.add(
                    "configuration.repeated-kind", "\"\(kind.text)\" is mapped in line \(before.line ?? 0) too",
                    at: kind.place, length: kind.text.count, hint: "a result becomes one thing; leave one of the two out")
            }
            guard let form = readForm(members, node, of: .result) else { return nil }
            return ResultMapping(kinds: kinds.map(\.text), isChoice: isChoice, form: form)
        }
    }

    static let kinds = ["peak", "compound", "well", "region", "gate", "sample"]

    /// A kind, several, or (`peak or compound`) the first of several that a file has.
    private func readKinds(_ node: YAMLNode) -> (kinds: [PlacedText], isChoice: Bool) {
        var words: [PlacedText] = []
        var isChoice = false
        if case .sequence(let elements) = node.content {
            words = elements.compactMap { text($0, "\"of\"") }
            if elements.isEmpty { wrongKind(node, "\"of\" names the kinds of results: \(Self.kinds.joined(separator: ", "))") }
        } else if let written = text(node, "\"of\"") {
            let parts = written.text.split(separator: " or ", omittingEmptySubsequences: false)
            isChoice = parts.count > 1
            words = parts.map { part in
                var word = written
                word.text = String(part)
                if let column = written.place.column, isChoice {
                    word.place.column = column + written.text.distance(from: written.text.startIndex, to: part.startIndex)
                }
                return word
            }
        }
        let kinds = words.compactMap { kind -> PlacedText? in
            guard Self.kinds.contains(kind.text) else {
                let near = NearestName.of(kind.text, among: Self.kinds).map { "did you mean \"\($0)\"? " } ?? ""
                faults.add(
                    "configuration.unknown-kind", "there are no results of kind \"\(kind.text)\"", at: kind.place,
                    length: kind.text.count, hint: near + "there are: \(Self.kinds.joined(separator: ", "))")
                return nil
            }
            return kind
        }
        return (kinds, isChoice)
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
}
