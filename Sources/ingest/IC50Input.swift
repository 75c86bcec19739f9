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

    struct Read: Sendable {
        var dataset: DoseResponseDataset
        var inputs: [IC50Report.Provenance.Input]
    }

    /// - Returns: `nil` when something stands in the way; it was told.
    func read(_ paths: [String]) async throws -> Read? {
        let sink = WellSink(options)
        var inputs: [IC50Report.Provenance.Input] = []
        var leftOut = 0
        for path in paths {
            guard let (input, missing) = try await read(path, into: sink) else { return nil }
            inputs.append(input)
            leftOut += missing
        }
        let dataset = sink.finish(leftOut: leftOut)
        let renderer = DiagnosticRenderer(terminal: terminal)
        Terminal.write(renderer.render(dataset.diagnostics), to: STDERR_FILENO)
        guard !dataset.isRefused else { return nil }
        if dataset.controlWells > 0, options.controls == nil, !terminal.quiet {
            terminal.tell("\(dataset.controlWells) control wells are part of no curve; --normalize LOW,HIGH makes use of them")
        }
        return Read(dataset: dataset, inputs: inputs)
    }

    private func read(_ path: String, into sink: WellSink) async throws -> (IC50Report.Provenance.Input, Int)? {
        if path != "-", Self.isRecords(path) { return try readRecords(path, into: sink) }
        let opened = try SourceOpener.open(path)
        sink.begin(file: opened.name, responses: columns.named?.headings(in: opened.opening)?.responses)
        if let fault = columns.named?.missing(in: opened.opening) {
            throw Diagnostic(
                "ic50.no-such-column", fault, at: SourceLocation(file: opened.name),
                hint: "name the columns as the file has them; nothing was fitted")
        }
        let account = ReadingAccount()
        let outcome = try await Progress(terminal).reading(opened.name, bytes: { opened.size }, account: account) {
            try await run.read(opened, into: sink, account: account)
        }
        let renderer = DiagnosticRenderer(terminal: terminal)
        Terminal.write(renderer.render(outcome.diagnostics, further: outcome.furtherDiagnostics), to: STDERR_FILENO)
        guard let end = outcome.end, let source = outcome.source else { return nil }
        guard end.completeness.verdict != .no else {
            terminal.tell("\(opened.name): the file is incomplete (\(end.completeness.why)); nothing was fitted")
            return nil
        }
        return (
            IC50Report.Provenance.Input(
                name: source.file.name, sha256: source.file.sha256, bytes: source.file.bytes,
                readBy: "\(source.adapter.name), version \(source.adapter.version)"), end.leftOut
        )
    }

    /// Records begin with their source line.
    private static func isRecords(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }  // Only read: nothing is lost.
        let head = (try? handle.read(upToCount: 17)) ?? Data()  // What cannot be read is told when it is opened for good.
        return head == Data(#"{"type":"source","#.utf8)
    }

    private func readRecords(_ path: String, into sink: WellSink) throws -> (IC50Report.Provenance.Input, Int)? {
        let records = try RecordsFile(path: path)
        guard records.complete != .no else {
            terminal.tell("\(path): the file that was read is incomplete (\(records.why)); nothing was fitted")
            return nil
        }
        sink.begin(file: records.fileName)
        let results = try records.results()
        while let line = try results.next() { try sink.add(ObservedWell(line, file: records.fileName)) }
        return (
            IC50Report.Provenance.Input(
                name: records.fileName, sha256: records.sha256, bytes: records.bytes,
                readBy: "\(records.adapterName), version \(records.adapterVersion)"), records.leftOut
        )
    }
}

/// Sorts results into curves as they are read.
final class WellSink: RecordSink {
    private var builder: DatasetBuilder

    init(_ options: DatasetOptions) { builder = DatasetBuilder(options) }

    func begin(file: String, responses: [String]? = nil) { builder.begin(file: file, responses: responses) }
    func add(_ well: ObservedWell) throws { try builder.add(well) }
    func finish(leftOut: Int) -> DoseResponseDataset { builder.finish(leftOut: leftOut) }

    func write(_ record: Record) async throws {
        if case .result(let result) = record { try add(ObservedWell(result)) }
    }

    func take(_ result: borrowing ResultRecord) throws -> Bool {
        try add(ObservedWell(result))
        return true
    }

    func finish() async throws {}
}
