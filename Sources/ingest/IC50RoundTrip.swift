import Benchling
import DoseResponse
import Foundation
import Glibc
import IC50Analysis
import IngestCore
import IngestPipeline
import InstrumentAdapters

/// The Benchling Analysis round trip of `ingest ic50`: its input data frame is fitted, the table and the page are attached.
struct IC50RoundTrip: Sendable {
    let command: IC50Command
    let input: IC50Input
    let settings: AnalysisSettings
    let dataset: DatasetOptions
    let terminal: Terminal

    func run() async throws -> Int32 {
        let trip = AnalysisRoundTrip(command.analysisOptions, terminal, tool: "ic50", version: 1)
        let unanswered = Unanswered()
        let status = try await trip.run(fits: { self.misfit($0) }, analyze: { try await self.analyze($0, unanswered) })
        return status == 0 && command.strict && unanswered.found ? 1 : status
    }

    /// Why a data frame is no table of doses and responses; `nil` when it is one.
    private func misfit(_ frame: DataFrame) -> String? {
        func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
        let header = frame.columns.map { quoted($0.name) }.joined(separator: ",")
        let rows = [("1.5", "a"), ("2.5", "b"), ("20", "c")].map { number, text in
            frame.columns.map { ["Int", "Float"].contains($0.type) ? number : text }.joined(separator: ",")
        }
        let opening = SourceOpening(
            name: frame.name, bytes: Array(([header] + rows).joined(separator: "\n").utf8) + [10])
        if let named = command.columns.named { return named.missing(in: opening) }
        let adapters = AdapterRoster.all.filter { $0.identity.family == "plate" }
        return adapters.contains { $0.recognize(opening) != .no } ? nil : "it has no column of doses beside one of responses"
    }

    private func analyze(_ frame: FetchedFrame, _ unanswered: Unanswered) async throws -> AnalysisOutputs {
        guard let read = try await input.read([frame.path]) else {
            throw Diagnostic(
                "ic50.unusable-frame", "the data frame \"\(frame.name)\" cannot be fitted, for the reasons above",
                at: SourceLocation(file: frame.id), hint: "nothing was attached")
        }
        let source = IC50Report.Provenance.Input(
            name: "data frame \(frame.name) (\(frame.id))", sha256: frame.sha256, bytes: frame.bytes,
            readBy: read.inputs.first?.readBy ?? "")
        let described = settings.described(dataset)
        let report = await IC50Analysis.report(
            on: read.dataset, settings,
            provenance: IC50Report.Provenance(inputs: [source], ingestVersion: Ingest.version, settings: described))
        unanswered.note(report)
        if !command.analysisOptions.json, !command.analysisOptions.dryRun { command.give(report, terminal) }
        try await command.write(report, terminal)
        let folder = try ScratchFolder()
        let target = try IC50Folder(folder.path)
        _ = try target.write("ic50.csv", Array(IC50Table(report).csv(likeExample: command.likeExample).utf8))
        _ = try target.write("ic50.html", IC50Page(report).html())
        return AnalysisOutputs(
            settings: described.map { "\($0.name)=\($0.value)" }.joined(separator: "\n"),
            dataFrames: [AnalysisOutput(name: "IC50", fileName: "ic50.csv", path: folder.path + "/ic50.csv")],
            files: [AnalysisOutput(name: "IC50 curves", fileName: "ic50.html", path: folder.path + "/ic50.html")],
            keeping: folder)
    }

    /// Whether a curve was refused: for `--strict`.
    private final class Unanswered: @unchecked Sendable {
        // Set by the one analysis and read after it.
        private(set) var found = false
        func note(_ report: IC50Report) { found = report.curves.contains { $0.verdict.grade == .refused } }
    }
}

/// A folder of its own that goes away with the object.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(base)/ingest-ic50.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Diagnostic(
                "output.cannot-be-made", "no folder for the outputs can be made: \(String(cString: strerror(errno)))",
                at: SourceLocation(file: base), hint: "make room there, or set TMPDIR to another place")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        // What cannot be removed is a few files in the folder for such files.
        try? FileManager.default.removeItem(atPath: path)
    }
}
