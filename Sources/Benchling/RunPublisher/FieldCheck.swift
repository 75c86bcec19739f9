import IngestCore

/// Compares the expression of one field with the field's definition.
struct FieldCheck {
    let field: CheckedField
    let runSchema: AssaySchema?
    let faults: FaultList

    private var definition: FieldDefinition { field.definition }
    private var kind: FieldKind { FieldKind(definition.type) }
    private var title: String { "the field \"\(definition.name)\" (\(definition.type))" }

    func check() {
        for node in field.mapping.expression.root.alternatives {
            if case .list(let elements) = node.kind {
                guard definition.isMulti else {
                    fault("benchling.wrong-type", "\(title) takes one value, not a list", node, "leave out the brackets")
                    continue
                }
                for element in elements { for part in element.alternatives { check(part) } }
            } else {
                check(node)
                // A role may have several attachments, and so is a list of its own.
                if definition.isMulti, node.type != .blob {
                    fault(
                        "benchling.wrong-type", "\(title) takes a list", node,
                        "put it in brackets: '[\(field.mapping.expression.text)]'")
                }
            }
        }
    }

    private func check(_ node: ExpressionNode) {
        guard kind.takes.contains(node.type) else {
            fault("benchling.wrong-type", "\(title) cannot hold \(node.type.rawValue)", node, hint(node))
            return
        }
        switch node.kind {
        case .converted(let quantity, let unit): checkUnit(quantity, Unit(unit), node)
        case .number(let value): checkNumber(value, node)
        case .text(let text): checkText(text, node)
        case .truth where kind == .dropdown: checkText(node.kind == .truth(true) ? "true" : "false", node)
        case .path, .method, .extra, .written: checkOther(node)
        case .run:
            if let wanted = definition.schema, let runSchema, runSchema.id != wanted {
                fault(
                    "benchling.wrong-link",
                    "\(title) links to runs of schema \(wanted), and $run is one of \"\(runSchema.name)\" (\(runSchema.id))",
                    node, "map the run to the schema that is wanted, or this result to another")
            }
        default: break
        }
    }

    /// Both cures for a measurement without a unit to convert to, by the words the person used.
    private func hint(_ node: ExpressionNode) -> String {
        let written = field.mapping.expression.text
        switch (node.type, kind) {
        case (.quantity, .float), (.quantity, .integer):
            return
                "write \"\(written) in UNIT\" to have it converted (\(exampleUnit(node))), or \"value(\(written))\" for the number as stated, whatever its unit"
        case (.quantity, .text): return "write written(\(written)) for the text of the cell"
        case (.quantity, .json), (.time, .json): return "write json(\(written))"
        case (.time, .date): return "write date(\(written))"
        case (.time, .datetime): return "write datetime(\(written))"
        case (.time, .text): return "write written(\(written)), or date(\(written))"
        default: return "it takes \(kind.cure)"
        }
    }

    private func exampleUnit(_ node: ExpressionNode) -> String {
        if case .measurement(let name) = node.kind, let unit = MeasurementDimensions.units(of: name)?.first {
            return "\(name) in \(unit)"
        }
        return "such as \"in {mAU}.s\""
    }

    private func checkUnit(_ quantity: ExpressionNode, _ unit: Unit, _ node: ExpressionNode) {
        let name: String
        switch quantity.kind {
        case .measurement(let measurement): name = measurement
        case .path(let path): name = path.written
        default: return
        }
        guard let units = MeasurementDimensions.units(of: name), !MeasurementDimensions.fits(name, unit) else { return }
        fault(
            "benchling.wrong-unit", "\"\(name)\" is never in \(unit.code)", node,
            "it can be in \(units.joined(separator: ", ")), or what converts to \(units.count == 1 ? "it" : "one of them")")
    }

    private func checkNumber(_ value: Double, _ node: ExpressionNode) {
        guard kind == .integer || kind == .float else { return }
        if let problem = NumberRange(definition).problem(value) { fault("benchling.out-of-range", problem, node, nil) }
    }

    private func checkText(_ text: String, _ node: ExpressionNode) {
        switch kind {
        case .dropdown:
            guard field.options[text] == nil else { return }
            fault("benchling.unknown-option", "\"\(text)\" is no option of \(title)", node, field.optionsHint(text))
        case .date where !DateText.isDate(text):
            fault("benchling.wrong-type", "\"\(text)\" is no date", node, "write it like \"2024-03-01\"")
        case .datetime where !DateText.isInstant(text):
            fault(
                "benchling.wrong-type", "\"\(text)\" is no time with an offset", node,
                "write it like \"2024-03-01T09:14:00+01:00\"")
        case .text where text.utf8.count > FieldKind.longestText:
            fault("benchling.too-long", "a text of \(text.utf8.count) bytes", node, "at most \(FieldKind.longestText) are sent")
        default: break
        }
    }

    /// Where only literals fit.
    private func checkOther(_ node: ExpressionNode) {
        switch kind {
        case .other: fault("benchling.wrong-type", "\(title) is not filled from records", node, "it takes \(kind.cure)")
        case .date, .datetime:
            fault("benchling.wrong-type", "\(title) is not read from a text", node, "it takes \(kind.cure)")
        default: break
        }
    }

    private func fault(_ code: String, _ message: String, _ node: ExpressionNode, _ hint: String?) {
        faults.add(
            code, message, at: field.mapping.place(of: node.range.lowerBound),
            length: field.mapping.isLiteral ? node.range.count : 1, hint: hint)
    }
}

extension CheckedField {
    /// The nearest option and the others.
    func optionsHint(_ text: String) -> String {
        let names = options.keys.sorted()
        let alike = names.first { $0.lowercased() == text.lowercased() } ?? NearestName.of(text, among: names)
        let near = alike.map { "did you mean \"\($0)\"? " } ?? ""
        let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", … (\(names.count))" : "")
        return near + (names.isEmpty ? "it has no live options" : "there are: \(shown)")
    }
}

/// The numbers a field takes.
struct NumberRange {
    private let definition: FieldDefinition
    init(_ definition: FieldDefinition) { self.definition = definition }

    /// In words; `nil` when the number fits.
    func problem(_ value: Double) -> String? {
        let number = JSONValue.number(value).text
        if definition.type == "integer", Int(exactly: value) == nil || value.magnitude >= 0x1p53 {
            return "\(number) is no whole number, which the field \"\(definition.name)\" takes"
        }
        if let minimum = definition.minimum, value < minimum {
            return "\(number) is below \(JSONValue.number(minimum).text), the least the field \"\(definition.name)\" takes"
        }
        if let maximum = definition.maximum, value > maximum {
            return "\(number) is above \(JSONValue.number(maximum).text), the most the field \"\(definition.name)\" takes"
        }
        return nil
    }
}

/// Texts that are dates as the API takes them.
enum DateText {
    /// `2024-03-01`, a day of the calendar.
    static func isDate(_ text: String) -> Bool {
        guard text.utf8.count == 10, let time = Timestamp(text), let local = time.local else { return false }
        return local.hour == nil && local.description == text
    }

    /// RFC 3339 with seconds and an offset.
    static func isInstant(_ text: String) -> Bool {
        guard text.utf8.count >= 20, let time = Timestamp(text), let local = time.local, local.second != nil else { return false }
        let behind = text.dropFirst(local.description.count)
        return text.hasPrefix(local.description) && (behind == "Z" || behind == time.offsetText ?? "-")
    }
}
