import IngestCore

/// Turns diagnostics into text for people: the place, the line with the fault underlined, what to do. Many alike are
/// shown once or twice and counted.
struct DiagnosticRenderer {
    let terminal: Terminal
    /// How many of one code are shown in full. Of what is left out each reason is a fault of its own, and named.
    static func shownAlike(_ code: String) -> Int { code == LeftOutResults.code ? 100 : 3 }

    func render(_ diagnostics: [Diagnostic], further: Int = 0) -> String {
        let told = diagnostics.filter { diagnostic in
            switch diagnostic.severity {
            case .error: true
            case .warning: !terminal.quiet
            case .note: terminal.verbose
            }
        }
        var text = ""
        var groups: [String: Int] = [:]
        for diagnostic in told {
            groups[diagnostic.code, default: 0] += 1
            if terminal.verbose || groups[diagnostic.code]! <= Self.shownAlike(diagnostic.code) { text += render(diagnostic) }
        }
        if !terminal.verbose {
            for (code, count) in groups.sorted(by: { $0.key < $1.key }) where count > Self.shownAlike(code) {
                let more = count - Self.shownAlike(code)
                let lines = told.filter { $0.code == code }.suffix(more).compactMap(\.location.line)
                let shown = lines.prefix(8).map(String.init).joined(separator: ", ") + (lines.count > 8 ? ", …" : "")
                text +=
                    "and \(more) more [\(code)]\(shown.isEmpty ? "" : " in line\(lines.count == 1 ? "" : "s") \(shown)"); --verbose shows them\n"
            }
        }
        if further > 0 { text += "and \(further) more that were only counted\n" }
        return text
    }

    func render(_ diagnostic: Diagnostic) -> String {
        let style: Terminal.Style =
            diagnostic.severity == .error ? .red : diagnostic.severity == .warning ? .yellow : .blue
        var text =
            terminal.styled("\(printable(diagnostic.location.description)):", .bold) + " "
            + terminal.styled("\(diagnostic.severity.rawValue):", style) + " \(printable(diagnostic.message)) "
            + terminal.styled("[\(diagnostic.code)]", .dim) + "\n"
        if let excerpt = diagnostic.excerpt, let line = diagnostic.location.line {
            let number = String(repeating: " ", count: max(0, 6 - "\(line)".count)) + "\(line)"
            let gutter = String(repeating: " ", count: number.count)
            text += terminal.styled("\(number) │ ", .dim) + printable(excerpt.text) + "\n"
            text += terminal.styled("\(gutter) │ ", .dim) + String(repeating: " ", count: excerpt.start)
            text += terminal.styled(String(repeating: "^", count: excerpt.length), style) + "\n"
        }
        if let hint = diagnostic.hint { text += "  \(printable(hint))\n" }
        return text
    }

    private func printable(_ text: String) -> String { Terminal.printable(text) }
}
