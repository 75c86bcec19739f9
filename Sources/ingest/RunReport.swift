import IngestCore
import IngestPipeline

/// What a person is shown of one file.
struct RunReport: Sendable {
    let status: Int32
    /// For standard output: what was found, and the first results.
    let shown: String
    /// For standard error: the faults.
    let told: String
    /// The one line that sums the file up.
    let line: String
    /// The receipt of `--json`.
    let json: String

    init(_ name: String, _ outcome: IngestRun.Outcome, _ summary: SummarySink.Summary, _ terminal: Terminal) {
        status = outcome.status
        told = DiagnosticRenderer(terminal: terminal).render(outcome.diagnostics, further: outcome.furtherDiagnostics)
        line = RunReport.line(name, outcome)
        json = RunReport.json(name, outcome)
        shown = outcome.end == nil ? "" : RunReport.text(name, outcome, summary, terminal.outputWidth)
    }

    /// `run7.csv: lc.table, 12 results, 1 row left out, completeness unknown`.
    static func line(_ name: String, _ outcome: IngestRun.Outcome) -> String {
        guard let end = outcome.end, let source = outcome.source else {
            let errors = outcome.diagnostics.filter { $0.severity == .error }.count
            return "\(Terminal.printable(name)): nothing usable, \(counted(errors, "error"))"
        }
        var parts = ["\(source.adapter.name)", counted(end.results, "result")]
        if end.traces > 0 { parts.append(counted(end.traces, "trace") + " of \(counted(end.points, "point"))") }
        if end.leftOut > 0 { parts.append(counted(end.leftOut, "row") + " left out") }
        switch end.completeness.verdict {
        case .yes: parts.append("complete")
        case .no: parts.append("NOT COMPLETE, nothing of it should be used")
        case .unknown: parts.append("completeness unknown")
        }
        return "\(Terminal.printable(name)): " + parts.joined(separator: ", ")
    }

    static func counted(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }

    // MARK: The text

    private static func text(
        _ name: String, _ outcome: IngestRun.Outcome, _ summary: SummarySink.Summary, _ width: Int?
    ) -> String {
        guard let end = outcome.end, let source = outcome.source else { return "" }
        var rows: [(String, String)] = [
            ("format", "\(source.adapter.name), \(source.format)"),
            ("because", source.recognized),
        ]
        if let other = outcome.detection?.runnerUp {
            rows.append(("runner-up", "\(other.adapter.identity.name), \(other.because)"))
        }
        for run in summary.runs.prefix(3) { rows.append(("run", describe(run))) }
        if summary.runCount > 3 { rows.append(("", "and \(summary.runCount - 3) more runs")) }
        let atLeast = summary.isOpenEnded ? "at least " : ""
        var found: [String] = []
        if summary.injections > 0 { found.append(atLeast + counted(summary.injections, "injection")) }
        if summary.samples > 0 { found.append(atLeast + counted(summary.samples, "sample")) }
        found.append(counted(end.results, "result"))
        if end.traces > 0 { found.append(counted(end.traces, "trace") + " of \(counted(end.points, "point"))") }
        rows.append(("found", found.joined(separator: ", ")))
        rows.append(("left out", end.leftOut == 0 ? "nothing" : leftOut(end.leftOut, outcome.diagnostics)))
        let coverage = end.coverage
        rows.append(
            (
                "cells",
                "\(coverage.values): \(coverage.measured) measured, \(coverage.described) described, "
                    + "\(coverage.extras) kept as extras, \(coverage.ignored) ignored by rule, \(coverage.leftOut) left out"
            ))
        rows.append(("complete", "\(end.completeness.verdict.rawValue): \(end.completeness.why)"))
        for (what, choice) in [
            ("decimals", source.assumptions.decimalMark), ("dates", source.assumptions.dateOrder),
            ("zone", source.assumptions.timeZone),
        ] {
            guard let choice, choice.value != nil || choice.why != "no date depends on it" else { continue }
            let cure = what == "dates" && choice.why.hasPrefix("no date like") ? "; say which with --date-order dmy or mdy" : ""
            rows.append((what, (choice.value.map { $0 + ", " } ?? "open: ") + choice.why + cure))
        }
        let lines = rows.map { "  " + $0.0.padded(to: 10) + " " + printable($0.1) }.joined(separator: "\n")
        return "\(Terminal.printable(name))\n\(lines)\n\n" + ResultPreview.table(summary.first, of: end.results, width: width)
            + ResultPreview.traces(summary.traces, of: end.traces)
    }

    private static func leftOut(_ count: Int, _ diagnostics: [Diagnostic]) -> String {
        var codes: [String: Int] = [:]
        for diagnostic in diagnostics where diagnostic.severity == .error { codes[diagnostic.code, default: 0] += 1 }
        let reasons = codes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(4).map { "\($0.value) \($0.key)" }
        return counted(count, "row") + ": " + reasons.joined(separator: ", ")
    }

    private static func describe(_ run: RunRecord) -> String {
        var parts = [run.name ?? run.sequence ?? run.id]
        if let instrument = run.instrument { parts += [instrument.vendor, instrument.model, instrument.name].compactMap { $0 } }
        if let software = run.software {
            parts.append([software.name, software.version].compactMap { $0 }.joined(separator: " "))
        }
        if let method = run.methods.first { parts.append("method \(method.name)") }
        return parts.joined(separator: " · ")
    }

    static func printable(_ text: String) -> String { Terminal.printable(text, instead: " ") }

    // MARK: The receipt

    private static func json(_ name: String, _ outcome: IngestRun.Outcome) -> String {
        let buffer = LineBuffer(capacity: 1024)
        buffer.raw("{\"file\":")
        buffer.string(name)
        if let source = outcome.source {
            buffer.raw(",\"sha256\":")
            buffer.string(source.file.sha256)
        }
        buffer.raw(",\"destination\":\"none\",\"status\":")
        buffer.integer(Int(outcome.status))
        buffer.raw(",\"runs\":[],\"results\":[],\"blobs\":[],\"created\":0,\"skipped\":0,\"leftOut\":")
        buffer.integer(outcome.end?.leftOut ?? 0)
        buffer.raw("}")
        return String(decoding: buffer.bytes, as: UTF8.self)
    }
}

extension String {
    /// Blanks behind, up to a width in characters.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}
