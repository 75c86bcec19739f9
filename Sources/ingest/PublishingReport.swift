import ArgumentParser
import Benchling
import Glibc
import IngestCore
import Publishing
import RecordReading

/// Tells how a publication ended.
enum PublishingReport {
    /// The receipt, on standard output; in a dry run the plan stood there, and a line for people says what it was.
    static func give(_ receipt: Receipt, _ options: PublishingOptions) {
        guard options.publishes else { return }
        Terminal.give(options.json ? receipt.json + "\n" : Terminal.printable(receipt.text) + "\n")
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
        } catch let failure as BenchlingFailure {
            let fault = FailureText.diagnostic(failure, destination: "the destination", at: SourceLocation(file: "ingest.yaml"))
            Terminal.write(DiagnosticRenderer(terminal: terminal).render(fault), to: STDERR_FILENO)
            return failure.kind == .unauthorized ? 78 : 3
        } catch let fault as Diagnostic {
            Terminal.write(DiagnosticRenderer(terminal: terminal).render(fault), to: STDERR_FILENO)
            return 2
        }
    }

    /// A file that was read, and whose destination could not be asked.
    static func outcome(
        _ failure: BenchlingFailure, _ records: RecordsFile, _ destination: DestinationOptions, _ terminal: Terminal
    ) -> FilePublisher.Outcome {
        let name = destination.to ?? "the destination"
        let fault = FailureText.diagnostic(failure, destination: name, at: SourceLocation(file: records.fileName))
        return FilePublisher.Outcome(
            receipt: Receipt(
                file: records.fileName, sha256: records.sha256, destination: name, status: 3, leftOut: records.leftOut),
            told: DiagnosticRenderer(terminal: terminal).render(fault))
    }
}
