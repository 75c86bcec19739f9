import DoseResponse
import Foundation
import Glibc
import IC50Analysis
import IngestCore
import IngestPipeline
import InstrumentAdapters
import RecordReading

/// Reads the inputs of an analysis: records files as they are, any other file through the adapters.
struct IC50Input: Sendable {
    let run: IngestRun
    let columns: ColumnOptions
    let options: DatasetOptions
    let terminal: Terminal
    /// The plate of the dispenser's report that was measured, where it is named by hand.
    var plate: String?

    struct Read: Sendable {
        var dataset: DoseResponseDataset
        var inputs: [IC50Report.Provenance.Input]
        /// How plates were joined, and what the reading of their files warned of: for the provenance.
        var notes: [IC50Report.Provenance.Setting]
        /// Some of the inputs could not be used.
        var failed: Bool
    }

    /// Each input succeeds or fails for itself; readings and the doses dispensed for them are one.
    /// - Returns: `nil` when nothing can be fitted; why was told.
    func read(_ paths: [String]) async throws -> Read? {
        var files: [IC50Files.File] = []
        for path in paths {
            do {
                if let file = try await read(path) { files.append(file) }
            } catch let fault as Diagnostic {
                Terminal.write(renderer.render(fault), to: STDERR_FILENO)
            }
        }
        var parts: [(file: String, dataset: DoseResponseDataset)] = []
        var used: Set<String> = []
        for part in try IC50Files(files: files, options: options, plate: plate).datasets() {
            Terminal.write(renderer.render(part.dataset.diagnostics), to: STDERR_FILENO)
            guard !part.dataset.isRefused else { continue }
            used.formUnion(part.files.map(\.input.sha256))
            parts.append((part.files.map(\.input.name).joined(separator: " + "), part.dataset))
        }
        let whole = DoseResponseDataset.together(parts)
        Terminal.write(renderer.render(whole.diagnostics), to: STDERR_FILENO)
        guard !whole.isRefused else { return nil }
        tell(whole)
        // In the order in which they were named.
        let read = files.filter { used.contains($0.input.sha256) }
        let notes = whole.remarks.map { IC50Report.Provenance.Setting("plates", $0) }
        let warnings = notes.isEmpty ? [] : read.flatMap { file in file.warnings.map { "\(file.input.name): \($0)" } }
        return Read(
            dataset: whole, inputs: read.map(\.input), notes: notes + warnings.map { .init("warning", $0) },
            failed: read.count < paths.count)
    }

    private var renderer: DiagnosticRenderer { DiagnosticRenderer(terminal: terminal) }

    /// What was not fitted, in a line each.
    private func tell(_ dataset: DoseResponseDataset) {
        guard !terminal.quiet else { return }
        for remark in dataset.remarks { terminal.tell(Terminal.printable(remark)) }
        let dropped = dataset.curves.reduce(0) { $0 + $1.rowsDropped }
        func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
        if dropped > 0 {
            terminal.tell(
                counted(
                    dropped, "cell without a usable dose or response is part of no curve",
                    "cells without a usable dose or response are part of no curve")
                    + "; rows_dropped counts them for each")
        }
        if dataset.boundedCells > 0 {
            terminal.tell(counted(dataset.boundedCells, "cell was taken at its bound", "cells were taken at their bounds"))
        }
        if dataset.controlWells > 0, options.controls == nil {
            terminal.tell(
                counted(dataset.controlWells, "control well is", "control wells are")
                    + " part of no curve; --normalize LOW,HIGH makes use of them")
        }
    }

    private func read(_ path: String) async throws -> IC50Files.File? {
        let sink = WellSink(options)
        if path != "-", RecordsFile.begins(at: path) { return try readRecords(path, into: sink) }
        let opened = try SourceOpener.open(path)
        sink.begin(file: opened.name, responses: columns.named?.headings(in: opened.opening)?.responses)
        if let fault = columns.named?.missing(in: opened.opening) {
            throw Diagnostic(
                "ic50.no-such-column", fault, at: SourceLocation(file: opened.name),
                hint: "name the columns as the file has them; nothing of it was fitted")
        }
        let account = ReadingAccount()
        let outcome = try await Progress(terminal).reading(opened.name, bytes: { opened.size }, account: account) {
            try await run.read(opened, into: sink, account: account)
        }
        Terminal.write(renderer.render(outcome.diagnostics, further: outcome.furtherDiagnostics), to: STDERR_FILENO)
        guard let end = outcome.end, let source = outcome.source else { return nil }
        guard end.completeness.verdict != .no else {
            terminal.tell(
                "\(Terminal.printable(opened.name)): the file is incomplete (\(end.completeness.why)); nothing of it was fitted")
            return nil
        }
        return file(
            IC50Report.Provenance.Input(
                name: source.file.name, sha256: source.file.sha256, bytes: source.file.bytes,
                readBy: "\(source.adapter.name), version \(source.adapter.version)"), sink, outcome.diagnostics,
            leftOut: end.leftOut, traces: end.traces)
    }

    private func file(
        _ input: IC50Report.Provenance.Input, _ sink: WellSink, _ told: [Diagnostic], leftOut: Int, traces: Int
    ) -> IC50Files.File {
        IC50Files.File(
            input: input, dataset: sink.finish(leftOut: leftOut, traces: traces), readings: sink.readings, doses: sink.doses,
            leftOut: leftOut, warnings: told.filter { $0.severity == .warning }.map(\.message))
    }

    private func readRecords(_ path: String, into sink: WellSink) throws -> IC50Files.File? {
        let records = try RecordsFile(path: path)
        guard records.adapterName != IC50Records.adapter.name else {
            throw Diagnostic(
                "ic50.already-results", "these records are the results of an analysis", at: SourceLocation(file: path),
                hint: "ingest publish sends them; name the table that they were made from to fit it again")
        }
        guard records.complete != .no else {
            terminal.tell(
                "\(Terminal.printable(path)): the file that was read is incomplete (\(records.why)); nothing of it was fitted")
            return nil
        }
        Terminal.write(renderer.render(records.warnings), to: STDERR_FILENO)
        sink.begin(file: records.fileName)
        let results = try records.results()
        while let line = try results.next() { try sink.add(ObservedWell(line, file: records.fileName)) }
        return file(
            IC50Report.Provenance.Input(
                name: records.fileName, sha256: records.sha256, bytes: records.bytes,
                readBy: "\(records.adapterName), version \(records.adapterVersion)"), sink, records.warnings,
            leftOut: records.leftOut, traces: records.traceCount)
    }
}
