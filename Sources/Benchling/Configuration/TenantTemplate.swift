import IngestCore

/// The text of an `ingest.yaml` to begin with, made from the schemas of a tenant: what `ingest init` writes.
///
/// It reads and checks without faults against the same schemas. What had to be guessed says `CHECK`, and fields nobody
/// has to fill stand as comments where nothing could be guessed.
public enum TenantTemplate {
    /// - Parameters:
    ///   - credentials: The value of `credentials:` in one line, such as `{key-from: BENCHLING_API_KEY}`.
    ///   - family: What the mapping is for: `lc`.
    ///   - run: A live run schema.
    ///   - results: Live result schemas; the first is for peaks and compounds, the next for wells, samples, regions and gates.
    ///   - dropdowns: By id, of all these schemas.
    ///   - otherRuns: Names of run schemas that could have been meant as well.
    ///   - otherResults: Names of result schemas that could have been meant as well.
    public static func yaml(
        destination: String, url: String, credentials: String, project: String, registry: String?, family: String = "lc",
        run: AssaySchema, results: [AssaySchema], dropdowns: [String: Dropdown],
        otherRuns: [String] = [], otherResults: [String] = []
    ) -> String {
        var lines = [
            "# Where results go, and what becomes of them. \"ingest doctor\" checks all of it against the tenant.",
            "# Secrets never stand here: name an environment variable, or a file with mode 600.",
            "destinations:",
            "  \(YAMLText(destination)):",
            "    url: \(YAMLText(url))",
            "    credentials: \(credentials)",
            "    project: \(YAMLText(project))  # by name or id; without one, only the app itself would see what it makes",
            registry.map { "    registry: \(YAMLText($0))  # where samples are looked up" }
                ?? "    # registry: NAME  # where samples are looked up",
        ]
        let parts = [["peak", "compound"], ["well"], ["sample"], ["region"], ["gate"]]
        let mapped = zip(parts, results).map { FormText(kinds: $0, $1, run: run, dropdowns: dropdowns, others: otherResults) }
        let runText = FormText(run: run, dropdowns: dropdowns, others: otherRuns)
        let usable = mapped.filter { $0.obstacle == nil }
        let isPublishable = runText.obstacle == nil && !usable.isEmpty
        var entry = ["publish:", "  - for: \(YAMLText(family))  # a family or a format: ingest adapters"]
        // The one adapter that asks for it.
        if family == "xml.table" {
            entry.append("    element: Peak  # CHECK: the element that is a row, as ingest read names it")
        }
        entry += [
            "    # accept-unknown: true  # files that cannot prove that they are whole, without --accept-unknown", "    run:",
        ]
        entry += runText.lines + ["    results:"]
        for form in mapped { entry += form.obstacle == nil ? form.lines : form.lines.map(commented) }
        lines += isPublishable ? entry : entry.map(commented)
        for form in [runText] + mapped where form.obstacle != nil { lines.append("# \(form.obstacle!)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func commented(_ line: String) -> String { "# " + line }
}

/// The lines of one form.
private struct FormText {
    var lines: [String] = []
    /// Why nothing can be made by this schema from records.
    var obstacle: String?

    init(run: AssaySchema, dropdowns: [String: Dropdown], others: [String]) {
        append("schema: \(YAMLText(run.id))", FormText.about(run, others), "      ")
        lines.append("      fields:")
        fill(run, .run, run: nil, dropdowns, indent: "        ")
    }

    init(kinds: [String], _ schema: AssaySchema, run: AssaySchema, dropdowns: [String: Dropdown], others: [String]) {
        let isChoice = kinds.count > 1
        lines = ["      - of: \(kinds.joined(separator: " or "))" + (isChoice ? "  # the first of these that a file has" : "")]
        append("schema: \(YAMLText(schema.id))", FormText.about(schema, others), "        ")
        lines.append("        fields:")
        fill(schema, .result, run: run, dropdowns, indent: "          ")
    }

    private static func about(_ schema: AssaySchema, _ others: [String]) -> String {
        let more = others.count > 8 ? ", … (\(others.count))" : ""
        let choice = others.isEmpty ? "" : "; CHECK, there are also \(others.prefix(8).joined(separator: ", "))\(more)"
        return YAMLText.comment(schema.name + choice)
    }

    private mutating func fill(
        _ schema: AssaySchema, _ subject: FieldExpression.Subject, run: AssaySchema?, _ dropdowns: [String: Dropdown],
        indent: String
    ) {
        var seen: Set<String> = []
        for field in schema.fields where !field.isArchived && seen.insert(field.name).inserted {
            let guess = FieldGuess(field, subject, run: run, dropdowns: dropdowns)
            let about = FormText.about(field, dropdowns)
            if let expression = guess.expression {
                let check = guess.isCertain ? "" : "CHECK, "
                append("\(YAMLText(field.name)): \(YAMLText(expression))", check + about, indent)
            } else if field.isRequired {
                obstacle =
                    "\"\(YAMLText.comment(schema.name))\" requires \"\(YAMLText.comment(field.name))\" (\(YAMLText.comment(field.type))), which records cannot fill"
                lines.append("\(indent)# \(YAMLText.comment(field.name)): required, and nothing in records fits; \(about)")
            } else {
                lines.append("\(indent)# \(YAMLText.comment(field.name)):  # \(about)")
            }
        }
    }

    /// A line with its comment; above it where quotes could be taken for its end.
    private mutating func append(_ line: String, _ comment: String, _ indent: String) {
        if (line + comment).contains(where: { $0 == "\"" || $0 == "'" }) {
            lines += [indent + "# " + comment, indent + line]
        } else {
            lines.append(indent + line + "  # " + comment)
        }
    }

    /// `float, required, at least 0, at most 14`
    private static func about(_ field: FieldDefinition, _ dropdowns: [String: Dropdown]) -> String {
        var parts = [field.isMulti ? "list of \(field.type)" : field.type]
        if field.isRequired { parts.append("required") }
        if let minimum = field.minimum { parts.append("at least \(JSONValue.number(minimum).text)") }
        if let maximum = field.maximum { parts.append("at most \(JSONValue.number(maximum).text)") }
        if let options = field.dropdown.flatMap({ dropdowns[$0] })?.options.filter({ !$0.isArchived }) {
            let names = options.prefix(8).map(\.name).joined(separator: " | ")
            parts.append("one of: \(names)" + (options.count > 8 ? " | … (\(options.count))" : ""))
        }
        if let name = field.displayName, name != field.name { parts.append("shown as \(name)") }
        return YAMLText.comment(parts.joined(separator: ", "))
    }
}

/// A text as a scalar of YAML that reads back the same.
struct YAMLText: CustomStringConvertible {
    let description: String

    init(_ text: String) {
        let isPlain =
            text.first.map { $0.isASCII && ($0.isLetter || $0 == "$") } == true && text.last != " "
            && text.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 && $0.value < 0x7F }
            && !text.contains(": ") && !text.hasSuffix(":") && !text.contains(" #")
        description = isPlain ? text : YAMLText.quoted(text)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case _ where isPrintable(scalar): quoted.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return quoted + "\""
    }

    /// A text in one line that can stand behind `#`.
    static func comment(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isPrintable($0) ? $0 : " " }))
    }

    /// What YAML lets stand as it is, without line ends of any kind.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
