import IngestCore

/// Reads a ``FieldExpression`` from left to right.
///
/// To whoever adds a function: give it a case in `call`, its type in ``ExpressionNode/type``, its value in `Evaluation`,
/// and a line in the grammar above ``FieldExpression``.
struct ExpressionParser {
    let characters: [Character]
    private let subject: FieldExpression.Subject
    var index = 0
    private var depth = 0
    /// Levels of parentheses and brackets that are read.
    private static let deepest = 16

    init(_ text: String, _ subject: FieldExpression.Subject) {
        characters = Array(text)
        self.subject = subject
    }

    mutating func whole() throws(ExpressionFaults) -> ExpressionNode {
        let node = try alternatives()
        guard index == characters.count else {
            throw fault(
                "expression.rest", "\"\(rest())\" cannot follow here", index..<characters.count,
                "several alternatives are joined by \"or\"")
        }
        return node
    }

    private mutating func alternatives() throws(ExpressionFaults) -> ExpressionNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw fault("expression.too-deep", "nested more than \(Self.deepest) levels deep", index..<index + 1)
        }
        skipBlanks()
        let start = index
        var nodes = [try alternative()]
        while takeWord("or") { nodes.append(try alternative()) }
        return nodes.count == 1
            ? nodes[0] : ExpressionNode(kind: .alternatives(nodes), range: start..<nodes.last!.range.upperBound)
    }

    private mutating func alternative() throws(ExpressionFaults) -> ExpressionNode {
        let node = try primary()
        guard takeWord("in") else { return node }
        guard node.type == .quantity else {
            throw fault(
                "expression.no-quantity", "\(node.type.rawValue) has no unit to convert from", node.range,
                "\"in\" follows a measurement: retentionTime in min")
        }
        let (unit, range) = takeUnit()
        guard !unit.isEmpty else {
            throw fault(
                "expression.no-unit", "a unit is wanted behind \"in\"", index..<index + 1,
                "write it in UCUM: min, {mAU}.s, umol/L")
        }
        do {
            _ = try Unit(unit).quantityDimension()
        } catch {
            let near = Unit(spelling: unit).map { "write it in UCUM: \($0.code)" }
            throw fault(
                "expression.unknown-unit", "\"\(unit)\" is no unit that is known", range,
                near ?? "units are written in UCUM: min, {mAU}.s, umol/L, %")
        }
        skipBlanks()
        return ExpressionNode(kind: .converted(node, to: unit), range: node.range.lowerBound..<range.upperBound)
    }

    private mutating func primary() throws(ExpressionFaults) -> ExpressionNode {
        skipBlanks()
        let start = index
        guard let first = next else {
            throw fault(
                "expression.missing", "a value is wanted here", index..<index + 1,
                "a path like sample.name, a measurement, a text in quotes or a number")
        }
        if first == "[" { return try list() }
        if first == "\"" || first == "'" {
            let text = try quoted()
            return node(.text(text), start)
        }
        if first.isASCII, first.isNumber || first == "-" || first == "+" { return try number() }
        if first == "$" {
            index += 1
            let name = takeName()
            guard name == "run" else {
                throw fault(
                    "expression.unknown-name", "there is no \"$\(name)\"", start..<index,
                    "$run is the run that this result belongs to")
            }
            guard subject == .result else {
                throw fault("expression.run-in-run", "a run has no run", start..<index, "$run belongs to the fields of results")
            }
            return node(.run, start)
        }
        let name = takeName()
        guard !name.isEmpty else {
            throw fault(
                "expression.odd-character", "\"\(first)\" cannot stand here", start..<start + 1, "a literal text stands in quotes"
            )
        }
        if next == "(" {
            index += 1
            return try call(name, start)
        }
        return try named(name, start)
    }

    private mutating func list() throws(ExpressionFaults) -> ExpressionNode {
        let start = index
        index += 1
        skipBlanks()
        var nodes: [ExpressionNode] = []
        if take("]") { return node(.list([]), start) }
        repeat {
            let element = try alternatives()
            guard element.type != .list else { throw fault("expression.list-in-list", "a list stands in a list", element.range) }
            nodes.append(element)
            skipBlanks()
        } while take(",")
        try close("]", start)
        return node(.list(nodes), start)
    }

    private func named(_ name: String, _ start: Int) throws(ExpressionFaults) -> ExpressionNode {
        if name == "true" || name == "false" { return node(.truth(name == "true"), start) }
        if let path = RecordPath(name) {
            guard subject == .result || path.base != .result else {
                throw fault(
                    "expression.result-in-run", "\"\(name)\" belongs to a result, and these are the fields of a run",
                    start..<index, "paths of a run begin with \"run.\"")
            }
            return node(.path(path), start)
        }
        if MeasurementName(rawValue: name) != nil {
            try checkMeasurement(start)
            return node(.measurement(name), start)
        }
        let measured = subject == .result ? MeasurementName.allCases.map(\.rawValue) : []
        let near = NearestName.of(name, among: RecordPath.names(for: subject) + measured)
        let family = name.split(separator: ".").first.map { $0 + "." } ?? ""
        let alike = RecordPath.names(for: subject).filter { name.contains(".") && $0.hasPrefix(family) }
        let known = alike.isEmpty ? "a literal text stands in quotes" : "there are: \(alike.joined(separator: ", "))"
        throw fault(
            "expression.unknown-name", "records have no \"\(name)\"", start..<index,
            (near.map { "did you mean \"\($0)\"? " } ?? "") + known)
    }

    private func checkMeasurement(_ start: Int) throws(ExpressionFaults) {
        guard subject == .result else {
            throw fault(
                "expression.result-in-run", "a run has no measurements", start..<index,
                "measurements belong to the fields of results")
        }
    }

    // MARK: Functions

    private static let functions = [
        "value", "written", "date", "datetime", "extra", "measurement", "method", "time", "json", "blob", "entity",
    ]

    private mutating func call(_ name: String, _ start: Int) throws(ExpressionFaults) -> ExpressionNode {
        switch name {
        case "value": return try one(start, [.quantity], "a measurement") { .value($0) }
        case "written": return try one(start, [.quantity, .time], "a measurement or a time") { .written($0) }
        case "date": return try one(start, [.time], "a time, such as injection.acquired") { .date($0) }
        case "datetime": return try one(start, [.time], "a time, such as injection.acquired") { .datetime($0) }
        case "json": return try one(start, [.json, .quantity, .time, .text, .number], "a path or a measurement") { .json($0) }
        case "extra":
            let name = try argument(start)
            return node(.extra(name), start)
        case "measurement":
            let name = try argument(start)
            try checkMeasurement(start)
            return node(.measurement(name), start)
        case "method":
            let name = try word(["acquisition", "processing", "report"], start)
            return node(.method(name), start)
        case "time":
            let name = try word(["started", "finished", "processed", "reported"], start)
            return node(.time(name), start)
        case "blob":
            skipBlanks()
            if next == "\"" || next == "'" { return node(.attachment(try argument(start)), start) }
            let name = try word(["source", "image", "report", "trace"], start)
            return node(.blob(name), start)
        case "entity": return try entity(start)
        default:
            let near = NearestName.of(name, among: Self.functions).map { "did you mean \"\($0)\"? " } ?? ""
            throw fault(
                "expression.unknown-function", "there is no function \"\(name)\"", start..<start + name.count,
                near + "there are: \(Self.functions.joined(separator: ", "))")
        }
    }

    private mutating func one(
        _ start: Int, _ types: Set<ExpressionType>, _ wanted: String, _ make: (ExpressionNode) -> ExpressionNode.Kind
    ) throws(ExpressionFaults) -> ExpressionNode {
        let inner = try alternatives()
        guard inner.alternatives.allSatisfy({ types.contains($0.type) }) else {
            throw fault(
                "expression.wrong-argument", "\(inner.type.rawValue) cannot stand here", inner.range, "here stands \(wanted)")
        }
        try close(")", start)
        return node(make(inner), start)
    }

    private mutating func argument(_ start: Int) throws(ExpressionFaults) -> String {
        skipBlanks()
        guard next == "\"" || next == "'" else {
            throw fault("expression.wrong-argument", "a heading in quotes is wanted", index..<index + 1)
        }
        let text = try quoted()
        try close(")", start)
        return text
    }

    private mutating func word(_ words: [String], _ start: Int) throws(ExpressionFaults) -> String {
        skipBlanks()
        let begin = index
        let word = takeName()
        guard words.contains(word) else {
            let near = NearestName.of(word, among: words).map { "did you mean \"\($0)\"? " } ?? ""
            throw fault(
                "expression.wrong-argument", "\"\(word)\" cannot stand here", begin..<max(index, begin + 1),
                near + "there are: \(words.joined(separator: ", "))")
        }
        try close(")", start)
        return word
    }

    private mutating func entity(_ start: Int) throws(ExpressionFaults) -> ExpressionNode {
        var nodes: [ExpressionNode] = []
        repeat {
            let element = try alternatives()
            guard element.alternatives.allSatisfy({ $0.type == .text }) else {
                throw fault(
                    "expression.wrong-argument", "\(element.type.rawValue) names no entity", element.range,
                    "here stands a text, such as sample.name")
            }
            nodes.append(element)
            skipBlanks()
        } while take(",")
        try close(")", start)
        var ifKnown = false
        let behind = index
        if takeWord("if") {
            guard takeWord("known") else {
                throw fault("expression.rest", "\"known\" is wanted behind \"if\"", index..<index + 1)
            }
            ifKnown = true
        } else {
            index = behind
        }
        return node(.entity(nodes, ifKnown: ifKnown), start)
    }
}
