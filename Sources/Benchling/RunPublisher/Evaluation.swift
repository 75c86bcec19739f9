import IngestCore
import RecordReading

/// Works out the value of one field for one record.
struct Evaluation {
    let result: RecordLine?
    let run: RecordLine
    let file: RecordsFile
    let field: CheckedField

    init(result: RecordLine?, run: RecordLine, file: RecordsFile, field: CheckedField) {
        self.result = result
        self.run = run
        self.file = file
        self.field = field
    }

    /// What an alternative comes to.
    enum Outcome {
        case value(PlannedValue)
        /// The record says nothing.
        case nothing
        /// It says something that the field does not hold: a bound, a date whose order is open.
        case unfit(Diagnostic)
        /// It says something that the mapping gets wrong, or that the tenant would refuse.
        case fault(Diagnostic)
    }

    private var definition: FieldDefinition { field.definition }
    private var kind: FieldKind { FieldKind(definition.type) }

    /// Adds the value, or what keeps it from being there.
    mutating func fill(_ mapped: inout MappedFields) {
        switch outcome(field.mapping.expression.root) {
        case .value(let value): mapped.values[definition.name] = value
        case .fault(let diagnostic): mapped.faults.append(diagnostic)
        case .unfit(let diagnostic):
            if definition.isRequired {
                mapped.faults.append(diagnostic)
            } else {
                var omission = diagnostic
                omission.severity = .warning
                mapped.omissions.append(omission)
            }
        case .nothing:
            guard definition.isRequired else { return }
            mapped.faults.append(
                diagnostic(
                    "mapping.no-value", "there is no \(field.mapping.expression.text), and \"\(definition.name)\" is required",
                    hint: "add what stands for it: \(field.mapping.expression.text) or …"))
        }
    }

    /// The first alternative with a value; when none has, the gravest of what kept them from it.
    private func outcome(_ node: ExpressionNode) -> Outcome {
        if case .list(let elements) = node.kind { return list(elements) }
        guard case .alternatives(let nodes) = node.kind else { return single(node) }
        var gravest = Outcome.nothing
        for node in nodes {
            let outcome = outcome(node)
            switch (outcome, gravest) {
            case (.value, _): return outcome
            case (.fault, .nothing), (.fault, .unfit), (.unfit, .nothing): gravest = outcome
            default: break
            }
        }
        return gravest
    }

    private static let noAttachment = "mapping.no-attachment"

    /// Elements without a value are left out, as a part that a bundle lacks; one that is wrong spoils the list.
    private func list(_ elements: [ExpressionNode]) -> Outcome {
        var values: [PlannedValue] = []
        for element in elements {
            switch outcome(element) {
            case .value(.list(let inner)): values += inner
            case .value(let value): values.append(value)
            case .nothing: continue
            case .unfit(let fault) where fault.code == Self.noAttachment: continue
            case let other: return other
            }
        }
        return values.isEmpty ? .nothing : .value(.list(values))
    }

    private func single(_ node: ExpressionNode) -> Outcome {
        switch node.kind {
        case .run: return .value(.run)
        case .blob(let role): return blob(role)
        case .attachment(let name):
            guard let part = file.attachments.first(where: { $0.value["name"]?.string == name }) else {
                let names = file.attachments.compactMap { $0.value["name"]?.string }
                let same = names.first { $0.lowercased() == name.lowercased() }
                let near = (same ?? NearestName.of(name, among: names)).map { "did you mean \"\($0)\"? " } ?? ""
                return .unfit(
                    diagnostic(
                        Self.noAttachment, "there is no attachment \"\(name)\" for \"\(definition.name)\"",
                        hint: near + "there are: \(names.prefix(10).joined(separator: ", "))"))
            }
            return .value(definition.isMulti ? .list([.blob(part.id)]) : .blob(part.id))
        case .entity(let nodes, let ifKnown): return entity(nodes, ifKnown)
        case .converted(let quantity, let unit): return converted(quantity, Unit(unit))
        case .value(let quantity): return number(quantity, unit: nil)
        case .date(let time): return date(time)
        case .datetime(let time): return datetime(time)
        case .json(let inner): return raw(inner).map { .value(.json(asJSON($0))) } ?? .nothing
        case .number(let value): return fitted(.number(value))
        case .truth(let value): return fitted(.bool(value))
        default:
            guard let value = raw(node) else { return .nothing }
            return fitted(value)
        }
    }

    // MARK: Records

    /// What the record has there, as it stands in it; `nil` for nothing and for an empty text.
    private func raw(_ node: ExpressionNode) -> JSONValue? {
        let found: JSONValue?
        switch node.kind {
        case .path(let path): found = path.keys.reduce(base(path.base)) { $0?[$1] }
        case .measurement(let name): found = result?.value["measurements"]?.elements.first { $0["name"]?.string == name }
        case .extra(let heading): found = (result ?? run).value["extras"]?[heading]
        case .method(let role): found = run.value["methods"]?.elements.first { $0["role"]?.string == role }?["name"]
        case .time(let role): found = run.value["times"]?.elements.first { $0["role"]?.string == role }
        case .text(let text): found = .string(text)
        case .written(let inner): found = raw(inner)?["written"]
        case .alternatives(let nodes):
            for node in nodes { if let value = raw(node) { return value } }
            return nil
        default: found = nil
        }
        guard let found, !found.isNull, found.string != "" else { return nil }
        return found
    }

    private func base(_ base: RecordPath.Base) -> JSONValue? {
        switch base {
        case .result: result?.value
        case .run: run.value
        case .source: file.source.value
        case .end: file.end.value
        }
    }

    /// A json field takes objects and lists only.
    private func asJSON(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array, .object: value
        default: ["value": value]
        }
    }

    // MARK: Values

    /// A value in the form its field takes.
    private func fitted(_ value: JSONValue) -> Outcome {
        switch (kind, value) {
        case (.dropdown, .string(let text)): return option(text)
        case (.dropdown, .bool(let truth)): return option(truth ? "true" : "false")
        case (.integer, .number(let number)), (.float, .number(let number)):
            if let problem = NumberRange(definition).problem(number) {
                return .fault(diagnostic("mapping.out-of-range", problem, hint: leftOut))
            }
        case (.text, .number), (.text, .bool): return .value(.json(.string(value.text)))
        case (.text, .string(let text)) where text.utf8.count > FieldKind.longestText:
            return .fault(
                diagnostic(
                    "mapping.too-long",
                    "a text of \(text.utf8.count) bytes for \"\(definition.name)\"; at most \(FieldKind.longestText) are sent",
                    hint: leftOut))
        default: break
        }
        return .value(.json(value))
    }

    private var leftOut: String {
        result == nil
            ? "this run is not published; correct the mapping or the source"
            : "this result is not published, the others are; correct the mapping or the source"
    }

    private func option(_ text: String) -> Outcome {
        if let id = field.options[text] { return .value(.json(.string(id))) }
        return .fault(
            diagnostic(
                "mapping.unknown-option", "\"\(text)\" is no option of \"\(definition.name)\"", hint: field.optionsHint(text)))
    }

    private func converted(_ node: ExpressionNode, _ unit: Unit) -> Outcome { number(node, unit: unit) }

    /// - Parameter unit: `nil` for the number as stated.
    private func number(_ node: ExpressionNode, unit target: Unit?) -> Outcome {
        if case .alternatives(let nodes) = node.kind {
            guard let node = nodes.first(where: { raw($0) != nil }) else { return .nothing }
            return number(node, unit: target)
        }
        guard let quantity = raw(node), let value = quantity["value"]?.number else { return .nothing }
        let written = quantity["written"]?.string ?? ""
        let name = quantity["name"]?.string ?? field.mapping.expression.text
        if let bound = quantity["bound"]?.string {
            return .unfit(
                diagnostic(
                    "mapping.bound",
                    "\(name) is \"\(written)\", a value \(bound) a bound and no number for \"\(definition.name)\"",
                    field: name, hint: "written(\(name)) in a text field keeps it as it stands"))
        }
        guard let target else { return fitted(.number(value)) }
        guard let stated = quantity["unit"]?.string else {
            return .fault(
                diagnostic(
                    "mapping.no-unit", "\(name) \"\(written)\" has no unit, so it cannot be had in \(target.code)",
                    field: name, hint: "the file states none; \"or value(\(name))\" behind it takes the number as it stands"))
        }
        do {
            let number = try UnitConversion(from: Unit(stated), to: target)(value)
            guard number.isFinite else {
                return .fault(
                    diagnostic(
                        "mapping.out-of-range", "\(name) \"\(written)\" is too large in \(target.code)", field: name,
                        hint: leftOut))
            }
            return fitted(.number(number))
        } catch {
            return .fault(
                diagnostic(
                    "mapping.wrong-unit", "\(name) \"\(written)\" is in \(stated), which does not convert to \(target.code)",
                    field: name, hint: "map it in a unit of the same kind, or publish these results to another field"))
        }
    }

    // MARK: Times

    private func date(_ node: ExpressionNode) -> Outcome {
        guard let time = raw(node) else { return .nothing }
        guard let local = time["local"]?.string, local.count >= 10 else { return .unfit(unsettled(time)) }
        return .value(.json(.string(String(local.prefix(10)))))
    }

    private func datetime(_ node: ExpressionNode) -> Outcome {
        guard let time = raw(node) else { return .nothing }
        let written = time["written"]?.string ?? ""
        guard let local = time["local"]?.string else { return .unfit(unsettled(time)) }
        guard let clock = local.split(separator: "T").dropFirst().first else {
            return .unfit(
                diagnostic(
                    "mapping.no-time", "\"\(written)\" has no time of day for \"\(definition.name)\"",
                    hint: "date(…) takes the day alone"))
        }
        guard let offset = time["offset"]?.string else {
            let zone = file.source.value["assumptions"]?["timeZone"]
            if zone?["why"]?.string == "given", let name = zone?["value"]?.string {
                return .unfit(
                    diagnostic(
                        "mapping.no-offset",
                        "\"\(written)\" is an hour that \(name) has twice or not at all, so it is no instant for \"\(definition.name)\"",
                        hint: "where the source can state the offset (+01:00) let it do so; date(…) takes the day alone"))
            }
            return .unfit(
                diagnostic(
                    "mapping.no-offset", "\"\(written)\" names no time zone, so it is no instant for \"\(definition.name)\"",
                    hint: "say which with --time-zone Europe/Berlin when the source is read"))
        }
        let seconds = clock.split(separator: ":").count == 2 ? ":00" : ""
        return .value(.json(.string(local + seconds + offset)))
    }

    private func unsettled(_ time: JSONValue) -> Diagnostic {
        diagnostic(
            "mapping.open-date", "\"\(time["written"]?.string ?? "")\" leaves open which is the day and which the month",
            hint: "say which with --date-order dmy, mdy or ymd when the source is read")
    }

    // MARK: Links

    private func entity(_ nodes: [ExpressionNode], _ ifKnown: Bool) -> Outcome {
        for node in nodes {
            guard let text = raw(node)?.string, !text.allSatisfy(\.isWhitespace) else { continue }
            return .value(
                .entity(
                    EntityWish(
                        text: text, schema: definition.schema, type: definition.linkedEntityType, ifKnown: ifKnown)))
        }
        return .nothing
    }

    private func blob(_ role: String) -> Outcome {
        let all = file.attachments.filter { $0.value["role"]?.string == role }
        if definition.isMulti { return all.isEmpty ? .nothing : .value(.list(all.map { .blob($0.id) })) }
        if all.count <= 1 { return all.first.map { .value(.blob($0.id)) } ?? .nothing }
        // In a bundle, the part where the result stands, or the archive in it that holds that part.
        let member = result?.value["at"]?["member"]?.string
        let here = all.filter { attachment in
            guard let member, let name = attachment.value["name"]?.string else { return false }
            return member == name || member.hasPrefix(name + "/")
        }
        if here.count == 1 { return .value(.blob(here[0].id)) }
        return .fault(
            diagnostic(
                "mapping.several-attachments",
                "there are \(all.count) attachments of role \"\(role)\", and \"\(definition.name)\" takes one",
                hint: "name the one that is meant, such as blob(\"\(all[0].value["name"]?.string ?? "")\"); a field that takes "
                    + "several values holds them all"
            ))
    }

    // MARK: Diagnostics

    /// At the cell of the result, or at the run's file.
    private func diagnostic(_ code: String, _ message: String, field name: String? = nil, hint: String) -> Diagnostic {
        var place = (result ?? run).location(in: file.fileName)
        if let name { place.field = place.field.map { "\($0)/\(name)" } ?? name }
        return Diagnostic(code, message, at: place, hint: hint)
    }
}
