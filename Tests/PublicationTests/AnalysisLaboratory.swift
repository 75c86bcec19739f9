import Benchling
import BenchlingSandbox
import Foundation
import IngestCore
import Publishing

/// The round trip of an analysis: its input is fetched, and a table and a page that follow from it are attached.
extension Laboratory {
    /// What is to come of an input under certain settings.
    struct Evaluation: Sendable {
        var settings = "LL.4"
        /// The data frame to take; `nil` for the one that has a column `Concentration`.
        var frame: String?
        /// What is uploaded as the table; `nil` for a sound one.
        var table: String?
        /// More pages beside the usual one.
        var morePages = 0

        func table(of input: String) -> String {
            table ?? "cell,hours,fit_function,IC50\nMortality,24,\(settings),\(input.utf8.count)\n"
        }

        func page(of input: String, _ number: Int = 0) -> String {
            "<!DOCTYPE html><title>IC50 \(number)</title><p>\(settings), \(input.utf8.count) bytes"
        }
    }

    static func fits(_ frame: DataFrame) -> String? {
        frame.columns.contains { $0.name == "Concentration" } ? nil : "it has no column Concentration"
    }

    /// As the command does it.
    /// - Returns: The status: 0 done, 3 unfinished, 4 nothing to do, 2 refused.
    /// - Throws: ``Mortality/Death``, and what the command would not know how to tell.
    func analyze(_ evaluation: Evaluation = Evaluation(), _ command: Command = Command()) async throws -> Int {
        do {
            return try await evaluate(evaluation, command).status
        } catch let stopped as PublishingStopped {
            note(stopped.diagnostics.map { "\($0.code): \($0.message)" }.joined(separator: "; "))
            return stopped.isUnfinished ? 3 : 2
        } catch let failure as BenchlingFailure {
            note(failure.description)
            return failure.kind == .refused || failure.kind == .notFound ? 2 : 3
        } catch let fault as Diagnostic {
            note("\(fault.code): \(fault.message)")
            return 2
        }
    }

    func evaluate(_ evaluation: Evaluation, _ command: Command = Command(), isDryRun: Bool = false) async throws -> Receipt {
        let ledger = MortalLedger(base: try ledger(), mortality: command.mortality)
        let key = try StepKey(sandbox.credentials.analysisStepKey)
        let tenant = try AnalysisTenant(
            key, client: try client(command), identity: identity, destination: "proof")
        let frame = try await AnalysisInput(key, tenant: tenant, ledger: ledger).fetch(evaluation.frame, fits: Self.fits)
        let input = try String(contentsOfFile: frame.path, encoding: .utf8)
        var outputs = [AnalysisOutput(name: "IC50", fileName: "ic50.csv", path: folder + "/\(UUID().uuidString).csv")]
        try Data(evaluation.table(of: input).utf8).write(to: URL(fileURLWithPath: outputs[0].path))
        for number in 0...evaluation.morePages {
            let name = number == 0 ? "IC50 plot" : "IC50 plot \(number)"
            outputs.append(AnalysisOutput(name: name, fileName: "ic50.html", path: folder + "/\(UUID().uuidString).html"))
            try Data(evaluation.page(of: input, number).utf8).write(to: URL(fileURLWithPath: outputs[number + 1].path))
        }
        let hold = try await ledger.hold(tenant: tenant.identity, sha256: frame.sha256) { _ in }
        defer { hold.release() }
        let publisher = AnalysisPublisher(
            tenant: tenant, ledger: ledger,
            settings: AnalysisPublisher.Settings(tool: "proof", toolVersion: 1, ingestVersion: "proof"))
        let plan = try await publisher.plan(
            AnalysisPublisher.Input(
                frame, settings: evaluation.settings, dataFrames: [outputs[0]], files: Array(outputs.dropFirst())))
        planned(plan.lines)
        if isDryRun {
            return Receipt(file: plan.frame, sha256: plan.sha256, destination: "proof", status: plan.isNothingToDo ? 4 : 0)
        }
        return try await publisher.carryOut(plan, ledger: ledger)
    }

    private func planned(_ lines: [String]) { note("plan: " + lines.joined(separator: " / ")) }

    /// What stands of the analysis, or was begun; the newest.
    func evaluation() throws -> Publication? {
        try ledger().publications(PublicationQuery(tenant: identity, subject: .analysis(sandbox.analysisID)))
            .first { $0.state == .done || $0.state == .open }
    }

    /// - Returns: 0 done, 3 unfinished, 4 nothing to do.
    func undoAnalysis(_ command: Command = Command()) async throws -> Int {
        guard let publication = try evaluation() else { return 4 }
        let ledger = MortalLedger(base: try ledger(), mortality: command.mortality)
        do {
            _ = try await AnalysisUndo(tenant: try await tenant(command), ledger: ledger).take(
                back: publication, reason: "Made in error")
            return 0
        } catch let failure as BenchlingFailure {
            note(failure.description)
            return 3
        }
    }
}

extension Findings {
    /// - Parameter pages: How many files are to be attached and live, each once, with as many tables as there were evaluations.
    init(analysis sandbox: Sandbox, tables: Int = 1, pages: Int = 1) throws {
        self.init()
        let attached = try sandbox.attachments()
        let frames = attached.filter { $0.fileName == nil }
        let files = attached.filter { $0.fileName != nil && !$0.isArchived }
        let (strays, lost) = try sandbox.unattached()
        losses = max(0, tables - frames.count) + max(0, pages - files.count) + attached.count { $0.content.isEmpty }
        duplicates =
            max(0, frames.count - tables) + max(0, files.count - pages) + (attached.count - Set(attached.map(\.name)).count)
        orphans = strays.count
        unreachable = lost.count
    }

    init(analysis laboratory: Laboratory, closed: Bool = true, tables: Int = 1, pages: Int = 1) throws {
        try self.init(analysis: laboratory.sandbox, tables: tables, pages: pages)
        if closed { orphans += try Findings.unclosed(try laboratory.evaluation(), try laboratory.ledger()) }
    }
}
