import ArgumentParser
import Benchling
import Glibc
import IngestCore
import Publishing
import RecordReading

/// Tells how a publication ended.
enum PublishingReport {
    /// The receipt, on standard output. Where nothing was to be sent the plan stood there, and a line for people says so.
    /// - Parameter asks: Whether the plan has questions.
    static func give(_ receipt: Receipt, _ options: PublishingOptions, _ terminal: Terminal, asks: Bool) {
        guard !options.publishes else {
            return Terminal.give((options.json ? receipt.json : receipt.text) + "\n")
        }
        guard !terminal.quiet, receipt.status != 2, receipt.status != 3 else { return }
        guard receipt.status != 4 else {
            let there = "\(RunReport.counted(receipt.skipped, "result")) there already"
            return terminal.tell(Terminal.printable("\(receipt.file) to \(receipt.destination): nothing to do, \(there)"))
        }
        var parts = ["\(RunReport.counted(receipt.created, "result")) would be made"]
        if receipt.skipped > 0 { parts.append("\(receipt.skipped) there already") }
        if receipt.leftOut > 0 { parts.append("\(receipt.leftOut) left out") }
        let next =
            (options.plan.map { "ingest publish --plan \($0) carries out this plan" }
                ?? "the same command without --dry-run publishes") + (asks ? ", and asks first (--yes agrees)" : "")
        let text = "\(receipt.file) to \(receipt.destination): \(parts.joined(separator: ", ")); nothing was sent; \(next)"
        terminal.tell(Terminal.printable(text))
    }
}

/// Failures that are about the destination, not about one file.
enum PublishingFailure {
    /// Runs the work of a command; tells what is wrong with configuration or credentials.
    /// - Returns: What the work gives; 78 for wrong configuration, 3 when the destination cannot be reached.
    static func told(_ terminal: Terminal, _ work: () async throws -> Int32) async throws -> Int32 {
        do {
            return try await work()
        } catch let faults as ConfigurationFaults {
            Terminal.write(DiagnosticRenderer(terminal: terminal).render(faults.diagnostics), to: STDERR_FILENO)
            return 78
        } catch let failure as DestinationFailure {
            Terminal.write(DiagnosticRenderer(terminal: terminal).render(failure.diagnostic()), to: STDERR_FILENO)
            return failure.status
        } catch let fault as Diagnostic {
            Terminal.write(DiagnosticRenderer(terminal: terminal).render(fault), to: STDERR_FILENO)
            return 2
        } catch let fault where !(fault is CancellationError || fault is ExitCode || fault is ValidationError) {
            let shown = internalFault(fault, at: SourceLocation(file: "ingest"))
            Terminal.write(DiagnosticRenderer(terminal: terminal).render(shown), to: STDERR_FILENO)
            return 2
        }
    }

    /// Something that nobody expected, which a status of 1 would pass off as a row left out.
    static func internalFault(_ fault: any Error, at place: SourceLocation) -> Diagnostic {
        Diagnostic(
            "ingest.internal", "\(fault)", at: place,
            hint: "this is a fault of ingest, not of the file; please report it; what is done is recorded")
    }

    /// A file that was read, and whose destination could not be asked.
    static func outcome(_ failure: DestinationFailure, _ records: RecordsFile, _ terminal: Terminal) -> FilePublisher.Outcome {
        let fault = failure.diagnostic(at: SourceLocation(file: records.fileName))
        return FilePublisher.Outcome(
            receipt: Receipt(
                file: records.fileName, sha256: records.sha256, destination: failure.destination, status: Int(failure.status),
                leftOut: records.leftOut),
            told: DiagnosticRenderer(terminal: terminal).render(fault))
    }
}
