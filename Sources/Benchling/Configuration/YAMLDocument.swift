import IngestCore
import Yams

/// Reads the text of a configuration into ``YAMLNode``s, within bounds: at most 1 MiB, 32 levels, 100 000 parts with
/// those that aliases repeat counted again, and eight anchors.
///
/// Anchors are few because an alias stands for all of what it names: eight of them chained cannot nest deeper than the
/// stack holds. Keys are plain texts; where aliases are used, keys of any other shape are refused before parsing, for
/// comparing keys that repeat each other takes for ever.
enum YAMLDocument {
    static let largest = 1 << 20
    private static let deepest = 32, mostNodes = 100_000, mostAnchors = 8

    /// - Returns: `nil` for a document with nothing in it.
    /// - Throws: One fault for a text that is no YAML: what stands behind it cannot be told.
    static func read(_ text: String, file: String) throws(ConfigurationFaults) -> YAMLNode? {
        let lines = ConfigurationText(file: file, text: text)
        let faults = FaultList(lines)
        if text.utf8.count > largest {
            faults.add(
                "configuration.too-large", "larger than 1 MiB", at: SourceLocation(file: file),
                hint: "this does not look like a configuration")
        }
        checkAliases(text, file, faults)
        try faults.check()
        do {
            guard let root = try compose(yaml: text, .basic) else { return nil }
            var walk = Walk(file: file, faults: faults)
            let node = walk.node(root, depth: 0)
            try faults.check()
            return node
        } catch let fault as ConfigurationFaults {
            throw fault
        } catch {
            add(error, file, faults)
            throw ConfigurationFaults(faults.diagnostics)
        }
    }

    private static func add(_ error: any Error, _ file: String, _ faults: FaultList) {
        func place(_ mark: Mark) -> SourceLocation { SourceLocation(file: file, line: mark.line, column: mark.column) }
        switch error {
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "\"\($0)\"" }.joined(separator: ", ")
            faults.add(
                "configuration.repeated-key", "\(names) \(keys.count == 1 ? "stands" : "stand") twice in one mapping",
                at: place(context.mark), length: keys.first?.count ?? 1, hint: "only one of them can count; remove the others")
        case YamlError.scanner(let context, let problem, let mark, _), YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let about = context.map { " (\($0.text))" } ?? ""
            faults.add("configuration.not-yaml", "this is no YAML: \(problem)\(about)", at: place(mark), hint: yamlHint)
        case YamlError.reader(let problem, _, _, _):
            faults.add("configuration.not-yaml", "this is no YAML: \(problem)", at: SourceLocation(file: file), hint: yamlHint)
        default:
            faults.add("configuration.not-yaml", "this is no YAML", at: SourceLocation(file: file), hint: yamlHint)
        }
    }

    private static let yamlHint = "a text with : # [ ] { } \" or ' in it may have to stand in quotes; blanks indent, tabs do not"

    /// Refuses what could make the parser work without end. Quoted texts are looked at like the rest, and comments too where
    /// they might be part of one; a file without anchors and aliases is never refused here.
    private static func checkAliases(_ text: String, _ file: String, _ faults: FaultList) {
        var anchors = 0
        var hasAliases = false
        var keyPlace: SourceLocation?
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let marks = LineMarks(line)
            anchors += marks.anchors
            hasAliases = hasAliases || marks.hasAlias
            if let column = marks.oddKey, keyPlace == nil {
                keyPlace = SourceLocation(file: file, line: index + 1, column: column)
            }
        }
        guard hasAliases, anchors > 0 else { return }
        if anchors > mostAnchors {
            faults.add(
                "configuration.too-many-anchors", "\(anchors) anchors (&name); at most \(mostAnchors) are read",
                at: SourceLocation(file: file), hint: "write out what the aliases stand for")
        }
        if let keyPlace {
            faults.add(
                "configuration.odd-key", "a key that is no plain text, in a file with aliases (*name)", at: keyPlace,
                hint: "keys are plain texts; a text that only looks like one can be reworded")
        }
    }

    /// Copies what the parser made, and stops at the bounds.
    private struct Walk {
        let file: String
        let faults: FaultList
        private var nodes = 0

        init(file: String, faults: FaultList) {
            self.file = file
            self.faults = faults
        }

        mutating func node(_ node: Node, depth: Int) -> YAMLNode {
            let place = SourceLocation(file: file, line: node.mark?.line, column: node.mark?.column)
            nodes += 1
            if depth > deepest || nodes > mostNodes {
                if nodes <= mostNodes || nodes == mostNodes + 1 {
                    let what = depth > deepest ? "nested more than \(deepest) levels deep" : "more than \(mostNodes) parts"
                    faults.add(
                        "configuration.too-large", what, at: place, hint: "this does not look like a configuration")
                }
                return YAMLNode(content: .scalar(""), place: place, isQuoted: false)
            }
            switch node {
            case .scalar(let scalar):
                let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
                return YAMLNode(content: .scalar(scalar.string), place: place, isQuoted: isQuoted)
            case .sequence(let sequence):
                var elements: [YAMLNode] = []
                for element in sequence where nodes <= mostNodes { elements.append(self.node(element, depth: depth + 1)) }
                return YAMLNode(content: .sequence(elements), place: place, isQuoted: false)
            case .mapping(let mapping):
                var members: [(key: String, keyPlace: SourceLocation, value: YAMLNode)] = []
                for (key, value) in mapping where nodes <= mostNodes {
                    let keyNode = self.node(key, depth: depth + 1)
                    guard case .scalar(let name) = keyNode.content else {
                        faults.add(
                            "configuration.odd-key", "a key is a plain text, not \(keyNode.kind)", at: keyNode.place)
                        continue
                    }
                    members.append((name, keyNode.place, self.node(value, depth: depth + 1)))
                }
                return YAMLNode(content: .mapping(members), place: place, isQuoted: false)
            case .alias:
                // The parser puts in place what an alias names.
                return YAMLNode(content: .scalar(""), place: place, isQuoted: false)
            }
        }
    }
}

/// What of a line looks like an anchor, an alias, or a key that is no plain text.
private struct LineMarks {
    var anchors = 0
    var hasAlias = false
    /// From 1.
    var oddKey: Int?

    init(_ line: Substring) {
        let characters = Array(LineMarks.withoutComment(line))
        var before: Character = " "
        for (index, character) in characters.enumerated() {
            let following = index + 1 < characters.count ? characters[index + 1] : " "
            let begins = " \t[{,:-?".contains(before)
            let isNamed = following.isLetter || following.isNumber || following == "_" || following == "-"
            switch character {
            case "&" where begins && isNamed: anchors += 1
            case "*" where begins && isNamed:
                hasAlias = true
                let rest = characters[(index + 1)...].drop { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
                if rest.drop(while: { $0 == " " || $0 == "\t" }).first == ":" { oddKey = oddKey ?? index + 1 }
            case "?" where begins && (following == " " || following == "\t"): oddKey = oddKey ?? index + 1
            case "]", "}":
                let rest = characters[(index + 1)...].drop { $0 == " " || $0 == "\t" }
                if rest.first == ":" { oddKey = oddKey ?? index + 1 }
            default: break
            }
            before = character
        }
    }

    /// A line that begins with `#` is a comment or the inside of a text, and so is what follows a blank and `#` where no quote
    /// stands that could end a text begun before.
    private static func withoutComment(_ line: Substring) -> Substring {
        if line.first(where: { $0 != " " && $0 != "\t" }) == "#" { return "" }
        guard let comment = line.firstRange(of: " #"), !line.contains(where: { $0 == "\"" || $0 == "'" }) else { return line }
        return line[..<comment.lowerBound]
    }
}
