import IngestCore

/// What may belong into a field, judged by its type and its name.
struct FieldGuess {
    /// Fits the field's definition; `nil` where nothing in records can.
    private(set) var expression: String?
    /// Whether the name left no doubt.
    private(set) var isCertain = false
    private let words: [String]

    init(_ field: FieldDefinition, _ subject: FieldExpression.Subject, run: AssaySchema?, dropdowns: [String: Dropdown]) {
        words = field.name.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
        let inResult = subject == .result
        switch FieldKind(field.type) {
        case .text: text(field, inResult)
        case .integer, .float: number(field, inResult)
        case .boolean: if field.isRequired { expression = "false" }
        case .date, .datetime:
            let function = field.type == "date" ? "date" : "datetime"
            expression = inResult ? "\(function)(injection.acquired)" : "\(function)(time(started) or time(processed))"
            isCertain = inResult && (words.contains("acquired") || words.contains("injected") || words.contains("run"))
        case .dropdown: dropdown(field, dropdowns)
        case .json: if field.isRequired { expression = inResult ? "extras" : "run.extras" }
        case .entity:
            guard inResult || field.isRequired else { break }
            expression = inResult ? "entity(sample.id, sample.name)\(field.isRequired ? "" : " if known")" : "entity(run.name)"
            isCertain = inResult && words.contains("sample")
        case .run:
            guard let run, field.schema == nil || field.schema == run.id else { break }
            (expression, isCertain) = ("$run", true)
        case .blob:
            (expression, isCertain) = ("blob(source)", true)
        case .other: if field.isRequired { expression = "\"CHECK\"" }
        }
        // A role of attachments is a list already.
        if field.isMulti, let one = expression, one != "blob(source)" { expression = "[\(one)]" }
    }

    private mutating func text(_ field: FieldDefinition, _ inResult: Bool) {
        let known: [(Set<String>, String, inRun: Bool)] = [
            (["analyte", "compound"], "analyte.name", false), (["batch", "lot"], "sample.batch", false),
            (["barcode"], "sample.barcode", false), (["sample"], "sample.name or sample.id", false),
            (["vial", "position", "well"], "position.written", false), (["signal", "detector"], "signal.name", false),
            (["instrument"], "run.instrument.name or run.instrument.model", true),
            (["method"], "method(acquisition) or method(processing)", true), (["sequence"], "run.sequence", true),
            (["operator", "analyst"], "run.operator", true), (["sha256", "digest", "checksum", "hash"], "file.sha256", true),
            (["file"], "file.name", true), (["software"], "run.software.name", true),
        ]
        if let fit = known.first(where: { !$0.0.isDisjoint(with: words) && ($0.inRun || inResult) }) {
            (expression, isCertain) = (fit.1, true)
        } else if field.isRequired {
            expression = FieldGuess.heading(field).map { "extra(\"\($0)\")" } ?? "file.name"
        }
    }

    private mutating func number(_ field: FieldDefinition, _ inResult: Bool) {
        if inResult, let name = measurement() {
            let unit = MeasurementDimensions.units(of: name)?.first
            expression = unit.map { "\(name) in \($0)" } ?? "value(\(name))"
        } else if field.isRequired {
            let heading = inResult ? FieldGuess.heading(field) : nil
            expression = heading.map { "value(measurement(\"\($0)\"))" } ?? FieldGuess.literal(field)
        }
    }

    /// `peak_retention_time` is `retentionTime`.
    private func measurement() -> String? {
        var words = words
        if words.first == "peak" { words.removeFirst() }
        guard let first = words.first else { return nil }
        let name = first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return MeasurementName(rawValue: name == "ph" ? "pH" : name)?.rawValue
    }

    /// A number within the field's range.
    private static func literal(_ field: FieldDefinition) -> String? {
        let range = NumberRange(field)
        let candidates = [0, field.minimum?.rounded(.up), field.maximum?.rounded(.down), field.minimum].compactMap(\.self)
        return candidates.first { range.problem($0) == nil }.map { JSONValue.number($0).text }
    }

    private mutating func dropdown(_ field: FieldDefinition, _ dropdowns: [String: Dropdown]) {
        guard let dropdown = field.dropdown.flatMap({ dropdowns[$0] }) else { return }
        let live = dropdown.options.filter { !$0.isArchived }.map(\.name)
        guard field.isRequired, let option = live.first(where: FieldGuess.isSimple) else { return }
        expression = "\"\(option)\""
    }

    /// The field's title as the heading of a column that may have it.
    private static func heading(_ field: FieldDefinition) -> String? {
        let title = field.displayName ?? field.name
        return isSimple(title) ? title : nil
    }

    private static func isSimple(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || " _-().%/".contains($0)) }
    }
}
